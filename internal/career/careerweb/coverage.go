package careerweb

import (
	"context"
	"net/http"

	"cairn/internal/career"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

var crumbStanding = ui.Crumb{Label: "My standing", Href: "/career"}

func (w *Web) coverage(r *web.Req) error {
	c, err := w.career.Coverage(r.Context(), r.Who())
	if err != nil {
		return err
	}
	return r.Render(r.Page("Team coverage", "coverage"), coveragePage(c))
}

func (w *Web) chooseCounted(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	on := f.Text("counted") == "on"
	if err := w.career.ChooseCounted(r.Context(), r.Who(), on); err != nil {
		return err
	}
	if on {
		return r.Go("/career", "You are counted from the next month on, never as one of fewer than five.")
	}
	return r.Go("/career", "You are not counted any more.")
}

type bandJSON struct {
	From   int `json:"from"`
	To     int `json:"to"`
	People int `json:"people" doc:"At least five."`
}

type coveredJSON struct {
	ID     string     `json:"id"`
	Name   string     `json:"name"`
	Month  string     `json:"month,omitempty" doc:"When it was counted; empty if it cannot be shown."`
	People int        `json:"people,omitempty"`
	Bands  []bandJSON `json:"bands" nullable:"false" doc:"Levels of application that belong together, so that nobody can tell of fewer than five."`
}

type coverageOutput struct {
	Body struct {
		By    string        `json:"framework"`
		Items []coveredJSON `json:"items" nullable:"false"`
	}
}

type countedOutput struct {
	Body struct {
		On bool `json:"on"`
	}
}

func (w *Web) teamOperations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "getCoverage", Method: http.MethodGet, Path: "/coverage", Tag: "standing", Action: career.SeeCoverage, Summary: "Read how many of the PMO stand where, of those who chose to be counted"}, w.apiCoverage),
		web.Op(web.Spec{ID: "getCounted", Method: http.MethodGet, Path: "/standing/counted", Tag: "standing", Action: career.OwnCareer, Scope: "career:read", Summary: "Read whether you are counted in the coverage of the team"}, w.apiCounted),
		web.Op(web.Spec{ID: "chooseCounted", Method: http.MethodPut, Path: "/standing/counted", Tag: "standing", Action: career.OwnCareer, Scope: "career:write", Summary: "Choose whether you are counted in the coverage of the team"}, func(ctx context.Context, who authz.Actor, in *choiceInput) (*countedOutput, error) {
			if err := w.career.ChooseCounted(ctx, who, in.Body.On); err != nil {
				return nil, err
			}
			return w.apiCounted(ctx, who, nil)
		}),
		web.Op(web.Spec{ID: "listLooks", Method: http.MethodGet, Path: "/career-looks", Tag: "standing", Action: career.OwnCareer, Scope: "career:read", Summary: "List who opened what of your career, for a year"}, w.apiLooks),
	}
}

func (w *Web) apiCoverage(ctx context.Context, who authz.Actor, _ *struct{}) (*coverageOutput, error) {
	c, err := w.career.Coverage(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &coverageOutput{}
	out.Body.By, out.Body.Items = c.By.About.ID+" "+c.By.About.Version, make([]coveredJSON, 0, len(c.Rows))
	for _, row := range c.Rows {
		x := coveredJSON{ID: row.ID, Name: row.Name, Month: row.Month, People: row.People, Bands: []bandJSON{}}
		for _, b := range row.Bands {
			x.Bands = append(x.Bands, bandJSON(b))
		}
		out.Body.Items = append(out.Body.Items, x)
	}
	return out, nil
}

func (w *Web) apiCounted(ctx context.Context, who authz.Actor, _ *struct{}) (*countedOutput, error) {
	on, err := w.career.Counted(ctx, who)
	out := &countedOutput{}
	out.Body.On = on
	return out, err
}

type lookJSON struct {
	On   string `json:"on"`
	Who  string `json:"who"`
	What string `json:"what" enum:"step,attestation,mentoring"`
	ID   string `json:"id"`
}

type looksOutput struct {
	Body struct {
		Items []lookJSON `json:"items" nullable:"false"`
	}
}

func (w *Web) looks(r *web.Req) error {
	list, err := w.career.Looks(r.Context(), r.Who())
	if err != nil {
		return err
	}
	p := r.Page("Who looked", "career")
	p.Crumbs = append(p.Crumbs, crumbStanding)
	return r.Render(p, looksPage(list, w.career.Today()))
}

func (w *Web) apiLooks(ctx context.Context, who authz.Actor, _ *struct{}) (*looksOutput, error) {
	list, err := w.career.Looks(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &looksOutput{}
	out.Body.Items = make([]lookJSON, 0, len(list))
	for _, l := range list {
		out.Body.Items = append(out.Body.Items, lookJSON{l.On, l.Name, string(l.What), l.ID})
	}
	return out, nil
}
