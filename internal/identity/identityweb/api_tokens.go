package identityweb

import (
	"context"
	"net/http"
	"time"

	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

type nothing struct{}

type accountOutput struct {
	Body struct {
		Person personJSON  `json:"person"`
		Role   string      `json:"role"`
		Tokens []tokenJSON `json:"tokens" nullable:"false"`
	}
}

type tokenJSON struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Scopes  []string   `json:"scopes" nullable:"false"`
	Made    time.Time  `json:"made"`
	Expires time.Time  `json:"expires"`
	Used    *time.Time `json:"last_used,omitempty" doc:"To five minutes."`
	Revoked bool       `json:"revoked"`
}

type tokenInput struct {
	ID string `path:"id" maxLength:"36"`
}

// ownTokens are what a token can see and end of its own kind.
func (w *Web) ownTokens() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "getOwnAccount", Method: http.MethodGet, Path: "/account", Tag: "account", Action: identity.OwnAccount, Summary: "Read whom the token acts for, and their tokens", Details: "Passwords are changed and tokens made in the browser alone: a token cannot make another."}, w.apiOwn),
		web.Op(web.Spec{ID: "revokeToken", Method: http.MethodDelete, Path: "/account/tokens/{id}", Tag: "account", Action: identity.OwnAccount, Summary: "Revoke one of one's own tokens"}, w.apiRevoke),
	}
}

func (w *Web) apiOwn(ctx context.Context, who authz.Actor, _ *nothing) (*accountOutput, error) {
	tokens, err := w.people.Tokens(ctx, who)
	if err != nil {
		return nil, err
	}
	p, err := w.people.Person(ctx, who, who.Person)
	if err != nil {
		return nil, err
	}
	out := &accountOutput{}
	out.Body.Person, out.Body.Role, out.Body.Tokens = toJSON(p), string(who.Role), make([]tokenJSON, 0, len(tokens))
	for _, t := range tokens {
		one := tokenJSON{t.ID, t.Name, append([]string{}, t.Scopes...), t.Created, t.Expires, nil, t.Revoked}
		if !t.Used.IsZero() {
			one.Used = &t.Used
		}
		out.Body.Tokens = append(out.Body.Tokens, one)
	}
	return out, nil
}

func (w *Web) apiRevoke(ctx context.Context, who authz.Actor, in *tokenInput) (*accountOutput, error) {
	if err := w.people.RevokeToken(ctx, who, in.ID); err != nil {
		return nil, err
	}
	return w.apiOwn(ctx, who, nil)
}
