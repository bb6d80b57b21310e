package governance

import (
	"context"

	"cairn/internal/governance/method"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
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

// Gap reports whether something that is asked is not in the record, whether it is
// due already or will be at the gate.
func (c *CriterionReady) Gap() bool {
	for _, s := range c.Standing {
		if s.State == Gap || s.State == Open {
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
		seen = seen || s.State != Unseen
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
	Dial      bool // it has to be asked again before the gate
}

// DocumentMissing is a document that is asked by this gate and has no content.
type DocumentMissing struct{ ID, Name string }

// Ready reports whether nothing that the record can show is missing.
func (r *Readiness) Ready() bool {
	return r.Gaps == 0 && r.Open == 0 && len(r.Documents) == 0 && !r.Dial
}

// Missing counts what the record lacks: evidence for musts, documents, and the dial
// where it has to be asked again.
func (r *Readiness) Missing() int {
	n := r.Gaps + len(r.Documents)
	if r.Dial {
		n++
	}
	return n
}

// readinessOf reads how ready a project is for a gate.
func (s *Service) readinessOf(ctx context.Context, q sqldb.Querier, j *Journey, step *Step) (*Readiness, error) {
	states, err := controlStates(ctx, q, []string{j.Project}, j.Today)
	if err != nil {
		return nil, err
	}
	seen, err := s.seenOf(ctx, q, []string{j.Project}, j.Today)
	if err != nil {
		return nil, err
	}
	return s.readiness(j, step, states[j.Project], seen[j.Project]), nil
}

// readiness weighs what was read.
func (s *Service) readiness(j *Journey, step *Step, states map[string]string, now seen) *Readiness {
	asked := s.require(j.Governed.Version, j.Method, j.Governed.Tier, j.Governed.Involves)
	r := &Readiness{Open: len(j.Open()), Dial: j.Dial.Due}
	r.weigh(asked.Gate(step.Gate.ID), j.Method, j.Governed.Tier, states, now.facts)
	r.missing(j.Method, asked.Documents, step.Gate, now.documents)
	return r
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

// missing lists the documents of the phases up to the gate's that have no content;
// nothing is said where nothing keeps documents.
func (r *Readiness) missing(m *method.Method, asked []method.DocumentAsked, gate *method.Gate, have map[string]string) {
	r.Unread = have == nil
	upTo := phaseIndex(m, gate.After)
	for _, d := range asked {
		if at := phaseIndex(m, d.Phase); have != nil && at >= 0 && at <= upTo && have[d.ID] == "" {
			r.Documents = append(r.Documents, DocumentMissing{d.ID, d.Name})
		}
	}
}

// seen is what the record shows of a project on a day.
type seen struct {
	facts     map[string]any
	documents map[string]string // by id of the method: the furthest state; nil when nothing keeps documents
}

// seenOf reads what the record shows of some projects, by project.
func (s *Service) seenOf(ctx context.Context, q sqldb.Querier, projects []string, today clock.Day) (map[string]seen, error) {
	dossiers, methods, err := s.dossiers(ctx, q, projects)
	if err != nil {
		return nil, err
	}
	out := map[string]seen{}
	for id, d := range dossiers {
		out[id] = s.seen(d, methods, day(today))
	}
	return out, nil
}

func (s *Service) seen(d *dossier, methods map[string]*method.Method, on method.Day) seen {
	last := d.governed[len(d.governed)-1]
	now := seen{facts: d.facts(methods[last.Version], &last, on)}
	if s.papers != nil {
		now.documents = map[string]string{}
		for _, f := range d.documents {
			if f.on <= on && now.documents[f.id] != method.Approved {
				now.documents[f.id] = f.state
			}
		}
	}
	return now
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
