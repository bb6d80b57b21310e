// Package transferweb is the pages and the API of imports.
package transferweb

import (
	"net/http"
	"slices"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/transfer"
)

// Web serves imports.
type Web struct{ files *transfer.Service }

// Module is what the server needs of this feature.
func Module(s *transfer.Service) web.Module {
	w := &Web{files: s}
	return web.Module{
		Routes: []web.Route{
			{Method: http.MethodGet, Pattern: "/projects/export", Action: transfer.TakeAway, Handle: w.export},
			{Method: http.MethodGet, Pattern: "/portfolio/compare/export", Action: transfer.TakeAway, Handle: w.compared},
			{Method: http.MethodGet, Pattern: "/imports", Action: transfer.Import, Handle: w.list},
			{Method: http.MethodGet, Pattern: "/imports/new", Action: transfer.Import, Handle: w.newPage},
			{Method: http.MethodPost, Pattern: "/imports", Action: transfer.Import, Handle: w.upload},
			{Method: http.MethodGet, Pattern: "/imports/staged/{id}", Action: transfer.Import, Handle: w.mapping},
			{Method: http.MethodPost, Pattern: "/imports/staged/{id}", Action: transfer.Import, Handle: w.remap},
			{Method: http.MethodPost, Pattern: "/imports/staged/{id}/apply", Action: transfer.Import, Handle: w.apply},
			{Method: http.MethodPost, Pattern: "/imports/staged/{id}/fixes", Action: transfer.Import, Handle: w.fix},
			{Method: http.MethodPost, Pattern: "/imports/staged/{id}/discard", Action: transfer.Import, Handle: w.discard},
			{Method: http.MethodGet, Pattern: "/imports/staged/{id}/refused.csv", Action: transfer.Import, Handle: w.refusedNow},
			{Method: http.MethodGet, Pattern: "/imports/done/{id}/refused.csv", Action: transfer.Import, Handle: w.refusedThen},
			{Method: http.MethodGet, Pattern: "/imports/done/{id}", Action: transfer.Import, Handle: w.applied},
			{Method: http.MethodGet, Pattern: "/imports/done/{id}/undo", Action: transfer.Import, Handle: w.undoPage},
			{Method: http.MethodPost, Pattern: "/imports/done/{id}/undo", Action: transfer.Import, Handle: w.undo},
		},
		Panels: []web.Panel{{Slot: "register", Order: 10, Show: w.notice}},
		Nav:    []ui.NavItem{{ID: "imports", Label: "Imports", Href: "/imports", Icon: "upload", Key: "i", Group: "Office"}},
		NavFor: map[string]authz.Action{"imports": transfer.Import},
		API:    slices.Concat(w.operations(), w.undoOperations(), w.stagedAPI(), w.filesAPI()),
	}
}
