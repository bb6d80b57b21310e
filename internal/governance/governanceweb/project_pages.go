package governanceweb

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"cairn/internal/governance"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// projectRoutes are the pages of what is asked of one project.
func (w *Web) projectRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/projects/{id}/controls", Action: governance.SeeGovernance, Handle: w.controls},
		{Method: http.MethodGet, Pattern: "/projects/{id}/controls/{control}", Action: governance.SeeGovernance, Handle: w.control},
		{Method: http.MethodPost, Pattern: "/projects/{id}/controls/{control}/words", Action: governance.SpeakOfControl, Handle: w.speak},
		{Method: http.MethodPost, Pattern: "/projects/{id}/controls/{control}/words/{word}/back", Action: governance.SpeakOfControl, Handle: w.takeBack},
		{Method: http.MethodPost, Pattern: "/projects/{id}/controls/{control}/assessments", Action: governance.AssessControl, Handle: w.assess},
		{Method: http.MethodPost, Pattern: "/projects/{id}/controls/{control}/findings", Action: governance.RaiseFinding, Handle: w.raise},
		{Method: http.MethodPost, Pattern: "/findings/{finding}/close", Action: governance.CloseFinding, Handle: w.closeFinding},
		{Method: http.MethodPost, Pattern: "/projects/{id}/controls/{control}/waivers", Action: governance.AskWaiver, Handle: w.askWaiver},
		{Method: http.MethodPost, Pattern: "/waivers/{waiver}/opinion", Action: governance.DecideWaiver, Handle: w.opine},
		{Method: http.MethodPost, Pattern: "/waivers/{waiver}/decision", Action: governance.DecideWaiver, Handle: w.decideWaiver},
		{Method: http.MethodPost, Pattern: "/waivers/{waiver}/end", Action: governance.AskWaiver, Handle: w.endWaiver},
		{Method: http.MethodPost, Pattern: "/projects/{id}/controls/{control}/use", Action: governance.AnswerControl, Handle: w.answerUse},
		{Method: http.MethodGet, Pattern: "/projects/{id}/dial", Action: governance.SeeGovernance, Handle: w.dial},
		{Method: http.MethodPost, Pattern: "/projects/{id}/dial", Action: governance.AnswerDial, Handle: w.answerDial},
		{Method: http.MethodPost, Pattern: "/projects/{id}/dial/confirm", Action: governance.AnswerDial, Handle: w.confirmDial},
		{Method: http.MethodPost, Pattern: "/projects/{id}/dial/try", Action: governance.SeeGovernance, Handle: w.tryDial},
		{Method: http.MethodPost, Pattern: "/projects/{id}/tier", Action: governance.OverrideTier, Handle: w.override},
		{Method: http.MethodPost, Pattern: "/projects/{id}/tier/opinion", Action: governance.OpineTier, Handle: w.opineTier},
		{Method: http.MethodPost, Pattern: "/projects/{id}/phase", Action: governance.AnswerDial, Handle: w.setPhase},
	}
}

type sheafView struct {
	governance.Sheaf
	Name   string
	Today  clock.Day
	Errors []ui.FieldError
	Typed  web.Form
}

func (w *Web) sheaf(r *web.Req) (v sheafView, err error) {
	v.Today = w.gov.Today()
	at := r.Query("at")
	if at != "" && !clock.ValidDay(at) {
		return v, errs.OnField("at", "Give a day like 2026-03-31.")
	}
	if v.Sheaf, err = w.gov.Controls(r.Context(), r.Who(), r.Path("id"), at); err != nil {
		return v, err
	}
	v.Name, err = w.gov.NameOf(r.Context(), r.Who(), r.Path("id"))
	return v, err
}

func (w *Web) projectPage(r *web.Req, title string, v sheafView) ui.Page {
	p := r.Page(title+", "+v.Name, "register")
	p.Crumbs = []ui.Crumb{{Label: "Register", Href: "/projects"}, {Label: v.Name, Href: "/projects/" + v.Project}}
	return p
}

func (w *Web) controls(r *web.Req) error {
	v, err := w.sheaf(r)
	if err != nil {
		return err
	}
	if v.Governed == nil && v.At == v.Today && v.MayAnswer {
		return r.Go("/projects/"+v.Project+"/dial", "")
	}
	return r.Render(w.projectPage(r, "Controls", v), controlsPage(v))
}

func (w *Web) control(r *web.Req) error { return w.showControl(r, http.StatusOK, web.Form{}, nil) }

func (w *Web) showControl(r *web.Req, status int, typed web.Form, wrong []ui.FieldError) error {
	v, err := w.sheaf(r)
	if err != nil {
		return err
	}
	v.Typed, v.Errors = typed, wrong
	for _, c := range v.Controls {
		if c.ID == r.Path("control") {
			people, err := w.gov.People(r.Context(), r.Who(), v.Project)
			if err != nil {
				return err
			}
			p := w.projectPage(r, c.Name, v)
			p.Crumbs = append(p.Crumbs, ui.Crumb{Label: "Controls", Href: "/projects/" + v.Project + "/controls"})
			return r.RenderStatus(status, p, controlPage(v, c, people))
		}
	}
	for _, c := range v.Later {
		if c.ID == r.Path("control") {
			return r.Render(w.projectPage(r, c.Name, v), controlPage(v, governance.Control{Control: c, State: governance.Open}, nil))
		}
	}
	return errs.Missing("control of this project")
}

// after handles what a form of a control's page did: on a mistake the page is
// shown again with what was typed.
func (w *Web) after(r *web.Req, f web.Form, err error, toast string) error {
	if list := errs.FieldsOf(err); len(list) > 0 {
		return w.showControl(r, http.StatusUnprocessableEntity, f, list)
	}
	if err != nil {
		return err
	}
	to := "/projects/" + r.Path("id") + "/controls"
	if f.Text("stay") != "" {
		to += "/" + r.Path("control")
	}
	return r.Go(to, toast)
}

// renamed gives a field of an error the name that it has on the page: several forms
// of a page may not share one.
func renamed(err error, from, to string) error {
	var e *errs.Error
	if !errors.As(err, &e) {
		return err
	}
	for i := range e.Fields {
		if e.Fields[i].Name == from {
			e.Fields[i].Name = to
		}
	}
	return err
}

func (w *Web) speak(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	line, err := strconv.Atoi(f.Text("line"))
	if err != nil {
		return w.after(r, f, errs.OnField("line", "Choose what took place, or what you attest."), "")
	}
	_, err = w.gov.Speak(r.Context(), r.Who(), r.Path("id"), r.Path("control"), line, f.Text("on"), f.Text("words"))
	return w.after(r, f, err, "Noted. It counts from that day on.")
}

func (w *Web) takeBack(r *web.Req) error {
	if err := w.gov.TakeBack(r.Context(), r.Who(), r.Path("id"), r.Path("word")); err != nil {
		return err
	}
	return r.Go("/projects/"+r.Path("id")+"/controls/"+r.Path("control"), "Taken back.")
}

func (w *Web) assess(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	_, err = w.gov.Assess(r.Context(), r.Who(), r.Path("id"), r.Path("control"), f.Text("verdict"), f.Text("saw"), "")
	return w.after(r, f, renamed(err, "reason", "saw"), "Assessed.")
}

func (w *Web) raise(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	_, err = w.gov.Raise(r.Context(), r.Who(), governance.Finding{
		Project: r.Path("id"), Control: r.Path("control"), Words: f.Text("found"), Urgency: f.Text("urgency"), Due: f.Text("due"), Owner: f.Text("owner"),
	})
	return w.after(r, f, renamed(err, "words", "found"), "The finding is recorded.")
}

func (w *Web) answerUse(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	var c errs.Check
	helped, said := governance.Neutral, false
	for name, what := range map[string]int{"helped": governance.Helped, "neutral": governance.Neutral, "in_the_way": governance.InTheWay} {
		if f.Yes(name) {
			helped, said = what, true
		}
	}
	c.That(said, "helped", "Choose helped, neutral or in the way.")
	minutes := f.Int("minutes", &c)
	if err := c.Err(); err != nil {
		return w.after(r, f, err, "")
	}
	err = w.gov.AnswerUse(r.Context(), r.Who(), r.Path("id"), r.Path("control"), governance.Use{Helped: helped, Minutes: int(minutes), Comment: f.Text("comment"), Sign: f.Yes("sign")})
	return w.after(r, f, err, "Thank you. It counts with the answers of others, and never by itself.")
}

func (w *Web) setPhase(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	if err := w.gov.SetPhase(r.Context(), r.Who(), r.Path("id"), f.Text("phase")); err != nil {
		return err
	}
	return r.Go("/projects/"+r.Path("id")+"/controls", "The phase is set.")
}

// overview is what the panels of a project's page show.
type overview struct {
	sheaf   governance.Sheaf
	journey governance.Journey
}

// overview reads a project once for all panels of its page.
func (w *Web) overview(r *web.Req, project string) (overview, error) {
	return web.Once(r, "governance "+project, func() (o overview, err error) {
		o.sheaf, o.journey, err = w.gov.Overview(r.Context(), r.Who(), project)
		return o, err
	})
}

// projectPanel shows on a project's page which controls apply and how they stand.
func (w *Web) projectPanel(r *web.Req, project string) (templ.Component, error) {
	read, err := w.overview(r, project)
	if err != nil {
		return nil, err
	}
	v := sheafView{Today: w.gov.Today(), Sheaf: read.sheaf}
	if v.Governed == nil {
		if !v.MayAnswer || v.Over {
			return nil, nil
		}
		return noDial(v), nil
	}
	return projectControls(v), nil
}

// panels are what governance shows on pages of others.
func (w *Web) panels() []web.Panel {
	return []web.Panel{
		{Slot: "project-aside", Order: 10, Show: w.projectPanel},
	}
}
