// Package career turns the record of the work into a person's standing, for
// that person alone and only if they choose so.
package career

import (
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

// OwnCareer is the one action of this feature: everything in it is the person's own.
const OwnCareer = authz.Action("career.own")

// Rules is this feature's part of the policy table.
var Rules = []authz.Rule{
	{Action: OwnCareer, Says: "Turn the own career on or off, see the own standing and evidence, state past years, ask others to confirm", Owner: true, Private: true},
	{Action: Attest, Says: "See and answer what one was asked to confirm, and nothing else of it", Owner: true, Private: true},
	{Action: AttestByLink, Says: "Answer by a link what one was asked to confirm; the link is used once and expires", Roles: authz.Everyone},
}

// KeepTables are the tables of this feature that are derived from the record.
var KeepTables = []string{"career_pack", "career_place", "career_look", "coverage_run", "coverage_row"}

// Origin tells where a piece of experience comes from; counters show them apart.
type Origin string

// The origins, strongest first.
const (
	Recorded Origin = "recorded" // left behind by the work itself, in Cairn
	Imported Origin = "imported" // named by a file that somebody imported
	OwnWord  Origin = "own word" // said by the person
	// Confirmed is no origin of a piece, but what it counts as when somebody named has
	// confirmed what a file or the person says.
	Confirmed Origin = "confirmed"
)

// CountsAs is how much a piece is known to be true.
func (it *Item) CountsAs() Origin {
	if it.Grade == "attested" {
		return Confirmed
	}
	return it.Origin
}

// Item is one piece of experience.
type Item struct {
	Key         string
	Kind        string // an experience kind of the framework
	Role        activity.RoleInWork
	Origin      Origin
	Project     string // id; empty for past years elsewhere
	ProjectName string
	Closed      bool   // the project has come to its end
	Outside     bool   // its sponsor is not in the office
	Body        string // id of the governing body
	BodyName    string
	Tier        string    // of the project at that time, in the words of its method: S, M, L, XL
	From, To    clock.Day // To is empty while it lasts
	SubjectKind string    // assignment, report, past, entry
	SubjectID   string
	Detail      string   // the month of a report
	People      []string // project managers of that project in that time
	Scale       string   // of past years and own entries: light, medium, major
	Label       string   // in words, for a record without a page
	Grade       string   // grade of the framework, if it is more than its origin says
	Attesters   []string // who confirmed it
	Hours       int
	About       []string // competencies that it is said to be about
	Finished    bool     // an own entry's word for it
	group       string   // of a derived piece: what it belongs to
	Bodies      []string // of an own entry, without names
}

// Past is one line of the table "before Cairn".
type Past struct {
	ID           string
	Organisation string
	Post         string
	From, To     clock.Day
	Projects     int64
	Scale        string // light, medium, major
	Role         activity.RoleInWork
}

// Scales of a project, as the framework has them.
var Scales = []string{"light", "medium", "major"}

// Roles in the work that a past line can have.
var Roles = []activity.RoleInWork{activity.Led, activity.Deputised, activity.Contributed, activity.Supported, activity.Observed}

// maxPast bounds the projects of one line and the lines of one person.
const maxPastProjects, maxPastLines = 200, 100

func (p Past) check(today clock.Day) error {
	var c errs.Check
	c.That(p.Organisation != "", "organisation", "Enter the organisation.")
	c.Fits("organisation", p.Organisation, 200)
	c.Fits("post", p.Post, 200)
	c.That(clock.ValidDay(p.From) && p.From <= today, "from", "Enter a past date, such as 2019-04-01 or 2019-04.")
	c.That(p.To == "" || clock.ValidDay(p.To), "to", "Enter a date such as 2022-03-31, or nothing if it lasts.")
	c.That(p.To == "" || p.To >= p.From, "to", "The end comes before the beginning.")
	c.That(p.Projects >= 1 && p.Projects <= maxPastProjects, "projects", "How many projects? From 1 to %d.", maxPastProjects)
	c.That(p.Scale == "light" || p.Scale == "medium" || p.Scale == "major", "scale", "Choose light, medium or major.")
	ok := false
	for _, r := range Roles {
		ok = ok || r == p.Role
	}
	c.That(ok, "role", "Choose led, deputised, contributed, supported or observed.")
	return c.Err()
}

// Chosen is the event of a person who turns their career on or off. Only they
// may read it.
type Chosen struct {
	Person string `json:"person"`
	On     bool   `json:"on"`
}

// Activity implements activity.Event.
func (e Chosen) Activity() activity.Meta {
	verb := "career.turned_off"
	if e.On {
		verb = "career.turned_on"
	}
	return activity.Meta{Verb: verb, Version: 1, SubjectKind: "person", SubjectID: e.Person, Audience: e.Person}
}

// PastStated is the event of lines about past years. Only the person may read it.
type PastStated struct {
	Person  string `json:"person"`
	Lines   int    `json:"lines"`
	Removed bool   `json:"removed,omitempty"`
}

// Activity implements activity.Event.
func (e PastStated) Activity() activity.Meta {
	return activity.Meta{Verb: "career.past_stated", Version: 1, SubjectKind: "person", SubjectID: e.Person, Audience: e.Person}
}
