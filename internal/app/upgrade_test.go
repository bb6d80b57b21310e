package app

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"cairn/internal/career"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/portfolio"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// Each folder of testdata/upgrade holds a small database as the program of that
// schema left it, once as a SQLite file and once as PostgreSQL's dump, and what
// that program exported and verified. It was made with the commands of that day:
//
//	cairn demo --projects 4, enter as the analyst, turn Career on, stop
//	cairn export projects --as-at D --format json, cairn verify --checkpoint
//	gzip of the file, pg_dump --inserts

// TestADatabaseOfEachReleasedSchemaUpgrades opens them all, migrates, and compares.
func TestADatabaseOfEachReleasedSchemaUpgrades(t *testing.T) {
	releases, err := filepath.Glob("testdata/upgrade/*")
	if err != nil || len(releases) == 0 {
		t.Fatalf("no released schema is here: %v", err)
	}
	for _, dir := range releases {
		for _, engine := range []sqldb.Engine{sqldb.SQLite, sqldb.Postgres} {
			t.Run(filepath.Base(dir)+"/"+string(engine), func(t *testing.T) {
				dsn := kittest.FreshDSN(t, engine)
				if engine == sqldb.Postgres {
					loadDump(t, dsn, unpack(t, filepath.Join(dir, "postgres.sql.gz")))
				} else if err := os.WriteFile(dsn, unpack(t, filepath.Join(dir, "sqlite.db.gz")), 0o600); err != nil {
					t.Fatal(err)
				}
				upgraded(t, dsn, filepath.Join(dir, string(engine)))
			})
		}
	}
}

// upgraded opens an old database and compares it with what its own program said.
func upgraded(t *testing.T, dsn, kept string) {
	t.Helper()
	ctx := context.Background()
	a, err := OpenDemo(ctx, Config{DB: dsn}, 0, func(s string) { t.Errorf("the demonstration is made again: %s", s) })
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	var head activity.Head
	readJSON(t, kept+"-head.json", &head)
	if report, err := activity.Verify(ctx, a.Store.Read, &head); err != nil || report.Head != head {
		t.Errorf("the record after the upgrade: %+v, %v", report, err)
	}
	exports, err := filepath.Glob(kept + "-20*.json")
	if err != nil || len(exports) < 2 {
		t.Fatalf("no exports to compare with: %v", err)
	}
	for _, name := range exports {
		day := strings.TrimSuffix(strings.TrimPrefix(name, kept+"-"), ".json")
		now, err := a.ExportProjects(ctx, day, "", "json")
		if err != nil {
			t.Fatal(err)
		}
		var then, after []map[string]any
		readJSON(t, name, &then)
		if err := json.Unmarshal(now, &after); err != nil {
			t.Fatal(err)
		}
		compareRows(t, day, then, after)
	}
	// What is counted at write time must have been counted for what was there.
	page, err := a.Portfolio.List(ctx, authz.Actor{Person: "nobody in particular", Role: authz.HeadOfPMO}, portfolio.Filter{})
	if err != nil || page.Count != len(page.Projects) || page.Count != rowCount(t, exports[len(exports)-1]) {
		t.Errorf("the list counts %d projects and shows %d, %v", page.Count, len(page.Projects), err)
	}
	if err := a.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	before := careers(t, a)
	for _, r := range a.readers() {
		if err := a.Unit.Rewind(ctx, r.Name); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(before, careers(t, a), cmpopts.IgnoreUnexported(career.Item{})); d != "" {
		t.Errorf("a rebuild differs:\n%.2000s", d)
	}
	for person, items := range before { // the analyst's
		if len(items) < 5 {
			t.Errorf("%s has %d items", person, len(items))
		}
	}
}

func rowCount(t *testing.T, name string) int {
	t.Helper()
	var rows []map[string]any
	readJSON(t, name, &rows)
	return len(rows)
}

// compareRows expects every value that the old program exported; the new one may
// add columns.
func compareRows(t *testing.T, day string, then, after []map[string]any) {
	t.Helper()
	if len(then) != len(after) || len(then) == 0 {
		t.Fatalf("as at %s: %d projects before, %d after the upgrade", day, len(then), len(after))
	}
	for i, row := range then {
		for column, was := range row {
			if is := after[i][column]; is != was {
				t.Errorf("as at %s, project %v, %s: was %v, is %v", day, row["Name"], column, was, is)
			}
		}
	}
}

func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func unpack(t *testing.T, name string) []byte {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// commandOfPsql are lines that only psql understands.
var commandOfPsql = regexp.MustCompile(`(?m)^\\.*$`)

func loadDump(t *testing.T, dsn string, dump []byte) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.PgConn().Exec(ctx, commandOfPsql.ReplaceAllString(string(dump), "")).ReadAll(); err != nil {
		t.Fatal(err)
	}
}
