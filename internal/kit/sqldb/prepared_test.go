package sqldb_test

import (
	"context"
	"path/filepath"
	"strconv"
	"testing"

	"cairn/internal/kit/sqldb"
)

// A reading connection that keeps its statements reads the same query twice at
// once, reads a table that has changed since, and forgets what is asked seldom.
func TestReadersKeepTheirStatements(t *testing.T) {
	ctx := context.Background()
	db, err := sqldb.Open(ctx, filepath.Join(t.TempDir(), "kept.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // the test is over
	write := func(query string) {
		t.Helper()
		if _, err := db.Write.ExecContext(ctx, query); err != nil {
			t.Fatal(err)
		}
	}
	db.Read.SetMaxOpenConns(1)
	write(`CREATE TABLE t (a INTEGER)`)
	write(`INSERT INTO t VALUES (1), (2)`)
	read := func(query string, want int, args ...any) {
		t.Helper()
		rows, err := db.Read.QueryContext(ctx, query, args...)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil || len(columns) != want {
			t.Errorf("%s: columns %v, want %d, %v", query, columns, want, err)
		}
		for rows.Next() {
			break // the rest is left unread
		}
	}
	for range 3 {
		read(`SELECT * FROM t WHERE a >= $1`, 1, 1)
	}
	write(`ALTER TABLE t ADD COLUMN b INTEGER NOT NULL DEFAULT 5`)
	write(`DELETE FROM t WHERE a = 2`) // no reader holds a lock or an old snapshot
	read(`SELECT * FROM t WHERE a >= $1`, 2, 1)
	for i := range 200 {
		read(`SELECT a, b, `+strconv.Itoa(i)+` FROM t`, 3)
	}
	tx, err := db.Read.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	outer, err := tx.QueryContext(ctx, `SELECT a FROM t WHERE a < $1`, 9)
	if err != nil {
		t.Fatal(err)
	}
	defer outer.Close()
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT a FROM t WHERE a < $1`, 0).Scan(&n); err == nil {
		t.Error("the inner query took the outer one's value")
	}
	for outer.Next() {
		n++
	}
	if n != 1 || outer.Err() != nil {
		t.Errorf("%d rows, %v", n, outer.Err())
	}
	if _, err := tx.QueryContext(ctx, `SELECT nothing FROM t`); err == nil {
		t.Error("a wrong query is an error")
	}
}
