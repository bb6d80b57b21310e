package demo

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/mentoring"
)

// mentor lets two people offer to mentor, and one of them and the analyst meet every
// four weeks; the next meeting is due in these days.
func (m *maker) mentor(ctx context.Context) error {
	analyst, mentor := m.actor(Analyst, authz.PMOMember), m.actor(m.managers[1], authz.Member)
	m.Clock.Set(m.Now.AddDate(0, 0, -120))
	today := m.day(m.Clock.Now())
	offer, err := m.Mentoring.SaveOffer(ctx, mentor, 0, mentoring.Offer{
		Topics: []string{"project_delivery", "team_delivery"}, Words: "Twenty years of pipes. I do not explain, I ask what you would do, and then we go and look.", Weeks: 4, Places: 2,
		Until: clock.AddDays(today, 500),
	})
	if err != nil {
		return err
	}
	if _, err := m.Mentoring.SaveOffer(ctx, m.actor(m.pmo[2], authz.PMOMember), 0, mentoring.Offer{
		Topics: []string{"gate_assurance", "business_case"}, Words: "Bring a business case of one of your projects. We read it as the sponsor would.", Weeks: 3, Places: 1,
	}); err != nil {
		return err
	}
	pair, err := m.Mentoring.Ask(ctx, analyst, offer.ID, 4, "I have never answered for a project. I would like to know what I cannot see from the office.")
	if err != nil {
		return err
	}
	if err := m.Mentoring.Accept(ctx, mentor, pair.ID, 1, 0); err != nil {
		return err
	}
	for i, note := range []string{
		"He asked what I would have done on the Tuesday. I did not know that there was a Tuesday.",
		"We went through one week of his diary. Half of it is people who have not made up their mind.",
		"Brought a claim of my own making. We wrote the answer together; mine was twice as long.",
	} {
		m.Clock.Set(m.Now.AddDate(0, 0, -88+28*i))
		if _, err := m.Mentoring.NoteMeeting(ctx, analyst, pair.ID, mentoring.Meeting{On: m.day(m.Clock.Now()), Minutes: 75, Note: note}); err != nil {
			return err
		}
	}
	if _, err := m.Mentoring.Pair(ctx, mentor, pair.ID); err != nil { // he looks
		return err
	}
	_, err = m.Mentoring.NoteMeeting(ctx, mentor, pair.ID, mentoring.Meeting{On: m.day(m.Clock.Now()), Minutes: 75, Note: "She sees the money before I do. Let her run the next handover meeting."})
	return err
}
