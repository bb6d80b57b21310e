// Package cpd keeps a person's record of continuing professional development: what
// they learnt and passed on, how it counts in the schemes that they keep it for, and
// how far they are. It is the person's alone.
package cpd

import (
	"strings"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

// The actions of this feature: all of it is the person's own, but for the schemes that
// the office offers to everybody.
const (
	Own       = authz.Action("cpd.own")
	Configure = authz.Action("cpd.configure")
)

// Rules is this feature's part of the policy table.
var Rules = []authz.Rule{
	{Action: Own, Says: "Keep one's own CPD and PDU log, its schemes and targets; take it away as a file", Owner: true, Private: true},
	{Action: Configure, Says: "Set up the schemes that everybody can keep a learning record for: categories, targets, deadlines, by year", Roles: []authz.Role{authz.HeadOfPMO, authz.Administrator}},
}

// Quarter is the least time that is counted, in minutes.
const Quarter = 15

const maxMinutes, maxEntries, maxCycles = 400 * 60, 5000, 40

// Entry is one piece of learning or of passing on.
type Entry struct {
	ID         string
	From, To   clock.Day
	Minutes    int // in quarters of an hour
	Title      string
	Provider   string // who ran it, or for whom
	Proof      string // where its proof is
	Reflection string
	Places     map[string]string // by scheme: its category, or category/side; absent: it does not count there
	Source     string            // the entry of the record that proposed it; empty for one's own
	Version    int64
}

// FromRecord reports whether the record proposed it.
func (e Entry) FromRecord() bool { return e.Source != "" }

func (e Entry) check(today clock.Day, known Catalogue) error {
	var c errs.Check
	c.That(e.Title != "", "title", "Say what it was.")
	c.That(clock.ValidDay(e.From), "from", "Enter a date, such as 2026-03-16.")
	c.That(clock.ValidDay(e.To), "to", "Enter a date, such as 2026-03-16.")
	if clock.ValidDay(e.From) && clock.ValidDay(e.To) {
		c.That(e.To >= e.From, "to", "The end comes before the beginning.")
		c.That(e.To <= today, "to", "This is still to come. Enter it when it is done.")
		c.That(e.From >= "1970-01-01", "from", "This is too long ago.")
	}
	c.That(e.Minutes > 0, "hours", "Enter hours above zero, such as 1.5.")
	c.That(e.Minutes <= maxMinutes, "hours", "Enter at most %d hours.", maxMinutes/60)
	c.That(e.Minutes%Quarter == 0, "hours", "Count in quarters of an hour, such as 1.25.")
	for _, t := range []struct {
		name, text string
		most       int
	}{{"title", e.Title, 200}, {"provider", e.Provider, 200}, {"proof", e.Proof, 500}, {"reflection", e.Reflection, 6000}} {
		c.Fits(t.name, t.text, t.most)
	}
	for scheme, place := range e.Places {
		s, ok := known.On(scheme, e.To)
		c.That(ok && s.has(place), "in_"+scheme, "Choose where it counts: the scheme has no such category at that time.")
	}
	return c.Err()
}

// Cycle is one period of a scheme.
type Cycle struct {
	ID        string
	Scheme    Scheme // with the targets and limits of this period
	From, To  clock.Day
	Statement string // a look back at the whole period
	Version   int64
}

// Settings are what a person sets for one period.
type Settings struct {
	To                clock.Day
	Target            int // in the scheme's unit
	AtLeastActivities int
	Limits            map[string]Limit // by place
	Statement         string
}

// Limit is the least and the most of a category; 0 is none.
type Limit struct{ Minimum, Maximum int }

const most = 2000 // hours or units that a target or limit can be

// set applies settings to a period.
func (c *Cycle) set(s Settings) error {
	var e errs.Check
	e.That(clock.ValidDay(s.To) && s.To > c.From, "to", "Enter a date after %s.", c.From)
	e.That(s.To <= clock.AddDays(c.From, 6*366), "to", "A period lasts at most six years.")
	e.That(s.Target > 0 && s.Target <= most, "target", "Enter a number from 1 to %d.", most)
	e.That(s.AtLeastActivities >= 0 && s.AtLeastActivities <= 100, "at_least_activities", "Enter a number from 0 to 100.")
	e.Fits("statement", s.Statement, 6000)
	c.To, c.Scheme.Target, c.Scheme.AtLeastActivities, c.Statement = s.To, s.Target, s.AtLeastActivities, s.Statement
	known := map[string]bool{}
	c.Scheme.Categories = append([]Category{}, c.Scheme.Categories...)
	for i := range c.Scheme.Categories {
		k := &c.Scheme.Categories[i]
		known[k.ID] = true
		if l, ok := s.Limits[k.ID]; ok {
			l.check(&e, k.ID)
			k.Minimum, k.Maximum = l.Minimum, l.Maximum
		}
		k.Sides = append([]Side{}, k.Sides...)
		for j := range k.Sides {
			place := k.ID + "/" + k.Sides[j].ID
			known[place] = true
			if l, ok := s.Limits[place]; ok {
				l.check(&e, place)
				e.That(l.Maximum == 0, "max_"+place, "A side has no most.")
				k.Sides[j].Minimum = l.Minimum
			}
		}
	}
	for place := range s.Limits {
		e.That(known[place], "limits", "There is no such category in this scheme.")
	}
	return e.Err()
}

func (l Limit) check(e *errs.Check, place string) {
	e.That(l.Minimum >= 0 && l.Minimum <= most, "min_"+place, "Enter a number from 0 to %d.", most)
	e.That(l.Maximum >= 0 && l.Maximum <= most, "max_"+place, "Enter a number from 0 to %d; 0 is no limit.", most)
	e.That(l.Maximum == 0 || l.Minimum <= l.Maximum, "max_"+place, "The most is less than the least.")
}

// Logged is the event of somebody who changes their log. Only they may read it, and
// it says nothing of what stands in it.
type Logged struct {
	Person string `json:"person"`
	What   string `json:"-"`
}

// Activity implements activity.Event.
func (e Logged) Activity() activity.Meta {
	return activity.Meta{Verb: e.What, Version: 1, SubjectKind: "person", SubjectID: e.Person, Audience: e.Person}
}

// Hours writes minutes as hours: 1.5.
func Hours(minutes int) string {
	sign := ""
	if minutes < 0 {
		sign, minutes = "−", -minutes
	}
	whole, rest := minutes/60, map[int]string{15: ".25", 30: ".5", 45: ".75"}[minutes%60]
	return sign + itoa(whole) + rest
}

// ReadHours reads hours such as 1.5 or 0,75 into minutes; ok is false for what is no
// number or no whole minute.
func ReadHours(text string) (minutes int, ok bool) {
	text = strings.Replace(strings.TrimSpace(text), ",", ".", 1)
	negative := strings.HasPrefix(text, "-")
	whole, part, _ := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	n, fine := digits(whole, 6)
	f, good := digits((part + "00")[:2], 2)
	if !fine || !good || len(part) > 2 && strings.Trim(part[2:], "0") != "" || f*60%100 != 0 {
		return 0, false
	}
	minutes = n*60 + f*60/100
	if negative {
		minutes = -minutes
	}
	return minutes, true
}

func digits(text string, longest int) (n int, ok bool) {
	if text == "" || len(text) > longest {
		return 0, false
	}
	for _, d := range text {
		if d < '0' || d > '9' {
			return 0, false
		}
		n = 10*n + int(d-'0')
	}
	return n, true
}
