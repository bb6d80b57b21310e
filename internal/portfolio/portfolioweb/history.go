package portfolioweb

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/portfolio"
)

type historyView struct {
	portfolio.Timeline
	ID    string
	Field string
	Today string
	Next  string
}

func (w *Web) history(r *web.Req) error {
	v := historyView{ID: r.Path("id"), Field: r.Query("field"), Today: w.register.Today()}
	before, err := seqOf(r.Query("before"))
	if err != nil {
		return err
	}
	if v.Timeline, err = w.register.Timeline(r.Context(), r.Who(), v.ID, portfolio.Field(v.Field), before, 0); err != nil {
		return err
	}
	if v.Timeline.Next > 0 {
		q := url.Values{"before": {strconv.FormatInt(v.Timeline.Next, 10)}}
		if v.Field != "" {
			q.Set("field", v.Field)
		}
		v.Next = "/projects/" + v.ID + "/history?" + q.Encode()
	}
	p := r.Page("History of "+v.Name, "register")
	p.Crumbs = []ui.Crumb{{Label: "Register", Href: "/projects"}, {Label: v.Name, Href: "/projects/" + v.ID}}
	return r.Render(p, historyPage(v))
}

// seqOf reads where a page of a timeline begins.
func seqOf(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0, errs.OnField("before", "This is no place in a history. Begin at the newest.")
	}
	return n, nil
}

// doorLabel says by which way a statement came.
func doorLabel(s portfolio.Stated) string {
	switch s.Door {
	case portfolio.ByForm:
		return "form"
	case portfolio.ByImport:
		return "import of " + s.Source
	case portfolio.ByReport:
		return "report"
	case portfolio.ByGate:
		return "gate"
	case portfolio.ByAPI:
		return "API"
	case portfolio.ByBulk:
		return "bulk edit"
	case portfolio.ByCommand:
		return "command line"
	case portfolio.ByUndo:
		return "undo"
	}
	return "how was not recorded"
}

// value is one side of a change as a page shows it.
func value(v portfolio.Value, info portfolio.FieldInfo, currency string, names map[string]string) string {
	if info.Type == portfolio.Node && v.Text != "" {
		return or(names[v.Text], "one that is no longer there")
	}
	return shown(portfolio.Facts{info.Field: v, portfolio.Currency: {Text: currency}}, info, names)
}

type compareView struct {
	portfolio.Comparison
	Tree   portfolio.Tree
	Query  url.Values
	Today  string
	Errors []ui.FieldError
}

func (w *Web) compare(r *web.Req) error {
	v := compareView{Query: r.R.URL.Query(), Today: w.register.Today()}
	b := w.register.SpanOf(r.Query)
	var err error
	if v.Comparison, err = w.register.Compare(r.Context(), r.Who(), b); errs.Is(err, errs.Invalid) {
		v.Span, v.Errors = b, errs.FieldsOf(err)
	} else if err != nil {
		return err
	}
	if v.Tree, err = w.register.Tree(r.Context(), r.Who()); err != nil {
		return err
	}
	status := http.StatusOK
	if v.Errors != nil {
		status = http.StatusUnprocessableEntity
	}
	p := r.Page("What changed", "portfolio")
	p.Crumbs = []ui.Crumb{{Label: "Portfolio", Href: "/portfolio"}}
	return r.RenderStatus(status, p, comparePage(v))
}

// with gives the address of this comparison with one thing changed; paging starts again.
func (v compareView) with(name, value string) string {
	q := url.Values{"from": {v.From}, "to": {v.To}}
	for k, vs := range v.Query {
		if k != "after" && k != name && len(vs) > 0 && vs[0] != "" {
			q[k] = vs[:1]
		}
	}
	if q.Del(name); value != "" {
		q.Set(name, value)
	}
	return "/portfolio/compare?" + q.Encode()
}

// file is the address of this comparison as a file.
func (v compareView) file(format string) string {
	_, query, _ := strings.Cut(v.with("format", format), "?")
	return "/portfolio/compare/export?" + query
}

func (v compareView) next() string {
	if v.Next == "" {
		return ""
	}
	return v.with("after", v.Next)
}

// said says a count; beyond the cap more were not compared, and there are more than
// those that were found.
func (v compareView) said(n int, one, many string) string {
	if v.Capped {
		return "more than " + ui.Count(n, one, many)
	}
	return ui.Count(n, one, many)
}

// compareLead says how many projects differ, and how.
func compareLead(v compareView) string {
	s := v.said(v.Count, "project differs", "projects differ") + " between " + ui.DateFull(v.From) + " and " + ui.DateFull(v.To)
	s = strings.ToUpper(s[:1]) + s[1:]
	if v.Then() {
		return s + ", each as it was known when that day ended."
	}
	return s + ", as both are known now."
}

// shiftCount is how many projects had a shift.
type shiftCount struct {
	Shift portfolio.Shift
	Says  string
}

// shifts counts what became of projects, what matters most first.
func (v compareView) shifts() (out []shiftCount) {
	for _, s := range portfolio.Shifts {
		if n := v.Counts[s.Shift]; n > 0 {
			out = append(out, shiftCount{s.Shift, v.said(n, s.One, s.Many)})
		}
	}
	return out
}

// shiftSays is a shift with its size.
func shiftSays(m portfolio.Moved, s portfolio.Shift) string {
	switch s {
	case portfolio.Worse:
		return "rated worse"
	case portfolio.Slipped:
		return "ends " + ui.Days(m.Days) + " later"
	case portfolio.Dearer:
		return "costs " + strconv.Itoa(m.Percent) + "% more"
	case portfolio.Closed:
		return "closed"
	case portfolio.Appeared:
		return "added"
	case portfolio.Withdrew:
		return "withdrawn"
	}
	return string(s)
}

// shiftMark is the colour of a shift: bad news, news.
func shiftMark(s portfolio.Shift) string {
	switch s {
	case portfolio.Worse:
		return "r"
	case portfolio.Slipped, portfolio.Dearer:
		return "a"
	case portfolio.Closed, portfolio.Appeared, portfolio.Withdrew:
	}
	return ""
}

func fieldOptions(list []portfolio.FieldInfo, now portfolio.Field) []ui.Option {
	out := []ui.Option{{Label: "All fields"}}
	found := now == ""
	for _, i := range list {
		out = append(out, ui.Option{Value: string(i.Field), Label: i.Label})
		found = found || i.Field == now
	}
	if !found {
		out = append(out, ui.Option{Value: string(now), Label: string(now)})
	}
	return out
}
