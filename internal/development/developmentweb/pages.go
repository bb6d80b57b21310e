package developmentweb

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"cairn/internal/development"
	"cairn/internal/kit/directory"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// stepForm is what was typed about a step.
type stepForm struct {
	Title, Why, Due, State, Before, After, Source, SourceID, Mentor string
}

func read(f web.Form) stepForm {
	return stepForm{f.Text("title"), f.Text("why"), f.Text("due"), f.Text("state"), f.Text("before"), f.Text("after"), f.Text("source"), f.Text("id"), f.Text("mentor")}
}

func (f stepForm) step() development.Step {
	return development.Step{
		Title: f.Title, Why: f.Why, Due: f.Due, State: development.State(f.State), Before: f.Before, After: f.After, Source: development.Source(f.Source), SourceID: f.SourceID,
	}
}

func formOf(st development.Step) stepForm {
	return stepForm{st.Title, st.Why, st.Due, string(st.State), st.Before, st.After, string(st.Source), st.SourceID, st.MentorName}
}

type planView struct {
	development.Plan
	Add    stepForm
	Words  string
	Errors []ui.FieldError
}

func (w *Web) plan(r *web.Req) error {
	return w.show(r, http.StatusOK, planView{Add: stepForm{Title: r.Query("title"), Source: r.Query("source"), SourceID: r.Query("id")}})
}

func (w *Web) show(r *web.Req, status int, v planView) (err error) {
	if v.Plan, err = w.plans.Plan(r.Context(), r.Who()); err != nil {
		return err
	}
	return r.RenderStatus(status, r.Page("My plan", "plan"), planPage(v))
}

func (w *Web) add(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v := planView{Add: read(f)}
	_, err = w.plans.Add(r.Context(), r.Who(), v.Add.step())
	if errs.Is(err, errs.Invalid) {
		v.Errors = errs.FieldsOf(err)
		return w.show(r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return r.Go("/plan", "Added. Nobody else sees it unless you share it.")
}

func (w *Web) review(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v := planView{Words: f.Text("words")}
	err = w.plans.Review(r.Context(), r.Who(), v.Words)
	if errs.Is(err, errs.Invalid) {
		v.Errors = errs.FieldsOf(err)
		return w.show(r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return r.Go("/plan", "Written down, with what moved since last time.")
}

type stepView struct {
	development.Step
	Form   stepForm
	With   string
	Today  string
	People []directory.Person
	Errors []ui.FieldError
}

func (w *Web) step(r *web.Req) error { return w.showStep(r, http.StatusOK, stepView{}) }

func (w *Web) showStep(r *web.Req, status int, v stepView) (err error) {
	plan, err := w.plans.Plan(r.Context(), r.Who())
	if err != nil {
		return err
	}
	v.Today = plan.Today
	for _, st := range plan.Steps {
		if st.ID == r.Path("id") {
			v.Step = st
		}
	}
	if v.Step.ID == "" {
		return errs.Missing("step")
	}
	if v.Form == (stepForm{}) {
		v.Form = formOf(v.Step)
	}
	if v.People, err = w.plans.Directory(r.Context(), r.Who()); err != nil {
		return err
	}
	p := r.Page(v.Step.Title, "plan")
	p.Crumbs = []ui.Crumb{{Label: "My plan", Href: "/plan"}}
	return r.RenderStatus(status, p, stepPage(v))
}

// act does something to a step and shows what came of it.
func (w *Web) act(r *web.Req, said string, do func(f web.Form) (stepView, error)) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v, err := do(f)
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		if v.Errors = errs.FieldsOf(err); len(v.Errors) == 0 {
			v.Errors = []ui.FieldError{{Name: "main", Message: web.MessageOf(err)}}
		}
		return w.showStep(r, web.StatusOf(errs.KindOf(err)), v)
	}
	if err != nil {
		return err
	}
	return r.Go("/plan/"+r.Path("id"), said)
}

func (w *Web) change(r *web.Req) error {
	return w.act(r, "Saved.", func(f web.Form) (stepView, error) {
		version, err := strconv.ParseInt(f.Text("version"), 10, 64)
		if err != nil {
			version = -1 // which conflicts
		}
		v := stepView{Form: read(f)}
		st := v.Form.step()
		if st.Mentor, err = w.plans.PersonNamed(r.Context(), r.Who(), "mentor", v.Form.Mentor); err != nil {
			return v, err
		}
		return v, w.plans.Change(r.Context(), r.Who(), r.Path("id"), version, st)
	})
}

func (w *Web) share(r *web.Req) error {
	return w.act(r, "Shared. You see here when they look, and can take it back.", func(f web.Form) (stepView, error) {
		v := stepView{With: f.Text("with")}
		with, err := w.plans.PersonNamed(r.Context(), r.Who(), "with", v.With)
		if err == nil {
			err = w.plans.Share(r.Context(), r.Who(), r.Path("id"), with)
		}
		return v, err
	})
}

func (w *Web) takeBack(r *web.Req) error {
	return w.act(r, "Taken back. They see it no more.", func(f web.Form) (stepView, error) {
		return stepView{}, w.plans.TakeBack(r.Context(), r.Who(), r.Path("id"), f.Text("person"))
	})
}

func (w *Web) remove(r *web.Req) error {
	if err := w.plans.Remove(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	return r.Go("/plan", "Removed.")
}

func (w *Web) shared(r *web.Req) error {
	list, err := w.plans.Shared(r.Context(), r.Who())
	if err != nil {
		return err
	}
	p := r.Page("Shared with you", "plan")
	p.Crumbs = []ui.Crumb{{Label: "My plan", Href: "/plan"}}
	return r.Render(p, sharedPage(list, w.plans.Today()))
}

func (w *Web) deskPanel(r *web.Req, _ string) (templ.Component, error) {
	plan, err := w.plans.Plan(r.Context(), r.Who())
	if err != nil {
		return nil, err
	}
	var next []development.Step
	for _, st := range plan.Steps {
		if st.EndedOn == "" && st.Due != "" && len(next) < 3 {
			next = append(next, st)
		}
	}
	if len(next) == 0 {
		return nil, nil //nolint:nilnil // nothing of the plan has a date
	}
	return deskPanel(next, plan.Today), nil
}
