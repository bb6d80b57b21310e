package demo

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/reporting"
)

// stages are the milestones that a project passes, in order.
var stages = []string{"Design agreed", "Contract let", "First delivery", "Acceptance by operations", "Handover"}

// report writes the report of the month before, as the project manager: an
// optimist declares green for longer than the record allows.
func (m *maker) report(ctx context.Context, p *project, n int) error {
	if n <= p.begins || n > p.ends {
		return nil
	}
	if n == months && (p.manager == Manager || m.chance.IntN(12) == 0) {
		return nil // still to come
	}
	period := reporting.Due(m.day(m.month(n)))
	b := p.register.body(p)
	at := min(len(stages)-1, p.share(n)*len(stages)/100)
	slip, _ := p.now(n)
	b.Milestone = stages[at]
	b.MilestoneBaseline = m.day(m.month(p.begins + (at+1)*(p.ends-p.begins)/len(stages)))
	b.MilestoneForecast = clock.AddDays(b.MilestoneBaseline, slip)
	c := reporting.Compute(b)
	b.Schedule, b.Cost = declare(c.Schedule, p.optimist), declare(c.Cost, p.optimist)
	b.Overall = "green"
	if b.Schedule != "green" || b.Cost != "green" {
		b.Overall = "amber"
	}
	if b.Schedule == "red" || b.Cost == "red" {
		b.Overall = "red"
	}
	voice := programmes[p.programme].Voice
	b.Summary, b.NextSteps = said(words[voice][b.Overall], p, n), said(nextSteps[voice], p, n)
	b.ScheduleReason, b.CostReason = reason(b.Schedule, said(whyDates, p, n/3)), reason(b.Cost, said(whyMoney, p, n/3))
	b.OverallReason = reason(b.Overall, overallReason(b))
	if m.facilitated(p, n) {
		if err := m.Reporting.Draft(ctx, m.actor(p.partner, authz.PMOMember), p.id, period, 0, b); err != nil {
			return err
		}
	}
	m.reports++
	if r := &p.register; r.rating != b.Overall || r.note != b.OverallReason {
		r.rating, r.note = b.Overall, b.OverallReason
		r.version++ // the register takes over what a report says anew
	}
	_, err := m.Reporting.Submit(ctx, m.actor(p.manager, authz.Member), p.id, period, 0, b)
	return err
}

// body is a report as its form is pre-filled: dates and money from the register.
func (r known) body(p *project) reporting.Body {
	return reporting.Body{
		ForecastEnd: r.end, Forecast: &r.forecast, Actual: &r.actual,
		Facts: reporting.Facts{Name: p.name, Currency: "GBP", Start: r.start, BaselineEnd: r.baseline, ForecastEnd: r.end, Budget: &p.budget, Forecast: &r.forecast, Actual: &r.actual},
	}
}

// facilitated tells whether the PMO partner drafted the report of a month.
func (m *maker) facilitated(p *project, n int) bool {
	return p.partner == Analyst && n%2 == 0 || (n+p.programme)%5 == 0
}

// said picks words for a month, others than the month before.
func said(list []string, p *project, n int) string { return list[(p.voice+n)%len(list)] }

func overallReason(b reporting.Body) string {
	switch {
	case b.Schedule == b.Cost:
		return "Dates and money both say so."
	case b.Schedule == b.Overall:
		return "It follows from the dates; money holds."
	}
	return "It follows from the money; the dates hold."
}

func declare(computed string, optimist bool) string {
	if computed == "" || optimist {
		return "green"
	}
	return computed
}

func reason(rating, why string) string {
	if rating == "green" {
		return ""
	}
	return why
}
