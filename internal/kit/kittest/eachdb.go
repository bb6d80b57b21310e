// Package kittest gives tests real databases, a clock that stands still and a
// small world to begin with.
package kittest

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"cairn/internal/kit/migrate"
	"cairn/internal/kit/sqldb"
)

// Noon is the moment at which the tests' clock stands.
var Noon = time.Date(2026, 3, 16, 12, 0, 0, 0, time.UTC)

// EachDB runs a test on SQLite and on PostgreSQL, each freshly migrated.
func EachDB(t *testing.T, test func(t *testing.T, db *sqldb.DB)) {
	t.Helper()
	for _, e := range []sqldb.Engine{sqldb.SQLite, sqldb.Postgres} {
		t.Run(string(e), func(t *testing.T) { test(t, NewDB(t, e)) })
	}
}

// NewDB opens a new database of an engine with today's schema and no rows. It is a
// copy: the migrations run once, which on PostgreSQL takes as long as most tests.
func NewDB(t testing.TB, e sqldb.Engine) *sqldb.DB {
	t.Helper()
	return open(t, migratedDSN(t, e))
}

// FreshDSN is the address of a new, empty database of an engine.
func FreshDSN(t testing.TB, e sqldb.Engine) string {
	t.Helper()
	if e == sqldb.Postgres {
		return PostgresURL(t)
	}
	return filepath.Join(t.TempDir(), "cairn.db")
}

// OpenDB opens and migrates a database for one test.
func OpenDB(t testing.TB, dsn string) *sqldb.DB {
	t.Helper()
	db := open(t, dsn)
	if _, err := migrate.Up(context.Background(), db); err != nil {
		t.Fatalf("migrate %s: %v", db.Engine, err)
	}
	return db
}

func open(t testing.TB, dsn string) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(context.Background(), dsn)
	if err != nil {
		t.Fatalf("open %s: %v", sqldb.EngineOf(dsn), err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}
