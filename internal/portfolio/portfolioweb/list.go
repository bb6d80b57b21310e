package portfolioweb

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/portfolio"
)

type listView struct {
	Page    portfolio.Page
	Tree    portfolio.Tree
	Filter  portfolio.Filter
	Query   url.Values
	Today   string
	Known   string // date as typed
	Next    string
	MayAdd  bool
	Bulk    []portfolio.FieldInfo // what can be changed of the chosen ones
	Errors  []ui.FieldError
	Tabs    []portfolio.View
	Columns []column // chosen, in order
	Every   []column // all that can be chosen
	Build   builder
	Notices templ.Component // of other features
}

func (w *Web) list(r *web.Req) error {
	q := r.R.URL.Query()
	form, bad := web.CleanForm(q)
	if bad == nil {
		if to, ok := columnsHref(form.Values); ok {
			return r.Go(to, "")
		}
	}
	v := listView{Query: q, Today: w.register.Today(), Known: strings.TrimSpace(q.Get("known_at"))}
	err := bad
	if err == nil {
		if v.Filter, err = w.filter(q); err == nil {
			v.Page, err = w.register.List(r.Context(), r.Who(), v.Filter)
		}
	}
	if errs.Is(err, errs.Invalid) {
		v.Errors = errs.FieldsOf(err)
	} else if err != nil {
		return err
	}
	if to, err := w.build(r, &v, form); err != nil || to != "" {
		if err != nil {
			return err
		}
		return r.Go(to, "")
	}
	if err := w.furnish(r, &v); err != nil {
		return err
	}
	status := http.StatusOK
	if v.Errors != nil {
		status = http.StatusUnprocessableEntity
	}
	return r.RenderStatus(status, r.Page("Register", "register"), registerPage(v))
}

// furnish reads what stands around the rows.
func (w *Web) furnish(r *web.Req, v *listView) (err error) {
	if v.Tree, err = w.register.Tree(r.Context(), r.Who()); err != nil {
		return err
	}
	if v.Tabs, err = w.register.Tabs(r.Context(), r.Who(), shipped, v.Page); err != nil {
		return err
	}
	if err := w.columns(r, v); err != nil {
		return err
	}
	v.MayAdd = mayAdd(r)
	v.Bulk = portfolio.BulkFields(v.Page.Fields.Infos(), r.Who().SeesConfidential())
	if v.Notices, err = r.Panels("register", ""); err != nil {
		return err
	}
	if p := v.Page; p.NextID != "" {
		v.Next = v.with("after", cursorOf(p, v.Filter).String())
	}
	return nil
}

// selectable reports whether projects can be chosen to change them: what stands
// today can, what stood at a past date cannot.
func (v listView) selectable() bool { return v.Filter.AsAt == "" && v.Filter.KnownAt == 0 }

// before is how many columns stand before the chosen ones.
func (v listView) before() int {
	if v.selectable() {
		return 2
	}
	return 1
}

// choosable is how many projects the whole list has; one more than can be
// changed at once where it was not counted to the end.
func (v listView) choosable() int {
	if v.Page.More {
		return portfolio.MaxBulk + 1
	}
	return v.Page.Count
}

// orderOf names the list in its order, for a place in it.
func orderOf(f portfolio.Filter) string {
	order := "projects " + f.Group + " " + f.Sort
	if f.Desc {
		order += " down"
	}
	return order
}

// cursorOf is the place behind a page; in a grouped list it holds the group too.
func cursorOf(p portfolio.Page, f portfolio.Filter) web.Cursor {
	c := web.Cursor{List: orderOf(f), Key: p.NextKey, ID: p.NextID}
	if p.NextGroup != "" || p.Groups != nil {
		c.Key = p.NextGroup + groupEnd + p.NextKey
	}
	return c
}

// groupEnd stands between group and key of a cursor; folded keys never hold it.
const groupEnd = "\x1f"

// filter reads the address of a list with its place in it.
func (w *Web) filter(q url.Values) (portfolio.Filter, error) {
	f, err := w.register.FilterOf(func(name string) string { return strings.TrimSpace(q.Get(name)) })
	if err != nil {
		return f, err
	}
	return placed(f, q.Get("after"))
}

func placed(f portfolio.Filter, after string) (portfolio.Filter, error) {
	cur, err := web.ParseCursor(orderOf(f), after)
	if cur != nil {
		f.AfterKey, f.AfterID = cur.Key, cur.ID
		if f.Group != "" {
			f.AfterGroup, f.AfterKey, _ = strings.Cut(cur.Key, groupEnd)
		}
	}
	return f, err
}

// passing are the parameters of an address that only say what a form does.
func passing(name string) bool {
	return name == "after" || name == "open" || name == "do" || name == "format" || strings.HasPrefix(name, "b_")
}

// with gives the address of this list with one thing changed; paging starts again.
func (v listView) with(name, value string) string {
	return "/projects?" + v.query(name, value).Encode()
}

func (v listView) query(name, value string) url.Values {
	q := url.Values{}
	for k, vs := range v.Query {
		if !passing(k) && k != name && len(vs) > 0 && vs[0] != "" {
			q.Set(k, vs[0])
		}
	}
	if value != "" {
		q.Set(name, value)
	}
	return q
}

// file is the address of this list as a file.
func (v listView) file(format string) string {
	return "/projects/export?" + v.query("format", format).Encode()
}

// carried are the parameters that a form of the page takes along, without those
// that it has boxes for.
func (v listView) carried(without ...string) (out []ui.Option) {
	q := v.query("", "")
	for _, name := range without {
		q.Del(name)
	}
	for _, pair := range strings.Split(q.Encode(), "&") {
		k, val, ok := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(k)
		value, err2 := url.QueryUnescape(val)
		if ok && err == nil && err2 == nil {
			out = append(out, ui.Option{Value: value, Label: name})
		}
	}
	return out
}

func (v listView) sortHref(field string) string {
	if v.sorted(field) && !v.Filter.Desc {
		return v.with("sort", "-"+field)
	}
	return v.with("sort", field)
}

func (v listView) sorted(field string) bool {
	return v.Filter.Sort == field || v.Filter.Sort == "" && field == "name"
}

func (v listView) filtered() bool {
	q := v.query("sort", "")
	for _, name := range []string{"cols", "group", "view"} {
		q.Del(name)
	}
	return len(q) > 0
}

func (v listView) nodeOptions() []ui.Option {
	return append([]ui.Option{{Label: "All programmes"}}, nodeOptions(v.Tree)...)
}

func nodeOptions(t portfolio.Tree) (out []ui.Option) {
	for _, f := range t.Portfolios {
		out = append(out, ui.Option{Value: f.ID, Label: f.Name})
		for _, g := range t.Programmes {
			if g.Portfolio == f.ID {
				out = append(out, ui.Option{Value: g.ID, Label: f.Name + " › " + g.Name})
			}
		}
	}
	return out
}

// count is the number of the list in words.
func (v listView) count() string {
	if v.Page.More {
		return "More than " + ui.Count(v.Page.Count, "project", "projects")
	}
	return ui.Count(v.Page.Count, "project", "projects")
}

// sums says how much, over how many, and what is withheld from the reader.
func (v listView) sums() string {
	var parts []string
	for _, t := range v.Page.Totals {
		if t.WithBudget > 0 {
			parts = append(parts, "budget "+over(t.Budget, t.WithBudget, t.Projects, t.Currency))
		}
	}
	return strings.Join(parts, ", ")
}

// leadEnd goes on after the numbers of the lead.
func (v listView) leadEnd() string {
	switch {
	case v.Page.More:
		return "; narrow the list to see its sums." + v.dates()
	case v.Page.Withheld > 0:
		return "; " + ui.Grouped(int64(v.Page.Withheld)) + " withheld." + v.dates()
	}
	return "." + v.dates()
}

// dates says as at when the list is read.
func (v listView) dates() string {
	if v.Filter.AsAt == "" && v.Known == "" {
		return ""
	}
	s := " As at " + ui.DateFull(or(v.Filter.AsAt, v.Today))
	if v.Known != "" {
		s += ", as known on " + ui.DateFull(v.Known)
	}
	return s + "."
}

// region names the table for those who hear it.
func (v listView) region() string {
	return "Table: register, " + strconv.Itoa(len(v.Page.Projects)) + " of " + strings.ToLower(v.count())
}

// begins reports whether a group begins at a row of the page.
func (v listView) begins(i int) bool {
	return v.Page.Groups != nil && (i == 0 || v.Page.Projects[i].GroupKey != v.Page.Projects[i-1].GroupKey)
}

func (v listView) group(key string) portfolio.GroupSum {
	for _, g := range v.Page.Groups {
		if g.Key == key {
			return g
		}
	}
	return portfolio.GroupSum{Key: key}
}

// groupLabel names a group; one without a value says so.
func (v listView) groupLabel(g portfolio.GroupSum) string {
	by := v.Filter.Group
	switch {
	case by == "rating":
		return ui.RAGLabel(g.Label)
	case g.Label != "":
		return g.Label
	case by == "programme":
		return "Directly in a portfolio"
	case by == "project_manager" || by == "pmo_partner":
		return "Nobody yet"
	}
	return "None stated"
}

// groupHref is the list of a group alone.
func (v listView) groupHref(g portfolio.GroupSum) string {
	q := v.query("group", "")
	if w := q.Get("where"); w != "" {
		g.Where = "(" + w + ") and " + g.Where
	}
	q.Set("where", g.Where)
	return "/projects?" + q.Encode()
}

// groupSums says what a group sums up to, over how many of how many.
func groupSums(g portfolio.GroupSum) string {
	var parts []string
	for _, t := range g.Totals {
		if t.WithBudget > 0 {
			parts = append(parts, "budget "+over(t.Budget, t.WithBudget, t.Projects, t.Currency))
		}
		if t.WithForecast > 0 {
			parts = append(parts, "forecast "+over(t.Forecast, t.WithForecast, t.Projects, t.Currency))
		}
	}
	return strings.Join(parts, ", ")
}

// groupWord begins the sentence of a group of conditions.
func groupWord(b builder, g int) string {
	switch {
	case g == 0 && len(b.Groups) == 1:
		return "Projects that fit"
	case g == 0:
		return "that fit"
	case b.Join == portfolio.Any:
		return "or that fit"
	}
	return "and that fit"
}

// whole says what the totals are of.
func (v listView) whole() string {
	s := "that you may see"
	if v.filtered() {
		s = "in this view"
	}
	if v.Page.Withheld > 0 {
		s += "; " + ui.Count(v.Page.Withheld, "is", "are") + " withheld and in no total here"
	}
	return s
}

// under is the second line of a project: code and project manager, as far as
// no column says it.
func (v listView) under(p portfolio.Project) string {
	var parts []string
	for _, s := range []struct{ column, text string }{
		{"code", p.Facts.Text(portfolio.Code)},
		{string(portfolio.Manager), strings.Join(p.Who(portfolio.Manager), ", ")},
	} {
		if s.text != "" && !v.has(s.column) {
			parts = append(parts, s.text)
		}
	}
	if p.VanishedFrom != "" {
		parts = append(parts, "gone from "+p.VanishedFrom)
	}
	return strings.Join(parts, " · ")
}
