package kittest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"cairn/internal/kit/migrate"
	"cairn/internal/kit/sqldb"
)

// migratedDSN is the address of a new database that is a copy of a migrated one.
func migratedDSN(t testing.TB, e sqldb.Engine) string {
	t.Helper()
	if e == sqldb.Postgres {
		admin := server(t)
		template, err := postgresTemplate(admin)
		if err != nil {
			t.Fatalf("template: %v", err)
		}
		return newPostgres(t, admin, " TEMPLATE "+template+"")
	}
	body, err := sqliteTemplate()
	if err != nil {
		t.Fatalf("template: %v", err)
	}
	path := filepath.Join(t.TempDir(), "cairn.db")
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// sqliteTemplate holds the bytes of an empty file with today's schema.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "cairn-template-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "template.db")
	if err := migrated(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

var templates sync.Mutex

// postgresTemplate names a database of the server with today's schema. All packages
// share it: its name says what its migrations say, the first who needs it makes it
// under another name, and it is there for the next run if the server is.
func postgresTemplate(admin string) (string, error) {
	templates.Lock()
	defer templates.Unlock()
	ctx := context.Background()
	db, err := sql.Open("pgx", admin)
	if err != nil {
		return "", err
	}
	defer db.Close()
	conn, err := db.Conn(ctx) // the lock is the session's, and ends with it
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock(7205759403792793)`); err != nil {
		return "", err
	}
	name := "cairn_template_" + migrate.Sum(sqldb.Postgres)
	var there bool
	if err := conn.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)`, name).Scan(&there); err != nil || there {
		return name, err
	}
	u, err := url.Parse(admin)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name + "_new"
	for _, step := range []func() error{
		stated(ctx, conn, `DROP DATABASE IF EXISTS `+name+`_new WITH (FORCE)`), // of a run that was killed
		stated(ctx, conn, `CREATE DATABASE `+name+`_new`),
		func() error { return migrated(u.String()) },
		stated(ctx, conn, `ALTER DATABASE `+name+`_new RENAME TO `+name),
	} {
		if err := step(); err != nil {
			return "", err
		}
	}
	return name, nil
}

func stated(ctx context.Context, conn *sql.Conn, statement string) func() error {
	return func() error {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
		return nil
	}
}

// migrated brings a database to today's schema and closes it, so that it is whole at
// its address.
func migrated(dsn string) error {
	ctx := context.Background()
	db, err := sqldb.Open(ctx, dsn)
	if err != nil {
		return err
	}
	_, err = migrate.Up(ctx, db)
	if closing := db.Close(); err == nil {
		err = closing
	}
	return err
}
