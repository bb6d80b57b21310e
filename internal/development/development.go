// Package development is a person's own plan: steps that they mean to take, from
// options, opportunities or ideas of their own; reviews of where they are; and with
// whom they share which step. All of it is theirs alone until they share it.
package development

import (
	"slices"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

// The actions of this feature.
const (
	OwnPlan   = authz.Action("development.own_plan")
	SeeShared = authz.Action("development.see_shared")
)

// Rules is this feature's part of the policy table.
var Rules = []authz.Rule{
	{Action: OwnPlan, Says: "Keep one's own development plan, review it, share steps of it and take that back", Owner: true, Private: true},
	{Action: SeeShared, Says: "Read steps that somebody shares with one", Roles: []authz.Role{authz.Member, authz.PMOMember, authz.HeadOfPMO, authz.Administrator}},
}

// KeepTables are the tables of this feature that hold no changes of state.
var KeepTables = []string{"plan_look"}

// State is where a step stands.
type State string

// The states.
const (
	Planned  State = "planned"
	UnderWay State = "under_way"
	Done     State = "done"
	Dropped  State = "dropped"
)

// States are all states, with their words.
var States = []struct {
	State State
	Label string
}{{Planned, "Planned"}, {UnderWay, "Under way"}, {Done, "Done"}, {Dropped, "Dropped"}}

// Label is the state in the reader's words.
func (s State) Label() string {
	for _, x := range States {
		if x.State == s {
			return x.Label
		}
	}
	return string(s)
}

func (s State) ended() bool { return s == Done || s == Dropped }

// Source is where a step comes from.
type Source string

// The sources.
const (
	OwnIdea         Source = "own"
	FromOption      Source = "option"
	FromOpportunity Source = "opportunity"
)

// Step is one thing that a person means to do.
type Step struct {
	ID, Title, Why string
	Source         Source
	SourceID       string // id of the option or the opportunity
	Mentor         string // id of who helps with it; empty for nobody
	MentorName     string
	Due            clock.Day
	State          State
	EndedOn        clock.Day
	Before, After  string // what no rule counts: confidence, credibility
	Shared         []Reader
	Version        int64
}

// Late reports whether a step that is not at its end is past its date.
func (s Step) Late(today clock.Day) bool { return !s.State.ended() && s.Due != "" && s.Due < today }

// Reader is somebody with whom a step is shared, and when they looked.
type Reader struct {
	Person, Name string
	Looks        []clock.Day // newest first
}

// Review is what a person wrote when they looked at their plan.
type Review struct {
	ID    string
	On    clock.Day
	Words string
	Moved []string // what moved since the review before
}

const maxTitle, maxWords, maxSteps, maxReaders = 200, 4000, 200, 20

func (s Step) check() error {
	var c errs.Check
	c.That(s.Title != "", "title", "Say in a line what you mean to do.")
	c.Fits("title", s.Title, maxTitle)
	for _, t := range []struct{ name, text string }{{"why", s.Why}, {"before", s.Before}, {"after", s.After}} {
		c.Fits(t.name, t.text, maxWords)
	}
	c.That(s.Due == "" || clock.ValidDay(s.Due), "due", "Enter a date such as 2026-11-24, or none.")
	c.That(slices.Contains([]Source{OwnIdea, FromOption, FromOpportunity}, s.Source), "source", "A step is an idea of your own, or comes from an option or an opportunity.")
	c.That(slices.ContainsFunc(States, func(x struct {
		State State
		Label string
	},
	) bool {
		return x.State == s.State
	}), "state", "Choose planned, under way, done or dropped.")
	return c.Err()
}

// Changed is the event of a plan: that it changed, and nothing of what it says.
// Only its owner may read it.
type Changed struct {
	Person string `json:"person"`
	Step   string `json:"step,omitempty"`
	What   string `json:"what"`
}

// Activity implements activity.Event.
func (e Changed) Activity() activity.Meta {
	return activity.Meta{Verb: "development.changed", Version: 1, SubjectKind: "person", SubjectID: e.Person, Audience: e.Person}
}
