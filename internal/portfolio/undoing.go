package portfolio

import (
	"context"
	"slices"
	"strings"

	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// undoing takes a batch back, some projects at a time: what is to be written for
// all of them is gathered, and few statements write it.
type undoing struct {
	tx     *work.Tx
	batch  string
	undone *Undone
	left   []batchEffect   // those that stay, since their subject was changed later
	flags  map[string]flag // those that move, by project

	withdrawn [][]any // rows of withdrawnInto
	restated  []restated
}

// restated is a project whose history is another one without the batch.
type restated struct {
	project     string
	before, now []period
	changed     []Field
}

// projectsOf lists all projects that a batch touched, by id.
func projectsOf(ctx context.Context, q sqldb.Querier, batch string) (ids []string, err error) {
	err = each(ctx, q, `SELECT s.project_id FROM project_statement s WHERE s.batch = $1 AND s.batch <> ''
		UNION SELECT e.project_id FROM batch_effect e WHERE e.batch = $2 ORDER BY 1`, []any{batch, batch}, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

func (u *undoing) projects(ctx context.Context, ids []string) error {
	list, err := touchedBy(ctx, u.tx, u.batch, u.flags, ids)
	if err != nil {
		return err
	}
	if err := touchAll(ctx, u.tx, ids); err != nil {
		return err
	}
	for _, t := range list {
		u.count(t.undoChanges(u.batch, u.tx.Today, u.undone.At, nil))
		u.restate(t)
	}
	if err := u.flush(ctx); err != nil {
		return err
	}
	var flags []flag
	for _, t := range list {
		if t.reflag != nil {
			flags = append(flags, *t.reflag)
		}
		for _, e := range t.effects {
			left, err := t.takeBack(ctx, u.tx, e)
			if err != nil {
				return err
			}
			if left {
				u.left = append(u.left, e)
			}
		}
	}
	return writeFlags(ctx, u.tx, u.batch, reflagged, flags)
}

func (u *undoing) count(list []Change) {
	for _, c := range list {
		switch c.Outcome {
		case PutBack:
			u.undone.Restored++
		case Kept:
			u.undone.Kept++
		case TakenOff, DatesBack:
			u.undone.Assignments++
		case Withdrawn:
			u.undone.Withdrawn++
			if c.Note != "" {
				u.undone.WithWork++
			}
		case Added, Changed, Unchanged, Assigned, Dated, Gone, Returned, Refused:
		}
	}
}

// restate tells the history of a project without the batch. One that the batch
// added is withdrawn: what is known of it ends, while its node, and with it who
// may open its page, stays.
func (u *undoing) restate(t *touched) {
	before := periods(standing(t.all))
	t.all = slices.DeleteFunc(t.all, func(s statement) bool { return s.batch == u.batch })
	switch {
	case t.withdrawnAt != 0: // it has no rectangle that could change
	case t.added():
		u.restated = append(u.restated, restated{project: t.id, before: before})
		u.withdrawn = append(u.withdrawn, []any{t.id, false, "", 1, u.undone.At, u.batch, withdrawnKey(at(before, u.tx.Today))})
		u.tx.Record(ProjectWithdrawn{Project: t.id, Batch: u.batch})
	default:
		now := periods(standing(t.all))
		r := restated{t.id, before, now, changedBetween(before, now)}
		u.restated = append(u.restated, r)
		if len(r.changed) > 0 {
			u.tx.Record(ProjectStated{Project: t.id, AsAt: u.tx.Today, Fields: r.changed, Batch: u.batch, Undo: true})
		}
	}
}

// An upsert of rows that are all there: many of them are changed by one statement.
const (
	withdrawnInto = `project (id, confidential, vanished_from, version, withdrawn_at, withdrawn_by, withdrawn_key)`
	withdrawnTail = ` ON CONFLICT (id) DO UPDATE SET withdrawn_at = excluded.withdrawn_at, withdrawn_by = excluded.withdrawn_by, withdrawn_key = excluded.withdrawn_key, version = project.version + 1`
)

func (u *undoing) flush(ctx context.Context) error {
	custom, err := customFields(ctx, u.tx)
	if err != nil {
		return err
	}
	if err := writeHistories(ctx, u.tx, u.restated, custom); err != nil {
		return err
	}
	if err := sqldb.Insert(ctx, u.tx, withdrawnInto, withdrawnTail, u.withdrawn); err != nil {
		return err
	}
	for _, r := range u.restated {
		if len(r.changed) == 0 {
			continue
		}
		if _, err := u.tx.ExecContext(ctx, `UPDATE project SET version = version + 1 WHERE id = $1`, r.project); err != nil {
			return err
		}
		if slices.Contains(r.changed, Parent) {
			if err := moveNode(ctx, u.tx, r.project); err != nil {
				return err
			}
		}
	}
	u.restated, u.withdrawn = u.restated[:0], u.withdrawn[:0]
	return nil
}

// end says of the batch's statements that they are retracted, and of its effects
// that they are taken back, but for those that stay.
func (u *undoing) end(ctx context.Context) error {
	if _, err := u.tx.ExecContext(ctx, `UPDATE project_statement SET retracted_at = $1 WHERE batch = $2 AND batch <> '' AND retracted_at = 0`, u.undone.At, u.batch); err != nil {
		return err
	}
	if _, err := u.tx.ExecContext(ctx, `UPDATE batch_effect SET outcome = $1 WHERE batch = $2`, takenBack, u.batch); err != nil {
		return err
	}
	for _, e := range u.left {
		if _, err := u.tx.ExecContext(ctx, `UPDATE batch_effect SET outcome = $1 WHERE batch = $2 AND project_id = $3 AND kind = $4 AND subject_id = $5`,
			leftAlone, u.batch, e.project, string(e.kind), e.subject); err != nil {
			return err
		}
	}
	return nil
}

// takeBack takes back one effect, unless somebody changed its subject since.
func (t *touched) takeBack(ctx context.Context, tx *work.Tx, e batchEffect) (left bool, err error) {
	switch e.kind {
	case madeProject, heldOnly, reflagged:
	case flagged: // all flags move at once
		return t.reflag == nil, nil
	case madeAssignment, movedDates:
		a, there := t.held[e.subject]
		switch {
		case !there || a.Version != e.version:
			return true, nil
		case e.kind == madeAssignment:
			return false, removeAssignment(ctx, tx, a)
		}
		a.From, a.To = fromDates(e.was)
		return false, rewriteAssignment(ctx, tx, a)
	case adoptedID:
		source, id, _ := strings.Cut(e.subject, "\n")
		_, err = tx.ExecContext(ctx, `DELETE FROM project_source WHERE source = $1 AND source_id = $2 AND project_id = $3`, source, id, t.id)
	case madeSecret:
		if t.movedOn(e) {
			return true, nil
		}
		return t.unmark(ctx, tx, e)
	}
	return false, err
}
