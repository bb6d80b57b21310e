package reporting

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
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
		if _, ok := monthShows[q.Show]; !ok && q.Show != "" {
			return errs.OnField("show", "Choose one of the list.")
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

// of are the kinds of assignment that make a project the reader's own.
var of = map[string]string{"m": "'project_manager', 'deputy'", "t": "'pmo_partner', 'support'", "o": "'sponsor'"}

// has asks whether the reader is something to a project, as a key of of.
func has(what string) string {
	return `a.id IN (SELECT h.project_id FROM held h WHERE h.kind IN (` + of[what] + `))`
}

// held are the reader's assignments of today.
func held(w *sqldb.Where, v *work.View) string {
	return `WITH held AS (SELECT x.project_id, x.kind FROM v_assignment x WHERE x.person_id = ` + w.Add(v.Who.Person) + ` AND x.from_on <= ` + w.Add(v.Today) +
		` AND (x.to_on = '' OR x.to_on >= ` + w.Add(v.Today) + `)) `
}

// asked gives the ids of the projects whose report of a month is asked for: the
// live ones that had begun, and those that reported although they are closed or
// began later.
func asked(w *sqldb.Where, p Period) string {
	return `(SELECT v.id, v.name_key FROM v_project_live v WHERE ` + startOf + ` <= ` + w.Add(p.End()) + ` UNION ALL
		SELECT x.project_id, v.name_key FROM report x JOIN v_project v ON v.id = x.project_id WHERE x.period = ` + w.Add(string(p)) +
		` AND (v.status IN ('Closed', 'Cancelled') OR ` + startOf + ` > ` + w.Add(p.End()) + `)) a`
}

// reports joins the report of a month, and that of the month before.
func reports(w *sqldb.Where, p Period) string {
	return ` LEFT JOIN report r ON r.project_id = a.id AND r.period = ` + w.Add(string(p)) +
		` LEFT JOIN report b ON b.project_id = a.id AND b.period = ` + w.Add(string(p.Add(-1)))
}

// within limits those that are asked for to what the reader sees, and has a part in.
func within(w *sqldb.Where, v *work.View, mine bool) {
	v.Scope(w, "a.id")
	if mine {
		w.And("a.id IN (SELECT h.project_id FROM held h WHERE h.kind IN (" + of["m"] + ", " + of["t"] + ", " + of["o"] + "))")
	}
}

// tally counts a month; own says whether the reader's own part in it is asked for.
func tally(ctx context.Context, v *work.View, p Period, mine, own bool) (t Tally, err error) {
	w := &sqldb.Where{}
	count := func(cond string) string {
		return `CAST(COALESCE(SUM(CASE WHEN ` + cond + ` THEN 1 ELSE 0 END), 0) AS BIGINT)`
	}
	with, ours := "", "0"
	if own {
		with, ours = held(w, v), count(has("m"))
	}
	from := asked(w, p) + reports(w, p)
	within(w, v, mine)
	err = v.QueryRowContext(ctx, with+`SELECT COUNT(*), COUNT(r.number), `+count(monthShows["better"])+`, `+count(monthShows["worse"])+`, `+count(monthShows["watermelon"])+`, `+ours+`
		FROM `+from+w.SQL(), w.Values()...).Scan(&t.All, &t.In, &t.Better, &t.Worse, &t.Watermelons, &t.Mine)
	return t, err
}

// page gives the ids of a page of states in the order of their keys. It reads
// indexes alone; the rows are read for those that are shown.
func page(w *sqldb.Where, v *work.View, p Period, q MonthQuery) string {
	with := held(w, v)
	from := asked(w, p) + reports(w, p)
	within(w, v, q.Mine)
	if cond, ok := monthShows[q.Show]; ok {
		w.And(cond)
	}
	key := `CASE WHEN ` + has("m") + ` THEN '0' ELSE '1' END || a.name_key`
	if q.AfterID != "" {
		w.AfterKey(key, "a.id", false, q.AfterKey, q.AfterID)
	}
	return with + `, a AS (SELECT a.id, ` + key + ` AS place FROM ` + from + w.SQL() + ` ORDER BY place, a.id LIMIT ` + w.Add(statesPage+1) + `) `
}

func states(ctx context.Context, v *work.View, p Period, q MonthQuery) (out []State, err error) {
	w := &sqldb.Where{}
	with := page(w, v, p, q)
	bit := func(cond string) string { return `CASE WHEN ` + cond + ` THEN 1 ELSE 0 END` }
	rows, err := v.QueryContext(ctx, with+`SELECT v.id, v.name, v.code, COALESCE(r.declared, ''), COALESCE(r.computed, ''), COALESCE(b.declared, ''), COALESCE(b.computed, ''), COALESCE(r.number, 0),
		COALESCE(r.submitted_at, d.drafted_at, 0), `+bit("d.project_id IS NOT NULL")+`, `+bit(has("m"))+`, `+bit(has("t"))+`, `+bit(has("o"))+`, a.place
		FROM a JOIN v_project v ON v.id = a.id`+reports(w, p)+` LEFT JOIN report_draft d ON d.project_id = a.id AND d.period = `+w.Add(string(p))+` ORDER BY a.place, a.id`, w.Values()...)
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
