// Package opportunity carries pieces of real work - a project, a gate, a meeting -
// that somebody may lead, deputise at, shadow or support, from the offer to the
// debrief that the other side confirms.
package opportunity

import (
	"slices"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

// The actions of this feature.
const (
	See      = authz.Action("opportunity.see")
	Offer    = authz.Action("opportunity.offer")
	Manage   = authz.Action("opportunity.manage")
	Apply    = authz.Action("opportunity.apply")
	OwnPlace = authz.Action("opportunity.own_place")
	OwnLine  = authz.Action("opportunity.answer_for_line")
)

var (
	pmo     = []authz.Role{authz.PMOMember, authz.HeadOfPMO}
	leaders = []authz.NodeRole{authz.Sponsor, authz.ProjectManager}
)

// Rules is this feature's part of the policy table.
var Rules = []authz.Rule{
	{Action: See, Says: "See what is offered, without that of confidential projects of others", Roles: authz.SignedInRoles},
	{Action: Offer, Says: "Offer work of a project to whom it would help", Roles: pmo, OnNode: leaders},
	{Action: Manage, Says: "See who applied, give places, change or withdraw an offer, confirm a debrief; one's own offer too", Roles: []authz.Role{authz.HeadOfPMO}, OnNode: leaders, Owner: true},
	{Action: Apply, Says: "Apply for what is offered", Roles: []authz.Role{authz.Member, authz.PMOMember, authz.HeadOfPMO}},
	{Action: OwnPlace, Says: "Withdraw one's own application, write one's own debrief", Owner: true, Private: true},
	{Action: OwnLine, Says: "Agree for the line of somebody who named one", Owner: true, Private: true},
}

// Subject is the kind of work that is offered.
type Subject string

// The subjects.
const (
	OfProject Subject = "project"
	OfGate    Subject = "gate"
	OfMeeting Subject = "meeting"
)

// Form is how somebody takes part.
type Form string

// The forms.
const (
	Lead     Form = "lead"
	Deputise Form = "deputise"
	Shadow   Form = "shadow"
	Support  Form = "support"
)

// Forms are all forms, with their words and the role in the work that they are.
var Forms = []struct {
	Form  Form
	Label string
	Means string
	Role  activity.RoleInWork
}{
	{Lead, "Lead", "answer for the whole of it", activity.Led},
	{Deputise, "Deputise", "hold somebody's authority for it, within a limit", activity.Deputised},
	{Shadow, "Shadow", "be there, with no task in it", activity.Observed},
	{Support, "Support", "do tasks that somebody else sets and checks", activity.Supported},
}

// Label is the form in the reader's words.
func (f Form) Label() string {
	for _, x := range Forms {
		if x.Form == f {
			return x.Label
		}
	}
	return string(f)
}

// Role is the role in the work that the form is.
func (f Form) Role() activity.RoleInWork {
	for _, x := range Forms {
		if x.Form == f {
			return x.Role
		}
	}
	return ""
}

// Leaves is what taking part leaves behind: a kind of experience of the career
// framework. Recorded kinds come from the work's own record (the assignment, the
// attendance, the gate) where that has it; the others from the confirmed debrief.
type Leaves struct {
	Kind     string
	Recorded bool
}

// leaves says what taking part leaves behind: of a gate, of a project, of a meeting of
// a governing body and of one of a project's team.
var leaves = map[Subject]map[Form]Leaves{
	OfGate:    {Lead: {"gate.facilitated", true}, Deputise: {"gate.chaired", true}, Shadow: {"gate.facilitated", false}, Support: {"gate.facilitated", false}},
	OfProject: {Lead: {"project.managed", true}, Deputise: {"project.managed", true}, Shadow: {"project.managed", false}, Support: {"project.supported", true}},
	OfMeeting: {Lead: {"body.chaired", true}, Deputise: {"body.deputised", true}, Shadow: {"body.deputised", false}, Support: {"body.served", true}},
	ofTeam:    {Lead: {"team.meeting_run", true}, Deputise: {"team.meeting_run", true}, Shadow: {"team.meeting_run", false}, Support: {"project.supported", false}},
}

// ofTeam is a meeting of a project, which is no subject of its own.
const ofTeam = "team"

// Leaves says what the work leaves behind with whom takes part.
func (o Opportunity) Leaves() Leaves {
	s := o.Subject
	if s == OfMeeting && o.Body == "" {
		s = ofTeam
	}
	return leaves[s][o.Form]
}

// State is where an offer stands. Whether it is over follows from its dates and
// the day on which somebody looks.
type State string

// The states.
const (
	Open      State = "open"
	Withdrawn State = "withdrawn"
)

// Opportunity is one offer.
type Opportunity struct {
	ID, Title, Need        string
	Authority              string // of a deputy: what they may decide, and what not
	Project, ProjectName   string
	ProjectOver            bool // closed or cancelled
	Subject                Subject
	SubjectID              string
	SubjectName            string // of a meeting: its subject and day
	Body                   string // of a meeting: whose it is; none for one of a project
	Form                   Form
	From, To               clock.Day
	Hours                  int
	Places, Taken          int
	OfferedBy, OffererName string
	State                  State
	Version                int64
}

// Coming reports whether somebody can still apply on a day.
func (o Opportunity) Coming(today clock.Day) bool {
	return o.State == Open && !o.ProjectOver && o.Taken < o.Places && o.To >= today
}

const maxTitle, maxWords, maxHours, maxPlaces = 200, 4000, 2000, 20

func (o Opportunity) check(today clock.Day) error {
	var c errs.Check
	c.That(o.Title != "", "title", "Say in a line what the work is.")
	c.Fits("title", o.Title, maxTitle)
	c.That(o.Need != "", "need", "Say what the work needs, so that people know whether it is theirs.")
	c.Fits("need", o.Need, maxWords)
	c.Fits("authority", o.Authority, maxWords)
	c.That(slices.Contains([]Subject{OfProject, OfGate, OfMeeting}, o.Subject), "subject", "Choose what is offered.")
	c.That(o.Form.Role() != "", "form", "Choose lead, deputise, shadow or support.")
	c.That(o.Form != Deputise || o.Authority != "", "authority", "Say what a deputy may decide, and what not.")
	c.That(clock.ValidDay(o.From), "from", "Enter a date such as 2026-11-24.")
	c.That(clock.ValidDay(o.To), "to", "Enter a date such as 2026-11-24.")
	c.That(!clock.ValidDay(o.From) || !clock.ValidDay(o.To) || o.To >= o.From, "to", "The last day comes before the first.")
	c.That(!clock.ValidDay(o.To) || o.To >= today, "to", "This lies in the past already.")
	c.That(o.Hours >= 1 && o.Hours <= maxHours, "hours", "Say about how many hours it takes, from 1 to %d.", maxHours)
	c.That(o.Places >= 1 && o.Places <= maxPlaces, "places", "From 1 to %d places.", maxPlaces)
	return c.Err()
}

// Stage is where somebody stands with a place.
type Stage string

// The stages. Both sides and the line have to agree, in any order; then it is
// Agreed. A place that is refused or taken back does not stay.
const (
	Applied   Stage = "applied"
	Given     Stage = "given" // by the offering side; the line has not agreed yet
	Agreed    Stage = "agreed"
	Debriefed Stage = "debriefed"
	Confirmed Stage = "confirmed"
)

// Place is one person's part in an opportunity.
type Place struct {
	ID, Opportunity string
	Person, Name    string
	Words           string // why they would like to
	Line, LineName  string // who agrees for their line
	LineAgreed      bool
	Stage           Stage
	Done, Learned   string // the debrief
	Hours           int    // that it took
	ConfirmedBy     string // name
	Version         int64
}

// Debrief is what somebody says of what they did.
type Debrief struct {
	Done, Learned string
	Hours         int
}

func (d Debrief) check() error {
	var c errs.Check
	c.That(d.Done != "", "done", "Say what you did.")
	c.Fits("done", d.Done, maxWords)
	c.Fits("learned", d.Learned, maxWords)
	c.That(d.Hours >= 1 && d.Hours <= maxHours, "hours", "About how many hours did it take? From 1 to %d.", maxHours)
	return c.Err()
}

// What is a kind of step that the record keeps.
type What string

// The kinds of step. There is none for a refusal.
const (
	WasOffered   What = "offered"
	WasChanged   What = "changed"
	WasWithdrawn What = "withdrawn"
	WasAgreed    What = "agreed"
	WasDone      What = "done"
)

// Event is the event of an opportunity: what it leaves with whom, never words.
type Event struct {
	Opportunity string              `json:"opportunity"`
	Project     string              `json:"project"`
	Body        string              `json:"body,omitempty"` // whose meeting it was
	OfferedBy   string              `json:"offered_by"`
	Person      string              `json:"person,omitempty"`
	Line        string              `json:"line,omitempty"`
	By          string              `json:"by,omitempty"`
	Kind        string              `json:"kind"`
	Role        activity.RoleInWork `json:"role"`
	Recorded    bool                `json:"recorded,omitempty"` // the work's own record holds it, or will
	From        clock.Day           `json:"from"`
	To          clock.Day           `json:"to"`
	Hours       int                 `json:"hours"`
	What        What                `json:"-"`
}

// Activity implements activity.Event.
func (e Event) Activity() activity.Meta {
	m := activity.Meta{Verb: "opportunity." + string(e.What), Version: 1, SubjectKind: "opportunity", SubjectID: e.Opportunity, Project: e.Project}
	switch e.What {
	case WasAgreed, WasDone:
		m.Participants = append(m.Participants, activity.Participant{Person: e.Person, Role: e.Role})
		if by := e.By; by != "" && by != e.Person {
			m.Participants = append(m.Participants, activity.Participant{Person: by, Role: activity.Supported})
		}
	default:
		if e.By != "" {
			m.Participants = append(m.Participants, activity.Participant{Person: e.By, Role: activity.Contributed})
		}
	}
	return m
}
