package portfolio

import (
	"context"
	"maps"
	"slices"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// UndoDays is for how many days after it was applied a batch can be undone.
const UndoDays = 30

// Undone is what an undo did, or would do.
type Undone struct {
	At          int64  // microseconds UTC; 0 if it would
	By          string // name of the person; empty at the command line
	Restored    int    // values put back
	Kept        int    // values and assignments left, since somebody changed them later
	Withdrawn   int    // projects
	WithWork    int    // of those, with other work on them
	Assignments int    // taken back
}

// undoChunk is how many projects an undo reads at once.
const undoChunk = 500

// UndoBatchIn takes back what a batch did, within the unit of the one who
// decided that it may: its statements are retracted, never deleted, and what
// somebody else stated later stays. A batch is undone once.
func (s *Service) UndoBatchIn(ctx context.Context, tx *work.Tx, batch string) (u Undone, err error) {
	if batch == "" {
		return u, errs.Missing("change")
	}
	if err := notUndone(ctx, tx, batch); err != nil {
		return u, err
	}
	u.At = sqldb.Micros(tx.Now)
	ids, err := projectsOf(ctx, tx, batch)
	if err != nil {
		return u, err
	}
	flags, err := flagsWithout(ctx, tx, batch)
	if err != nil {
		return u, err
	}
	ids = append(ids, slices.Collect(maps.Keys(flags))...)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	taking := &undoing{tx: tx, batch: batch, undone: &u, flags: flags}
	for some := range slices.Chunk(ids, undoChunk) {
		if err := taking.projects(ctx, some); err != nil {
			return u, err
		}
	}
	if err := taking.end(ctx); err != nil {
		return u, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO batch_undone (batch, person_id, undone_at, restored, kept, withdrawn, with_work, assignments) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		batch, tx.Who.Person, u.At, u.Restored, u.Kept, u.Withdrawn, u.WithWork, u.Assignments)
	return u, err
}

func notUndone(ctx context.Context, q sqldb.Querier, batch string) error {
	var n int
	if err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM batch_undone WHERE batch = $1`, batch).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return errs.New(errs.Conflict, "This was undone already. To have it back, bring it in again.")
	}
	return nil
}

// CheckUndoable refuses what is older than UndoDays.
func CheckUndoable(applied clock.Day, today clock.Day) error {
	if today > LastUndo(applied) {
		return errs.New(errs.Conflict, "This can no longer be undone: it was applied more than %d days ago.", UndoDays)
	}
	return nil
}

// LastUndo is the last day on which something applied on a day can be undone.
func LastUndo(applied clock.Day) clock.Day { return clock.AddDays(applied, UndoDays) }

func withdrawnKey(f Facts) string { return fold.Sort(f.Text(Name)) + "\n" + fold.Sort(f.Text(OrgUnit)) }

func (t *touched) unmark(ctx context.Context, tx *work.Tx, e batchEffect) (left bool, err error) {
	if t.withdrawnAt != 0 {
		return true, nil
	}
	if err := touch(ctx, tx, t.id); err != nil {
		return false, err
	}
	res, err := tx.ExecContext(ctx, `UPDATE project SET confidential = $1, version = version + 1 WHERE id = $2 AND confidential = $3`, e.was == "yes", t.id, e.became == "yes")
	if err != nil {
		return false, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return true, err
	}
	tx.Record(ProjectMarked{Project: t.id, Confidential: e.was == "yes"})
	return false, moveNode(ctx, tx, t.id)
}

func removeAssignment(ctx context.Context, tx *work.Tx, a Assignment) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM assignment WHERE id = $1`, a.ID); err != nil {
		return err
	}
	tx.Record(assigned(a, VerbAssignmentGone))
	return authz.DropGrant(ctx, tx, a.ID)
}
