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
	Lead, Panels, Aside templ.Component
	Narrowed            bool // only a part of the table is asked for
}

func (w *Web) overview(r *web.Req) error {
	v := overviewView{Narrowed: r.Query("show") != ""}
	var err error
	if v.Overview, err = w.register.Overview(r.Context(), r.Who()); err != nil {
		return err
	}
	for slot, dest := range map[string]*templ.Component{"portfolio-lead": &v.Lead, "portfolio": &v.Panels, "portfolio-aside": &v.Aside} {
		if *dest, err = r.Panels(slot, ""); err != nil {
			return err
		}
	}
	return r.Render(r.Page("Portfolio", "portfolio"), overviewPage(v))
}

// total adds the programmes up; in one currency or not at all.
func (v overviewView) total() (t portfolio.Share) {
	for _, s := range v.Shares {
		if t.Live == 0 {
			t.Currency = s.Currency
		} else if s.Live > 0 && t.Currency != s.Currency {
			t.Currency = ""
		}
		t.Live, t.All = t.Live+s.Live, t.All+s.All
		t.Budget, t.WithBudget = t.Budget+s.Budget, t.WithBudget+s.WithBudget
		t.Forecast, t.WithForecast = t.Forecast+s.Forecast, t.WithForecast+s.WithForecast
		t.Actual, t.WithActual = t.Actual+s.Actual, t.WithActual+s.WithActual
	}
	return t
}

type organiseView struct {
	Tree                              portfolio.Tree
	Portfolio, Programme, ProgrammeIn string // what was typed
	Errors                            []ui.FieldError
}

// organise is where portfolios and programmes are made.
func (w *Web) organise(r *web.Req) error { return w.showOrganise(r, http.StatusOK, organiseView{}) }

func (w *Web) showOrganise(r *web.Req, status int, v organiseView) error {
	o, err := w.register.Overview(r.Context(), r.Who())
	if err != nil {
		return err
	}
	if !o.MayMake {
		return errs.New(errs.Forbidden, "The PMO makes portfolios and programmes.")
	}
	if v.Tree, err = w.register.Tree(r.Context(), r.Who()); err != nil {
		return err
	}
	p := r.Page("Programmes", "portfolio")
	p.Crumbs = []ui.Crumb{{Label: "Portfolio", Href: "/portfolio"}}
	return r.RenderStatus(status, p, organisePage(v))
}

func (w *Web) addPortfolio(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	made, err := w.register.AddPortfolio(r.Context(), r.Who(), portfolio.Portfolio{Name: f.Text("portfolio_name")})
	if errs.Is(err, errs.Invalid) {
		return w.showOrganise(r, http.StatusUnprocessableEntity, organiseView{Portfolio: f.Text("portfolio_name"), Errors: renamed(err, "portfolio_name")})
	}
	if err != nil {
		return err
	}
	return r.Go("/portfolio/programmes", made.Name+" is there. Give it a programme, or put projects into it directly.")
}

func (w *Web) addProgramme(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	made, err := w.register.AddProgramme(r.Context(), r.Who(), portfolio.Programme{Name: f.Text("programme_name"), Portfolio: f.Text("in")})
	if errs.Is(err, errs.Invalid) {
		return w.showOrganise(r, http.StatusUnprocessableEntity, organiseView{Programme: f.Text("programme_name"), ProgrammeIn: f.Text("in"), Errors: renamed(err, "programme_name")})
	}
	if err != nil {
		return err
	}
	return r.Go("/portfolio/programmes", made.Name+" is there. Projects are put into it on their own page, or by an import.")
}

// renamed gives the errors of a name the name of the box on a page with two of them.
func renamed(err error, box string) []ui.FieldError {
	out := errs.FieldsOf(err)
	for i := range out {
		out[i].Name = box
	}
	return out
}
