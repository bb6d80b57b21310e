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
			{Method: http.MethodGet, Pattern: "/portfolio/programmes", Action: portfolio.Organise, Handle: w.organise},
			{Method: http.MethodPost, Pattern: "/portfolio/portfolios", Action: portfolio.Organise, Handle: w.addPortfolio},
			{Method: http.MethodPost, Pattern: "/portfolio/programmes", Action: portfolio.Organise, Handle: w.addProgramme},
			{Method: http.MethodGet, Pattern: "/portfolio/{node}/roles", Action: portfolio.SeeProject, Handle: w.roles},
			{Method: http.MethodPost, Pattern: "/portfolio/{node}/roles", Action: portfolio.GiveRoles, Handle: w.giveRole},
			{Method: http.MethodPost, Pattern: "/portfolio/{node}/roles/{id}/end", Action: portfolio.GiveRoles, Handle: w.endRole},
			{Method: http.MethodGet, Pattern: "/projects", Action: portfolio.SeeRegister, Handle: w.list},
			{Method: http.MethodPost, Pattern: "/projects/columns", Action: portfolio.SeeRegister, Handle: w.keepColumns},
			{Method: http.MethodGet, Pattern: "/views/new", Action: portfolio.KeepViews, Handle: w.newView},
			{Method: http.MethodPost, Pattern: "/views", Action: portfolio.KeepViews, Handle: w.addView},
			{Method: http.MethodGet, Pattern: "/views/{id}", Action: portfolio.ChangeView, Handle: w.viewForm},
			{Method: http.MethodPost, Pattern: "/views/{id}", Action: portfolio.ChangeView, Handle: w.changeView},
			{Method: http.MethodPost, Pattern: "/views/{id}/delete", Action: portfolio.ChangeView, Handle: w.deleteView},
			{Method: http.MethodGet, Pattern: "/projects/new", Action: portfolio.AddProject, Handle: w.newPage},
			{Method: http.MethodPost, Pattern: "/projects", Action: portfolio.AddProject, Handle: w.add},
			{Method: http.MethodGet, Pattern: "/projects/{id}", Action: portfolio.SeeProject, Handle: w.project},
			{Method: http.MethodGet, Pattern: "/projects/{id}/history", Action: portfolio.SeeProject, Handle: w.history},
			{Method: http.MethodGet, Pattern: "/portfolio/compare", Action: portfolio.SeeRegister, Handle: w.compare},
			{Method: http.MethodGet, Pattern: "/projects/{id}/edit", Action: portfolio.ChangeProject, Handle: w.editPage},
			{Method: http.MethodPost, Pattern: "/projects/{id}", Action: portfolio.ChangeProject, Handle: w.change},
			{Method: http.MethodPost, Pattern: "/projects/{id}/confidential", Action: portfolio.MarkConfidential, Handle: w.mark},
			{Method: http.MethodPost, Pattern: "/projects/{id}/assignments", Action: portfolio.AssignPeople, Handle: w.assign},
			{Method: http.MethodGet, Pattern: "/assignments/{id}", Action: portfolio.SeeProject, Handle: w.assignment},
			{Method: http.MethodPost, Pattern: "/assignments/{id}", Action: portfolio.AssignPeople, Handle: w.changeAssignment},
			{Method: http.MethodPost, Pattern: "/assignments/{id}/remove", Action: portfolio.AssignPeople, Handle: w.unassign},
			{Method: http.MethodGet, Pattern: "/settings/fields", Action: portfolio.SeeRegister, Handle: w.customFields},
			{Method: http.MethodPost, Pattern: "/settings/fields", Action: portfolio.DefineFields, Handle: w.defineField},
			{Method: http.MethodGet, Pattern: "/settings/fields/{id}", Action: portfolio.DefineFields, Handle: w.customField},
			{Method: http.MethodPost, Pattern: "/settings/fields/{id}", Action: portfolio.DefineFields, Handle: w.changeField},
			{Method: http.MethodPost, Pattern: "/settings/fields/{id}/place", Action: portfolio.DefineFields, Handle: w.placeField},
			{Method: http.MethodGet, Pattern: "/bulk-edits", Action: portfolio.ChangeMany, Handle: w.bulkList},
			{Method: http.MethodPost, Pattern: "/bulk-edits/new", Action: portfolio.ChangeMany, Handle: w.bulkForm},
			{Method: http.MethodPost, Pattern: "/bulk-edits", Action: portfolio.ChangeMany, Handle: w.bulkApply},
			{Method: http.MethodGet, Pattern: "/bulk-edits/{id}", Action: portfolio.SeeBulkEdits, Handle: w.bulkEdit},
			{Method: http.MethodGet, Pattern: "/bulk-edits/{id}/undo", Action: portfolio.SeeBulkEdits, Handle: w.bulkUndoPage},
			{Method: http.MethodPost, Pattern: "/bulk-edits/{id}/undo", Action: portfolio.UndoBulkEdit, Handle: w.bulkUndo},
		},
		Nav: []ui.NavItem{
			{ID: "portfolio", Label: "Portfolio", Href: "/portfolio", Icon: "layers", Key: "p", Group: "Office"},
			{ID: "register", Label: "Register", Href: "/projects", Icon: "rows-3", Key: "r", Group: "Office"},
		},
		Panels: []web.Panel{{Slot: "person", Order: 10, Show: w.personPanel}},
		Waits:  []func(*web.Req) ([]ui.Wait, error){w.waits},
		Settings: []web.SettingsItem{{
			Label: "Fields of your own", Text: "What you keep about a project beside what every register has.", Href: "/settings/fields", Action: portfolio.DefineFields,
		}},
		API: slices.Concat(w.operations(), w.roleOperations(), w.customOperations(), w.historyOperations(), w.bulkOperations(), w.treeAPI(), w.batches()),
	}
}
