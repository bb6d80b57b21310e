// Package documentweb is the pages and the API of documents.
package documentweb

import (
	"net/http"

	"cairn/internal/document"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// Web serves documents.
type Web struct{ docs *document.Service }

// Module is what the server needs of this feature.
func Module(s *document.Service) web.Module {
	w := &Web{docs: s}
	return web.Module{
		Routes: []web.Route{
			{Method: http.MethodGet, Pattern: "/documents", Action: document.SeeDocuments, Handle: w.list},
			{Method: http.MethodGet, Pattern: "/projects/{id}/documents", Action: document.SeeDocuments, Handle: w.shelf},
			{Method: http.MethodGet, Pattern: "/projects/{id}/documents/new", Action: document.WriteDocument, Handle: w.blank},
			{Method: http.MethodPost, Pattern: "/projects/{id}/documents", Action: document.WriteDocument, Handle: w.begin},
			{Method: http.MethodPost, Pattern: "/projects/{id}/documents/upload", Action: document.WriteDocument, Handle: w.beginFile},
			{Method: http.MethodGet, Pattern: "/documents/{id}", Action: document.SeeDocuments, Handle: w.document},
			{Method: http.MethodGet, Pattern: "/documents/{id}/write", Action: document.WriteDocument, Handle: w.writePage},
			{Method: http.MethodPost, Pattern: "/documents/{id}/versions", Action: document.WriteDocument, Handle: w.write},
			{Method: http.MethodPost, Pattern: "/documents/{id}/upload", Action: document.WriteDocument, Handle: w.upload},
			{Method: http.MethodGet, Pattern: "/documents/{id}/versions/{number}", Action: document.SeeDocuments, Handle: w.version},
			{Method: http.MethodGet, Pattern: "/documents/{id}/versions/{number}/file", Action: document.SeeDocuments, Handle: w.download},
			{Method: http.MethodPost, Pattern: "/documents/{id}/versions/{number}/submit", Action: document.WriteDocument, Handle: w.submit},
			{Method: http.MethodPost, Pattern: "/documents/{id}/versions/{number}/approve", Action: document.ApproveDocument, Handle: w.approve},
			{Method: http.MethodPost, Pattern: "/documents/{id}/versions/{number}/send-back", Action: document.ApproveDocument, Handle: w.sendBack},
			{Method: http.MethodGet, Pattern: "/documents/{id}/compare", Action: document.SeeDocuments, Handle: w.compare},
		},
		Nav: []ui.NavItem{{ID: "documents", Label: "Documents", Href: "/documents", Icon: "scroll-text", Key: "u", Group: "Office"}},
		Panels: []web.Panel{
			{Slot: "project", Order: 20, Show: w.projectPanel},
		},
		Waits: []func(*web.Req) ([]ui.Wait, error){w.waits},
		API:   append(w.operations(), w.steps()...),
	}
}
