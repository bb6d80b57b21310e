package development

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/directory"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Share lets somebody read a step, until it is taken back. They never see the
// sentences before and after.
func (s *Service) Share(ctx context.Context, who authz.Actor, id, with string) error {
	return s.own(ctx, who, id, "shared", func(ctx context.Context, tx *work.Tx) error {
		if _, err := ownStep(ctx, tx, who.Person, id); err != nil {
			return err
		}
		if with == "" || with == who.Person {
			return errs.OnField("with", "Name somebody else.")
		}
		var n, there int
		if err := tx.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM plan_share WHERE step_id = $1), (SELECT COUNT(*) FROM v_person p JOIN v_account a ON a.person_id = p.id AND a.active = TRUE WHERE p.id = $2 AND NOT p.erased AND (p.left_on = '' OR p.left_on >= $3))`, id, with, tx.Today).Scan(&n, &there); err != nil {
			return err
		}
		switch {
		case there == 0:
			return errs.OnField("with", "They have no account with which they could read it.")
		case n >= maxReaders:
			return errs.OnField("with", "At most %d people read a step.", maxReaders)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO plan_share (step_id, person_id, since) VALUES ($1, $2, $3) ON CONFLICT (step_id, person_id) DO NOTHING`, id, with, sqldb.Micros(tx.Now))
		return err
	})
}

// TakeBack ends somebody's reading of a step; that they looked stays known to the owner.
func (s *Service) TakeBack(ctx context.Context, who authz.Actor, id, from string) error {
	return s.own(ctx, who, id, "taken back", func(ctx context.Context, tx *work.Tx) error {
		if _, err := ownStep(ctx, tx, who.Person, id); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM plan_share WHERE step_id = $1 AND person_id = $2`, id, from)
		return err
	})
}

// SharedStep is a step that somebody shares with the reader.
type SharedStep struct {
	Step
	Owner, OwnerName string
}

// Shared reads what others share with the reader, and writes down for them that
// it was looked at.
func (s *Service) Shared(ctx context.Context, who authz.Actor) (out []SharedStep, err error) {
	var today clock.Day
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeShared, authz.Instance); err != nil {
			return err
		}
		today = v.Today
		rows, err := v.QueryContext(ctx, `SELECT `+stepColumns+`, s.person_id, COALESCE(p.name, '') FROM plan_share h JOIN plan_step s ON s.id = h.step_id
			LEFT JOIN v_person p ON p.id = s.person_id WHERE h.person_id = $1 ORDER BY p.name_key, s.due_on, s.id`, who.Person)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var x SharedStep
			if x.Step, err = scanStep(rows.Scan, &x.Owner, &x.OwnerName); err != nil {
				return err
			}
			x.Before, x.After, x.Version, x.Mentor, x.MentorName = "", "", 0, "", ""
			out = append(out, x)
		}
		return rows.Err()
	})
	if err != nil || len(out) == 0 {
		return out, err
	}
	return out, s.looked(ctx, who.Person, today, out)
}

func (s *Service) looked(ctx context.Context, person string, today clock.Day, steps []SharedStep) error {
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		for _, st := range steps { // some few: one person shares so much with another
			if _, err := k.ExecContext(ctx, `INSERT INTO plan_look (step_id, person_id, looked_on, at) SELECT s.id, $1, $2, $3 FROM plan_step s WHERE s.id = $4 ON CONFLICT (step_id, person_id, looked_on) DO NOTHING`,
				person, today, sqldb.Micros(k.Now), st.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// Directory lists people whom a form proposes.
func (s *Service) Directory(ctx context.Context, who authz.Actor) (out []directory.Person, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeShared, authz.Instance); err != nil {
			return err
		}
		out, err = directory.List(ctx, v)
		return err
	})
	return out, err
}

// PersonNamed finds the person of a typed name or id; nobody for no name.
func (s *Service) PersonNamed(ctx context.Context, who authz.Actor, field, name string) (id string, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeShared, authz.Instance); err != nil {
			return err
		}
		id, err = directory.Named(ctx, v, field, name)
		return err
	})
	return id, err
}
