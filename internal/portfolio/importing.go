package portfolio

import (
	"context"
	"slices"
	"unicode/utf8"

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
	if utf8.RuneCountInString(in.Programme) > maxText {
		return errs.OnField("programme", "Use at most %d characters.", maxText)
	}
	if err := checkDay(tx, in.AsAt); err != nil {
		return err
	}
	infos := Fields
	if in.Facts.anyCustom() {
		infos = append(slices.Clone(Fields), custom...)
	}
	in.Facts = in.Facts.canonical(custom)
	return in.Facts.Check(infos)
}

// CheckIn refuses facts that PutIn would refuse, before anything is done for them.
func (s *Service) CheckIn(ctx context.Context, tx *work.Tx, asAt clock.Day, facts Facts) error {
	_, err := checkStatement(ctx, tx, asAt, facts)
	return err
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
