package portfolioweb

import (
	"context"
	"net/http"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
	"cairn/internal/portfolio"
)

type totalJSON struct {
	Currency     string `json:"currency" doc:"ISO 4217; empty for projects that state none."`
	Projects     int    `json:"projects"`
	Budget       int64  `json:"budget" doc:"In minor units (pence), over with_budget projects."`
	WithBudget   int    `json:"with_budget"`
	Forecast     int64  `json:"forecast"`
	WithForecast int    `json:"with_forecast"`
	Actual       int64  `json:"actual"`
	WithActual   int    `json:"with_actual"`
}

func totalsJSON(list []portfolio.Total) []totalJSON {
	out := make([]totalJSON, 0, len(list))
	for _, t := range list {
		out = append(out, totalJSON{t.Currency, t.Projects, t.Budget, t.WithBudget, t.Forecast, t.WithForecast, t.Cost, t.WithCost})
	}
	return out
}

type groupJSON struct {
	Key      string      `json:"key"`
	Label    string      `json:"label" doc:"Empty for the projects without a value."`
	Where    string      `json:"where,omitempty" doc:"The condition that finds the projects of this group."`
	Projects int         `json:"projects"`
	Totals   []totalJSON `json:"totals" nullable:"false"`
}

type groupsInput struct {
	ProjectsQuery
	By string `query:"by" maxLength:"80" required:"true" doc:"programme, status, phase, rating, org_unit, category, end_year, project_manager, pmo_partner, or a custom field with choices."`
}

type groupsOutput struct {
	Body struct {
		Items []groupJSON `json:"items" nullable:"false"`
	}
}

type viewJSON struct {
	ID        string `json:"id,omitempty" readOnly:"true"`
	Name      string `json:"name" maxLength:"80"`
	Query     string `json:"query" maxLength:"5000" doc:"The address of the list without the place in it: where, find, under, rating, status, phase, category, org_unit, person, live, vanished, sort, group, cols."`
	Shared    bool   `json:"shared,omitempty" doc:"Everybody may open it, and finds in it what they may see."`
	Owner     string `json:"owner,omitempty" readOnly:"true"`
	MayChange bool   `json:"may_change,omitempty" readOnly:"true"`
}

func viewToJSON(v portfolio.View) viewJSON {
	return viewJSON{ID: v.ID, Name: v.Name, Query: v.Query, Shared: v.Shared, Owner: v.Owner, MayChange: v.MayChange}
}

type viewsOutput struct {
	Body struct {
		Items []viewJSON `json:"items" nullable:"false"`
	}
}

type viewInput struct {
	ID string `path:"id" maxLength:"36"`
}

type viewOutput struct {
	ETag string `header:"ETag"`
	Body viewJSON
}

type addViewInput struct{ Body viewJSON }

type changeViewInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body viewJSON
}

func (w *Web) viewOperations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "groupProjects", Method: http.MethodGet, Path: "/projects/groups", Tag: "projects", Action: portfolio.SeeRegister, Summary: "Count and sum a list of projects by groups"}, w.apiGroups),
		web.Op(web.Spec{ID: "listViews", Method: http.MethodGet, Path: "/views", Tag: "views", Action: portfolio.SeeRegister, Summary: "List the views that one keeps and the shared ones"}, w.apiViews),
		web.Op(web.Spec{ID: "getView", Method: http.MethodGet, Path: "/views/{id}", Tag: "views", Action: portfolio.SeeRegister, Summary: "Read one view"}, w.apiView),
		web.Op(web.Spec{ID: "addView", Method: http.MethodPost, Path: "/views", Tag: "views", Action: portfolio.KeepViews, Summary: "Keep a list under a name", Status: http.StatusCreated}, w.apiAddView),
		web.Op(web.Spec{ID: "changeView", Method: http.MethodPut, Path: "/views/{id}", Tag: "views", Action: portfolio.ChangeView, Summary: "Rename a view, replace its list, share it"}, w.apiChangeView),
		web.Op(web.Spec{ID: "deleteView", Method: http.MethodDelete, Path: "/views/{id}", Tag: "views", Action: portfolio.ChangeView, Summary: "Delete a view", Status: http.StatusNoContent}, w.apiDeleteView),
	}
}

func (w *Web) apiGroups(ctx context.Context, who authz.Actor, in *groupsInput) (*groupsOutput, error) {
	f, err := w.asked(in.ProjectsQuery)
	if err != nil {
		return nil, err
	}
	f.Group = in.By
	list, err := w.register.Groups(ctx, who, f)
	if err != nil {
		return nil, err
	}
	out := &groupsOutput{}
	out.Body.Items = make([]groupJSON, 0, len(list))
	for _, g := range list {
		out.Body.Items = append(out.Body.Items, groupJSON{g.Key, g.Label, g.Where, g.Projects, totalsJSON(g.Totals)})
	}
	return out, nil
}

func (w *Web) apiViews(ctx context.Context, who authz.Actor, _ *struct{}) (*viewsOutput, error) {
	list, err := w.register.Views(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &viewsOutput{}
	out.Body.Items = make([]viewJSON, 0, len(list))
	for _, v := range list {
		out.Body.Items = append(out.Body.Items, viewToJSON(v))
	}
	return out, nil
}

func (w *Web) apiView(ctx context.Context, who authz.Actor, in *viewInput) (*viewOutput, error) {
	v, err := w.register.View(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &viewOutput{ETag: web.ETag(v.Version), Body: viewToJSON(v)}, nil
}

func (w *Web) apiAddView(ctx context.Context, who authz.Actor, in *addViewInput) (*viewOutput, error) {
	v, err := w.register.SaveView(ctx, who, portfolio.View{Name: in.Body.Name, Query: in.Body.Query, Shared: in.Body.Shared})
	if err != nil {
		return nil, err
	}
	return w.apiView(ctx, who, &viewInput{ID: v.ID})
}

func (w *Web) apiChangeView(ctx context.Context, who authz.Actor, in *changeViewInput) (*viewOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if err := w.register.ChangeView(ctx, who, portfolio.View{ID: in.ID, Name: in.Body.Name, Query: in.Body.Query, Shared: in.Body.Shared, Version: version}); err != nil {
		return nil, err
	}
	return w.apiView(ctx, who, &viewInput{ID: in.ID})
}

func (w *Web) apiDeleteView(ctx context.Context, who authz.Actor, in *viewInput) (*struct{}, error) {
	return nil, w.register.DeleteView(ctx, who, in.ID)
}
