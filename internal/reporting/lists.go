package reporting

import (
	"context"
	"database/sql"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// State is where one project's report of a month stands.
type State struct {
	Project, Name, Code string
	Manager             string // names, as the register has them on the day
	Declared, Computed  string
	Number              int   // 0: not submitted
	At                  int64 // of the submission or the draft
	Drafted             bool
	Mine                bool // the reader is the project manager or deputises
	Partner             bool // the reader is the PMO partner, or supports
}

// maxStates bounds the table of a month.
const maxStates = 500

// Month lists the live projects of a month with the state of their reports, the
// reader's own first. With mine, only those that the reader submits or is the PMO partner of.
func (s *Service) Month(ctx context.Context, who authz.Actor, p Period, mine bool) (out []State, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeReports, authz.Instance); err != nil {
			return err
		}
		w := &sqldb.Where{}
		own, from, until := w.Add(who.Person), w.Add(v.Today), w.Add(v.Today)
		partner, from2, until2 := w.Add(who.Person), w.Add(v.Today), w.Add(v.Today)
		period1, period2 := w.Add(string(p)), w.Add(string(p))
		v.Scope(w, "v.id")
		w.And("(v.status NOT IN ('Closed', 'Cancelled') OR r.number IS NOT NULL)")
		if mine {
			w.And("(m.project_id IS NOT NULL OR t.project_id IS NOT NULL)")
		}
		rows, err := v.QueryContext(ctx, `SELECT v.id, v.name, v.code, COALESCE(r.declared, ''), COALESCE(r.computed, ''), COALESCE(r.number, 0), COALESCE(r.submitted_at, d.drafted_at, 0),
			CASE WHEN d.project_id IS NULL THEN 0 ELSE 1 END, CASE WHEN m.project_id IS NULL THEN 0 ELSE 1 END, CASE WHEN t.project_id IS NULL THEN 0 ELSE 1 END
			FROM v_project v
			LEFT JOIN (SELECT DISTINCT project_id FROM v_assignment WHERE person_id = `+own+` AND kind IN ('project_manager', 'deputy') AND from_on <= `+from+` AND (to_on = '' OR to_on >= `+until+`)) m ON m.project_id = v.id
			LEFT JOIN (SELECT DISTINCT project_id FROM v_assignment WHERE person_id = `+partner+` AND kind IN ('pmo_partner', 'support') AND from_on <= `+from2+` AND (to_on = '' OR to_on >= `+until2+`)) t ON t.project_id = v.id
			LEFT JOIN report r ON r.project_id = v.id AND r.period = `+period1+` LEFT JOIN report_draft d ON d.project_id = v.id AND d.period = `+period2+
			w.SQL()+` ORDER BY 9 DESC, v.name_key, v.id LIMIT `+w.Add(maxStates), w.Values()...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var st State
			var drafted, own, partner int
			if err := rows.Scan(&st.Project, &st.Name, &st.Code, &st.Declared, &st.Computed, &st.Number, &st.At, &drafted, &own, &partner); err != nil {
				return err
			}
			st.Drafted, st.Mine, st.Partner = drafted == 1, own == 1, partner == 1
			out = append(out, st)
		}
		return rows.Err()
	})
	return out, err
}

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
	return out, imported(ctx, q, projects, out)
}

// imported fills the months that no report speaks of with ratings of files:
// the one that held at the end of the month.
func imported(ctx context.Context, q sqldb.Querier, projects []string, out map[string][]Cell) error {
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
			if end := cells[i].Period.End(); cells[i].Declared == "" && from <= end && end < to {
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
}

// Watermelon reports whether green was declared and something worse computed.
func (h Health) Watermelon() bool {
	return h.Declared == "green" && (h.Computed == "amber" || h.Computed == "red")
}

// maxHealth bounds the portfolio's table; the register has the rest.
const maxHealth = 100

// Portfolio reads the health of the live projects that the reader sees: those
// first whose declared and computed ratings differ most, then the worst.
func (s *Service) Portfolio(ctx context.Context, who authz.Actor, project string) (out []Health, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		target := authz.Instance
		if project != "" {
			target = authz.On(project)
		}
		if err := v.May(ctx, SeeReports, target); err != nil {
			return err
		}
		if out, err = healths(ctx, v, project); err != nil {
			return err
		}
		ids := make([]string, len(out))
		for i, h := range out {
			ids[i] = h.Project
		}
		if len(ids) == 0 {
			return nil
		}
		cells, err := strips(ctx, v, ids, Due(v.Today))
		for i := range out {
			out[i].Cells = cells[out[i].Project]
			out[i].Apart = apart(out[i].Cells)
		}
		return err
	})
	return out, err
}

func healths(ctx context.Context, v *work.View, project string) (out []Health, err error) {
	w := &sqldb.Where{}
	v.Scope(w, "v.id")
	if project != "" {
		w.And("v.id = ?", project)
	} else {
		w.And("v.status NOT IN ('Closed', 'Cancelled')")
	}
	rows, err := v.QueryContext(ctx, `SELECT v.id, v.name, v.code, COALESCE(r.declared, ''), COALESCE(r.computed, ''), COALESCE(r.period, ''), v.budget, v.forecast, v.actual, v.currency, v.baseline_end, v.forecast_end
		FROM v_project v LEFT JOIN report r ON r.project_id = v.id AND r.period = (SELECT MAX(x.period) FROM report x WHERE x.project_id = v.id)`+w.SQL()+`
		ORDER BY CASE WHEN r.declared = 'green' AND r.computed = 'red' THEN 0 WHEN r.declared = 'red' THEN 1 WHEN r.declared = 'green' AND r.computed = 'amber' THEN 2
			WHEN r.declared = 'amber' THEN 3 WHEN r.declared = 'green' THEN 4 ELSE 5 END, v.name_key, v.id LIMIT `+w.Add(maxHealth), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var h Health
		var money [3]sql.NullInt64
		if err := rows.Scan(&h.Project, &h.Name, &h.Code, &h.Declared, &h.Computed, &h.Period, &money[0], &money[1], &money[2], &h.Currency, &h.BaselineEnd, &h.ForecastEnd); err != nil {
			return nil, err
		}
		h.Budget, h.Forecast, h.Actual = amount(money[0]), amount(money[1]), amount(money[2])
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
		list, err := healths(ctx, v, "")
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
