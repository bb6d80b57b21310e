// Package careerweb is the pages and the API of a person's own career.
package careerweb

import (
	"net/http"
	"slices"

	"cairn/internal/career"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// Web serves careers, each to its owner alone.
type Web struct{ career *career.Service }

// Module is what the server needs of this feature.
func Module(s *career.Service) web.Module {
	w := &Web{career: s}
	return web.Module{
		Routes: append(w.frameworkRoutes(), []web.Route{
			{Method: http.MethodGet, Pattern: "/career", Action: career.OwnCareer, Handle: w.standing},
			{Method: http.MethodPost, Pattern: "/career/on", Action: career.OwnCareer, Handle: w.turnOn},
			{Method: http.MethodPost, Pattern: "/career/off", Action: career.OwnCareer, Handle: w.turnOff},
			{Method: http.MethodGet, Pattern: "/career/counters/{id}", Action: career.OwnCareer, Handle: w.counter},
			{Method: http.MethodGet, Pattern: "/career/roles", Action: career.OwnCareer, Handle: w.roles},
			{Method: http.MethodGet, Pattern: "/career/roles/{id}", Action: career.OwnCareer, Handle: w.role},
			{Method: http.MethodGet, Pattern: "/career/options", Action: career.OwnCareer, Handle: w.options},
			{Method: http.MethodGet, Pattern: "/career/past", Action: career.OwnCareer, Handle: w.past},
			{Method: http.MethodPost, Pattern: "/career/past", Action: career.OwnCareer, Handle: w.statePast},
			{Method: http.MethodPost, Pattern: "/career/past/{id}/remove", Action: career.OwnCareer, Handle: w.removePast},
		}...),
		Nav: []ui.NavItem{
			{ID: "career", Label: "My standing", Href: "/career", Icon: "mountain", Key: "s", Group: "Career"},
			{ID: "options", Label: "My options", Href: "/career/options", Icon: "route", Key: "o", Group: "Career"},
			{ID: "framework", Label: "Framework", Href: "/framework", Icon: "scroll-text", Key: "f", Group: "Career"},
		},
		NavFor: map[string]authz.Action{"career": career.OwnCareer, "options": career.OwnCareer, "framework": career.SeeFramework},
		Panels: []web.Panel{{Slot: "desk", Order: 20, Show: w.deskPanel}},
		API:    slices.Concat(w.operations(), w.ownRecords(), w.planning(), w.frameworkOperations()),
	}
}
