package developmentweb

import (
	"context"
	"net/http"

	"cairn/internal/development"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

type planStepJSON struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Why      string   `json:"why,omitempty"`
	Source   string   `json:"source" enum:"own,option,opportunity"`
	SourceID string   `json:"source_id,omitempty"`
	Mentor   string   `json:"mentor,omitempty" doc:"Id of who helps with it."`
	Due      string   `json:"due,omitempty"`
	State    string   `json:"state" enum:"planned,under_way,done,dropped"`
	EndedOn  string   `json:"ended_on,omitempty"`
	Before   string   `json:"before,omitempty"`
	After    string   `json:"after,omitempty"`
	Shared   []string `json:"shared_with,omitempty" doc:"Ids of people."`
	Version  int64    `json:"version"`
}

func toJSON(st development.Step) planStepJSON {
	out := planStepJSON{
		ID: st.ID, Title: st.Title, Why: st.Why, Source: string(st.Source), SourceID: st.SourceID, Mentor: st.Mentor, Due: st.Due, State: string(st.State), EndedOn: st.EndedOn,
		Before: st.Before, After: st.After, Version: st.Version,
	}
	for _, r := range st.Shared {
		out.Shared = append(out.Shared, r.Person)
	}
	return out
}

type planOutput struct {
	Body struct {
		Items []planStepJSON `json:"items" nullable:"false"`
	}
}

// PlanStep is what can be said of a step.
type PlanStep struct {
	Title  string `json:"title" maxLength:"200"`
	Why    string `json:"why,omitempty" maxLength:"4000"`
	Due    string `json:"due,omitempty" maxLength:"10"`
	State  string `json:"state,omitempty" enum:"planned,under_way,done,dropped"`
	Before string `json:"before,omitempty" maxLength:"4000" doc:"What no rule counts; never shared."`
	After  string `json:"after,omitempty" maxLength:"4000"`
	Mentor string `json:"mentor,omitempty" maxLength:"36" doc:"Id of who helps with it."`
}

type addPlanStepInput struct {
	Body struct {
		PlanStep
		Source   string `json:"source,omitempty" enum:"own,option,opportunity"`
		SourceID string `json:"source_id,omitempty" maxLength:"100"`
	}
}

type changePlanStepInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body PlanStep
}

type planStepInput struct {
	ID string `path:"id" maxLength:"36"`
}

type sharePlanStepInput struct {
	ID     string `path:"id" maxLength:"36"`
	Person string `path:"person" maxLength:"36"`
}

type planStepOutput struct {
	ETag string `header:"ETag"`
	Body planStepJSON
}

func (w *Web) operations() []web.Operation {
	const tag = "development-steps"
	return []web.Operation{
		web.Op(web.Spec{ID: "listSharedSteps", Method: http.MethodGet, Path: "/shared-steps", Tag: tag, Action: development.SeeShared, Scope: "career:read", Summary: "List the steps that others share with you; they see that you looked"}, w.apiShared),
		web.Op(web.Spec{ID: "listPlanReviews", Method: http.MethodGet, Path: "/development-reviews", Tag: tag, Action: development.OwnPlan, Scope: "career:read", Summary: "List the reviews of your own plan, newest first"}, w.apiReviews),
		web.Op(web.Spec{ID: "writePlanReview", Method: http.MethodPost, Path: "/development-reviews", Tag: tag, Action: development.OwnPlan, Scope: "career:write", Summary: "Write a review of your own plan", Status: http.StatusCreated}, func(ctx context.Context, who authz.Actor, in *writeReviewInput) (*planReviewsOutput, error) {
			if err := w.plans.Review(ctx, who, in.Body.Words); err != nil {
				return nil, err
			}
			return w.apiReviews(ctx, who, nil)
		}),
		web.Op(web.Spec{ID: "listPlanSteps", Method: http.MethodGet, Path: "/development-steps", Tag: tag, Action: development.OwnPlan, Scope: "career:read", Summary: "List the steps of your own plan"}, func(ctx context.Context, who authz.Actor, _ *struct{}) (*planOutput, error) {
			return w.all(ctx, who)
		}),
		web.Op(web.Spec{ID: "addPlanStep", Method: http.MethodPost, Path: "/development-steps", Tag: tag, Action: development.OwnPlan, Scope: "career:write", Summary: "Add a step to your own plan", Status: http.StatusCreated}, func(ctx context.Context, who authz.Actor, in *addPlanStepInput) (*planStepOutput, error) {
			st := in.Body.step()
			st.Source, st.SourceID = development.Source(in.Body.Source), in.Body.SourceID
			st, err := w.plans.Add(ctx, who, st)
			if err != nil {
				return nil, err
			}
			return &planStepOutput{ETag: web.ETag(st.Version), Body: toJSON(st)}, nil
		}),
		web.Op(web.Spec{ID: "changePlanStep", Method: http.MethodPut, Path: "/development-steps/{id}", Tag: tag, Action: development.OwnPlan, Scope: "career:write", Summary: "Change a step of your own plan"}, func(ctx context.Context, who authz.Actor, in *changePlanStepInput) (*planOutput, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			if err := w.plans.Change(ctx, who, in.ID, version, in.Body.step()); err != nil {
				return nil, err
			}
			return w.all(ctx, who)
		}),
		web.Op(web.Spec{ID: "removePlanStep", Method: http.MethodDelete, Path: "/development-steps/{id}", Tag: tag, Action: development.OwnPlan, Scope: "career:write", Summary: "Remove a step of your own plan", Status: http.StatusNoContent}, func(ctx context.Context, who authz.Actor, in *planStepInput) (*struct{}, error) {
			return nil, w.plans.Remove(ctx, who, in.ID)
		}),
		web.Op(web.Spec{ID: "sharePlanStep", Method: http.MethodPut, Path: "/development-steps/{id}/readers/{person}", Tag: tag, Action: development.OwnPlan, Scope: "career:write", Summary: "Let somebody read a step", Status: http.StatusNoContent}, func(ctx context.Context, who authz.Actor, in *sharePlanStepInput) (*struct{}, error) {
			return nil, w.plans.Share(ctx, who, in.ID, in.Person)
		}),
		web.Op(web.Spec{ID: "takeBackPlanStep", Method: http.MethodDelete, Path: "/development-steps/{id}/readers/{person}", Tag: tag, Action: development.OwnPlan, Scope: "career:write", Summary: "End somebody's reading of a step", Status: http.StatusNoContent}, func(ctx context.Context, who authz.Actor, in *sharePlanStepInput) (*struct{}, error) {
			return nil, w.plans.TakeBack(ctx, who, in.ID, in.Person)
		}),
	}
}

type sharedStepJSON struct {
	ID    string `json:"id"`
	Of    string `json:"of" doc:"Id of whose step it is."`
	Name  string `json:"name"`
	Title string `json:"title"`
	Why   string `json:"why,omitempty"`
	Due   string `json:"due,omitempty"`
	State string `json:"state" enum:"planned,under_way,done,dropped"`
}

type sharedStepsOutput struct {
	Body struct {
		Items []sharedStepJSON `json:"items" nullable:"false"`
	}
}

func (w *Web) apiShared(ctx context.Context, who authz.Actor, _ *struct{}) (*sharedStepsOutput, error) {
	list, err := w.plans.Shared(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &sharedStepsOutput{}
	out.Body.Items = make([]sharedStepJSON, 0, len(list))
	for _, st := range list {
		out.Body.Items = append(out.Body.Items, sharedStepJSON{st.ID, st.Owner, st.OwnerName, st.Title, st.Why, st.Due, string(st.State)})
	}
	return out, nil
}

type planReviewJSON struct {
	On    string   `json:"on"`
	Words string   `json:"words"`
	Moved []string `json:"moved" nullable:"false" doc:"What came to its end since the review before."`
}

type planReviewsOutput struct {
	Body struct {
		Items []planReviewJSON `json:"items" nullable:"false"`
	}
}

type writeReviewInput struct {
	Body struct {
		Words string `json:"words" maxLength:"4000"`
	}
}

func (w *Web) apiReviews(ctx context.Context, who authz.Actor, _ *struct{}) (*planReviewsOutput, error) {
	p, err := w.plans.Plan(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &planReviewsOutput{}
	out.Body.Items = make([]planReviewJSON, 0, len(p.Reviews))
	for _, r := range p.Reviews {
		out.Body.Items = append(out.Body.Items, planReviewJSON{r.On, r.Words, append([]string{}, r.Moved...)})
	}
	return out, nil
}

func (w *Web) all(ctx context.Context, who authz.Actor) (*planOutput, error) {
	p, err := w.plans.Plan(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &planOutput{}
	out.Body.Items = make([]planStepJSON, 0, len(p.Steps))
	for _, st := range p.Steps {
		out.Body.Items = append(out.Body.Items, toJSON(st))
	}
	return out, nil
}

func (b PlanStep) step() development.Step {
	st := development.Step{Title: b.Title, Why: b.Why, Due: b.Due, State: development.State(b.State), Before: b.Before, After: b.After, Mentor: b.Mentor}
	if st.State == "" {
		st.State = development.Planned
	}
	return st
}
