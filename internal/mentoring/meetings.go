package mentoring

import (
	"context"
	"unicode/utf8"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// PairSheet is all that the page of a pair shows one of the two.
type PairSheet struct {
	Pair
	Held  []Meeting // newest first, each with the reader's own note
	Today clock.Day
}

// Pair shows a pair to one of the two. That a mentor looked is written down for the
// other, who wrote what the page says.
func (s *Service) Pair(ctx context.Context, who authz.Actor, id string) (sh PairSheet, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if sh.Pair, err = ofTheTwo(ctx, v, who, id, func(act authz.Action, on authz.Target) error { return v.May(ctx, act, on) }); err != nil {
			return err
		}
		sh.Today = v.Today
		sh.Held, err = meetingsOf(ctx, v, id, who.Person)
		return err
	})
	if err != nil || who.Person != sh.Mentor {
		return sh, err
	}
	return sh, s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		_, err := k.ExecContext(ctx, `INSERT INTO mentoring_look (pair_id, person_id, looked_on) SELECT p.id, $1, $2 FROM mentoring_pair p WHERE p.id = $3 ON CONFLICT (pair_id, person_id, looked_on) DO NOTHING`,
			who.Person, k.Today, id)
		return err
	})
}

// meets runs a change of what a pair did together.
func (s *Service) meets(ctx context.Context, who authz.Actor, id string, do func(ctx context.Context, tx *work.Tx, p Pair) error) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		p, err := ofTheTwo(ctx, tx, who, id, func(act authz.Action, on authz.Target) error { return tx.May(ctx, act, on) })
		if err != nil {
			return err
		}
		if p.State != Agreed && p.State != Ended {
			return errNotNow
		}
		return do(ctx, tx, p)
	})
}

// NoteMeeting notes a meeting that was held, by either of the two. When the other has
// noted that day already, it is the same meeting, and only the reader's own note is added.
func (s *Service) NoteMeeting(ctx context.Context, who authz.Actor, id string, m Meeting) (string, error) {
	err := s.meets(ctx, who, id, func(ctx context.Context, tx *work.Tx, p Pair) error {
		if err := m.check(p, tx.Today); err != nil {
			return err
		}
		if p.State == Ended && m.On > p.Ended {
			return errs.OnField("on", "You ended it on %s.", p.Ended)
		}
		held, err := meetingsOf(ctx, tx, id, who.Person)
		if err != nil {
			return err
		}
		for _, h := range held {
			if h.On == m.On {
				m.ID = h.ID
			}
		}
		if m.ID != "" {
			tx.Record(Between{Pair: p.ID, Person: who.Person, On: m.On, What: "noted"})
			if m.Note == "" { // the other's meeting is there; an empty box takes no note away
				return nil
			}
			return putNote(ctx, tx, m.ID, who.Person, m.Note)
		}
		m.ID = tx.NewID()
		tell(tx, p, m.ID, m.On, "met")
		if _, err := tx.ExecContext(ctx, `INSERT INTO mentoring_meeting (id, pair_id, held_on, minutes, noted_by) VALUES ($1, $2, $3, $4, $5)`, m.ID, p.ID, m.On, m.Minutes, who.Person); err != nil {
			return err
		}
		return putNote(ctx, tx, m.ID, who.Person, m.Note)
	})
	return m.ID, err
}

// ChangeNote changes the reader's own note on a meeting; an empty one removes it.
func (s *Service) ChangeNote(ctx context.Context, who authz.Actor, id, meeting, words string) error {
	return s.meets(ctx, who, id, func(ctx context.Context, tx *work.Tx, p Pair) error {
		if utf8.RuneCountInString(words) > maxWords {
			return errs.OnField("note", "Use at most %d characters.", maxWords)
		}
		m, err := meetingIn(ctx, tx, id, meeting, who.Person)
		if err != nil {
			return err
		}
		tx.Record(Between{Pair: p.ID, Person: who.Person, On: m.On, What: "noted"})
		return putNote(ctx, tx, meeting, who.Person, words)
	})
}

// RemoveMeeting says that a meeting was not held, by either of the two. It counts for
// neither any more, and the notes on it go.
func (s *Service) RemoveMeeting(ctx context.Context, who authz.Actor, id, meeting string) error {
	return s.meets(ctx, who, id, func(ctx context.Context, tx *work.Tx, p Pair) error {
		m, err := meetingIn(ctx, tx, id, meeting, who.Person)
		if err != nil {
			return err
		}
		tell(tx, p, m.ID, m.On, "not_met")
		for _, query := range []string{`DELETE FROM mentoring_note WHERE meeting_id = $1`, `DELETE FROM mentoring_meeting WHERE id = $1`} {
			if _, err := tx.ExecContext(ctx, query, meeting); err != nil {
				return err
			}
		}
		return nil
	})
}

func meetingIn(ctx context.Context, q sqldb.Querier, pair, meeting, reader string) (Meeting, error) {
	held, err := meetingsOf(ctx, q, pair, reader)
	for _, m := range held {
		if m.ID == meeting {
			return m, err
		}
	}
	if err == nil {
		err = errs.Missing("meeting")
	}
	return Meeting{}, err
}
