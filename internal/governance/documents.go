package governance

import (
	"context"

	"cairn/internal/governance/method"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
)

// DocumentAsked is a document that the method asks of a project.
type DocumentAsked struct {
	method.DocumentAsked
	PhaseName string
	DueGate   string    // as it is called; empty if no gate ends its phase
	DueOn     clock.Day // when that gate is planned; empty if nobody has planned it
	Writer    string    // role, in the method's words
}

// DocumentsAsked lists the documents that the method asks of a project today.
func (s *Service) DocumentsAsked(ctx context.Context, q sqldb.Querier, project string) ([]DocumentAsked, error) {
	g, m, err := s.current(ctx, q, project)
	if err != nil || g == nil {
		return nil, err
	}
	planned, err := plannedOf(ctx, q, project)
	if err != nil {
		return nil, err
	}
	var out []DocumentAsked
	for _, d := range s.require(g.Version, m, g.Tier, g.Involves).Documents {
		x := DocumentAsked{DocumentAsked: d, Writer: roleName(m, or(d.WrittenBy, roleManager))}
		if p := m.Phase(d.Phase); p != nil {
			x.PhaseName = p.Name
		}
		if gate := endOf(m, d.Phase, g.Tier); gate != nil {
			x.DueGate, x.DueOn = gate.Name, planned[gate.ID]
		}
		out = append(out, x)
	}
	return out, nil
}

// plannedOf reads when the gates of a project are planned, by gate.
func plannedOf(ctx context.Context, q sqldb.Querier, project string) (map[string]clock.Day, error) {
	rows, err := q.QueryContext(ctx, `SELECT gate_id, planned_on FROM gate_plan WHERE project_id = $1`, project)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]clock.Day{}
	for rows.Next() {
		var gate string
		var on clock.Day
		if err := rows.Scan(&gate, &on); err != nil {
			return nil, err
		}
		out[gate] = on
	}
	return out, rows.Err()
}

// endOf gives the gate at which a phase ends for a tier, where it is held.
func endOf(m *method.Method, phase string, tier method.Tier) *method.Gate {
	for i := range m.Gates {
		g := &m.Gates[i]
		if g.After != phase {
			continue
		}
		if form := g.Form.At(tier); form.Kind == method.FoldedIn {
			return m.Gate(form.At)
		}
		return g
	}
	return nil
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
