// Package raid is the register of what has to be done about the work. It keeps
// actions, whatever raised them; risks and issues come here too.
package raid

import (
	"slices"
	"strings"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

// The actions of this feature.
const (
	SeeActions    = authz.Action("raid.see_actions")
	RaiseAction   = authz.Action("raid.raise_action")
	RaiseOutside  = authz.Action("raid.raise_outside_projects")
	ChangeAction  = authz.Action("raid.change_action")
	FinishAction  = authz.Action("raid.finish_action")
	ReopenAction  = authz.Action("raid.reopen_action")
	HandOverOwned = authz.Action("raid.hand_over_action")
)

var (
	pmo     = []authz.Role{authz.PMOMember, authz.HeadOfPMO, authz.Operator}
	leaders = []authz.NodeRole{authz.Sponsor, authz.ProjectManager}
)

// Rules is this feature's part of the policy table.
var Rules = []authz.Rule{
	{Action: SeeActions, Says: "See actions, without those of confidential projects of others", Roles: authz.SignedInRoles},
	{Action: RaiseAction, Says: "Raise an action on a project", Roles: pmo, OnNode: []authz.NodeRole{authz.Sponsor, authz.ProjectManager, authz.Team}},
	{Action: RaiseOutside, Says: "Raise an action that belongs to no project", Roles: authz.SignedInRoles},
	{Action: ChangeAction, Says: "Change or drop an action; one's own raising too", Roles: pmo, OnNode: leaders, Owner: true},
	{Action: FinishAction, Says: "Say that an action is done; one's own", Roles: pmo, OnNode: leaders, Owner: true},
	{Action: HandOverOwned, Says: "Hand an action over to somebody else; one's own", Roles: pmo, OnNode: leaders, Owner: true},
	{Action: ReopenAction, Says: "Open an action again that was done or dropped; one's own raising too", Roles: pmo, OnNode: leaders, Owner: true},
}

// State is where an action stands. That it is overdue is no state: it follows
// from its date and the day on which somebody looks.
type State string

// The states.
const (
	Open    State = "open"
	Done    State = "done"
	Dropped State = "dropped"
)

// States are all states, with their words.
var States = []struct {
	State State
	Label string
}{{Open, "Open"}, {Done, "Done"}, {Dropped, "Dropped"}}

// Label is the state in the reader's words.
func (s State) Label() string {
	for _, x := range States {
		if x.State == s {
			return x.Label
		}
	}
	return string(s)
}

// OriginKind is the kind of thing that raised an action.
type OriginKind string

// The kinds of origin.
const (
	FromMeeting   OriginKind = "meeting"
	FromGate      OriginKind = "gate"
	FromFinding   OriginKind = "finding"
	FromCondition OriginKind = "condition"
	FromReport    OriginKind = "report"
	FromDecision  OriginKind = "decision"
	ByHand        OriginKind = "hand"
)

// Origins are all kinds of origin, with their words.
var Origins = []struct {
	Kind  OriginKind
	Label string
}{
	{FromMeeting, "Meeting"},
	{FromGate, "Gate"},
	{FromFinding, "Finding"},
	{FromCondition, "Condition"},
	{FromReport, "Report"},
	{FromDecision, "Decision"},
	{ByHand, "Raised by hand"},
}

// Label is the kind in the reader's words.
func (k OriginKind) Label() string {
	for _, x := range Origins {
		if x.Kind == k {
			return x.Label
		}
	}
	return string(k)
}

// Origin is where an action comes from, with the way back: the address of a page
// of this site.
type Origin struct {
	Kind            OriginKind
	ID, Title, Path string
}

// Action is one thing that one person is to do by a date.
type Action struct {
	ID, Title, Detail    string
	Project, ProjectName string // empty for none
	Owner, OwnerName     string
	Due                  clock.Day
	State                State
	RaisedBy, RaiserName string
	RaisedOn             clock.Day
	RaisedAt             int64 // microseconds UTC
	Origin               Origin
	EndedOn              clock.Day
	EndedWords           string // the proof, or why it was dropped
	Moves                int    // how often its date moved
	Version              int64
}

// Over is how many days an open action is past its date; 0 if it is not.
func (a Action) Over(today clock.Day) int {
	if n, ok := clock.DaysBetween(a.Due, today); ok && n > 0 && a.State == Open {
		return n
	}
	return 0
}

// Age is how many days an action has been open, or was.
func (a Action) Age(today clock.Day) int {
	if a.EndedOn != "" {
		today = a.EndedOn
	}
	n, _ := clock.DaysBetween(a.RaisedOn, today) // both are always set
	return max(n, 0)
}

// What is a kind of step in the life of an action.
type What string

// The kinds of step.
const (
	Raised     What = "raised"
	Reworded   What = "reworded"
	Moved      What = "moved"       // from one date to another
	HandedOver What = "handed_over" // from one owner to another
	WasDone    What = "done"
	WasDropped What = "dropped"
	Reopened   What = "reopened"
)

// Step is one step in the life of an action. Was and Became are dates of a moved
// one, and names of a handed-over one.
type Step struct {
	What        What
	Was, Became string
	Words       string
	By, ByName  string
	At          int64
}

const maxTitle, maxWords = 200, 4000

func words(c *errs.Check, name, text string, most int) {
	c.Fits(name, text, most)
}

func (a Action) check() error {
	var c errs.Check
	c.That(a.Title != "", "title", "Say in a line what is to be done.")
	words(&c, "title", a.Title, maxTitle)
	words(&c, "detail", a.Detail, maxWords)
	c.That(a.Owner != "", "owner", "Name the person who does it.")
	c.That(clock.ValidDay(a.Due), "due", "Say by when, such as 2026-11-24.")
	c.That(slices.ContainsFunc(Origins, func(o struct {
		Kind  OriginKind
		Label string
	},
	) bool {
		return o.Kind == a.Origin.Kind
	}), "origin", "Actions come from a meeting, gate, finding, condition, report, decision, or are raised by hand.")
	c.That(a.Origin.Path == "" || strings.HasPrefix(a.Origin.Path, "/") && !strings.HasPrefix(a.Origin.Path, "//"), "origin", "The way back is a page of this site.")
	words(&c, "origin", a.Origin.Title, maxWords)
	return c.Err()
}

// ActionEvent is the event of an action: who owns it and when it is due, never
// what it says.
type ActionEvent struct {
	Action     string     `json:"action"`
	Project    string     `json:"project,omitempty"`
	Owner      string     `json:"owner"`
	Due        clock.Day  `json:"due"`
	DueWas     clock.Day  `json:"due_was,omitempty"`
	OwnerWas   string     `json:"owner_was,omitempty"`
	OriginKind OriginKind `json:"origin_kind"`
	Origin     string     `json:"origin,omitempty"`
	By         string     `json:"by,omitempty"`
	What       What       `json:"-"`
}

// Activity implements activity.Event: who does an action led that piece of work;
// who closes it for them supported it.
func (e ActionEvent) Activity() activity.Meta {
	m := activity.Meta{Verb: "action." + string(e.What), Version: 1, SubjectKind: "action", SubjectID: e.Action, Project: e.Project}
	if e.What == WasDone {
		m.Participants = append(m.Participants, activity.Participant{Person: e.Owner, Role: activity.Led})
		if e.By != "" && e.By != e.Owner {
			m.Participants = append(m.Participants, activity.Participant{Person: e.By, Role: activity.Supported})
		}
	} else if e.By != "" {
		m.Participants = append(m.Participants, activity.Participant{Person: e.By, Role: activity.Contributed})
	}
	return m
}
