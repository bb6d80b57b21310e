package governanceweb

import (
	"context"
	"net/http"

	"cairn/internal/governance"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/web"
)

type moveProjectInput struct {
	Project string `path:"project" maxLength:"36"`
	Body    struct {
		Version string `json:"version" maxLength:"36" doc:"Id of a version of a method."`
	}
}

type moveProjectsInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Projects []string `json:"projects" minItems:"1" maxItems:"500" doc:"Ids of projects."`
	}
}

type notMovedJSON struct {
	Project string `json:"project" doc:"Its id."`
	Why     string `json:"why"`
}

type movedProjectsOutput struct {
	Body struct {
		Moved    int            `json:"moved" doc:"How many follow the version now."`
		NotMoved []notMovedJSON `json:"not_moved" nullable:"false" doc:"What stays where it is, and why."`
	}
}

// moveOperations put projects on another version of their method.
func (w *Web) moveOperations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "moveProject", Method: http.MethodPut, Path: "/projects/{project}/method", Tag: "methods", Action: governance.MoveProjects, Summary: "Move a project to another version of its method", Status: http.StatusNoContent}, w.apiMove),
		web.Op(web.Spec{ID: "moveProjects", Method: http.MethodPost, Path: "/methods/versions/{id}/moves", Tag: "methods", Action: governance.MoveProjects, Summary: "Move up to 500 projects to a version of their method", Details: "Each is a step of its own: one that cannot be moved keeps no other from it."}, w.apiMoveMany),
	}
}

func (w *Web) apiMove(ctx context.Context, who authz.Actor, in *moveProjectInput) (*nothing, error) {
	return &nothing{}, w.gov.Move(ctx, who, in.Project, in.Body.Version)
}

func (w *Web) apiMoveMany(ctx context.Context, who authz.Actor, in *moveProjectsInput) (*movedProjectsOutput, error) {
	if _, _, _, err := w.gov.Method(ctx, who, in.ID); err != nil {
		return nil, err
	}
	out := &movedProjectsOutput{}
	out.Body.NotMoved = []notMovedJSON{}
	for _, id := range in.Body.Projects {
		err := w.gov.Move(ctx, who, id, in.ID)
		if errs.Is(err, errs.Internal) {
			return nil, err
		}
		if err != nil {
			out.Body.NotMoved = append(out.Body.NotMoved, notMovedJSON{id, web.MessageOf(err)})
			continue
		}
		out.Body.Moved++
	}
	return out, nil
}
