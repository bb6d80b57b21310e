package demo

import (
	"context"
	"fmt"
	"strings"

	"cairn/internal/governance"
	"cairn/internal/kit/clock"
	"cairn/internal/transfer"
)

// mostPast is of how many projects the spreadsheet tells that the PMO kept before.
const mostPast = 48

// pastGates brings in the spreadsheet in which the PMO kept gate decisions before
// it had a method here: of projects that were under way by then.
func (m *maker) pastGates(ctx context.Context) error {
	var b strings.Builder
	b.WriteString("Project code,Project name,G1,G2,G3,Approval body\n")
	began, rows := m.day(m.month(months-governedMonths)), 0
	for _, p := range m.projects {
		if p.id == "" || p.begins >= months-governedMonths || p.number-101 >= detailed || rows == mostPast {
			continue
		}
		line, err := m.pastLine(ctx, p, began)
		if err != nil {
			return err
		}
		if line != "" {
			b.WriteString(line)
			rows++
		}
	}
	if rows == 0 {
		return nil
	}
	text := b.String()
	src, err := transfer.Read(strings.NewReader(text), int64(len(text)), "Gate decisions before Cairn.csv")
	if err != nil {
		return err
	}
	plan, err := m.Transfer.PlanFor(ctx, m.head, src, transfer.Wish{Kind: transfer.Gates})
	if err != nil {
		return err
	}
	rep, err := m.Transfer.Run(ctx, m.head, src, plan, false)
	if err == nil && !rep.Applied {
		err = fmt.Errorf("past gates: %v", rep.Refused)
	}
	return err
}

// pastLine tells when the gates were passed that lie behind a project.
func (m *maker) pastLine(ctx context.Context, p *project, began clock.Day) (string, error) {
	j, err := m.Governance.Journey(ctx, m.head, p.id)
	if err != nil || j.Governed == nil {
		return "", err
	}
	first := clock.AddDays(m.day(m.month(p.begins)), -40-p.voice%50)
	second := clock.AddDays(first, 35+p.voice*7%90)
	on := map[string]clock.Day{"g1": first, "g2": second, "g3": clock.AddDays(second, 50+p.voice*11%150)}
	cells, any := map[string]string{}, false
	for i := range j.Steps {
		s := &j.Steps[i]
		if day := on[s.Gate.ID]; s.Place == governance.GateBefore && day != "" && day < began {
			cells[s.Gate.ID], any = day, true
		}
	}
	if !any {
		return "", nil
	}
	body := []string{"Change Board", "Executive Committee", "Change Board"}[p.voice%3]
	return fmt.Sprintf("P-%04d,%q,%s,%s,%s,%s\n", p.number, p.name, cells["g1"], cells["g2"], cells["g3"], body), nil
}
