package transfer

import (
	"context"
	"slices"
	"unicode/utf8"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Limits of corrections: who has more to correct does it in the file.
const maxFixes, maxFix = 500, 2000

// Fix is a cell that a person corrected: the file stays as it is.
type Fix struct {
	Row    int    `json:"row"` // number of the row, or of the column if records stand in columns
	Column string `json:"column"`
	Value  string `json:"value"`
}

// Correct lays corrections over a staged file; one of a cell takes the place of
// an earlier one of it.
func (s *Service) Correct(ctx context.Context, who authz.Actor, id string, list []Fix) error {
	u, err := s.Upload(ctx, who, id)
	if err != nil {
		return err
	}
	var c errs.Check
	for _, f := range list {
		known := slices.ContainsFunc(u.Plan.Columns, func(c Column) bool { return c.Header == f.Column })
		c.That(known && f.Row > 0, "column", "The file has no cell in row %d and column %q.", f.Row, f.Column)
		c.That(utf8.RuneCountInString(f.Value) <= maxFix, "value", "Use at most %d characters in a cell.", maxFix)
		u.Fixes = slices.DeleteFunc(u.Fixes, func(o Fix) bool { return o.Row == f.Row && o.Column == f.Column })
		u.Fixes = append(u.Fixes, f)
	}
	c.That(len(u.Fixes) <= maxFixes, "value", "Correct at most %d cells here; correct more of them in the file.", maxFixes)
	if err := c.Err(); err != nil {
		return err
	}
	return s.replan(ctx, who, id, u.Plan, u.Fixes)
}

// Uncorrect takes all corrections of a staged file back.
func (s *Service) Uncorrect(ctx context.Context, who authz.Actor, id string) error {
	u, err := s.Upload(ctx, who, id)
	if err != nil {
		return err
	}
	return s.replan(ctx, who, id, u.Plan, nil)
}

// correct lays corrections over the table.
func (t *table) correct(list []Fix) {
	for _, f := range list {
		at := slices.Index(t.headers, f.Column)
		if at < 0 {
			continue // the header stands elsewhere by now
		}
		if t.fixes == nil {
			t.fixes = map[int]map[int]string{}
		}
		if t.fixes[f.Row] == nil {
			t.fixes[f.Row] = map[int]string{}
		}
		t.fixes[f.Row][at] = f.Value
	}
}

// corrected gives an entry as its reader wants it, with what the file says.
func (t *table) corrected(e entry) entry {
	fixes := t.fixes[e.place]
	if fixes == nil {
		return e
	}
	bad := map[int]string{}
	for at, why := range e.bad {
		bad[at] = why
	}
	e.cells, e.was, e.bad = slices.Clone(e.cells), map[int]string{}, bad
	for at, value := range fixes {
		e.was[at], e.cells[at] = e.cells[at], value
		delete(e.bad, at)
	}
	return e
}

// Corrected is a cell that was corrected before its import.
type Corrected struct {
	Row    int    `json:"row"`
	Column string `json:"column"`
	Said   string `json:"said"` // in the file
	Value  string `json:"value"`
	Record string `json:"record"`
	field  string
}

// fixed are the corrections of an entry, once it is known which record it is.
func (r *reader) fixed(e entry, record string) (out []Corrected) {
	for at, c := range r.plan.Columns {
		if said, ok := e.was[at]; ok && said != e.cells[at] && c.Field != "" {
			out = append(out, Corrected{e.place, c.Header, said, e.cells[at], record, c.Field})
		}
	}
	return out
}

// keepFixes writes down what a person corrected, so that the history of each
// record can say that the file said something else.
func keepFixes(ctx context.Context, tx *work.Tx, rep *Report) error {
	if len(rep.fixed) == 0 {
		return nil
	}
	insert, err := tx.PrepareContext(ctx, `INSERT INTO transfer_fix (import_id, place, header, field, record_id, said, value) VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	for _, f := range rep.fixed {
		if _, err := insert.ExecContext(ctx, rep.ID, f.Row, f.Column, f.field, f.Record, f.Said, f.Value); err != nil {
			return err
		}
	}
	return nil
}

// fixesOf reads what was corrected before an import, of the records that the
// reader may see.
func fixesOf(ctx context.Context, v *work.View, id string) (out []Corrected, err error) {
	w := &sqldb.Where{}
	w.And("import_id = ?", id)
	v.Scope(w, "record_id")
	rows, err := v.QueryContext(ctx, `SELECT place, header, said, value, record_id FROM transfer_fix`+w.SQL()+` ORDER BY place, header`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var f Corrected
		if err := rows.Scan(&f.Row, &f.Column, &f.Said, &f.Value, &f.Record); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, rows.Err()
}
