package main

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"html"
	"net/http"
	"strings"
	"time"

	"cairn/internal/app"
)

// bare is a server with nothing but the queries that the same page of Cairn
// runs, and HTML written by hand.
func bare(a *app.App, w world) http.Handler {
	b := &bareServer{db: a.Store.Read, person: w.person}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /projects", b.page(b.list))
	mux.HandleFunc("GET /portfolio", b.page(b.portfolio))
	mux.HandleFunc("GET /projects/{id}", b.page(b.project))
	mux.HandleFunc("GET /career", b.page(b.career))
	return mux
}

type bareServer struct {
	db     *sql.DB
	person string
}

// answer is a page under way: rows go into a table, the first error ends it.
type answer struct {
	strings.Builder
	tx  *sql.Tx
	r   *http.Request
	err error
}

func (b *bareServer) page(fill func(*answer)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		tx, err := b.db.BeginTx(r.Context(), nil)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer func() { _ = tx.Rollback() }() // a reading
		a := &answer{tx: tx, r: r}
		cookie, err := r.Cookie("cairn_session")
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		sum := sha256.Sum256([]byte(cookie.Value))
		a.WriteString("<!doctype html><html lang=en><title>bare</title><body>")
		a.rows(`SELECT s.person_id, p.name, a.role FROM session s JOIN account a ON a.person_id = s.person_id JOIN person p ON p.id = s.person_id WHERE s.hash = $1`, sum[:])
		fill(a)
		if a.err != nil {
			http.Error(w, a.err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(a.String())) // the reader may have gone
	}
}

// rows writes the result of a query as a table.
func (a *answer) rows(query string, args ...any) {
	if a.err != nil {
		return
	}
	rows, err := a.tx.QueryContext(a.r.Context(), query, args...)
	if err != nil {
		a.err = fmt.Errorf("%s: %w", query, err)
		return
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		a.err = err
		return
	}
	cells, dest := make([]sql.NullString, len(columns)), make([]any, len(columns))
	for i := range cells {
		dest[i] = &cells[i]
	}
	a.WriteString("<table>")
	for rows.Next() {
		if a.err = rows.Scan(dest...); a.err != nil {
			return
		}
		a.WriteString("<tr>")
		for _, c := range cells {
			a.WriteString("<td>" + html.EscapeString(c.String))
		}
	}
	a.WriteString("</table>")
	a.err = rows.Err()
}

const (
	scope = `(v.project_id NOT IN (SELECT n.id FROM node n WHERE n.confidential = TRUE) OR v.project_id IN (SELECT c.descendant_id FROM node_grant x JOIN node_closure c ON c.ancestor_id = x.node_id
		WHERE x.person_id = $1 AND x.from_on <= $2 AND (x.to_on = '' OR x.to_on >= $3)))`
	facts = `v.name, v.code, v.parent_id, v.purpose, v.category, v.org_unit, v.phase, v.status, v.baseline_start, v.baseline_end, v.forecast_start, v.forecast_end, v.actual_start, v.actual_end,
		v.currency, v.budget, v.forecast, v.actual, v.rating, v.rating_scale, v.rating_note, v.notes, v.missing`
	sums = `COUNT(*), COUNT(v.budget), SUM(v.budget), COUNT(v.forecast), SUM(v.forecast), COUNT(v.actual), SUM(v.actual)`
)

func today() string { return time.Now().UTC().Format(time.DateOnly) }

func (b *bareServer) tree(a *answer) {
	d := today()
	in := strings.ReplaceAll(scope, "v.project_id", "f.id")
	a.rows(`SELECT f.id, f.name, f.code, f.purpose, f.version FROM portfolio f WHERE `+in+` ORDER BY f.name_key`, b.person, d, d)
	in = strings.ReplaceAll(scope, "v.project_id", "g.id")
	a.rows(`SELECT g.id, g.portfolio_id, f.name, g.name, g.code, g.purpose, g.version FROM programme g JOIN portfolio f ON f.id = g.portfolio_id WHERE `+in+` ORDER BY g.name_key, g.id`, b.person, d, d)
}

func (b *bareServer) list(a *answer) {
	d := today()
	a.rows(`SELECT v.currency, v.rating, `+sums+` FROM project_version v WHERE v.is_current = TRUE AND `+scope+` GROUP BY v.currency, v.rating ORDER BY v.currency`, b.person, d, d)
	a.rows(`SELECT v.project_id, v.name_key, q.confidential, q.vanished_from, q.version, COALESCE(g.name, ''), `+facts+` FROM project_version v JOIN project q ON q.id = v.project_id
		LEFT JOIN programme g ON g.id = v.parent_id WHERE v.is_current = TRUE AND `+scope+` ORDER BY v.name_key, v.project_id LIMIT 51`, b.person, d, d)
	var in []string
	for i := range 50 {
		in = append(in, fmt.Sprintf("'p%08d'", i))
	}
	a.rows(`SELECT a.id, a.project_id, p.name, a.kind, a.work_role, a.from_on, a.to_on FROM assignment a JOIN v_person p ON p.id = a.person_id LEFT JOIN v_person f ON f.id = a.for_person_id
		WHERE a.project_id IN (`+strings.Join(in, ", ")+`) AND a.kind IN ('project_manager', 'sponsor', 'pmo_partner') AND a.from_on <= $1 AND (a.to_on = '' OR a.to_on >= $2) ORDER BY a.project_id, a.from_on, a.id`, d, d)
	b.tree(a)
}

func (b *bareServer) portfolio(a *answer) {
	d := today()
	a.rows(`SELECT v.currency, v.rating, `+sums+` FROM project_version v WHERE v.is_current = TRUE AND `+scope+` AND v.status_key NOT IN ('closed', 'cancelled') GROUP BY v.currency, v.rating ORDER BY v.currency`, b.person, d, d)
	b.tree(a)
	a.rows(`SELECT v.parent_id, v.rating, v.currency, CASE WHEN v.status_key IN ('closed', 'cancelled') THEN 0 ELSE 1 END, `+sums+`
		FROM project_version v WHERE v.is_current = TRUE AND `+scope+` GROUP BY v.parent_id, v.rating, v.currency, CASE WHEN v.status_key IN ('closed', 'cancelled') THEN 0 ELSE 1 END`, b.person, d, d)
	in := strings.ReplaceAll(scope, "v.project_id", "v.id")
	b.month(a, in)
	const newest = ` FROM v_project v LEFT JOIN report r ON r.project_id = v.id AND r.period = (SELECT MAX(x.period) FROM report x WHERE x.project_id = v.id)`
	live := ` WHERE ` + in + ` AND v.status NOT IN ('Closed', 'Cancelled')`
	a.rows(`SELECT COALESCE(r.declared, 'none'), CASE WHEN r.declared = 'green' AND r.computed = 'red' THEN 1 ELSE 0 END, COUNT(*)`+newest+live+` GROUP BY 1, 2`, b.person, d, d)
	a.rows(`SELECT v.id, v.name, v.code, r.declared, r.computed, r.period, v.budget, v.forecast, v.actual, v.currency, v.baseline_end, v.forecast_end, v.phase, r.submitted_at`+newest+live+`
		ORDER BY CASE WHEN r.declared = 'green' AND r.computed = 'red' THEN 0 WHEN r.declared = 'red' THEN 1 WHEN r.declared = 'amber' AND r.computed = 'red' THEN 2
			WHEN r.declared = 'amber' THEN 3 WHEN r.declared = 'green' AND r.computed = 'amber' THEN 4 WHEN r.declared = 'green' THEN 5 ELSE 6 END,
			COALESCE(v.forecast - v.budget, 0) DESC, v.name_key, v.id LIMIT 16`, b.person, d, d)
	var ids []string
	for i := range 16 {
		ids = append(ids, fmt.Sprintf("'p%08d'", 2+100*i))
	}
	one := `project_id IN (` + strings.Join(ids, ", ") + `)`
	a.rows(`SELECT project_id, period, declared, computed FROM report WHERE ` + one + ` AND period >= '2025-11' AND period <= '2026-10'`)
	a.rows(`SELECT project_id, valid_from, valid_to, rating FROM v_project_rating WHERE ` + one + ` AND rating <> '' ORDER BY project_id, valid_from`)
	a.rows(`SELECT a.project_id, p.name FROM v_assignment a JOIN v_person p ON p.id = a.person_id WHERE a.` + one + ` AND a.kind = 'project_manager'`)
	for range 2 { // the newest reports of watermelons and of what moved
		a.rows(`SELECT r.id, r.body FROM report_version r WHERE r.` + one + ` AND (r.period, r.number) = (SELECT n.period, n.number FROM report n WHERE n.project_id = r.project_id ORDER BY n.period DESC LIMIT 1)`)
	}
}

// month is what the portfolio asks of the month's reports: how many, which are to come, which moved.
func (b *bareServer) month(a *answer, in string) {
	d, due := today(), time.Now().UTC().AddDate(0, -1, 0).Format("2006-01")
	const parts = ` FROM v_project v LEFT JOIN report r ON r.project_id = v.id AND r.period = $4 LEFT JOIN report b ON b.project_id = v.id AND b.period = $5`
	asked := ` WHERE ` + in + ` AND (r.number IS NOT NULL OR v.status NOT IN ('Closed', 'Cancelled'))`
	a.rows(`SELECT COUNT(*), COUNT(r.number), SUM(CASE WHEN r.declared < b.declared THEN 1 ELSE 0 END), SUM(CASE WHEN r.declared > b.declared THEN 1 ELSE 0 END)`+parts+asked, b.person, d, d, due, due)
	a.rows(`SELECT v.id, v.name, v.code, r.declared, b.declared`+parts+asked+` AND r.number IS NULL ORDER BY v.name_key, v.id LIMIT 101`, b.person, d, d, due, due)
	a.rows(`SELECT v.id, v.name, v.code, b.declared, r.declared`+parts+asked+` AND r.declared <> b.declared ORDER BY v.name_key, v.id LIMIT 5`, b.person, d, d, due, due)
}

func (b *bareServer) project(a *answer) {
	id, d := a.r.PathValue("id"), today()
	grants := `SELECT g.role FROM node_closure c JOIN node_grant g ON g.node_id = c.ancestor_id WHERE c.descendant_id = $1 AND g.person_id = $2 AND g.from_on <= $3 AND (g.to_on = '' OR g.to_on >= $4)`
	for range 5 { // what the reader may do: see, change, assign, mark, read reports
		a.rows(`SELECT confidential FROM node WHERE id = $1`, id)
		a.rows(grants, id, b.person, d, d)
	}
	a.rows(`SELECT v.project_id, q.confidential, q.vanished_from, q.version, `+facts+` FROM project_version v JOIN project q ON q.id = v.project_id WHERE v.project_id = $1 AND v.is_current = TRUE`, id)
	a.rows(`SELECT name, portfolio_name FROM v_programme WHERE id = 'g02' UNION ALL SELECT '', name FROM portfolio WHERE id = 'g02'`)
	a.rows(`SELECT a.id, a.project_id, p.name, a.kind, a.work_role, a.from_on, a.to_on FROM assignment a JOIN v_person p ON p.id = a.person_id LEFT JOIN v_person f ON f.id = a.for_person_id WHERE a.project_id = $1 ORDER BY a.from_on, a.id`, id)
	a.rows(`SELECT source, source_id FROM project_source WHERE project_id = $1 ORDER BY source, source_id`, id)
	a.rows(`SELECT v.valid_from, v.valid_to, `+facts+` FROM project_version v WHERE v.project_id = $1 AND v.known_to = 9223372036854775807 ORDER BY v.valid_from`, id)
	a.rows(`SELECT id, name FROM v_person WHERE left_on = '' ORDER BY name_key, id LIMIT 1000`)
	a.rows(`SELECT v.id, v.name, v.code, r.declared, r.computed, r.period, v.budget, v.forecast, v.actual FROM v_project v LEFT JOIN report r ON r.project_id = v.id AND r.period = (SELECT MAX(x.period) FROM report x WHERE x.project_id = v.id) WHERE v.id = $1`, id)
	a.rows(`SELECT project_id, period, declared, computed FROM report WHERE project_id IN ($1) AND period >= '2025-11' AND period <= '2026-10'`, id)
	a.rows(`SELECT project_id, valid_from, valid_to, rating FROM v_project_rating WHERE project_id IN ($1) AND rating <> '' ORDER BY project_id, valid_from`, id)
	a.rows(`SELECT name, currency, baseline_start, actual_start, forecast_start, baseline_end, forecast_end, budget, forecast, actual FROM v_project WHERE id = $1`, id)
	a.rows(`SELECT r.id, r.body, s.name FROM report_version r LEFT JOIN v_person s ON s.id = r.submitted_by WHERE r.project_id = $1 AND r.period = '2026-10' ORDER BY r.number`, id)
	a.rows(`SELECT r.id, r.body, s.name FROM report_version r LEFT JOIN v_person s ON s.id = r.submitted_by WHERE r.project_id = $1 AND r.period < '2026-10' ORDER BY r.period DESC, r.number DESC LIMIT 1`, id)
	for range 3 { // what the reader may do with the report
		a.rows(`SELECT confidential FROM node WHERE id = $1`, id)
		a.rows(grants, id, b.person, d, d)
	}
	a.rows(`SELECT d.body, d.drafted_by, p.name, d.drafted_at, d.version FROM report_draft d LEFT JOIN v_person p ON p.id = d.drafted_by WHERE d.project_id = $1 AND d.period = '2026-10'`, id)
}

func (b *bareServer) career(a *answer) {
	a.rows(`SELECT 1 FROM career_choice WHERE person_id = $1`, b.person)
	a.rows(`SELECT id, organisation, post, from_on, to_on, projects, scale, work_role FROM career_past WHERE person_id = $1 ORDER BY from_on DESC, id`, b.person)
	a.rows(`SELECT i.item_key, i.kind, i.work_role, i.origin, i.project_id, COALESCE(v.name, ''), COALESCE(v.status, ''), i.from_on, i.to_on, i.subject_kind, i.subject_id, i.detail
		FROM career_item i LEFT JOIN v_project_name v ON v.id = i.project_id WHERE i.person_id = $1 ORDER BY i.from_on, i.item_key`, b.person)
	a.rows(`SELECT a.project_id, a.person_id, a.from_on, a.to_on FROM v_assignment a WHERE a.kind = 'project_manager' AND a.person_id <> $1
		AND a.project_id IN (SELECT i.project_id FROM career_item i WHERE i.person_id = $2 AND i.kind = 'project.supported')`, b.person, b.person)
}
