package authz

import (
	"context"
	"fmt"
	"slices"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
)

// Target is what an action is done to.
type Target struct {
	Node  string // portfolio, programme or project; empty for none
	Owner string // the person whose own thing it is; empty for none
}

// Instance is the target of actions that concern no project and no person.
var Instance = Target{}

// On is a target on a node of the register.
func On(node string) Target { return Target{Node: node} }

// Of is a target that belongs to a person.
func Of(person string) Target { return Target{Owner: person} }

// Check decides whether the actor may do the action on the target on that day.
// May not see: NotFound. May see and not act: Forbidden. Nobody signed in where
// somebody must be: Unauthenticated.
func (p *Policy) Check(ctx context.Context, q sqldb.Querier, a Actor, act Action, on Target, today clock.Day) error {
	rule, ok := p.rules[act]
	if !ok {
		return fmt.Errorf("authz: no rule for %q", act)
	}
	var held []NodeRole
	if on.Node != "" {
		visible, roles, err := seeNode(ctx, q, a, on.Node, today)
		if err != nil {
			return err
		}
		if !visible {
			return errs.Missing("record")
		}
		held = roles
	}
	switch {
	case rule.ByRole(a.Role):
		return nil
	case rule.Owner && a.Person != "" && on.Owner == a.Person:
		return nil
	case slices.ContainsFunc(held, func(r NodeRole) bool { return slices.Contains(rule.OnNode, r) }):
		return nil
	case a.Role == Guest || a.Role == "":
		return errs.New(errs.Unauthenticated, "Please sign in.")
	case rule.Private:
		return errs.Missing("record")
	}
	return errs.New(errs.Forbidden, "You may see this, and your role does not allow changing it.")
}

// seeNode tells whether the actor sees the node, and which roles they hold on
// it or above. A guest sees none.
func seeNode(ctx context.Context, q sqldb.Querier, a Actor, node string, today clock.Day) (bool, []NodeRole, error) {
	var confidential bool
	if err := q.QueryRowContext(ctx, `SELECT confidential FROM node WHERE id = $1`, node).Scan(&confidential); err != nil {
		return false, nil, sqldb.Translate(err)
	}
	if a.Person == "" {
		return a.SeesConfidential(), nil, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT g.role FROM node_closure c JOIN node_grant g ON g.node_id = c.ancestor_id
		WHERE c.descendant_id = $1 AND g.person_id = $2 AND g.from_on <= $3 AND (g.to_on = '' OR g.to_on >= $4)`,
		node, a.Person, today, today)
	if err != nil {
		return false, nil, err
	}
	defer rows.Close()
	var held []NodeRole
	for rows.Next() {
		var r NodeRole
		if err := rows.Scan(&r); err != nil {
			return false, nil, err
		}
		held = append(held, r)
	}
	return !confidential || a.SeesConfidential() || len(held) > 0, held, rows.Err()
}

// Scope adds to a list query the condition that the actor may see the row's
// node. The column names the node's id; the query joins nothing else.
func Scope(w *sqldb.Where, a Actor, nodeColumn string, today clock.Day) {
	switch {
	case a.SeesConfidential():
		return
	case a.Person == "":
		w.And("1 = 0")
	default:
		w.And(`(`+nodeColumn+` NOT IN (SELECT n.id FROM node n WHERE n.confidential = TRUE) OR `+nodeColumn+` IN (
			SELECT c.descendant_id FROM node_grant g JOIN node_closure c ON c.ancestor_id = g.node_id
			WHERE g.person_id = ? AND g.from_on <= ? AND (g.to_on = '' OR g.to_on >= ?)))`, a.Person, today, today)
	}
}
