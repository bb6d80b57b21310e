package sqldb

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// Readers that were opened over empty tables choose their indexes anew once the
// database has looked at how the tables are filled.
func TestReadersLearnHowTheTablesAreFilled(t *testing.T) {
	ctx := context.Background()
	db, err := Open(ctx, filepath.Join(t.TempDir(), "grown.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // only read from by now
	exec := func(query string) {
		t.Helper()
		if _, err := db.Write.ExecContext(ctx, query); err != nil {
			t.Fatal(err)
		}
	}
	plan := func() (how string) {
		t.Helper()
		var id, parent, unused int
		if err := db.Read.QueryRowContext(ctx, `EXPLAIN QUERY PLAN SELECT pad FROM t WHERE same = 1 AND other = 7`).Scan(&id, &parent, &unused, &how); err != nil {
			t.Fatal(err)
		}
		return how
	}
	exec(`CREATE TABLE t (other INTEGER, same INTEGER, pad TEXT)`)
	exec(`CREATE INDEX by_other ON t (other)`)
	exec(`CREATE INDEX by_same ON t (same)`)
	exec(`INSERT INTO t VALUES (1, 1, ''), (1, 2, ''), (1, 3, '')`)
	if err := db.Optimise(ctx); err != nil {
		t.Fatal(err)
	}
	if how := plan(); !strings.Contains(how, "by_same") {
		t.Fatalf("over a small table the plan is %q: the test needs a query that statistics change", how)
	}
	if db.Outgrown(ctx) {
		t.Error("an empty database is outgrown")
	}
	exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) INSERT INTO t SELECT i, 1, printf('%0200d', i) FROM n`)
	if !db.Outgrown(ctx) {
		t.Error("6 MB more are not noticed")
	}
	if err := db.Optimise(ctx); err != nil {
		t.Fatal(err)
	}
	if how := plan(); !strings.Contains(how, "by_other") {
		t.Errorf("the reader goes on by the plan of an empty table: %q", how)
	}
	if db.Outgrown(ctx) {
		t.Error("what was looked at is outgrown still")
	}
}
