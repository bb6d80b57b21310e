package bodies

import (
	"context"
	"slices"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// OfferSeat offers one's own seat at a planned meeting to a deputy.
func (s *Service) OfferSeat(ctx context.Context, who authz.Actor, id string, o Offer) (Offer, error) {
	err := s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		m, on, err := meetingTarget(ctx, tx, who, id, func(t authz.Target) error { return tx.May(ctx, SeeMeetings, t) })
		if err != nil {
			return err
		}
		seats, offers, list, err := peopleOf(ctx, tx, m)
		if err != nil {
			return err
		}
		on.Owner = ""
		if slices.ContainsFunc(seats, func(x Seat) bool { return x.Person == who.Person }) {
			on.Owner = who.Person
		}
		if err := tx.May(ctx, OfferSeat, on); err != nil {
			return err
		}
		o.Meeting, o.Person, o.State = id, who.Person, Offered
		if err := offerable(m, o, offers, list); err != nil {
			return err
		}
		if err := s.checkPerson(ctx, tx, "deputy", o.Deputy, m.Node); err != nil {
			return err
		}
		o.ID = tx.NewID()
		tx.Record(OfferEvent{Offer: o.ID, Meeting: id, Person: o.Person, Deputy: o.Deputy, Node: m.Node, What: "seat.offered"})
		return insertOffer(ctx, tx, o)
	})
	return o, err
}

func offerable(m Meeting, o Offer, offers []Offer, list []Attendee) error {
	var c errs.Check
	c.That(o.Deputy != "", "deputy", "Name the person.")
	c.That(o.Authority != "", "authority", "Say what they may decide in your place.")
	c.Fits("authority", o.Authority, maxWords)
	c.That(o.Deputy != o.Person, "deputy", "Nobody deputises for themselves.")
	for _, a := range list {
		if a.Person == o.Deputy && a.Capacity == OwnRight {
			c.Add("deputy", "%s has a seat at this meeting.", a.Name)
		}
	}
	for _, x := range offers {
		if x.Person == o.Person && (x.State == Offered || x.State == Accepted) {
			c.Add("deputy", "You offered your seat to %s already. Take that back first.", x.DeputyName)
		}
	}
	if m.State != Planned {
		return errs.New(errs.Invalid, "This meeting is not to come any more.")
	}
	return c.Err()
}

// AnswerOffer accepts or declines to deputise.
func (s *Service) AnswerOffer(ctx context.Context, who authz.Actor, meeting, offer string, yes bool) error {
	to, what := Declined, "seat_offer.declined"
	if yes {
		to, what = Accepted, "seat_offer.accepted"
	}
	return s.onOffer(ctx, who, meeting, offer, AnswerOffer, func(o Offer) (string, bool) { return o.Deputy, o.State == Offered }, to, what)
}

// TakeBack takes the offer of one's seat back.
func (s *Service) TakeBack(ctx context.Context, who authz.Actor, meeting, offer string) error {
	return s.onOffer(ctx, who, meeting, offer, OfferSeat, func(o Offer) (string, bool) { return o.Person, o.State == Offered || o.State == Accepted }, TakenBack, "seat_offer.taken_back")
}

func (s *Service) onOffer(ctx context.Context, who authz.Actor, meeting, offer string, act authz.Action, whose func(Offer) (owner string, open bool), to OfferState, what string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		m, on, err := meetingTarget(ctx, tx, who, meeting, func(t authz.Target) error { return tx.May(ctx, SeeMeetings, t) })
		if err != nil {
			return err
		}
		var w sqldb.Where
		w.And("o.meeting_id = ? AND o.id = ?", meeting, offer)
		list, err := listOffers(ctx, tx, &w, "o.id")
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return errs.Missing("offer")
		}
		owner, open := whose(list[0])
		on.Owner = owner
		if err := tx.May(ctx, act, on); err != nil {
			return err
		}
		if !open || m.State != Planned {
			return errs.New(errs.Invalid, "This offer is not open any more.")
		}
		tx.Record(OfferEvent{Offer: offer, Meeting: meeting, Person: list[0].Person, Deputy: list[0].Deputy, Node: m.Node, What: what})
		return answerOffer(ctx, tx, offer, to)
	})
}

// Desk is what meetings ask of the reader.
type Desk struct {
	Meetings []Meeting // of the next seven days, where the reader has a part
	Offers   []Offer   // to answer
	Confirm  []Stood   // deputisings to confirm
	Minutes  []Meeting // to confirm
	Record   []Meeting // called by the reader, past their day, nobody said yet who was there
	Today    string
}

// Stood is a deputising that waits to be confirmed.
type Stood struct {
	Meeting            Meeting
	Deputy, DeputyName string
	For, ForName       string
}

// deskSize bounds each part of a desk.
const deskSize = 5

// Desk reads what meetings ask of the reader, in a fixed number of queries.
func (s *Service) Desk(ctx context.Context, who authz.Actor) (d Desk, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeMeetings, authz.Instance); err != nil {
			return err
		}
		d.Today = v.Today
		for _, part := range []func(context.Context, *work.View) error{d.week, d.offers, d.stood, d.minutes, d.record} {
			if err := part(ctx, v); err != nil {
				return err
			}
		}
		return nil
	})
	return d, err
}
