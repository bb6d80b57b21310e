package portfolioweb

import (
	"net/http"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/portfolio"

	"github.com/a-h/templ"
)

type overviewView struct {
	portfolio.Overview
	Tree                              portfolio.Tree
	Panels                            templ.Component
	Portfolio, Programme, ProgrammeIn string // what was typed
	Errors                            []ui.FieldError
}

func (w *Web) overview(r *web.Req) error { return w.showOverview(r, http.StatusOK, overviewView{}) }

func (w *Web) showOverview(r *web.Req, status int, v overviewView) error {
	var err error
	if v.Overview, err = w.register.Overview(r.Context(), r.Who()); err != nil {
		return err
	}
	if v.Tree, err = w.register.Tree(r.Context(), r.Who()); err != nil {
		return err
	}
	if v.Panels, err = r.Panels("portfolio", ""); err != nil {
		return err
	}
	return r.RenderStatus(status, r.Page("Portfolio", "portfolio"), overviewPage(v))
}

func (w *Web) addPortfolio(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	made, err := w.register.AddPortfolio(r.Context(), r.Who(), portfolio.Portfolio{Name: f.Text("portfolio_name")})
	if errs.Is(err, errs.Invalid) {
		return w.showOverview(r, http.StatusUnprocessableEntity, overviewView{Portfolio: f.Text("portfolio_name"), Errors: renamed(err, "portfolio_name")})
	}
	if err != nil {
		return err
	}
	return r.Go("/portfolio", made.Name+" is there.")
}

func (w *Web) addProgramme(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	made, err := w.register.AddProgramme(r.Context(), r.Who(), portfolio.Programme{Name: f.Text("programme_name"), Portfolio: f.Text("in")})
	if errs.Is(err, errs.Invalid) {
		return w.showOverview(r, http.StatusUnprocessableEntity, overviewView{Programme: f.Text("programme_name"), ProgrammeIn: f.Text("in"), Errors: renamed(err, "programme_name")})
	}
	if err != nil {
		return err
	}
	return r.Go("/portfolio", made.Name+" is there.")
}

// renamed gives the errors of a name the name of the box on a page with two of them.
func renamed(err error, box string) []ui.FieldError {
	out := errs.FieldsOf(err)
	for i := range out {
		out[i].Name = box
	}
	return out
}
