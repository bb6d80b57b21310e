package bodiesweb

import (
	"net/http"
	"net/url"

	"cairn/internal/kit/directory"

	"cairn/internal/bodies"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"

	"github.com/a-h/templ"
)

type decisionListView struct {
	bodies.DecisionPage
	bodies.DecisionFilter
	Query url.Values
	Next  string
}

func (w *Web) decisionList(r *web.Req) error {
	v := decisionListView{Query: asked(r, "mine", "undone", "project", "body", "origin", "state", "find")}
	v.DecisionFilter = bodies.DecisionFilter{
		Mine: r.Query("mine") != "", Undone: r.Query("undone") != "", Project: r.Query("project"), Body: r.Query("body"),
		Origin: bodies.OriginKind(r.Query("origin")), State: bodies.DecisionState(r.Query("state")), Find: r.Query("find"),
	}
	cur, err := web.ParseCursor("decisions", r.Query("after"))
	if err != nil {
		return err
	}
	if cur != nil {
		v.AfterKey, v.AfterID = cur.Key, cur.ID
	}
	if v.DecisionPage, err = w.bodies.Decisions(r.Context(), r.Who(), v.DecisionFilter); err != nil {
		return err
	}
	if v.NextID != "" {
		v.Next = address("/decisions", v.Query, "after", web.Cursor{List: "decisions", Key: v.NextKey, ID: v.NextID}.String())
	}
	return r.Render(r.Page("Decisions", "meetings"), decisionListPage(v))
}

type decisionFormView struct {
	typed
	Project, ProjectName string
	Body                 string
	Bodies               []bodies.Body
	People               []directory.Person
	Today                string
	Me                   string
}

func (w *Web) newDecision(r *web.Req) error {
	return w.showDecisionForm(r, http.StatusOK, decisionFormView{Project: r.Query("project"), Body: r.Query("body")})
}

func (w *Web) showDecisionForm(r *web.Req, status int, v decisionFormView) error {
	page, err := w.bodies.Decisions(r.Context(), r.Who(), bodies.DecisionFilter{Project: v.Project, Body: v.Body, Limit: 1})
	if err != nil {
		return err
	}
	if !page.MayRecord {
		return errs.New(errs.Forbidden, "The PMO records decisions, and chair and secretariat those of their body, sponsor and project manager those of their project.")
	}
	v.ProjectName, v.Today, v.Me = page.ProjectName, page.Today, r.Session.Name
	list, err := w.bodies.Bodies(r.Context(), r.Who(), bodies.BodyFilter{Node: v.Project, Limit: 200})
	if err != nil {
		return err
	}
	v.Bodies = list.Bodies
	if v.People, err = w.bodies.Directory(r.Context(), r.Who()); err != nil {
		return err
	}
	p := r.Page("Record a decision", "meetings")
	p.Crumbs = []ui.Crumb{{Label: "Decisions", Href: "/decisions"}}
	return r.RenderStatus(status, p, decisionFormPage(v))
}

// readDecision reads what all forms of decisions have.
func (w *Web) readDecision(r *web.Req, p posted) (d bodies.Decision, err error) {
	d = bodies.Decision{Title: p.text("title"), Words: p.text("words"), Dissent: p.text("dissent"), DecidedOn: p.text("on"), Due: p.text("due"), Body: p.text("body")}
	if d.Person, err = w.person(r, p, "by"); err != nil {
		return d, err
	}
	d.Owner, err = w.person(r, p, "owner")
	return d, err
}

func (w *Web) record(r *web.Req) error {
	v := decisionFormView{}
	return step(r, "decision", func(p posted) (string, string, error) {
		v.Project, v.Body = p.Text("project"), p.text("body")
		d, err := w.readDecision(r, p)
		if err != nil {
			return "", "", err
		}
		d.Project = v.Project
		said := "Recorded. It stands as it is; a later decision supersedes it."
		if p.Text("ask") != "" {
			d.State, said = bodies.Asked, "Asked for."
		}
		d, err = w.bodies.Record(r.Context(), r.Who(), d)
		return "/decisions/" + d.ID, said, err
	}, func(status int, t typed) error {
		v.typed = t
		return w.showDecisionForm(r, status, v)
	})
}

type decisionView struct {
	bodies.DecisionSheet
	typed
	People []directory.Person
	Panels templ.Component
}

func (w *Web) decision(r *web.Req) error { return w.showDecision(r, http.StatusOK, typed{}) }

func (w *Web) showDecision(r *web.Req, status int, t typed) (err error) {
	v := decisionView{typed: t}
	if v.DecisionSheet, err = w.bodies.Decision(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	if v.MayRecord {
		if v.People, err = w.bodies.Directory(r.Context(), r.Who()); err != nil {
			return err
		}
	}
	if v.Panels, err = r.Panels("decision", v.ID); err != nil {
		return err
	}
	p := r.Page(v.Title, "meetings")
	p.Crumbs = []ui.Crumb{{Label: "Decisions", Href: "/decisions"}}
	if v.ProjectName != "" {
		p.Crumbs = append(p.Crumbs, ui.Crumb{Label: v.ProjectName, Href: "/projects/" + v.Project})
	}
	return r.RenderStatus(status, p, decisionPage(v))
}

func (w *Web) onDecision(r *web.Req, form string, do func(posted) (to, said string, err error)) error {
	return step(r, form, do, func(status int, t typed) error { return w.showDecision(r, status, t) })
}

func (w *Web) take(r *web.Req) error {
	return w.onDecision(r, "take", func(p posted) (string, string, error) {
		d, err := w.readDecision(r, p)
		if err == nil {
			err = w.bodies.Take(r.Context(), r.Who(), r.Path("id"), p.version(), d)
		}
		return "/decisions/" + r.Path("id"), "Decided. It stands as it is; a later decision supersedes it.", err
	})
}

func (w *Web) supersede(r *web.Req) error {
	return w.onDecision(r, "next", func(p posted) (string, string, error) {
		d, err := w.readDecision(r, p)
		if err == nil {
			d, err = w.bodies.Supersede(r.Context(), r.Who(), r.Path("id"), p.version(), d)
		}
		return "/decisions/" + d.ID, "Decided anew. Both stay readable.", err
	})
}

func (w *Web) carryOut(r *web.Req) error {
	return w.onDecision(r, "carry", func(p posted) (string, string, error) {
		return "/decisions/" + r.Path("id"), "Carried out.", w.bodies.CarryOut(r.Context(), r.Who(), r.Path("id"), p.version(), p.text("proof"))
	})
}
