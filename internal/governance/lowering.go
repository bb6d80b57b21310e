package governance

import (
	"context"
	"slices"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Lowering is who decides about another tier than the dial gave, and whom the
// method wants to hear before.
type Lowering struct {
	Who        string // role; empty if nobody may
	Needs      []string
	NeedsNames []string // the same, in the method's words
	Said       []TierOpinion
}

// TierOpinion is what one of those said.
type TierOpinion struct {
	Role, Person, Name string
	Agrees             bool
	Words              string
	On                 clock.Day
}

// leave reads what an override needs. An opinion is of the answers that gave the
// tier: the next answers ask anew.
func (s *Service) leave(ctx context.Context, q sqldb.Querier, m *method.Method, rule method.Override, last *Answered) (l Lowering, err error) {
	l.Who = rule.Who
	var adds []string
	if rule.Decision != "" {
		a, ok := m.Who(rule.Decision, last.Tier, 0)
		if !ok {
			return l, nil
		}
		l.Who, adds = a.Who, a.Adds
	}
	if len(adds) == 0 {
		return l, nil
	}
	if l.Said, err = tierOpinions(ctx, q, last.ID); err != nil {
		return l, err
	}
	for _, role := range adds {
		if !slices.ContainsFunc(l.Said, func(o TierOpinion) bool { return o.Role == role }) {
			l.Needs, l.NeedsNames = append(l.Needs, role), append(l.NeedsNames, roleName(m, role))
		}
	}
	return l, nil
}

func tierOpinions(ctx context.Context, q sqldb.Querier, dial string) (out []TierOpinion, err error) {
	rows, err := q.QueryContext(ctx, `SELECT o.role, o.person_id, COALESCE(p.name, ''), o.agrees, o.words, o.said_on FROM tier_opinion o LEFT JOIN v_person p ON p.id = o.person_id WHERE o.dial_id = $1 ORDER BY o.said_at, o.role`, dial)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var o TierOpinion
		if err := rows.Scan(&o.Role, &o.Person, &o.Name, &o.Agrees, &o.Words, &o.On); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, rows.Err()
}

// OpineTier says what somebody whom the method wants to hear thinks of a lower tier
// than the dial gave.
func (s *Service) OpineTier(ctx context.Context, who authz.Actor, project string, agrees bool, said string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OpineTier, authz.On(project)); err != nil {
			return err
		}
		last, err := lastAnswered(ctx, tx, project)
		if err != nil {
			return err
		}
		if last == nil {
			return errs.New(errs.Conflict, "Nobody has answered the dial of this project yet.")
		}
		var c errs.Check
		said = words(&c, "words", said, "", 1000)
		c.That(agrees || said != "", "words", "Say what speaks against it.")
		if err := c.Err(); err != nil {
			return err
		}
		m, err := s.method(ctx, tx, last.Version)
		if err != nil {
			return err
		}
		l, err := s.leave(ctx, tx, m, m.Dial.Override.Down, last)
		if err != nil {
			return err
		}
		for _, role := range l.Needs {
			holds, err := s.holds(ctx, tx, who, project, role, tx.Today)
			if err != nil {
				return err
			}
			if !holds {
				continue
			}
			tx.Record(TierOpined{Dial: last.ID, Project: project, Role: role, Agrees: agrees, By: who.Person})
			_, err = tx.ExecContext(ctx, `INSERT INTO tier_opinion (dial_id, role, person_id, agrees, words, said_on, said_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
				last.ID, role, who.Person, agrees, said, tx.Today, sqldb.Micros(tx.Now))
			return err
		}
		return errs.New(errs.Forbidden, "A lower tier of this project does not wait for your opinion.")
	})
}

// lowering fills in what the page of the dial shows of it.
func (s *Service) lowering(ctx context.Context, v *work.View, d *DialSheet) (err error) {
	if d.Last.Tier <= method.S {
		return nil
	}
	if d.Down, err = s.leave(ctx, v, d.Method, d.Method.Dial.Override.Down, d.Last); err != nil {
		return err
	}
	for _, role := range d.Down.Needs {
		holds, err := s.holds(ctx, v, v.Who, d.Project, role, v.Today)
		if err != nil {
			return err
		}
		d.MayOpine = d.MayOpine || holds
	}
	return nil
}
