package identityweb

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

func mayMerge(a authz.Actor) bool {
	return a.Role == authz.HeadOfPMO || a.Role == authz.Administrator
}

func (w *Web) mergeRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/people/{id}/merge", Action: identity.MergePeople, Handle: w.mergePage},
		{Method: http.MethodPost, Pattern: "/people/{id}/merge", Action: identity.MergePeople, Handle: w.merge},
		{Method: http.MethodPost, Pattern: "/people/merges/{id}/undo", Action: identity.MergePeople, Handle: w.unmerge},
	}
}

// chooseView is the choice of the other entry.
type chooseView struct {
	Person identity.Person
	Find   string
	Found  []identity.Person
	More   bool
}

// mergeView is what a merge would do.
type mergeView struct {
	identity.MergePreview
	Panels templ.Component // where the entry that goes is and was assigned
}

func (w *Web) mergePage(r *web.Req) error {
	if from := r.Query("from"); from != "" {
		return w.showMerge(r, http.StatusOK, from)
	}
	if !mayMerge(r.Who()) {
		return errs.New(errs.Forbidden, "The head of PMO and the administrator merge entries.")
	}
	p, err := w.people.Person(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	v := chooseView{Person: p, Find: r.Query("find")}
	if v.Find != "" {
		list, err := w.people.People(r.Context(), r.Who(), identity.Filter{Find: v.Find})
		if err != nil {
			return err
		}
		v.Found = slices.DeleteFunc(list.People, func(o identity.Person) bool { return o.ID == p.ID })
		v.More = list.More || len(v.Found) > foundSize
		v.Found = v.Found[:min(len(v.Found), foundSize)]
	}
	return r.Render(w.mergeHead(r, p), choosePage(v))
}

// foundSize is how many people a search for the other entry shows.
const foundSize = 20

func (w *Web) mergeHead(r *web.Req, p identity.Person) ui.Page {
	page := r.Page("Merge with "+p.Name, "people")
	page.Crumbs = []ui.Crumb{{Label: "People", Href: "/people"}, {Label: p.Name, Href: "/people/" + p.ID}}
	return page
}

func (w *Web) showMerge(r *web.Req, status int, from string) error {
	m, err := w.people.PreviewMerge(r.Context(), r.Who(), r.Path("id"), from)
	if err != nil {
		return err
	}
	v := mergeView{MergePreview: m}
	if v.Panels, err = r.Panels("person", from); err != nil {
		return err
	}
	return r.RenderStatus(status, w.mergeHead(r, m.Stays), mergePage(v))
}

func (w *Web) merge(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	from := f.Text("from")
	_, err = w.people.Merge(r.Context(), r.Who(), r.Path("id"), from)
	if errs.Is(err, errs.Invalid) {
		return w.showMerge(r, http.StatusUnprocessableEntity, from) // the preview says why
	}
	if err != nil {
		return err
	}
	return r.Go("/people/"+r.Path("id"), "Merged. It can be undone here for 30 days.")
}

func (w *Web) unmerge(r *web.Req) error {
	m, left, err := w.people.Unmerge(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	said := m.Name + " is an entry of their own again."
	if left > 0 {
		said += " " + ui.Count(left, "project", "projects") + " changed since and kept the other name in its fields."
	}
	return r.Go("/people/"+m.From, said)
}

// kindWords says what becomes of a kind of data.
func kindWords(k identity.MergeKind) string {
	switch {
	case k.Moves && k.Stays:
		return "theirs from then on; what is never edited is read as theirs"
	case k.Stays:
		return "never edited, and read as theirs from then on"
	}
	return "theirs from then on"
}

// givenWords says in a sentence what the entry that stays learns.
func givenWords(list []string) string {
	words := map[string]string{"email": "e-mail address", "job_title": "post", "org_unit": "organisation unit"}
	out := ""
	for i, g := range list {
		switch {
		case i == 0:
		case i == len(list)-1:
			out += " and "
		default:
			out += ", "
		}
		out += words[g]
	}
	return out
}
