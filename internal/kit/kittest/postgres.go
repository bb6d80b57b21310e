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

// PostgresURL makes an empty database on the server that CAIRN_TEST_POSTGRES
// names and gives its address; it is dropped when the test ends. Without a
// server the test is skipped with that reason, or fails where CAIRN_REQUIRE_ALL
// is set.
func PostgresURL(t testing.TB) string {
	t.Helper()
	admin := os.Getenv("CAIRN_TEST_POSTGRES")
	if admin == "" {
		if os.Getenv("CAIRN_REQUIRE_ALL") != "" {
			t.Fatal("CAIRN_TEST_POSTGRES names no server, and CAIRN_REQUIRE_ALL asks for one")
		}
		t.Skip("PostgreSQL is left out: CAIRN_TEST_POSTGRES names no server (make test starts one)")
	}
	db, err := sql.Open("pgx", admin)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("cairn_test_%d_%d", os.Getpid(), databases.Add(1))
	ctx := context.Background()
	if _, err := db.ExecContext(ctx, `CREATE DATABASE `+name); err != nil {
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
