// Package cpdweb is the pages and the API of a person's CPD and PDU log.
package cpdweb

import (
	"net/http"

	"cairn/internal/cpd"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// Web serves logs, each to its owner alone.
type Web struct{ cpd *cpd.Service }

// Module is what the server needs of this feature.
func Module(s *cpd.Service) web.Module {
	w := &Web{cpd: s}
	return web.Module{
		Routes: []web.Route{
			{Method: http.MethodGet, Pattern: "/cpd", Action: cpd.Own, Handle: w.log},
			{Method: http.MethodGet, Pattern: "/cpd/export", Action: cpd.Own, Handle: w.export},
			{Method: http.MethodGet, Pattern: "/cpd/entries/new", Action: cpd.Own, Handle: w.newEntry},
			{Method: http.MethodPost, Pattern: "/cpd/entries", Action: cpd.Own, Handle: w.add},
			{Method: http.MethodGet, Pattern: "/cpd/entries/{id}", Action: cpd.Own, Handle: w.entry},
			{Method: http.MethodPost, Pattern: "/cpd/entries/{id}", Action: cpd.Own, Handle: w.change},
			{Method: http.MethodPost, Pattern: "/cpd/entries/{id}/remove", Action: cpd.Own, Handle: w.remove},
			{Method: http.MethodPost, Pattern: "/cpd/proposals/drop", Action: cpd.Own, Handle: w.drop},
			{Method: http.MethodGet, Pattern: "/cpd/periods/new", Action: cpd.Own, Handle: w.newPeriod},
			{Method: http.MethodPost, Pattern: "/cpd/periods", Action: cpd.Own, Handle: w.follow},
			{Method: http.MethodGet, Pattern: "/cpd/periods/{id}", Action: cpd.Own, Handle: w.period},
			{Method: http.MethodPost, Pattern: "/cpd/periods/{id}", Action: cpd.Own, Handle: w.set},
			{Method: http.MethodPost, Pattern: "/cpd/periods/{id}/leave", Action: cpd.Own, Handle: w.leave},
			{Method: http.MethodGet, Pattern: "/cpd/schemes", Action: cpd.Own, Handle: w.schemes},
			{Method: http.MethodGet, Pattern: "/cpd/schemes/new", Action: cpd.Own, Handle: w.newScheme},
			{Method: http.MethodPost, Pattern: "/cpd/schemes", Action: cpd.Own, Handle: w.addScheme},
			{Method: http.MethodGet, Pattern: "/cpd/schemes/{id}", Action: cpd.Own, Handle: w.scheme},
			{Method: http.MethodPost, Pattern: "/cpd/schemes/{id}", Action: cpd.Own, Handle: w.setScheme},
			{Method: http.MethodPost, Pattern: "/cpd/schemes/{id}/end", Action: cpd.Own, Handle: w.endScheme},
			{Method: http.MethodPost, Pattern: "/cpd/schemes/{id}/remove", Action: cpd.Own, Handle: w.removeScheme},
		},
		Nav:    []ui.NavItem{{ID: "cpd", Label: "CPD log", Href: "/cpd", Icon: "book-open", Key: "l", Group: "Career"}},
		NavFor: map[string]authz.Action{"cpd": cpd.Own},
		Waits:  []func(*web.Req) ([]ui.Wait, error){w.waits},
		API:    w.operations(),
	}
}
