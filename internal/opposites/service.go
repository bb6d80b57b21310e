package opposites

import (
	"context"
	"unicode/utf8"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Service is what people can do with paired opposites.
type Service struct{ unit *work.Unit }

// NewService makes the service.
func NewService(u *work.Unit) *Service { return &Service{u} }

// Today is the organisation's calendar date.
func (s *Service) Today() clock.Day { return s.unit.Today() }

// Profile reads all that the person has, and nothing of anybody else.
func (s *Service) Profile(ctx context.Context, who authz.Actor) (p Profile, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, Own, authz.Of(who.Person)); err != nil {
			return err
		}
		if p.Rounds, err = roundsOf(ctx, v, who.Person, v.Today); err != nil {
			return err
		}
		if p.AskFrom, err = askFrom(ctx, v, who.Person, p.Rounds, v.Today); err != nil {
			return err
		}
		if len(p.Rounds) > 0 && p.Rounds[0].State == Asking {
			p.Rounds[0].Asked, err = invited(ctx, v, p.Rounds[0].ID)
		}
		return err
	})
	return p, err
}

// askFrom is the first day on which a person can ask colleagues again, after
// answers were shown to them; empty if that is today.
func askFrom(ctx context.Context, q sqldb.Querier, person string, rounds []Round, today clock.Day) (clock.Day, error) {
	last, err := lastShown(ctx, q, person)
	if err != nil {
		return "", err
	}
	for _, r := range rounds {
		if r.State == Shown {
			last = max(last, r.ended())
		}
	}
	if from := clock.AddDays(last, rest); from > today {
		return from, nil
	}
	return "", nil
}

// Rate begins a round with the person's own marks of all twelve ends.
func (s *Service) Rate(ctx context.Context, who authz.Actor, marks Marks) (r Round, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, Own, authz.Of(who.Person)); err != nil {
			return err
		}
		var c errs.Check
		marks = marks.check(&c, true)
		if err := c.Err(); err != nil {
			return err
		}
		before, err := roundsOf(ctx, tx, who.Person, tx.Today)
		if err != nil {
			return err
		}
		switch {
		case len(before) >= mostRounds:
			return errs.New(errs.Duplicate, "There are %d rounds already. Delete some that you no longer need.", mostRounds)
		case len(before) > 0 && before[0].State == Asking:
			return errs.New(errs.Duplicate, "Colleagues are still being asked. End that round before you begin the next.")
		case len(before) > 0 && before[0].RatedOn == tx.Today && before[0].MayCorrect():
			return errs.New(errs.Duplicate, "You have marked yourself today. Correct those marks instead.")
		}
		r = Round{ID: tx.NewID(), RatedOn: tx.Today, Marks: marks, State: Alone, Version: 1}
		tx.Record(Rated{who.Person, r.ID, verbRated})
		return insertRound(ctx, tx, who.Person, r)
	})
	return r, err
}

// Correct changes the own marks of a round, until what colleagues say stands beside them.
func (s *Service) Correct(ctx context.Context, who authz.Actor, id string, version int64, marks Marks) error {
	return s.change(ctx, who, id, version, verbCorrected, func(_ context.Context, _ *work.Tx, r *Round) error {
		if !r.MayCorrect() {
			return errs.New(errs.Duplicate, "What colleagues say stands beside these marks; they stay. Begin another round.")
		}
		var c errs.Check
		r.Marks = marks.check(&c, true)
		return c.Err()
	})
}

// Note keeps a note of the person to themselves.
func (s *Service) Note(ctx context.Context, who authz.Actor, id string, version int64, text string) error {
	return s.change(ctx, who, id, version, verbCorrected, func(_ context.Context, _ *work.Tx, r *Round) error {
		if utf8.RuneCountInString(text) > maxNote {
			return errs.OnField("note", "Use at most %d characters.", maxNote)
		}
		r.Note = text
		return nil
	})
}

// change changes one round of the actor's own: authorise, change, save, record.
// Version 0 is any.
func (s *Service) change(ctx context.Context, who authz.Actor, id string, version int64, verb string, change func(context.Context, *work.Tx, *Round) error) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		r, owner, err := getRound(ctx, tx, id, tx.Today)
		if err != nil {
			return err
		}
		if err := tx.May(ctx, Own, authz.Of(owner)); err != nil {
			return err
		}
		if version != 0 && version != r.Version {
			return errs.New(errs.Conflict, "You changed this elsewhere meanwhile. Look at it again.")
		}
		if err := change(ctx, tx, &r); err != nil {
			return err
		}
		tx.Record(Rated{owner, id, verb})
		return saveRound(ctx, tx, r)
	})
}

// Remove deletes a round with all that came in for it. That answers were shown is
// remembered by its day alone.
func (s *Service) Remove(ctx context.Context, who authz.Actor, id string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		r, owner, err := getRound(ctx, tx, id, tx.Today)
		if err != nil {
			return err
		}
		if err := tx.May(ctx, Own, authz.Of(owner)); err != nil {
			return err
		}
		if r.State == Shown {
			if err := keepShown(ctx, tx, owner, r.ended()); err != nil {
				return err
			}
		}
		for _, query := range []string{`DELETE FROM opposites_invited WHERE round_id = $1`, `DELETE FROM opposites_box WHERE round_id = $1`, `DELETE FROM opposites_round WHERE id = $1`} {
			if _, err := tx.ExecContext(ctx, query, id); err != nil {
				return err
			}
		}
		tx.Record(Rated{owner, id, verbRemoved})
		return nil
	})
}
