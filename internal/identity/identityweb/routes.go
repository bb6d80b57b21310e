// Package identityweb is the pages and the API of people and accounts.
package identityweb

import (
	"context"
	"net"
	"net/http"
	"slices"

	"cairn/internal/identity"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// Web serves people and accounts.
type Web struct {
	people *identity.Service
	demo   bool   // the demonstration organisation: one click enters
	url    string // the public address, for links that are handed on
}

// Module is what the server needs of this feature.
func Module(s *identity.Service, url string, demo bool) web.Module {
	w := &Web{people: s, demo: demo, url: url}
	routes := []web.Route{
		{Method: http.MethodGet, Pattern: "/sign-in", Action: identity.UseLink, Handle: w.signInPage},
		{Method: http.MethodPost, Pattern: "/sign-in", Action: identity.UseLink, Handle: w.signIn},
		{Method: http.MethodPost, Pattern: "/sign-out", Action: identity.UseLink, Handle: w.signOut},
		{Method: http.MethodGet, Pattern: "/link/{token}", Action: identity.UseLink, Handle: w.linkPage},
		{Method: http.MethodPost, Pattern: "/link/{token}", Action: identity.UseLink, Handle: w.followLink},
		{Method: http.MethodGet, Pattern: "/account", Action: identity.OwnAccount, Handle: w.accountPage},
		{Method: http.MethodPost, Pattern: "/account/password", Action: identity.OwnAccount, Handle: w.changePassword},
		{Method: http.MethodPost, Pattern: "/account/tokens", Action: identity.OwnAccount, Handle: w.makeToken},
		{Method: http.MethodPost, Pattern: "/account/tokens/{id}/revoke", Action: identity.OwnAccount, Handle: w.revokeToken},
		{Method: http.MethodGet, Pattern: "/account/sessions", Action: identity.OwnAccount, Handle: w.devices},
		{Method: http.MethodPost, Pattern: "/account/sessions/end", Action: identity.OwnAccount, Handle: w.endDevice},
		{Method: http.MethodGet, Pattern: "/account/data", Action: identity.SeeHeld, Handle: w.ownData},
		{Method: http.MethodGet, Pattern: "/account/data.json", Action: identity.OwnAccount, Handle: w.ownCopy},
		{Method: http.MethodGet, Pattern: "/account/data.html", Action: identity.OwnAccount, Handle: w.ownReadable},
		{Method: http.MethodPost, Pattern: "/account/erasure", Action: identity.OwnAccount, Handle: w.askErasure},
		{Method: http.MethodGet, Pattern: "/people/invite", Action: identity.ManageAccounts, Handle: w.invitePage},
		{Method: http.MethodPost, Pattern: "/people/invite", Action: identity.ManageAccounts, Handle: w.inviteAll},
		{Method: http.MethodGet, Pattern: "/people/{id}/erase", Action: identity.SeeHeld, Handle: w.erasePage},
		{Method: http.MethodPost, Pattern: "/people/{id}/erase", Action: identity.ErasePerson, Handle: w.erase},
		{Method: http.MethodPost, Pattern: "/people/{id}/deactivate", Action: identity.ManageAccounts, Handle: w.deactivate},
		{Method: http.MethodPost, Pattern: "/people/{id}/reactivate", Action: identity.ManageAccounts, Handle: w.reactivate},
		{Method: http.MethodGet, Pattern: "/people", Action: identity.SeePeople, Handle: w.list},
		{Method: http.MethodGet, Pattern: "/people/new", Action: identity.AddPeople, Handle: w.newPage},
		{Method: http.MethodPost, Pattern: "/people", Action: identity.AddPeople, Handle: w.add},
		{Method: http.MethodGet, Pattern: "/people/{id}", Action: identity.SeePeople, Handle: w.person},
		{Method: http.MethodPost, Pattern: "/people/{id}", Action: identity.AddPeople, Handle: w.change},
		{Method: http.MethodPost, Pattern: "/people/{id}/invite", Action: identity.ManageAccounts, Handle: w.invite},
		{Method: http.MethodPost, Pattern: "/people/{id}/role", Action: identity.ManageAccounts, Handle: w.setRole},
		{Method: http.MethodPost, Pattern: "/people/{id}/reset", Action: identity.ManageAccounts, Handle: w.reset},
	}
	routes = append(routes, w.mergeRoutes()...)
	if demo {
		routes = append(routes, web.Route{Method: http.MethodPost, Pattern: "/demo/enter", Action: identity.UseLink, Handle: w.enter})
	}
	return web.Module{
		Routes: routes,
		Nav:    []ui.NavItem{{ID: "people", Label: "People", Href: "/people", Icon: "users", Key: "w", Group: "foot"}},
		API:    slices.Concat(w.operations(), w.accountOperations(), w.mergeOperations(), w.ownTokens(), w.privacyOperations()),
	}
}

// Identify lets the server know who is asking.
type Identify struct{ People *identity.Service }

// BySession implements web.Identity.
func (i Identify) BySession(ctx context.Context, token string) (web.Session, error) {
	s, err := i.People.BySession(ctx, token)
	return web.Session{ID: token, Actor: s.Actor, Name: s.Name}, err
}

// ByToken implements web.Identity.
func (i Identify) ByToken(ctx context.Context, token string) (web.Token, error) {
	b, err := i.People.ByToken(ctx, token)
	out := web.Token{Actor: b.Actor}
	for _, s := range b.Scopes {
		out.Scopes = append(out.Scopes, web.Scope(s))
	}
	return out, err
}

// place is where a request comes from, for the limit of tries.
func place(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
