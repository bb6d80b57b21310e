// Package mentoringweb is the pages and the API of mentoring.
package mentoringweb

import (
	"context"
	"net/http"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/mentoring"
)

// Matching says to a reader, and to nobody else, which competencies the roles nearest
// to them still ask for: by the id of the competency, in words. Nothing while their
// career is off, and nothing of it is kept. The career implements it.
type Matching interface {
	Gaps(ctx context.Context, who authz.Actor) (map[string]string, error)
}

// Web serves mentoring.
type Web struct {
	mentoring *mentoring.Service
	matching  Matching
}

// Module is what the server needs of this feature.
func Module(s *mentoring.Service, m Matching) web.Module {
	w := &Web{s, m}
	return web.Module{
		Routes: []web.Route{
			{Method: http.MethodGet, Pattern: "/mentoring", Action: mentoring.See, Handle: w.list},
			{Method: http.MethodGet, Pattern: "/mentoring/offer", Action: mentoring.OwnOffer, Handle: w.ownOffer},
			{Method: http.MethodPost, Pattern: "/mentoring/offer", Action: mentoring.OwnOffer, Handle: w.saveOffer},
			{Method: http.MethodPost, Pattern: "/mentoring/offer/withdraw", Action: mentoring.OwnOffer, Handle: w.withdrawOffer},
			{Method: http.MethodGet, Pattern: "/mentoring/offers/{id}", Action: mentoring.See, Handle: w.offer},
			{Method: http.MethodPost, Pattern: "/mentoring/offers/{id}/ask", Action: mentoring.Ask, Handle: w.ask},
			{Method: http.MethodGet, Pattern: "/mentoring/pairs/{id}", Action: mentoring.OwnPair, Handle: w.pair},
			{Method: http.MethodPost, Pattern: "/mentoring/pairs/{id}/accept", Action: mentoring.OwnPair, Handle: w.accept},
			{Method: http.MethodPost, Pattern: "/mentoring/pairs/{id}/decline", Action: mentoring.OwnPair, Handle: w.decline},
			{Method: http.MethodPost, Pattern: "/mentoring/pairs/{id}/end", Action: mentoring.OwnPair, Handle: w.end},
			{Method: http.MethodPost, Pattern: "/mentoring/pairs/{id}/meetings", Action: mentoring.OwnPair, Handle: w.noteMeeting},
			{Method: http.MethodPost, Pattern: "/mentoring/pairs/{id}/meetings/{meeting}/note", Action: mentoring.OwnPair, Handle: w.changeNote},
			{Method: http.MethodPost, Pattern: "/mentoring/pairs/{id}/meetings/{meeting}/remove", Action: mentoring.OwnPair, Handle: w.removeMeeting},
		},
		Nav:    []ui.NavItem{{ID: "mentoring", Label: "Mentoring", Href: "/mentoring", Icon: "users", Group: "Career"}},
		NavFor: map[string]authz.Action{"mentoring": mentoring.See},
		Panels: []web.Panel{{Slot: "desk", Order: 23, Show: w.deskPanel}},
		Waits:  []func(*web.Req) ([]ui.Wait, error){w.waits},
		API:    w.operations(),
	}
}
