// Package portfolioweb is the pages and the API of the register.
package portfolioweb

import (
	"net/http"
	"slices"

	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/portfolio"
)

// Web serves the register.
type Web struct{ register *portfolio.Service }

// Module is what the server needs of this feature.
func Module(s *portfolio.Service) web.Module {
	w := &Web{register: s}
	return web.Module{
		Routes: []web.Route{
			{Method: http.MethodGet, Pattern: "/portfolio", Action: portfolio.SeeRegister, Handle: w.overview},
			{Method: http.MethodPost, Pattern: "/portfolio/portfolios", Action: portfolio.Organise, Handle: w.addPortfolio},
			{Method: http.MethodPost, Pattern: "/portfolio/programmes", Action: portfolio.Organise, Handle: w.addProgramme},
			{Method: http.MethodGet, Pattern: "/portfolio/{node}/roles", Action: portfolio.SeeProject, Handle: w.roles},
			{Method: http.MethodPost, Pattern: "/portfolio/{node}/roles", Action: portfolio.GiveRoles, Handle: w.giveRole},
			{Method: http.MethodPost, Pattern: "/portfolio/{node}/roles/{id}/end", Action: portfolio.GiveRoles, Handle: w.endRole},
			{Method: http.MethodGet, Pattern: "/projects", Action: portfolio.SeeRegister, Handle: w.list},
			{Method: http.MethodGet, Pattern: "/projects/new", Action: portfolio.AddProject, Handle: w.newPage},
			{Method: http.MethodPost, Pattern: "/projects", Action: portfolio.AddProject, Handle: w.add},
			{Method: http.MethodGet, Pattern: "/projects/{id}", Action: portfolio.SeeProject, Handle: w.project},
			{Method: http.MethodGet, Pattern: "/projects/{id}/edit", Action: portfolio.ChangeProject, Handle: w.editPage},
			{Method: http.MethodPost, Pattern: "/projects/{id}", Action: portfolio.ChangeProject, Handle: w.change},
			{Method: http.MethodPost, Pattern: "/projects/{id}/confidential", Action: portfolio.MarkConfidential, Handle: w.mark},
			{Method: http.MethodPost, Pattern: "/projects/{id}/assignments", Action: portfolio.AssignPeople, Handle: w.assign},
			{Method: http.MethodGet, Pattern: "/assignments/{id}", Action: portfolio.SeeProject, Handle: w.assignment},
			{Method: http.MethodPost, Pattern: "/assignments/{id}", Action: portfolio.AssignPeople, Handle: w.changeAssignment},
			{Method: http.MethodPost, Pattern: "/assignments/{id}/remove", Action: portfolio.AssignPeople, Handle: w.unassign},
		},
		Nav: []ui.NavItem{
			{ID: "portfolio", Label: "Portfolio", Href: "/portfolio", Icon: "layers", Key: "p", Group: "Office"},
			{ID: "register", Label: "Register", Href: "/projects", Icon: "rows-3", Key: "r", Group: "Office"},
		},
		Panels: []web.Panel{{Slot: "person", Order: 10, Show: w.personPanel}},
		API:    slices.Concat(w.operations(), w.roleOperations(), w.treeAPI(), w.batches()),
	}
}
