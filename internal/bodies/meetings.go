package bodies

import (
	"context"
	"slices"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// MeetingFilter chooses meetings. The zero filter chooses all, the newest first.
type MeetingFilter struct {
	Coming            bool // planned, the soonest first
	Mine              bool
	Project, Body     string
	State             MeetingState // empty is all but cancelled
	AfterKey, AfterID string
	Limit             int // 0 is the usual
}

// MeetingPage is a part of the list of meetings.
type MeetingPage struct {
	Meetings        []Meeting
	Count           int // of the filter
	NextKey, NextID string
	Today           clock.Day
	ProjectName     string // of a filter by project
	BodyName        string // of a filter by body
	MayCall         bool   // a meeting of the filter's project or body
}

// Meetings lists the meetings that the reader sees.
func (s *Service) Meetings(ctx context.Context, who authz.Actor, f MeetingFilter) (page MeetingPage, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		on := authz.On(f.Project)
		if err := v.May(ctx, SeeMeetings, on); err != nil {
			return err
		}
		if f.State != "" && !known(MeetingStates, f.State) {
			return errs.OnField("state", "Choose planned, held, confirmed or cancelled.")
		}
		if f.Body != "" {
			b, at, err := bodyTarget(ctx, v, who, f.Body, v.Today, func(t authz.Target) error { return v.May(ctx, SeeMeetings, t) })
			if err != nil {
				return err
			}
			page.BodyName, on = b.Name, at
		}
		if f.Project != "" {
			if page.ProjectName, _, err = nodeName(ctx, v, f.Project); err != nil {
				return err
			}
		}
		page.Today, page.MayCall = v.Today, v.Can(ctx, CallMeeting, on)
		return page.read(ctx, v, f)
	})
	return page, err
}

func (p *MeetingPage) read(ctx context.Context, v *work.View, f MeetingFilter) (err error) {
	var count, w sqldb.Where
	f.where(v, &count)
	if err := v.QueryRowContext(ctx, `SELECT COUNT(*) FROM meeting m`+count.SQL(), count.Values()...).Scan(&p.Count); err != nil {
		return err
	}
	f.where(v, &w)
	order, limit := "m.held_on DESC, m.id DESC", limited(f.Limit)
	if f.Coming {
		order = "m.held_on, m.id"
	}
	if f.AfterID != "" {
		w.AfterKey("m.held_on", "m.id", !f.Coming, f.AfterKey, f.AfterID)
	}
	if p.Meetings, err = listMeetings(ctx, v, &w, order+" LIMIT "+w.Add(limit+1)); err != nil {
		return err
	}
	if len(p.Meetings) > limit {
		p.Meetings = p.Meetings[:limit]
		last := p.Meetings[limit-1]
		p.NextKey, p.NextID = last.On, last.ID
	}
	return nil
}

func (f MeetingFilter) where(v *work.View, w *sqldb.Where) {
	switch {
	case f.Coming:
		w.And("m.state = 'planned'")
	case f.State != "":
		w.And("m.state = ?", string(f.State))
	default:
		w.And("m.state <> 'cancelled'")
	}
	if f.Mine {
		mine(v, w)
	}
	if f.Project != "" {
		w.And("m.project_id = ?", f.Project)
	}
	if f.Body != "" {
		w.And("m.body_id = ?", f.Body)
	}
	v.Scope(w, "m.node_id")
}

// mine limits meetings to those where the reader has a part: by a seat in the
// body, by an assignment to the project that meets without a body, by an offer
// that they accepted, or because somebody put them on the list.
func mine(v *work.View, w *sqldb.Where) {
	me := v.Who.Person
	w.And(`(m.id IN (SELECT a.meeting_id FROM attendance a WHERE a.person_id = ?)
		OR m.id IN (SELECT o.meeting_id FROM seat_offer o WHERE o.deputy_id = ? AND o.state = 'accepted')
		OR m.state = 'planned' AND m.body_id <> '' AND EXISTS (SELECT 1 FROM seat s WHERE s.person_id = ? AND s.body_id = m.body_id AND s.from_on <= m.held_on AND (s.to_on = '' OR s.to_on >= m.held_on))
		OR m.state = 'planned' AND m.body_id = '' AND EXISTS (SELECT 1 FROM v_assignment g WHERE g.person_id = ? AND g.project_id = m.project_id AND g.from_on <= m.held_on AND (g.to_on = '' OR g.to_on >= m.held_on)))`, me, me, me, me)
}

// MeetingSheet is all that the page of one meeting shows, but decisions and actions.
type MeetingSheet struct {
	Meeting
	Quorum             Quorum // of the body
	Members            int    // with a vote, on the day
	People             []Attendee
	Offers             []Offer
	Earlier            []ConfirmedMinutes // the newest first
	Below              []Node             // projects that what it decides can be about, if it has none itself
	Today              clock.Day
	Me                 string
	MayRun, MayConfirm bool
	MyOffer            *Offer     // the live one that the reader made
	MayOffer           bool       // the reader's own seat
	ToConfirm          []Attendee // deputisings that the reader can confirm
	Answer             *Offer     // one that waits for the reader's answer
}

// There counts who was there.
func (sh MeetingSheet) There() (n int) {
	for _, a := range sh.People {
		if a.There {
			n++
		}
	}
	return n
}

// Meeting shows one meeting.
func (s *Service) Meeting(ctx context.Context, who authz.Actor, id string) (sh MeetingSheet, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		m, on, err := meetingTarget(ctx, v, who, id, func(t authz.Target) error { return v.May(ctx, SeeMeetings, t) })
		if err != nil {
			return err
		}
		sh = MeetingSheet{Meeting: m, Today: v.Today, Me: who.Person, MayRun: m.State != Cancelled && v.Can(ctx, RunMeeting, on)}
		if err := sh.gather(ctx, v); err != nil {
			return err
		}
		if sh.Earlier, err = confirmedMinutes(ctx, v, id); err != nil {
			return err
		}
		if sh.MayRun && m.Project == "" && m.Node != "" {
			if sh.Below, err = projectsBelow(ctx, v, m.Node, nodesProposed); err != nil {
				return err
			}
		}
		if m.State == Held && m.Minutes != "" {
			act, target, err := confirming(ctx, v, who, m, sh.People)
			if err != nil {
				return err
			}
			sh.MayConfirm = v.Can(ctx, act, target)
		}
		return nil
	})
	return sh, err
}

// gather reads who is to be or was at a meeting and what that asks of the reader.
func (sh *MeetingSheet) gather(ctx context.Context, q sqldb.Querier) (err error) {
	var seats []Seat
	if seats, sh.Offers, sh.People, err = peopleOf(ctx, q, sh.Meeting); err != nil {
		return err
	}
	if sh.Body != "" {
		b, err := getBody(ctx, q, sh.Body)
		if err != nil {
			return err
		}
		sh.Quorum, sh.Members = b.Quorum, voting(seats)
	}
	sh.mine()
	return nil
}

// mine finds what the reader has to say about a meeting.
func (sh *MeetingSheet) mine() {
	if sh.Me == "" {
		return
	}
	for i, o := range sh.Offers {
		switch {
		case o.Person == sh.Me && (o.State == Offered || o.State == Accepted):
			sh.MyOffer = &sh.Offers[i]
		case o.Deputy == sh.Me && o.State == Offered && sh.State == Planned:
			sh.Answer = &sh.Offers[i]
		}
	}
	own := slices.ContainsFunc(sh.People, func(a Attendee) bool { return a.Person == sh.Me && a.Capacity == OwnRight })
	sh.MayOffer = sh.State == Planned && own && sh.MyOffer == nil
	if sh.State != Held && sh.State != Confirmed {
		return
	}
	for _, a := range sh.People {
		if a.There && a.Capacity == AsDeputy && a.ConfirmedAt == 0 && a.Person != sh.Me && (a.For == sh.Me || inChair(sh.People, sh.Me)) {
			sh.ToConfirm = append(sh.ToConfirm, a)
		}
	}
}

func voting(seats []Seat) (n int) {
	for _, s := range seats {
		if s.Kind.Counts() {
			n++
		}
	}
	return n
}

// peopleOf reads who has a seat at a meeting on its day, what was offered, and
// the list that comes of both; of a meeting that was held, who was there.
func peopleOf(ctx context.Context, q sqldb.Querier, m Meeting) (seats []Seat, offers []Offer, list []Attendee, err error) {
	others, err := attendanceOf(ctx, q, m.ID)
	if err != nil {
		return nil, nil, nil, err
	}
	if m.Body != "" {
		seats, err = seatsOf(ctx, q, m.Body, m.On)
	} else {
		seats, err = assigned(ctx, q, m.Project, m.On)
	}
	if err != nil {
		return nil, nil, nil, err
	}
	if m.Body != "" && m.Project != "" && m.State == Planned {
		if others, err = withManager(ctx, q, m, seats, others); err != nil {
			return nil, nil, nil, err
		}
	}
	var w sqldb.Where
	w.And("o.meeting_id = ?", m.ID)
	if offers, err = listOffers(ctx, q, &w, "o.id"); err != nil {
		return nil, nil, nil, err
	}
	if m.State == Confirmed || m.State == Cancelled {
		return seats, offers, others, nil
	}
	return seats, offers, expected(seats, offers, others), nil
}

// withManager adds the project manager to the meeting of a body about a project,
// unless they have a seat: they present it.
func withManager(ctx context.Context, q sqldb.Querier, m Meeting, seats []Seat, others []Attendee) ([]Attendee, error) {
	people, err := assigned(ctx, q, m.Project, m.On)
	for _, p := range people {
		has := slices.ContainsFunc(seats, func(s Seat) bool { return s.Person == p.Person }) ||
			slices.ContainsFunc(others, func(a Attendee) bool { return a.Person == p.Person })
		if p.Kind == Chair && !has {
			others = append(others, Attendee{Person: p.Person, Name: p.Name, Capacity: Attending})
		}
	}
	return others, err
}

// meetingTarget reads a meeting that the actor sees and the target of actions on it.
func meetingTarget(ctx context.Context, q sqldb.Querier, who authz.Actor, id string, see func(authz.Target) error) (m Meeting, on authz.Target, err error) {
	if err := see(authz.Instance); err != nil {
		return m, on, err
	}
	if m, err = getMeeting(ctx, q, id); err != nil {
		return m, on, err
	}
	on.Node = m.Node
	if err := see(on); err != nil {
		return m, on, err
	}
	on.Owner, err = officer(ctx, q, who, m.Body, m.On)
	return m, on, err
}

// confirming gives what the confirming of minutes needs: in a body it is its
// chair's or deputy chair's, or that of who was in the chair; without one the
// project manager's or the sponsor's.
func confirming(ctx context.Context, q sqldb.Querier, who authz.Actor, m Meeting, list []Attendee) (authz.Action, authz.Target, error) {
	on := authz.Target{Node: m.Node}
	if m.Body == "" {
		return ConfirmOfProject, on, nil
	}
	if who.Person != "" && inChair(list, who.Person) {
		on.Owner = who.Person
		return ConfirmOfBody, on, nil
	}
	var err error
	on.Owner, err = seated(ctx, q, who, m.Body, m.On, Chair, DeputyChair)
	return ConfirmOfBody, on, err
}

// Prefill is what the form of a new meeting begins with.
type Prefill struct {
	Meeting
	People []Attendee // who would be expected
}

// Prefill proposes the next meeting of a body or a project: the usual kind and
// subject, the hour of the last one and its distance from the one before.
func (s *Service) Prefill(ctx context.Context, who authz.Actor, body, project string) (p Prefill, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		on := authz.On(project)
		if err := v.May(ctx, SeeMeetings, on); err != nil {
			return err
		}
		p.Meeting = Meeting{Kind: ProjectMeeting, Body: body, Project: project, Subject: ProjectMeeting.Label()}
		if body != "" {
			b, at, err := bodyTarget(ctx, v, who, body, v.Today, func(t authz.Target) error { return v.May(ctx, SeeMeetings, t) })
			if err != nil {
				return err
			}
			on = at
			p.BodyName, p.Kind, p.Subject = b.Name, MeetingKind(b.Kind), b.Name
			if p.Project == "" && b.NodeKind == "project" {
				p.Project = b.Node
			}
		}
		if err := v.May(ctx, CallMeeting, on); err != nil {
			return err
		}
		if p.ProjectName, _, err = nodeName(ctx, v, p.Project); err != nil {
			return err
		}
		if err := p.fromLast(ctx, v); err != nil {
			return err
		}
		p.State = Planned
		m := p.Meeting
		if m.On == "" {
			m.On = v.Today
		}
		_, _, p.People, err = peopleOf(ctx, v, m)
		return err
	})
	return p, err
}

func (p *Prefill) fromLast(ctx context.Context, v *work.View) error {
	var w sqldb.Where
	w.And("m.body_id = ? AND m.project_id = ? AND m.state <> 'cancelled'", p.Body, p.Project)
	last, err := listMeetings(ctx, v, &w, "m.held_on DESC, m.id DESC LIMIT 2")
	if err != nil || len(last) == 0 {
		return err
	}
	p.Kind, p.Starts, p.Subject = last[0].Kind, last[0].Starts, last[0].Subject
	if len(last) == 2 {
		if n, ok := clock.DaysBetween(last[1].On, last[0].On); ok && n > 0 {
			if next := clock.AddDays(last[0].On, n); next >= v.Today {
				p.On = next
			}
		}
	}
	return nil
}
