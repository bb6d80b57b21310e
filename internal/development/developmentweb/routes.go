// Package developmentweb is the pages and the API of a person's own plan.
package developmentweb

import (
	"net/http"

	"cairn/internal/development"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// Web serves plans, each to its owner, and to others what is shared with them.
type Web struct{ plans *development.Service }

// Module is what the server needs of this feature. Other pages lead to a filled
// form by /plan?title=...&source=option&id=...#add.
func Module(s *development.Service) web.Module {
	w := &Web{s}
	return web.Module{
		Routes: []web.Route{
			{Method: http.MethodGet, Pattern: "/plan", Action: development.OwnPlan, Handle: w.plan},
			{Method: http.MethodPost, Pattern: "/plan", Action: development.OwnPlan, Handle: w.add},
			{Method: http.MethodPost, Pattern: "/plan/review", Action: development.OwnPlan, Handle: w.review},
			{Method: http.MethodGet, Pattern: "/plan/shared", Action: development.SeeShared, Handle: w.shared},
			{Method: http.MethodGet, Pattern: "/plan/{id}", Action: development.OwnPlan, Handle: w.step},
			{Method: http.MethodPost, Pattern: "/plan/{id}", Action: development.OwnPlan, Handle: w.change},
			{Method: http.MethodPost, Pattern: "/plan/{id}/share", Action: development.OwnPlan, Handle: w.share},
			{Method: http.MethodPost, Pattern: "/plan/{id}/take-back", Action: development.OwnPlan, Handle: w.takeBack},
			{Method: http.MethodPost, Pattern: "/plan/{id}/remove", Action: development.OwnPlan, Handle: w.remove},
		},
		Nav:    []ui.NavItem{{ID: "plan", Label: "My plan", Href: "/plan", Icon: "footprints", Group: "Career"}},
		NavFor: map[string]authz.Action{"plan": development.OwnPlan},
		Panels: []web.Panel{{Slot: "desk", Order: 22, Show: w.deskPanel}},
		API:    w.operations(),
	}
}
