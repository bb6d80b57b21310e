package authz

import (
	"context"
	"fmt"
	"slices"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
)

// Each decides about many nodes at once, in two queries: which of them the
// actor sees, and on which of those the action is allowed.
func (p *Policy) Each(ctx context.Context, q sqldb.Querier, a Actor, act Action, nodes []string, today clock.Day) (sees, may map[string]bool, err error) {
	rule, ok := p.rules[act]
	if !ok {
		return nil, nil, fmt.Errorf("authz: no rule for %q", act)
	}
	var w sqldb.Where
	w.AndIn("n.id", nodes)
	Scope(&w, a, "n.id", today)
	if sees, err = nodesOf(ctx, q, `SELECT n.id, '' FROM node n`+w.SQL(), func(NodeRole) bool { return true }, w.Values()...); err != nil || rule.ByRole(a.Role) {
		return sees, sees, err
	}
	var g sqldb.Where
	g.AndIn("c.descendant_id", nodes)
	g.And("g.person_id = ? AND g.from_on <= ? AND (g.to_on = '' OR g.to_on >= ?)", a.Person, today, today)
	may, err = nodesOf(ctx, q, `SELECT c.descendant_id, g.role FROM node_closure c JOIN node_grant g ON g.node_id = c.ancestor_id`+g.SQL(),
		func(r NodeRole) bool { return a.Person != "" && slices.Contains(rule.OnNode, r) }, g.Values()...)
	return sees, may, err
}

func nodesOf(ctx context.Context, q sqldb.Querier, query string, counts func(NodeRole) bool, args ...any) (map[string]bool, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]bool{}
	for rows.Next() {
		var id string
		var role NodeRole
		if err := rows.Scan(&id, &role); err != nil {
			return nil, err
		}
		if counts(role) {
			out[id] = true
		}
	}
	return out, rows.Err()
}
