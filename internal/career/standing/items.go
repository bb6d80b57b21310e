// Package standing says from pieces of experience and a framework where a
// person stands: levels, counters, roles and what each option would open. It is
// pure: the same items at the same date give the same answer.
package standing

import (
	"strconv"
	"time"

	"cairn/internal/career/framework"
)

// Item is one piece of experience.
type Item struct {
	Key       string
	Kind      string
	As        string   // role in the work, an id of the framework
	Grade     string   // grade of the item, an id of the framework
	Project   string   // empty for none
	Tier      string   // of the project; empty if not known
	People    []string // whom it was done with or for
	Bodies    []string
	Attesters []string
	From, To  time.Time // whole days; To is the day of evaluation if it lasts
	Hours     int
	Finished  bool
	Outside   bool // the sponsor is not in the office
	About     []string
	Own       int // where it comes from, for the caller
}

// monthOf numbers calendar months.
func monthOf(t time.Time) int { return t.Year()*12 + int(t.Month()) - 1 }

// Spread turns lines of a framework (examples and what options yield) into
// items. Projects, people, bodies and attesters of one prefix are numbered from
// one and shared by its lines, so that "19 people" after "14 people" are 19.
func Spread(lines []framework.Evidence, prefix string, place func(framework.Evidence) (from, to time.Time)) (out []Item) {
	for n, l := range lines {
		from, to := place(l)
		count := max(1, l.Count, l.Projects)
		for i := range count {
			it := Item{
				Key: prefix + strconv.Itoa(n) + "/" + strconv.Itoa(i), Kind: l.Kind, As: l.As, Grade: l.Grade, Tier: l.Tier,
				Finished: l.Finished, Outside: l.OutsideOffice, About: l.About, Hours: l.Hours / count,
			}
			if it.As == "" {
				it.As = "led"
			}
			if it.Grade == "" {
				it.Grade = "recorded"
			}
			it.From, it.To = moment(l, from, to, i, count)
			switch {
			case l.Projects > 0:
				it.Project = prefix + "p" + strconv.Itoa(max(1, l.FirstProject)+i%l.Projects)
			case l.Kind == "project.managed":
				it.Project = prefix + "own" + strconv.Itoa(n) + "/" + strconv.Itoa(i) // one item per project
			}
			it.People = numbered(prefix+"person", l.People, i, count)
			it.Bodies = numbered(prefix+"body", l.Bodies, i, count)
			it.Attesters = numbered(prefix+"attester", l.Attesters, i, count)
			out = append(out, it)
		}
	}
	return out
}

// moment gives the i-th item its time: a line of months lasts them, others are
// spread evenly from the first to the last day.
func moment(l framework.Evidence, from, to time.Time, i, count int) (time.Time, time.Time) {
	if l.Months > 0 {
		return from, to
	}
	at := from
	if count > 1 {
		at = from.Add(to.Sub(from) * time.Duration(i) / time.Duration(count-1))
	}
	return at, at
}

// numbered gives the i-th of count items its share of so many ids.
func numbered(prefix string, of, i, count int) (out []string) {
	for k := i; k < of; k += count {
		out = append(out, prefix+strconv.Itoa(k+1))
	}
	if len(out) == 0 && of > 0 {
		out = append(out, prefix+strconv.Itoa(i%of+1))
	}
	return out
}
