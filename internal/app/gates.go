package app

import (
	"context"
	"database/sql"
	"errors"

	"cairn/internal/bodies"
	"cairn/internal/governance"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
	"cairn/internal/portfolio"
)

// registerPhase lets the register follow the phase that a gate opens.
type registerPhase struct{ projects *portfolio.Service }

// PhaseIn implements governance.Phases.
func (r registerPhase) PhaseIn(ctx context.Context, tx *work.Tx, project string, from clock.Day, phase string) error {
	return r.projects.PhasedIn(ctx, tx, project, from, phase)
}

// gateBodies knows which governing body decides about a project, and who sits in it.
type gateBodies struct{}

// bodyKinds are the kinds of body that play a role of a method.
var bodyKinds = map[string]bodies.BodyKind{"steering-group": bodies.SteeringGroup, "portfolio-board": bodies.PortfolioBoard}

// For implements governance.GateBodies: the nearest body above the project.
func (gateBodies) For(ctx context.Context, q sqldb.Querier, project, role string) (id, name string, err error) {
	kind, known := bodyKinds[role]
	if !known {
		return "", "", nil
	}
	err = q.QueryRowContext(ctx, `SELECT b.id, b.name FROM v_body b JOIN node_closure c ON c.ancestor_id = b.node_id
		WHERE c.descendant_id = $1 AND b.kind = $2 AND b.ended_on = '' ORDER BY (SELECT COUNT(*) FROM node_closure d WHERE d.descendant_id = b.node_id) DESC, b.id LIMIT 1`, project, string(kind)).Scan(&id, &name)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", nil
	}
	return id, name, err
}

// Seats implements governance.GateBodies. The secretariat has no voice.
func (gateBodies) Seats(ctx context.Context, q sqldb.Querier, body string, day clock.Day) (out []governance.BodySeat, err error) {
	rows, err := q.QueryContext(ctx, `SELECT person_id, side, seat FROM v_seat WHERE body_id = $1 AND from_on <= $2 AND (to_on = '' OR to_on >= $3) AND seat <> 'secretariat'
		ORDER BY CASE seat WHEN 'chair' THEN 0 WHEN 'deputy_chair' THEN 1 ELSE 2 END, id`, body, day, day)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s governance.BodySeat
		var seat string
		if err := rows.Scan(&s.Person, &s.Side, &seat); err != nil {
			return nil, err
		}
		s.Chair = seat == string(bodies.Chair)
		out = append(out, s)
	}
	return out, rows.Err()
}

// Names implements governance.GateBodies.
func (gateBodies) Names(ctx context.Context, q sqldb.Querier, ids []string) (map[string]string, error) {
	out := map[string]string{}
	if len(ids) == 0 {
		return out, nil
	}
	var w sqldb.Where
	w.AndIn("id", ids)
	rows, err := q.QueryContext(ctx, `SELECT id, name FROM v_body`+w.SQL(), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		out[id] = name
	}
	return out, rows.Err()
}

// gateDecisions puts the decision of a gate into the register of decisions.
type gateDecisions struct{ bodies *bodies.Service }

// DecideIn implements governance.Decisions.
func (g gateDecisions) DecideIn(ctx context.Context, tx *work.Tx, d governance.Decided) (string, error) {
	by := d.By
	if d.Body != "" {
		by = ""
	}
	made, err := g.bodies.DecideIn(ctx, tx, bodies.Decision{
		Title: d.Title, Words: d.Words, Project: d.Project, Body: d.Body, Person: by, DecidedOn: d.On,
		Origin: bodies.Origin{Kind: bodies.FromGate, ID: d.Review, Title: d.Title, Path: d.Path},
	})
	return made.ID, err
}
