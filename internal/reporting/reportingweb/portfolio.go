package reportingweb

import (
	"context"
	"math"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/reporting"
)

// glanceView is the portfolio as one reader sees it.
type glanceView struct {
	reporting.Glance
	Drafts bool // the reader may draft any report
}

// act is the one thing to do about a need.
func (v glanceView) act(n reporting.Need) string {
	switch {
	case n.Kind != reporting.Unspoken:
		return "Read the report"
	case v.Drafts && n.Drafted:
		return "Finish the draft"
	case v.Drafts:
		return "Draft it"
	}
	return "See where it is"
}

// glance reads the portfolio once for all parts of a page.
func (w *Web) glance(r *web.Req) (reporting.Glance, error) {
	return web.Once(r, "glance", func() (reporting.Glance, error) {
		return w.reports.Glance(r.Context(), r.Who(), r.Query("show"))
	})
}

func (w *Web) portfolioLead(r *web.Req, _ string) (templ.Component, error) {
	g, err := w.glance(r)
	if err != nil || g.Live == 0 {
		return nil, err
	}
	return portfolioLead(g), nil
}

func (w *Web) portfolioPanel(r *web.Req, _ string) (templ.Component, error) {
	g, err := w.glance(r)
	if err != nil || g.Live == 0 {
		return nil, err
	}
	role := r.Who().Role
	return portfolioReports(glanceView{Glance: g, Drafts: role == authz.PMOMember || role == authz.HeadOfPMO}), nil
}

func (w *Web) movedPanel(r *web.Req, _ string) (templ.Component, error) {
	g, err := w.glance(r)
	if err != nil || g.Live == 0 {
		return nil, err
	}
	return movedPanel(g), nil
}

// month is the address of a part of a month's reports.
func month(p reporting.Period, show string) templ.SafeURL {
	return templ.SafeURL("/reports?period=" + string(p) + "&show=" + show)
}

// monthName is a month without its year: September.
func monthName(p reporting.Period) string {
	name, _, _ := strings.Cut(ui.Month(p.Start()), " ")
	return name
}

func letters(last reporting.Period) (out []string) {
	for _, p := range reporting.StripPeriods(last) {
		out = append(out, monthName(p)[:1])
	}
	return out
}

func needHref(n reporting.Need, due reporting.Period) string {
	if n.Kind == reporting.Unspoken {
		return "/projects/" + n.Project + "/reports/" + string(due)
	}
	return "/projects/" + n.Project + "/reports/" + string(n.Period)
}

func running(months int) string {
	if months < 2 {
		return "this month"
	}
	return strconv.Itoa(months) + " months running"
}

func sinceText(p reporting.Period) string {
	if p == "" {
		return ""
	}
	return " since " + ui.Month(p.Start())
}

func lateBy(g reporting.Glance) int {
	n, _ := clock.DaysBetween(g.DueBy, g.Today) // both are dates
	return n
}

func whoWrites(s reporting.State) string {
	who := s.Manager
	if who == "" {
		who = "nobody manages it"
	}
	if s.Drafted {
		who += " · a draft is there"
	}
	return who
}

func codeAndWho(code, who string) string {
	if code != "" && who != "" {
		return code + " · " + who
	}
	return code + who
}

type showKind struct{ name, class, says string }

// showKinds are the filters of the table with their numbers, only those that there are.
func showKinds(g reporting.Glance) (out []showKind) {
	for _, k := range []showKind{{"green", "g", "green"}, {"amber", "a", "amber"}, {"red", "r", "red"}, {"none", "", "not assessed"}} {
		if n := g.Standing[k.name]; n > 0 || k.name == g.Show {
			k.says = ui.Grouped(int64(n)) + " " + k.says
			out = append(out, k)
		}
	}
	return out
}

// unit heads a column of money: £m when all rows are in one currency.
func unit(list []reporting.Health) string {
	currency := ""
	for _, h := range list {
		if h.Budget == nil {
			continue
		}
		if currency != "" && h.Currency != currency {
			return "m"
		}
		currency = h.Currency
	}
	return ui.Symbol(currency) + "m"
}

func reportCell(ctx context.Context, h reporting.Health, g reporting.Glance) string {
	switch {
	case h.Period >= g.Due:
		return sentOn(ctx, h.At, g.Today)
	case h.Drafted:
		return "draft"
	case h.Start > g.Due.End():
		return ui.None
	}
	return "due " + ui.Date(g.DueBy, g.Today)
}

// overClass colours a forecast by the limits of the bullet beside it.
func overClass(h reporting.Health) string {
	switch {
	case h.Budget == nil || h.Forecast == nil || *h.Budget <= 0:
		return ""
	case h.Over()*100 > *h.Budget*10:
		return "t-r"
	case h.Over()*100 > *h.Budget*3:
		return "t-a"
	}
	return ""
}

func overBudget(h reporting.Health) string {
	if h.Budget == nil || h.Forecast == nil || *h.Budget <= 0 {
		return ui.None
	}
	pct := float64(h.Over()) * 100 / float64(*h.Budget)
	s := strconv.FormatFloat(math.Abs(pct), 'f', 0, 64) + "%"
	switch {
	case pct >= 0.5:
		return "+" + s
	case pct <= -0.5:
		return "−" + s
	}
	return "0%"
}

// moveSays is what the record knows about a change of rating.
func moveSays(c reporting.Change) string {
	var parts []string
	if n, ok := clock.DaysBetween(c.EndThen, c.EndNow); ok && n != 0 {
		parts = append(parts, "end "+signed0(n)+" days")
	}
	if c.ForecastThen != nil && c.ForecastIs != nil && *c.ForecastThen != *c.ForecastIs {
		n, sign := *c.ForecastIs-*c.ForecastThen, "+"
		if n < 0 {
			n, sign = -n, "−"
		}
		parts = append(parts, "forecast "+sign+ui.Money(n, c.Currency))
	}
	if len(parts) == 0 && c.MilestoneLate > 0 {
		parts = append(parts, strings.ToLower(c.Milestone)+" "+ui.Days(c.MilestoneLate)+" late")
	}
	if len(parts) == 0 {
		return "dates and money as before"
	}
	return strings.Join(parts, ", ")
}

func signed0(n int) string {
	if n < 0 {
		return "−" + strconv.Itoa(-n)
	}
	return "+" + strconv.Itoa(n)
}
