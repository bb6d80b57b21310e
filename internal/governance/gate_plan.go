package governance

import (
	"context"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/work"
)

// PlanGate sets or moves the date of a gate, and the body that is to decide; the
// first date that was planned stays beside it. The version is the one that the
// date is based on, 0 for none.
func (s *Service) PlanGate(ctx context.Context, who authz.Actor, project, gate string, on clock.Day, body string, version int64) (p GatePlan, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, PlanGate, authz.On(project)); err != nil {
			return err
		}
		j, err := s.journey(ctx, tx, project, tx.Today)
		if err != nil {
			return err
		}
		step, err := j.heldStep(gate)
		if err != nil {
			return err
		}
		var c errs.Check
		c.That(clock.ValidDay(on), "planned", "Choose a day.")
		c.That(step.Place != GatePassed, "planned", "%s is decided. Its date does not move any more.", step.Label())
		c.That(len(body) <= 36, "body", "Choose a governing body of the list.")
		if err := c.Err(); err != nil {
			return err
		}
		p = GatePlan{Project: project, Gate: gate, First: on, Planned: on, Body: body, Version: version}
		if step.Plan.First != "" {
			p.First = step.Plan.First
		}
		tx.Record(GateMoved{Project: project, Gate: gate, Was: step.Plan.Planned, Planned: on, By: who.Person})
		return savePlan(ctx, tx, p)
	})
	p.Version++
	return p, err
}

// heldStep gives a gate that this project's tier holds.
func (j *Journey) heldStep(gate string) (*Step, error) {
	if j.Governed == nil {
		return nil, errs.New(errs.Invalid, "Answer the dial first: it gives the tier, and the tier gives the gates.")
	}
	step := j.Step(gate)
	if step == nil {
		return nil, errs.Missing("gate")
	}
	if step.Form.Kind != method.ByReview && step.Form.Kind != method.ByNote {
		where := "not held"
		if step.Form.At != "" {
			where = "answered at " + GateLabel(step.Form.At)
		}
		return nil, errs.OnField("gate", "%s is %s at tier %s.", step.Label(), where, j.Governed.Tier)
	}
	return step, nil
}
