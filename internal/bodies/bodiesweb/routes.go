// Package bodiesweb is the pages and the API of governing bodies, meetings and decisions.
package bodiesweb

import (
	"net/http"
	"slices"

	"cairn/internal/bodies"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// Web serves governing bodies, meetings and decisions.
type Web struct{ bodies *bodies.Service }

// Module is what the server needs of this feature. The page of a meeting shows
// what others put into its slot "meeting", that of a decision "decision", that of
// a body "body".
func Module(s *bodies.Service) web.Module {
	w := &Web{bodies: s}
	return web.Module{
		Routes: slices.Concat(w.bodyRoutes(), w.meetingRoutes(), w.decisionRoutes()),
		Nav:    []ui.NavItem{{ID: "meetings", Label: "Meetings", Href: "/meetings", Icon: "presentation", Key: "m", Group: "Office"}},
		Panels: []web.Panel{
			{Slot: "desk", Order: 11, Show: w.deskPanel},
			{Slot: "project", Order: 21, Show: w.projectPanel},
			{Slot: "brief", Order: 21, Show: w.projectPanel},
			{Slot: "brief-body", Order: 10, Show: w.askedPanel},
		},
		Waits: []func(*web.Req) ([]ui.Wait, error){w.waits},
		API:   slices.Concat(w.bodyAPI(), w.meetingAPI(), w.decisionAPI()),
	}
}

func get(pattern string, act authz.Action, h func(*web.Req) error) web.Route {
	return web.Route{Method: http.MethodGet, Pattern: pattern, Action: act, Handle: h}
}

func post(pattern string, act authz.Action, h func(*web.Req) error) web.Route {
	return web.Route{Method: http.MethodPost, Pattern: pattern, Action: act, Handle: h}
}

func (w *Web) bodyRoutes() []web.Route {
	return []web.Route{
		get("/bodies", bodies.SeeBodies, w.bodyList),
		get("/bodies/new", bodies.SeeBodies, w.newBody),
		post("/bodies", bodies.FoundBody, w.found),
		get("/bodies/{id}", bodies.SeeBodies, w.body),
		post("/bodies/{id}", bodies.ChangeBody, w.changeBody),
		post("/bodies/{id}/terms", bodies.ChangeBody, w.approveTerms),
		post("/bodies/{id}/seats", bodies.ChangeBody, w.giveSeat),
		post("/bodies/{id}/seats/{seat}", bodies.ChangeBody, w.changeSeat),
		post("/bodies/{id}/seats/{seat}/deputies", bodies.NameDeputy, w.nameDeputy),
		post("/bodies/{id}/seats/{seat}/deputies/{deputy}/end", bodies.NameDeputy, w.endDeputy),
	}
}

func (w *Web) meetingRoutes() []web.Route {
	return []web.Route{
		get("/meetings", bodies.SeeMeetings, w.meetingList),
		get("/meetings/new", bodies.CallMeeting, w.newMeeting),
		post("/meetings", bodies.CallMeeting, w.call),
		get("/meetings/{id}", bodies.SeeMeetings, w.meeting),
		post("/meetings/{id}", bodies.RunMeeting, w.changeMeeting),
		post("/meetings/{id}/cancel", bodies.RunMeeting, w.cancel),
		post("/meetings/{id}/invite", bodies.RunMeeting, w.invite),
		post("/meetings/{id}/held", bodies.RunMeeting, w.hold),
		post("/meetings/{id}/minutes", bodies.RunMeeting, w.writeMinutes),
		post("/meetings/{id}/confirm", bodies.ConfirmOfBody, w.confirm),
		post("/meetings/{id}/correct", bodies.RunMeeting, w.correct),
		post("/meetings/{id}/actions", bodies.RunMeeting, w.raise),
		post("/meetings/{id}/decisions", bodies.RunMeeting, w.decide),
		post("/meetings/{id}/offers", bodies.OfferSeat, w.offer),
		post("/meetings/{id}/offers/{offer}/answer", bodies.AnswerOffer, w.answer),
		post("/meetings/{id}/offers/{offer}/take-back", bodies.OfferSeat, w.takeBack),
		post("/meetings/{id}/deputies/{person}/confirm", bodies.ConfirmDeputy, w.confirmDeputy),
	}
}

func (w *Web) decisionRoutes() []web.Route {
	return []web.Route{
		get("/decisions", bodies.SeeDecisions, w.decisionList),
		get("/decisions/new", bodies.SeeDecisions, w.newDecision),
		post("/decisions", bodies.RecordDecision, w.record),
		get("/decisions/{id}", bodies.SeeDecisions, w.decision),
		post("/decisions/{id}/take", bodies.RecordDecision, w.take),
		post("/decisions/{id}/supersede", bodies.RecordDecision, w.supersede),
		post("/decisions/{id}/carried-out", bodies.CarryOutDecision, w.carryOut),
	}
}
