package bodies

import (
	"regexp"
	"slices"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

// MeetingKind is what kind of meeting it is: of a project alone, or that of a
// governing body's kind.
type MeetingKind string

// The kinds of meeting that no body holds.
const (
	ProjectMeeting MeetingKind = "project_meeting"
	TeamMeeting    MeetingKind = "team_meeting"
)

// MeetingKinds are all kinds of meeting.
var MeetingKinds = []Word[MeetingKind]{
	{ProjectMeeting, "Project meeting"},
	{TeamMeeting, "Team meeting"},
	{MeetingKind(ProjectBoard), "Project board"},
	{MeetingKind(SteeringGroup), "Steering group"},
	{MeetingKind(PortfolioBoard), "Portfolio board"},
	{MeetingKind(ReviewGroup), "Review group"},
}

// Label is the kind in the reader's words.
func (k MeetingKind) Label() string { return labelled(MeetingKinds, k) }

// MeetingState is where a meeting stands.
type MeetingState string

// The states. A confirmed meeting whose minutes are corrected is held again,
// with Number above 0.
const (
	Planned   MeetingState = "planned"
	Held      MeetingState = "held"
	Confirmed MeetingState = "confirmed"
	Cancelled MeetingState = "cancelled"
)

// MeetingStates are all states.
var MeetingStates = []Word[MeetingState]{{Planned, "Planned"}, {Held, "Held"}, {Confirmed, "Minutes confirmed"}, {Cancelled, "Cancelled"}}

// Label is the state in the reader's words.
func (s MeetingState) Label() string { return labelled(MeetingStates, s) }

// Capacity is in what right somebody is at a meeting.
type Capacity string

// The capacities.
const (
	OwnRight  Capacity = "own"
	AsDeputy  Capacity = "deputy"
	Attending Capacity = "attending" // without a seat, and takes part
	AsGuest   Capacity = "guest"     // listens
)

// Meeting is a meeting of a governing body, of a project, or of both.
type Meeting struct {
	ID                      string
	Kind                    MeetingKind
	Body, BodyName          string
	Project, ProjectName    string
	Node                    string // whose visibility it has
	On                      clock.Day
	Starts                  string // "14:00", empty if nobody said
	Subject                 string
	State                   MeetingState
	Number                  int // of the minutes confirmed last; 0 for none
	QuorumNeeded, QuorumWas int // of a held one; needed 0 is no rule
	Minutes                 string
	CalledBy                string
	Version                 int64
}

// Quorate reports whether a held meeting could decide; without a rule it could.
func (m Meeting) Quorate() bool { return m.QuorumWas >= m.QuorumNeeded }

var hour = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)

func (m Meeting) check() error {
	var c errs.Check
	c.That(m.Body != "" || m.Project != "", "body", "Say which governing body or which project meets.")
	c.That(known(MeetingKinds, m.Kind), "kind", "Choose what kind of meeting it is.")
	c.That(clock.ValidDay(m.On), "on", "Enter a date such as 2026-11-24.")
	c.That(m.Starts == "" || hour.MatchString(m.Starts), "starts", "Enter a time such as 14:00.")
	c.That(m.Subject != "", "subject", "Say in a few words what it is about.")
	c.Fits("subject", m.Subject, maxName)
	return c.Err()
}

// Attendee is somebody at a meeting, or expected there.
type Attendee struct {
	Person, Name  string
	Seat          SeatKind // their own, or that of whom they deputise for; empty for none
	Side          Side
	Capacity      Capacity
	For, ForName  string // whom they deputise for
	Authority     string
	There         bool
	Role          activity.RoleInWork // in the work of the meeting, once it was held
	ConfirmedBy   string
	ConfirmedName string
	ConfirmedAt   int64 // microseconds UTC, of the deputising; 0 for not yet
}

// Presence says that a person was there, in their own right or for somebody.
type Presence struct{ Person, For string }

// expected puts together who is to be at a meeting: those with a seat, who may
// deputise for them, and who was invited besides. Nobody comes twice; a seat of
// one's own comes before standing in for another.
func expected(seats []Seat, offers []Offer, others []Attendee) []Attendee {
	var out []Attendee
	add := func(a Attendee) {
		if !slices.ContainsFunc(out, func(x Attendee) bool { return x.Person == a.Person }) {
			out = append(out, a)
		}
	}
	for _, s := range seats {
		add(Attendee{Person: s.Person, Name: s.Name, Seat: s.Kind, Side: s.Side, Capacity: OwnRight})
	}
	for _, o := range offers {
		if i := slices.IndexFunc(seats, func(s Seat) bool { return s.Person == o.Person }); i >= 0 && o.State == Accepted {
			add(deputyOf(seats[i], o.Deputy, o.DeputyName, o.Authority))
		}
	}
	for _, s := range seats {
		for _, d := range s.Deputies {
			add(deputyOf(s, d.Person, d.Name, d.Authority))
		}
	}
	for _, a := range others {
		if i := slices.IndexFunc(out, func(x Attendee) bool { return x.Person == a.Person }); i >= 0 {
			out[i] = a // what was said of this meeting goes before what is usual
			continue
		}
		out = append(out, a)
	}
	return out
}

func deputyOf(s Seat, person, name, authority string) Attendee {
	return Attendee{Person: person, Name: name, Seat: s.Kind, Side: s.Side, Capacity: AsDeputy, For: s.Person, ForName: s.Name, Authority: authority}
}

// held says who was there and what each was to the work, and drops deputies who
// were not. It refuses who is not on the list, and a deputy of somebody who came.
func held(list []Attendee, there []Presence) ([]Attendee, error) {
	var c errs.Check
	c.That(len(there) > 0, "there", "Tick at least one person who was there.")
	for _, p := range there {
		i := slices.IndexFunc(list, func(a Attendee) bool { return a.Person == p.Person && a.For == p.For })
		if i < 0 {
			c.Add("there", "Somebody who is ticked is not on the list. Add them first.")
			break
		}
		list[i].There = true
	}
	var out []Attendee
	for _, a := range list {
		was := slices.Contains(there, Presence{a.Person, a.For})
		if a.There = was; !was && a.Capacity == AsDeputy {
			continue
		}
		a.Role = ""
		if was && a.Capacity == AsDeputy {
			if slices.Contains(there, Presence{a.For, ""}) {
				c.Add("there", "%s was there, so nobody deputised for them.", a.ForName)
			}
			if slices.ContainsFunc(out, func(x Attendee) bool { return x.For == a.For && x.For != "" }) {
				c.Add("there", "Only one person deputises for %s.", a.ForName)
			}
		}
		if was {
			a.Role = roleOf(a)
		}
		out = append(out, a)
	}
	lead(out)
	return out, c.Err()
}

// roleOf is what somebody is to the work of a meeting that another leads.
func roleOf(a Attendee) activity.RoleInWork {
	switch {
	case a.Capacity == AsDeputy:
		return activity.Deputised
	case a.Capacity == AsGuest:
		return activity.Observed
	case a.Seat == Secretariat:
		return activity.Supported
	}
	return activity.Contributed
}

// lead finds who was in the chair: the chair, or else the deputy chair. A deputy
// of the chair took the chair as well, and is said to have deputised.
func lead(list []Attendee) {
	for _, k := range []SeatKind{Chair, DeputyChair} {
		for i, a := range list {
			if a.There && a.Seat == k {
				if a.Capacity == OwnRight {
					list[i].Role = activity.Led
				}
				return
			}
		}
	}
}

// inChair reports whether a person took the chair of a held meeting.
func inChair(list []Attendee, person string) bool {
	for _, k := range []SeatKind{Chair, DeputyChair} {
		for _, a := range list {
			if a.There && a.Seat == k {
				return a.Person == person
			}
		}
	}
	return false
}

// seatsFilled counts the seats that count for the quorum and were filled, by
// their member or by a deputy.
func seatsFilled(list []Attendee) int {
	filled := map[string]bool{}
	for _, a := range list {
		if !a.There || !a.Seat.Counts() {
			continue
		}
		switch a.Capacity {
		case OwnRight:
			filled[a.Person] = true
		case AsDeputy:
			filled[a.For] = true
		case Attending, AsGuest:
		}
	}
	return len(filled)
}

// OfferState is where the offer of a seat stands.
type OfferState string

// The states of an offer.
const (
	Offered   OfferState = "offered"
	Accepted  OfferState = "accepted"
	Declined  OfferState = "declined"
	TakenBack OfferState = "taken_back"
)

// Offer is a seat at one meeting that its holder offered to a deputy.
type Offer struct {
	ID, Meeting        string
	Person, Name       string // who offers it
	Deputy, DeputyName string
	Authority          string
	State              OfferState
	Subject            string // of the meeting; in a list
	On                 clock.Day
}

// ConfirmedMinutes is what the chair confirmed, for good.
type ConfirmedMinutes struct {
	Number int
	Words  string
	There  []Attendee
	ByName string
	At     int64 // microseconds UTC
}
