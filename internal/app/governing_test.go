package app

import (
	"context"
	"testing"

	"cairn/internal/bodies"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/portfolio"
	"cairn/internal/raid"
)

// A steering group of a programme decides about an open project and a secret one
// below it. What it raised and decided stands in the registers, with the way back,
// and of the secret project only for those who see that.
func TestWhatASteeringGroupRaisesHasTheVisibilityOfItsProject(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		rivers, err := o.Portfolio.AddProgramme(ctx, o.head, portfolio.Programme{Name: "Rivers"})
		check(t, err)
		var below [2]string
		for i, name := range []string{"Weir", "Secret weir"} {
			f := portfolio.Facts{portfolio.Name: {Text: name}, portfolio.Parent: {Text: rivers.ID}, portfolio.Status: {Text: "Live"}}
			below[i], err = o.Portfolio.AddProject(ctx, o.head, "2025-01-01", f, i == 1)
			check(t, err)
			o.assign(t, below[i], o.manager, portfolio.Manager, "2025-01-01")
		}
		b, err := o.Bodies.Found(ctx, o.head, bodies.Body{Name: "Rivers steering group", Kind: bodies.SteeringGroup, Node: rivers.ID}, bodies.Terms{})
		check(t, err)
		for who, k := range map[authz.Actor]bodies.SeatKind{o.head: bodies.Chair, o.partner: bodies.Secretariat} {
			_, err := o.Bodies.GiveSeat(ctx, o.head, bodies.Seat{Body: b.ID, Person: who.Person, Kind: k, From: "2026-01-01"})
			check(t, err)
		}
		m, err := o.Bodies.Call(ctx, o.head, bodies.Meeting{Body: b.ID, On: "2026-03-16", Subject: "March"})
		check(t, err)
		for _, project := range below {
			check(t, o.Bodies.RaiseAction(ctx, o.head, m.ID, bodies.ActionAsked{Title: "Count fish", Owner: o.manager.Person, Due: "2026-03-01", Project: project}))
			check(t, o.Bodies.Decide(ctx, o.head, m.ID, bodies.Decision{Title: "Count fish", Project: project}))
		}
		if err := o.Bodies.Decide(ctx, o.head, m.ID, bodies.Decision{Title: "Elsewhere", Project: o.project}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a project that the body does not govern: %v", err)
		}
		if err := o.Bodies.RaiseAction(ctx, o.partner, m.ID, bodies.ActionAsked{Title: "Peep", Owner: o.partner.Person, Due: "2026-03-01", Project: below[1]}); !errs.Is(err, errs.NotFound) {
			t.Errorf("the secretariat names a project that it does not see: %v", err)
		}
		for who, n := range map[authz.Actor]int{o.head: 2, o.manager: 2, o.partner: 1, o.other: 1} {
			actions, err := o.Raid.List(ctx, who, raid.Filter{Origin: raid.FromMeeting, OriginID: m.ID})
			check(t, err)
			decisions, err := o.Bodies.Decisions(ctx, who, bodies.DecisionFilter{Origin: bodies.FromMeeting, OriginID: m.ID})
			check(t, err)
			if actions.Count != n || actions.Overdue != n || decisions.Count != n || len(decisions.Decisions) != n {
				t.Errorf("%s: %d actions, %d decisions, want %d each", who.Role, actions.Count, decisions.Count, n)
			}
			for _, a := range actions.Actions {
				if a.Origin.Path != "/meetings/"+m.ID || a.Origin.Title != "March, 16 March 2026" {
					t.Errorf("the way back %+v", a.Origin)
				}
			}
		}
		wait, err := o.Raid.Waiting(ctx, o.manager)
		if err != nil || wait.Overdue != 2 {
			t.Errorf("waits %+v, %v", wait, err)
		}
	})
}
