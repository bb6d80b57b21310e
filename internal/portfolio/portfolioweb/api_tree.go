package portfolioweb

import (
	"context"
	"net/http"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/web"
	"cairn/internal/portfolio"
)

type nodeJSON struct {
	ID        string `json:"id" readOnly:"true"`
	Portfolio string `json:"portfolio,omitempty" maxLength:"36" doc:"Of a programme: the portfolio that it belongs to."`
	Name      string `json:"name" minLength:"1" maxLength:"300"`
	Code      string `json:"code,omitempty" maxLength:"60"`
	Purpose   string `json:"purpose,omitempty" maxLength:"4000"`
}

type nodesOutput struct {
	Body struct {
		Items []nodeJSON `json:"items" nullable:"false"`
	}
}

type nodeOutput struct {
	ETag string `header:"ETag"`
	Body nodeJSON
}

type nodeBody struct {
	Name    string `json:"name" minLength:"1" maxLength:"300"`
	Code    string `json:"code,omitempty" maxLength:"60"`
	Purpose string `json:"purpose,omitempty" maxLength:"4000"`
}

type addPortfolioInput struct{ Body nodeBody }

type addProgrammeInput struct {
	Body struct {
		Portfolio string `json:"portfolio" maxLength:"36"`
		Name      string `json:"name" minLength:"1" maxLength:"300"`
		Code      string `json:"code,omitempty" maxLength:"60"`
		Purpose   string `json:"purpose,omitempty" maxLength:"4000"`
	}
}

type changeNodeInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body nodeBody
}

type idInput struct {
	ID string `path:"id" maxLength:"36"`
}

type nothing struct{}

type confidentialInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Confidential bool `json:"confidential"`
	}
}

type stageJSON struct {
	From  string              `json:"from"`
	To    string              `json:"to,omitempty"`
	Facts map[string]factJSON `json:"facts"`
}

type stagesOutput struct {
	Body struct {
		Items []stageJSON `json:"items" nullable:"false"`
	}
}

// treeAPI is the tree above the projects, and what a project's page does beside its facts.
func (w *Web) treeAPI() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "listPortfolios", Method: http.MethodGet, Path: "/portfolios", Tag: "portfolios", Action: portfolio.SeeRegister, Summary: "List portfolios by name"}, w.apiPortfolios),
		web.Op(web.Spec{ID: "getPortfolio", Method: http.MethodGet, Path: "/portfolios/{id}", Tag: "portfolios", Action: portfolio.SeeRegister, Summary: "Read one portfolio"}, w.apiPortfolio),
		web.Op(web.Spec{ID: "addPortfolio", Method: http.MethodPost, Path: "/portfolios", Tag: "portfolios", Action: portfolio.Organise, Scope: "projects:write", Summary: "Add a portfolio", Status: http.StatusCreated}, w.apiAddPortfolio),
		web.Op(web.Spec{ID: "renamePortfolio", Method: http.MethodPut, Path: "/portfolios/{id}", Tag: "portfolios", Action: portfolio.Organise, Scope: "projects:write", Summary: "Change name, code and purpose of a portfolio"}, w.apiRenamePortfolio),
		web.Op(web.Spec{ID: "listProgrammes", Method: http.MethodGet, Path: "/programmes", Tag: "portfolios", Action: portfolio.SeeRegister, Summary: "List programmes by name"}, w.apiProgrammes),
		web.Op(web.Spec{ID: "getProgramme", Method: http.MethodGet, Path: "/programmes/{id}", Tag: "portfolios", Action: portfolio.SeeRegister, Summary: "Read one programme"}, w.apiProgramme),
		web.Op(web.Spec{ID: "addProgramme", Method: http.MethodPost, Path: "/programmes", Tag: "portfolios", Action: portfolio.Organise, Scope: "projects:write", Summary: "Add a programme to a portfolio", Status: http.StatusCreated}, w.apiAddProgramme),
		web.Op(web.Spec{ID: "renameProgramme", Method: http.MethodPut, Path: "/programmes/{id}", Tag: "portfolios", Action: portfolio.Organise, Scope: "projects:write", Summary: "Change name, code and purpose of a programme"}, w.apiRenameProgramme),
		web.Op(web.Spec{ID: "markConfidential", Method: http.MethodPut, Path: "/projects/{id}/confidential", Tag: "projects", Action: portfolio.MarkConfidential, Summary: "Mark a project confidential, or open it"}, w.apiMark),
		web.Op(web.Spec{ID: "getProjectStages", Method: http.MethodGet, Path: "/projects/{id}/stages", Tag: "projects", Action: portfolio.SeeProject, Summary: "Read the facts of a project over time"}, w.apiStages),
		web.Op(web.Spec{ID: "unassign", Method: http.MethodDelete, Path: "/assignments/{id}", Tag: "assignments", Action: portfolio.AssignPeople, Scope: "projects:write", Summary: "Remove an assignment that was made by mistake", Details: "One that came to its end gets a last day instead.", Status: http.StatusNoContent}, w.apiUnassign),
	}
}

func portfolioJSON(f portfolio.Portfolio) nodeJSON {
	return nodeJSON{ID: f.ID, Name: f.Name, Code: f.Code, Purpose: f.Purpose}
}

func programmeJSON(g portfolio.Programme) nodeJSON {
	return nodeJSON{ID: g.ID, Portfolio: g.Portfolio, Name: g.Name, Code: g.Code, Purpose: g.Purpose}
}

func (w *Web) apiPortfolios(ctx context.Context, who authz.Actor, _ *nothing) (*nodesOutput, error) {
	tree, err := w.register.Tree(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &nodesOutput{}
	out.Body.Items = make([]nodeJSON, 0, len(tree.Portfolios))
	for _, f := range tree.Portfolios {
		out.Body.Items = append(out.Body.Items, portfolioJSON(f))
	}
	return out, nil
}

func (w *Web) apiProgrammes(ctx context.Context, who authz.Actor, _ *nothing) (*nodesOutput, error) {
	tree, err := w.register.Tree(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &nodesOutput{}
	out.Body.Items = make([]nodeJSON, 0, len(tree.Programmes))
	for _, g := range tree.Programmes {
		out.Body.Items = append(out.Body.Items, programmeJSON(g))
	}
	return out, nil
}

func (w *Web) apiPortfolio(ctx context.Context, who authz.Actor, in *idInput) (*nodeOutput, error) {
	tree, err := w.register.Tree(ctx, who)
	if err != nil {
		return nil, err
	}
	for _, f := range tree.Portfolios {
		if f.ID == in.ID {
			return &nodeOutput{web.ETag(f.Version), portfolioJSON(f)}, nil
		}
	}
	return nil, errs.Missing("portfolio")
}

func (w *Web) apiProgramme(ctx context.Context, who authz.Actor, in *idInput) (*nodeOutput, error) {
	tree, err := w.register.Tree(ctx, who)
	if err != nil {
		return nil, err
	}
	for _, g := range tree.Programmes {
		if g.ID == in.ID {
			return &nodeOutput{web.ETag(g.Version), programmeJSON(g)}, nil
		}
	}
	return nil, errs.Missing("programme")
}

func (w *Web) apiAddPortfolio(ctx context.Context, who authz.Actor, in *addPortfolioInput) (*nodeOutput, error) {
	f, err := w.register.AddPortfolio(ctx, who, portfolio.Portfolio{Name: in.Body.Name, Code: in.Body.Code, Purpose: in.Body.Purpose})
	if err != nil {
		return nil, err
	}
	return w.apiPortfolio(ctx, who, &idInput{f.ID})
}

func (w *Web) apiAddProgramme(ctx context.Context, who authz.Actor, in *addProgrammeInput) (*nodeOutput, error) {
	g, err := w.register.AddProgramme(ctx, who, portfolio.Programme{Portfolio: in.Body.Portfolio, Name: in.Body.Name, Code: in.Body.Code, Purpose: in.Body.Purpose})
	if err != nil {
		return nil, err
	}
	return w.apiProgramme(ctx, who, &idInput{g.ID})
}

func (w *Web) apiRenamePortfolio(ctx context.Context, who authz.Actor, in *changeNodeInput) (*nodeOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if err := w.register.RenamePortfolio(ctx, who, portfolio.Portfolio{ID: in.ID, Version: version, Name: in.Body.Name, Code: in.Body.Code, Purpose: in.Body.Purpose}); err != nil {
		return nil, err
	}
	return w.apiPortfolio(ctx, who, &idInput{in.ID})
}

func (w *Web) apiRenameProgramme(ctx context.Context, who authz.Actor, in *changeNodeInput) (*nodeOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if err := w.register.RenameProgramme(ctx, who, portfolio.Programme{ID: in.ID, Version: version, Name: in.Body.Name, Code: in.Body.Code, Purpose: in.Body.Purpose}); err != nil {
		return nil, err
	}
	return w.apiProgramme(ctx, who, &idInput{in.ID})
}

func (w *Web) apiMark(ctx context.Context, who authz.Actor, in *confidentialInput) (*projectOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if err := w.register.MarkAt(ctx, who, in.ID, version, in.Body.Confidential); err != nil {
		return nil, err
	}
	return w.read(ctx, who, in.ID, portfolio.When{})
}

func (w *Web) apiStages(ctx context.Context, who authz.Actor, in *idInput) (*stagesOutput, error) {
	d, err := w.register.Project(ctx, who, in.ID, portfolio.When{})
	if err != nil {
		return nil, err
	}
	out := &stagesOutput{}
	out.Body.Items = make([]stageJSON, 0, len(d.History))
	for _, st := range d.History {
		one := stageJSON{From: st.From, To: st.To, Facts: map[string]factJSON{}}
		for k, v := range st.Facts {
			one.Facts[string(k)] = factJSON{v.Text, v.Reason}
		}
		out.Body.Items = append(out.Body.Items, one)
	}
	return out, nil
}

func (w *Web) apiUnassign(ctx context.Context, who authz.Actor, in *idInput) (*struct{}, error) {
	return nil, w.register.Unassign(ctx, who, in.ID)
}
