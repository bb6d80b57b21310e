package identityweb

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

type listView struct {
	Find, State    string
	Next           string
	Asked          bool // somebody asks to be erased
	People         []identity.Person
	MayAdd, MayRun bool
	Twins          []identity.Pair // that may be one person
}

func mayAdd(a authz.Actor) bool {
	return a.Role == authz.PMOMember || a.Role == authz.HeadOfPMO || a.Role == authz.Administrator
}

func (w *Web) list(r *web.Req) error {
	cur, err := web.ParseCursor("people", r.Query("after"))
	if err != nil {
		return err
	}
	if cur == nil {
		cur = &web.Cursor{}
	}
	page, err := w.people.People(r.Context(), r.Who(), identity.Filter{Find: r.Query("find"), State: identity.State(r.Query("state")), AfterKey: cur.Key, AfterID: cur.ID})
	if err != nil {
		return err
	}
	v := listView{Find: r.Query("find"), State: r.Query("state"), People: page.People, MayAdd: mayAdd(r.Who()), MayRun: r.Who().Role == authz.Administrator}
	if v.MayRun {
		asked, err := w.people.People(r.Context(), r.Who(), identity.Filter{State: identity.Asked})
		if err != nil {
			return err
		}
		v.Asked = len(asked.People) > 0
	}
	if mayMerge(r.Who()) && v.Find == "" && v.State == "" && cur.ID == "" {
		if v.Twins, err = w.people.Twins(r.Context(), r.Who()); err != nil {
			return err
		}
	}
	if page.More {
		last := page.People[len(page.People)-1]
		v.Next = "/people?" + url.Values{"find": {v.Find}, "state": {v.State}, "after": {web.Cursor{List: "people", Key: fold.Sort(last.Name), ID: last.ID}.String()}}.Encode()
	}
	return r.Render(r.Page("People", "people"), peopleList(v))
}

type personView struct {
	Person, Theirs identity.Person // Theirs is the stored version on a conflict
	Conflict       bool
	Errors         []ui.FieldError
	Link           string
	Mailed         bool      // to the person, too
	Until          time.Time // the link's last moment
	Role           string    // as chosen
	Panels         templ.Component
	MayAdd, MayRun bool
	MayMerge       bool
	Merges         []identity.Merged // into this entry
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
	var err error
	if v.Panels, err = r.Panels("person", v.Person.ID); err != nil {
		return err
	}
	if v.MayMerge = mayMerge(r.Who()) && v.Person.ID != r.Who().Person; v.MayMerge {
		if v.Merges, err = w.people.Merges(r.Context(), r.Who(), v.Person.ID); err != nil {
			return err
		}
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
	if p.ID != r.Path("id") {
		return r.Go("/people/"+p.ID, "") // merged into this one
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
	return w.afterLink(r, f.Text("role"), token, err)
}

func (w *Web) reset(r *web.Req) error {
	token, err := w.people.ResetLink(r.Context(), r.Who(), r.Path("id"))
	return w.afterLink(r, "", token, err)
}

// afterLink shows a one-time link once, or the errors beside the form.
func (w *Web) afterLink(r *web.Req, role, token string, err error) error {
	if err != nil && !errs.Is(err, errs.Invalid) {
		return err
	}
	p, e := w.people.Person(r.Context(), r.Who(), r.Path("id"))
	if e != nil {
		return e
	}
	v := personView{Person: p, Role: role, Errors: errs.FieldsOf(err)}
	if err != nil {
		return w.showPerson(r, http.StatusUnprocessableEntity, v)
	}
	v.Link, v.Until, v.Mailed = w.url+"/link/"+token, w.people.LinkEnds(), w.people.Mails() && p.Email != ""
	return w.showPerson(r, http.StatusOK, v)
}

func (w *Web) setRole(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	return w.setAccount(r, authz.Role(f.Text("role")), true, "Saved. If the role changed, they sign in again.")
}

func (w *Web) deactivate(r *web.Req) error {
	return w.setAccount(r, "", false, "Deactivated. Their sessions, tokens and links have ended.")
}

func (w *Web) reactivate(r *web.Req) error {
	return w.setAccount(r, "", true, "Reactivated. They sign in with their password; tokens have to be made anew.")
}

func (w *Web) setAccount(r *web.Req, role authz.Role, active bool, said string) error {
	err := w.people.SetRole(r.Context(), r.Who(), r.Path("id"), role, active)
	if errs.Is(err, errs.Invalid) {
		return w.afterLink(r, string(role), "", err)
	}
	if err != nil {
		return err
	}
	return r.Go("/people/"+r.Path("id"), said)
}

// inviteView is the form of several invitations, then their links.
type inviteView struct {
	Lines, URL string
	Made       []identity.Invitation
	Errors     []ui.FieldError
}

func (w *Web) showInvite(r *web.Req, status int, v inviteView) error {
	p := r.Page("Invite several", "people")
	p.Crumbs = []ui.Crumb{{Label: "People", Href: "/people"}}
	v.URL = w.url
	return r.RenderStatus(status, p, invitePage(v))
}

func (w *Web) invitePage(r *web.Req) error {
	if r.Who().Role != authz.Administrator {
		return errs.New(errs.Forbidden, "An administrator invites people.")
	}
	return w.showInvite(r, http.StatusOK, inviteView{})
}

func (w *Web) inviteAll(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	list, err := identity.ReadInvitations(f.Text("lines"))
	if err == nil {
		list, err = w.people.InviteAll(r.Context(), r.Who(), list)
	}
	if errs.Is(err, errs.Invalid) {
		return w.showInvite(r, http.StatusUnprocessableEntity, inviteView{Lines: f.Text("lines"), Errors: errs.FieldsOf(err)})
	}
	if err != nil {
		return err
	}
	return w.showInvite(r, http.StatusOK, inviteView{Made: list})
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
