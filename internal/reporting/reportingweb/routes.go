// Package reportingweb is the pages and the API of reports.
package reportingweb

import (
	"net/http"

	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/reporting"
)

// Web serves reports.
type Web struct{ reports *reporting.Service }

// Module is what the server needs of this feature.
func Module(s *reporting.Service) web.Module {
	w := &Web{reports: s}
	return web.Module{
		Routes: []web.Route{
			{Method: http.MethodGet, Pattern: "/reports", Action: reporting.SeeReports, Handle: w.month},
			{Method: http.MethodGet, Pattern: "/reports/mine", Action: reporting.SeeReports, Handle: w.mine},
			{Method: http.MethodGet, Pattern: "/projects/{id}/reports/{period}", Action: reporting.SeeReports, Handle: w.report},
			{Method: http.MethodPost, Pattern: "/projects/{id}/reports/{period}", Action: reporting.DraftReport, Handle: w.send},
			{Method: http.MethodGet, Pattern: "/projects/{id}/reports/{period}/print", Action: reporting.SeeReports, Handle: w.print},
			{Method: http.MethodGet, Pattern: "/portfolio/print", Action: reporting.SeeReports, Handle: w.portfolioSheet},
		},
		Nav: []ui.NavItem{{ID: "reports", Label: "Reports", Href: "/reports", Icon: "file-text", Key: "e", Group: "Office"}},
		Panels: []web.Panel{
			{Slot: "project", Order: 10, Show: w.projectPanel},
			{Slot: "brief", Order: 10, Show: w.projectPanel},
			{Slot: "portfolio-lead", Order: 10, Show: w.portfolioLead},
			{Slot: "portfolio", Order: 10, Show: w.portfolioPanel},
			{Slot: "portfolio-aside", Order: 10, Show: w.movedPanel},
			{Slot: "desk-lead", Order: 10, Show: w.deskLead},
		},
		Waits: []func(*web.Req) ([]ui.Wait, error){w.waits},
		API:   append(w.operations(), w.drafts()...),
	}
}
