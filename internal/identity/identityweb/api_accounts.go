package identityweb

import (
	"context"
	"net/http"
	"time"

	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

type changePersonInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Name     *string `json:"name,omitempty" minLength:"1" maxLength:"200" doc:"What is absent stays as it is."`
		Email    *string `json:"email,omitempty" maxLength:"200"`
		JobTitle *string `json:"job_title,omitempty" maxLength:"200"`
		OrgUnit  *string `json:"org_unit,omitempty" maxLength:"200"`
		LeftOn   *string `json:"left_on,omitempty" maxLength:"10" doc:"ISO date; empty while they are here."`
	}
}

type inviteInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Role string `json:"role" enum:"member,pmo_member,head_of_pmo,administrator"`
	}
}

type linkOutput struct {
	Body struct {
		Link string `json:"link" doc:"For one use, for seven days. It is shown once: hand it to the person."`
	}
}

type setAccountInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Role   string `json:"role" enum:"member,pmo_member,head_of_pmo,administrator"`
		Active bool   `json:"active"`
	}
}

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

// accounts are what an administrator does about accounts, and a person about their own.
func (w *Web) accounts() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "changePerson", Method: http.MethodPatch, Path: "/people/{id}", Tag: "people", Action: identity.AddPeople, Summary: "Change what is known about a person"}, w.apiChange),
		web.Op(web.Spec{ID: "invitePerson", Method: http.MethodPost, Path: "/people/{id}/invitation", Tag: "people", Action: identity.ManageAccounts, Scope: "accounts:write", Summary: "Give a person an account and a link to choose a password", Status: http.StatusCreated}, w.apiInvite),
		web.Op(web.Spec{ID: "makeResetLink", Method: http.MethodPost, Path: "/people/{id}/reset-link", Tag: "people", Action: identity.ManageAccounts, Scope: "accounts:write", Summary: "Make a link with which a person chooses a new password", Status: http.StatusCreated}, w.apiReset),
		web.Op(web.Spec{ID: "setAccount", Method: http.MethodPut, Path: "/people/{id}/account", Tag: "people", Action: identity.ManageAccounts, Scope: "accounts:write", Summary: "Change what an account is, and whether it can sign in"}, w.apiSetAccount),
		web.Op(web.Spec{ID: "getOwnAccount", Method: http.MethodGet, Path: "/account", Tag: "account", Action: identity.OwnAccount, Summary: "Read whom the token acts for, and their tokens", Details: "Passwords are changed and tokens made in the browser alone: a token cannot make another."}, w.apiOwn),
		web.Op(web.Spec{ID: "revokeToken", Method: http.MethodDelete, Path: "/account/tokens/{id}", Tag: "account", Action: identity.OwnAccount, Summary: "Revoke one of one's own tokens"}, w.apiRevoke),
	}
}

func (w *Web) apiChange(ctx context.Context, who authz.Actor, in *changePersonInput) (*personOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	p, err := w.people.Person(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	for _, f := range []struct{ to, from *string }{
		{&p.Name, in.Body.Name}, {&p.Email, in.Body.Email}, {&p.JobTitle, in.Body.JobTitle}, {&p.OrgUnit, in.Body.OrgUnit}, {&p.LeftOn, in.Body.LeftOn},
	} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	p.Version = version
	if err := w.people.ChangePerson(ctx, who, p); err != nil {
		return nil, err
	}
	return w.apiGet(ctx, who, &personInput{in.ID})
}

func (w *Web) apiInvite(ctx context.Context, who authz.Actor, in *inviteInput) (*linkOutput, error) {
	token, err := w.people.Invite(ctx, who, in.ID, authz.Role(in.Body.Role))
	return w.link(token, err)
}

func (w *Web) apiReset(ctx context.Context, who authz.Actor, in *personInput) (*linkOutput, error) {
	token, err := w.people.ResetLink(ctx, who, in.ID)
	return w.link(token, err)
}

func (w *Web) link(token string, err error) (*linkOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &linkOutput{}
	out.Body.Link = w.url + "/link/" + token
	return out, nil
}

func (w *Web) apiSetAccount(ctx context.Context, who authz.Actor, in *setAccountInput) (*personOutput, error) {
	if err := w.people.SetRole(ctx, who, in.ID, authz.Role(in.Body.Role), in.Body.Active); err != nil {
		return nil, err
	}
	return w.apiGet(ctx, who, &personInput{in.ID})
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
