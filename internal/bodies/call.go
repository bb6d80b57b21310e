package bodies

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/work"
)

// Call calls a meeting of a body, of a project, or of a body about a project.
// Who is expected follows from seats and assignments on its day.
func (s *Service) Call(ctx context.Context, who authz.Actor, m Meeting) (Meeting, error) {
	err := s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, SeeMeetings, authz.On(m.Project)); err != nil {
			return err
		}
		on, err := s.place(ctx, tx, &m)
		if err != nil {
			return err
		}
		if err := tx.May(ctx, CallMeeting, on); err != nil {
			return err
		}
		if err := m.check(); err != nil {
			return err
		}
		m.ID, m.State, m.CalledBy, m.Version = tx.NewID(), Planned, who.Person, 1
		tx.Record(meetingEvent(m, "meeting.called"))
		return insertMeeting(ctx, tx, m)
	})
	return m, err
}

// place finds whose visibility a meeting has: that of its project, or else of
// what its body governs. The kind follows the body's.
func (s *Service) place(ctx context.Context, tx *work.Tx, m *Meeting) (on authz.Target, err error) {
	m.Node = m.Project
	if m.Body != "" {
		b, at, err := bodyTarget(ctx, tx, tx.Who, m.Body, tx.Today, func(t authz.Target) error { return tx.May(ctx, SeeMeetings, t) })
		if err != nil {
			return on, err
		}
		on.Owner, m.Kind = at.Owner, MeetingKind(b.Kind)
		if b.NodeKind == "project" && b.Node != "" {
			if m.Project != "" && m.Project != b.Node {
				return on, errs.OnField("project", "This body governs another project.")
			}
			m.Project = b.Node
		}
		m.Node = m.Project
		if m.Node == "" {
			m.Node = b.Node
		}
	}
	if m.Project != "" {
		_, is, err := nodeName(ctx, tx, m.Project)
		if err != nil {
			return on, err
		}
		if !is {
			return on, errs.OnField("project", "Only a project meets; of a programme or portfolio a governing body does.")
		}
	}
	on.Node = m.Node
	return on, nil
}

func meetingEvent(m Meeting, what string) MeetingEvent {
	return MeetingEvent{Meeting: m.ID, Kind: m.Kind, Body: m.Body, Project: m.Project, Node: m.Node, On: m.On, What: what}
}

// onMeeting changes a meeting in one unit of work: authorise, change, save. The
// change gives its event, or none if nothing is to be kept. Version 0 means:
// whichever it is.
func (s *Service) onMeeting(ctx context.Context, who authz.Actor, id string, version int64, change func(ctx context.Context, tx *work.Tx, m *Meeting) (string, error)) error {
	return s.inMeeting(ctx, who, id, func(ctx context.Context, tx *work.Tx, m Meeting) error {
		return s.saveMeeting(ctx, tx, m, version, change)
	})
}

// inMeeting does in one unit of work what leaves the meeting itself as it is.
func (s *Service) inMeeting(ctx context.Context, who authz.Actor, id string, do func(ctx context.Context, tx *work.Tx, m Meeting) error) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		m, on, err := meetingTarget(ctx, tx, who, id, func(t authz.Target) error { return tx.May(ctx, SeeMeetings, t) })
		if err != nil {
			return err
		}
		if err := tx.May(ctx, RunMeeting, on); err != nil {
			return err
		}
		return do(ctx, tx, m)
	})
}

func (s *Service) saveMeeting(ctx context.Context, tx *work.Tx, m Meeting, version int64, change func(ctx context.Context, tx *work.Tx, m *Meeting) (string, error)) error {
	if version != 0 && version != m.Version {
		return errStale
	}
	what, err := change(ctx, tx, &m)
	if err != nil {
		return err
	}
	if what != "" {
		tx.Record(meetingEvent(m, what))
	}
	ok, err := updateMeeting(ctx, tx, m)
	if err == nil && !ok {
		err = errStale
	}
	return err
}

// MeetingEdit is what can be changed of a planned meeting.
type MeetingEdit struct{ On, Starts, Subject string }

// ChangeMeeting moves a planned meeting or gives it another subject.
func (s *Service) ChangeMeeting(ctx context.Context, who authz.Actor, id string, version int64, e MeetingEdit) error {
	return s.onMeeting(ctx, who, id, version, func(_ context.Context, _ *work.Tx, m *Meeting) (string, error) {
		if m.State != Planned {
			return "", errs.New(errs.Invalid, "Only a planned meeting can be moved.")
		}
		m.On, m.Starts, m.Subject = e.On, e.Starts, e.Subject
		return "meeting.changed", m.check()
	})
}

// Cancel calls a planned meeting off.
func (s *Service) Cancel(ctx context.Context, who authz.Actor, id string, version int64) error {
	return s.onMeeting(ctx, who, id, version, func(_ context.Context, _ *work.Tx, m *Meeting) (string, error) {
		if m.State != Planned {
			return "", errs.New(errs.Invalid, "Only a planned meeting can be called off.")
		}
		m.State = Cancelled
		return "meeting.cancelled", nil
	})
}

// Invite puts somebody on the list of a meeting who has no seat there: in
// attendance, as a guest, or as a deputy for somebody who has one.
func (s *Service) Invite(ctx context.Context, who authz.Actor, id string, a Attendee) error {
	return s.onMeeting(ctx, who, id, 0, func(ctx context.Context, tx *work.Tx, m *Meeting) (string, error) {
		if m.State != Planned && m.State != Held {
			return "", errs.New(errs.Invalid, "The list of this meeting is closed. Correct its minutes first.")
		}
		seats, _, list, err := peopleOf(ctx, tx, *m)
		if err != nil {
			return "", err
		}
		if a, err = invited(a, seats, list); err != nil {
			return "", err
		}
		if err := s.checkPerson(ctx, tx, "person", a.Person, m.Node); err != nil {
			return "", err
		}
		return "meeting.invited", putAttendee(ctx, tx, m.ID, a)
	})
}

// invited checks somebody who comes onto the list of a meeting.
func invited(a Attendee, seats []Seat, list []Attendee) (Attendee, error) {
	var c errs.Check
	c.That(a.Person != "", "person", "Name the person.")
	c.That(a.Capacity == Attending || a.Capacity == AsGuest || a.Capacity == AsDeputy, "capacity", "Say in what right they come.")
	c.That(a.Capacity == AsDeputy || a.For == "", "for", "Only a deputy stands in for somebody.")
	c.That(a.Capacity != AsDeputy || a.Authority != "", "authority", "Say what they may decide in the member's place.")
	c.Fits("authority", a.Authority, maxWords)
	for _, x := range list {
		if x.Person == a.Person && (x.Capacity == OwnRight || x.There) {
			c.Add("person", "%s is on the list already.", x.Name)
		}
	}
	if a.Capacity == AsDeputy {
		found := false
		for _, s := range seats {
			if s.Person == a.For && s.Person != a.Person {
				a.Seat, a.Side, found = s.Kind, s.Side, true
			}
		}
		c.That(found, "for", "Choose a member whose place they take.")
	}
	return a, c.Err()
}
