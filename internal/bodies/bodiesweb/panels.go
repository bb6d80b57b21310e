package bodiesweb

import (
	"github.com/a-h/templ"

	"cairn/internal/bodies"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
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

func (w *Web) desk(r *web.Req) (bodies.Desk, error) {
	return web.Once(r, "meetings waiting", func() (bodies.Desk, error) { return w.bodies.Desk(r.Context(), r.Who()) })
}

// deskPanel shows the meetings that come; what they ask is among what waits.
func (w *Web) deskPanel(r *web.Req, _ string) (templ.Component, error) {
	d, err := w.desk(r)
	if err != nil || len(d.Meetings) == 0 {
		return nil, err
	}
	return deskPanel(d), nil
}

// waits are seats to take, and meetings that lack something of the reader.
func (w *Web) waits(r *web.Req) (out []ui.Wait, err error) {
	d, err := w.desk(r)
	for _, o := range d.Offers {
		out = append(out, ui.Wait{
			Cost: ui.HoldsUp, Due: o.On, Title: o.Subject, Href: "/meetings/" + o.Meeting, Says: o.Name + " asks you to deputise: " + o.Authority,
			When: ui.Date(o.On, d.Today), Why: "then the seat stays empty", Do: sayYes(o),
		})
	}
	for _, m := range d.Record {
		out = append(out, ui.Wait{
			Cost: ui.Hides, Due: m.On, Title: m.Subject, Href: "/meetings/" + m.ID, Says: meetsAs(m) + " You called it for " + ui.Date(m.On, d.Today) + ". Who was there?",
			When: ui.Date(m.On, d.Today), Why: "nothing that was decided counts until then", Act: "Say who",
		})
	}
	for _, st := range d.Confirm {
		out = append(out, ui.Wait{
			Cost: ui.CountsNot, Title: st.Meeting.Subject, Href: "/meetings/" + st.Meeting.ID, Says: st.DeputyName + " deputised for you on " + ui.Date(st.Meeting.On, d.Today) + ".",
			When: "No date", Why: "until then it does not count for them", Do: confirmIt(st),
		})
	}
	for _, m := range d.Minutes {
		out = append(out, ui.Wait{
			Cost: ui.CountsNot, Title: m.Subject, Href: "/meetings/" + m.ID, Says: meetsAs(m) + " The minutes of " + ui.Date(m.On, d.Today) + " wait for you to confirm them.",
			When: "No date", Why: "until then they are a draft", Act: "Read them",
		})
	}
	return out, err
}
