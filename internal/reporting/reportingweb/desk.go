package reportingweb

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/reporting"
)

// wait is one thing on a desk: what it is, what waiting costs and when, one action.
type wait struct {
	Declared, Computed string
	Title, Href, Says  string
	Due, Cost, Act     string
	due                clock.Day
	order              int // the dearest first
}

// deskView is what the month's reports ask of the reader.
type deskView struct {
	Period        reporting.Period
	Today         clock.Day
	DueBy         clock.Day
	Waits         []wait
	Submit        int // reports that the reader has still to send
	In, Partnered int // sent already: own ones, and of projects one is the partner of
}

// The order of what waits, by what waiting costs.
const (
	toSubmit = iota
	hides
	toPrepare
	toRead
)

// maxWaits is how many things a desk has; the rest is one click away.
const maxWaits = 8

func (w *Web) desk(r *web.Req) (deskView, error) {
	return web.Once(r, "desk", func() (deskView, error) {
		v := deskView{Today: w.reports.Today()}
		v.Period = reporting.Due(v.Today)
		page, err := w.reports.Month(r.Context(), r.Who(), v.Period, reporting.MonthQuery{Mine: true})
		if err != nil {
			return v, err
		}
		v.DueBy = page.DueBy
		for _, s := range page.States {
			v.add(s)
		}
		if r.Who().Role == authz.HeadOfPMO {
			all, err := w.reports.Month(r.Context(), r.Who(), v.Period, reporting.MonthQuery{Show: "to_come"})
			if err != nil {
				return v, err
			}
			v.office(all.Tally)
		}
		slices.SortStableFunc(v.Waits, func(a, b wait) int { return cmp.Compare(a.order, b.order) })
		v.Waits = v.Waits[:min(len(v.Waits), maxWaits)]
		return v, nil
	})
}

// add puts what one project's report asks of the reader on the desk.
func (v *deskView) add(s reporting.State) {
	address := "/projects/" + s.Project + "/reports/" + string(v.Period)
	name := monthName(v.Period)
	wt := wait{Declared: s.Before, Computed: s.BeforeComputed, Title: s.Name, Href: address, Due: v.dueText(), due: v.DueBy}
	switch {
	case s.Mine && s.Number == 0:
		v.Submit++
		wt.order, wt.Act = toSubmit, "Write it"
		wt.Says = "The report of " + name + " is yours to send. " + beforeSays(s, v.Period)
		wt.Cost = "until it is in, the portfolio shows no " + name + " for it"
		if s.Drafted {
			wt.Act = "Finish it"
		}
	case s.Partner && s.Number == 0:
		wt.order, wt.Act = toPrepare, "Prepare it"
		wt.Says = "The report of " + name + " is to come from " + orSomebody(s.Manager) + "; you may draft it as the PMO partner. " + beforeSays(s, v.Period)
		wt.Cost = "after that it counts as late"
		if v.Today > v.DueBy {
			wt.Cost = "it counts as late since then"
		}
		if s.Drafted {
			wt.Says = "A draft of " + name + " is there; " + orSomebody(s.Manager) + " sends it."
			wt.Act = "Read the draft"
		}
	case s.Watermelon() && (s.Partner || s.Sponsored):
		wt.order, wt.Act, wt.Declared, wt.Computed = hides, "Read why", s.Declared, s.Computed
		wt.Says = name + " declares green; computed from dates and money it is red. Each fact stands beside its limit."
		wt.Due, wt.due, wt.Cost = "No date", "", "nobody is asked for a decision while it stands green"
	case s.Declared == "red" && s.Sponsored:
		wt.order, wt.Act, wt.Declared, wt.Computed, wt.Href = toRead, "Read one page", s.Declared, s.Computed, address+"/print"
		wt.Says = orSomebody(s.Manager) + " declares red for " + name + ". One page says why and what comes next."
		wt.Due, wt.due, wt.Cost = "No date", "", "until then it is nobody's decision"
	default:
		if s.Mine {
			v.In++
		} else if s.Partner {
			v.Partnered++
		}
		return
	}
	v.Waits = append(v.Waits, wt)
}

// office puts on the desk of the head of PMO what the whole month asks for.
func (v *deskView) office(t reporting.Tally) {
	name := monthName(v.Period)
	if n := t.Watermelons; n > 0 {
		v.Waits = append(v.Waits, wait{
			order: hides, Declared: "green", Computed: "red", Title: ui.Count(n, "report is", "reports are") + " green outside, red inside", Act: "Open them",
			Href: "/reports?period=" + string(v.Period) + "&show=watermelon", Says: "Declared green for " + name + "; computed red from dates and money.",
			Due: "No date", Cost: "nobody is asked for a decision while they stand green",
		})
	}
	if n := t.All - t.In; n > 0 {
		v.Waits = append(v.Waits, wait{
			order: toPrepare, Title: ui.Count(n, "report", "reports") + " of " + name + " to come", Act: "See whose",
			Href: "/reports?period=" + string(v.Period) + "&show=to_come", Says: strconv.Itoa(t.In) + " of " + strconv.Itoa(t.All) + " are in.",
			Due: v.dueText(), due: v.DueBy, Cost: "the month cannot be told without them",
		})
	}
	if n := t.Worse; n > 0 {
		v.Waits = append(v.Waits, wait{
			order: toRead, Declared: "amber", Title: ui.Count(n, "project", "projects") + " got worse since " + monthName(v.Period.Add(-1)), Act: "Compare",
			Href: "/reports?period=" + string(v.Period) + "&show=worse", Says: "Declared worse than the month before; " + strconv.Itoa(t.Better) + " got better.",
			Due: "No date", Cost: "the sooner one asks, the cheaper the answer",
		})
	}
}

func (v deskView) dueText() string {
	due := v.DueBy
	if n, ok := clock.DaysBetween(due, v.Today); ok && n > 0 {
		return ui.Date(due, v.Today) + ", " + ui.Days(n) + " ago"
	}
	return ui.Date(due, v.Today)
}

// lateWords says by when the reader's reports are due.
func (v deskView) lateWords() string {
	if n, ok := clock.DaysBetween(v.DueBy, v.Today); ok && n > 0 {
		return ", " + ui.Days(n) + " late"
	}
	return " by " + ui.Date(v.DueBy, v.Today)
}

func beforeSays(s reporting.State, p reporting.Period) string {
	last := monthName(p.Add(-1))
	switch {
	case s.Before == "":
		return "It would be the first in a while; the register's facts are filled in."
	case s.BeforeComputed != "" && s.BeforeComputed != s.Before:
		return last + " declared " + s.Before + ", computed " + s.BeforeComputed + "; its words and the register's facts are filled in."
	}
	return last + " declared " + s.Before + "; its words and the register's facts are filled in."
}

func orSomebody(name string) string {
	if name == "" {
		return "the project manager"
	}
	return name
}

func (w *Web) deskLead(r *web.Req, _ string) (templ.Component, error) {
	v, err := w.desk(r)
	if err != nil {
		return nil, err
	}
	return deskLead(v), nil
}

// waits are what the month's reports ask of the reader.
func (w *Web) waits(r *web.Req) (out []ui.Wait, err error) {
	v, err := w.desk(r)
	for _, wt := range v.Waits {
		out = append(out, ui.Wait{
			Cost: ui.Hides, Due: wt.due, Mark: ui.Mark(wt.Declared, wt.Computed), Title: wt.Title, Href: wt.Href, Says: wt.Says, When: wt.Due, Why: wt.Cost, Act: wt.Act,
		})
	}
	return out, err
}

func nothingWaits(v deskView) string {
	switch {
	case v.In > 0:
		return "All " + strconv.Itoa(v.In) + " of yours are in."
	case v.Partnered > 0:
		return "The reports of all " + strconv.Itoa(v.Partnered) + " projects that you are the partner of are in."
	}
	return "You manage no live project and are the partner of none, so no report waits for you."
}
