package app

import (
	"net/http"

	"cairn/internal/app/demo"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

const (
	seeDesk  = authz.Action("desk.see")
	seeFront = authz.Action("front.see")
)

var deskRules = []authz.Rule{
	{Action: seeDesk, Says: "See one's own first page", Roles: authz.SignedInRoles},
	{Action: seeFront, Says: "See the front page, the keys and the description of the API", Roles: authz.Everyone},
}

// deskModule is the first page: the front for a guest, the desk for a person.
func (a *App) deskModule() web.Module {
	return web.Module{
		Routes: []web.Route{
			{Method: http.MethodGet, Pattern: "/{$}", Action: seeFront, Handle: a.first},
			{Method: http.MethodGet, Pattern: "/keys", Action: seeFront, Handle: a.keys},
			{Method: http.MethodGet, Pattern: "/api", Action: seeFront, Handle: a.apiPage},
			{Method: http.MethodGet, Pattern: "/api/openapi.yaml", Action: seeFront, Handle: a.openAPI},
		},
		Nav: []ui.NavItem{{ID: "desk", Label: "My desk", Href: "/", Icon: "inbox", Key: "d"}},
	}
}

func (a *App) first(r *web.Req) error {
	if !r.Who().SignedIn() {
		if !a.Demo {
			return r.Go("/sign-in", "")
		}
		return r.Render(r.Page("Cairn", ""), front(a.OrgName(), demoFive, demo.TheCase))
	}
	lead, err := r.Panels("desk-lead", "")
	if err != nil {
		return err
	}
	waits, err := r.Waits()
	if err != nil {
		return err
	}
	panels, err := r.Panels("desk", "")
	if err != nil {
		return err
	}
	v := deskOf(waits, clock.DayOf(a.Clock.Now(), a.Zone))
	return r.Render(r.Page("My desk", "desk"), desk(greeting(a.Clock.Now().In(a.Zone).Hour()), r.Session.Name, v, lead, panels))
}

func (a *App) keys(r *web.Req) error {
	p := r.Page("Keys", "")
	return r.Render(p, keysPage(p.Nav))
}

func (a *App) apiPage(r *web.Req) error {
	return r.Render(r.Page("API", ""), apiPage(a.describeAPI(), web.ScopesOf(a.operations())))
}

func (a *App) openAPI(r *web.Req) error {
	doc, err := web.OpenAPI(a.Version, "", a.operations())
	if err != nil {
		return err
	}
	r.W.Header().Set("Content-Type", "application/yaml")
	_, err = r.W.Write(doc)
	return err
}

func (a *App) operations() (out []web.Operation) {
	for _, m := range a.Modules() {
		out = append(out, m.API...)
	}
	return out
}

// greeting fits the hour of the organisation's clock.
func greeting(hour int) string {
	switch {
	case hour < 12:
		return "Good morning"
	case hour < 18:
		return "Good afternoon"
	}
	return "Good evening"
}
