package mentoring

import (
	"context"
	"time"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// step is one step of two people. Only that they agreed, met or ended is a change of
// state that the record keeps; a question is a quiet word between them.
type step struct {
	sqldb.Querier
	may   func(act authz.Action, on authz.Target) error
	exec  func(query string, args ...any) error
	today clock.Day
	now   time.Time
	tx    *work.Tx // nil in a quiet step
}

// quietly runs a step that the record does not keep.
func (s *Service) quietly(ctx context.Context, who authz.Actor, do func(ctx context.Context, st step) error) error {
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		return do(ctx, step{
			Querier: k, today: k.Today, now: k.Now,
			may: func(act authz.Action, on authz.Target) error {
				return s.unit.Policy().Check(ctx, k, who, act, on, k.Today)
			},
			exec: func(query string, args ...any) error { return saved(k.ExecContext(ctx, query, args...)) },
		})
	})
}

// recorded runs a step that the record keeps.
func (s *Service) recorded(ctx context.Context, who authz.Actor, do func(ctx context.Context, st step) error) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		return do(ctx, step{
			Querier: tx, today: tx.Today, now: tx.Now, tx: tx,
			may:  func(act authz.Action, on authz.Target) error { return tx.May(ctx, act, on) },
			exec: func(query string, args ...any) error { return saved(tx.ExecContext(ctx, query, args...)) },
		})
	})
}

// tell records for each of the two what was between them, for them alone.
func tell(tx *work.Tx, p Pair, meeting string, on clock.Day, what string) {
	for _, x := range []struct {
		person string
		role   activity.RoleInWork
	}{{p.Mentor, activity.Led}, {p.Mentee, activity.Observed}} {
		tx.Record(Between{Pair: p.ID, Meeting: meeting, Person: x.person, Role: x.role, On: on, What: what})
	}
}

// ofTheTwo reads a pair for one of the two; to everybody else there is none.
func ofTheTwo(ctx context.Context, q sqldb.Querier, who authz.Actor, id string, may func(act authz.Action, on authz.Target) error) (p Pair, err error) {
	if p, err = getPair(ctx, q, id); err != nil {
		return p, err
	}
	owner := p.Mentor
	if who.Person == p.Mentee {
		owner = p.Mentee
	}
	return p, may(OwnPair, authz.Of(owner))
}

// on reads a pair for one of the two, checks that nothing has changed since they
// looked, and does a step with it.
func on(who authz.Actor, id string, version int64, do func(ctx context.Context, st step, p Pair) error) func(ctx context.Context, st step) error {
	return func(ctx context.Context, st step) error {
		p, err := ofTheTwo(ctx, st, who, id, st.may)
		if err != nil {
			return err
		}
		if p.Version != version {
			return errs.New(errs.Conflict, "This has changed in the meantime. Look at it again.")
		}
		return do(ctx, st, p)
	}
}

var errNotNow = errs.New(errs.Invalid, "This is not at that point.")

// Accept says yes, to the rhythm that the other asked for, or by the mentor to
// another one (0 is as asked): then the other has to agree to that.
func (s *Service) Accept(ctx context.Context, who authz.Actor, id string, version int64, weeks int) error {
	var other bool
	err := s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		p, err := ofTheTwo(ctx, v, who, id, func(act authz.Action, on authz.Target) error { return v.May(ctx, act, on) })
		other = p.State == Asked && weeks != 0 && weeks != p.Weeks
		return err
	})
	switch {
	case err != nil:
		return err
	case other:
		return s.quietly(ctx, who, on(who, id, version, func(_ context.Context, st step, p Pair) error {
			var c errs.Check
			checkWeeks(&c, weeks)
			if err := c.Err(); err != nil {
				return err
			}
			if p.State != Asked || !p.Waits(who.Person) {
				return errNotNow
			}
			return st.exec(`UPDATE mentoring_pair SET state = 'proposed', every_weeks = $1, version = version + 1 WHERE id = $2 AND version = $3`, weeks, p.ID, p.Version)
		}))
	}
	return s.recorded(ctx, who, on(who, id, version, func(_ context.Context, st step, p Pair) error {
		if !p.Waits(who.Person) {
			return errNotNow
		}
		o, err := offerOf(ctx, st, p.Mentor)
		if err != nil {
			return err
		}
		if o != nil && o.Taken >= o.Places {
			return errFull
		}
		if o != nil { // two that agree to the last place at once meet here: one of them looks again
			if err := st.exec(`UPDATE mentoring_offer SET version = version + 1 WHERE id = $1 AND version = $2`, o.ID, o.Version); err != nil {
				return err
			}
		}
		tell(st.tx, p, "", st.today, "agreed")
		return st.exec(`UPDATE mentoring_pair SET state = 'agreed', began_on = $1, version = version + 1 WHERE id = $2 AND version = $3`, st.today, p.ID, p.Version)
	}))
}

// Decline lets a question go, for either of the two. Nothing of it stays: tell the
// other yourself.
func (s *Service) Decline(ctx context.Context, who authz.Actor, id string, version int64) error {
	return s.quietly(ctx, who, on(who, id, version, func(_ context.Context, st step, p Pair) error {
		if p.State == Agreed || p.State == Ended {
			return errs.New(errs.Invalid, "You agreed to this. End it instead; what you did together stays.")
		}
		return st.exec(`DELETE FROM mentoring_pair WHERE id = $1 AND version = $2`, p.ID, p.Version)
	}))
}

// End ends a pair, for either of the two. What they did together stays theirs.
func (s *Service) End(ctx context.Context, who authz.Actor, id string, version int64) error {
	return s.recorded(ctx, who, on(who, id, version, func(_ context.Context, st step, p Pair) error {
		if p.State != Agreed {
			return errNotNow
		}
		tell(st.tx, p, "", st.today, "ended")
		return st.exec(`UPDATE mentoring_pair SET state = 'ended', ended_on = $1, version = version + 1 WHERE id = $2 AND version = $3`, st.today, p.ID, p.Version)
	}))
}

// Waiting reads what waits for the reader: questions to answer, and meetings that
// are due.
func (s *Service) Waiting(ctx context.Context, who authz.Actor) (out []Pair, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnPair, authz.Of(who.Person)); err != nil {
			return err
		}
		all, err := pairsOf(ctx, v, who.Person)
		for _, p := range all {
			if p.Waits(who.Person) || p.Due(v.Today) {
				out = append(out, p)
			}
		}
		return err
	})
	return out, err
}
