package governance

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// pastFound is the project of a row, or why there is none.
type pastFound struct {
	id      string
	refused error
}

// pastNames are the projects by what files call them.
type pastNames struct {
	known          map[string]bool
	own            map[string][]string // by id in the very source of the file
	number, byName map[string][]string
}

// pastProjects finds the projects of rows: by Cairn's id; by the number, which is
// the id in a source or the code; else by the name. One is found, or the row is
// refused.
func pastProjects(ctx context.Context, tx *work.Tx, source string, rows []PastRow) ([]pastFound, error) {
	n, err := readPastNames(ctx, tx, source, rows)
	if err != nil {
		return nil, err
	}
	out := make([]pastFound, len(rows))
	for i := range rows {
		out[i] = n.find(&rows[i])
	}
	return out, nil
}

func (n *pastNames) find(r *PastRow) pastFound {
	field, said := "source_id", r.Number
	var ids []string
	switch {
	case r.Known != "":
		if n.known[r.Known] {
			return pastFound{id: r.Known}
		}
		field, said = "cairn_id", r.Known
	case r.Number != "":
		if ids = n.own[r.Number]; len(ids) == 0 {
			ids = n.number[fold.Sort(r.Number)]
		}
	case r.Name != "":
		field, said, ids = "name", r.Name, n.byName[fold.Sort(r.Name)]
	default:
		return pastFound{refused: errs.OnField(field, "This row names no project.")}
	}
	switch len(ids) {
	case 1:
		return pastFound{id: ids[0]}
	case 0:
		return pastFound{refused: errs.OnField(field, "There is no project %q in the register.", clipped(said))}
	}
	return pastFound{refused: errs.OnField(field, "%d projects are called %q. Put the Cairn id of the right one into the file.", len(ids), clipped(said))}
}

func clipped(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}

func readPastNames(ctx context.Context, tx *work.Tx, source string, rows []PastRow) (*pastNames, error) {
	var known, numbers, keys, names []string
	for i := range rows {
		switch r := &rows[i]; {
		case r.Known != "":
			known = append(known, r.Known)
		case r.Number != "":
			numbers, keys = append(numbers, r.Number), append(keys, fold.Sort(r.Number))
		case r.Name != "":
			names = append(names, fold.Sort(r.Name))
		}
	}
	n := &pastNames{known: map[string]bool{}, own: map[string][]string{}, number: map[string][]string{}, byName: map[string][]string{}}
	into := func(m map[string][]string) func(key, id, of string) {
		return func(key, id, _ string) { add(m, key, id) }
	}
	err := pastKeys(ctx, tx, `SELECT k.project_id, k.project_id, '' FROM v_project_key k`, "k.project_id", known, func(_, id, _ string) { n.known[id] = true })
	if err == nil {
		err = pastKeys(ctx, tx, `SELECT s.source_id, k.project_id, s.source FROM v_project_source s JOIN v_project_key k ON k.project_id = s.project_id`, "s.source_id", numbers, func(key, id, of string) {
			if of == source {
				add(n.own, key, id)
			}
			add(n.number, fold.Sort(key), id)
		})
	}
	if err == nil {
		err = pastKeys(ctx, tx, `SELECT k.code_key, k.project_id, '' FROM v_project_key k`, "k.code_key", keys, into(n.number))
	}
	if err == nil {
		err = pastKeys(ctx, tx, `SELECT k.name_key, k.project_id, '' FROM v_project_key k`, "k.name_key", names, into(n.byName))
	}
	return n, err
}

// add notes an id under a key, once.
func add(m map[string][]string, key, id string) {
	for _, has := range m[key] {
		if has == id {
			return
		}
	}
	m[key] = append(m[key], id)
}

func pastKeys(ctx context.Context, tx *work.Tx, query, column string, keys []string, put func(key, id, of string)) error {
	if len(keys) == 0 {
		return nil
	}
	var w sqldb.Where
	w.AndIn(column, keys)
	authz.Scope(&w, tx.Who, "k.project_id", tx.Today)
	rows, err := tx.QueryContext(ctx, query+w.SQL(), w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key, id, of string
		if err := rows.Scan(&key, &id, &of); err != nil {
			return err
		}
		put(key, id, of)
	}
	return rows.Err()
}

// dropNames takes the names of people out of rows: a past decision is a body's,
// and names nobody.
func dropNames(ctx context.Context, q sqldb.Querier, rows []PastRow) error {
	at := map[string][]*PastRow{}
	var keys []string
	for i := range rows {
		if key := fold.Sort(rows[i].Body); key != "" {
			if at[key] == nil {
				keys = append(keys, key)
			}
			at[key] = append(at[key], &rows[i])
		}
	}
	if len(keys) == 0 {
		return nil
	}
	var w sqldb.Where
	w.AndIn("name_key", keys)
	found, err := q.QueryContext(ctx, `SELECT DISTINCT name_key FROM v_person`+w.SQL(), w.Values()...)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		var key string
		if err := found.Scan(&key); err != nil {
			return err
		}
		for _, r := range at[key] {
			r.Body = ""
		}
	}
	return found.Err()
}

// pastBodies finds governing bodies by the names that rows give them; a name of
// several is nobody's.
func pastBodies(ctx context.Context, q sqldb.Querier, rows []PastRow) (map[string]string, error) {
	var names []string
	for i := range rows {
		if rows[i].Body != "" {
			names = append(names, fold.Sort(rows[i].Body))
		}
	}
	out := map[string]string{}
	if len(names) == 0 {
		return out, nil
	}
	var w sqldb.Where
	w.AndIn("name_key", names)
	found, err := q.QueryContext(ctx, `SELECT id, name FROM v_body`+w.SQL()+` ORDER BY id`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	for found.Next() {
		var id, name string
		if err := found.Scan(&id, &name); err != nil {
			return nil, err
		}
		if _, twice := out[fold.Key(name)]; twice {
			id = ""
		}
		out[fold.Key(name)] = id
	}
	return out, found.Err()
}

// heldSteps are the gates that a requirement holds, in order.
func heldSteps(r *method.Requirement) (out []method.GateAsked) {
	for _, g := range r.Gates {
		if g.Held {
			out = append(out, g)
		}
	}
	return out
}

// pastStates reads what is known of the projects that were found.
func (s *Service) pastStates(ctx context.Context, tx *work.Tx, batch string, found []pastFound) (map[string]*pastState, error) {
	out := map[string]*pastState{}
	var ids []string
	for _, f := range found {
		if f.id != "" && out[f.id] == nil {
			out[f.id] = &pastState{project: f.id, stands: map[string]PastGate{}, decided: map[string]clock.Day{}}
			ids = append(ids, f.id)
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	for _, read := range []struct {
		query, column string
		scan          func(rows *sql.Rows) error
	}{
		{`SELECT ` + governedColumns + ` FROM governed`, "to_on = '9999-12-31' AND project_id", func(rows *sql.Rows) error {
			g, err := scanGoverned(rows)
			if err == nil {
				out[g.Project].governed = &g
			}
			return err
		}},
		{`SELECT project_id, gate_id, decided_on, decision, body_id, body_words, batch FROM past_gate`, "why_not = '' AND ended_by = '' AND taken_back_at = 0 AND project_id", func(rows *sql.Rows) error {
			var p PastGate
			err := rows.Scan(&p.Project, &p.Gate, &p.On, &p.Decision, &p.Body, &p.BodyWords, &p.Batch)
			if err == nil {
				out[p.Project].stands[p.Gate] = p
			}
			return err
		}},
		{`SELECT project_id, gate_id, CASE WHEN decision IN ('go', 'conditional-go') THEN decided_on ELSE '' END FROM gate_decision`, "project_id", func(rows *sql.Rows) error {
			var project, gate, on string
			err := rows.Scan(&project, &gate, &on)
			if err == nil {
				out[project].begun = true
				if on != "" {
					out[project].decided[gate] = on
				}
			}
			return err
		}},
		{`SELECT project_id FROM gate_review`, "state = 'open' AND project_id", func(rows *sql.Rows) error {
			var project string
			err := rows.Scan(&project)
			if err == nil {
				out[project].begun = true
			}
			return err
		}},
	} {
		if err := pastRead(ctx, tx, read.query, read.column, ids, read.scan); err != nil {
			return nil, err
		}
	}
	return out, s.fillPast(ctx, tx, batch, out, ids)
}

func pastRead(ctx context.Context, q sqldb.Querier, query, column string, ids []string, scan func(*sql.Rows) error) error {
	var w sqldb.Where
	w.AndIn(column, ids)
	rows, err := q.QueryContext(ctx, query+w.SQL(), w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// fillPast adds the methods, and what this import did to the projects before.
func (s *Service) fillPast(ctx context.Context, tx *work.Tx, batch string, states map[string]*pastState, ids []string) error {
	for _, st := range states {
		if st.governed == nil {
			continue
		}
		m, err := s.method(ctx, tx, st.governed.Version)
		if err != nil {
			return err
		}
		st.method, st.steps = m, heldSteps(s.require(st.governed.Version, m, st.governed.Tier, st.governed.Involves))
	}
	var w sqldb.Where
	w.And("batch = ?", batch)
	w.AndIn("project_id", ids)
	rows, err := tx.QueryContext(ctx, `SELECT project_id, governed_id, before_id FROM past_follow`+w.SQL(), w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var project, made, before string
		if err := rows.Scan(&project, &made, &before); err != nil {
			return err
		}
		states[project].made, states[project].before = made, before
	}
	return rows.Err()
}

const pastColumns = `g.id, g.batch, g.place, g.project_id, g.gate_id, g.decided_on, g.decision, g.body_id, g.body_words, g.why_not, COALESCE(i.file_name, '')`

const pastFrom = ` FROM past_gate g LEFT JOIN v_import i ON i.id = g.batch`

func scanPast(rows *sql.Rows, more ...any) (p PastGate, err error) {
	err = rows.Scan(append([]any{&p.ID, &p.Batch, &p.Place, &p.Project, &p.Gate, &p.On, &p.Decision, &p.Body, &p.BodyWords, &p.WhyNot, &p.File}, more...)...)
	return p, err
}

// pastOf gives the past decisions of a project that stand, by gate.
func pastOf(ctx context.Context, q sqldb.Querier, project string) (map[string]*PastGate, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+pastColumns+pastFrom+` WHERE g.project_id = $1 AND g.why_not = '' AND g.ended_by = '' AND g.taken_back_at = 0`, project)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]*PastGate{}
	for rows.Next() {
		p, err := scanPast(rows)
		if err != nil {
			return nil, err
		}
		out[p.Gate] = &p
	}
	return out, rows.Err()
}

// Label is the gate as people say it.
func (p *PastGate) Label() string { return GateLabel(p.Gate) }

// Source says where the decision is known from: "gates.xlsx, row 12".
func (p *PastGate) Source() string {
	return strings.TrimPrefix(p.File+", row ", ", ") + strconv.Itoa(p.Place)
}
