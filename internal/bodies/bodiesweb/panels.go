package bodiesweb

import (
	"github.com/a-h/templ"

	"cairn/internal/bodies"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/web"
)

type projectView struct {
	Project   string
	Meetings  bodies.MeetingPage
	Decisions bodies.DecisionPage
	Bodies    []bodies.Body
	MayFound  bool
}

// projectPanel shows a project's meetings and decisions, and what governs it.
func (w *Web) projectPanel(r *web.Req, project string) (_ templ.Component, err error) {
	v := projectView{Project: project}
	if v.Meetings, err = w.bodies.Meetings(r.Context(), r.Who(), bodies.MeetingFilter{Project: project, Limit: 3}); err != nil {
		return nil, err
	}
	if v.Decisions, err = w.bodies.Decisions(r.Context(), r.Who(), bodies.DecisionFilter{Project: project, Limit: recent}); err != nil {
		return nil, err
	}
	page, err := w.bodies.Bodies(r.Context(), r.Who(), bodies.BodyFilter{Node: project, Limit: recent})
	if err != nil {
		return nil, err
	}
	v.Bodies, v.MayFound = page.Bodies, page.MayFound
	return projectPanel(v), nil
}

// askedPanel shows what a body asked and decided before.
func (w *Web) askedPanel(r *web.Req, body string) (templ.Component, error) {
	a, err := w.bodies.Asked(r.Context(), r.Who(), body)
	if errs.Is(err, errs.NotFound) { // the reader does not see this body
		return templ.NopComponent, nil
	}
	if err != nil {
		return nil, err
	}
	return askedPanel(a), nil
}

func (w *Web) deskPanel(r *web.Req, _ string) (templ.Component, error) {
	d, err := w.bodies.Desk(r.Context(), r.Who())
	if err != nil || len(d.Meetings)+len(d.Offers)+len(d.Confirm)+len(d.Minutes)+len(d.Record) == 0 {
		return nil, err
	}
	return deskPanel(d), nil
}
