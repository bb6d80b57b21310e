package portfolio

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// bulk fills the register by plain inserts, as a large organisation would have it.
func (w *world) bulk(t *testing.T, n int) {
	t.Helper()
	tx, err := w.db.Write.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	exec := func(query string, args ...any) {
		if _, err := tx.Exec(query, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`INSERT INTO portfolio (id, name, name_key, code, purpose, version) VALUES ('f', 'All', 'all', '', '', 1)`)
	exec(`INSERT INTO programme (id, portfolio_id, name, name_key, code, purpose, version) VALUES ('g', 'f', 'One', 'one', '', '', 1)`)
	for _, node := range []string{"f", "g"} {
		exec(`INSERT INTO node (id, parent_id, marked, confidential) VALUES ($1, '', FALSE, FALSE)`, node)
		exec(`INSERT INTO node_closure (ancestor_id, descendant_id) VALUES ($1, $2)`, node, node)
	}
	var versions [][]any
	for i := range n {
		id := fmt.Sprintf("p%06d", i)
		facts := Facts{
			Name: text(fmt.Sprintf("One of many %06d", i*7919%n)), Code: text(fmt.Sprint(i)), Parent: text("g"), Status: text([]string{"Live", "Closed", "Closed"}[i%3]),
			OrgUnit: text(fmt.Sprint("Unit ", i%30)), Budget: text(fmt.Sprint(i)), Currency: text("GBP"), Rating: text(Ratings[i%5]), BaselineEnd: text(fmt.Sprintf("20%02d-01-01", 10+i%40)),
		}
		exec(`INSERT INTO project (id, confidential, vanished_from, version) VALUES ($1, FALSE, '', 1)`, id)
		exec(`INSERT INTO node (id, parent_id, marked, confidential) VALUES ($1, 'g', FALSE, $2)`, id, i%500 == 0)
		exec(`INSERT INTO node_closure (ancestor_id, descendant_id) VALUES ($1, $2), ('g', $3), ('f', $4)`, id, id, id, id)
		args := []any{id, "2026-01-01", forever, 1, knownEver, true}
		for _, f := range Fields {
			if f.Type == Money {
				args = append(args, nullMoney(facts, f.Field))
			} else {
				args = append(args, facts.Text(f.Field))
			}
		}
		versions = append(versions, append(append(args, "", ""), sortKeys(facts)...))
	}
	if err := sqldb.Insert(context.Background(), tx, "project_version ("+versionColumns+")", "", versions); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.db.Write.Exec(`ANALYZE`); err != nil {
		t.Fatal(err)
	}
	if err := w.EnsureTally(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// explained gives the plan of the rows of a list.
func (w *world) explained(t *testing.T, who authz.Actor, f Filter) string {
	t.Helper()
	var out strings.Builder
	err := w.unit.View(context.Background(), who, func(ctx context.Context, v *work.View) error {
		f, err := f.ready(ctx, v)
		if err != nil {
			return err
		}
		query, where := rowsQuery(f, v)
		rows, err := v.QueryContext(ctx, `EXPLAIN `+map[sqldb.Engine]string{sqldb.SQLite: "QUERY PLAN ", sqldb.Postgres: ""}[w.db.Engine]+query, where.Values()...)
		if err != nil {
			return err
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		for rows.Next() {
			line := make([]any, len(columns))
			for i := range line {
				line[i] = new(any)
			}
			if err := rows.Scan(line...); err != nil {
				return err
			}
			fmt.Fprintln(&out, *line[len(line)-1].(*any))
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// readsAll reports whether a plan sorts, or goes through a table from end to end.
func readsAll(plan string) bool {
	return slices.ContainsFunc(strings.Split(plan, "\n"), func(l string) bool {
		l = strings.TrimLeft(l, " ->")
		return strings.Contains(l, "USE TEMP B-TREE") || strings.HasPrefix(l, "SCAN v") && !strings.Contains(l, "USING INDEX") ||
			strings.Contains(l, "Seq Scan on project_version") || strings.Contains(l, "Seq Scan on project ") || strings.HasPrefix(l, "Sort ")
	})
}

// TestPagesAreReadFromAnIndex holds that no sort of the register reads or sorts
// the whole of it for one page, whoever reads, on the first page and on later ones.
func TestPagesAreReadFromAnIndex(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		w.bulk(t, 12000)
		if plan := w.explained(t, w.head, Filter{Group: "end_year"}); !readsAll(plan) {
			t.Errorf("a list in groups is sorted, and this test does not see it:\n%s", plan)
		}
		for sort := range Sorts {
			for _, f := range []Filter{{}, {Desc: true}, {AfterKey: "m", AfterID: "p000100"}, {LiveOnly: true}, {LiveOnly: true, Rating: "red"}} {
				f.Sort = sort
				for _, who := range []authz.Actor{w.head, w.member} {
					plan := w.explained(t, who, f)
					if readsAll(plan) {
						t.Errorf("%s, %+v:\n%s", sort, f, plan)
					}
					if f.LiveOnly && f.Rating == "" && !strings.Contains(plan, "project_live_by_"+sort) {
						t.Errorf("live work by %s walks past what is over:\n%s", sort, plan)
					}
				}
			}
		}
	})
}
