package reportingweb

import (
	"context"
	"net/http"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/web"
	"cairn/internal/reporting"
)

type draftOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		Report   reporting.Body     `json:"report"`
		Carried  map[string]string  `json:"carried" nullable:"false" doc:"Where each pre-filled part comes from."`
		Computed reporting.Computed `json:"computed" doc:"Of the draft."`
		Drafted  string             `json:"drafted_by,omitempty"`
	}
}

type keepDraftInput struct {
	web.IfMatch
	Project string `path:"project" maxLength:"36"`
	Period  string `path:"period" maxLength:"7"`
	Body    reporting.Body
}

type healthJSON struct {
	Project     string `json:"project"`
	Name        string `json:"name"`
	Declared    string `json:"declared,omitempty"`
	Computed    string `json:"computed,omitempty"`
	Period      string `json:"period,omitempty" doc:"Of the newest report; absent for none."`
	Apart       int    `json:"months_apart" doc:"Months in a row in which declared was better than computed."`
	Budget      *int64 `json:"budget,omitempty" doc:"Minor units."`
	Forecast    *int64 `json:"forecast,omitempty"`
	Actual      *int64 `json:"actual,omitempty"`
	Currency    string `json:"currency,omitempty"`
	BaselineEnd string `json:"baseline_end,omitempty"`
	ForecastEnd string `json:"forecast_end,omitempty"`
}

type healthOutput struct {
	Body struct {
		Items []healthJSON `json:"items" nullable:"false"`
	}
}

type movedInput struct {
	Since string `query:"since" required:"true" maxLength:"10" doc:"A day."`
}

type movedHealthJSON struct {
	Project      string `json:"project"`
	Name         string `json:"name"`
	Then         string `json:"declared_then,omitempty"`
	Now          string `json:"declared,omitempty"`
	ThenComputed string `json:"computed_then,omitempty"`
	Computed     string `json:"computed,omitempty"`
	EndThen      string `json:"forecast_end_then,omitempty"`
	EndNow       string `json:"forecast_end,omitempty"`
	ForecastThen *int64 `json:"forecast_then,omitempty" doc:"Minor units."`
	Forecast     *int64 `json:"forecast,omitempty"`
	Currency     string `json:"currency,omitempty"`
	Summary      string `json:"summary,omitempty"`
}

type movedOutput struct {
	Body struct {
		Items []movedHealthJSON `json:"items" nullable:"false"`
	}
}

type nothing struct{}

// drafts are reports before they are submitted; the portfolio's sheets come with them.
func (w *Web) drafts() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "getReportDraft", Method: http.MethodGet, Path: "/reports/{project}/{period}/draft", Tag: "reports", Action: reporting.DraftReport, Summary: "Read the draft of a report, or what it is pre-filled with"}, w.apiReadDraft),
		web.Op(web.Spec{ID: "draftReport", Method: http.MethodPut, Path: "/reports/{project}/{period}/draft", Tag: "reports", Action: reporting.DraftReport, Summary: "Draft a report"}, w.apiDraft),
		web.Op(web.Spec{ID: "listHealth", Method: http.MethodGet, Path: "/portfolio/health", Tag: "reports", Action: reporting.SeeReports, Summary: "List declared and computed health of the live projects, widest apart first", Details: "At most 100; the register has the rest."}, w.apiHealth),
		web.Op(web.Spec{ID: "listMoved", Method: http.MethodGet, Path: "/portfolio/changes", Tag: "reports", Action: reporting.SeeReports, Summary: "List what moved in the portfolio since a day"}, w.apiChanges),
	}
}

func (w *Web) apiReadDraft(ctx context.Context, who authz.Actor, in *reportInput) (*draftOutput, error) {
	sh, err := w.reports.Sheet(ctx, who, in.Project, reporting.Period(in.Period))
	if err != nil {
		return nil, err
	}
	if !sh.MayDraft {
		return nil, errs.New(errs.Forbidden, "The project manager and the PMO draft the reports of this project.")
	}
	out := &draftOutput{ETag: web.ETag(sh.Draft.DraftVersion)}
	out.Body.Report, out.Body.Carried, out.Body.Computed, out.Body.Drafted = sh.Draft.Body, sh.Carried, sh.Preview, sh.Draft.DraftedBy
	return out, nil
}

func (w *Web) apiDraft(ctx context.Context, who authz.Actor, in *keepDraftInput) (*draftOutput, error) {
	version, err := in.VersionOrNone()
	if err != nil {
		return nil, err
	}
	if err := w.reports.Draft(ctx, who, in.Project, reporting.Period(in.Period), version, in.Body); err != nil {
		return nil, err
	}
	return w.apiReadDraft(ctx, who, &reportInput{in.Project, in.Period})
}

func (w *Web) apiHealth(ctx context.Context, who authz.Actor, _ *nothing) (*healthOutput, error) {
	list, err := w.reports.Portfolio(ctx, who, "")
	if err != nil {
		return nil, err
	}
	out := &healthOutput{}
	out.Body.Items = make([]healthJSON, 0, len(list))
	for _, h := range list {
		out.Body.Items = append(out.Body.Items, healthJSON{h.Project, h.Name, h.Declared, h.Computed, string(h.Period), h.Apart, h.Budget, h.Forecast, h.Actual, h.Currency, h.BaselineEnd, h.ForecastEnd})
	}
	return out, nil
}

func (w *Web) apiChanges(ctx context.Context, who authz.Actor, in *movedInput) (*movedOutput, error) {
	if !clock.ValidDay(in.Since) {
		return nil, errs.OnField("since", "Send a day such as 2026-10-31.")
	}
	list, err := w.reports.Since(ctx, who, in.Since)
	if err != nil {
		return nil, err
	}
	out := &movedOutput{}
	out.Body.Items = make([]movedHealthJSON, 0, len(list))
	for _, c := range list {
		if c.Moved() {
			out.Body.Items = append(out.Body.Items, movedHealthJSON{c.Project, c.Name, c.Then, c.Now, c.ThenComputed, c.Computed, c.EndThen, c.EndNow, c.ForecastThen, c.ForecastIs, c.Currency, c.Summary})
		}
	}
	return out, nil
}
