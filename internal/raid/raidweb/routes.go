// Package raidweb is the pages and the API of actions.
package raidweb

import (
	"net/http"

	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/raid"
)

// Web serves actions.
type Web struct{ raid *raid.Service }

// Module is what the server needs of this feature. Pages of things that raise
// actions show them by their slot "meeting", "gate", "finding", "condition" or
// "decision", with the thing's id as its subject.
func Module(s *raid.Service) web.Module {
	w := &Web{raid: s}
	m := web.Module{
		Routes: []web.Route{
			{Method: http.MethodGet, Pattern: "/actions", Action: raid.SeeActions, Handle: w.list},
			{Method: http.MethodGet, Pattern: "/actions/new", Action: raid.SeeActions, Handle: w.newPage},
			{Method: http.MethodPost, Pattern: "/actions", Action: raid.RaiseOutside, Handle: w.raise},
			{Method: http.MethodGet, Pattern: "/actions/{id}", Action: raid.SeeActions, Handle: w.action},
			{Method: http.MethodPost, Pattern: "/actions/{id}", Action: raid.ChangeAction, Handle: w.change},
			{Method: http.MethodPost, Pattern: "/actions/{id}/hand-over", Action: raid.HandOverOwned, Handle: w.handOver},
			{Method: http.MethodPost, Pattern: "/actions/{id}/done", Action: raid.FinishAction, Handle: w.done},
			{Method: http.MethodPost, Pattern: "/actions/{id}/drop", Action: raid.ChangeAction, Handle: w.drop},
			{Method: http.MethodPost, Pattern: "/actions/{id}/reopen", Action: raid.ReopenAction, Handle: w.reopen},
		},
		Nav: []ui.NavItem{{ID: "actions", Label: "Actions", Href: "/actions", Icon: "list-checks", Key: "a", Group: "Office"}},
		Panels: []web.Panel{
			{Slot: "project", Order: 20, Show: w.projectPanel},
			{Slot: "brief", Order: 20, Show: w.projectPanel},
		},
		Waits: []func(*web.Req) ([]ui.Wait, error){w.waits},
		API:   w.operations(),
	}
	for _, k := range []raid.OriginKind{raid.FromMeeting, raid.FromGate, raid.FromFinding, raid.FromCondition, raid.FromDecision} {
		m.Panels = append(m.Panels, web.Panel{Slot: string(k), Order: 20, Show: w.originPanel(k)})
	}
	return m
}
