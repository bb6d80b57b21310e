package career

import (
	"context"
	"slices"
	"strconv"
	"time"

	"cairn/internal/career/framework"
	"cairn/internal/career/standing"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/work"
)

// Standing is where the person stands today, with the items behind it: what they
// count for, and not the names of the records, which an opened counter has.
type Standing struct {
	standing.Standing
	By     *framework.Framework // by which it was computed
	At     clock.Day            // of which day it is
	Picked string               // id of the version of the framework that was picked; empty for the one in force
	On     bool
	// Counted is whether the person chose to be counted in the coverage of the team.
	Counted bool
	Empty   bool // nothing is known yet: the table of past years comes first
	Items   []Item
	Past    []Past
	// Dropped is how many proposals the person dropped: they do not count.
	Dropped int
	Since   clock.Day // of the first item
}

// Standing computes where the person stands today. While their career is off, it
// says so and computes nothing.
func (s *Service) Standing(ctx context.Context, who authz.Actor) (Standing, error) {
	return s.standing(ctx, who, When{}, sumItems)
}

// When is of which day a standing is and by which framework.
type When struct {
	On        clock.Day // empty is today
	Framework string    // id of a published version; empty is the one in force now
}

// StandingOn is where the person stood on a day, by a version of the framework and by
// what is known now. What had not happened by that day does not count.
func (s *Service) StandingOn(ctx context.Context, who authz.Actor, w When) (Standing, error) {
	return s.standing(ctx, who, w, sumItems)
}

// standing is Standing with the items read as much as is needed of them.
func (s *Service) standing(ctx context.Context, who authz.Actor, w When, read reading) (st Standing, err error) {
	st.At, st.Picked = w.On, w.Framework
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		if st.At == "" {
			st.At = v.Today
		}
		if !clock.ValidDay(st.At) || st.At > v.Today {
			return errs.OnField("on", "Enter a past day, such as 2025-03-31.")
		}
		st.By, err = s.frameworkOf(ctx, v, w.Framework)
		if errs.Is(err, errs.NotFound) {
			return errs.OnField("framework", "There is no such version of the framework. Choose one of those that were published.")
		}
		if err != nil {
			return err
		}
		if err := v.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM career_choice WHERE person_id = $1) > 0, (SELECT COUNT(*) FROM career_counted WHERE person_id = $2) > 0`, who.Person, who.Person).Scan(&st.On, &st.Counted); err != nil {
			return err
		}
		if st.Past, err = listPast(ctx, v, who.Person); err != nil || !st.On {
			return err
		}
		items, err := read(ctx, v, who.Person, st.At, v.Today)
		if err != nil {
			return err
		}
		k, err := keptOf(ctx, v, who.Person)
		st.Items = k.weigh(items, st.At)
		for _, c := range k.claims {
			if c.State == Dropped {
				st.Dropped++
			}
		}
		return err
	})
	if err != nil || !st.On {
		return st, err
	}
	for _, p := range st.Past {
		st.Items = append(st.Items, pastItems(p)...)
	}
	st.Items = slices.DeleteFunc(st.Items, func(it Item) bool { return it.From > st.At }) // had not begun
	st.Empty = len(st.Items) == 0 && st.Dropped == 0
	st.Standing = evaluate(st.By, st.Items, st.At)
	st.Since = first(st.Items)
	return st, nil
}

// first is the first day of which anything is known.
func first(items []Item) (day clock.Day) {
	for _, it := range items {
		if it.From != "" && (day == "" || it.From < day) {
			day = it.From
		}
	}
	return day
}

func evaluate(by *framework.Framework, items []Item, today clock.Day) standing.Standing {
	at, in := date(today), inputs(by, items, today)
	months := 0
	if day := first(items); day != "" && day <= today {
		months = int(at.Sub(date(day)).Hours() / 24 / 30.44)
	}
	return standing.Evaluate(by, in, at, months)
}

// inputs give items the form in which rules read them.
func inputs(by *framework.Framework, items []Item, today clock.Day) []standing.Item {
	at := date(today)
	in := make([]standing.Item, 0, len(items))
	tiers := map[string]string{}
	for i := range items {
		in = append(in, toStanding(by, tiers, i, &items[i], at))
	}
	return in
}

// toStanding gives an item the form in which rules read it. Only what the work
// itself left behind is recorded; a file is somebody's word, and so is one's own.
func toStanding(by *framework.Framework, tiers map[string]string, i int, it *Item, at time.Time) standing.Item {
	out := standing.Item{
		Key: it.Key, Kind: it.Kind, As: string(it.Role), Grade: "self_declared", Project: it.Project, Tier: it.Scale,
		People: it.People, Bodies: it.Bodies, Attesters: it.Attesters, From: at, To: at, Own: i, Outside: it.Outside,
		Hours: it.Hours, About: it.About, Finished: it.Finished,
	}
	switch {
	case it.Origin == Recorded:
		out.Grade = "recorded"
	case it.Grade != "":
		out.Grade = it.Grade
	}
	if out.Tier == "" && it.Tier != "" {
		t, known := tiers[it.Tier]
		if !known {
			t = tierOf(by, it.Tier)
			tiers[it.Tier] = t
		}
		out.Tier = t
	}
	if it.Body != "" {
		out.Bodies = []string{it.Body}
	}
	if out.Key == "" { // its pieces differ by their days alone
		out.Key = it.Kind + it.Project + strconv.Itoa(i)
	}
	if it.From != "" {
		out.From = date(it.From)
	}
	over := true // as far as its own dates say
	if it.To != "" {
		to := out.From
		if it.To != it.From { // most pieces are of one day
			to = date(it.To)
		}
		if to.Before(at) {
			out.To = to
		}
		over = !to.After(at)
	}
	// A project that came to its end is finished, however long somebody was to stay on
	// it; what a person says of work elsewhere is so from its last day on.
	out.Finished = over && (it.Closed || it.Finished) || it.Closed && it.Origin != OwnWord
	return out
}

func date(d clock.Day) time.Time {
	t, err := time.Parse(time.DateOnly, d)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Opened is a counter opened down to its records.
type Opened struct {
	standing.Counter
	Framework *framework.Framework
	Items     []Item // in the order of their beginning
	Months    []MonthCount
	By        map[Origin]int
}

// MonthCount is how much of a counter began in a month.
type MonthCount struct {
	Month string // 2026-10
	Count int
}

// Counter opens one counter.
func (s *Service) Counter(ctx context.Context, who authz.Actor, id string, w When) (o Opened, err error) {
	st, err := s.standing(ctx, who, w, listItems)
	if err != nil {
		return o, err
	}
	if !st.On {
		return o, errOff
	}
	for _, c := range st.Counters {
		if c.ID == id {
			return Open(st, c), nil
		}
	}
	return o, errs.Missing("counter")
}

// Open gives a counter its items, by month and by where they come from.
func Open(st Standing, c standing.Counter) Opened {
	o := Sum(st, c)
	o.Items = make([]Item, 0, len(c.Items))
	for _, counted := range c.Items {
		o.Items = append(o.Items, st.Items[counted.Own])
	}
	return o
}

// Sum is Open without the items, for a page that only counts them.
func Sum(st Standing, c standing.Counter) Opened {
	o := Opened{Counter: c, Framework: st.By, By: map[Origin]int{}}
	months := map[string]int{}
	for _, counted := range c.Items {
		it := &st.Items[counted.Own]
		o.By[it.CountsAs()]++
		if len(it.From) >= 7 {
			months[it.From[:7]]++
		}
	}
	o.Months = byMonth(months)
	return o
}

// byMonth orders the months from the first to the last, the empty ones included.
func byMonth(counts map[string]int) (out []MonthCount) {
	if len(counts) == 0 {
		return nil
	}
	lo, hi := "9999-12", ""
	for m := range counts {
		lo, hi = min(lo, m), max(hi, m)
	}
	for m := lo; m <= hi; m = date(m+"-01").AddDate(0, 1, 0).Format("2006-01") {
		out = append(out, MonthCount{m, counts[m]})
	}
	return out
}
