package kittest

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"cairn/internal/kit/sqldb"
)

func TestNewestPostgresIsFound(t *testing.T) {
	root := t.TempDir()
	for _, v := range []string{"9.6", "13", "15"} {
		bin := filepath.Join(root, v, "bin")
		if err := os.MkdirAll(bin, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(bin, "initdb"), nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	got, err := postgresBin(filepath.Join(root, "*", "bin"))
	if want := filepath.Join(root, "15", "bin"); err != nil || got != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
	if _, err := postgresBin(filepath.Join(root, "none")); err == nil || !strings.Contains(err.Error(), "not installed") {
		t.Errorf("a machine without PostgreSQL gives %v, want the reason", err)
	}
}

func TestPrivateServerMakesDatabases(t *testing.T) {
	t.Setenv("CAIRN_TEST_POSTGRES", "")
	EachDB(t, func(t *testing.T, db *sqldb.DB) {
		runtime.GC() // nothing that keeps the server may be garbage
		runtime.GC()
		var n int
		if err := db.Read.QueryRowContext(context.Background(), `SELECT COUNT(*) FROM person`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n != 0 {
			t.Errorf("a new database holds %d people, want none", n)
		}
	})
}
