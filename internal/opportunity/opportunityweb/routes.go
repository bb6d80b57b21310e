// Package opportunityweb is the pages and the API of opportunities.
package opportunityweb

import (
	"context"
	"net/http"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/opportunity"
)

// Match is what a piece of experience would do for the reader, said to the reader
// alone. Nothing in it is kept.
type Match struct {
	Opens  []string // names of roles
	Closes []string // requirements of other roles, in words, with whose they are
	Raises []string // names of competencies
}

// Matching says what pieces of experience would do for a reader whose career is
// on, one answer for each; none if it is off. The career implements it.
type Matching interface {
	Would(ctx context.Context, who authz.Actor, pieces []Piece) ([]Match, error)
}

// Piece is a piece of experience that an opportunity leaves behind.
type Piece struct {
	Project, Body, Kind string
	As                  activity.RoleInWork
	From, To            clock.Day
	Hours               int
}

// Kinds names the kinds of experience of the framework in force.
type Kinds interface {
	KindName(ctx context.Context, id string) string
}

// Web serves opportunities.
type Web struct {
	opps     *opportunity.Service
	matching Matching
	kinds    Kinds
}

// Module is what the server needs of this feature. The deputising kit shows what
// other features say in their slot "brief" of a project.
func Module(s *opportunity.Service, m Matching, k Kinds) web.Module {
	w := &Web{s, m, k}
	return web.Module{
		Routes: []web.Route{
			{Method: http.MethodGet, Pattern: "/opportunities", Action: opportunity.See, Handle: w.list},
			{Method: http.MethodGet, Pattern: "/opportunities/new", Action: opportunity.Offer, Handle: w.newPage},
			{Method: http.MethodPost, Pattern: "/opportunities", Action: opportunity.Offer, Handle: w.offer},
			{Method: http.MethodGet, Pattern: "/opportunities/{id}", Action: opportunity.See, Handle: w.opportunity},
			{Method: http.MethodPost, Pattern: "/opportunities/{id}", Action: opportunity.Manage, Handle: w.change},
			{Method: http.MethodPost, Pattern: "/opportunities/{id}/withdraw", Action: opportunity.Manage, Handle: w.withdraw},
			{Method: http.MethodGet, Pattern: "/opportunities/{id}/brief", Action: opportunity.See, Handle: w.brief},
			{Method: http.MethodPost, Pattern: "/opportunities/{id}/apply", Action: opportunity.Apply, Handle: w.apply},
			{Method: http.MethodPost, Pattern: "/opportunities/{id}/places/{place}/give", Action: opportunity.Manage, Handle: w.give},
			{Method: http.MethodPost, Pattern: "/opportunities/{id}/places/{place}/agree", Action: opportunity.OwnLine, Handle: w.agree},
			{Method: http.MethodPost, Pattern: "/opportunities/{id}/places/{place}/refuse", Action: opportunity.See, Handle: w.refuse},
			{Method: http.MethodPost, Pattern: "/opportunities/{id}/places/{place}/take-back", Action: opportunity.OwnPlace, Handle: w.takeBack},
			{Method: http.MethodPost, Pattern: "/opportunities/{id}/places/{place}/debrief", Action: opportunity.OwnPlace, Handle: w.debrief},
			{Method: http.MethodPost, Pattern: "/opportunities/{id}/places/{place}/confirm", Action: opportunity.Manage, Handle: w.confirm},
		},
		Nav:    []ui.NavItem{{ID: "opportunities", Label: "Opportunities", Href: "/opportunities", Icon: "hand-helping", Group: "Career"}},
		NavFor: map[string]authz.Action{"opportunities": opportunity.See},
		Panels: []web.Panel{
			{Slot: "project", Order: 30, Show: w.projectPanel},
		},
		Waits: []func(*web.Req) ([]ui.Wait, error){w.waits},
		API:   w.operations(),
	}
}
