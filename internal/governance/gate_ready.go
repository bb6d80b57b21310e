package governance

import (
	"context"

	"cairn/internal/governance/method"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
)

// StateGap is the state of a control that has no evidence; StateUnseen of one
// whose evidence no feature records yet.
const (
	StateGap    = "gap"
	StateUnseen = "cannot-be-seen"
)

// ControlStanding is a control beside a criterion, as it stands.
type ControlStanding struct {
	ID, Name, State string
}

// CriterionReady is what the record shows for a criterion. It informs; whether
// the criterion is met is for people to say.
type CriterionReady struct {
	AskedCriterion
	Standing []ControlStanding
	Shown    []method.Shown
}

// Gap reports whether something that is asked is missing in the record.
func (c *CriterionReady) Gap() bool {
	for _, s := range c.Standing {
		if s.State == StateGap {
			return true
		}
	}
	for _, s := range c.Shown {
		if s.Truth == method.No {
			return true
		}
	}
	return false
}

// Seen reports whether the record shows anything, and nothing that is missing.
func (c *CriterionReady) Seen() bool {
	seen := false
	for _, s := range c.Standing {
		seen = seen || s.State != StateUnseen
	}
	for _, s := range c.Shown {
		seen = seen || s.Truth == method.Yes
	}
	return seen && !c.Gap()
}

// Readiness is how ready a project is for a gate, from the record.
type Readiness struct {
	Criteria  []CriterionReady
	Musts     int
	Shown     int // musts whose evidence is in the record
	Gaps      int // musts for which something is missing
	Open      int // conditions that block it
	Documents []DocumentMissing
	Unread    bool // nothing says yet which documents there are
}

// DocumentMissing is a document that is asked by this gate and has no content.
type DocumentMissing struct{ ID, Name string }

// Ready reports whether nothing that the record can show is missing.
func (r *Readiness) Ready() bool { return r.Gaps == 0 && r.Open == 0 && len(r.Documents) == 0 }

// readinessOf reads how ready a project is for a gate.
func (s *Service) readinessOf(ctx context.Context, q sqldb.Querier, j *Journey, step *Step) (*Readiness, error) {
	asked := s.require(j.Governed.Version, j.Method, j.Governed.Tier, j.Governed.Involves)
	states, err := controlStates(ctx, q, []string{j.Project}, j.Today)
	if err != nil {
		return nil, err
	}
	facts, err := s.gateFacts(ctx, q, j.Project, j.Today)
	if err != nil {
		return nil, err
	}
	r := &Readiness{Open: len(j.Open())}
	r.weigh(asked.Gate(step.Gate.ID), j.Method, j.Governed.Tier, states[j.Project], facts)
	r.Unread = s.doors.Documents == nil
	if r.Unread {
		return r, nil
	}
	have, err := s.doors.Documents.States(ctx, q, []string{j.Project})
	if err != nil {
		return nil, err
	}
	r.missing(j, asked.Documents, step, have[j.Project])
	return r, nil
}

// weigh puts beside each criterion what the record shows. Without facts the rules
// over facts are left out.
func (r *Readiness) weigh(g *method.GateAsked, m *method.Method, tier method.Tier, states map[string]string, facts map[string]any) {
	for _, c := range g.Criteria {
		ready := CriterionReady{AskedCriterion: AskedCriterion{ID: c.ID, Text: c.Text, Why: c.Why, Judge: c.Judge, Must: c.Must, KnockOut: c.KnockOut, Controls: c.Controls}}
		ready.beside(c.Criterion, m, tier, states, facts)
		r.Criteria = append(r.Criteria, ready)
		if !c.Must {
			continue
		}
		r.Musts++
		if ready.Seen() {
			r.Shown++
		}
		if ready.Gap() {
			r.Gaps++
		}
	}
}

func (c *CriterionReady) beside(of *method.Criterion, m *method.Method, tier method.Tier, states map[string]string, facts map[string]any) {
	for _, id := range of.Controls {
		state, asked := states[id]
		if !asked {
			continue // this project is not asked for it
		}
		name := id
		if control := m.Control(id); control != nil {
			name = control.Name
		}
		c.Standing = append(c.Standing, ControlStanding{id, name, state})
	}
	if facts != nil {
		c.Shown = m.Shows(of, tier, facts)
	}
}

// missing lists the documents of the phases up to the gate's that have no content.
func (r *Readiness) missing(j *Journey, asked []method.DocumentAsked, step *Step, have map[string]string) {
	upTo := j.phaseOf(step.Gate.After)
	for _, d := range asked {
		if at := j.phaseOf(d.Phase); at >= 0 && at <= upTo && have[d.ID] == "" {
			r.Documents = append(r.Documents, DocumentMissing{d.ID, d.Name})
		}
	}
}

// controlStates gives the state of each control that is asked of some projects on
// a day.
func controlStates(ctx context.Context, q sqldb.Querier, projects []string, day clock.Day) (map[string]map[string]string, error) {
	var w sqldb.Where
	w.AndIn("project_id", projects)
	w.And("from_on <= ? AND to_on > ?", day, day)
	rows, err := q.QueryContext(ctx, `SELECT project_id, control_id, state FROM control_segment`+w.SQL(), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]map[string]string{}
	for rows.Next() {
		var project, control, state string
		if err := rows.Scan(&project, &control, &state); err != nil {
			return nil, err
		}
		if out[project] == nil {
			out[project] = map[string]string{}
		}
		out[project][control] = state
	}
	return out, rows.Err()
}
