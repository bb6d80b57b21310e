package governance

import (
	"context"
	"slices"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// deciding reads a waiver that waits, for who sees its project.
func (s *Service) deciding(ctx context.Context, tx *work.Tx, id string) (Waiver, error) {
	w, err := s.waiver(ctx, tx, id)
	if err != nil {
		return w, err
	}
	if err := tx.May(ctx, DecideWaiver, authz.On(w.Project)); err != nil {
		return w, err
	}
	if w.State != WaiverAsked {
		return w, stale("This waiver was decided meanwhile.")
	}
	if w.AskedBy == tx.Who.Person {
		return w, errs.New(errs.Forbidden, "Nobody decides about their own request; it is for somebody else with the authority.")
	}
	return w, nil
}

// Opine gives the opinion of a role that the method wants to hear before a waiver
// is decided.
func (s *Service) Opine(ctx context.Context, who authz.Actor, id string, agrees bool, said string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		w, err := s.deciding(ctx, tx, id)
		if err != nil {
			return err
		}
		var check errs.Check
		said = words(&check, "words", said, "", 1000)
		check.That(agrees || said != "", "words", "Say what speaks against it.")
		if err := check.Err(); err != nil {
			return err
		}
		for _, role := range w.Needs {
			holds, err := s.holds(ctx, tx, who, w.Project, role, tx.Today)
			if err != nil {
				return err
			}
			if !holds {
				continue
			}
			tx.Record(WaiverChanged{Waiver: id, Project: w.Project, Control: w.Control, State: "opinion_given", By: who.Person})
			_, err = tx.ExecContext(ctx, `INSERT INTO waiver_opinion (waiver_id, role, person_id, agrees, words, said_at) VALUES ($1, $2, $3, $4, $5, $6)`, id, role, who.Person, agrees, said, sqldb.Micros(tx.Now))
			return err
		}
		return errs.New(errs.Forbidden, "This waiver does not wait for your opinion.")
	})
}

// Decide grants or refuses a waiver. It is for the role that the method gives the
// authority at that tier, and for nobody about their own request.
func (s *Service) Decide(ctx context.Context, who authz.Actor, id string, grant bool, said string, version int64) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		w, err := s.deciding(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.withinAuthority(ctx, tx, w); err != nil {
			return err
		}
		var check errs.Check
		said = words(&check, "words", said, "", 1000)
		check.That(grant || said != "", "words", "Say why not, so that they know what to do.")
		check.That(!grant || w.To > tx.Today, "until", "The day until which it was asked for has passed. Refuse it, and let them ask again.")
		if err := check.Err(); err != nil {
			return err
		}
		if grant && len(w.Needs) > 0 {
			return errs.OnField("words", "First the method wants to hear: %s.", rolesIn(w.Needs))
		}
		state := map[bool]string{true: WaiverGranted, false: WaiverRefused}[grant]
		res, err := tx.ExecContext(ctx, `UPDATE waiver SET state = $1, from_on = $2, decided_by = $3, decided_as = $4, decided_at = $5, decided_words = $6, version = version + 1 WHERE id = $7 AND state = 'asked' AND version = $8`,
			state, tx.Today, who.Person, w.Who, sqldb.Micros(tx.Now), said, id, version)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return stale("This waiver was changed meanwhile.")
		}
		tx.Record(WaiverChanged{Waiver: id, Project: w.Project, Control: w.Control, State: state, Until: w.To, By: who.Person})
		return nil
	})
}

// withinAuthority refuses who may not decide about a waiver of that tier, and
// names who may.
func (s *Service) withinAuthority(ctx context.Context, tx *work.Tx, w Waiver) error {
	_, m, err := s.current(ctx, tx, w.Project)
	if err != nil {
		return err
	}
	if w.Who == "" || m == nil {
		return errs.New(errs.Forbidden, "The method gives nobody the authority to waive a control at tier %s.", w.Tier)
	}
	holds, err := s.holds(ctx, tx, tx.Who, w.Project, w.Who, tx.Today)
	if err != nil {
		return err
	}
	if holds {
		own, err := s.holds(ctx, tx, tx.Who, w.Project, roleManager, tx.Today)
		if err != nil || !own {
			return err
		}
		return errs.New(errs.Forbidden, "Nobody decides about a waiver of their own project.")
	}
	return errs.New(errs.Forbidden, "At tier %s a waiver is decided by: %s. Yours does not reach that far.", w.Tier, roleName(m, w.Who))
}

func rolesIn(roles []string) string {
	out := ""
	for i, r := range roles {
		if i > 0 {
			out += ", "
		}
		out += r
	}
	return out
}

// EndWaiver ends a waiver before its date: from today the control is asked again.
func (s *Service) EndWaiver(ctx context.Context, who authz.Actor, id string, version int64) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		w, err := s.waiver(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := tx.May(ctx, AskWaiver, authz.On(w.Project)); err != nil {
			return err
		}
		if w.State != WaiverGranted || !w.Holds(tx.Today) {
			return stale("This waiver does not hold any more.")
		}
		res, err := tx.ExecContext(ctx, `UPDATE waiver SET state = 'ended', ended_on = $1, version = version + 1 WHERE id = $2 AND version = $3`, tx.Today, id, version)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return stale("This waiver was changed meanwhile.")
		}
		tx.Record(WaiverChanged{Waiver: id, Project: w.Project, Control: w.Control, State: WaiverEnded, By: who.Person})
		return nil
	})
}

// WaiverFilter says which waivers are listed.
type WaiverFilter struct {
	Project string
	Control string
	State   string // asked, granted (holds today), expiring (within WarnDays), "" for all
	After   string // cursor: to_on and id of the last row
	AfterID string
}

// Waivers lists waivers by the day of their end, nearest first.
func (s *Service) Waivers(ctx context.Context, who authz.Actor, f WaiverFilter, limit int) (out []Waiver, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		on := authz.Instance
		if f.Project != "" {
			on = authz.On(f.Project)
		}
		if err := v.May(ctx, SeeGovernance, on); err != nil {
			return err
		}
		if !slices.Contains([]string{"", "expiring", WaiverAsked, WaiverGranted, WaiverRefused, WaiverEnded}, f.State) {
			return errs.OnField("state", "Choose one of the list.")
		}
		var w sqldb.Where
		if f.Project != "" {
			w.And("w.project_id = ?", f.Project)
		}
		if f.Control != "" {
			w.And("w.control_id = ?", f.Control)
		}
		switch f.State {
		case "":
		case "expiring":
			w.And("w.state = 'granted' AND w.to_on > ? AND w.to_on <= ?", v.Today, clock.AddDays(v.Today, WarnDays))
		case WaiverGranted:
			w.And("w.state = 'granted' AND w.to_on > ?", v.Today)
		default:
			w.And("w.state = ?", f.State)
		}
		authz.Scope(&w, v.Who, "w.project_id", v.Today)
		if f.After != "" {
			w.AfterKey("w.to_on", "w.id", false, f.After, f.AfterID)
		}
		out, err = waiversWhere(ctx, v, &w, "w.to_on, w.id LIMIT "+w.Add(limit))
		if err != nil {
			return err
		}
		return opinionsOf(ctx, v, out)
	})
	return out, err
}
