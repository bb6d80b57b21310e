package governanceweb

import (
	"context"
	"net/http"

	"cairn/internal/governance"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

type conditionJSON struct {
	ID         string `json:"id"`
	Project    string `json:"project"`
	Name       string `json:"project_name,omitempty"`
	Gate       string `json:"gate"`
	Review     string `json:"review"`
	Criterion  string `json:"criterion,omitempty"`
	Words      string `json:"words"`
	Owner      string `json:"owner"`
	OwnerName  string `json:"owner_name"`
	Due        string `json:"due" format:"date"`
	Proof      string `json:"proof" doc:"What is asked."`
	State      string `json:"state" enum:"open,given,closed,waived" doc:"Given: the proof is handed in; it blocks until it is closed or waived."`
	ProofGiven string `json:"proof_given,omitempty"`
	EndedOn    string `json:"ended_on,omitempty"`
	EndedWords string `json:"ended_words,omitempty"`
	Version    int64  `json:"version"`
}

func conditionToJSON(c *governance.Condition) conditionJSON {
	return conditionJSON{
		ID: c.ID, Project: c.Project, Name: c.ProjectName, Gate: c.Gate, Review: c.Review, Criterion: c.Criterion, Words: c.Words, Owner: c.Owner, OwnerName: c.OwnerName,
		Due: c.Due, Proof: c.Proof, State: c.State, ProofGiven: c.ProofGiven, EndedOn: c.EndedOn, EndedWords: c.EndedWords, Version: c.Version,
	}
}

type conditionsInput struct {
	Project string `query:"project" maxLength:"36"`
	Mine    bool   `query:"mine"`
	Show    string `query:"show" enum:"open,overdue,given,ended,all" default:"open"`
	After   string `query:"after" maxLength:"400"`
}

type conditionsOutput struct {
	Body struct {
		Items []conditionJSON `json:"items" nullable:"false"`
		Next  string          `json:"next,omitempty"`
	}
}

type conditionInput struct {
	ID string `path:"id" maxLength:"36"`
}

type conditionOutput struct {
	ETag string `header:"ETag"`
	Body conditionJSON
}

type proofInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Proof string `json:"proof" maxLength:"4000"`
	}
}

type settleInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Words string `json:"words,omitempty" maxLength:"4000" doc:"What was seen, or why it is waived."`
	}
}

func (w *Web) conditionOperations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "listConditions", Method: http.MethodGet, Path: "/conditions", Tag: "conditions", Action: governance.SeeGates, Summary: "List conditions of gates, what is due first first"}, w.apiConditions),
		web.Op(web.Spec{ID: "getCondition", Method: http.MethodGet, Path: "/conditions/{id}", Tag: "conditions", Action: governance.SeeGates, Summary: "Read a condition"}, w.apiCondition),
		web.Op(web.Spec{ID: "giveProof", Method: http.MethodPost, Path: "/conditions/{id}/proof", Tag: "conditions", Action: governance.GiveProof, Summary: "Hand in the proof of a condition"}, w.apiProof),
		web.Op(web.Spec{ID: "closeCondition", Method: http.MethodPost, Path: "/conditions/{id}/close", Tag: "conditions", Action: governance.SettleCondition, Summary: "Close a condition that is fulfilled"}, w.apiClose),
		web.Op(web.Spec{ID: "waiveCondition", Method: http.MethodPost, Path: "/conditions/{id}/waive", Tag: "conditions", Action: governance.SettleCondition, Summary: "Waive a condition, for a reason"}, w.apiWaive),
	}
}

func (w *Web) apiConditions(ctx context.Context, who authz.Actor, in *conditionsInput) (*conditionsOutput, error) {
	after, err := cursorOf("conditions", in.After)
	if err != nil {
		return nil, err
	}
	page, err := w.gov.Conditions(ctx, who, governance.ConditionQuery{Project: in.Project, Mine: in.Mine, Show: in.Show, After: after})
	if err != nil {
		return nil, err
	}
	out := &conditionsOutput{}
	out.Body.Items = make([]conditionJSON, 0, len(page.Conditions))
	for i := range page.Conditions {
		out.Body.Items = append(out.Body.Items, conditionToJSON(&page.Conditions[i]))
	}
	if page.Next != "" {
		out.Body.Next = cursorFor("conditions", page.Next)
	}
	return out, nil
}

func (w *Web) apiCondition(ctx context.Context, who authz.Actor, in *conditionInput) (*conditionOutput, error) {
	c, err := w.gov.Condition(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &conditionOutput{ETag: web.ETag(c.Version), Body: conditionToJSON(&c)}, nil
}

func (w *Web) apiProof(ctx context.Context, who authz.Actor, in *proofInput) (*conditionOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if _, err := w.gov.GiveProof(ctx, who, in.ID, version, in.Body.Proof); err != nil {
		return nil, err
	}
	return w.apiCondition(ctx, who, &conditionInput{in.ID})
}

func (w *Web) apiClose(ctx context.Context, who authz.Actor, in *settleInput) (*conditionOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if _, err := w.gov.CloseCondition(ctx, who, in.ID, version, in.Body.Words); err != nil {
		return nil, err
	}
	return w.apiCondition(ctx, who, &conditionInput{in.ID})
}

func (w *Web) apiWaive(ctx context.Context, who authz.Actor, in *settleInput) (*conditionOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if _, err := w.gov.WaiveCondition(ctx, who, in.ID, version, in.Body.Words); err != nil {
		return nil, err
	}
	return w.apiCondition(ctx, who, &conditionInput{in.ID})
}
