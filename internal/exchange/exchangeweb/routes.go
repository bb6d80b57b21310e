// Package exchangeweb is the pages and the API of cases.
package exchangeweb

import (
	"net/http"

	"cairn/internal/exchange"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// Web serves cases.
type Web struct{ cases *exchange.Service }

// Module is what the server needs of this feature.
func Module(s *exchange.Service) web.Module {
	w := &Web{cases: s}
	return web.Module{
		Routes: []web.Route{
			{Method: http.MethodGet, Pattern: "/cases", Action: exchange.SeeCases, Handle: w.list},
			{Method: http.MethodGet, Pattern: "/cases/new", Action: exchange.WriteCase, Handle: w.newPage},
			{Method: http.MethodPost, Pattern: "/cases", Action: exchange.WriteCase, Handle: w.write},
			{Method: http.MethodGet, Pattern: "/cases/{id}", Action: exchange.SeeOpenCase, Handle: w.read},
			{Method: http.MethodGet, Pattern: "/cases/{id}/earlier", Action: exchange.SeeOpenCase, Handle: w.earlier},
			{Method: http.MethodGet, Pattern: "/cases/{id}/edit", Action: exchange.OwnCase, Handle: w.editPage},
			{Method: http.MethodPost, Pattern: "/cases/{id}", Action: exchange.OwnCase, Handle: w.correct},
			{Method: http.MethodPost, Pattern: "/cases/{id}/publish", Action: exchange.OwnCase, Handle: w.publish},
			{Method: http.MethodPost, Pattern: "/cases/{id}/withdraw", Action: exchange.OwnCase, Handle: w.withdraw},
			{Method: http.MethodPost, Pattern: "/cases/{id}/open", Action: exchange.OwnCase, Handle: w.open},
			{Method: http.MethodPost, Pattern: "/cases/{id}/follow-up", Action: exchange.OwnCase, Handle: w.followUp},
			{Method: http.MethodPost, Pattern: "/cases/{id}/summary", Action: exchange.OrganiseCase, Handle: w.summarise},
			{Method: http.MethodPost, Pattern: "/cases/{id}/answers", Action: exchange.AnswerCase, Handle: w.answer},
			{Method: http.MethodPost, Pattern: "/cases/{id}/answers/{answer}", Action: exchange.OwnAnswer, Handle: w.correctAnswer},
			{Method: http.MethodPost, Pattern: "/cases/{id}/answers/{answer}/helpful", Action: exchange.AnswerCase, Handle: w.mark},
		},
		Nav:   []ui.NavItem{{ID: "cases", Label: "Cases", Href: "/cases", Icon: "message-square-text", Key: "c", Group: "Exchange"}},
		Waits: []func(*web.Req) ([]ui.Wait, error){w.waits},
		API:   append(w.operations(), w.steps()...),
	}
}
