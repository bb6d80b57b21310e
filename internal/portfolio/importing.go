package portfolio

import (
	"context"
	"slices"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/work"
)

// Incoming is a project as a file states it.
type Incoming struct {
	SourceID  string // the source's own id; may be empty
	AsAt      clock.Day
	Facts     Facts
	Programme string // by name; found or made
	Known     string // id of the project that a person chose for this row; usually empty
}

// Outcome is what became of one row.
type Outcome struct {
	Project string
	Created bool
	Changed []Field
	Stated  bool // something was stored, if only that the file says the same
	// Alike is a project of the same name elsewhere: proposed, never applied on
	// its own.
	Alike string
	// Refused says why the row cannot be taken; it changed nothing then.
	Refused error
}

// PutIn states rows of a file of a source, which gives ids their meaning. A row's
// project is found by the source's id, else by folded name and organisation
// unit, which then adopts the id; else it is made new. Later rows find what
// earlier ones made. The batch is the import that an undo takes back.
func (s *Service) PutIn(ctx context.Context, tx *work.Tx, source, batch string, rows []Incoming) ([]Outcome, error) {
	custom, err := customFields(ctx, tx)
	if err != nil {
		return nil, err
	}
	out := make([]Outcome, len(rows))
	rows = slices.Clone(rows)
	var good []Incoming
	for i := range rows {
		if out[i].Refused = rows[i].check(tx, custom); out[i].Refused == nil {
			good = append(good, rows[i])
		}
	}
	if len(good) == 0 {
		return out, nil
	}
	b, err := lookUp(ctx, tx, by{source: source, batch: batch}, good)
	if err != nil {
		return nil, err
	}
	b.custom = custom
	for i, in := range rows {
		if out[i].Refused != nil {
			continue
		}
		if out[i], err = b.put(in); err != nil {
			out[i] = Outcome{Refused: err}
		}
	}
	return out, b.flush(ctx)
}

// check refuses what cannot be stated, and brings the facts into their canonical
// form. The people of custom fields are those of the directory: who gives rows
// has looked them up.
func (in *Incoming) check(tx *work.Tx, custom []FieldInfo) error {
	if len(in.Programme) > maxText {
		return errs.OnField("programme", "Use at most %d characters.", maxText)
	}
	if err := checkDay(tx, in.AsAt); err != nil {
		return err
	}
	infos := Fields
	if in.Facts.anyCustom() {
		infos = append(slices.Clone(Fields), custom...)
		in.Facts = in.Facts.canonical(custom)
	}
	return in.Facts.Check(infos)
}

// CheckIn refuses facts that PutIn would refuse, before anything is done for them.
func (s *Service) CheckIn(ctx context.Context, tx *work.Tx, asAt clock.Day, facts Facts) error {
	_, err := checkStatement(ctx, tx, asAt, facts)
	return err
}

// FlagVanishedIn flags the projects of a source that its newest file no longer
// holds, and takes the flag from those that are there again. Nothing is deleted.
// A file that is older than the newest brings projects that the newest does not
// hold: they are flagged too, so that the order of files does not matter, and not
// counted, since they did not vanish with this file.
func (s *Service) FlagVanishedIn(ctx context.Context, tx *work.Tx, source, batch string, asAt clock.Day, present map[string]bool) (gone int, err error) {
	var newest clock.Day
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(as_at), '') FROM project_statement WHERE source = $1 AND retracted_at = 0`, source).Scan(&newest); err != nil {
		return 0, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT s.project_id, q.vanished_from, MAX(s.as_at) FROM project_statement s JOIN project q ON q.id = s.project_id
		WHERE s.source = $1 AND s.retracted_at = 0 AND q.withdrawn_at = 0 GROUP BY s.project_id, q.vanished_from ORDER BY s.project_id`, source)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	type flag struct{ id, was, to string }
	var set []flag
	for rows.Next() {
		var id, from string
		var last clock.Day
		if err := rows.Scan(&id, &from, &last); err != nil {
			return 0, err
		}
		switch {
		case asAt < newest:
			if present[id] && last < newest && from == "" {
				set = append(set, flag{id, from, source})
			}
		case !present[id] && from == "":
			set = append(set, flag{id, from, source})
		case present[id] && from == source:
			set = append(set, flag{id, from, ""})
		}
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	_ = rows.Close() // the one connection is needed for the changes
	for _, f := range set {
		if _, err := tx.ExecContext(ctx, `UPDATE project SET vanished_from = $1 WHERE id = $2`, f.to, f.id); err != nil {
			return 0, err
		}
		if err := effect(ctx, tx, batch, batchEffect{project: f.id, kind: flagged, subject: f.id, was: f.was, became: f.to}); err != nil {
			return 0, err
		}
		tx.Record(ProjectVanished{Project: f.id, Source: source, Back: f.to == ""})
		if f.to != "" && asAt == newest {
			gone++
		}
	}
	return gone, nil
}

// ReportedIn states what a submitted report says about a project, within the
// report's own unit of work. Who may submit the report has been decided there.
func (s *Service) ReportedIn(ctx context.Context, tx *work.Tx, project string, asAt clock.Day, facts Facts) error {
	return s.followIn(Through(ctx, ByReport), tx, project, asAt, facts, "report")
}

// PhasedIn states the phase that a gate opened, within another feature's unit.
func (s *Service) PhasedIn(ctx context.Context, tx *work.Tx, project string, asAt clock.Day, phase string) error {
	return s.followIn(Through(ctx, ByGate), tx, project, asAt, Facts{Phase: {Text: phase}}, "gate")
}

// followIn states what the work of another feature says about a project.
func (s *Service) followIn(ctx context.Context, tx *work.Tx, project string, asAt clock.Day, facts Facts, source string) error {
	facts, err := checkStatement(ctx, tx, asAt, facts)
	if err != nil {
		return err
	}
	if err := inForce(ctx, tx, project); err != nil {
		return err
	}
	changed, err := s.stateIn(ctx, tx, project, asAt, facts, by{source: source})
	if err != nil || len(changed) == 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE project SET version = version + 1 WHERE id = $1`, project)
	return err
}
