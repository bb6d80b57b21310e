package governance

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// DecideGate decides a gate, for good, with a snapshot of what the record holds at
// that moment. Only a decision that the method allows now is taken; everything
// else is refused by naming what stands in its way.
func (s *Service) DecideGate(ctx context.Context, who authz.Actor, id string, ruling Ruling) (d GateDecision, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		r, err := getReview(ctx, tx, id)
		if err != nil {
			return err
		}
		as, err := mayDecide(ctx, tx, &r)
		if err != nil {
			return err
		}
		if r.State != ReviewOpen {
			return errs.New(errs.Duplicate, "This review is decided already. A decision is never changed.")
		}
		if ruling.Version > 0 && ruling.Version != r.Version {
			return stale("This review changed while you were deciding. What changed is shown; what you typed is still here.")
		}
		// The lock comes first: of two who decide at once, the second finds the
		// review decided, and no seat changes under the count.
		if err := touch(ctx, tx, id, r.Version, ReviewDecided); err != nil {
			return err
		}
		m, err := s.method(ctx, tx, r.MethodVersion)
		if err != nil {
			return err
		}
		j, err := s.journey(ctx, tx, r.Project, tx.Today)
		if err != nil {
			return err
		}
		made, err := s.weigh(ctx, tx, &r, m, &j, &ruling)
		if err != nil {
			return err
		}
		d = GateDecision{
			Review: id, Project: r.Project, Gate: r.Gate, Decision: ruling.Decision, Rationale: ruling.Rationale, Needs: ruling.Needs, Verdicts: allVerdicts(&r, ruling.Verdicts),
			Dissent: ruling.Dissent, Counted: r.count(m, who.Person).Counted, SpendPct: 100, DecidedBy: who.Person, DecidedAs: as, DecidedOn: tx.Today, DecidedAt: sqldb.Micros(tx.Now),
		}
		if len(made) > 0 {
			d.SpendPct = r.Frozen.SpendPct
		}
		if d.Released, err = released(ctx, tx, r.Project, ruling.Released, len(made) > 0); err != nil {
			return err
		}
		return s.conclude(ctx, tx, &r, m, &d, made)
	})
	return d, err
}

// mayDecide says as what the actor decides. Nobody decides on their own project.
func mayDecide(ctx context.Context, tx *work.Tx, r *Review) (as string, err error) {
	owner, as := r.decider(tx.Who.Person)
	managers, err := managersOf(ctx, tx, r.Project, tx.Today)
	if err != nil {
		return "", err
	}
	if slices.Contains(managers, tx.Who.Person) {
		owner = ""
	}
	err = tx.May(ctx, DecideGate, authz.Target{Node: r.Project, Owner: owner})
	if errs.Is(err, errs.Forbidden) {
		words := "Only the chair of this review decides, or the chair's deputy while the chair is not there."
		if slices.Contains(managers, tx.Who.Person) {
			words = "Nobody decides on their own project."
		}
		return "", errs.New(errs.Forbidden, "%s", words)
	}
	return as, err
}

// weigh holds a ruling against all that limits it, and gives its conditions with
// their owners found.
func (s *Service) weigh(ctx context.Context, tx *work.Tx, r *Review, m *method.Method, j *Journey, ruling *Ruling) ([]Condition, error) {
	d := m.Decision(ruling.Decision)
	if d == nil {
		return nil, errs.OnField("decision", "Choose a decision.")
	}
	if err := ruling.check(&r.Frozen, d.Needs, tx.Today); err != nil {
		return nil, err
	}
	made, err := s.conditionsAsked(ctx, tx, r, j, ruling)
	if err != nil {
		return nil, err
	}
	standing := r.Frozen.standing(j.Open(), ruling.Verdicts, ruling.Conditions)
	standing.Dial = j.Dial.Missing()
	for _, c := range choices(m, r.Gate, standing, &r.Frozen) {
		if c.ID == d.ID && c.Why != "" {
			return nil, errs.OnField("decision", "%s is not possible: %s.", d.Label, c.Why)
		}
		if c.ID == d.ID {
			return made, s.complete(ctx, tx, r, m)
		}
	}
	return nil, errs.OnField("decision", "%s is no decision of this gate.", d.Label)
}

// complete asks for the quorum and for the opinions that have to come before.
func (s *Service) complete(ctx context.Context, tx *work.Tx, r *Review, m *method.Method) error {
	var c errs.Check
	if n := r.count(m, tx.Who.Person); !n.Quorate() {
		c.Add("quorum", "%s", n.Missing())
	}
	said, err := saidOf(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	reviewers, roles := r.unheard(said)
	if reviewers > 0 {
		c.Add("opinions", "The finding of %s is needed before the decision.", countOf(reviewers, "more reviewer", "more reviewers"))
	}
	for _, role := range roles {
		c.Add("opinions", "The opinion of the %s is needed before the decision.", strings.ToLower(roleName(m, role)))
	}
	return c.Err()
}

// Missing says in words what the quorum lacks.
func (c Count) Missing() string {
	var parts []string
	if c.Counted < c.Needed {
		parts = append(parts, fmt.Sprintf("%d of %d who are needed count", c.Counted, c.Needed))
	}
	if c.NoChair {
		parts = append(parts, "neither the chair nor a deputy of the chair who counts is there")
	}
	for _, side := range c.Absent {
		parts = append(parts, "nobody speaks for the side "+side)
	}
	if len(parts) == 0 {
		return ""
	}
	return "No quorum: " + strings.Join(parts, "; ") + "."
}

// conditionsAsked completes the conditions of a ruling: one owner, a date before
// the next gate, a proof. Only a conditional go has conditions.
func (s *Service) conditionsAsked(ctx context.Context, tx *work.Tx, r *Review, j *Journey, ruling *Ruling) (out []Condition, err error) {
	var c errs.Check
	before := j.plannedAfter(r.Gate)
	for i, a := range ruling.Conditions {
		if a.empty() {
			continue
		}
		at := func(field string) string { return fmt.Sprintf("condition_%d_%s", i+1, field) }
		c.That(ruling.Decision == method.ConditionalGo, at("words"), "Only a conditional go has conditions.")
		c.That(a.Words != "", at("words"), "Say what has to be so.")
		c.Fits(at("words"), a.Words, maxGateWords)
		c.That(a.Proof != "", at("proof"), "Say what will prove it.")
		c.Fits(at("proof"), a.Proof, maxGateWords)
		c.That(a.Criterion == "" || r.Frozen.Criterion(a.Criterion) != nil, at("criterion"), "This gate does not ask such a criterion.")
		c.That(clock.ValidDay(a.Due) && a.Due > tx.Today, at("due"), "Choose a day that is still to come.")
		c.That(before == "" || !clock.ValidDay(a.Due) || a.Due < before, at("due"), "Choose a day before the next gate, %s.", before)
		owner, err := onePerson(ctx, tx, at("owner"), a.Owner, tx.Today)
		if errs.Is(err, errs.Invalid) {
			for _, f := range errs.FieldsOf(err) {
				c.Add(f.Name, "%s", f.Message)
			}
		} else if err != nil {
			return nil, err
		}
		out = append(out, Condition{
			ID: tx.NewID(), Review: r.ID, Project: r.Project, Gate: r.Gate, Criterion: a.Criterion, Words: a.Words, Owner: owner, Due: a.Due, Proof: a.Proof,
			SetBy: tx.Who.Person, SetAt: sqldb.Micros(tx.Now), State: ConditionOpen,
		})
	}
	return out, c.Err()
}

// plannedAfter is the planned day of the first gate after this one that has one.
func (j *Journey) plannedAfter(gate string) clock.Day {
	after := false
	for i := range j.Steps {
		if after && j.Steps[i].Plan.Planned != "" && j.Steps[i].Place != GateNotHeld {
			return j.Steps[i].Plan.Planned
		}
		after = after || j.Steps[i].Gate.ID == gate
	}
	return ""
}

// allVerdicts gives a verdict for each frozen criterion, also those of which
// nothing was said.
func allVerdicts(r *Review, said []Verdict) (out []Verdict) {
	for _, c := range r.Frozen.Criteria {
		v := Verdict{Criterion: c.ID}
		for _, x := range said {
			if x.Criterion == c.ID {
				v = x
			}
		}
		out = append(out, v)
	}
	return out
}

// conclude writes the decision with its snapshot and its consequences.
func (s *Service) conclude(ctx context.Context, tx *work.Tx, r *Review, m *method.Method, d *GateDecision, made []Condition) (err error) {
	for i, seat := range r.Seats {
		if seat.Person == d.DecidedBy {
			r.Seats[i].Present = true
		}
	}
	if _, err := tx.ExecContext(ctx, `UPDATE gate_seat SET present = TRUE WHERE review_id = $1 AND person_id = $2`, r.ID, d.DecidedBy); err != nil {
		return err
	}
	if s.doors.Decisions != nil {
		label := m.Decision(d.Decision).Label
		d.Entry, err = s.doors.Decisions.DecideIn(ctx, tx, Decided{
			Project: r.Project, Review: r.ID, Body: r.Body, By: d.DecidedBy, Title: r.Label() + ": " + label, Words: d.Rationale, On: d.DecidedOn, Path: "/gates/reviews/" + r.ID,
		})
		if err != nil {
			return err
		}
	}
	snapshot, err := s.snapshot(ctx, tx, r, d, made)
	if err != nil {
		return err
	}
	d.SHA256 = digest(snapshot)
	if err := insertDecision(ctx, tx, *d, snapshot); err != nil {
		return err
	}
	if err := s.recordDecision(ctx, tx, r, d, made); err != nil {
		return err
	}
	if passes(d.Decision) {
		return s.moveOn(ctx, tx, r, m)
	}
	return nil
}

// recordDecision sets the conditions and records all that happened.
func (s *Service) recordDecision(ctx context.Context, tx *work.Tx, r *Review, d *GateDecision, made []Condition) error {
	decided := r.event("gate.decided", tookPart(r, d.DecidedBy)...)
	decided.Decision, decided.Counted, decided.Snapshot = d.Decision, d.Counted, d.SHA256
	tx.Record(decided)
	for _, w := range worksOfReview(r, d.DecidedBy) {
		tx.Record(w)
	}
	for _, c := range made {
		if err := insertCondition(ctx, tx, c); err != nil {
			return err
		}
		tx.Record(c.event("condition.set", took(d.DecidedBy, "led")...))
	}
	return nil
}

// moveOn opens the phase after a gate that was passed. A project whose method has
// no such phase, or that stands further on already, stays where it is.
func (s *Service) moveOn(ctx context.Context, tx *work.Tx, r *Review, m *method.Method) error {
	g, now, err := s.current(ctx, tx, r.Project)
	if err != nil || g == nil {
		return err
	}
	next := m.PhaseAfter(r.Gate)
	if next == nil {
		return nil
	}
	j := Journey{Method: now}
	if to := j.phaseOf(next.ID); to < 0 || to <= j.phaseOf(g.Phase) {
		return nil
	}
	if s.doors.Phases != nil {
		if err := s.doors.Phases.PhaseIn(ctx, tx, r.Project, tx.Today, next.Name); err != nil {
			return err
		}
	}
	return s.phaseTo(ctx, tx, r.Project, next.ID)
}
