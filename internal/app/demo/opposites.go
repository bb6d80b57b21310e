package demo

import (
	"context"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/opposites"
)

// pairsOf puts twelve marks to the ends, in their order.
func pairsOf(list [12]int) opposites.Marks {
	m := opposites.Marks{}
	for i, e := range opposites.Ends() {
		if list[i] > 0 {
			m[e.ID] = list[i]
		}
	}
	return m
}

// lookAtPairs lets the analyst mark herself twice, half a year apart, and ask seven
// colleagues the second time: five answer, one declines, one lets it be. A colleague
// asks her and others now.
func (m *maker) lookAtPairs(ctx context.Context) error {
	analyst := m.actor(Analyst, authz.PMOMember)
	m.Clock.Set(m.month(months - 8))
	if _, err := m.Opposites.Rate(ctx, analyst, pairsOf([12]int{5, 2, 2, 4, 2, 3, 5, 1, 3, 5, 2, 4})); err != nil {
		return err
	}
	m.Clock.Set(m.month(months - 2))
	r, err := m.Opposites.Rate(ctx, analyst, pairsOf([12]int{5, 2, 2, 4, 3, 3, 5, 2, 3, 5, 2, 4}))
	if err != nil {
		return err
	}
	if err := m.Opposites.Note(ctx, analyst, r.ID, r.Version, "I lead more than I think when the room is small. Try it: open the meeting without the pack in my hand."); err != nil {
		return err
	}
	asked := []string{m.managers[1], m.managers[2], m.managers[4], m.pmo[2], m.pmo[3], m.pmo[4], Head}
	if err := m.Opposites.Ask(ctx, analyst, r.ID, m.idsOf(asked), ""); err != nil {
		return err
	}
	for i, marks := range [5][12]int{
		{5, 3, 3, 4, 4, 3, 5, 4, 3, 5, 3, 4},
		{5, 2, 2, 4, 5, 2, 5, 3, 2, 5, 3, 4},
		{4, 4, 3, 3, 5, 3, 5, 5, 4, 4, 0, 5},
		{4, 4, 3, 5, 4, 3, 4, 4, 3, 4, 2, 3},
		{5, 3, 4, 3, 4, 4, 5, 3, 4, 5, 3, 5},
	} {
		m.Clock.Advance(31 * time.Hour)
		if err := m.Opposites.Reply(ctx, m.actor(asked[i], authz.Member), r.ID, pairsOf(marks)); err != nil {
			return err
		}
	}
	if err := m.Opposites.Decline(ctx, m.actor(asked[5], authz.Member), r.ID); err != nil {
		return err
	}
	m.Clock.Advance(5 * 24 * time.Hour)
	if err := m.Opposites.Close(ctx, analyst, r.ID); err != nil {
		return err
	}
	return m.askTheAnalyst(ctx)
}

// askTheAnalyst is a round that goes on today.
func (m *maker) askTheAnalyst(ctx context.Context) error {
	m.Clock.Set(m.Now.AddDate(0, 0, -3))
	colleague := m.actor(m.pmo[2], authz.PMOMember)
	r, err := m.Opposites.Rate(ctx, colleague, pairsOf([12]int{3, 4, 4, 2, 3, 4, 4, 4, 4, 3, 4, 3}))
	if err != nil {
		return err
	}
	asked := []string{Analyst, m.pmo[4], m.pmo[3], m.managers[0], m.managers[3], m.managers[5]}
	if err := m.Opposites.Ask(ctx, colleague, r.ID, m.idsOf(asked), clock.AddDays(m.day(m.Now), 14)); err != nil {
		return err
	}
	return m.Opposites.Reply(ctx, m.actor(asked[1], authz.PMOMember), r.ID, pairsOf([12]int{4, 4, 4, 3, 2, 4, 5, 4, 4, 3, 4, 3}))
}

func (m *maker) idsOf(names []string) (out []string) {
	for _, n := range names {
		out = append(out, m.people[n])
	}
	return out
}
