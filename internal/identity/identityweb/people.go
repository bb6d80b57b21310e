package identityweb

import (
	"net/http"
	"net/url"
	"strconv"

	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

type listView struct {
	Find, Next     string
	People         []identity.Person
	MayAdd, MayRun bool
}

func mayAdd(a authz.Actor) bool {
	return a.Role == authz.PMOMember || a.Role == authz.HeadOfPMO || a.Role == authz.Administrator
}

func (w *Web) list(r *web.Req) error {
	cur, err := web.ParseCursor(r.Query("after"))
	if err != nil {
		return err
	}
	if cur == nil {
		cur = &web.Cursor{}
	}
	page, err := w.people.People(r.Context(), r.Who(), r.Query("find"), cur.Key, cur.ID)
	if err != nil {
		return err
	}
	v := listView{Find: r.Query("find"), People: page.People, MayAdd: mayAdd(r.Who()), MayRun: r.Who().Role == authz.Administrator}
	if page.More {
		last := page.People[len(page.People)-1]
		v.Next = "/people?" + url.Values{"find": {v.Find}, "after": {web.Cursor{Key: fold.Sort(last.Name), ID: last.ID}.String()}}.Encode()
	}
	return r.Render(r.Page("People", "people"), peopleList(v))
}

type personView struct {
	Person, Theirs identity.Person // Theirs is the stored version on a conflict
	Conflict       bool
	Errors         []ui.FieldError
	Link           string
	MayAdd, MayRun bool
}

func (w *Web) showPerson(r *web.Req, status int, v personView) error {
	v.MayAdd, v.MayRun = mayAdd(r.Who()), r.Who().Role == authz.Administrator
	title := v.Person.Name
	if v.Person.ID == "" {
		title = "Add a person"
	}
	p := r.Page(title, "people")
	p.Crumbs = []ui.Crumb{{Label: "People", Href: "/people"}}
	if v.Person.ID == "" {
		return r.RenderStatus(status, p, personForm(v))
	}
	return r.RenderStatus(status, p, personPage(v))
}

func (w *Web) newPage(r *web.Req) error {
	if !mayAdd(r.Who()) {
		return errs.New(errs.Forbidden, "The PMO and the administrator add people.")
	}
	return w.showPerson(r, http.StatusOK, personView{})
}

func readPerson(f web.Form) identity.Person {
	version, _ := strconv.ParseInt(f.Text("version"), 10, 64) // none is version 0, which conflicts
	return identity.Person{Name: f.Text("name"), Email: f.Text("email"), JobTitle: f.Text("job_title"), OrgUnit: f.Text("org_unit"), LeftOn: f.Text("left_on"), Version: version}
}

func (w *Web) add(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	p := readPerson(f)
	made, err := w.people.AddPerson(r.Context(), r.Who(), p)
	if errs.Is(err, errs.Invalid) {
		return w.showPerson(r, http.StatusUnprocessableEntity, personView{Person: p, Errors: errs.FieldsOf(err)})
	}
	if err != nil {
		return err
	}
	return r.Go("/people/"+made.ID, made.Name+" is in. They have no account yet.")
}

func (w *Web) person(r *web.Req) error {
	p, err := w.people.Person(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	return w.showPerson(r, http.StatusOK, personView{Person: p})
}

func (w *Web) change(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	p := readPerson(f)
	p.ID = r.Path("id")
	err = w.people.ChangePerson(r.Context(), r.Who(), p)
	switch errs.KindOf(err) {
	case errs.Invalid, errs.Conflict:
		if err == nil {
			break
		}
		stored, e := w.people.Person(r.Context(), r.Who(), p.ID)
		if e != nil {
			return e
		}
		mine := stored
		mine.Name, mine.Email, mine.JobTitle, mine.OrgUnit, mine.LeftOn = p.Name, p.Email, p.JobTitle, p.OrgUnit, p.LeftOn
		return w.showPerson(r, web.StatusOf(errs.KindOf(err)), personView{Person: mine, Theirs: stored, Conflict: errs.Is(err, errs.Conflict), Errors: errs.FieldsOf(err)})
	default:
	}
	if err != nil {
		return err
	}
	return r.Go("/people/"+p.ID, "Saved.")
}

func (w *Web) invite(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	token, err := w.people.Invite(r.Context(), r.Who(), r.Path("id"), authz.Role(f.Text("role")))
	return w.afterLink(r, token, err)
}

func (w *Web) reset(r *web.Req) error {
	token, err := w.people.ResetLink(r.Context(), r.Who(), r.Path("id"))
	return w.afterLink(r, token, err)
}

// afterLink shows a one-time link once, or the errors beside the form.
func (w *Web) afterLink(r *web.Req, token string, err error) error {
	if err != nil && !errs.Is(err, errs.Invalid) {
		return err
	}
	p, e := w.people.Person(r.Context(), r.Who(), r.Path("id"))
	if e != nil {
		return e
	}
	v := personView{Person: p, Errors: errs.FieldsOf(err)}
	if err != nil {
		return w.showPerson(r, http.StatusUnprocessableEntity, v)
	}
	v.Link = w.url + "/link/" + token
	return w.showPerson(r, http.StatusOK, v)
}

func (w *Web) setRole(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	err = w.people.SetRole(r.Context(), r.Who(), r.Path("id"), authz.Role(f.Text("role")), f.Yes("active"))
	if errs.Is(err, errs.Invalid) {
		return w.afterLink(r, "", err)
	}
	if err != nil {
		return err
	}
	return r.Go("/people/"+r.Path("id"), "Saved. If the role changed, they sign in again.")
}
