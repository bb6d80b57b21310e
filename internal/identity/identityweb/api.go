package identityweb

import (
	"context"
	"net/http"

	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/web"
)

// personJSON is a person in the API.
type personJSON struct {
	ID       string `json:"id"`
	Name     string `json:"name" maxLength:"200"`
	JobTitle string `json:"job_title"`
	OrgUnit  string `json:"org_unit"`
	LeftOn   string `json:"left_on,omitempty" doc:"ISO date; absent while they are here."`
	Account  bool   `json:"account" doc:"Whether they have an account."`
}

func toJSON(p identity.Person) personJSON {
	return personJSON{ID: p.ID, Name: p.Name, JobTitle: p.JobTitle, OrgUnit: p.OrgUnit, LeftOn: p.LeftOn, Account: p.HasAccount}
}

type peopleInput struct {
	Find  string `query:"find" maxLength:"200" doc:"Part of the name."`
	State string `query:"state" enum:"active,invited,no_account,deactivated,left" doc:"Only those in this state."`
	After string `query:"after" maxLength:"600" doc:"The next of the page before."`
}

type peopleOutput struct {
	Body struct {
		Items []personJSON `json:"items" nullable:"false"`
		Next  string       `json:"next,omitempty" doc:"Send it as after for the next page; absent on the last."`
	}
}

type personInput struct {
	ID string `path:"id" maxLength:"36"`
}

type personOutput struct {
	ETag string `header:"ETag"`
	Body personJSON
}

type addPersonInput struct {
	Body struct {
		Name     string `json:"name" minLength:"1" maxLength:"200"`
		Email    string `json:"email,omitempty" maxLength:"200"`
		JobTitle string `json:"job_title,omitempty" maxLength:"200"`
		OrgUnit  string `json:"org_unit,omitempty" maxLength:"200"`
	}
}

func (w *Web) operations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "listPeople", Method: http.MethodGet, Path: "/people", Tag: "people", Action: identity.SeePeople, Summary: "List people by name"}, w.apiList),
		web.Op(web.Spec{ID: "getPerson", Method: http.MethodGet, Path: "/people/{id}", Tag: "people", Action: identity.SeePeople, Summary: "Read one person"}, w.apiGet),
		web.Op(web.Spec{ID: "addPerson", Method: http.MethodPost, Path: "/people", Tag: "people", Action: identity.AddPeople, Summary: "Add a person without an account", Status: http.StatusCreated}, w.apiAdd),
	}
}

func (w *Web) apiList(ctx context.Context, who authz.Actor, in *peopleInput) (*peopleOutput, error) {
	cur, err := web.ParseCursor("people", in.After)
	if err != nil {
		return nil, err
	}
	if cur == nil {
		cur = &web.Cursor{}
	}
	page, err := w.people.People(ctx, who, identity.Filter{Find: in.Find, State: identity.State(in.State), AfterKey: cur.Key, AfterID: cur.ID})
	if err != nil {
		return nil, err
	}
	out := &peopleOutput{}
	out.Body.Items = make([]personJSON, 0, len(page.People))
	for _, p := range page.People {
		out.Body.Items = append(out.Body.Items, toJSON(p))
	}
	if page.More {
		last := page.People[len(page.People)-1]
		out.Body.Next = web.Cursor{List: "people", Key: fold.Sort(last.Name), ID: last.ID}.String()
	}
	return out, nil
}

func (w *Web) apiGet(ctx context.Context, who authz.Actor, in *personInput) (*personOutput, error) {
	p, err := w.people.Person(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &personOutput{ETag: web.ETag(p.Version), Body: toJSON(p)}, nil
}

func (w *Web) apiAdd(ctx context.Context, who authz.Actor, in *addPersonInput) (*personOutput, error) {
	p, err := w.people.AddPerson(ctx, who, identity.Person{Name: in.Body.Name, Email: in.Body.Email, JobTitle: in.Body.JobTitle, OrgUnit: in.Body.OrgUnit})
	if err != nil {
		return nil, err
	}
	return &personOutput{ETag: web.ETag(p.Version), Body: toJSON(p)}, nil
}
