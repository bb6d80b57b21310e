package portfolioweb

import (
	"net/http"
	"strconv"

	"cairn/internal/kit/directory"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/portfolio"

	"github.com/a-h/templ"
)

type projectView struct {
	portfolio.Detail
	When      portfolio.When
	Known     string
	Today     string
	Directory []directory.Person
	Panels    templ.Component
	Aside     templ.Component
	Assign    assignForm
	Errors    []ui.FieldError
}

type assignForm struct {
	Person, For, Kind, Role, From, To string
	Version                           int64
}

func mayAdd(r *web.Req) bool {
	return r.Who().Role == authz.PMOMember || r.Who().Role == authz.HeadOfPMO
}

func (w *Web) project(r *web.Req) error {
	return w.showProject(r, http.StatusOK, assignForm{}, nil)
}

func (w *Web) showProject(r *web.Req, status int, form assignForm, errors []ui.FieldError) error {
	v := projectView{Today: w.register.Today(), Known: r.Query("known_at"), Assign: form, Errors: errors}
	v.When.AsAt = r.Query("as_at")
	var err error
	if v.Known != "" {
		if v.When.KnownAt, err = w.register.EndOf(v.Known); err != nil {
			return err
		}
	}
	if v.Detail, err = w.register.Project(r.Context(), r.Who(), r.Path("id"), v.When); err != nil {
		return err
	}
	if v.MayAssign {
		if v.Directory, err = w.register.Directory(r.Context(), r.Who()); err != nil {
			return err
		}
	}
	if v.Panels, err = r.Panels("project", r.Path("id")); err != nil {
		return err
	}
	if v.Aside, err = r.Panels("project-aside", r.Path("id")); err != nil {
		return err
	}
	p := r.Page(v.Facts.Text(portfolio.Name), "register")
	p.Crumbs = []ui.Crumb{{Label: "Portfolio", Href: "/portfolio"}}
	if v.Programme != "" {
		p.Crumbs = append(p.Crumbs, ui.Crumb{Label: v.Programme, Href: "/projects?under=" + v.Facts.Text(portfolio.Parent)})
	}
	return r.RenderStatus(status, p, projectPage(v))
}

func (w *Web) mark(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	secret := f.Yes("confidential")
	if err := w.register.Mark(r.Context(), r.Who(), r.Path("id"), secret); err != nil {
		return err
	}
	said := "Open: every account sees this project now."
	if secret {
		said = "Confidential: only the people assigned and the head of PMO see it."
	}
	return r.Go("/projects/"+r.Path("id"), said)
}

func (w *Web) readAssign(r *web.Req) (form assignForm, a portfolio.Assignment, err error) {
	f, err := r.Form()
	if err != nil {
		return form, a, err
	}
	form = assignForm{Person: f.Text("person"), For: f.Text("for"), Kind: f.Text("kind"), Role: f.Text("role"), From: f.Text("from"), To: f.Text("to")}
	form.Version, _ = strconv.ParseInt(f.Text("version"), 10, 64) // none is version 0, which conflicts
	a = portfolio.Assignment{Kind: portfolio.Kind(form.Kind), Role: activity.RoleInWork(form.Role), From: form.From, To: form.To, Version: form.Version}
	if a.Person, err = w.register.PersonNamed(r.Context(), r.Who(), "person", form.Person); err != nil {
		return form, a, err
	}
	a.For, err = w.register.PersonNamed(r.Context(), r.Who(), "for", form.For)
	return form, a, err
}

func (w *Web) assign(r *web.Req) error {
	form, a, err := w.readAssign(r)
	if err == nil {
		a.Project = r.Path("id")
		a, err = w.register.Assign(r.Context(), r.Who(), a)
	}
	if errs.Is(err, errs.Invalid) {
		return w.showProject(r, http.StatusUnprocessableEntity, form, errs.FieldsOf(err))
	}
	if err != nil {
		return err
	}
	return r.Go("/projects/"+a.Project+"#people", form.Person+" is on the project.")
}

type assignmentView struct {
	portfolio.Assignment
	Form     assignForm
	Errors   []ui.FieldError
	Conflict bool
}

func (w *Web) assignment(r *web.Req) error {
	a, err := w.register.Assignment(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	return w.showAssignment(r, http.StatusOK, assignmentView{Assignment: a, Form: formOf(a)})
}

func formOf(a portfolio.Assignment) assignForm {
	return assignForm{Person: a.PersonName, For: a.ForName, Kind: string(a.Kind), Role: string(a.Role), From: a.From, To: a.To, Version: a.Version}
}

func (w *Web) showAssignment(r *web.Req, status int, v assignmentView) error {
	p := r.Page(v.PersonName+", "+v.Kind.Label(), "register")
	p.Crumbs = []ui.Crumb{{Label: "Register", Href: "/projects"}, {Label: "Project", Href: "/projects/" + v.Project}}
	return r.RenderStatus(status, p, assignmentPage(v))
}

func (w *Web) changeAssignment(r *web.Req) error {
	form, a, err := w.readAssign(r)
	a.ID = r.Path("id")
	if err == nil {
		err = w.register.ChangeAssignment(r.Context(), r.Who(), a)
	}
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		stored, e := w.register.Assignment(r.Context(), r.Who(), a.ID)
		if e != nil {
			return e
		}
		form.Version = stored.Version
		return w.showAssignment(r, web.StatusOf(errs.KindOf(err)), assignmentView{Assignment: stored, Form: form, Errors: errs.FieldsOf(err), Conflict: errs.Is(err, errs.Conflict)})
	}
	if err != nil {
		return err
	}
	a, err = w.register.Assignment(r.Context(), r.Who(), a.ID)
	if err != nil {
		return err
	}
	return r.Go("/projects/"+a.Project+"#people", "Saved.")
}

func (w *Web) unassign(r *web.Req) error {
	a, err := w.register.Assignment(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	if err := w.register.Unassign(r.Context(), r.Who(), a.ID); err != nil {
		return err
	}
	return r.Go("/projects/"+a.Project+"#people", a.PersonName+" was taken off; the record keeps that it was so.")
}
