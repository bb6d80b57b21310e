package portfolio

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"sort"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// KeepTables are the tables of this feature that hold no changes of state: what
// is derived from the facts, and the columns that a person likes.
var KeepTables = []string{"project_tally", "project_words", "project_columns"}

// cell is a place of the tally: what the projects that it counts have in common.
type cell struct {
	Parent           string
	Live             bool
	Rating, Currency string
	Hidden           bool // confidential
}

func (c cell) before(o cell) bool {
	switch {
	case c.Parent != o.Parent:
		return c.Parent < o.Parent
	case c.Rating != o.Rating:
		return c.Rating < o.Rating
	case c.Currency != o.Currency:
		return c.Currency < o.Currency
	case c.Live != o.Live:
		return c.Live
	}
	return c.Hidden && !o.Hidden
}

// counted is what a project adds to the tally; nil for one that is not there.
type counted struct {
	cell
	Total
}

// tally gathers which projects a change touches. What they counted for is read
// before the change, what they count for now at its end, and the difference is
// written in one order by everybody, right before the entries of the record.
type tally struct {
	before map[string]*counted
	order  []string
}

type tallyKey struct{}

func tallyOf(tx *work.Tx) *tally {
	t, _ := tx.AtEnd(tallyKey{}, func() work.Ending { return &tally{before: map[string]*counted{}} }).(*tally)
	return t
}

// touch notes a project before its facts, its place or its confidentiality change.
func touch(ctx context.Context, tx *work.Tx, project string) error {
	t := tallyOf(tx)
	if _, noted := t.before[project]; noted {
		return nil
	}
	now, err := countedNow(ctx, tx, []string{project})
	if err != nil {
		return err
	}
	t.note(project, now[project])
	return nil
}

// touchAll is touch for many projects, in one query.
func touchAll(ctx context.Context, tx *work.Tx, projects []string) error {
	t := tallyOf(tx)
	fresh := slices.DeleteFunc(slices.Clone(projects), func(id string) bool { _, noted := t.before[id]; return noted })
	if len(fresh) == 0 {
		return nil
	}
	now, err := countedNow(ctx, tx, fresh)
	for _, id := range fresh {
		t.note(id, now[id])
	}
	return err
}

// touchNew notes a project that is about to be made.
func touchNew(tx *work.Tx, project string) { tallyOf(tx).note(project, nil) }

func (t *tally) note(project string, was *counted) {
	if _, noted := t.before[project]; noted {
		return
	}
	t.before[project] = was
	t.order = append(t.order, project)
}

const liveSQL = "CASE WHEN v.status_key IN ('closed', 'cancelled') THEN 0 ELSE 1 END"

// countedNow reads what projects count for.
func countedNow(ctx context.Context, q sqldb.Querier, ids []string) (map[string]*counted, error) {
	var w sqldb.Where
	w.AndIn("v.project_id", ids)
	w.And("v.is_current = TRUE")
	rows, err := q.QueryContext(ctx, `SELECT v.project_id, v.parent_id, `+liveSQL+`, v.rating, v.currency, n.confidential, v.budget, v.forecast, v.actual
		FROM project_version v JOIN node n ON n.id = v.project_id`+w.SQL(), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]*counted{}
	for rows.Next() {
		var id string
		c := &counted{Total: Total{Projects: 1}}
		var live int
		var budget, forecast, actual sql.NullInt64
		if err := rows.Scan(&id, &c.Parent, &live, &c.Rating, &c.cell.Currency, &c.Hidden, &budget, &forecast, &actual); err != nil {
			return nil, err
		}
		c.Live = live == 1
		c.Budget, c.WithBudget = amount(budget)
		c.Forecast, c.WithForecast = amount(forecast)
		c.Cost, c.WithCost = amount(actual)
		out[id] = c
	}
	return out, rows.Err()
}

func amount(n sql.NullInt64) (sum int64, with int) {
	if n.Valid {
		return n.Int64, 1
	}
	return 0, 0
}

// tallyBatch is how many projects are read at once.
const tallyBatch = 500

// End writes what the change made of the counts, and the words of the projects.
func (t *tally) End(ctx context.Context, tx *work.Tx) error {
	diff := map[cell]Total{}
	for ids := range slices.Chunk(t.order, tallyBatch) {
		now, err := countedNow(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			add(diff, t.before[id], -1)
			add(diff, now[id], 1)
		}
		if err := putWords(ctx, tx, ids); err != nil {
			return err
		}
	}
	return putTally(ctx, tx, diff)
}

func add(diff map[cell]Total, c *counted, sign int) {
	if c == nil {
		return
	}
	t, n := diff[c.cell], int64(sign)
	t.add(Total{
		Projects: sign * c.Projects, Budget: n * c.Budget, WithBudget: sign * c.WithBudget, Forecast: n * c.Forecast,
		WithForecast: sign * c.WithForecast, Cost: n * c.Cost, WithCost: sign * c.WithCost,
	})
	diff[c.cell] = t
}

func putTally(ctx context.Context, tx authz.Writer, diff map[cell]Total) error {
	cells := make([]cell, 0, len(diff))
	for c, t := range diff {
		if t != (Total{}) {
			cells = append(cells, c)
		}
	}
	sort.Slice(cells, func(i, j int) bool { return cells[i].before(cells[j]) })
	for _, c := range cells {
		t := diff[c]
		if _, err := tx.ExecContext(ctx, `INSERT INTO project_tally (parent_id, live, rating, currency, hidden, projects, with_budget, budget, with_forecast, forecast, with_actual, actual)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (parent_id, live, rating, currency, hidden) DO UPDATE SET
			projects = project_tally.projects + excluded.projects, with_budget = project_tally.with_budget + excluded.with_budget, budget = project_tally.budget + excluded.budget,
			with_forecast = project_tally.with_forecast + excluded.with_forecast, forecast = project_tally.forecast + excluded.forecast,
			with_actual = project_tally.with_actual + excluded.with_actual, actual = project_tally.actual + excluded.actual`,
			c.Parent, c.Live, c.Rating, c.Currency, c.Hidden, t.Projects, t.WithBudget, t.Budget, t.WithForecast, t.Forecast, t.WithCost, t.Cost); err != nil {
			return err
		}
	}
	return nil
}

// RebuildTally counts all projects anew and folds their words anew. It is for a
// database that was filled by other ways than this service, and gives what the
// changes one by one would have given.
func (s *Service) RebuildTally(ctx context.Context) error {
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		for _, query := range []string{`DELETE FROM project_tally`, `DELETE FROM project_words`} {
			if _, err := k.ExecContext(ctx, query); err != nil {
				return err
			}
		}
		diff := map[cell]Total{}
		for after := ""; ; {
			ids, err := projectsAfter(ctx, k, after)
			if err != nil {
				return err
			}
			if len(ids) == 0 {
				return putTally(ctx, k, diff)
			}
			now, err := countedNow(ctx, k, ids)
			if err != nil {
				return err
			}
			for _, c := range now {
				add(diff, c, 1)
			}
			if err := putWords(ctx, k, ids); err != nil {
				return err
			}
			after = ids[len(ids)-1]
		}
	})
}

// EnsureTally counts the projects of a database in which nothing was counted
// yet: one of an earlier version, or one that was filled by another way.
func (s *Service) EnsureTally(ctx context.Context) error {
	var one int
	err := s.unit.DB.Read.QueryRowContext(ctx, `SELECT 1 FROM project_version v WHERE v.is_current = TRUE AND NOT EXISTS (SELECT 1 FROM project_tally) LIMIT 1`).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.RebuildTally(ctx)
}

func projectsAfter(ctx context.Context, q sqldb.Querier, after string) (ids []string, err error) {
	rows, err := q.QueryContext(ctx, `SELECT q.id FROM project q WHERE q.id > $1 ORDER BY q.id LIMIT $2`, after, tallyBatch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
