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
		Name     string `json:"name" minLength:"1" maxLength:"200"`
		Email    string `json:"email,omitempty" maxLength:"200" doc:"Absent leaves the address as it is."`
		JobTitle string `json:"job_title,omitempty" maxLength:"200"`
		OrgUnit  string `json:"org_unit,omitempty" maxLength:"200"`
		LeftOn   string `json:"left_on,omitempty" maxLength:"10" doc:"ISO date; absent while they are here."`
	}
}

type roleInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Role string `json:"role" enum:"member,pmo_member,head_of_pmo,administrator"`
	}
}

type accountInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Role   string `json:"role" enum:"member,pmo_member,head_of_pmo,administrator"`
		Active bool   `json:"active" doc:"Whether they can sign in. Without, sessions, tokens and links end at once."`
	}
}

type linkOutput struct {
	Body struct {
		Link    string    `json:"link" doc:"Works once; it cannot be read again."`
		Expires time.Time `json:"expires"`
	}
}

type eraseInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Words   string `json:"words" enum:"remove,leave" doc:"What becomes of the cases and answers that they wrote."`
		Confirm string `json:"confirm" maxLength:"200" doc:"The person's name."`
	}
}

type ownDataOutput struct{ Body map[string]any }

// accountOperations are what the administrator does, and a person's own copy.
func (w *Web) accountOperations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "changePerson", Method: http.MethodPut, Path: "/people/{id}", Tag: "people", Action: identity.AddPeople, Summary: "Change what is known about a person"}, w.apiChange),
		web.Op(web.Spec{ID: "invitePerson", Method: http.MethodPost, Path: "/people/{id}/invitation", Tag: "people", Action: identity.ManageAccounts, Scope: "accounts:write", Summary: "Invite a person; an invitation before this one ends", Status: http.StatusCreated}, w.apiInvite),
		web.Op(web.Spec{ID: "makeResetLink", Method: http.MethodPost, Path: "/people/{id}/reset-link", Tag: "people", Action: identity.ManageAccounts, Scope: "accounts:write", Summary: "Make a one-time link for a new password", Status: http.StatusCreated}, w.apiReset),
		web.Op(web.Spec{ID: "putAccount", Method: http.MethodPut, Path: "/people/{id}/account", Tag: "people", Action: identity.ManageAccounts, Scope: "accounts:write", Summary: "Change an account's role, deactivate or reactivate it"}, w.apiAccount),
		web.Op(web.Spec{ID: "erasePerson", Method: http.MethodPost, Path: "/people/{id}/erasure", Tag: "people", Action: identity.ErasePerson, Scope: "accounts:write", Summary: "Erase a person for good", Status: http.StatusNoContent}, w.apiErase),
		web.Op(web.Spec{ID: "getOwnData", Method: http.MethodGet, Path: "/account/data", Tag: "account", Action: identity.OwnAccount, Scope: "account:read", Summary: "Take a copy of all that is held about oneself"}, w.apiOwnData),
	}
}

func (w *Web) apiChange(ctx context.Context, who authz.Actor, in *changePersonInput) (*personOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	old, err := w.people.Person(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	b := in.Body
	p := identity.Person{ID: in.ID, Name: b.Name, Email: or(b.Email, old.Email), JobTitle: b.JobTitle, OrgUnit: b.OrgUnit, LeftOn: b.LeftOn, Version: version}
	if err := w.people.ChangePerson(ctx, who, p); err != nil {
		return nil, err
	}
	return w.apiGet(ctx, who, &personInput{ID: in.ID})
}

func (w *Web) link(token string, err error) (*linkOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &linkOutput{}
	out.Body.Link, out.Body.Expires = w.url+"/link/"+token, w.people.LinkEnds()
	return out, nil
}

func (w *Web) apiInvite(ctx context.Context, who authz.Actor, in *roleInput) (*linkOutput, error) {
	return w.link(w.people.Invite(ctx, who, in.ID, authz.Role(in.Body.Role)))
}

func (w *Web) apiReset(ctx context.Context, who authz.Actor, in *personInput) (*linkOutput, error) {
	return w.link(w.people.ResetLink(ctx, who, in.ID))
}

func (w *Web) apiAccount(ctx context.Context, who authz.Actor, in *accountInput) (*personOutput, error) {
	if err := w.people.SetRole(ctx, who, in.ID, authz.Role(in.Body.Role), in.Body.Active); err != nil {
		return nil, err
	}
	return w.apiGet(ctx, who, &personInput{ID: in.ID})
}

func (w *Web) apiErase(ctx context.Context, who authz.Actor, in *eraseInput) (*struct{}, error) {
	return nil, w.people.Erase(ctx, who, in.ID, identity.Words(in.Body.Words), in.Body.Confirm)
}

func (w *Web) apiOwnData(ctx context.Context, who authz.Actor, _ *struct{}) (*ownDataOutput, error) {
	data, err := w.people.OwnData(ctx, who)
	if err != nil {
		return nil, err
	}
	return &ownDataOutput{Body: data}, nil
}
