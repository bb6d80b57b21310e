package demo

import (
	"context"
	"slices"

	"cairn/internal/bodies"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/opportunity"
)

// offerWork lets project managers offer pieces of their work: one that the analyst
// has shadowed to its confirmed debrief, one that somebody has applied for, and
// some that are open to everybody.
func (m *maker) offerWork(ctx context.Context) error {
	var live []*project
	for _, p := range m.projects {
		if p.id != "" && p.begins < months-4 && p.ends > months && p.number-101 < detailed {
			live = append(live, p)
		}
	}
	if len(live) < 4 {
		return nil
	}
	if err := m.shadowed(ctx, live[1]); err != nil {
		return err
	}
	if err := m.seatOffered(ctx); err != nil {
		return err
	}
	m.Clock.Set(m.Now.AddDate(0, 0, -6))
	today := m.day(m.Clock.Now())
	for i, o := range []opportunity.Opportunity{
		{
			Form: opportunity.Deputise, Title: "Stand in for the project manager for two weeks", Hours: 24, From: clock.AddDays(today, 20), To: clock.AddDays(today, 34),
			Need:      "I am away. The weekly meeting with the contractor, the report of the month, and what comes up in between. I brief you for half a day before.",
			Authority: "Decides on changes that cost nothing and move no milestone; anything else waits for me or goes to the sponsor.",
		},
		{
			Form: opportunity.Shadow, Title: "Sit beside me through one reporting month", Hours: 10, Places: 2, From: clock.AddDays(today, 10), To: clock.AddDays(today, 40),
			Need: "From the site walk to the report: where the numbers come from, what I leave out and why.",
		},
		{
			Form: opportunity.Support, Title: "Help to plan the handover", Hours: 16, From: clock.AddDays(today, 14), To: clock.AddDays(today, 60),
			Need: "A list of what operations takes over, walked through with the people who will run it.",
		},
	} {
		p := live[i]
		o.Project, o.Subject, o.Places = p.id, opportunity.OfProject, max(o.Places, 1)
		made, err := m.Opportunities.MakeOffer(ctx, m.actor(p.manager, authz.Member), o)
		if err != nil {
			return err
		}
		if i == 2 {
			if _, err := m.Opportunities.Apply(ctx, m.actor(m.pmo[2], authz.PMOMember), made.ID, m.people[Head], "I wrote the last two handover lists, and have never stood on a site for one."); err != nil {
				return err
			}
		}
	}
	return nil
}

// seatOffered lets the head of PMO look for a deputy at a steering group to come.
func (m *maker) seatOffered(ctx context.Context) error {
	g := m.groups[1]
	i := slices.IndexFunc(m.projects, func(p *project) bool { return p.id != "" && p.programme == g.programme && p.ends > months })
	if i < 0 {
		return nil
	}
	m.Clock.Set(m.Now.AddDate(0, 0, -8))
	on := clock.AddDays(m.day(m.Now), 17)
	meeting, err := m.Bodies.Call(ctx, m.actor(g.secretary, authz.PMOMember), bodies.Meeting{Body: g.id, On: on, Starts: "10:00", Subject: g.name})
	if err != nil {
		return err
	}
	_, err = m.Opportunities.MakeOffer(ctx, m.head, opportunity.Opportunity{
		Project: m.projects[i].id, Subject: opportunity.OfMeeting, SubjectID: meeting.ID, Form: opportunity.Deputise, Places: 1, Hours: 5, From: on, To: on,
		Title: "Sit in for me at the steering group of " + programmes[g.programme].Name, Need: "I am at the regulator that day. Read the pack, meet me for half an hour before, and bring back what was asked.", Authority: "You speak and vote for me on " + authority + ".",
	})
	return err
}

// shadowed is the piece of work that the analyst has shadowed.
func (m *maker) shadowed(ctx context.Context, p *project) error {
	analyst, manager := m.actor(Analyst, authz.PMOMember), m.actor(p.manager, authz.Member)
	m.Clock.Set(m.Now.AddDate(0, 0, -80))
	day := m.day(m.Clock.Now())
	o, err := m.Opportunities.MakeOffer(ctx, manager, opportunity.Opportunity{
		Project: p.id, Subject: opportunity.OfProject, Form: opportunity.Shadow, Title: "A week on site with the project manager", Places: 1, Hours: 20,
		Need: "See a week as it is: the morning round, the claims, the phone.", From: day, To: clock.AddDays(day, 14),
	})
	if err != nil {
		return err
	}
	place, err := m.Opportunities.Apply(ctx, analyst, o.ID, m.people[Head], "I have read two hundred reports and seen no site.")
	if err != nil {
		return err
	}
	if err := m.Opportunities.AgreeForLine(ctx, m.head, o.ID, place.ID, 1); err != nil {
		return err
	}
	if err := m.Opportunities.Give(ctx, manager, o.ID, place.ID, 2); err != nil {
		return err
	}
	m.Clock.Set(m.Now.AddDate(0, 0, -64))
	if err := m.Opportunities.WriteDebrief(ctx, analyst, o.ID, place.ID, 3, opportunity.Debrief{
		Done: "Four mornings on site and one with the quantity surveyor. Two of the ambers of the last report were decided on the phone before eight.", Hours: 22,
		Learned: "The report is the last place where a problem arrives. I would ask for the call list before I ask for a status.",
	}); err != nil {
		return err
	}
	return m.Opportunities.Confirm(ctx, manager, o.ID, place.ID, 4)
}
