// Package opposites holds the paired opposites: how a person sees both ends of
// each pair, how colleagues whom they ask see them, together and from five on, and
// what to talk about. It is the person's alone, for coaching.
package opposites

import (
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

// The actions of this feature.
const (
	Own    = authz.Action("opposites.own")
	Answer = authz.Action("opposites.answer")
)

// Rules is this feature's part of the policy table. Both rows are for one person
// each, and to everybody else, an administrator too, there is nothing there.
var Rules = []authz.Rule{
	{Action: Own, Says: "Mark one's own paired opposites, ask colleagues, see what they say together, delete it", Owner: true, Private: true},
	{Action: Answer, Says: "Answer or decline what a colleague asks about their paired opposites", Owner: true, Private: true},
}

// KeepTables are written without an entry of the record: an entry would tell who
// answered, and when.
var KeepTables = []string{"opposites_box", "opposites_invited"}

const (
	// Fewest is how many colleagues have to have answered before anything is shown.
	Fewest = 5
	// Lowest and Highest are the marks of an end; 0 is none.
	Lowest, Highest = 1, 5

	mostAsked  = 30
	mostRounds = 60
	longest    = 60 // days that a round may ask for
	usually    = 21
	// rest is how many days have to pass after answers were shown before the next
	// are asked for: two askings back to back, with one colleague more, would tell
	// what that one said.
	rest    = 60
	maxNote = 4000
)

// Steps are the marks in words; the first stands for none.
var Steps = [Highest + 1]string{"cannot say", "seldom", "now and then", "half the time", "mostly", "nearly always"}

// Marks are the marks of ends, by the end's id; an end without a mark is absent.
type Marks map[string]int

// check holds marks to the ends and the scale, and drops those that are none.
func (m Marks) check(c *errs.Check, every bool) Marks {
	out := Marks{}
	for _, e := range Ends() {
		n := m[e.ID]
		switch {
		case n == 0 && every:
			c.Add(e.ID, "%s: choose how often.", e.Name)
		case n != 0 && (n < Lowest || n > Highest):
			c.Add(e.ID, "%s: choose a mark from %d to %d.", e.Name, Lowest, Highest)
		case n != 0:
			out[e.ID] = n
		}
	}
	for id := range m {
		if !known(id) {
			c.Add("marks", "There is no end of that name: the ends are those of the six pairs.")
			break
		}
	}
	return out
}

// Spread is what colleagues say of one end, together: where most of them are, and
// their middle answer. The lowest and the highest answer are never shown.
type Spread struct {
	Low, High       int // second lowest, second highest
	MidLow, MidHigh int // the middle answer; two that differ if their number is even
}

// Middle is the middle answer as a place on the scale.
func (s Spread) Middle() float64 { return float64(s.MidLow+s.MidHigh) / 2 }

// Words is the middle answer in words.
func (s Spread) Words() string {
	if s.MidLow == s.MidHigh {
		return Steps[s.MidLow]
	}
	return Steps[s.MidLow] + " to " + Steps[s.MidHigh]
}

// State is how a round stands with the colleagues.
type State string

// The states. Only Shown shows anything of what colleagues said.
const (
	Alone  State = "alone"  // nobody was asked
	Asking State = "asking" // colleagues can answer
	Few    State = "few"    // it is over, and fewer than five answered: nothing was kept
	Shown  State = "shown"  // it is over, and what came in is shown, for good
)

// Round is one look at the pairs.
type Round struct {
	ID       string
	RatedOn  clock.Day
	Marks    Marks
	Note     string // to oneself
	AskedOn  clock.Day
	Until    clock.Day // the last day on which colleagues can answer
	ClosedOn clock.Day // ended by the person before that
	State    State
	// Answered is how many have answered: while Asking at most Fewest, so that no
	// answer after the fifth can be told from silence; when Shown all.
	Answered int
	Others   map[string]Spread // when Shown, the ends of which at least five could say something
	Asked    []Colleague       // while Asking, whom the person asked; never who answered
	Version  int64
}

// Colleague is a person of the directory.
type Colleague struct{ ID, Name string }

// MayCorrect reports whether the own marks can still be changed: not once what
// colleagues say stands beside them.
func (r Round) MayCorrect() bool { return r.State != Shown }

// over reports whether nobody can answer any more on a day.
func (r Round) over(today clock.Day) bool { return r.ClosedOn != "" || today > r.Until }

// ended is the first day on which what came in was shown.
func (r Round) ended() clock.Day {
	if r.ClosedOn != "" {
		return r.ClosedOn
	}
	return clock.AddDays(r.Until, 1)
}

// Profile is all that a person has.
type Profile struct {
	Rounds  []Round   // newest first
	AskFrom clock.Day // the first day on which colleagues can be asked again; empty: today
}

// Request is what a colleague asks for.
type Request struct {
	Round string
	By    Colleague
	Until clock.Day
}

// Rated is the event of somebody who looks at their pairs. Only they may read it;
// it says nothing of what they marked, or of what others did.
type Rated struct {
	Person string `json:"person"`
	Round  string `json:"round"`
	What   string `json:"-"`
}

// The verbs of Rated.
const (
	verbRated     = "opposites.rated"
	verbCorrected = "opposites.corrected"
	verbAsked     = "opposites.asked"
	verbClosed    = "opposites.closed"
	verbRemoved   = "opposites.removed"
)

// Activity implements activity.Event.
func (e Rated) Activity() activity.Meta {
	return activity.Meta{Verb: e.What, Version: 1, SubjectKind: "person", SubjectID: e.Person, Audience: e.Person}
}
