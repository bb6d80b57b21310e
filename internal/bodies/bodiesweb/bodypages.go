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

type bodyListView struct {
	bodies.BodyPage
	Query url.Values
	Ended bool
	Next  string
}

func (w *Web) bodyList(r *web.Req) error {
	v := bodyListView{Query: asked(r, "ended"), Ended: r.Query("ended") != ""}
	f := bodies.BodyFilter{Ended: v.Ended}
	cur, err := web.ParseCursor("bodies", r.Query("after"))
	if err != nil {
		return err
	}
	if cur != nil {
		f.AfterKey, f.AfterID = cur.Key, cur.ID
	}
	if v.BodyPage, err = w.bodies.Bodies(r.Context(), r.Who(), f); err != nil {
		return err
	}
	if v.NextID != "" {
		v.Next = address("/bodies", v.Query, "after", web.Cursor{List: "bodies", Key: v.NextKey, ID: v.NextID}.String())
	}
	return r.Render(r.Page("Governing bodies", "meetings"), bodyListPage(v))
}

type bodyFormView struct {
	typed
	Project, ProjectName string
	Nodes                []bodies.Node
	Today                string
}

func (w *Web) newBody(r *web.Req) error {
	return w.showBodyForm(r, http.StatusOK, bodyFormView{Project: r.Query("project")})
}

func (w *Web) showBodyForm(r *web.Req, status int, v bodyFormView) (err error) {
	page, err := w.bodies.Bodies(r.Context(), r.Who(), bodies.BodyFilter{Node: v.Project, Limit: 1})
	if err != nil {
		return err
	}
	if !page.MayFound {
		return errs.New(errs.Forbidden, "The PMO sets governing bodies up; for a project its sponsor and project manager do, too.")
	}
	v.Today = page.Today
	if v.Project != "" {
		v.ProjectName, err = w.bodies.ProjectName(r.Context(), r.Who(), v.Project)
	} else {
		v.Nodes, err = w.bodies.Governable(r.Context(), r.Who())
	}
	if err != nil {
		return err
	}
	p := r.Page("Set up a governing body", "meetings")
	p.Crumbs = bodyCrumbs()
	return r.RenderStatus(status, p, bodyFormPage(v))
}

func bodyCrumbs() []ui.Crumb { return []ui.Crumb{{Label: "Governing bodies", Href: "/bodies"}} }

func readBody(p posted) bodies.Body {
	return bodies.Body{
		Name: p.text("name"), Kind: bodies.BodyKind(p.text("kind")), Node: p.text("node"),
		Quorum: bodies.Quorum{Count: p.number("quorum_count"), Share: p.number("quorum_share")}, EndedOn: p.text("ended_on"), Version: p.version(),
	}
}

func (w *Web) found(r *web.Req) error {
	project := ""
	return step(r, "body", func(p posted) (string, string, error) {
		b := readBody(p)
		if p.Text("project") != "" {
			project = p.Text("project")
			b.Node = project
		}
		b, err := w.bodies.Found(r.Context(), r.Who(), b, bodies.Terms{Words: p.text("terms"), ApprovedOn: p.text("approved_on")})
		return "/bodies/" + b.ID, "Set up. Its members come next.", err
	}, func(status int, t typed) error {
		return w.showBodyForm(r, status, bodyFormView{typed: t, Project: project})
	})
}

type bodyView struct {
	bodies.BodySheet
	typed
	People    []directory.Person
	Meetings  bodies.MeetingPage
	Decisions bodies.DecisionPage
	Panels    templ.Component
}

// recent is how many meetings and decisions the page of a body or project shows.
const recent = 5

func (w *Web) body(r *web.Req) error { return w.showBody(r, http.StatusOK, typed{}) }

func (w *Web) showBody(r *web.Req, status int, t typed) (err error) {
	v, id := bodyView{typed: t}, r.Path("id")
	if v.BodySheet, err = w.bodies.Body(r.Context(), r.Who(), id); err != nil {
		return err
	}
	if v.Meetings, err = w.bodies.Meetings(r.Context(), r.Who(), bodies.MeetingFilter{Body: id, Limit: recent}); err != nil {
		return err
	}
	if v.Decisions, err = w.bodies.Decisions(r.Context(), r.Who(), bodies.DecisionFilter{Body: id, Limit: recent}); err != nil {
		return err
	}
	if v.People, err = w.bodies.Directory(r.Context(), r.Who()); err != nil {
		return err
	}
	if v.Panels, err = r.Panels("body", id); err != nil {
		return err
	}
	p := r.Page(v.Name, "meetings")
	p.Crumbs = bodyCrumbs()
	return r.RenderStatus(status, p, bodyPage(v))
}

// onBody does a step on the page of a body.
func (w *Web) onBody(r *web.Req, form, said string, do func(posted) error) error {
	return step(r, form, func(p posted) (string, string, error) { return "/bodies/" + r.Path("id"), said, do(p) },
		func(status int, t typed) error { return w.showBody(r, status, t) })
}

func (w *Web) changeBody(r *web.Req) error {
	return w.onBody(r, "body", "Changed.", func(p posted) error {
		b := readBody(p)
		b.ID = r.Path("id")
		return w.bodies.ChangeBody(r.Context(), r.Who(), b)
	})
}

func (w *Web) approveTerms(r *web.Req) error {
	return w.onBody(r, "terms", "Kept. What they said before stays readable.", func(p posted) error {
		return w.bodies.ApproveTerms(r.Context(), r.Who(), r.Path("id"), bodies.Terms{Words: p.text("terms"), ApprovedOn: p.text("approved_on")})
	})
}

func readSeat(p posted, body string) bodies.Seat {
	return bodies.Seat{Body: body, Kind: bodies.SeatKind(p.text("seat")), Side: bodies.Side(p.text("side")), From: p.text("from"), To: p.text("to"), Version: p.version()}
}

func (w *Web) giveSeat(r *web.Req) error {
	return w.onBody(r, "seat", "They have a seat.", func(p posted) (err error) {
		seat := readSeat(p, r.Path("id"))
		if seat.Person, err = w.person(r, p, "person"); err != nil {
			return err
		}
		_, err = w.bodies.GiveSeat(r.Context(), r.Who(), seat)
		return err
	})
}

func (w *Web) changeSeat(r *web.Req) error {
	return w.onBody(r, "s"+r.Path("seat"), "Changed.", func(p posted) error {
		seat := readSeat(p, r.Path("id"))
		seat.ID = r.Path("seat")
		return w.bodies.ChangeSeat(r.Context(), r.Who(), seat)
	})
}

func (w *Web) nameDeputy(r *web.Req) error {
	return w.onBody(r, "d"+r.Path("seat"), "Named.", func(p posted) (err error) {
		d := bodies.Deputy{Seat: r.Path("seat"), Authority: p.text("authority"), To: p.text("to")}
		if d.Person, err = w.person(r, p, "deputy"); err != nil {
			return err
		}
		_, err = w.bodies.NameDeputy(r.Context(), r.Who(), r.Path("id"), d)
		return err
	})
}

func (w *Web) endDeputy(r *web.Req) error {
	if err := w.bodies.EndDeputy(r.Context(), r.Who(), r.Path("id"), r.Path("seat"), r.Path("deputy")); err != nil {
		return err
	}
	return r.Go("/bodies/"+r.Path("id"), "They deputise no more.")
}
