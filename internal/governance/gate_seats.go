package governance

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Naming is somebody who is to take part in a review. Person and For are names or ids.
type Naming struct {
	Person    string
	Capacity  Capacity
	For       string
	Authority string
	Side      string
}

// stepReview changes an open review in one unit of work. Whoever reads it before
// and decides after learns that it changed.
func (s *Service) stepReview(ctx context.Context, who authz.Actor, id string, may func(context.Context, *work.Tx, *Review) error, change func(context.Context, *work.Tx, *Review) error) error {
	return s.stepReviewAt(ctx, who, id, 0, may, change)
}

// stepReviewAt is stepReview for a change that is based on a version; 0 is any.
func (s *Service) stepReviewAt(ctx context.Context, who authz.Actor, id string, version int64, may func(context.Context, *work.Tx, *Review) error, change func(context.Context, *work.Tx, *Review) error) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		r, err := getReview(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := may(ctx, tx, &r); err != nil {
			return err
		}
		if r.State != ReviewOpen {
			return errs.New(errs.Duplicate, "This review is decided. Nothing of it changes any more.")
		}
		// The lock comes first: what is read after it cannot change until the commit.
		if err := touch(ctx, tx, id, version, ReviewOpen); err != nil {
			return err
		}
		if r.Seats, err = seatsOf(ctx, tx, id); err != nil {
			return err
		}
		return change(ctx, tx, &r)
	})
}

func maySeat(ctx context.Context, tx *work.Tx, r *Review) error {
	return tx.May(ctx, SeatReview, authz.Target{Node: r.Project, Owner: r.runs(tx.Who.Person)})
}

// Seat names somebody who takes part in a review: chair, member, deputy,
// reviewer, adviser, facilitator.
func (s *Service) Seat(ctx context.Context, who authz.Actor, id string, n Naming) error {
	return s.stepReview(ctx, who, id, maySeat, func(ctx context.Context, tx *work.Tx, r *Review) error {
		person, err := onePerson(ctx, tx, "person", n.Person, tx.Today)
		if err != nil {
			return err
		}
		seat := Seat{Person: person, Capacity: n.Capacity, Authority: n.Authority, Side: n.Side}
		if n.Capacity == DeputyFor {
			if seat.For, err = onePerson(ctx, tx, "for", n.For, tx.Today); err != nil {
				return err
			}
		}
		managers, err := managersOf(ctx, tx, r.Project, tx.Today)
		if err != nil {
			return err
		}
		team, err := assignedOn(ctx, tx, r.Project, tx.Today, "a.kind IN ('project_manager', 'deputy', 'team')")
		if err != nil {
			return err
		}
		if err := r.fits(seat, managers, team, tx.Today); err != nil {
			return err
		}
		tx.Record(r.event("gate.seated", activity.Participant{Person: who.Person, Role: activity.Supported}))
		if seat.Capacity == Chair && r.seated(person, func(c Capacity) bool { return c == BodyMember }) != "" {
			_, err := tx.ExecContext(ctx, `UPDATE gate_seat SET capacity = 'chair' WHERE review_id = $1 AND person_id = $2 AND capacity = 'member'`, r.ID, person)
			return err
		}
		return insertSeat(ctx, tx, r.ID, seat)
	})
}

// fits refuses a seat that the rules do not allow.
func (r *Review) fits(seat Seat, managers, team []string, today clock.Day) error {
	var c errs.Check
	c.That(slices.ContainsFunc(Capacities, func(x struct {
		ID           Capacity
		Label, Means string
	},
	) bool {
		return x.ID == seat.Capacity
	}), "capacity", "Choose as what they take part.")
	own := slices.Contains(managers, seat.Person)
	c.That(!own || seat.Capacity == Presenter, "person", "Nobody decides, assures or facilitates their own project: this person manages it.")
	c.That(seat.Capacity != Presenter || own, "person", "Only the project manager presents.")
	c.That(seat.Capacity != Reviewer || !slices.Contains(team, seat.Person), "person", "A reviewer comes from outside the project.")
	for _, s := range r.Seats {
		if s.Person == seat.Person {
			c.That(s.Capacity != seat.Capacity, "person", "This person has that seat already.")
			promoted := s.Capacity == BodyMember && seat.Capacity == Chair
			c.That(promoted || !s.Capacity.Decides() || !seat.Capacity.Decides() && seat.Capacity != Reviewer, "person", "This person has the seat of a %s already.", strings.ToLower(s.Capacity.Label()))
			c.That(s.Capacity != Reviewer || !seat.Capacity.Decides(), "person", "This person reviews here, and so does not decide.")
		}
		c.That(s.Capacity != Chair || seat.Capacity != Chair || s.Conflicted(), "capacity", "%s chairs already. Take that seat away first.", s.Name)
		c.That(s.Capacity != DeputyFor || seat.Capacity != DeputyFor || s.For != seat.For, "for", "%s deputises for them already.", s.Name)
	}
	if seat.Capacity == DeputyFor {
		member := slices.ContainsFunc(r.Seats, func(s Seat) bool {
			return s.Person == seat.For && (s.Capacity == Chair || s.Capacity == BodyMember)
		})
		c.That(member, "for", "Name the member for whom they stand in.")
		c.That(r.beforeMeeting(today), "person", "A deputy counts only if named before the meeting.")
		c.That(seat.Authority != "", "authority", "Say with what authority: to decide, up to an amount, only to speak.")
	}
	c.That(seat.Capacity != Adviser || seat.Authority != "", "authority", "Say whose opinion it is, such as the finance partner's.")
	c.Fits("authority", seat.Authority, 300)
	c.Fits("side", seat.Side, 60)
	return c.Err()
}

// Unseat takes a seat away. A conflict that was declared stays on record: who
// has one is replaced by a further seat and not removed.
func (s *Service) Unseat(ctx context.Context, who authz.Actor, id, person string, as Capacity) error {
	return s.stepReview(ctx, who, id, maySeat, func(ctx context.Context, tx *work.Tx, r *Review) error {
		at := slices.IndexFunc(r.Seats, func(s Seat) bool { return s.Person == person && s.Capacity == as })
		if at < 0 {
			return errs.Missing("seat")
		}
		if as == Presenter {
			return errs.OnField("person", "The project manager presents.")
		}
		if r.Seats[at].Conflicted() {
			return errs.OnField("person", "A declared conflict stays on record. Name somebody else beside them.")
		}
		for _, d := range r.Seats {
			if d.Capacity == DeputyFor && d.For == person && as != DeputyFor {
				return errs.OnField("person", "%s deputises for them. Take that seat away first.", d.Name)
			}
		}
		tx.Record(r.event("gate.unseated", activity.Participant{Person: who.Person, Role: activity.Supported}))
		_, err := tx.ExecContext(ctx, `DELETE FROM gate_seat WHERE review_id = $1 AND person_id = $2 AND capacity = $3`, id, person, string(as))
		return err
	})
}

// Declare declares a conflict of interest of one's own. Whoever has one is heard
// and does not count.
func (s *Service) Declare(ctx context.Context, who authz.Actor, id, words string) error {
	return s.stepReview(ctx, who, id, func(ctx context.Context, tx *work.Tx, r *Review) error {
		return tx.May(ctx, GiveOpinion, authz.Target{Node: r.Project, Owner: r.seated(who.Person, Capacity.Speaks)})
	}, func(ctx context.Context, tx *work.Tx, r *Review) error {
		if words == "" {
			return errs.OnField("conflict", "Say in a few words what the conflict is.")
		}
		if utf8.RuneCountInString(words) > 1000 {
			return errs.OnField("conflict", "Use at most 1,000 characters.")
		}
		tx.Record(r.event("gate.conflict_declared", activity.Participant{Person: who.Person, Role: activity.Contributed}))
		_, err := tx.ExecContext(ctx, `UPDATE gate_seat SET conflict = $1, conflict_at = $2 WHERE review_id = $3 AND person_id = $4 AND conflict_at = 0`, words, sqldb.Micros(tx.Now), id, who.Person)
		return err
	})
}

// Present marks who is there on the day of the meeting, or takes the mark away.
func (s *Service) Present(ctx context.Context, who authz.Actor, id, person string, present bool) error {
	return s.stepReview(ctx, who, id, func(ctx context.Context, tx *work.Tx, r *Review) error {
		owner := r.runs(who.Person)
		if person == who.Person {
			owner = r.seated(who.Person, func(Capacity) bool { return true })
		}
		return tx.May(ctx, SeatReview, authz.Target{Node: r.Project, Owner: owner})
	}, func(ctx context.Context, tx *work.Tx, r *Review) error {
		if r.seated(person, func(Capacity) bool { return true }) == "" {
			return errs.Missing("seat")
		}
		if present && tx.Today < r.MeetsOn {
			return errs.OnField("person", "The meeting is on %s. Presence is marked on the day.", r.MeetsOn)
		}
		tx.Record(r.event("gate.presence_marked", activity.Participant{Person: who.Person, Role: activity.Supported}))
		_, err := tx.ExecContext(ctx, `UPDATE gate_seat SET present = $1 WHERE review_id = $2 AND person_id = $3`, present, id, person)
		return err
	})
}

// Meet sets the day of the meeting, based on a version of the review; 0 is any.
func (s *Service) Meet(ctx context.Context, who authz.Actor, id string, version int64, on clock.Day) error {
	return s.stepReviewAt(ctx, who, id, version, maySeat, func(ctx context.Context, tx *work.Tx, r *Review) error {
		if !clock.ValidDay(on) || on < tx.Today {
			return errs.OnField("meets_on", "Choose a day that is still to come, or today.")
		}
		deputies := slices.ContainsFunc(r.Seats, func(s Seat) bool { return s.Capacity == DeputyFor })
		if deputies && on == tx.Today && r.MeetsOn != on {
			return errs.OnField("meets_on", "Deputies have to be named before the day of the meeting. Choose a later day, or take their seats away.")
		}
		tx.Record(r.event("gate.meeting_set", activity.Participant{Person: who.Person, Role: activity.Supported}))
		_, err := tx.ExecContext(ctx, `UPDATE gate_review SET meets_on = $1 WHERE id = $2`, on, id)
		return err
	})
}

// OpineGate keeps what a reviewer, an adviser or somebody who decides says of the
// criteria. The last word on each counts, and the earlier ones stay.
func (s *Service) OpineGate(ctx context.Context, who authz.Actor, id string, list []GateOpinion) error {
	return s.stepReview(ctx, who, id, func(ctx context.Context, tx *work.Tx, r *Review) error {
		return tx.May(ctx, GiveOpinion, authz.Target{Node: r.Project, Owner: r.seated(who.Person, Capacity.Speaks)})
	}, func(ctx context.Context, tx *work.Tx, r *Review) error {
		before, err := saidOf(ctx, tx, id)
		if err != nil {
			return err
		}
		var c errs.Check
		fresh := slices.DeleteFunc(slices.Clone(list), func(o GateOpinion) bool {
			return o.Verdict == "" && o.Words == "" || slices.ContainsFunc(before, func(b GateOpinion) bool {
				return b.Person == who.Person && b.Criterion == o.Criterion && b.Verdict == o.Verdict && b.Words == o.Words
			})
		})
		for _, o := range fresh {
			at := "opinion_" + o.Criterion
			c.That(o.Criterion == "" || r.Frozen.Criterion(o.Criterion) != nil, at, "This gate does not ask such a criterion.")
			c.That(GateVerdictLabel(o.Verdict) != "Not assessed", at, "Choose met, partly met, not met or cannot say.")
			c.That(o.Verdict != NotMet || o.Words != "", at, "Say what is missing.")
			c.Fits(at, o.Words, maxGateWords)
		}
		c.That(len(fresh) > 0, "opinion", "Say of at least one criterion whether it is met.")
		if err := c.Err(); err != nil {
			return err
		}
		tx.Record(r.event("gate.opinion_given", activity.Participant{Person: who.Person, Role: activity.Contributed}))
		var rows [][]any
		for _, o := range fresh {
			rows = append(rows, []any{tx.NewID(), id, o.Criterion, who.Person, o.Verdict, o.Words, sqldb.Micros(tx.Now)})
		}
		return sqldb.Insert(ctx, tx, `gate_opinion (id, review_id, criterion_id, person_id, verdict, words, said_at)`, ``, rows)
	})
}
