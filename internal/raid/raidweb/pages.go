package raidweb

import (
	"net/http"
	"net/url"
	"strconv"

	"cairn/internal/kit/directory"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/raid"
)

type listView struct {
	raid.Page
	raid.Filter
	Query url.Values
	Next  string
}

// carried are the parameters that make a list what it is.
var carried = []string{"mine", "left", "overdue", "project", "origin", "state", "sort", "find"}

func (w *Web) list(r *web.Req) error {
	v := listView{Query: url.Values{}}
	for _, name := range carried {
		if s := r.Query(name); s != "" {
			v.Query.Set(name, s)
		}
	}
	v.Filter = raid.Filter{
		Mine: r.Query("mine") != "", Left: r.Query("left") != "", Overdue: r.Query("overdue") != "", Project: r.Query("project"), Origin: raid.OriginKind(r.Query("origin")),
		State: r.Query("state"), Sort: raid.Sort(r.Query("sort")), Find: r.Query("find"),
	}
	cur, err := web.ParseCursor("actions "+string(v.Sort), r.Query("after"))
	if err != nil {
		return err
	}
	if cur != nil {
		v.AfterKey, v.AfterID = cur.Key, cur.ID
	}
	if v.Page, err = w.raid.List(r.Context(), r.Who(), v.Filter); err != nil {
		return err
	}
	if v.NextID != "" {
		v.Next = v.with("after", web.Cursor{List: "actions " + string(v.Sort), Key: v.NextKey, ID: v.NextID}.String())
	}
	return r.Render(r.Page("Actions", "actions"), listPage(v))
}

// with is the list's address with one parameter set, or taken away.
func (v listView) with(name, value string) string {
	q := url.Values{}
	for k, list := range v.Query {
		q[k] = list
	}
	q.Set(name, value)
	if value == "" {
		q.Del(name)
	}
	if len(q) == 0 {
		return "/actions"
	}
	return "/actions?" + q.Encode()
}

// toggled is the address with a yes taken away or given.
func (v listView) toggled(name string) string {
	if v.Query.Get(name) != "" {
		return v.with(name, "")
	}
	return v.with(name, "yes")
}

type formView struct {
	Project, ProjectName      string
	Title, Detail, Owner, Due string
	People                    []directory.Person
	Errors                    []ui.FieldError
}

func (w *Web) newPage(r *web.Req) error {
	return w.showForm(r, http.StatusOK, formView{Project: r.Query("project"), Owner: r.Session.Name})
}

func (w *Web) showForm(r *web.Req, status int, v formView) error {
	page, err := w.raid.List(r.Context(), r.Who(), raid.Filter{Project: v.Project, Limit: 1})
	if err != nil {
		return err
	}
	if !page.MayRaise {
		return errs.New(errs.Forbidden, "Who works on a project raises actions on it: its sponsor, project manager and team, and the PMO.")
	}
	v.ProjectName = page.ProjectName
	if v.People, err = w.raid.Directory(r.Context(), r.Who()); err != nil {
		return err
	}
	p := r.Page("Raise an action", "actions")
	p.Crumbs = []ui.Crumb{{Label: "Actions", Href: "/actions"}}
	return r.RenderStatus(status, p, formPage(v))
}

func (w *Web) raise(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v := formView{Project: f.Text("project"), Title: f.Text("title"), Detail: f.Text("detail"), Owner: f.Text("owner"), Due: f.Text("due")}
	a := raid.Action{Project: v.Project, Title: v.Title, Detail: v.Detail, Due: v.Due}
	if a.Owner, err = w.raid.PersonNamed(r.Context(), r.Who(), "owner", v.Owner); err == nil {
		a, err = w.raid.Raise(r.Context(), r.Who(), a)
	}
	if errs.Is(err, errs.Invalid) {
		v.Errors = errs.FieldsOf(err)
		return w.showForm(r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return r.Go("/actions/"+a.ID, "Raised. It waits on the desk of "+v.Owner+".")
}

// actionView is the page of an action; Typed is what came back with an error.
type actionView struct {
	raid.Sheet
	Typed  web.Form
	Form   string // which form came back
	People []directory.Person
	Errors []ui.FieldError
}

// text is a field of one form: what was typed, or else what is there.
func (v actionView) text(form, name, there string) string {
	if v.Form == form {
		return v.Typed.Text(name)
	}
	return there
}

// err is the error at a field of one form.
func (v actionView) err(form, name string) string {
	if v.Form != form {
		return ""
	}
	return ui.ErrorAt(v.Errors, name)
}

func (w *Web) action(r *web.Req) error { return w.show(r, http.StatusOK, actionView{}) }

func (w *Web) show(r *web.Req, status int, v actionView) (err error) {
	if v.Sheet, err = w.raid.Action(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	if v.MayHand {
		if v.People, err = w.raid.Directory(r.Context(), r.Who()); err != nil {
			return err
		}
	}
	p := r.Page(v.Title, "actions")
	p.Crumbs = []ui.Crumb{{Label: "Actions", Href: "/actions"}}
	if v.ProjectName != "" {
		p.Crumbs = append(p.Crumbs, ui.Crumb{Label: v.ProjectName, Href: "/projects/" + v.Project})
	}
	return r.RenderStatus(status, p, actionPage(v))
}

// step reads the form of a step, does it, and shows what came of it.
func (w *Web) step(r *web.Req, form, said string, do func(f web.Form, version int64) error) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(f.Text("version"), 10, 64)
	if err != nil {
		version = -1 // which conflicts
	}
	err = do(f, version)
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		v := actionView{Typed: f, Form: form}
		for _, e := range errs.FieldsOf(err) {
			if f.Has(form + "_" + e.Name) { // the page has several forms, and each box its own name
				e.Name = form + "_" + e.Name
			}
			v.Errors = append(v.Errors, e)
		}
		if len(v.Errors) == 0 {
			v.Errors = []ui.FieldError{{Name: "main", Message: web.MessageOf(err)}}
		}
		return w.show(r, web.StatusOf(errs.KindOf(err)), v)
	}
	if err != nil {
		return err
	}
	return r.Go("/actions/"+r.Path("id"), said)
}

func (w *Web) change(r *web.Req) error {
	return w.step(r, "change", "Changed. What it was stays below.", func(f web.Form, version int64) error {
		return w.raid.Change(r.Context(), r.Who(), r.Path("id"), version, raid.Edit{Title: f.Text("title"), Detail: f.Text("detail"), Due: f.Text("due"), Why: f.Text("why")})
	})
}

func (w *Web) handOver(r *web.Req) error {
	return w.step(r, "hand", "Handed over. It waits on their desk.", func(f web.Form, version int64) error {
		to, err := w.raid.PersonNamed(r.Context(), r.Who(), "to", f.Text("to"))
		if err != nil {
			return err
		}
		return w.raid.HandOver(r.Context(), r.Who(), r.Path("id"), version, to, f.Text("hand_why"))
	})
}

func (w *Web) done(r *web.Req) error {
	return w.step(r, "done", "Done.", func(f web.Form, version int64) error {
		return w.raid.Done(r.Context(), r.Who(), r.Path("id"), version, f.Text("proof"))
	})
}

func (w *Web) drop(r *web.Req) error {
	return w.step(r, "drop", "Dropped. It stays readable.", func(f web.Form, version int64) error {
		return w.raid.Drop(r.Context(), r.Who(), r.Path("id"), version, f.Text("reason"))
	})
}

func (w *Web) reopen(r *web.Req) error {
	return w.step(r, "reopen", "Open again.", func(f web.Form, version int64) error {
		return w.raid.Reopen(r.Context(), r.Who(), r.Path("id"), version, f.Text("reopen_why"), f.Text("reopen_due"))
	})
}
