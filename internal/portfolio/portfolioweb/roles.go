package portfolioweb

import (
	"context"
	"net/http"

	"cairn/internal/kit/directory"

	"github.com/a-h/templ"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/portfolio"
)

// rolesView is who has a role on a portfolio or programme.
type rolesView struct {
	portfolio.NodeRoles
	Directory []directory.Person
	Typed     roleForm
	Today     string
	Errors    []ui.FieldError
}

type roleForm struct{ Person, Role, From, To string }

func (w *Web) roles(r *web.Req) error { return w.showRoles(r, http.StatusOK, roleForm{}, nil) }

func (w *Web) showRoles(r *web.Req, status int, typed roleForm, bad []ui.FieldError) error {
	v := rolesView{Typed: typed, Errors: bad, Today: w.register.Today()}
	var err error
	if v.NodeRoles, err = w.register.NodeRoles(r.Context(), r.Who(), r.Path("node")); err != nil {
		return err
	}
	if v.MayGive {
		if v.Directory, err = w.register.Directory(r.Context(), r.Who()); err != nil {
			return err
		}
	}
	p := r.Page("Who has a role on "+v.Name, "portfolio")
	p.Crumbs = []ui.Crumb{{Label: "Portfolio", Href: "/portfolio"}}
	return r.RenderStatus(status, p, rolesPage(v))
}

func (w *Web) giveRole(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	typed := roleForm{Person: f.Text("person"), Role: f.Text("role"), From: f.Text("from"), To: f.Text("to")}
	role := portfolio.HeldRole{Node: r.Path("node"), Role: authz.NodeRole(typed.Role), From: typed.From, To: typed.To}
	if role.Person, err = w.register.PersonNamed(r.Context(), r.Who(), "person", typed.Person); err == nil {
		_, err = w.register.GiveRole(r.Context(), r.Who(), role)
	}
	if errs.Is(err, errs.Invalid) {
		return w.showRoles(r, http.StatusUnprocessableEntity, typed, errs.FieldsOf(err))
	}
	if err != nil {
		return err
	}
	return r.Go("/portfolio/"+role.Node+"/roles", typed.Person+" has the role; it holds for all that lies below.")
}

func (w *Web) endRole(r *web.Req) error {
	if err := w.register.EndRole(r.Context(), r.Who(), r.Path("node"), r.Path("id")); err != nil {
		return err
	}
	return r.Go("/portfolio/"+r.Path("node")+"/roles", "The role has ended.")
}

// personPanel shows where a person is or was, as far as the reader sees it.
func (w *Web) personPanel(r *web.Req, person string) (templ.Component, error) {
	places, err := w.register.PlacesOf(r.Context(), r.Who(), person)
	if err != nil {
		return nil, err
	}
	return placesPanel(places, w.register.Today()), nil
}

// roleJSON is a role on a portfolio or programme in the API.
type roleJSON struct {
	ID     string `json:"id,omitempty" maxLength:"36"`
	Person string `json:"person" maxLength:"36" doc:"Id of the person."`
	Role   string `json:"role" enum:"sponsor,project_manager,team,viewer"`
	From   string `json:"from,omitempty" maxLength:"10" doc:"ISO date of the first day; today if absent."`
	To     string `json:"to,omitempty" maxLength:"10" doc:"ISO date of the last day; absent while it lasts."`
}

type nodeInput struct {
	Node string `path:"id" maxLength:"36" doc:"Id of a portfolio or programme."`
}

type rolesOutput struct {
	Body struct {
		Items []roleJSON `json:"items" nullable:"false"`
	}
}

type giveRoleInput struct {
	Node string `path:"id" maxLength:"36" doc:"Id of a portfolio or programme."`
	Body roleJSON
}

type roleOutput struct{ Body roleJSON }

type endRoleInput struct {
	Node string `path:"id" maxLength:"36" doc:"Id of a portfolio or programme."`
	Role string `path:"role" maxLength:"36"`
}

func (w *Web) roleOperations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "listNodeRoles", Method: http.MethodGet, Path: "/nodes/{id}/roles", Tag: "roles", Action: portfolio.SeeProject, Summary: "List who has or had a role on a portfolio or programme"}, w.apiRoles),
		web.Op(web.Spec{ID: "giveNodeRole", Method: http.MethodPost, Path: "/nodes/{id}/roles", Tag: "roles", Action: portfolio.GiveRoles, Summary: "Give a role on a portfolio or programme and all below it", Status: http.StatusCreated}, w.apiGiveRole),
		web.Op(web.Spec{ID: "endNodeRole", Method: http.MethodDelete, Path: "/nodes/{id}/roles/{role}", Tag: "roles", Action: portfolio.GiveRoles, Summary: "End a role on a portfolio or programme", Status: http.StatusNoContent}, w.apiEndRole),
	}
}

func roleToJSON(r portfolio.HeldRole) roleJSON {
	return roleJSON{ID: r.ID, Person: r.Person, Role: string(r.Role), From: r.From, To: r.To}
}

func (w *Web) apiRoles(ctx context.Context, who authz.Actor, in *nodeInput) (*rolesOutput, error) {
	n, err := w.register.NodeRoles(ctx, who, in.Node)
	if err != nil {
		return nil, err
	}
	out := &rolesOutput{}
	out.Body.Items = make([]roleJSON, 0, len(n.Roles))
	for _, r := range n.Roles {
		out.Body.Items = append(out.Body.Items, roleToJSON(r))
	}
	return out, nil
}

func (w *Web) apiGiveRole(ctx context.Context, who authz.Actor, in *giveRoleInput) (*roleOutput, error) {
	b := in.Body
	r, err := w.register.GiveRole(ctx, who, portfolio.HeldRole{Node: in.Node, Person: b.Person, Role: authz.NodeRole(b.Role), From: b.From, To: b.To})
	if err != nil {
		return nil, err
	}
	return &roleOutput{Body: roleToJSON(r)}, nil
}

func (w *Web) apiEndRole(ctx context.Context, who authz.Actor, in *endRoleInput) (*struct{}, error) {
	return nil, w.register.EndRole(ctx, who, in.Node, in.Role)
}
