package demo

import (
	"context"
	"time"

	"cairn/internal/cpd"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
)

// keepLog lets the analyst keep her learning record: this year's hours and the first
// of three years' units.
func (m *maker) keepLog(ctx context.Context) error {
	analyst := m.actor(Analyst, authz.PMOMember)
	if err := m.offerScheme(ctx); err != nil {
		return err
	}
	m.Clock.Set(m.Now.Add(-2 * time.Hour))
	today := m.day(m.Now)
	year := clock.AddDays(today, -290)
	if _, err := m.CPD.Follow(ctx, analyst, "yearly_hours", year); err != nil {
		return err
	}
	if _, err := m.CPD.Follow(ctx, analyst, "three_year_units", clock.AddDays(today, -400)); err != nil {
		return err
	}
	both := func(hours, units string) map[string]string {
		return map[string]string{"yearly_hours": hours, "three_year_units": units}
	}
	for _, e := range []struct {
		back, days, minutes               int
		title, provider, proof, reflected string
		places                            map[string]string
	}{
		{372, 2, 840, "Risk management, practitioner's course", "Ridgeway Training", "Certificate 20417", "", map[string]string{"three_year_units": "education/ways_of_delivering"}},
		{251, 1, 420, "Facilitating groups: a day of practice", "Ridgeway Training", "Certificate 22903", "I fill silences. At the next gate review I counted to ten, and the sponsor said what worried her.", both("learning", "education/people_side")},
		{187, 1, 90, "Meet-up: what a PMO should stop doing", "PMO meet-up of the region", "Programme of the evening", "Two of our templates have no reader. I asked for one of them to be retired.", both("learning", "education/business_side")},
		{140, 1, 120, "Talk to new project managers on gates", "Tarn Valley Water", "Slides in the PMO's folder", "I explained conditions by the one that we missed; that is what they remembered.", both("sharing", "giving_back")},
		{96, 3, 630, "Money for people who are not accountants", "Adult college, evening course", "Attendance list", "I can now say why a forecast moves before I ask who moved it.", both("learning", "education/business_side")},
		{33, 1, 180, "Answered cases of practitioners elsewhere", "Exchange", "", "", both("sharing", "giving_back")},
	} {
		to := clock.AddDays(today, -e.back)
		if _, err := m.CPD.Add(ctx, analyst, cpd.Entry{
			From: clock.AddDays(to, 1-e.days), To: to, Minutes: e.minutes, Title: e.title, Provider: e.provider, Proof: e.proof, Reflection: e.reflected, Places: e.places,
		}); err != nil {
			return err
		}
	}
	return nil
}

// offerScheme has the head of PMO ask the office for twenty hours a year, and for more
// of them from the next year on.
func (m *maker) offerScheme(ctx context.Context) error {
	head := m.actor(Head, authz.HeadOfPMO)
	m.Clock.Set(m.Now.AddDate(0, 0, -320))
	year := m.day(m.Now)[:4]
	s, err := m.CPD.AddScheme(ctx, head, false, year+"-01-01", officeHours(20, 4))
	if err != nil {
		return err
	}
	m.Clock.Set(m.Now.AddDate(0, 0, -20))
	_, err = m.CPD.SetScheme(ctx, head, s.ID, s.Version, clock.AddDays(year+"-12-31", 1), officeHours(24, 6))
	return err
}

func officeHours(target, sharing int) cpd.Scheme {
	return cpd.Scheme{
		Name: "Learning hours of the office", Unit: "hours", HoursPerUnit: 1, PeriodMonths: 12, Target: target, HandInDays: 31, KeepProofMonths: 12, RemindMonths: []int{3, 1},
		Reflection: cpd.Reflection{Asks: []string{"What will you do differently?"}},
		Categories: []cpd.Category{
			{Name: "Craft of the office", Minimum: 8, FromKinds: []string{"mentoring.received"}},
			{Name: "The business that we serve", Minimum: 4},
			{Name: "Passing on", Minimum: sharing, FromKinds: []string{"mentoring.given", "advice.helped", "case.concluded"}},
		},
	}
}
