// Package reporting is the highlight report of a month: pre-filled from the
// record, confirmed by the project manager, kept as an immutable snapshot, with
// the rating that Cairn computes beside the one that was declared.
package reporting

import (
	"regexp"
	"time"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

// The actions of this feature.
const (
	SeeReports   = authz.Action("reporting.see_reports")
	DraftReport  = authz.Action("reporting.draft_report")
	SubmitReport = authz.Action("reporting.submit_report")
)

// Rules is this feature's part of the policy table.
var Rules = []authz.Rule{
	{Action: SeeReports, Says: "Read the reports of projects that one sees", Roles: authz.SignedInRoles},
	{Action: DraftReport, Says: "Draft a report", Roles: []authz.Role{authz.PMOMember, authz.HeadOfPMO}, OnNode: []authz.NodeRole{authz.ProjectManager}},
	{Action: SubmitReport, Says: "Submit a report", OnNode: []authz.NodeRole{authz.ProjectManager}},
}

// KeepTables are the tables of this feature that hold no changes of state: drafts.
var KeepTables = []string{"report_draft"}

// Period is the month reported on: "2026-10".
type Period string

var periodForm = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])$`)

// Valid reports whether this is a month.
func (p Period) Valid() bool { return periodForm.MatchString(string(p)) }

// Name is the month in words: October 2026.
func (p Period) Name() string {
	t, err := time.Parse(time.DateOnly, p.Start())
	if err != nil {
		return string(p)
	}
	return t.Format("January 2006")
}

// Start and End are the first and the last day of the month.
func (p Period) Start() clock.Day { return string(p) + "-01" }

// End is the last day of the month.
func (p Period) End() clock.Day {
	t, err := time.Parse(time.DateOnly, p.Start())
	if err != nil {
		return ""
	}
	return t.AddDate(0, 1, -1).Format(time.DateOnly)
}

// Add moves by months.
func (p Period) Add(months int) Period {
	t, err := time.Parse(time.DateOnly, p.Start())
	if err != nil {
		return p
	}
	return Period(t.AddDate(0, months, 0).Format("2006-01"))
}

// Due is the month that is reported on now: the one that ended last.
func Due(today clock.Day) Period { return Period(today[:7]).Add(-1) }

// Body is what a report says. Money is in minor units; nil is missing.
type Body struct {
	Summary           string    `json:"summary"`
	Overall           string    `json:"overall"` // declared: green, amber or red
	OverallReason     string    `json:"overall_reason,omitempty"`
	Schedule          string    `json:"schedule"`
	ScheduleReason    string    `json:"schedule_reason,omitempty"`
	Cost              string    `json:"cost"`
	CostReason        string    `json:"cost_reason,omitempty"`
	NextSteps         string    `json:"next_steps"`
	Milestone         string    `json:"milestone,omitempty"` // the next one
	MilestoneBaseline clock.Day `json:"milestone_baseline,omitempty"`
	MilestoneForecast clock.Day `json:"milestone_forecast,omitempty"`
	ForecastEnd       clock.Day `json:"forecast_end,omitempty"`
	Forecast          *int64    `json:"forecast,omitempty"`
	Actual            *int64    `json:"actual,omitempty"`

	// Facts are those of the register that the report was written against.
	Facts Facts `json:"facts"`
	// Computed is filled when the report is submitted.
	Computed Computed `json:"computed"`
}

// Facts are what the register says about a project, as a report needs it.
type Facts struct {
	Name        string    `json:"name"`
	Currency    string    `json:"currency,omitempty"`
	Start       clock.Day `json:"start,omitempty"` // baseline, or else actual or forecast
	BaselineEnd clock.Day `json:"baseline_end,omitempty"`
	ForecastEnd clock.Day `json:"forecast_end,omitempty"`
	Budget      *int64    `json:"budget,omitempty"`
	Forecast    *int64    `json:"forecast,omitempty"`
	Actual      *int64    `json:"actual,omitempty"`
}

// Declarable are the ratings that a report declares, worst first.
var Declarable = []string{"red", "amber", "green"}

func declarable(s string) bool { return s == "red" || s == "amber" || s == "green" }

const maxWords = 4000

// check refuses a report that cannot be submitted; a draft may be unfinished.
func (b Body) check(submit bool) error {
	var c errs.Check
	for _, t := range []struct{ name, text string }{
		{"summary", b.Summary}, {"overall_reason", b.OverallReason}, {"schedule_reason", b.ScheduleReason}, {"cost_reason", b.CostReason}, {"next_steps", b.NextSteps}, {"milestone", b.Milestone},
	} {
		c.Fits(t.name, t.text, maxWords)
	}
	for _, d := range []struct{ name, day string }{
		{"milestone_baseline", b.MilestoneBaseline}, {"milestone_forecast", b.MilestoneForecast}, {"forecast_end", b.ForecastEnd},
	} {
		c.That(d.day == "" || clock.ValidDay(d.day), d.name, "Enter a date such as 2026-11-24.")
	}
	for _, r := range []struct{ name, value, reason string }{
		{"overall", b.Overall, b.OverallReason}, {"schedule", b.Schedule, b.ScheduleReason}, {"cost", b.Cost, b.CostReason},
	} {
		c.That(r.value == "" || declarable(r.value), r.name, "Choose green, amber or red.")
		if submit {
			c.That(r.value != "", r.name, "Declare green, amber or red.")
			c.That(r.value == "" || r.value == "green" || r.reason != "", r.name+"_reason", "Say in a sentence why it is %s.", r.value)
		}
	}
	if submit {
		c.That(b.Summary != "", "summary", "Add a sentence about the month.")
	}
	return c.Err()
}

// Report is a submitted version, or the draft of the next one.
type Report struct {
	ID          string
	Project     string
	ProjectName string
	Period      Period
	Number      int // 0 for a draft
	Body
	SubmittedBy, SubmittedByName string
	Role                         activity.RoleInWork // of who submitted
	For, ForName                 string
	DraftedBy, DraftedByName     string
	At                           int64 // microseconds UTC
	DraftVersion                 int64
}

// Submitted is the event of a submitted report.
type Submitted struct {
	Report    string              `json:"report"`
	Project   string              `json:"project"`
	Period    Period              `json:"period"`
	Number    int                 `json:"number"`
	Declared  string              `json:"declared"`
	Computed  string              `json:"computed,omitempty"`
	By        string              `json:"by"`
	Role      activity.RoleInWork `json:"role"`
	For       string              `json:"for,omitempty"`
	DraftedBy string              `json:"drafted_by,omitempty"`
}

// Activity implements activity.Event.
func (e Submitted) Activity() activity.Meta {
	verb := "report.submitted"
	if e.Number > 1 {
		verb = "report.corrected"
	}
	m := activity.Meta{
		Verb: verb, Version: 1, SubjectKind: "report", SubjectID: e.Report, Project: e.Project,
		Participants: []activity.Participant{{Person: e.By, Role: e.Role, For: e.For}},
	}
	if e.DraftedBy != "" && e.DraftedBy != e.By {
		m.Participants = append(m.Participants, activity.Participant{Person: e.DraftedBy, Role: activity.Supported})
	}
	return m
}
