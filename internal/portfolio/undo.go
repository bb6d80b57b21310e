package portfolio

import (
	"context"
	"slices"
	"strings"

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
const undoChunk = 200

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
	for after := ""; ; {
		ids, err := batchProjects(ctx, tx, &sqldb.Where{}, batch, after, undoChunk)
		if err != nil {
			return u, err
		}
		list, err := touchedBy(ctx, tx, batch, ids)
		if err != nil {
			return u, err
		}
		for _, t := range list {
			if err := t.undo(ctx, tx, batch, &u); err != nil {
				return u, err
			}
		}
		if len(ids) < undoChunk {
			break
		}
		after = ids[len(ids)-1]
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

// undo takes one project back and counts.
func (t *touched) undo(ctx context.Context, tx *work.Tx, batch string, u *Undone) error {
	for _, c := range t.undoChanges(batch, tx.Today, u.At, nil) {
		switch c.Outcome {
		case PutBack:
			u.Restored++
		case Kept:
			u.Kept++
		case TakenOff, DatesBack:
			u.Assignments++
		case Withdrawn:
			u.Withdrawn++
			if c.Note != "" {
				u.WithWork++
			}
		case Added, Changed, Unchanged, Assigned, Dated, Gone, Returned, Refused:
		}
	}
	before := periods(standing(t.all))
	if _, err := tx.ExecContext(ctx, `UPDATE project_statement SET retracted_at = $1 WHERE project_id = $2 AND batch = $3 AND retracted_at = 0`, u.At, t.id, batch); err != nil {
		return err
	}
	for i := range t.all {
		if t.all[i].batch == batch {
			t.all[i].retractedAt = u.At
		}
	}
	switch {
	case t.withdrawnAt != 0: // it has no rectangle that could change
	case t.added():
		if err := t.withdraw(ctx, tx, batch, before); err != nil {
			return err
		}
	default:
		if err := t.restate(ctx, tx, batch, before); err != nil {
			return err
		}
	}
	for _, e := range t.effects {
		if err := t.takeBack(ctx, tx, batch, e); err != nil {
			return err
		}
	}
	return nil
}

// restate rebuilds the history from the statements that stand.
func (t *touched) restate(ctx context.Context, tx *work.Tx, batch string, before []period) error {
	changed, err := rewrite(ctx, tx, t.id, before, periods(standing(t.all)))
	if err != nil || len(changed) == 0 {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE project SET version = version + 1 WHERE id = $1`, t.id); err != nil {
		return err
	}
	tx.Record(ProjectStated{Project: t.id, AsAt: tx.Today, Fields: changed, Batch: batch, Undo: true})
	if slices.Contains(changed, Parent) {
		return moveNode(ctx, tx, t.id)
	}
	return nil
}

// withdraw ends what is known of a project. Its node, and with it who may open
// its page, stays.
func (t *touched) withdraw(ctx context.Context, tx *work.Tx, batch string, before []period) error {
	last := at(before, tx.Today)
	if _, err := rewrite(ctx, tx, t.id, before, nil); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE project SET withdrawn_at = $1, withdrawn_by = $2, withdrawn_key = $3, version = version + 1 WHERE id = $4`,
		sqldb.Micros(tx.Now), batch, withdrawnKey(last), t.id); err != nil {
		return err
	}
	tx.Record(ProjectWithdrawn{Project: t.id, Batch: batch})
	return nil
}

func withdrawnKey(f Facts) string { return fold.Sort(f.Text(Name)) + "\n" + fold.Sort(f.Text(OrgUnit)) }

// takeBack takes back one effect, unless somebody changed its subject since.
func (t *touched) takeBack(ctx context.Context, tx *work.Tx, batch string, e batchEffect) (err error) {
	outcome := takenBack
	switch e.kind {
	case madeProject:
	case madeAssignment, movedDates:
		a, there := t.held[e.subject]
		switch {
		case !there || a.Version != e.version:
			outcome = leftAlone
		case e.kind == madeAssignment:
			err = removeAssignment(ctx, tx, a)
		default:
			a.From, a.To = fromDates(e.was)
			err = rewriteAssignment(ctx, tx, a)
		}
	case flagged:
		_, err = tx.ExecContext(ctx, `UPDATE project SET vanished_from = $1 WHERE id = $2 AND vanished_from = $3`, e.was, t.id, e.became)
	case adoptedID:
		source, id, _ := strings.Cut(e.subject, "\n")
		_, err = tx.ExecContext(ctx, `DELETE FROM project_source WHERE source = $1 AND source_id = $2 AND project_id = $3`, source, id, t.id)
	case madeSecret:
		outcome, err = t.unmark(ctx, tx, e)
	}
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE batch_effect SET outcome = $1 WHERE batch = $2 AND project_id = $3 AND kind = $4 AND subject_id = $5`, outcome, batch, t.id, string(e.kind), e.subject)
	return err
}

func (t *touched) unmark(ctx context.Context, tx *work.Tx, e batchEffect) (string, error) {
	if err := touch(ctx, tx, t.id); err != nil {
		return "", err
	}
	res, err := tx.ExecContext(ctx, `UPDATE project SET confidential = $1, version = version + 1 WHERE id = $2 AND confidential = $3`, e.was == "yes", t.id, e.became == "yes")
	if err != nil {
		return "", err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 || t.withdrawnAt != 0 {
		return leftAlone, err
	}
	tx.Record(ProjectMarked{Project: t.id, Confidential: e.was == "yes"})
	return takenBack, moveNode(ctx, tx, t.id)
}

func removeAssignment(ctx context.Context, tx *work.Tx, a Assignment) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM assignment WHERE id = $1`, a.ID); err != nil {
		return err
	}
	tx.Record(assigned(a, VerbAssignmentGone))
	return authz.DropGrant(ctx, tx, a.ID)
}
