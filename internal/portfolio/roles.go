package portfolio

import (
	"context"
	"slices"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// HeldRole is a role that somebody was given on a portfolio or programme, for
// all that lies below it.
type HeldRole struct {
	ID, Node, Person string
	PersonName       string
	Role             authz.NodeRole
	From, To         clock.Day // To is empty while it lasts
	Version          int64
}

// On reports whether the role holds on a day.
func (r HeldRole) On(day clock.Day) bool { return r.From <= day && (r.To == "" || r.To >= day) }

// RoleWords are the roles on a portfolio or programme, with what they allow.
var RoleWords = []struct {
	Role  authz.NodeRole
	Label string
	Means string
}{
	{authz.Sponsor, "Sponsor", "changes facts and assigns people"},
	{authz.ProjectManager, "Project manager", "changes facts, assigns people and reports"},
	{authz.Team, "Team", "sees it, confidential or not"},
	{authz.Viewer, "Viewer", "sees it, confidential or not"},
}

// RoleLabel is the role in the reader's words.
func RoleLabel(r authz.NodeRole) string {
	for _, w := range RoleWords {
		if w.Role == r {
			return w.Label
		}
	}
	return string(r)
}

// NodeRoles are who has a role on one portfolio or programme.
type NodeRoles struct {
	Node, Name string
	Roles      []HeldRole
	MayGive    bool
}

// RoleGiven is the event of a role on a portfolio or programme that was given,
// or got another last day.
type RoleGiven struct {
	Grant  string         `json:"grant"`
	Node   string         `json:"node"`
	Person string         `json:"person"`
	Role   authz.NodeRole `json:"role"`
	From   clock.Day      `json:"from"`
	To     clock.Day      `json:"to,omitempty"`
	Ended  bool           `json:"ended,omitempty"`
}

// Activity implements activity.Event.
func (e RoleGiven) Activity() activity.Meta {
	verb := "node_role.given"
	if e.Ended {
		verb = "node_role.ended"
	}
	return activity.Meta{Verb: verb, Version: 1, SubjectKind: "node_role", SubjectID: e.Grant, Project: e.Node}
}

// NodeRoles shows who has or had a role on a portfolio or programme.
func (s *Service) NodeRoles(ctx context.Context, who authz.Actor, node string) (out NodeRoles, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeProject, authz.On(node)); err != nil {
			return err
		}
		if out.Name, err = groupName(ctx, v, node); err != nil {
			return err
		}
		out.Node, out.MayGive = node, v.Can(ctx, GiveRoles, authz.On(node))
		out.Roles, err = heldRoles(ctx, v, node)
		return err
	})
	return out, err
}

// GiveRole gives a person a role on a portfolio or programme and all below it.
// Without a first day it is today.
func (s *Service) GiveRole(ctx context.Context, who authz.Actor, r HeldRole) (HeldRole, error) {
	err := s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, GiveRoles, authz.On(r.Node)); err != nil {
			return err
		}
		if _, err := groupName(ctx, tx, r.Node); err != nil {
			return err
		}
		if r.From == "" {
			r.From = tx.Today
		}
		if err := checkRole(ctx, tx, r); err != nil {
			return err
		}
		r.ID, r.Version = tx.NewID(), 1
		if _, err := tx.ExecContext(ctx, `INSERT INTO node_role (id, node_id, person_id, role, from_on, to_on, version) VALUES ($1, $2, $3, $4, $5, $6, 1)`,
			r.ID, r.Node, r.Person, string(r.Role), r.From, r.To); err != nil {
			return err
		}
		tx.Record(RoleGiven{Grant: r.ID, Node: r.Node, Person: r.Person, Role: r.Role, From: r.From, To: r.To})
		return authz.PutGrant(ctx, tx, authz.Grant{Source: r.ID, Node: r.Node, Person: r.Person, Role: r.Role, From: r.From, To: r.To})
	})
	return r, err
}

func checkRole(ctx context.Context, q sqldb.Querier, r HeldRole) error {
	var c errs.Check
	c.That(slices.Contains(authz.NodeRoles, r.Role), "role", "Choose a role.")
	c.That(clock.ValidDay(r.From), "from", "Enter a date such as 2026-11-24.")
	c.That(r.To == "" || clock.ValidDay(r.To), "to", "Enter a date such as 2026-11-24.")
	c.That(r.To == "" || r.To >= r.From, "to", "The last day comes before the first.")
	ok, err := personExists(ctx, q, r.Person)
	if err != nil {
		return err
	}
	c.That(ok, "person", "Choose a person from the directory.")
	return c.Err()
}

// EndRole ends a role on a portfolio or programme: from today on it allows
// nothing. One that had not begun never will.
func (s *Service) EndRole(ctx context.Context, who authz.Actor, node, id string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, GiveRoles, authz.On(node)); err != nil {
			return err
		}
		list, err := heldRoles(ctx, tx, node)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(r HeldRole) bool { return r.ID == id })
		if i < 0 {
			return errs.Missing("role")
		}
		r := list[i]
		if r.To != "" && r.To < tx.Today {
			return errs.New(errs.Invalid, "This role has ended already.")
		}
		r.To = clock.AddDays(tx.Today, -1)
		tx.Record(RoleGiven{Grant: r.ID, Node: node, Person: r.Person, Role: r.Role, From: r.From, To: r.To, Ended: true})
		if _, err := tx.ExecContext(ctx, `UPDATE node_role SET to_on = $1, version = version + 1 WHERE id = $2`, r.To, id); err != nil {
			return err
		}
		return authz.DropGrant(ctx, tx, id)
	})
}

// groupName is the name of a portfolio or programme; a project is neither, its
// people are assigned on its own page.
func groupName(ctx context.Context, q sqldb.Querier, node string) (name string, err error) {
	err = q.QueryRowContext(ctx, `SELECT name FROM portfolio WHERE id = $1 UNION ALL SELECT name FROM programme WHERE id = $2`, node, node).Scan(&name)
	return name, err
}

func heldRoles(ctx context.Context, q sqldb.Querier, node string) (out []HeldRole, err error) {
	rows, err := q.QueryContext(ctx, `SELECT r.id, r.node_id, r.person_id, p.name, r.role, r.from_on, r.to_on, r.version
		FROM node_role r JOIN v_person p ON p.id = r.person_id WHERE r.node_id = $1 ORDER BY r.from_on DESC, r.id LIMIT 1000`, node)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r HeldRole
		if err := rows.Scan(&r.ID, &r.Node, &r.Person, &r.PersonName, &r.Role, &r.From, &r.To, &r.Version); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}
