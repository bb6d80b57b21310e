package governance

import (
	"context"
	"database/sql"
	"time"

	"cairn/internal/governance/method"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
)

// dossiers reads what the record holds of some projects, with a number of queries
// that does not depend on how many they are. Projects that are not governed have
// none.
func (s *Service) dossiers(ctx context.Context, q sqldb.Querier, projects []string) (map[string]*dossier, map[string]*method.Method, error) {
	out, methods := map[string]*dossier{}, map[string]*method.Method{}
	if len(projects) == 0 {
		return out, methods, nil
	}
	rhythm, err := readWorkdays(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	l := loader{ctx: ctx, q: q, projects: projects, out: out, rhythm: rhythm, zone: s.unit.Zone()}
	for _, read := range []func() error{l.governed, l.words, l.waivers, l.reports, l.held, l.tenures, l.acts, l.decisions, l.conditions, l.dials, l.more(s.papers)} {
		if err := read(); err != nil {
			return nil, nil, err
		}
	}
	for _, d := range out {
		for i := range d.governed {
			id := d.governed[i].Version
			if methods[id] == nil {
				if methods[id], err = s.method(ctx, q, id); err != nil {
					return nil, nil, err
				}
			}
		}
	}
	return out, methods, nil
}

// loader reads the rows of many projects into their dossiers.
type loader struct {
	ctx      context.Context
	q        sqldb.Querier
	projects []string
	out      map[string]*dossier
	rhythm   workdays
	zone     *time.Location
}

// on gives the day of a moment where the organisation is.
func (l *loader) on(micros int64) method.Day {
	t := sqldb.Time(micros)
	_, offset := t.In(l.zone).Zone()
	return method.DayOf(t.Add(time.Duration(offset) * time.Second))
}

// each runs a query over the projects and hands each row to the dossier of its
// first column.
func (l *loader) each(query, order string, scan func(rows *sql.Rows, project *string) (put func(*dossier), err error)) error {
	return l.eachWhere(query, "project_id", order, &sqldb.Where{}, scan)
}

func (l *loader) eachWhere(query, column, order string, w *sqldb.Where, scan func(rows *sql.Rows, project *string) (func(*dossier), error)) error {
	w.AndIn(column, l.projects)
	rows, err := l.q.QueryContext(l.ctx, query+w.SQL()+order, w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var project string
		put, err := scan(rows, &project)
		if err != nil {
			return err
		}
		if d := l.out[project]; d != nil {
			put(d)
		}
	}
	return rows.Err()
}

func (l *loader) governed() error {
	var w sqldb.Where
	w.AndIn("project_id", l.projects)
	rows, err := l.q.QueryContext(l.ctx, `SELECT `+governedColumns+` FROM governed`+w.SQL()+` ORDER BY project_id, from_on, made_at, id`, w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		g, err := scanGoverned(rows)
		if err != nil {
			return err
		}
		d := l.out[g.Project]
		if d == nil {
			d = &dossier{project: g.Project, rhythm: l.rhythm}
			l.out[g.Project] = d
		}
		d.governed = append(d.governed, g)
	}
	return rows.Err()
}

func (l *loader) words() error {
	list, err := wordsOf(l.ctx, l.q, l.projects, "")
	for _, w := range list {
		if d := l.out[w.Project]; d != nil && w.Back == 0 {
			d.words = append(d.words, said{w, day(w.On)})
		}
	}
	return err
}

func (l *loader) waivers() error {
	var w sqldb.Where
	w.AndIn("w.project_id", l.projects)
	w.And("w.state IN ('granted', 'ended')")
	list, err := waiversWhere(l.ctx, l.q, &w, "w.from_on, w.id")
	for _, x := range list {
		if d := l.out[x.Project]; d != nil {
			d.waivers = append(d.waivers, x)
		}
	}
	return err
}

func (l *loader) reports() error {
	return l.each(`SELECT project_id, period, submitted_at FROM v_report_submission`, ` ORDER BY submitted_at`, func(rows *sql.Rows, project *string) (func(*dossier), error) {
		var r reported
		var at int64
		err := rows.Scan(project, &r.period, &at)
		r.on = l.on(at)
		return func(d *dossier) { d.reports = append(d.reports, r) }, err
	})
}

func (l *loader) held() error {
	return l.each(`SELECT project_id, valid_from, valid_to, status_key IN ('closed', 'cancelled'), budget, forecast, actual, baseline_end, forecast_end FROM v_project_held`, ` ORDER BY valid_from`,
		func(rows *sql.Rows, project *string) (func(*dossier), error) {
			var h held
			var from, to, baseline, forecast clock.Day
			var budget, eac, actual sql.NullInt64
			err := rows.Scan(project, &from, &to, &h.closed, &budget, &eac, &actual, &baseline, &forecast)
			h.from, h.to, h.end = day(from), day(to), day(forecast)
			if h.end == 0 {
				h.end = day(baseline)
			}
			h.budget, h.forecast, h.actual = amount(budget), amount(eac), amount(actual)
			return func(d *dossier) { d.held = append(d.held, h) }, err
		})
}

func amount(n sql.NullInt64) *int64 {
	if !n.Valid {
		return nil
	}
	return &n.Int64
}

func (l *loader) tenures() error {
	return l.each(`SELECT project_id, person_id, kind, from_on, to_on FROM v_assignment`, ` ORDER BY from_on, id`, func(rows *sql.Rows, project *string) (func(*dossier), error) {
		var t tenure
		var from, to clock.Day
		err := rows.Scan(project, &t.person, &t.kind, &from, &to)
		t.from, t.to = day(from), method.Forever
		if to != "" {
			t.to = day(to) + 1 // the last day is included there
		}
		return func(d *dossier) { d.tenures = append(d.tenures, t) }, err
	})
}

// acts reads the days on which whoever was a sponsor did something.
func (l *loader) acts() error {
	return l.eachWhere(`SELECT a.project_id, a.at FROM v_act a JOIN (SELECT DISTINCT project_id AS on_project, person_id FROM v_assignment WHERE kind = 'sponsor') s
		ON s.on_project = a.project_id AND s.person_id = a.actor_id`, "a.project_id", ` ORDER BY a.at`, &sqldb.Where{}, func(rows *sql.Rows, project *string) (func(*dossier), error) {
		var at int64
		err := rows.Scan(project, &at)
		on := l.on(at)
		return func(d *dossier) {
			if n := len(d.acts); n == 0 || d.acts[n-1] != on {
				d.acts = append(d.acts, on)
			}
		}, err
	})
}

// decisions reads those that were taken here, and those that spreadsheets tell of:
// a gate that was passed elsewhere was passed.
func (l *loader) decisions() error {
	return l.each(`SELECT project_id, gate_id, decision, decided_on FROM (SELECT project_id, gate_id, decision, decided_on, decided_at FROM v_gate_decision
		UNION ALL SELECT project_id, gate_id, decision, decided_on, 0 AS decided_at FROM v_past_gate) d`, ` ORDER BY decided_at, decided_on, gate_id`, func(rows *sql.Rows, project *string) (func(*dossier), error) {
		var p passed
		var on clock.Day
		err := rows.Scan(project, &p.gate, &p.decision, &on)
		p.on = day(on)
		return func(d *dossier) { d.decisions = append(d.decisions, p) }, err
	})
}

func (l *loader) conditions() error {
	return l.eachWhere(`SELECT c.project_id, c.id, g.decided_on, c.ended_on FROM v_condition c JOIN v_gate_decision g ON g.review_id = c.review_id`, "c.project_id", ` ORDER BY c.id`, &sqldb.Where{}, func(rows *sql.Rows, project *string) (func(*dossier), error) {
		var s span
		var from, to clock.Day
		err := rows.Scan(project, &s.ref, &from, &to)
		s.from, s.to = day(from), method.Forever
		if to != "" {
			s.to = day(to)
		}
		return func(d *dossier) { d.open = append(d.open, s) }, err
	})
}

func (l *loader) dials() error {
	return l.each(`SELECT project_id, answered_on, kind FROM dial_answer`, ` ORDER BY answered_at, id`, func(rows *sql.Rows, project *string) (func(*dossier), error) {
		var on clock.Day
		var kind string
		err := rows.Scan(project, &on, &kind)
		return func(d *dossier) { d.dialled, d.kinds = append(d.dialled, day(on)), append(d.kinds, kind) }, err
	})
}

// Papers reads the documents and meetings of some projects: features of their own.
type Papers interface {
	// Filed calls put for each state that a document of a kind of the method
	// reached, with its day.
	Filed(ctx context.Context, q sqldb.Querier, projects []string, put func(project, kind, state string, on clock.Day)) error
	// Met calls put for each quorate meeting of a body over a project.
	Met(ctx context.Context, q sqldb.Querier, projects []string, put func(project string, on clock.Day)) error
}

// PapersFrom lets documents and meetings count as evidence.
func (s *Service) PapersFrom(p Papers) { s.papers = p }

func (l *loader) more(p Papers) func() error {
	return func() error {
		if p == nil {
			return nil
		}
		err := p.Filed(l.ctx, l.q, l.projects, func(project, kind, state string, on clock.Day) {
			if d := l.out[project]; d != nil {
				d.documents = append(d.documents, filed{kind, state, day(on)})
			}
		})
		if err != nil {
			return err
		}
		return p.Met(l.ctx, l.q, l.projects, func(project string, on clock.Day) {
			if d := l.out[project]; d != nil {
				d.met = append(d.met, day(on))
			}
		})
	}
}
