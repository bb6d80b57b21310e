package bodies

import (
	"context"
	"time"
	"unicode/utf8"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Hold says who was at a meeting, which makes it a held one: each in their own
// right or for whom they deputised. Until the minutes are confirmed it can be
// said again.
func (s *Service) Hold(ctx context.Context, who authz.Actor, id string, version int64, there []Presence) error {
	return s.onMeeting(ctx, who, id, version, func(ctx context.Context, tx *work.Tx, m *Meeting) (string, error) {
		if m.State != Planned && m.State != Held {
			return "", errs.New(errs.Invalid, "This meeting is %s. Correct its minutes first.", within(m.State))
		}
		if m.On > tx.Today {
			return "", errs.OnField("there", "The meeting is still to come.")
		}
		seats, _, list, err := peopleOf(ctx, tx, *m)
		if err != nil {
			return "", err
		}
		if list, err = held(list, there); err != nil {
			return "", err
		}
		what := "meeting.held"
		if m.State == Held {
			what = "meeting.corrected"
		}
		m.State, m.QuorumNeeded, m.QuorumWas = Held, 0, seatsFilled(list)
		if m.Body != "" {
			b, err := getBody(ctx, tx, m.Body)
			if err != nil {
				return "", err
			}
			m.QuorumNeeded = b.Quorum.Needs(voting(seats))
		}
		e := meetingEvent(*m, what)
		quorate := m.Quorate()
		e.Needed, e.Present, e.Quorate, e.There = m.QuorumNeeded, m.QuorumWas, &quorate, participants(list)
		tx.Record(e)
		return "", replaceAttendance(ctx, tx, m.ID, list)
	})
}

func within(s MeetingState) string {
	switch s {
	case Cancelled:
		return "called off"
	case Confirmed:
		return "confirmed"
	case Planned, Held:
	}
	return string(s)
}

// WriteMinutes keeps the draft of the minutes of a held meeting.
func (s *Service) WriteMinutes(ctx context.Context, who authz.Actor, id string, version int64, words string) error {
	return s.onMeeting(ctx, who, id, version, func(_ context.Context, _ *work.Tx, m *Meeting) (string, error) {
		if m.State != Held {
			return "", errs.New(errs.Invalid, "Say first who was there.")
		}
		if utf8.RuneCountInString(words) > maxTerms {
			return "", errs.OnField("minutes", "Use at most %d characters.", maxTerms)
		}
		m.Minutes = words
		return "minutes.drafted", nil
	})
}

// Confirm confirms the minutes of a held meeting, with who was there, for good.
func (s *Service) Confirm(ctx context.Context, who authz.Actor, id string, version int64) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		m, _, err := meetingTarget(ctx, tx, who, id, func(t authz.Target) error { return tx.May(ctx, SeeMeetings, t) })
		if err != nil {
			return err
		}
		list, err := attendanceOf(ctx, tx, id)
		if err != nil {
			return err
		}
		act, on, err := confirming(ctx, tx, who, m, list)
		if err != nil {
			return err
		}
		if err := tx.May(ctx, act, on); err != nil {
			return err
		}
		return s.saveMeeting(ctx, tx, m, version, func(ctx context.Context, tx *work.Tx, m *Meeting) (string, error) {
			if m.State != Held || m.Minutes == "" {
				return "", errs.New(errs.Invalid, "There are no minutes to confirm.")
			}
			m.State = Confirmed
			m.Number++
			e := meetingEvent(*m, "minutes.confirmed")
			e.Number = m.Number
			tx.Record(e)
			return "", insertMinutes(ctx, tx, *m, list)
		})
	})
}

// Correct opens the minutes of a confirmed meeting, to be corrected and confirmed
// again. What was confirmed stays readable.
func (s *Service) Correct(ctx context.Context, who authz.Actor, id string, version int64) error {
	return s.onMeeting(ctx, who, id, version, func(_ context.Context, _ *work.Tx, m *Meeting) (string, error) {
		if m.State != Confirmed {
			return "", errs.New(errs.Invalid, "Only confirmed minutes are corrected; until then they can be changed.")
		}
		m.State = Held
		return "minutes.opened", nil
	})
}

// RaiseAction notes an action in a meeting, in the register of actions.
func (s *Service) RaiseAction(ctx context.Context, who authz.Actor, id string, a ActionAsked) error {
	return s.inMeeting(ctx, who, id, func(ctx context.Context, tx *work.Tx, m Meeting) error {
		if m.State == Cancelled {
			return errs.New(errs.Invalid, "This meeting was called off.")
		}
		project, err := about(ctx, tx, m, a.Project)
		if err != nil {
			return err
		}
		a.Project, a.Origin = project, m.origin()
		_, err = s.actions.RaiseIn(ctx, tx, a)
		return err
	})
}

// about finds the project of what a meeting decides or raises: its own, or one
// below what its body governs, which may be named.
func about(ctx context.Context, tx *work.Tx, m Meeting, named string) (string, error) {
	if m.Project != "" || named == "" {
		return m.Project, nil
	}
	if err := tx.May(ctx, SeeMeetings, authz.On(named)); err != nil {
		return "", err
	}
	ok, err := below(ctx, tx, m.Node, named)
	if err == nil && !ok {
		err = errs.OnField("project", "This body does not govern that project.")
	}
	return named, err
}

// origin is what a decision or action of a meeting says about where it comes from.
func (m Meeting) origin() Origin {
	title := m.Subject
	if day, err := time.Parse(time.DateOnly, m.On); err == nil {
		title += ", " + day.Format("2 January 2006")
	}
	return Origin{Kind: FromMeeting, ID: m.ID, Title: title, Path: "/meetings/" + m.ID}
}

// Decide notes a decision of a meeting: of its body, or of who led a meeting of
// a project.
func (s *Service) Decide(ctx context.Context, who authz.Actor, id string, d Decision) error {
	return s.inMeeting(ctx, who, id, func(ctx context.Context, tx *work.Tx, m Meeting) error {
		if m.State != Planned && m.State != Held {
			return errs.New(errs.Invalid, "This meeting is %s. Correct its minutes first.", within(m.State))
		}
		list, err := attendanceOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if d.Project, err = about(ctx, tx, m, d.Project); err != nil {
			return err
		}
		d.State, d.DecidedOn, d.Body, d.Person, d.Node, d.Origin = Decided, m.On, m.Body, "", m.Node, m.origin()
		if m.Body == "" {
			d.Person = who.Person
			for _, a := range list {
				if inChair(list, a.Person) {
					d.Person = a.Person
				}
			}
		}
		_, err = s.DecideIn(ctx, tx, d)
		return err
	})
}

// ConfirmDeputising confirms, in one step, that a deputy stood in: whom it was
// for does, or who was in the chair.
func (s *Service) ConfirmDeputising(ctx context.Context, who authz.Actor, id, deputy string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		m, _, err := meetingTarget(ctx, tx, who, id, func(t authz.Target) error { return tx.May(ctx, SeeMeetings, t) })
		if err != nil {
			return err
		}
		list, err := attendanceOf(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, a := range list {
			if a.Person != deputy || !a.There || a.Capacity != AsDeputy {
				continue
			}
			on := authz.Target{Node: m.Node, Owner: a.For}
			if who.Person != deputy && inChair(list, who.Person) {
				on.Owner = who.Person
			}
			if err := tx.May(ctx, ConfirmDeputy, on); err != nil {
				return err
			}
			if a.ConfirmedAt != 0 {
				return errs.New(errs.Duplicate, "This is confirmed already.")
			}
			tx.Record(DeputisingConfirmed{Meeting: id, Body: m.Body, Project: m.Project, Deputy: deputy, For: a.For, By: who.Person, On: m.On, Node: m.Node})
			a.ConfirmedBy, a.ConfirmedAt = who.Person, sqldb.Micros(tx.Now)
			return putAttendee(ctx, tx, id, a)
		}
		return errs.Missing("deputising")
	})
}
