package reportingweb

import (
	"context"
	"net/http"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/web"
	"cairn/internal/reporting"
)

// reportJSON is a report in the API; money is in minor units.
type reportJSON struct {
	Project string         `json:"project"`
	Period  string         `json:"period" example:"2026-10"`
	Number  int            `json:"number" doc:"The version; corrections count up."`
	Body    reporting.Body `json:"report"`
	By      string         `json:"submitted_by,omitempty"`
	Role    string         `json:"role,omitempty" doc:"Role in the work of who submitted."`
	For     string         `json:"for,omitempty"`
	Drafted string         `json:"drafted_by,omitempty"`
}

type reportInput struct {
	Project string `path:"project" maxLength:"36"`
	Period  string `path:"period" maxLength:"7"`
}

type reportOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		Versions []reportJSON       `json:"versions" nullable:"false"`
		Computed reporting.Computed `json:"computed" doc:"Of the register as it stands now."`
	}
}

type submitReportInput struct {
	web.IfMatch
	Project string `path:"project" maxLength:"36"`
	Period  string `path:"period" maxLength:"7"`
	Body    reporting.Body
}

type monthInput struct {
	Period string `query:"period" maxLength:"7" doc:"The month that ended last if absent."`
	Show   string `query:"show" enum:"to_come,in,better,worse,watermelon" doc:"All if absent. Better and worse compare with the month before; a watermelon declares green over a computed red."`
	After  string `query:"after" maxLength:"800" doc:"The next of the page before."`
}

type stateJSON struct {
	Project  string `json:"project"`
	Name     string `json:"name"`
	Number   int    `json:"number" doc:"0: not submitted."`
	Declared string `json:"declared,omitempty"`
	Computed string `json:"computed,omitempty"`
}

type monthOutput struct {
	Body struct {
		Period string      `json:"period"`
		Items  []stateJSON `json:"items" nullable:"false"`
		Next   string      `json:"next,omitempty"`
	}
}

func (w *Web) operations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "listReports", Method: http.MethodGet, Path: "/reports", Tag: "reports", Action: reporting.SeeReports, Summary: "List where the reports of a month stand"}, w.apiMonth),
		web.Op(web.Spec{ID: "getReport", Method: http.MethodGet, Path: "/reports/{project}/{period}", Tag: "reports", Action: reporting.SeeReports, Summary: "Read all versions of a report"}, w.apiReport),
		web.Op(web.Spec{ID: "submitReport", Method: http.MethodPost, Path: "/reports/{project}/{period}", Tag: "reports", Action: reporting.SubmitReport, Summary: "Submit a report, or a correction of it", Status: http.StatusCreated}, w.apiSubmit),
	}
}

func (w *Web) apiMonth(ctx context.Context, who authz.Actor, in *monthInput) (*monthOutput, error) {
	p := reporting.Period(in.Period)
	if p == "" {
		p = reporting.Due(w.reports.Today())
	}
	if !p.Valid() {
		return nil, errs.OnField("period", "Send a month such as 2026-10.")
	}
	q := reporting.MonthQuery{Show: in.Show}
	cur, err := web.ParseCursor("reports", in.After)
	if err != nil {
		return nil, err
	}
	if cur != nil {
		q.AfterKey, q.AfterID = cur.Key, cur.ID
	}
	page, err := w.reports.Month(ctx, who, p, q)
	if err != nil {
		return nil, err
	}
	out := &monthOutput{}
	out.Body.Period, out.Body.Items = string(p), make([]stateJSON, 0, len(page.States))
	if page.NextID != "" {
		out.Body.Next = web.Cursor{List: "reports", Key: page.NextKey, ID: page.NextID}.String()
	}
	for _, s := range page.States {
		out.Body.Items = append(out.Body.Items, stateJSON{s.Project, s.Name, s.Number, s.Declared, s.Computed})
	}
	return out, nil
}

func (w *Web) apiReport(ctx context.Context, who authz.Actor, in *reportInput) (*reportOutput, error) {
	sh, err := w.reports.Sheet(ctx, who, in.Project, reporting.Period(in.Period))
	if err != nil {
		return nil, err
	}
	out := &reportOutput{ETag: web.ETag(int64(len(sh.Versions)))}
	out.Body.Versions, out.Body.Computed = make([]reportJSON, 0, len(sh.Versions)), sh.Preview
	for _, r := range sh.Versions {
		out.Body.Versions = append(out.Body.Versions, reportJSON{r.Project, string(r.Period), r.Number, r.Body, r.SubmittedBy, string(r.Role), r.For, r.DraftedBy})
	}
	return out, nil
}

func (w *Web) apiSubmit(ctx context.Context, who authz.Actor, in *submitReportInput) (*reportOutput, error) {
	version, err := in.VersionOrNone()
	if err != nil {
		return nil, err
	}
	if _, err := w.reports.Submit(ctx, who, in.Project, reporting.Period(in.Period), int(version), in.Body); err != nil {
		return nil, err
	}
	return w.apiReport(ctx, who, &reportInput{in.Project, in.Period})
}
