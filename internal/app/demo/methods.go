package demo

import (
	"bytes"
	"context"

	"cairn/internal/governance"
	"cairn/internal/kit/authz"
)

// changedBefore is how many months ago the second version of the method came out.
const changedBefore = 9

// improve lives through the second version of the method: an analyst proposes, the
// head of PMO publishes, and projects are moved over half a year.
func (m *maker) improve(ctx context.Context, n int) error {
	if n == months-changedBefore {
		if err := m.secondVersion(ctx); err != nil {
			return err
		}
	}
	if m.second == "" || n == months-changedBefore {
		return nil
	}
	return m.Together(ctx, func(ctx context.Context) error {
		for _, p := range m.projects {
			due := months - changedBefore + 1 + p.voice%10 // some are not moved to this day
			if n != due || p.ends <= n || p.method.phase == "" || p.programme == 5 {
				continue
			}
			if err := m.Governance.Move(ctx, m.partnerOf(p), p.id, m.second); err != nil {
				return err
			}
			p.method.moved = true
		}
		return nil
	})
}

// secondVersion makes the monthly report ask for less.
func (m *maker) secondVersion(ctx context.Context) error {
	analyst := m.actor(Analyst, authz.PMOMember)
	id, err := m.Governance.Propose(ctx, analyst, governance.Proposal{
		Method: "cairn-full", Control: "go-02", Kind: governance.ToChange,
		Words: "The report is filled from the record now. Let it take half the minutes, and say so, so that nobody writes more than is read.",
	})
	if err != nil {
		return err
	}
	if _, err := m.Governance.TakeUp(ctx, analyst, id); err != nil {
		return err
	}
	d, _, _, _, err := m.Governance.DraftOf(ctx, analyst, "cairn-full")
	if err != nil {
		return err
	}
	d.Text = string(bytes.Replace([]byte(d.Text), []byte("minutes: {M: 8, L: 15, XL: 25}"), []byte("minutes: {M: 5, L: 8, XL: 12}"), 1))
	if err := m.Governance.WriteDraft(ctx, analyst, d); err != nil {
		return err
	}
	v, err := m.Governance.Publish(ctx, m.head, "cairn-full", d.Version+1)
	m.second = v.ID
	return err
}
