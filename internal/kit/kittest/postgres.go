package kittest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"sync/atomic"
	"testing"
)

var databases atomic.Int64

// PostgresURL makes an empty database and gives its address; it is dropped when
// the test ends. The server is the one that CAIRN_TEST_POSTGRES names, else one
// that this process starts for itself. Where PostgreSQL is not installed the
// test is skipped with that reason, or fails if CAIRN_REQUIRE_ALL is set.
func PostgresURL(t testing.TB) string {
	t.Helper()
	return newPostgres(t, server(t), "")
}

// newPostgres makes a database as CREATE DATABASE does with what follows its name.
func newPostgres(t testing.TB, admin, as string) string {
	t.Helper()
	db, err := sql.Open("pgx", admin)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("cairn_test_%d_%d", os.Getpid(), databases.Add(1))
	ctx := context.Background()
	if _, err := db.ExecContext(ctx, `CREATE DATABASE `+name+as); err != nil {
		_ = db.Close()
		t.Fatalf("create database: %v", err)
	}
	t.Cleanup(func() {
		defer db.Close()
		if _, err := db.ExecContext(ctx, `DROP DATABASE `+name+` WITH (FORCE)`); err != nil {
			t.Errorf("drop database: %v", err)
		}
	})
	u, err := url.Parse(admin)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

// server gives the address of a server on which databases may be made.
func server(t testing.TB) string {
	t.Helper()
	if named := os.Getenv("CAIRN_TEST_POSTGRES"); named != "" {
		return named
	}
	address, err := privateServer()
	switch {
	case err == nil:
		return address
	case os.Getenv("CAIRN_REQUIRE_ALL") != "":
		t.Fatalf("CAIRN_REQUIRE_ALL asks for PostgreSQL: %v", err)
	default:
		t.Skipf("PostgreSQL is left out: %v", err)
	}
	return ""
}
