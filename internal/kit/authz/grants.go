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
	var sight Sight
	if on.Node != "" {
		var err error
		if sight, err = See(ctx, q, a, on.Node, today); err != nil {
			return err
		}
	}
	return p.Decide(a, act, on, sight)
}

// Decide is Check for an actor whose sight of the target's node is known already.
func (p *Policy) Decide(a Actor, act Action, on Target, sight Sight) error {
	rule, ok := p.rules[act]
	if !ok {
		return fmt.Errorf("authz: no rule for %q", act)
	}
	if on.Node != "" && !sight.visible {
		return errs.Missing("record")
	}
	switch {
	case rule.ByRole(a.Role):
		return nil
	case rule.Owner && a.Person != "" && on.Owner == a.Person:
		return nil
	case slices.ContainsFunc(sight.held, func(r NodeRole) bool { return slices.Contains(rule.OnNode, r) }):
		return nil
	case a.Role == Guest || a.Role == "":
		return errs.New(errs.Unauthenticated, "Please sign in.")
	case rule.Private:
		return errs.Missing("record")
	}
	return errs.New(errs.Forbidden, "You may see this, and your role does not allow changing it.")
}

// Sight is what an actor has to do with a node on a day: whether they see it,
// and which roles they hold on it or above.
type Sight struct {
	visible bool
	held    []NodeRole
}

// See looks at a node in one query; NotFound if there is none. A guest sees none.
func See(ctx context.Context, q sqldb.Querier, a Actor, node string, today clock.Day) (s Sight, err error) {
	rows, err := q.QueryContext(ctx, `SELECT n.confidential, COALESCE(g.role, '') FROM node n JOIN node_closure c ON c.descendant_id = n.id
		LEFT JOIN node_grant g ON g.node_id = c.ancestor_id AND g.person_id = $1 AND g.from_on <= $2 AND (g.to_on = '' OR g.to_on >= $3) WHERE n.id = $4`,
		a.Person, today, today, node)
	if err != nil {
		return s, err
	}
	defer rows.Close()
	found, confidential := false, false
	for rows.Next() {
		var r NodeRole
		if err := rows.Scan(&confidential, &r); err != nil {
			return s, err
		}
		found = true
		if r != "" && a.Person != "" {
			s.held = append(s.held, r)
		}
	}
	if !found && rows.Err() == nil {
		return s, errs.Missing("record")
	}
	s.visible = a.SeesConfidential() || a.SignedIn() && (!confidential || len(s.held) > 0)
	return s, rows.Err()
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
		// Few nodes are confidential, and somebody may hold very many roles: the
		// roles are looked up for the confidential ones alone.
		w.And(`(`+nodeColumn+` NOT IN (SELECT n.id FROM node n WHERE n.confidential = TRUE) OR EXISTS (
			SELECT 1 FROM node_closure above JOIN node_grant held ON held.node_id = above.ancestor_id
			WHERE above.descendant_id = `+nodeColumn+` AND held.person_id = ? AND held.from_on <= ? AND (held.to_on = '' OR held.to_on >= ?)))`, a.Person, today, today)
	}
}

// Confidential adds to a list query the condition that the row's node is
// confidential and the actor has a role on it or above.
func Confidential(w *sqldb.Where, a Actor, nodeColumn string, today clock.Day) {
	w.And(nodeColumn+` IN (SELECT n.id FROM node n WHERE n.confidential = TRUE AND EXISTS (
		SELECT 1 FROM node_closure above JOIN node_grant held ON held.node_id = above.ancestor_id
		WHERE above.descendant_id = n.id AND held.person_id = ? AND held.from_on <= ? AND (held.to_on = '' OR held.to_on >= ?)))`, a.Person, today, today)
}
