package reporting

import (
	"context"
	"database/sql"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Cell is one month of a project's health.
type Cell struct {
	Period             Period
	Declared, Computed string
	Imported           bool // declared in a file, not in a report
}

// stripMonths is how many months a health strip shows.
const stripMonths = 12

// StripPeriods are the months of a strip that ends with a month, oldest first.
func StripPeriods(last Period) (out []Period) {
	for i := stripMonths - 1; i >= 0; i-- {
		out = append(out, last.Add(-i))
	}
	return out
}

// strips reads the health of projects over twelve months: from reports, and
// where there is none from ratings that a file brought. Two queries.
func strips(ctx context.Context, q sqldb.Querier, projects []string, last Period) (map[string][]Cell, error) {
	periods := StripPeriods(last)
	out := map[string][]Cell{}
	place := map[Period]int{}
	for i, p := range periods {
		place[p] = i
	}
	for _, id := range projects {
		cells := make([]Cell, len(periods))
		for i, p := range periods {
			cells[i].Period = p
		}
		out[id] = cells
	}
	var w sqldb.Where
	w.AndIn("project_id", projects)
	w.And("period >= ? AND period <= ?", string(periods[0]), string(last))
	rows, err := q.QueryContext(ctx, `SELECT project_id, period, declared, computed FROM report`+w.SQL(), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var c Cell
		if err := rows.Scan(&id, &c.Period, &c.Declared, &c.Computed); err != nil {
			return nil, err
		}
		out[id][place[c.Period]] = c
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return out, imported(ctx, q, projects, out, periods)
}

// imported fills the months that no report speaks of with ratings of files:
// the one that held at the end of the month.
func imported(ctx context.Context, q sqldb.Querier, projects []string, out map[string][]Cell, periods []Period) error {
	ends := map[Period]clock.Day{}
	for _, p := range periods {
		ends[p] = p.End()
	}
	var w sqldb.Where
	w.AndIn("project_id", projects)
	w.And("rating <> ''")
	rows, err := q.QueryContext(ctx, `SELECT project_id, valid_from, valid_to, rating FROM v_project_rating`+w.SQL()+` ORDER BY project_id, valid_from`, w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, from, to, rating string
		if err := rows.Scan(&id, &from, &to, &rating); err != nil {
			return err
		}
		cells := out[id]
		for i := range cells {
			if end := ends[cells[i].Period]; cells[i].Declared == "" && from <= end && end < to {
				cells[i].Declared, cells[i].Imported = rating, true
			}
		}
	}
	return rows.Err()
}

// Health is a live project in the portfolio's table.
type Health struct {
	Project, Name, Code      string
	Declared, Computed       string // of the newest report
	Period                   Period // of the newest report; empty for none
	Apart                    int    // months in a row in which declared was better than computed
	Cells                    []Cell
	Budget, Forecast, Actual *int64
	Currency                 string
	BaselineEnd, ForecastEnd clock.Day
	Start                    clock.Day // actual, or else baseline or forecast
	Phase                    string
	Manager                  string // as the register has it today
	At                       int64  // of the newest report, microseconds UTC
	Drafted                  bool   // a draft of the month that is due is there
	Closed                   bool   // closed or cancelled: no report is due any more
	Ended                    clock.Day
}

// Watermelon reports whether green was declared and red computed.
func (h Health) Watermelon() bool { return h.Declared == "green" && h.Computed == "red" }

// Until is the last month that says something of a project: the one that is due,
// or of a closed project that of its newest report, or else of its end.
func (h Health) Until(due Period) Period {
	switch {
	case !h.Closed:
		return due
	case h.Period != "":
		return min(due, h.Period)
	case h.Ended != "":
		return min(due, Period(h.Ended[:7]))
	}
	return due
}

// Over is the forecast over the budget in minor units; nothing if either is missing.
func (h Health) Over() int64 {
	if h.Budget == nil || h.Forecast == nil {
		return 0
	}
	return *h.Forecast - *h.Budget
}

// Slip is how many days after its baseline the end is forecast.
func (h Health) Slip() int {
	n, _ := clock.DaysBetween(h.BaselineEnd, h.ForecastEnd) // a missing date is no slip
	return n
}

// MaxHealth bounds the portfolio's table; the register has the rest.
const MaxHealth = 100

// Portfolio reads the health of the live projects that the reader sees, or of
// one project: those first whose declared and computed ratings differ most.
func (s *Service) Portfolio(ctx context.Context, who authz.Actor, project string) (out []Health, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		target := authz.Instance
		if project != "" {
			target = authz.On(project)
		}
		if err := v.May(ctx, SeeReports, target); err != nil {
			return err
		}
		if out, err = healths(ctx, v, project, "", MaxHealth); err != nil {
			return err
		}
		return attachStrips(ctx, v, out)
	})
	return out, err
}

func attachStrips(ctx context.Context, v *work.View, list []Health) error {
	if len(list) == 0 {
		return nil
	}
	ids := make([]string, len(list))
	for i, h := range list {
		ids[i] = h.Project
	}
	last := Due(v.Today)
	if len(list) == 1 {
		last = list[0].Until(last)
	}
	cells, err := strips(ctx, v, ids, last)
	for i := range list {
		list[i].Cells = cells[list[i].Project]
		list[i].Apart = apart(list[i].Cells)
	}
	return err
}

// startOf is when a project begins, as far as the register knows; empty otherwise.
const startOf = `(CASE WHEN v.actual_start <> '' THEN v.actual_start WHEN v.baseline_start <> '' THEN v.baseline_start ELSE v.forecast_start END)`

// shows are the parts of the portfolio that a reader can ask for, by the newest report.
var shows = map[string]string{
	"green": "r.declared = 'green'", "amber": "r.declared = 'amber'", "red": "r.declared = 'red'", "none": "r.declared IS NULL",
	"watermelon": "r.declared = 'green' AND r.computed = 'red'",
}

// byUrgency orders projects by what their newest report leaves open: those first
// whose declared and computed ratings differ most, then the dearest.
const byUrgency = ` ORDER BY CASE WHEN r.declared = 'green' AND r.computed = 'red' THEN 0 WHEN r.declared = 'red' THEN 1 WHEN r.declared = 'amber' AND r.computed = 'red' THEN 2
	WHEN r.declared = 'amber' THEN 3 WHEN r.declared = 'green' AND r.computed = 'amber' THEN 4 WHEN r.declared = 'green' THEN 5 ELSE 6 END,
	COALESCE(v.forecast - v.budget, 0) DESC, v.name_key, v.id`

// chosen gives the ids of one project, or of the live ones that a name of shows
// chooses. It reads indexes alone; the rows are read for those that are shown.
func chosen(w *sqldb.Where, v *work.View, project, show string, limit int) string {
	var own sqldb.Where // numbered with the rest
	own.Args = w.Args
	from := "v_project_live"
	v.Scope(&own, "v.id")
	if project != "" {
		from = "v_project"
		own.And("v.id = ?", project)
	}
	if cond, ok := shows[show]; ok {
		own.And(cond)
	}
	query := `SELECT v.id FROM ` + from + ` v LEFT JOIN report r ON r.project_id = v.id AND r.newest = TRUE` + own.SQL() + byUrgency + ` LIMIT ` + own.Add(limit)
	w.Args = own.Args
	return query
}

// healths reads one project, or the live ones that a name of shows chooses.
func healths(ctx context.Context, v *work.View, project, show string, limit int) (out []Health, err error) {
	w := &sqldb.Where{}
	which := chosen(w, v, project, show, limit)
	rows, err := v.QueryContext(ctx, `SELECT v.id, v.name, v.code, COALESCE(r.declared, ''), COALESCE(r.computed, ''), COALESCE(r.period, ''), v.budget, v.forecast, v.actual, v.currency, v.baseline_end, v.forecast_end,
		`+startOf+`, v.phase, COALESCE(r.submitted_at, 0), CASE WHEN d.project_id IS NULL THEN 0 ELSE 1 END, CASE WHEN v.status IN ('Closed', 'Cancelled') THEN 1 ELSE 0 END, v.actual_end
		FROM (`+which+`) top JOIN v_project v ON v.id = top.id LEFT JOIN report r ON r.project_id = v.id AND r.newest = TRUE
		LEFT JOIN report_draft d ON d.project_id = v.id AND d.period = `+w.Add(string(Due(v.Today)))+byUrgency, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var h Health
		var money [3]sql.NullInt64
		var drafted, closed int
		if err := rows.Scan(&h.Project, &h.Name, &h.Code, &h.Declared, &h.Computed, &h.Period, &money[0], &money[1], &money[2], &h.Currency, &h.BaselineEnd, &h.ForecastEnd, &h.Start, &h.Phase, &h.At, &drafted, &closed, &h.Ended); err != nil {
			return nil, err
		}
		h.Budget, h.Forecast, h.Actual, h.Drafted = amount(money[0]), amount(money[1]), amount(money[2]), drafted == 1
		h.Closed = closed == 1
		out = append(out, h)
	}
	return out, rows.Err()
}

// apart counts the last months in a row in which green was declared and
// something worse computed.
func apart(cells []Cell) (n int) {
	for i := len(cells) - 1; i >= 0; i-- {
		if cells[i].Declared != "green" || cells[i].Computed == "" || cells[i].Computed == "green" {
			if n == 0 && cells[i].Declared == "" {
				continue // no report yet
			}
			return n
		}
		n++
	}
	return n
}

// Change is what moved in a project between a date and now.
type Change struct {
	Project, Name, Code      string
	Then, Now                string // declared
	ThenComputed, Computed   string
	EndThen, EndNow          clock.Day
	ForecastThen, ForecastIs *int64
	Currency                 string
	Summary                  string
	Milestone                string // the next one
	MilestoneLate            int    // days after its baseline
}

// Moved reports whether anything that the sheet shows differs.
func (c Change) Moved() bool {
	return c.Then != c.Now || c.ThenComputed != c.Computed || c.EndThen != c.EndNow || (c.ForecastThen == nil) != (c.ForecastIs == nil) || c.ForecastThen != nil && *c.ForecastThen != *c.ForecastIs
}

// Since compares the newest reports with those that were the newest at a date.
func (s *Service) Since(ctx context.Context, who authz.Actor, day clock.Day) (out []Change, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeReports, authz.Instance); err != nil {
			return err
		}
		list, err := healths(ctx, v, "", "", MaxHealth)
		if err != nil {
			return err
		}
		ids := make([]string, len(list))
		for i, h := range list {
			ids[i] = h.Project
		}
		now, err := newest(ctx, v, ids, "9999-12")
		if err != nil {
			return err
		}
		then, err := newest(ctx, v, ids, day[:7])
		if err != nil {
			return err
		}
		for _, h := range list {
			c := Change{Project: h.Project, Name: h.Name, Code: h.Code, Now: h.Declared, Computed: h.Computed, EndNow: h.ForecastEnd, ForecastIs: h.Forecast, Currency: h.Currency}
			if r, ok := now[h.Project]; ok {
				c.Summary = r.Summary
			}
			if r, ok := then[h.Project]; ok {
				c.Then, c.ThenComputed, c.EndThen, c.ForecastThen = r.Overall, r.Computed.Overall, r.ForecastEnd, r.Forecast
			}
			out = append(out, c)
		}
		return nil
	})
	return out, err
}

// newest reads each project's newest report of a month before the one given.
func newest(ctx context.Context, q sqldb.Querier, ids []string, beforePeriod string) (map[string]Report, error) {
	out := map[string]Report{}
	if len(ids) == 0 {
		return out, nil
	}
	var w sqldb.Where
	w.AndIn("r.project_id", ids)
	w.And(`(r.period, r.number) = (SELECT n.period, n.number FROM report n WHERE n.project_id = r.project_id AND n.period < ? ORDER BY n.period DESC LIMIT 1)`, beforePeriod)
	list, err := listVersions(ctx, q, &w, "r.project_id")
	for _, r := range list {
		out[r.Project] = r
	}
	return out, err
}
