package portfolio

import (
	"context"
	"errors"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// BulkEdit is a bulk edit that was applied.
type BulkEdit struct {
	ID, By, Label               string
	Field                       Field
	AsAt                        clock.Day
	At                          int64 // microseconds UTC
	Changed, Unchanged, Refused int
	Until                       clock.Day // the last day on which it can be undone
	Expired                     bool
	Undo                        Undone // what the undo did; or would do, on its page
	Diff                        Changes
	person                      string
}

// MayUndo reports whether it can still be undone.
func (e BulkEdit) MayUndo() bool { return e.Undo.At == 0 && !e.Expired }

// ApplyBulk changes all projects that the plan would change, or none: if one of
// them is no longer as it was seen, it is a Conflict.
func (s *Service) ApplyBulk(ctx context.Context, who authz.Actor, b Bulk) (id string, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, ChangeMany, authz.Instance); err != nil {
			return err
		}
		if err := b.check(ctx, tx, tx.Today); err != nil {
			return err
		}
		sees, may, err := tx.Each(ctx, b.action(), b.Projects)
		if err != nil {
			return err
		}
		p, err := planBulk(ctx, tx, b, tx.Today, sees, may)
		if err != nil {
			return err
		}
		if p.Changed == 0 {
			return errs.OnField("value", "Nothing would change: the register says this already, or you may not change these projects.")
		}
		if err := p.stillSeen(b.Seen); err != nil {
			return err
		}
		id = tx.NewID()
		for _, c := range p.Rows {
			if c.Outcome != Changed {
				continue
			}
			if err := s.applyOne(Through(ctx, ByBulk), tx, b, id, c.Project, p.held[c.Project]); err != nil {
				return err
			}
		}
		tx.Record(BulkEdited{Edit: id, Field: string(b.Field), AsAt: b.AsAt, Changed: p.Changed, Person: tx.Who.Person})
		_, err = tx.ExecContext(ctx, `INSERT INTO bulk_edit (id, person_id, field, value, as_at, changed, unchanged, refused, applied_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			id, tx.Who.Person, string(b.Field), b.Value, b.AsAt, p.Changed, p.Unchanged, p.Refused, sqldb.Micros(tx.Now))
		return err
	})
	return id, err
}

// stillSeen refuses when what would change is not what was shown.
func (p BulkPlan) stillSeen(seen map[string]string) error {
	if seen == nil {
		return nil
	}
	moved := ""
	n := 0
	for _, c := range p.Rows {
		if p.Seen[c.Project] != seen[c.Project] {
			n++
			moved = c.Name
		}
	}
	switch n {
	case 0:
		return nil
	case 1:
		return errs.New(errs.Conflict, "%s was changed meanwhile. Nothing was applied; this is how it stands now.", moved)
	}
	return errs.New(errs.Conflict, "%d of these projects were changed meanwhile, %s among them. Nothing was applied; this is how they stand now.", n, moved)
}

func (s *Service) applyOne(ctx context.Context, tx *work.Tx, b Bulk, batch, project string, held []Assignment) error {
	switch {
	case IsPerson(b.Field):
		return handOverIn(ctx, tx, b, batch, project, held)
	case b.Field == Confidential:
		was := "yes"
		if b.Value == "yes" {
			was = "no"
		}
		if err := effect(ctx, tx, batch, batchEffect{project: project, kind: madeSecret, subject: project, was: was, became: b.Value}); err != nil {
			return err
		}
		return markIn(ctx, tx, project, b.Value == "yes")
	}
	if _, err := s.stateIn(ctx, tx, project, b.AsAt, Facts{b.Field: {Text: b.Value}}, by{batch: batch}); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE project SET version = version + 1 WHERE id = $1`, project)
	return err
}

// handOverIn assigns the person from the date on, until whoever comes next; who
// held it until then holds it until the day before.
func handOverIn(ctx context.Context, tx *work.Tx, b Bulk, batch, project string, held []Assignment) error {
	a := Assignment{Project: project, Person: b.Value, Kind: Kind(b.Field), Role: usual(Kind(b.Field)), From: b.AsAt, Origin: Recorded}
	for _, h := range held {
		switch {
		case h.From > b.AsAt && (a.To == "" || a.To >= h.From):
			a.To = clock.AddDays(h.From, -1)
		case h.On(b.AsAt):
			was := h
			h.To = clock.AddDays(b.AsAt, -1)
			if err := redate(ctx, tx, batch, was, h); err != nil {
				return err
			}
		}
	}
	return assignBatch(ctx, tx, batch, &a)
}

const bulkColumns = `b.id, b.person_id, COALESCE(p.name, ''), b.field, b.as_at, b.applied_at, b.changed, b.unchanged, b.refused, COALESCE(u.undone_at, 0), COALESCE(c.label, '')`

const bulkFrom = ` FROM bulk_edit b LEFT JOIN v_person p ON p.id = b.person_id LEFT JOIN batch_undone u ON u.batch = b.id LEFT JOIN custom_field c ON c.id = b.field`

func (s *Service) scanBulk(row interface{ Scan(...any) error }) (e BulkEdit, err error) {
	if err := row.Scan(&e.ID, &e.person, &e.By, &e.Field, &e.AsAt, &e.At, &e.Changed, &e.Unchanged, &e.Refused, &e.Undo.At, &e.Label); err != nil {
		return e, err
	}
	for _, i := range BulkFields(Fields, true) {
		if i.Field == e.Field {
			e.Label = i.Label
		}
	}
	e.Until = LastUndo(clock.DayOf(sqldb.Time(e.At), s.unit.Zone()))
	e.Expired = s.unit.Today() > e.Until
	return e, nil
}

// BulkEdits lists the bulk edits, newest first, before an id: one's own, and
// for the PMO all that touched a project that the reader sees.
func (s *Service) BulkEdits(ctx context.Context, who authz.Actor, before string, limit int) (out []BulkEdit, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, ChangeMany, authz.Instance); err != nil {
			return err
		}
		var w sqldb.Where
		seen := "1 = 0"
		if v.Can(ctx, SeeBulkEdits, authz.Instance) {
			v.Scope(&w, "t.project_id")
			seen = `EXISTS (SELECT 1 FROM (SELECT s.project_id FROM project_statement s WHERE s.batch = b.id AND s.batch <> ''
				UNION ALL SELECT e.project_id FROM batch_effect e WHERE e.batch = b.id) t` + w.SQL() + `)`
		}
		query := `SELECT ` + bulkColumns + bulkFrom + ` WHERE (` + seen + ` OR b.person_id = ` + w.Add(who.Person) + `)`
		if before != "" {
			query += ` AND b.id < ` + w.Add(before) // ids grow with time
		}
		rows, err := v.QueryContext(ctx, query+` ORDER BY b.id DESC LIMIT `+w.Add(limit), w.Values()...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			e, err := s.scanBulk(rows)
			if err != nil {
				return err
			}
			out = append(out, e)
		}
		return rows.Err()
	})
	return out, err
}

// BulkEdit shows what a bulk edit did, as the record has it, from a project on.
func (s *Service) BulkEdit(ctx context.Context, who authz.Actor, id, after string) (BulkEdit, error) {
	return s.showBulk(ctx, who, id, func(ctx context.Context, v *work.View) (Changes, error) { return s.Changes(ctx, v, id, after) })
}

func (s *Service) showBulk(ctx context.Context, who authz.Actor, id string, diff func(context.Context, *work.View) (Changes, error)) (e BulkEdit, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if e, err = s.scanBulk(v.QueryRowContext(ctx, `SELECT `+bulkColumns+bulkFrom+` WHERE b.id = $1`, id)); err != nil {
			return err
		}
		if err := v.May(ctx, SeeBulkEdits, authz.Of(e.person)); err != nil {
			return err
		}
		if e.Undo, err = undone(ctx, v, id); err != nil {
			return err
		}
		e.Diff, err = diff(ctx, v)
		return err
	})
	return e, err
}

// UndoBulkPreview shows what the undo of a bulk edit would do, or did.
func (s *Service) UndoBulkPreview(ctx context.Context, who authz.Actor, id, after string) (e BulkEdit, err error) {
	e, err = s.showBulk(ctx, who, id, func(ctx context.Context, v *work.View) (Changes, error) { return s.UndoChanges(ctx, v, id, after) })
	if err != nil || !e.MayUndo() {
		return e, err
	}
	u, err := s.undoBulk(ctx, who, id, true)
	u.At = 0
	e.Undo = u
	return e, err
}

// UndoBulk takes a bulk edit back, within UndoDays and once: the maker may, and
// the PMO, as far as they may change its projects.
func (s *Service) UndoBulk(ctx context.Context, who authz.Actor, id string) (Undone, error) {
	return s.undoBulk(ctx, who, id, false)
}

// errPreview ends a unit of work that was done to be looked at.
var errPreview = errors.New("portfolio: nothing is kept")

func (s *Service) undoBulk(ctx context.Context, who authz.Actor, id string, dry bool) (u Undone, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		e, err := s.scanBulk(tx.QueryRowContext(ctx, `SELECT `+bulkColumns+bulkFrom+` WHERE b.id = $1`, id))
		if err != nil {
			return err
		}
		if err := tx.May(ctx, UndoBulkEdit, authz.Of(e.person)); err != nil {
			return err
		}
		if e.Undo.At == 0 && e.Expired {
			return errs.New(errs.Conflict, "This bulk edit can no longer be undone: the last day for it was %s.", e.Until)
		}
		if err := mayUndoEach(ctx, tx, e); err != nil {
			return err
		}
		if u, err = s.UndoBatchIn(ctx, tx, id); err != nil {
			return err
		}
		if dry {
			return errPreview
		}
		tx.Record(BulkEdited{Edit: id, Field: string(e.Field), AsAt: e.AsAt, Changed: e.Changed, Restored: u.Restored + u.Assignments, Kept: u.Kept, Undo: true, Person: tx.Who.Person})
		return nil
	})
	if errors.Is(err, errPreview) {
		err = nil
	}
	return u, err
}

// mayUndoEach asks for the same right on every project as the edit itself did.
func mayUndoEach(ctx context.Context, tx *work.Tx, e BulkEdit) error {
	ids, err := batchProjects(ctx, tx, &sqldb.Where{}, e.ID, nil, "", MaxBulk)
	if err != nil {
		return err
	}
	_, may, err := tx.Each(ctx, Bulk{Field: e.Field}.action(), ids)
	if err != nil {
		return err
	}
	if n := len(ids) - len(may); n > 0 {
		return errs.New(errs.Forbidden, "You may not change %d of the projects of this bulk edit, so you cannot undo it. Somebody of the PMO can.", n)
	}
	return nil
}
