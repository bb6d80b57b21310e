package governanceweb

import (
	"net/http"

	"cairn/internal/governance"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// GateModule is the pages and the API of gates and conditions.
func GateModule(s *governance.Service) web.Module {
	w := &Web{gov: s}
	const get, post = http.MethodGet, http.MethodPost
	return web.Module{
		Routes: []web.Route{
			{Method: get, Pattern: "/gates", Action: governance.SeeGates, Handle: w.gateList},
			{Method: get, Pattern: "/gates/durations", Action: governance.SeeGates, Handle: w.durations},
			{Method: get, Pattern: "/projects/{id}/gates", Action: governance.SeeGates, Handle: w.gateJourney},
			{Method: post, Pattern: "/projects/{id}/gates/{gate}/plan", Action: governance.PlanGate, Handle: w.gatePlan},
			{Method: post, Pattern: "/projects/{id}/gates/{gate}/review", Action: governance.OpenReview, Handle: w.gateOpen},
			{Method: get, Pattern: "/gates/reviews/{id}", Action: governance.SeeGates, Handle: w.gateReview},
			{Method: get, Pattern: "/gates/reviews/{id}/snapshot", Action: governance.SeeGates, Handle: w.gateSnapshot},
			{Method: post, Pattern: "/gates/reviews/{id}/meeting", Action: governance.SeatReview, Handle: w.gateMeet},
			{Method: post, Pattern: "/gates/reviews/{id}/seats", Action: governance.SeatReview, Handle: w.gateSeat},
			{Method: post, Pattern: "/gates/reviews/{id}/seats/remove", Action: governance.SeatReview, Handle: w.gateUnseat},
			{Method: post, Pattern: "/gates/reviews/{id}/present", Action: governance.SeatReview, Handle: w.gatePresent},
			{Method: post, Pattern: "/gates/reviews/{id}/conflict", Action: governance.GiveOpinion, Handle: w.gateConflict},
			{Method: post, Pattern: "/gates/reviews/{id}/opinions", Action: governance.GiveOpinion, Handle: w.gateOpine},
			{Method: post, Pattern: "/gates/reviews/{id}/decision", Action: governance.DecideGate, Handle: w.gateDecide},
			{Method: get, Pattern: "/conditions", Action: governance.SeeGates, Handle: w.conditionList},
			{Method: get, Pattern: "/conditions/{id}", Action: governance.SeeGates, Handle: w.condition},
			{Method: post, Pattern: "/conditions/{id}/proof", Action: governance.GiveProof, Handle: w.conditionProof},
			{Method: post, Pattern: "/conditions/{id}/close", Action: governance.SettleCondition, Handle: w.conditionClose},
			{Method: post, Pattern: "/conditions/{id}/waive", Action: governance.SettleCondition, Handle: w.conditionWaive},
		},
		Nav: []ui.NavItem{{ID: "gates", Label: "Gates", Href: "/gates", Icon: "diamond", Key: "g", Group: "Office"}},
		Panels: []web.Panel{
			{Slot: "project", Order: 1, Show: w.gatePanel},
			{Slot: "brief", Order: 1, Show: w.gatePanel},
			{Slot: "brief-body", Order: 20, Show: w.askedPanel},
		},
		Waits: []func(*web.Req) ([]ui.Wait, error){w.gateWaits, w.controlWaits},
		API:   w.gateOperations(),
	}
}
