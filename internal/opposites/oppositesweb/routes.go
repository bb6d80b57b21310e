// Package oppositesweb is the pages and the API of paired opposites, each for one
// person.
package oppositesweb

import (
	"net/http"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/opposites"
)

// Web serves paired opposites.
type Web struct{ pairs *opposites.Service }

// Module is what the server needs of this feature.
func Module(s *opposites.Service) web.Module {
	w := &Web{pairs: s}
	return web.Module{
		Routes: []web.Route{
			{Method: http.MethodGet, Pattern: "/opposites", Action: opposites.Own, Handle: w.profile},
			{Method: http.MethodGet, Pattern: "/opposites/rate", Action: opposites.Own, Handle: w.ratePage},
			{Method: http.MethodPost, Pattern: "/opposites", Action: opposites.Own, Handle: w.rate},
			{Method: http.MethodGet, Pattern: "/opposites/talk", Action: opposites.Own, Handle: w.talk},
			{Method: http.MethodGet, Pattern: "/opposites/rounds/{id}", Action: opposites.Own, Handle: w.correctPage},
			{Method: http.MethodPost, Pattern: "/opposites/rounds/{id}", Action: opposites.Own, Handle: w.correct},
			{Method: http.MethodPost, Pattern: "/opposites/rounds/{id}/note", Action: opposites.Own, Handle: w.note},
			{Method: http.MethodGet, Pattern: "/opposites/rounds/{id}/ask", Action: opposites.Own, Handle: w.askPage},
			{Method: http.MethodPost, Pattern: "/opposites/rounds/{id}/ask", Action: opposites.Own, Handle: w.ask},
			{Method: http.MethodPost, Pattern: "/opposites/rounds/{id}/close", Action: opposites.Own, Handle: w.close},
			{Method: http.MethodPost, Pattern: "/opposites/rounds/{id}/remove", Action: opposites.Own, Handle: w.remove},
			{Method: http.MethodGet, Pattern: "/opposites/requests/{id}", Action: opposites.Answer, Handle: w.replyPage},
			{Method: http.MethodPost, Pattern: "/opposites/requests/{id}", Action: opposites.Answer, Handle: w.reply},
			{Method: http.MethodPost, Pattern: "/opposites/requests/{id}/decline", Action: opposites.Answer, Handle: w.decline},
		},
		Nav:    []ui.NavItem{{ID: "opposites", Label: "Paired opposites", Href: "/opposites", Icon: "git-compare", Key: "b", Group: "Career"}},
		NavFor: map[string]authz.Action{"opposites": opposites.Own},
		Waits:  []func(*web.Req) ([]ui.Wait, error){w.waits},
		API:    w.operations(),
	}
}
