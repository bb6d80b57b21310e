package authz

import (
	"context"
	"database/sql"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
)

// Writer is a transaction that can change the tables of this package.
type Writer interface {
	sqldb.Querier
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Node is a portfolio, programme or project as far as visibility is concerned.
type Node struct {
	ID           string
	Parent       string // empty at the top
	Confidential bool   // marked so itself; what lies below inherits it
}

// PutNode makes a node or moves it below another parent, and recomputes who is
// confidential below it.
func PutNode(ctx context.Context, tx Writer, n Node) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO node (id, parent_id, marked, confidential) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET parent_id = excluded.parent_id, marked = excluded.marked, confidential = excluded.confidential`,
		n.ID, n.Parent, n.Confidential, n.Confidential); err != nil {
		return err
	}
	if err := linkAncestors(ctx, tx, n); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE node SET confidential = EXISTS (SELECT 1 FROM node_closure c JOIN node a ON a.id = c.ancestor_id
		WHERE c.descendant_id = node.id AND a.marked = TRUE)
		WHERE id IN (SELECT descendant_id FROM node_closure WHERE ancestor_id = $1)`, n.ID)
	return err
}

// linkAncestors rebuilds the closure rows between everything above n and
// everything at or below it.
func linkAncestors(ctx context.Context, tx Writer, n Node) error {
	steps := []struct {
		query string
		args  []any
	}{
		{`INSERT INTO node_closure (ancestor_id, descendant_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`, []any{n.ID, n.ID}},
		{`DELETE FROM node_closure WHERE descendant_id IN (SELECT descendant_id FROM node_closure WHERE ancestor_id = $1)
			AND ancestor_id NOT IN (SELECT descendant_id FROM node_closure WHERE ancestor_id = $2)`, []any{n.ID, n.ID}},
		{`INSERT INTO node_closure (ancestor_id, descendant_id) SELECT a.ancestor_id, d.descendant_id
			FROM node_closure a, node_closure d WHERE a.descendant_id = $1 AND d.ancestor_id = $2 ON CONFLICT DO NOTHING`, []any{n.Parent, n.ID}},
	}
	for _, s := range steps {
		if _, err := tx.ExecContext(ctx, s.query, s.args...); err != nil {
			return err
		}
	}
	return nil
}

// Grant gives a person a role on a node for a time; Source names the record
// that it comes from (an assignment's id), so that it can be taken back.
type Grant struct {
	Source string
	Node   string
	Person string
	Role   NodeRole
	From   clock.Day // first day
	To     clock.Day // last day; empty while it lasts
}

// PutGrant gives or changes the grant that comes from one source.
func PutGrant(ctx context.Context, tx Writer, g Grant) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO node_grant (source_id, node_id, person_id, role, from_on, to_on) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (source_id) DO UPDATE SET node_id = excluded.node_id, person_id = excluded.person_id, role = excluded.role,
		from_on = excluded.from_on, to_on = excluded.to_on`, g.Source, g.Node, g.Person, string(g.Role), g.From, g.To)
	return err
}

// DropGrant takes the grant of a source back.
func DropGrant(ctx context.Context, tx Writer, source string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM node_grant WHERE source_id = $1`, source)
	return err
}

// DropGrantsOf takes every grant of a person back.
func DropGrantsOf(ctx context.Context, tx Writer, person string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM node_grant WHERE person_id = $1`, person)
	return err
}
