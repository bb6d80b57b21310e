package demo

import (
	"context"
	"time"

	"cairn/internal/kit/authz"
)

// seconded is how many people of the departments work in the PMO for some days a week.
const seconded = 6

// secondTo gives some planners and cost controllers of the departments an account of
// the PMO, so that the team is large enough for something to be told of it together.
func (m *maker) secondTo(name, title string, role authz.Role, leaves bool) authz.Role {
	if role != "" || leaves || len(m.seconded) == seconded || title != "Planner" && title != "Cost controller" {
		return role
	}
	m.seconded = append(m.seconded, name)
	return authz.PMOMember
}

// countTeam lets most of the PMO turn their career on and be counted, and counts.
func (m *maker) countTeam(ctx context.Context) error {
	m.Clock.Set(m.Now.Add(-15 * 24 * time.Hour))
	team := append(m.idsOf(m.pmo[1:]), m.idsOf(m.seconded)...)
	for i, id := range team {
		who := authz.Actor{Person: id, Role: authz.PMOMember}
		if i == 2 { // one of them would rather not
			continue
		}
		if err := m.Career.TurnOn(ctx, who); err != nil {
			return err
		}
		if err := m.Career.ChooseCounted(ctx, who, true); err != nil {
			return err
		}
	}
	m.Clock.Set(m.Now)
	return m.Career.CountTeam(ctx)
}
