package portfolio

import (
	"context"
	"database/sql"
	"encoding/json"
	"math"
	"slices"
	"sort"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// The ends of time: a rectangle of history that nothing has closed yet.
const (
	forever   = clock.Day("9999-12-31")
	knownEver = int64(math.MaxInt64)
)

// statement is what a source said about a project: for which date, learnt when.
// Of two that state the same field, the one with the later date wins, then the
// one learnt later.
type statement struct {
	seq     int64
	asAt    clock.Day
	knownAt int64
	facts   Facts
	by
	retractedAt int64 // 0 while it stands
}

// by is in whose name something is stated: a source, empty for a person, and
// the batch (an import, a bulk edit) that it is part of, empty for a single change.
type by struct{ source, batch string }

// standing leaves out what was retracted.
func standing(list []statement) []statement {
	out := make([]statement, 0, len(list))
	for _, s := range list {
		if s.retractedAt == 0 {
			out = append(out, s)
		}
	}
	return out
}

// period is the resolved facts from a date until the next statement's.
type period struct {
	from, to clock.Day
	facts    Facts
}

// before is the order in which statements win: the later date, then the later word.
func (s statement) before(o statement) bool {
	if s.asAt != o.asAt {
		return s.asAt < o.asAt
	}
	if s.knownAt != o.knownAt {
		return s.knownAt < o.knownAt
	}
	return s.seq < o.seq
}

// periods resolves statements into the history that they tell together. The
// first reaches back to the beginning: facts hold from the first date on which
// somebody stated them, and before it there is no history.
func periods(said []statement) []period {
	list := slices.Clone(said)
	sort.SliceStable(list, func(i, j int) bool { return list[i].before(list[j]) })
	var out []period
	for _, s := range list {
		out = then(out, s)
	}
	return joined(out)
}

// then adds the statement that comes last.
func then(out []period, s statement) []period {
	last := len(out) - 1
	switch {
	case last < 0:
		return append(out, period{s.asAt, forever, s.facts})
	case out[last].from == s.asAt:
		out[last].facts = out[last].facts.Merge(s.facts)
		return out
	}
	out[last].to = s.asAt
	return append(out, period{s.asAt, forever, out[last].facts.Merge(s.facts)})
}

// and gives the periods of a list, which are known, and of one more statement. Most
// often it comes last, and what was resolved before need not be resolved again.
func and(known []period, list []statement, s statement) []period {
	if slices.ContainsFunc(list, s.before) {
		return periods(append(list, s))
	}
	return joined(then(slices.Clone(known), s))
}

// joined makes neighbours that say the same into one.
func joined(in []period) []period {
	var out []period
	for _, p := range in {
		if last := len(out) - 1; last >= 0 && out[last].facts.Same(p.facts) {
			out[last].to = p.to
			continue
		}
		out = append(out, p)
	}
	return out
}

// state adds a statement and rebuilds the rectangles that it changes. It
// reports which fields of the whole history changed; none if the statement says
// what was known already. The same statement of the same source is not repeated.
func state(ctx context.Context, tx *work.Tx, project string, asAt clock.Day, facts Facts, from by) ([]Field, error) {
	all, err := statements(ctx, tx, project)
	if err != nil {
		return nil, err
	}
	list := standing(all)
	if repeated(list, asAt, facts, from.source) {
		return nil, nil
	}
	s := statement{seq: int64(len(all) + 1), asAt: asAt, knownAt: sqldb.Micros(tx.Now), facts: facts, by: from}
	body, err := json.Marshal(s.facts)
	if err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO project_statement (project_id, seq, as_at, known_at, facts, source, batch, actor_id, door) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		project, s.seq, s.asAt, s.knownAt, string(body), s.source, s.batch, tx.Who.Person, string(doorOf(ctx))); err != nil {
		return nil, err
	}
	before := periods(list)
	return rewrite(ctx, tx, project, before, and(before, list, s))
}

// repeated reports whether the source's latest word about that date was the same.
func repeated(list []statement, asAt clock.Day, facts Facts, source string) bool {
	var last *statement
	for i, s := range list {
		if s.asAt == asAt && s.source == source && (last == nil || s.seq > last.seq) {
			last = &list[i]
		}
	}
	if last == nil || len(last.facts) != len(facts) {
		return false
	}
	for k, v := range facts {
		if old, ok := last.facts[k]; !ok || old != v {
			return false
		}
	}
	return true
}

// statements reads all that was ever stated about a project, retracted ones too.
func statements(ctx context.Context, q sqldb.Querier, project string) (out []statement, err error) {
	of, err := statementsOf(ctx, q, []string{project})
	return of[project], err
}

// statementsOf is statements for many projects, in one query.
func statementsOf(ctx context.Context, q sqldb.Querier, projects []string) (map[string][]statement, error) {
	var w sqldb.Where
	w.AndIn("project_id", projects)
	rows, err := q.QueryContext(ctx, `SELECT project_id, seq, as_at, known_at, facts, source, batch, retracted_at FROM project_statement`+w.SQL()+` ORDER BY project_id, seq`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string][]statement{}
	for rows.Next() {
		var s statement
		var project, body string
		if err := rows.Scan(&project, &s.seq, &s.asAt, &s.knownAt, &body, &s.source, &s.batch, &s.retractedAt); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(body), &s.facts); err != nil {
			return nil, err
		}
		out[project] = append(out[project], s)
	}
	return out, rows.Err()
}

// rewrite closes the rectangles that no longer hold and opens the new ones.
func rewrite(ctx context.Context, tx *work.Tx, project string, before, now []period) ([]Field, error) {
	gone, come := rectangles(before, now)
	for _, from := range gone {
		if err := closeVersion(ctx, tx, project, from); err != nil {
			return nil, err
		}
	}
	for _, p := range come {
		if err := insertVersion(ctx, tx, project, p); err != nil {
			return nil, err
		}
	}
	return changedBetween(before, now), nil
}

// writeHistories is rewrite for many projects: all that no longer holds is closed
// first, then what holds now is written in few statements.
func writeHistories(ctx context.Context, tx *work.Tx, list []restated, custom []FieldInfo) error {
	var opened, keys [][]any
	var ended []string // projects of which nothing holds now
	for _, h := range list {
		gone, come := rectangles(h.before, h.now)
		if len(h.now) == 0 {
			ended, gone = append(ended, h.project), nil
		}
		for _, from := range gone {
			if err := closeVersion(ctx, tx, h.project, from); err != nil {
				return err
			}
		}
		for _, p := range come {
			row, err := versionRow(tx, h.project, p)
			if err != nil {
				return err
			}
			opened = append(opened, row)
			if p.to == forever {
				keys = append(keys, customKeys(h.project, p.facts, custom)...)
			}
		}
	}
	if err := closeAll(ctx, tx, ended); err != nil {
		return err
	}
	if err := sqldb.Insert(ctx, tx, `project_version (`+versionColumns+`)`, ``, opened); err != nil {
		return err
	}
	return sqldb.Insert(ctx, tx, customKeyInto, customKeyTail, keys)
}

// rectangles gives the beginnings of the periods that no longer hold, and the
// periods that now do.
func rectangles(before, now []period) (gone []clock.Day, come []period) {
	keep := map[clock.Day]bool{}
	for _, b := range before {
		if i := sort.Search(len(now), func(i int) bool { return now[i].from >= b.from }); i < len(now) && now[i].from == b.from && now[i].to == b.to && now[i].facts.Same(b.facts) {
			keep[b.from] = true
			continue
		}
		gone = append(gone, b.from)
	}
	for _, n := range now {
		if !keep[n.from] {
			come = append(come, n)
		}
	}
	return gone, come
}

// changedBetween lists the fields that two histories tell differently.
func changedBetween(before, now []period) []Field {
	changed := Facts{}
	_, come := rectangles(before, now)
	for _, n := range come {
		for _, f := range n.facts.Changed(at(before, n.from)) {
			changed[f] = Value{}
		}
	}
	return changed.names()
}

func at(list []period, day clock.Day) Facts {
	for _, p := range list {
		if p.from <= day && day < p.to {
			return p.facts
		}
	}
	return nil
}

// closeVersion ends what was known; a rectangle of this very moment never was.
func closeVersion(ctx context.Context, tx *work.Tx, project string, from clock.Day) error {
	if err := touch(ctx, tx, project); err != nil {
		return err
	}
	now := sqldb.Micros(tx.Now)
	if _, err := tx.ExecContext(ctx, `DELETE FROM project_version WHERE project_id = $1 AND valid_from = $2 AND known_to = $3 AND known_from = $4`,
		project, from, knownEver, now); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE project_version SET known_to = $1, is_current = FALSE WHERE project_id = $2 AND valid_from = $3 AND known_to = $4`,
		now, project, from, knownEver)
	return err
}

// closeAll ends all that was known of some projects.
func closeAll(ctx context.Context, tx *work.Tx, projects []string) error {
	if len(projects) == 0 {
		return nil
	}
	if err := touchAll(ctx, tx, projects); err != nil {
		return err
	}
	now := sqldb.Micros(tx.Now)
	var w, u sqldb.Where
	w.AndIn("project_id", projects)
	w.And("known_to = ? AND known_from = ?", knownEver, now)
	if _, err := tx.ExecContext(ctx, `DELETE FROM project_version`+w.SQL(), w.Values()...); err != nil {
		return err
	}
	set := u.Add(now)
	u.AndIn("project_id", projects)
	u.And("known_to = ?", knownEver)
	_, err := tx.ExecContext(ctx, `UPDATE project_version SET known_to = `+set+`, is_current = FALSE`+u.SQL(), u.Values()...)
	return err
}

func nullMoney(f Facts, name Field) sql.NullInt64 {
	n, ok := f.Money(name)
	return sql.NullInt64{Int64: n, Valid: ok}
}
