package reportingweb

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/reading"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/reporting"
)

type monthView struct {
	Period reporting.Period
	reporting.MonthPage
	Show  string
	Today string
}

func (w *Web) period(r *web.Req) (reporting.Period, error) {
	p := reporting.Period(r.Query("period"))
	if p == "" {
		return reporting.Due(w.reports.Today()), nil
	}
	if !p.Valid() {
		return p, errs.OnField("period", "Enter a month such as 2026-10.")
	}
	return p, nil
}

func (w *Web) month(r *web.Req) error {
	p, err := w.period(r)
	if err != nil {
		return err
	}
	v := monthView{Period: p, Show: r.Query("show"), Today: w.reports.Today()}
	q := reporting.MonthQuery{Show: v.Show}
	cur, err := web.ParseCursor("reports", r.Query("after"))
	if err != nil {
		return err
	}
	if cur != nil {
		q.AfterKey, q.AfterID = cur.Key, cur.ID
	}
	if v.MonthPage, err = w.reports.Month(r.Context(), r.Who(), p, q); err != nil {
		return err
	}
	return r.Render(r.Page("Reports", "reports"), monthPage(v))
}

// formView is the form of one report; several stand on one page.
type formView struct {
	reporting.Sheet
	Typed    typed
	Errors   []ui.FieldError
	Conflict bool
	Theirs   *reporting.Report
	Prefix   string // of the fields' names, where several forms share a page
	Back     string // where to go after sending
	Today    string
	Plain    bool // another form of this page has the main button
}

// typed is what the boxes hold.
type typed map[string]string

func typedOf(b reporting.Body) typed {
	return typed{
		"summary": b.Summary, "overall": b.Overall, "overall_reason": b.OverallReason, "schedule": b.Schedule, "schedule_reason": b.ScheduleReason,
		"cost": b.Cost, "cost_reason": b.CostReason, "next_steps": b.NextSteps, "milestone": b.Milestone, "milestone_baseline": b.MilestoneBaseline,
		"milestone_forecast": b.MilestoneForecast, "forecast_end": b.ForecastEnd, "forecast": money(b.Forecast), "actual": money(b.Actual),
	}
}

func money(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatFloat(float64(*n)/100, 'f', 2, 64)
}

func readBody(t typed) (b reporting.Body, bad []ui.FieldError) {
	b = reporting.Body{
		Summary: t["summary"], Overall: t["overall"], OverallReason: t["overall_reason"], Schedule: t["schedule"], ScheduleReason: t["schedule_reason"],
		Cost: t["cost"], CostReason: t["cost_reason"], NextSteps: t["next_steps"], Milestone: t["milestone"], MilestoneBaseline: t["milestone_baseline"],
		MilestoneForecast: t["milestone_forecast"], ForecastEnd: t["forecast_end"],
	}
	var c errs.Check
	for name, dest := range map[string]**int64{"forecast": &b.Forecast, "actual": &b.Actual} {
		if t[name] == "" {
			continue
		}
		a, err := reading.Money(t[name], reading.Point, reading.Ones)
		if err != nil {
			c.Add(name, "Enter an amount such as 1,250,000.")
			continue
		}
		*dest = &a.Minor
	}
	return b, errs.FieldsOf(c.Err())
}

func (w *Web) report(r *web.Req) error {
	sh, err := w.reports.Sheet(r.Context(), r.Who(), r.Path("id"), reporting.Period(r.Path("period")))
	if err != nil {
		return err
	}
	v := formView{Sheet: sh, Typed: typedOf(sh.Draft.Body), Today: w.reports.Today()}
	if n, err := strconv.Atoi(r.Query("version")); err == nil && n > 0 && n <= len(sh.Versions) {
		return r.Render(w.page(r, sh), versionPage(v, sh.Versions[n-1]))
	}
	return r.Render(w.page(r, sh), reportPage(v, r.Query("correct") != ""))
}

func (w *Web) page(r *web.Req, sh reporting.Sheet) ui.Page {
	p := r.Page("Report of "+ui.Month(sh.Period.Start())+", "+sh.Facts.Name, "reports")
	p.Crumbs = []ui.Crumb{{Label: "Reports", Href: "/reports?period=" + string(sh.Period)}, {Label: sh.Facts.Name, Href: "/projects/" + sh.Project}}
	return p
}

// send keeps a draft or submits; what was typed comes back with any error.
func (w *Web) send(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	project, p := r.Path("id"), reporting.Period(r.Path("period"))
	t := typed{}
	for name := range typedOf(reporting.Body{}) {
		t[name] = f.Text(f.Text("prefix") + name)
	}
	b, bad := readBody(t)
	submit := f.Yes("send")
	if bad == nil {
		if submit {
			number, _ := strconv.Atoi(f.Text("number")) // none is 0, the first version
			_, err = w.reports.Submit(r.Context(), r.Who(), project, p, number, b)
		} else {
			version, _ := strconv.ParseInt(f.Text("draft_version"), 10, 64) // none is 0, no draft yet
			err = w.reports.Draft(r.Context(), r.Who(), project, p, version, b)
		}
		bad = errs.FieldsOf(err)
	}
	if bad != nil || errs.Is(err, errs.Conflict) {
		return w.again(r, project, p, t, bad, err)
	}
	if err != nil {
		return err
	}
	back := f.Text("back")
	if !web.LocalPath(back) {
		back = "/projects/" + project + "/reports/" + string(p)
	}
	if submit {
		return r.Go(back, "Submitted. This version stays as it is; a correction is a new one.")
	}
	return r.Go(back, "Draft kept.")
}

func (w *Web) again(r *web.Req, project string, p reporting.Period, t typed, bad []ui.FieldError, cause error) error {
	sh, err := w.reports.Sheet(r.Context(), r.Who(), project, p)
	if err != nil {
		return err
	}
	v := formView{Sheet: sh, Typed: t, Errors: bad, Today: w.reports.Today()}
	status := http.StatusUnprocessableEntity
	if errs.Is(cause, errs.Conflict) {
		v.Conflict, status = true, http.StatusPreconditionFailed
		theirs := sh.Draft
		if len(sh.Versions) > 0 && sh.Draft.DraftVersion == 0 {
			theirs = sh.Versions[len(sh.Versions)-1]
		}
		v.Theirs = &theirs
	}
	return r.RenderStatus(status, w.page(r, sh), reportPage(v, true))
}

// mine puts the reports of all projects that the reader manages on one page.
func (w *Web) mine(r *web.Req) error {
	p, err := w.period(r)
	if err != nil {
		return err
	}
	page, err := w.reports.Month(r.Context(), r.Who(), p, reporting.MonthQuery{Mine: true})
	if err != nil {
		return err
	}
	var forms []formView
	states := slices.DeleteFunc(page.States, func(s reporting.State) bool { return !s.Mine })
	for i, st := range states {
		if i == maxForms {
			break
		}
		sh, err := w.reports.Sheet(r.Context(), r.Who(), st.Project, p)
		if err != nil {
			return err
		}
		forms = append(forms, formView{Sheet: sh, Typed: typedOf(sh.Draft.Body), Prefix: "p" + strconv.Itoa(i+1) + "-", Plain: i > 0, Back: "/reports/mine?period=" + string(p), Today: w.reports.Today()})
	}
	sheet := r.Page("My reports", "reports")
	sheet.Crumbs = []ui.Crumb{{Label: "Reports", Href: "/reports?period=" + string(p)}}
	return r.Render(sheet, minePage(p, forms, len(states)))
}

// maxForms is how many reports stand on one page.
const maxForms = 10

func (w *Web) print(r *web.Req) error {
	sh, err := w.reports.Sheet(r.Context(), r.Who(), r.Path("id"), reporting.Period(r.Path("period")))
	if err != nil {
		return err
	}
	if len(sh.Versions) == 0 {
		return errs.Missing("submitted report")
	}
	p := w.page(r, sh)
	p.Sheet = true
	return r.Render(p, sponsorSheet(sh, sh.Versions[len(sh.Versions)-1]))
}

func (w *Web) portfolioSheet(r *web.Req) error {
	today := w.reports.Today()
	since := r.Query("since")
	if since == "" {
		since = reporting.Due(today).Start()
	}
	if len(since) != 10 || since > today {
		return errs.OnField("since", "Choose a past date.")
	}
	list, err := w.reports.Since(r.Context(), r.Who(), since)
	if err != nil {
		return err
	}
	p := r.Page("Portfolio since "+ui.DateFull(since), "portfolio")
	p.Sheet = true
	return r.Render(p, portfolioSheet(list, since, today))
}

// projectView is what the project's page shows of its reports.
type projectView struct {
	reporting.Health
	reporting.Sheet
	Due   reporting.Period
	DueBy string
	Today string
}

// newest is the last report that was submitted; nil for none.
func (v projectView) newest() *reporting.Report {
	if n := len(v.Versions); n > 0 {
		return &v.Versions[n-1]
	}
	return v.Last
}

func (w *Web) projectPanel(r *web.Req, project string) (templ.Component, error) {
	list, err := w.reports.Portfolio(r.Context(), r.Who(), project)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	v := projectView{Health: list[0], Due: reporting.Due(w.reports.Today()), Today: w.reports.Today()}
	if v.Sheet, err = w.reports.Sheet(r.Context(), r.Who(), project, v.Due); err != nil {
		return nil, err
	}
	due, err := w.reports.Deadline(r.Context(), r.Who(), v.Due)
	if err != nil {
		return nil, err
	}
	v.DueBy = due.On
	return projectReports(v), nil
}
