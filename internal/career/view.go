package career

import (
	"context"
	"time"

	"cairn/internal/career/framework"
	"cairn/internal/career/standing"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Standing is where the person stands today, with the items behind it: what they
// count for, and not the names of the records, which an opened counter has.
type Standing struct {
	standing.Standing
	By    *framework.Framework // by which it was computed
	On    bool
	Empty bool // nothing is known yet: the table of past years comes first
	Items []Item
	Past  []Past
	Since clock.Day // of the first item
}

// Standing computes where the person stands. While their career is off, it
// says so and computes nothing.
func (s *Service) Standing(ctx context.Context, who authz.Actor) (Standing, error) {
	return s.standing(ctx, who, sumItems)
}

// standing is Standing with the items read as much as is needed of them.
func (s *Service) standing(ctx context.Context, who authz.Actor, read func(context.Context, sqldb.Querier, string) ([]Item, error)) (st Standing, err error) {
	var today clock.Day
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		today = v.Today
		if st.By, err = s.inForce(ctx, v); err != nil {
			return err
		}
		if st.On, err = isOn(ctx, v, who.Person); err != nil {
			return err
		}
		if st.Past, err = listPast(ctx, v, who.Person); err != nil || !st.On {
			return err
		}
		st.Items, err = read(ctx, v, who.Person)
		return err
	})
	if err != nil || !st.On {
		return st, err
	}
	for _, p := range st.Past {
		st.Items = append(st.Items, pastItems(p)...)
	}
	st.Empty = len(st.Items) == 0
	st.Standing = evaluate(st.By, st.Items, today)
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
	at := date(today)
	in := make([]standing.Item, 0, len(items))
	for i, it := range items {
		if it.From > today {
			continue // has not begun
		}
		in = append(in, toStanding(i, it, at))
	}
	months := 0
	if day := first(items); day != "" && day <= today {
		months = int(at.Sub(date(day)).Hours() / 24 / 30.44)
	}
	return standing.Evaluate(by, in, at, months)
}

// toStanding gives an item the form in which rules read it. Only what the work
// itself left behind is recorded; a file is somebody's word, and so is one's own.
func toStanding(i int, it Item, at time.Time) standing.Item {
	out := standing.Item{
		Key: it.Key, Kind: it.Kind, As: string(it.Role), Grade: "self_declared", Project: it.Project, Tier: it.Scale,
		People: it.People, From: at, To: at, Own: i, Outside: true,
	}
	if it.Origin == Recorded {
		out.Grade = "recorded"
	}
	if it.From != "" {
		out.From = date(it.From)
	}
	if it.To != "" {
		to := out.From
		if it.To != it.From { // most pieces are of one day
			to = date(it.To)
		}
		if to.Before(at) {
			out.To, out.Finished = to, it.Closed
		}
	}
	if it.To == "" && it.Closed {
		out.Finished = true
	}
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
func (s *Service) Counter(ctx context.Context, who authz.Actor, id string) (o Opened, err error) {
	st, err := s.standing(ctx, who, listItems)
	if err != nil {
		return o, err
	}
	if !st.On {
		return o, errs.New(errs.NotFound, "Your career is off. Turn it on under My standing.")
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
		o.By[it.Origin]++
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
