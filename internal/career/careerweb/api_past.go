package careerweb

import (
	"context"
	"net/http"

	"cairn/internal/career"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/web"
)

type itemJSON struct {
	Kind    string `json:"kind"`
	Role    string `json:"role" doc:"Role in the work."`
	Origin  string `json:"origin" enum:"recorded,imported,own_word"`
	Project string `json:"project,omitempty"`
	Name    string `json:"name,omitempty"`
	From    string `json:"from,omitempty"`
	To      string `json:"to,omitempty"`
}

type counterInput struct {
	ID string `path:"id" maxLength:"100"`
}

type openedInput struct {
	ID        string `path:"id" maxLength:"100"`
	On        string `query:"on" maxLength:"10" doc:"On a past day; nothing is today."`
	Framework string `query:"framework" maxLength:"60" doc:"By which published version of the framework; nothing is the one in force."`
}

type counterOutput struct {
	Body struct {
		ID    string     `json:"id"`
		Name  string     `json:"name"`
		Value int        `json:"value"`
		Items []itemJSON `json:"items" nullable:"false" doc:"The records that it counts."`
	}
}

type requirementJSON struct {
	Says string `json:"says"`
	Met  bool   `json:"met"`
	Have string `json:"have,omitempty"`
}

type roleOutput struct {
	Body struct {
		ID           string            `json:"id"`
		Name         string            `json:"name"`
		State        string            `json:"state" enum:"qualified,one step,further"`
		Requirements []requirementJSON `json:"requirements" nullable:"false"`
		ClosedBy     []string          `json:"closed_by" nullable:"false" doc:"Options that alone close what is missing."`
		WhyNot       [][]blockerJSON   `json:"why_not" nullable:"false" doc:"The smallest sets of missing requirements that keep the role closed, each with who could confirm it."`
	}
}

type pastJSON struct {
	ID           string `json:"id,omitempty" readOnly:"true"`
	Organisation string `json:"organisation" maxLength:"200"`
	Post         string `json:"post" maxLength:"200"`
	From         string `json:"from" maxLength:"10" doc:"A day, or a month."`
	To           string `json:"to,omitempty" maxLength:"10"`
	Projects     int64  `json:"projects" minimum:"0" maximum:"1000"`
	Scale        string `json:"scale" enum:"light,medium,major"`
	Role         string `json:"role" enum:"led,deputised,contributed,supported,observed"`
}

type pastOutput struct {
	Body struct {
		Items []pastJSON `json:"items" nullable:"false"`
	}
}

type statePastInput struct {
	Body struct {
		Items []pastJSON `json:"items" minItems:"1" maxItems:"100" nullable:"false"`
	}
}

type pastInput struct {
	ID string `path:"id" maxLength:"36"`
}

// ownRecords open the standing down to its records, and keep the years before Cairn.
func (w *Web) ownRecords() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "getStandingCounter", Method: http.MethodGet, Path: "/standing/counters/{id}", Tag: "standing", Action: career.OwnCareer, Scope: "career:read", Summary: "Open one counter of one's own standing"}, w.apiCounter),
		web.Op(web.Spec{ID: "getStandingRole", Method: http.MethodGet, Path: "/standing/roles/{id}", Tag: "standing", Action: career.OwnCareer, Scope: "career:read", Summary: "Open one role of one's own standing"}, w.apiRole),
		web.Op(web.Spec{ID: "listPastYears", Method: http.MethodGet, Path: "/standing/past", Tag: "standing", Action: career.OwnCareer, Scope: "career:read", Summary: "List one's own years before Cairn"}, w.apiPast),
		web.Op(web.Spec{ID: "statePastYears", Method: http.MethodPost, Path: "/standing/past", Tag: "standing", Action: career.OwnCareer, Scope: "career:write", Summary: "State one's own years before Cairn", Status: http.StatusCreated}, w.apiStatePast),
		web.Op(web.Spec{ID: "removePastYears", Method: http.MethodDelete, Path: "/standing/past/{id}", Tag: "standing", Action: career.OwnCareer, Scope: "career:write", Summary: "Take a line about past years back"}, w.apiRemovePast),
	}
}

func (w *Web) apiCounter(ctx context.Context, who authz.Actor, in *openedInput) (*counterOutput, error) {
	o, err := w.career.Counter(ctx, who, in.ID, career.When{On: in.On, Framework: in.Framework})
	if err != nil {
		return nil, err
	}
	out := &counterOutput{}
	out.Body.ID, out.Body.Name, out.Body.Value, out.Body.Items = o.ID, o.Name, o.Value, make([]itemJSON, 0, len(o.Items))
	for _, it := range o.Items {
		out.Body.Items = append(out.Body.Items, itemJSON{it.Kind, string(it.Role), string(it.Origin), it.Project, it.ProjectName, it.From, it.To})
	}
	return out, nil
}

func (w *Web) apiRole(ctx context.Context, who authz.Actor, in *counterInput) (*roleOutput, error) {
	o, err := w.career.Options(ctx, who)
	if err != nil {
		return nil, err
	}
	r, is := roleOf(o.Standing, in.ID)
	if !is {
		return nil, errs.Missing("role")
	}
	out := &roleOutput{}
	out.Body.ID, out.Body.Name, out.Body.State = r.ID, r.Name, r.State
	out.Body.Requirements, out.Body.ClosedBy = make([]requirementJSON, 0, len(r.Requirements)), append([]string{}, r.ClosedBy...)
	for _, q := range r.Requirements {
		out.Body.Requirements = append(out.Body.Requirements, requirementJSON{q.Says, q.Met, q.Have})
	}
	out.Body.WhyNot = blockers(o.WhyNot(r.ID))
	return out, nil
}

func (w *Web) apiPast(ctx context.Context, who authz.Actor, _ *nothing) (*pastOutput, error) {
	st, err := w.career.Standing(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &pastOutput{}
	out.Body.Items = make([]pastJSON, 0, len(st.Past))
	for _, p := range st.Past {
		out.Body.Items = append(out.Body.Items, pastJSON{p.ID, p.Organisation, p.Post, p.From, p.To, p.Projects, p.Scale, string(p.Role)})
	}
	return out, nil
}

func (w *Web) apiStatePast(ctx context.Context, who authz.Actor, in *statePastInput) (*pastOutput, error) {
	lines := make([]career.Past, 0, len(in.Body.Items))
	for _, p := range in.Body.Items {
		lines = append(lines, career.Past{Organisation: p.Organisation, Post: p.Post, From: startOf(p.From), To: endOf(p.To), Projects: p.Projects, Scale: p.Scale, Role: activity.RoleInWork(p.Role)})
	}
	if err := w.career.StatePast(ctx, who, lines); err != nil {
		return nil, err
	}
	return w.apiPast(ctx, who, nil)
}

func (w *Web) apiRemovePast(ctx context.Context, who authz.Actor, in *pastInput) (*pastOutput, error) {
	if err := w.career.RemovePast(ctx, who, in.ID); err != nil {
		return nil, err
	}
	return w.apiPast(ctx, who, nil)
}
