package governance

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Overridden is a tier that somebody set instead of the dial's. It holds until the
// dial is answered again, which the next gate asks for.
type Overridden struct {
	ID, Project, Dial string
	Dialled, Tier     method.Tier
	Reason            string
	On                clock.Day
	By, ByName        string
}

// lastOverride gives the override of these answers; nil if there is none.
func lastOverride(ctx context.Context, q sqldb.Querier, dial string) (*Overridden, error) {
	var o Overridden
	err := q.QueryRowContext(ctx, `SELECT o.id, o.project_id, o.dial_id, o.dialled, o.tier, o.reason, o.decided_on, o.decided_by, COALESCE(p.name, '')
		FROM tier_override o LEFT JOIN v_person p ON p.id = o.decided_by WHERE o.dial_id = $1 ORDER BY o.decided_at DESC, o.id DESC LIMIT 1`, dial).
		Scan(&o.ID, &o.Project, &o.Dial, &o.Dialled, &o.Tier, &o.Reason, &o.On, &o.By, &o.ByName)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &o, err
}

// Override sets another tier than the dial gave. Up and down have their own
// authority in the method; no override goes below what a hard rule demands.
func (s *Service) Override(ctx context.Context, who authz.Actor, project string, tier method.Tier, reason string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OverrideTier, authz.On(project)); err != nil {
			return err
		}
		last, err := lastAnswered(ctx, tx, project)
		if err != nil {
			return err
		}
		if last == nil {
			return errs.New(errs.Conflict, "Answer the dial first: an override differs from what it gave.")
		}
		var c errs.Check
		c.That(tier >= method.S && tier <= method.XL, "tier", "Choose a tier.")
		c.That(tier != last.Tier, "tier", "The dial gives %s already.", last.Tier)
		reason = words(&c, "reason", reason, "Say why; it is shown beside the tier.", 1000)
		if err := c.Err(); err != nil {
			return err
		}
		m, err := s.method(ctx, tx, last.Version)
		if err != nil {
			return err
		}
		if err := s.mayOverride(ctx, tx, m, last, tier); err != nil {
			return err
		}
		before, err := governedOn(ctx, tx, project)
		if err != nil || before == nil {
			return err
		}
		id := tx.NewID()
		if _, err := tx.ExecContext(ctx, `INSERT INTO tier_override (id, project_id, dial_id, dialled, tier, reason, decided_on, decided_by, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			id, project, last.ID, int(last.Tier), int(tier), reason, tx.Today, who.Person, sqldb.Micros(tx.Now)); err != nil {
			return err
		}
		tx.Record(TierOverridden{Override: id, Project: project, Dialled: last.Tier, Tier: tier, By: who.Person})
		next := *before
		next.Tier, next.Why = tier, WhyOverridden
		return succeed(ctx, tx, before, next)
	})
}

// mayOverride holds the authority of the method against an override.
func (s *Service) mayOverride(ctx context.Context, tx *work.Tx, m *method.Method, last *Answered, tier method.Tier) error {
	rule, up := m.Dial.Override.Down, tier > last.Tier
	if up {
		rule = m.Dial.Override.Up
	}
	steps := int(last.Tier - tier)
	if steps < 0 {
		steps = -steps
	}
	if rule.Steps > 0 && steps > rule.Steps {
		return errs.OnField("tier", "One decision may go %d step from what the dial gave.", rule.Steps)
	}
	if rule.NeverBelowFloor {
		r, err := m.Decide(last.Answers, method.Register{HandsOver: last.HandsOver, Kind: last.Kind})
		if err != nil {
			return err
		}
		if tier < r.Floor {
			return errs.OnField("tier", "A hard rule demands at least %s: %s", r.Floor, becauseOf(r))
		}
	}
	l, err := s.leave(ctx, tx, m, rule, last)
	if err != nil {
		return err
	}
	if l.Who == "" {
		return errs.New(errs.Forbidden, "The method gives nobody the authority to lower a tier.")
	}
	may, err := s.holds(ctx, tx, tx.Who, last.Project, l.Who, tx.Today)
	if err != nil {
		return err
	}
	if !may {
		return errs.New(errs.Forbidden, "To set this tier is for the %s of this project.", roleName(m, l.Who))
	}
	if len(l.Needs) > 0 {
		return errs.OnField("tier", "First the method wants to hear: %s. They say it on this page of the dial.", strings.Join(l.NeedsNames, ", "))
	}
	return nil
}

func becauseOf(r *method.Result) string {
	for _, h := range r.Rules {
		if h.Floor && h.Tier == r.Floor {
			return h.Because
		}
	}
	return ""
}

// Overrides counts, for the quarter that holds a day, how many projects' tiers
// were overridden and how many dials were answered, over all projects: many
// overrides mean that the dial is wrong and not the projects.
func (s *Service) Overrides(ctx context.Context, who authz.Actor) (overridden, answered int, from clock.Day, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeMethods, authz.Instance); err != nil {
			return err
		}
		from = clock.AddDays(v.Today, -91)
		var o, d sqldb.Where
		o.And("o.decided_on > ?", from)
		authz.Scope(&o, v.Who, "o.project_id", v.Today)
		if err := v.QueryRowContext(ctx, `SELECT COUNT(DISTINCT o.project_id) FROM tier_override o`+o.SQL(), o.Values()...).Scan(&overridden); err != nil {
			return err
		}
		d.And("d.answered_on > ?", from)
		authz.Scope(&d, v.Who, "d.project_id", v.Today)
		return v.QueryRowContext(ctx, `SELECT COUNT(DISTINCT d.project_id) FROM dial_answer d`+d.SQL(), d.Values()...).Scan(&answered)
	})
	return overridden, answered, from, err
}
