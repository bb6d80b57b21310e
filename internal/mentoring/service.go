package mentoring

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Framework gives the competencies that offers can be about. The career implements it.
type Framework interface {
	Topics(ctx context.Context) ([]Topic, error)
}

// Service is what people can do about mentoring.
type Service struct {
	unit      *work.Unit
	framework Framework
}

// NewService makes the service.
func NewService(u *work.Unit, f Framework) *Service { return &Service{u, f} }

// Today is the organisation's calendar date.
func (s *Service) Today() clock.Day { return s.unit.Today() }

// Topics are the competencies that an offer can be about.
func (s *Service) Topics(ctx context.Context) ([]Topic, error) { return s.framework.Topics(ctx) }

// Sheet is all that the page of mentoring shows its reader.
type Sheet struct {
	Offers          []Offer // of others, to which somebody can still say yes, by name
	NextKey, NextID string  // empty on the last page
	Own             *Offer
	Pairs           []Pair // the reader's: those that wait for them first, ended ones last
	Today           clock.Day
	MayOffer        bool
}

const pageSize = 50

// Offers lists who offers, by name from a place in the list on, with the reader's
// own offer and pairs. Everybody with an account is shown the same offers.
func (s *Service) Offers(ctx context.Context, who authz.Actor, afterKey, afterID string) (sh Sheet, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, See, authz.Instance); err != nil {
			return err
		}
		sh.Today = v.Today
		sh.MayOffer = v.Can(ctx, OwnOffer, authz.Of(who.Person))
		var keys []string
		if sh.Offers, keys, err = openOffers(ctx, v, v.Today, afterKey, afterID); err != nil {
			return err
		}
		if n := pageSize; len(sh.Offers) > n {
			sh.Offers, sh.NextKey, sh.NextID = sh.Offers[:n], keys[n-1], sh.Offers[n-1].ID
		}
		if sh.Own, err = offerOf(ctx, v, who.Person); err != nil {
			return err
		}
		sh.Pairs, err = pairsOf(ctx, v, who.Person)
		return err
	})
	return sh, err
}

// Offer shows one offer, to whoever may ask for it.
func (s *Service) Offer(ctx context.Context, who authz.Actor, id string) (o Offer, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, See, authz.Instance); err != nil {
			return err
		}
		o, err = getOffer(ctx, v, id)
		return err
	})
	return o, err
}

// OwnOffer reads the reader's own offer.
func (s *Service) OwnOffer(ctx context.Context, who authz.Actor) (o Offer, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnOffer, authz.Of(who.Person)); err != nil {
			return err
		}
		have, err := offerOf(ctx, v, who.Person)
		if err == nil && have == nil {
			err = errs.Missing("offer")
		}
		if err == nil {
			o = *have
		}
		return err
	})
	return o, err
}

// SaveOffer makes the reader's own offer, or changes it.
func (s *Service) SaveOffer(ctx context.Context, who authz.Actor, version int64, o Offer) (Offer, error) {
	known, err := s.framework.Topics(ctx)
	if err != nil {
		return o, err
	}
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnOffer, authz.Of(who.Person)); err != nil {
			return err
		}
		if err := o.check(tx.Today, known); err != nil {
			return err
		}
		have, err := offerOf(ctx, tx, who.Person)
		if err != nil {
			return err
		}
		o.Person = who.Person
		if have == nil && version > 0 {
			return errs.New(errs.Conflict, "You took this offer back meanwhile. Make it anew.")
		}
		if have == nil {
			o.ID, o.Version = tx.NewID(), 1
			tx.Record(Offering{Offer: o.ID, Person: who.Person, What: "offered"})
			return insertOffer(ctx, tx, o)
		}
		o.ID, o.Version = have.ID, version
		tx.Record(Offering{Offer: o.ID, Person: who.Person, What: "offer_changed"})
		return updateOffer(ctx, tx, o)
	})
	return o, err
}

// WithdrawOffer takes the reader's own offer back. Pairs that agreed go on; questions
// that nobody answered go.
func (s *Service) WithdrawOffer(ctx context.Context, who authz.Actor) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnOffer, authz.Of(who.Person)); err != nil {
			return err
		}
		have, err := offerOf(ctx, tx, who.Person)
		if err != nil {
			return err
		}
		if have == nil {
			return errs.Missing("offer")
		}
		tx.Record(Offering{Offer: have.ID, Person: who.Person, What: "offer_withdrawn"})
		for _, query := range []string{`DELETE FROM mentoring_pair WHERE mentor_id = $1 AND state IN ('asked', 'proposed')`, `DELETE FROM mentoring_offer WHERE person_id = $1`} {
			if _, err := tx.ExecContext(ctx, query, who.Person); err != nil {
				return err
			}
		}
		return nil
	})
}

// Ask asks who offers. Only the two of them know.
func (s *Service) Ask(ctx context.Context, who authz.Actor, offer string, weeks int, words string) (p Pair, err error) {
	err = s.quietly(ctx, who, func(ctx context.Context, st step) error {
		if err := st.may(Ask, authz.Instance); err != nil {
			return err
		}
		o, err := getOffer(ctx, st, offer)
		if err != nil {
			return err
		}
		var c errs.Check
		c.Fits("words", words, maxWords)
		checkWeeks(&c, weeks)
		if err := c.Err(); err != nil {
			return err
		}
		switch {
		case o.Person == who.Person:
			return errs.New(errs.Invalid, "This is your own offer.")
		case !o.Open(st.today):
			return errFull
		}
		var twice bool
		if err := st.QueryRowContext(ctx, `SELECT COUNT(*) > 0 FROM mentoring_pair WHERE mentor_id = $1 AND mentee_id = $2 AND state <> 'ended'`, o.Person, who.Person).Scan(&twice); err != nil {
			return err
		}
		if twice {
			return errs.New(errs.Conflict, "You have asked already, or are a pair.")
		}
		p = Pair{ID: s.unit.Clock.NewID(), Mentor: o.Person, MentorName: o.Name, Mentee: who.Person, Words: words, Weeks: weeks, State: Asked, Version: 1}
		return st.exec(`INSERT INTO mentoring_pair (id, mentor_id, mentee_id, words, every_weeks, state, asked_at, began_on, ended_on, version) VALUES ($1, $2, $3, $4, $5, 'asked', $6, '', '', 1)`,
			p.ID, p.Mentor, p.Mentee, p.Words, p.Weeks, sqldb.Micros(st.now))
	})
	return p, err
}

var errFull = errs.New(errs.Invalid, "There is no place left, or the time of the offer is over.")
