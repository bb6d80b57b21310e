package demo

import (
	"context"

	"cairn/internal/development"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
)

// planSteps is the analyst's own plan: one step done, two to come, one of which
// her head of PMO may read.
func (m *maker) planSteps(ctx context.Context) error {
	analyst := m.actor(Analyst, authz.PMOMember)
	m.Clock.Set(m.Now.AddDate(0, 0, -100))
	today := m.day(m.Clock.Now())
	var steps []development.Step
	for _, st := range []development.Step{
		{Title: "See a week on a site", Why: "I challenge reports of work that I have never seen.", Due: clock.AddDays(today, 40), Before: "I expect to be in the way."},
		{Title: "Lead a small improvement from its idea to its end", Why: "It would open project manager of small projects, and it is mine to propose.", Due: clock.AddDays(today, 190)},
		{Title: "Stand in for a member of a steering group", Why: "To have decided something, once.", Due: clock.AddDays(today, 140)},
	} {
		made, err := m.Development.Add(ctx, analyst, st)
		if err != nil {
			return err
		}
		steps = append(steps, made)
	}
	if err := m.Development.Share(ctx, analyst, steps[1].ID, m.people[Head]); err != nil {
		return err
	}
	m.Clock.Set(m.Now.AddDate(0, 0, -60))
	if _, err := m.Development.Shared(ctx, m.head); err != nil { // she looks
		return err
	}
	done := steps[0]
	done.State, done.After = development.Done, "I was, for an hour. Then they asked me things."
	if err := m.Development.Change(ctx, analyst, done.ID, 1, done); err != nil {
		return err
	}
	return m.Development.Review(ctx, analyst, "The week on the site changed what I ask for. The steering group is the one that I keep putting off.")
}
