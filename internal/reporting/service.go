package reporting

import (
	"context"
	"encoding/json"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Register takes what a submitted report says about a project's facts, within
// the same unit of work.
type Register interface {
	Reported(ctx context.Context, tx *work.Tx, project string, asAt clock.Day, b Body) error
}

// Service is what people can do with reports.
type Service struct {
	unit     *work.Unit
	register Register
}

// NewService makes the service.
func NewService(u *work.Unit, r Register) *Service { return &Service{u, r} }

// Today is the organisation's calendar date, for forms.
func (s *Service) Today() clock.Day { return s.unit.Today() }

// Sheet is all that the page of one report shows.
type Sheet struct {
	Project   string
	Facts     Facts
	Period    Period
	Versions  []Report // submitted, oldest first
	Last      *Report  // of an earlier month
	Draft     Report   // what the form holds: the draft, or pre-filled
	Preview   Computed // of the draft
	MayDraft  bool
	MaySubmit bool
	Carried   map[string]string // where each pre-filled part comes from
}

// Sheet reads the report of a month, or prepares it: last report and register
// carried in, each with its source.
func (s *Service) Sheet(ctx context.Context, who authz.Actor, project string, p Period) (sh Sheet, err error) {
	if !p.Valid() {
		return sh, errs.Missing("report")
	}
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeReports, authz.On(project)); err != nil {
			return err
		}
		sh = Sheet{Project: project, Period: p}
		if sh.Facts, err = factsOf(ctx, v, project); err != nil {
			return err
		}
		if sh.Versions, err = versions(ctx, v, project, p); err != nil {
			return err
		}
		if sh.Last, err = before(ctx, v, project, p); err != nil {
			return err
		}
		sh.MayDraft, sh.MaySubmit = v.Can(ctx, DraftReport, authz.On(project)), v.Can(ctx, SubmitReport, authz.On(project))
		if !sh.MayDraft {
			return nil
		}
		draft, err := getDraft(ctx, v, project, p)
		if err != nil {
			return err
		}
		sh.prepare(draft)
		return nil
	})
	return sh, err
}

// prepare fills the form: the draft if there is one, else the version to be
// corrected, else last month's words and the register's facts.
func (sh *Sheet) prepare(draft *Report) {
	sh.Carried = map[string]string{}
	switch {
	case draft != nil:
		sh.Draft = *draft
	case len(sh.Versions) > 0:
		sh.Draft = Report{Body: sh.Versions[len(sh.Versions)-1].Body}
	default:
		if l := sh.Last; l != nil {
			from := "carried from the report of " + l.Period.Name()
			sh.Draft.Body = Body{
				Overall: l.Overall, OverallReason: l.OverallReason, Schedule: l.Schedule, ScheduleReason: l.ScheduleReason, Cost: l.Cost, CostReason: l.CostReason,
				NextSteps: l.NextSteps, Milestone: l.Milestone, MilestoneBaseline: l.MilestoneBaseline, MilestoneForecast: l.MilestoneForecast,
			}
			for _, f := range []string{"overall", "schedule", "cost", "next_steps", "milestone"} {
				sh.Carried[f] = from
			}
		}
		sh.Draft.ForecastEnd, sh.Draft.Forecast, sh.Draft.Actual = sh.Facts.ForecastEnd, sh.Facts.Forecast, sh.Facts.Actual
		for _, f := range []string{"forecast_end", "forecast", "actual"} {
			sh.Carried[f] = "from the register"
		}
	}
	sh.Draft.Project, sh.Draft.Period, sh.Draft.Facts = sh.Project, sh.Period, sh.Facts
	sh.Preview = Compute(sh.Draft.Body)
}

func (s *Service) checkPeriod(p Period) error {
	if !p.Valid() || p.Start() > s.unit.Today() {
		return errs.OnField("period", "Choose a month that has begun.")
	}
	return nil
}

// Draft keeps an unfinished report; a stale draft version is a Conflict. Who
// wrote it last is named when it is submitted.
func (s *Service) Draft(ctx context.Context, who authz.Actor, project string, p Period, version int64, b Body) error {
	if err := s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error { return v.May(ctx, DraftReport, authz.On(project)) }); err != nil {
		return err
	}
	if err := s.checkPeriod(p); err != nil {
		return err
	}
	if err := b.check(false); err != nil {
		return err
	}
	body, err := json.Marshal(b)
	if err != nil {
		return err
	}
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		res, err := k.ExecContext(ctx, `INSERT INTO report_draft (project_id, period, body, drafted_by, drafted_at, version) VALUES ($1, $2, $3, $4, $5, 1)
			ON CONFLICT (project_id, period) DO UPDATE SET body = excluded.body, drafted_by = excluded.drafted_by, drafted_at = excluded.drafted_at,
			version = report_draft.version + 1 WHERE report_draft.version = $6`, project, string(p), string(body), who.Person, sqldb.Micros(k.Now), version)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errs.New(errs.Conflict, "Somebody drafted this report meanwhile. Theirs is shown beside yours.")
		}
		return nil
	})
}

// Submit makes a report a snapshot for good. A correction is the next number;
// number is the version that the person corrects, 0 for the first. A stale one
// is a Conflict. What the report corrects about dates and money goes into the
// register.
func (s *Service) Submit(ctx context.Context, who authz.Actor, project string, p Period, number int, b Body) (r Report, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, SubmitReport, authz.On(project)); err != nil {
			return err
		}
		if err := s.checkPeriod(p); err != nil {
			return err
		}
		if err := b.check(true); err != nil {
			return err
		}
		if b.Facts, err = factsOf(ctx, tx, project); err != nil {
			return err
		}
		b.Computed = Compute(b)
		r = Report{ID: tx.NewID(), Project: project, ProjectName: b.Facts.Name, Period: p, Body: b, SubmittedBy: who.Person, At: sqldb.Micros(tx.Now)}
		if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(number), 0) + 1 FROM report_version WHERE project_id = $1 AND period = $2`, project, string(p)).Scan(&r.Number); err != nil {
			return err
		}
		if r.Number != number+1 {
			return errs.New(errs.Conflict, "This report was submitted meanwhile. Their version is shown; submit again to correct it.")
		}
		draft, err := getDraft(ctx, tx, project, p)
		if err != nil {
			return err
		}
		if draft != nil {
			r.DraftedBy = draft.DraftedBy
		}
		if r.Role, r.For, err = roleOf(ctx, tx, project, who.Person, tx.Today); err != nil {
			return err
		}
		if err := insertVersion(ctx, tx, r); err != nil {
			return err
		}
		tx.Record(Submitted{Report: r.ID, Project: project, Period: p, Number: r.Number, Declared: b.Overall, Computed: b.Computed.Overall, By: who.Person, Role: r.Role, For: r.For, DraftedBy: r.DraftedBy})
		return s.register.Reported(ctx, tx, project, min(p.End(), tx.Today), b)
	})
	return r, err
}
