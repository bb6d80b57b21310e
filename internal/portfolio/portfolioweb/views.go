package portfolioweb

import (
	"net/http"
	"net/url"
	"strconv"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/portfolio"
)

// shipped are the views that every register has.
var shipped = []portfolio.View{
	{Name: "All"},
	{Name: "Live", Query: "live=yes"},
	{Name: "I am the PMO partner", Query: "live=yes&where=pmo_partner+is+me"},
	{Name: "Green outside, red inside", Query: "live=yes&where=" + url.QueryEscape("reported is any of green, amber_green and computed is any of red, amber_red")},
	{Name: "Gone from their source", Query: "vanished=yes"},
	{Name: "Closed", Query: "live=no"},
}

// current is the place of the tab whose list this is; -1 for none.
func (v listView) current() int {
	open := v.Query.Get("view")
	same := v.query("view", "")
	same.Del("as_at")
	same.Del("known_at")
	at := -1
	for i, t := range v.Tabs {
		if t.ID != "" && t.ID == open {
			return i
		}
		if at < 0 && t.Query == same.Encode() {
			at = i
		}
	}
	if at < 0 { // sorted, grouped or with other columns it is still this list
		for _, name := range []string{"sort", "cols", "group"} {
			same.Del(name)
		}
		for i, t := range v.Tabs {
			if t.ID == "" && t.Query == same.Encode() {
				return i
			}
		}
	}
	return at
}

// tabHref is the address of a view's list.
func tabHref(t portfolio.View) string {
	switch {
	case t.ID != "":
		return "/projects?" + t.Query + "&view=" + url.QueryEscape(t.ID)
	case t.Query == "":
		return "/projects"
	}
	return "/projects?" + t.Query
}

// opened is the kept view that the page shows, and whether the list differs from it by now.
func (v listView) opened() (t portfolio.View, changed, ok bool) {
	for _, t := range v.Tabs {
		if t.ID != "" && t.ID == v.Query.Get("view") {
			q := v.query("view", "")
			q.Del("as_at")
			q.Del("known_at")
			return t, q.Encode() != t.Query, true
		}
	}
	return t, false, false
}

// keepHref is the page on which this list is kept under a name.
func (v listView) keepHref(id string) string {
	return "/views/" + or(id, "new") + "?query=" + url.QueryEscape(v.query("view", "").Encode())
}

type keptView struct {
	portfolio.View
	Replace  string // address that may take the place of the view's
	MayShare bool
	Errors   []ui.FieldError
}

func (w *Web) showView(r *web.Req, status int, v keptView) error {
	title := "Keep this list"
	if v.ID != "" {
		title = "Change the view"
	}
	v.MayShare = mayAdd(r)
	p := r.Page(title, "register")
	p.Crumbs = []ui.Crumb{{Label: "Register", Href: "/projects"}}
	return r.RenderStatus(status, p, viewPage(title, v))
}

func (w *Web) newView(r *web.Req) error {
	return w.showView(r, http.StatusOK, keptView{View: portfolio.View{Query: r.Query("query")}})
}

func (w *Web) viewForm(r *web.Req) error {
	v, err := w.register.View(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	if !v.MayChange {
		return errs.New(errs.Forbidden, "%s keeps this view. Keep the list under a name of your own instead.", or(v.OwnerName, "Somebody else"))
	}
	return w.showView(r, http.StatusOK, keptView{View: v, Replace: r.Query("query")})
}

func typedView(f web.Form, id string) portfolio.View {
	version, _ := strconv.ParseInt(f.Text("version"), 10, 64) // none is version 0, which conflicts
	v := portfolio.View{ID: id, Name: f.Text("name"), Query: f.Text("query"), Shared: f.Yes("shared"), Version: version}
	if f.Yes("replace") {
		v.Query = f.Text("by")
	}
	return v
}

func (w *Web) addView(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	made, err := w.register.SaveView(r.Context(), r.Who(), typedView(f, ""))
	if errs.Is(err, errs.Invalid) {
		return w.showView(r, http.StatusUnprocessableEntity, keptView{View: typedView(f, ""), Errors: errs.FieldsOf(err)})
	}
	if err != nil {
		return err
	}
	return r.Go(tabHref(made), made.Name+" is kept.")
}

func (w *Web) changeView(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v := typedView(f, r.Path("id"))
	err = w.register.ChangeView(r.Context(), r.Who(), v)
	if errs.Is(err, errs.Invalid) {
		v.Query = f.Text("query")
		return w.showView(r, http.StatusUnprocessableEntity, keptView{View: v, Replace: f.Text("by"), Errors: errs.FieldsOf(err)})
	}
	if err != nil {
		return err
	}
	return r.Go(tabHref(v), "Saved.")
}

func (w *Web) deleteView(r *web.Req) error {
	if err := w.register.DeleteView(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	return r.Go("/projects", "The view is gone. No project changed.")
}
