package reporting

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// State is where one project's report of a month stands.
type State struct {
	Project, Name, Code    string
	Manager                string // as the register has it on the day
	Declared, Computed     string
	Before, BeforeComputed string // of the month before
	Number                 int    // 0: not submitted
	At                     int64  // of the submission or the draft
	Drafted                bool
	Mine                   bool // the reader is the project manager or deputises
	Partner                bool // the reader is the PMO partner, or supports
	Sponsored              bool // the reader is the sponsor
	key                    string
}

// Watermelon reports whether green was declared and red computed.
func (s State) Watermelon() bool { return s.Declared == "green" && s.Computed == "red" }

// MonthQuery chooses among the reports of a month.
type MonthQuery struct {
	Show              string // a key of monthShows; all otherwise
	Mine              bool   // only those of projects that the reader has a part in
	AfterKey, AfterID string
}

// Tally counts the reports of a month.
type Tally struct{ All, In, Better, Worse, Watermelons, Mine int }

// MonthPage is a part of a month's reports, the reader's own first.
type MonthPage struct {
	States []State
	Tally
	DueBy           clock.Day // the last day on which a report of the month is on time
	NextKey, NextID string    // empty on the last page
}

const statesPage = 100

// worth puts a declared rating into order: the more, the worse.
func worth(of string) string {
	return "CASE " + of + ".declared WHEN 'green' THEN 1 WHEN 'amber' THEN 2 WHEN 'red' THEN 3 END"
}

// monthShows are what one can ask of a month: r is its report, b that of the month before.
var monthShows = map[string]string{
	"to_come": "r.number IS NULL", "in": "r.number IS NOT NULL", "watermelon": "r.declared = 'green' AND r.computed = 'red'",
	"better": worth("r") + " < " + worth("b"), "worse": worth("r") + " > " + worth("b"),
}

// Month reads the reports of a month: of the projects that are live and had
// begun, and of those that reported.
func (s *Service) Month(ctx context.Context, who authz.Actor, p Period, q MonthQuery) (m MonthPage, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeReports, authz.Instance); err != nil {
			return err
		}
		due, err := deadline(ctx, v, p)
		if err != nil {
			return err
		}
		m.DueBy = due.On
		if m.Tally, err = tally(ctx, v, p, q.Mine, true); err != nil {
			return err
		}
		if m.States, err = states(ctx, v, p, q); err != nil {
			return err
		}
		if len(m.States) > statesPage {
			m.States = m.States[:statesPage]
			m.NextKey, m.NextID = m.States[statesPage-1].key, m.States[statesPage-1].Project
		}
		ids := make([]string, len(m.States))
		for i, st := range m.States {
			ids[i] = st.Project
		}
		names, err := managers(ctx, v, ids)
		for i := range m.States {
			m.States[i].Manager = names[m.States[i].Project]
		}
		return err
	})
	return m, err
}

// parts joins what the reader is to each project, and the reports of the month
// and of the one before.
func parts(w *sqldb.Where, v *work.View, p Period) string {
	of := func(as, kinds string) string {
		return ` LEFT JOIN (SELECT DISTINCT project_id FROM v_assignment WHERE person_id = ` + w.Add(v.Who.Person) + ` AND kind IN (` + kinds + `) AND from_on <= ` + w.Add(v.Today) +
			` AND (to_on = '' OR to_on >= ` + w.Add(v.Today) + `)) ` + as + ` ON ` + as + `.project_id = v.id`
	}
	return of("m", "'project_manager', 'deputy'") + of("t", "'pmo_partner', 'support'") + of("o", "'sponsor'") + reports(w, p)
}

// reports joins the report of a month, and that of the month before.
func reports(w *sqldb.Where, p Period) string {
	return ` LEFT JOIN report r ON r.project_id = v.id AND r.period = ` + w.Add(string(p)) +
		` LEFT JOIN report b ON b.project_id = v.id AND b.period = ` + w.Add(string(p.Add(-1)))
}

// asked limits v to the projects whose report of the month is asked for.
func asked(w *sqldb.Where, v *work.View, p Period, mine bool) {
	v.Scope(w, "v.id")
	w.And("(r.number IS NOT NULL OR v.status NOT IN ('Closed', 'Cancelled') AND "+startOf+" <= ?)", p.End())
	if mine {
		w.And("(m.project_id IS NOT NULL OR t.project_id IS NOT NULL OR o.project_id IS NOT NULL)")
	}
}

// tally counts a month; own says whether the reader's own part in it is asked for.
func tally(ctx context.Context, v *work.View, p Period, mine, own bool) (t Tally, err error) {
	w := &sqldb.Where{}
	from, ours := "", "0"
	if own {
		from, ours = parts(w, v, p), "COUNT(m.project_id)"
	} else {
		from = reports(w, p)
	}
	asked(w, v, p, mine)
	count := func(cond string) string {
		return `CAST(COALESCE(SUM(CASE WHEN ` + cond + ` THEN 1 ELSE 0 END), 0) AS BIGINT)`
	}
	err = v.QueryRowContext(ctx, `SELECT COUNT(*), COUNT(r.number), `+count(monthShows["better"])+`, `+count(monthShows["worse"])+`, `+count(monthShows["watermelon"])+`, `+ours+`
		FROM v_project v`+from+w.SQL(), w.Values()...).Scan(&t.All, &t.In, &t.Better, &t.Worse, &t.Watermelons, &t.Mine)
	return t, err
}

func states(ctx context.Context, v *work.View, p Period, q MonthQuery) (out []State, err error) {
	w := &sqldb.Where{}
	from := parts(w, v, p) + ` LEFT JOIN report_draft d ON d.project_id = v.id AND d.period = ` + w.Add(string(p))
	asked(w, v, p, q.Mine)
	if cond, ok := monthShows[q.Show]; ok {
		w.And(cond)
	}
	const key = `CASE WHEN m.project_id IS NULL THEN '1' ELSE '0' END || v.name_key`
	if q.AfterID != "" {
		w.AfterKey(key, "v.id", false, q.AfterKey, q.AfterID)
	}
	bit := func(of string) string { return `CASE WHEN ` + of + `.project_id IS NULL THEN 0 ELSE 1 END` }
	rows, err := v.QueryContext(ctx, `SELECT v.id, v.name, v.code, COALESCE(r.declared, ''), COALESCE(r.computed, ''), COALESCE(b.declared, ''), COALESCE(b.computed, ''), COALESCE(r.number, 0),
		COALESCE(r.submitted_at, d.drafted_at, 0), `+bit("d")+`, `+bit("m")+`, `+bit("t")+`, `+bit("o")+`, `+key+`
		FROM v_project v`+from+w.SQL()+` ORDER BY `+key+`, v.id LIMIT `+w.Add(statesPage+1), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var st State
		var drafted, own, partner, sponsored int
		if err := rows.Scan(&st.Project, &st.Name, &st.Code, &st.Declared, &st.Computed, &st.Before, &st.BeforeComputed, &st.Number, &st.At, &drafted, &own, &partner, &sponsored, &st.key); err != nil {
			return nil, err
		}
		st.Drafted, st.Mine, st.Partner, st.Sponsored = drafted == 1, own == 1, partner == 1, sponsored == 1
		out = append(out, st)
	}
	return out, rows.Err()
}

// managers names the project managers of today, of each project the first.
func managers(ctx context.Context, v *work.View, projects []string) (map[string]string, error) {
	out := map[string]string{}
	if len(projects) == 0 {
		return out, nil
	}
	var w sqldb.Where
	w.AndIn("a.project_id", projects)
	w.And("a.kind = 'project_manager' AND a.from_on <= ? AND (a.to_on = '' OR a.to_on >= ?)", v.Today, v.Today)
	rows, err := v.QueryContext(ctx, `SELECT a.project_id, p.name FROM v_assignment a JOIN v_person p ON p.id = a.person_id`+w.SQL()+` ORDER BY a.project_id, a.from_on, a.id`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		if out[id] == "" {
			out[id] = name
		}
	}
	return out, rows.Err()
}
