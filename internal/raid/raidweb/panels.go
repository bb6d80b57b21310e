package raidweb

import (
	"github.com/a-h/templ"

	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/raid"
)

// panelSize is how many actions a panel of another page shows.
const panelSize = 6

type panelView struct {
	raid.Page
	Subject string
	All     string // address of the whole list
	New     string // address of the form
	Origin  bool   // of the thing that raised them, open or not
}

func (w *Web) projectPanel(r *web.Req, project string) (templ.Component, error) {
	page, err := w.raid.List(r.Context(), r.Who(), raid.Filter{Project: project, Limit: panelSize})
	if err != nil {
		return nil, err
	}
	return actionsPanel(panelView{Page: page, Subject: project, All: "/actions?project=" + project, New: "/actions/new?project=" + project}), nil
}

// originPanel shows the actions that a thing of a kind has raised.
func (w *Web) originPanel(k raid.OriginKind) func(*web.Req, string) (templ.Component, error) {
	return func(r *web.Req, subject string) (templ.Component, error) {
		page, err := w.raid.List(r.Context(), r.Who(), raid.Filter{Origin: k, OriginID: subject, State: "all", Limit: pageOfOne})
		if err != nil || len(page.Actions) == 0 {
			return nil, err
		}
		return actionsPanel(panelView{Page: page, Subject: subject, Origin: true}), nil
	}
}

// pageOfOne is how many actions the page of what raised them shows.
const pageOfOne = 50

// waits are the reader's actions: others count on what was promised to them.
func (w *Web) waits(r *web.Req) (out []ui.Wait, err error) {
	v, err := w.raid.Waiting(r.Context(), r.Who())
	for _, a := range v.Actions {
		says := originWords(a.Origin)
		if a.ProjectName != "" {
			says = a.ProjectName + ". " + says
		}
		out = append(out, ui.Wait{
			Cost: ui.HoldsUp, Due: a.Due, Title: a.Title, Href: "/actions/" + a.ID, Says: says,
			When: ui.Date(a.Due, v.Today), Why: dueSays(a, v.Today), Act: "Say it is done",
		})
	}
	if v.Left > 0 {
		out = append(out, ui.Wait{
			Cost: ui.HoldsUp, Title: ui.Count(v.Left, "open action has", "open actions have") + " nobody to do " + map[bool]string{true: "it", false: "them"}[v.Left == 1], Href: "/actions?left=yes",
			Says: "Who owned what stands there has left, or their account is deactivated.", When: "No date", Why: "nobody is reminded", Act: "Hand over",
		})
	}
	return out, err
}

// ageing says how an open action stands to its date: "9 days over", "due today".
func ageing(a raid.Action, today string) string {
	if n := a.Over(today); n > 0 {
		return ui.Days(n) + " over"
	}
	if a.State != raid.Open {
		return a.State.Label() + " " + ui.Date(a.EndedOn, today)
	}
	if a.Due == today {
		return "due today"
	}
	return ""
}
