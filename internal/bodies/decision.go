package bodies

import (
	"strings"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

// DecisionState is where a decision stands.
type DecisionState string

// The states.
const (
	Asked      DecisionState = "asked"
	Decided    DecisionState = "decided"
	Superseded DecisionState = "superseded"
)

// DecisionStates are all states.
var DecisionStates = []Word[DecisionState]{{Asked, "Asked for"}, {Decided, "Decided"}, {Superseded, "Superseded"}}

// Label is the state in the reader's words.
func (s DecisionState) Label() string { return labelled(DecisionStates, s) }

// OriginKind is the kind of thing that a decision comes from.
type OriginKind string

// The kinds of origin.
const (
	FromMeeting OriginKind = "meeting"
	FromGate    OriginKind = "gate"
	FromReport  OriginKind = "report"
	ByHand      OriginKind = "hand"
)

// OriginKinds are all kinds of origin.
var OriginKinds = []Word[OriginKind]{{FromMeeting, "Meeting"}, {FromGate, "Gate"}, {FromReport, "Report"}, {ByHand, "Recorded by hand"}}

// Label is the kind in the reader's words.
func (k OriginKind) Label() string { return labelled(OriginKinds, k) }

// Origin is where a decision or an action comes from, with the way back: the
// address of a page of this site.
type Origin struct {
	Kind            OriginKind
	ID, Title, Path string
}

// Decision is what somebody decided, or is asked to decide.
type Decision struct {
	ID, Title, Words     string
	State                DecisionState
	AskedOn, DecidedOn   clock.Day
	Person, PersonName   string // who decided, if no body did
	Body, BodyName       string
	Dissent              string
	Project, ProjectName string
	Node                 string // whose visibility it has
	Origin               Origin
	Owner, OwnerName     string // who carries it out
	Due                  clock.Day
	CarriedOn            clock.Day
	CarriedWords         string
	Supersedes           string
	SupersededBy         string
	RecordedBy           string
	RecordedName         string
	RecordedAt           int64 // microseconds UTC
	Version              int64
}

// Late is how many days a decision is past the date by which it was to be
// carried out; 0 if it is not.
func (d Decision) Late(today clock.Day) int {
	if n, ok := clock.DaysBetween(d.Due, today); ok && n > 0 && d.State == Decided && d.CarriedOn == "" {
		return n
	}
	return 0
}

// By is who decided, in words.
func (d Decision) By() string {
	if d.BodyName != "" {
		return d.BodyName
	}
	return d.PersonName
}

func (d Decision) check(today clock.Day) error {
	var c errs.Check
	c.That(d.Title != "", "title", "Say the decision in a line.")
	c.Fits("title", d.Title, maxName)
	for _, t := range []struct{ name, text string }{{"words", d.Words}, {"dissent", d.Dissent}, {"origin", d.Origin.Title}} {
		c.Fits(t.name, t.text, maxWords)
	}
	c.That(known(OriginKinds, d.Origin.Kind), "origin", "A decision comes from a meeting, gate or report, or is recorded by hand.")
	c.That(d.Origin.Path == "" || strings.HasPrefix(d.Origin.Path, "/") && !strings.HasPrefix(d.Origin.Path, "//"), "origin", "The way back is a page of this site.")
	c.That(d.Due == "" || clock.ValidDay(d.Due), "due", "Enter a date such as 2026-11-24.")
	c.That(d.Due == "" || d.Owner != "", "owner", "Name who carries it out by then.")
	if d.State == Decided {
		c.That(clock.ValidDay(d.DecidedOn), "on", "Say when it was decided, such as 2026-11-24.")
		c.That(d.DecidedOn <= today, "on", "It cannot have been decided after today.")
		c.That(d.Person != "" || d.Body != "", "by", "Say who decided: a governing body or a person.")
		c.That(d.Person == "" || d.Body == "", "by", "Either a body decided or a person.")
	}
	return c.Err()
}
