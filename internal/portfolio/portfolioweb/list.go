package portfolioweb

import (
	"net/http"
	"net/url"
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
	Actions []ui.Crumb      // what other features offer for a list: import, export
	Notices templ.Component // of other features
}

func (w *Web) list(r *web.Req) error {
	v := listView{Query: r.R.URL.Query(), Today: w.register.Today(), Known: r.Query("known_at")}
	var err error
	if v.Filter, err = w.filter(r.R.URL.Query()); err == nil {
		v.Page, err = w.register.List(r.Context(), r.Who(), v.Filter)
	}
	if errs.Is(err, errs.Invalid) {
		v.Errors = errs.FieldsOf(err)
	} else if err != nil {
		return err
	}
	if v.Tree, err = w.register.Tree(r.Context(), r.Who()); err != nil {
		return err
	}
	v.MayAdd = mayAdd(r)
	all, err := w.register.AllFields(r.Context(), r.Who())
	if err != nil {
		return err
	}
	v.Bulk = portfolio.BulkFields(all, r.Who().SeesConfidential())
	if v.Notices, err = r.Panels("register", ""); err != nil {
		return err
	}
	if v.Page.NextID != "" {
		v.Next = v.with("after", web.Cursor{Key: v.Page.NextKey, ID: v.Page.NextID}.String())
	}
	status := http.StatusOK
	if v.Errors != nil {
		status = http.StatusUnprocessableEntity
	}
	return r.RenderStatus(status, r.Page("Register", "register"), registerPage(v))
}

// filter reads the address of a list with its place in it.
func (w *Web) filter(q url.Values) (portfolio.Filter, error) {
	f, err := w.register.FilterOf(func(name string) string { return strings.TrimSpace(q.Get(name)) })
	if err != nil {
		return f, err
	}
	cur, err := web.ParseCursor(q.Get("after"))
	if cur != nil {
		f.AfterKey, f.AfterID = cur.Key, cur.ID
	}
	return f, err
}

// with gives the address of this list with one thing changed; paging starts again.
func (v listView) with(name, value string) string {
	q := url.Values{}
	for k, vs := range v.Query {
		if k != "after" && k != name && len(vs) > 0 && vs[0] != "" {
			q[k] = vs
		}
	}
	if value != "" {
		q.Set(name, value)
	}
	return "/projects?" + q.Encode()
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
	for k, vs := range v.Query {
		if k != "sort" && k != "after" && len(vs) > 0 && vs[0] != "" {
			return true
		}
	}
	return false
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

// listLead says how many, how much, over how many, and as at when.
func listLead(v listView) string {
	s := ui.Count(v.Page.Count, "project", "projects") + " you may see"
	for _, t := range v.Page.Totals {
		if t.WithBudget > 0 {
			s += ", budget " + over(t.Budget, t.WithBudget, t.Projects, t.Currency)
		}
	}
	s += "."
	if v.Filter.AsAt != "" {
		s += " As at " + ui.DateFull(v.Filter.AsAt)
		if v.Known != "" {
			s += ", as known on " + ui.DateFull(v.Known)
		}
		s += "."
	}
	return s
}
