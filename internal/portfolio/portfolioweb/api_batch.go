package portfolioweb

import (
	"context"
	"net/http"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
	"cairn/internal/portfolio"
)

type statementJSON struct {
	ID           string              `json:"id,omitempty" maxLength:"36" doc:"Absent: a new project."`
	Version      int64               `json:"version,omitempty" doc:"With an id: the number in the ETag that the change is based on."`
	AsAt         string              `json:"as_at,omitempty" maxLength:"10" doc:"Today if absent."`
	Facts        map[string]factJSON `json:"facts"`
	Confidential bool                `json:"confidential,omitempty" doc:"Of a new project."`
}

type projectBatchInput struct {
	Body struct {
		Items []statementJSON `json:"items" minItems:"1" maxItems:"500" nullable:"false"`
	}
}

type assignmentChangeJSON struct {
	ID      string `json:"id,omitempty" maxLength:"36" doc:"Absent: a new assignment."`
	Version int64  `json:"version,omitempty" doc:"With an id: the number in the ETag that the change is based on."`
	Project string `json:"project,omitempty" maxLength:"36" doc:"Of a new one."`
	Person  string `json:"person,omitempty" maxLength:"36" doc:"Of a new one."`
	Kind    string `json:"kind" enum:"project_manager,sponsor,pmo_partner,deputy,support,team"`
	For     string `json:"for,omitempty" maxLength:"36" doc:"Whom a deputy stands in for."`
	Role    string `json:"role,omitempty" enum:"led,deputised,contributed,supported,observed"`
	From    string `json:"from,omitempty" maxLength:"10"`
	To      string `json:"to,omitempty" maxLength:"10"`
}

type assignmentBatchInput struct {
	Body struct {
		Items []assignmentChangeJSON `json:"items" minItems:"1" maxItems:"500" nullable:"false"`
	}
}

type batchOutput struct {
	Body struct {
		IDs []string `json:"ids" nullable:"false" doc:"In the order of the items."`
	}
}

const allOrNothing = "All or nothing: if one item is refused, nothing is changed, and the errors point at every item that is wrong (`/items/3/facts/name`). Send an Idempotency-Key, so that it can be sent again without being done twice."

// batches change many things at once.
func (w *Web) batches() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "stateProjects", Method: http.MethodPost, Path: "/projects/batch", Tag: "projects", Action: portfolio.SeeRegister, Summary: "Add and change up to 500 projects at once", Details: allOrNothing + " Adding needs `portfolio.add_project`, changing `portfolio.change_project` on each project.", MaxBody: 8 << 20}, w.apiStateAll),
		web.Op(web.Spec{ID: "assignBatch", Method: http.MethodPost, Path: "/assignments/batch", Tag: "assignments", Action: portfolio.SeeRegister, Scope: "projects:write", Summary: "Make and change up to 500 assignments at once", Details: allOrNothing + " Needs `portfolio.assign_people` on each project.", MaxBody: 8 << 20}, w.apiAssignAll),
	}
}

func (w *Web) apiStateAll(ctx context.Context, who authz.Actor, in *projectBatchInput) (*batchOutput, error) {
	list := make([]portfolio.Statement, 0, len(in.Body.Items))
	for _, it := range in.Body.Items {
		list = append(list, portfolio.Statement{ID: it.ID, Version: it.Version, AsAt: it.AsAt, Facts: factsOf(it.Facts), Confidential: it.Confidential})
	}
	ids, err := w.register.StateAll(portfolio.Through(ctx, portfolio.ByAPI), who, list)
	if err != nil {
		return nil, err
	}
	out := &batchOutput{}
	out.Body.IDs = ids
	return out, nil
}

func (w *Web) apiAssignAll(ctx context.Context, who authz.Actor, in *assignmentBatchInput) (*batchOutput, error) {
	list := make([]portfolio.Assignment, 0, len(in.Body.Items))
	for _, it := range in.Body.Items {
		list = append(list, portfolio.Assignment{
			ID: it.ID, Version: it.Version, Project: it.Project, Person: it.Person, Kind: portfolio.Kind(it.Kind),
			For: it.For, Role: activity.RoleInWork(it.Role), From: it.From, To: it.To,
		})
	}
	ids, err := w.register.AssignAll(ctx, who, list)
	if err != nil {
		return nil, err
	}
	out := &batchOutput{}
	out.Body.IDs = ids
	return out, nil
}
