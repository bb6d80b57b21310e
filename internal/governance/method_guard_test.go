package governance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

// versionTables finds in the schema the tables that hold versions of methods: all
// whose names begin with method_, but for the draft, which is there to be changed.
func versionTables(t *testing.T, db *sqldb.DB) (out []string) {
	t.Helper()
	query := `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`
	if db.Engine == sqldb.Postgres {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name`
	}
	for _, name := range stringsOf(t, db, query) {
		if strings.HasPrefix(name, "method_") && !slices.Contains(KeepTables, name) {
			out = append(out, name)
		}
	}
	return out
}

func stringsOf(t *testing.T, db *sqldb.DB, query string, args ...any) (out []string) {
	t.Helper()
	rows, err := db.Write.Query(query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// unguarded names what a table lacks to be safe from change: a trigger before each
// way to change or take away a row.
func unguarded(t *testing.T, db *sqldb.DB, table string) (out []string) {
	t.Helper()
	if db.Engine == sqldb.SQLite {
		has := strings.Join(stringsOf(t, db, `SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = $1`, table), "\n")
		for _, change := range []string{"UPDATE", "DELETE"} {
			if !strings.Contains(has, "BEFORE "+change+" ON "+table+"\nBEGIN SELECT RAISE(ABORT") {
				out = append(out, change)
			}
		}
		return out
	}
	// The bits of pg_trigger.tgtype: 2 before, 8 delete, 16 update, 32 truncate.
	for change, bit := range map[string]int{"DELETE": 8, "UPDATE": 16, "TRUNCATE": 32} {
		if len(stringsOf(t, db, `SELECT tgname FROM pg_trigger WHERE tgrelid = CAST($1 AS regclass) AND NOT tgisinternal AND tgenabled <> 'D' AND tgqual IS NULL
			AND tgtype & 2 = 2 AND tgtype & CAST($2 AS INTEGER) <> 0`, table, bit)) == 0 {
			out = append(out, change)
		}
	}
	slices.Sort(out)
	return out
}

// TestTheDatabaseRefusesToChangeAPublishedVersion finds the tables by the schema, so
// that a table that is added without a guard fails here.
func TestTheDatabaseRefusesToChangeAPublishedVersion(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		w := newGateWorld(t, db)
		tables := versionTables(t, db)
		if !slices.Contains(tables, "method_version") {
			t.Fatalf("the tables of versions are %q", tables)
		}
		before := asPublished(t, w, w.full)
		for _, table := range tables {
			if lacks := unguarded(t, db, table); len(lacks) > 0 {
				t.Errorf("%s has no guard before %q", table, lacks)
			}
			for _, column := range columnsOf(t, db, table) {
				refusesTo(t, db, fmt.Sprintf(`UPDATE %s SET %s = %s`, table, column, column))
			}
			refusesTo(t, db, `DELETE FROM `+table)
			if db.Engine == sqldb.SQLite {
				refusesTo(t, db, fmt.Sprintf(`REPLACE INTO %s SELECT * FROM %s`, table, table))
			} else {
				refusesTo(t, db, `TRUNCATE `+table+` CASCADE`)
			}
		}
		refusesTo(t, db, `INSERT INTO method_version SELECT * FROM method_version WHERE true ON CONFLICT (id) DO UPDATE SET content = ''`)
		if now := asPublished(t, w, w.full); now != before {
			t.Error("the version changed")
		}

		// The finder finds what it is to find.
		w.exec(t, `CREATE TABLE method_note (method_version_id TEXT NOT NULL PRIMARY KEY)`)
		if tables := versionTables(t, db); !slices.Contains(tables, "method_note") || len(unguarded(t, db, "method_note")) < 2 {
			t.Errorf("a new table without a guard is not found: %q", tables)
		}
	})
}

func columnsOf(t *testing.T, db *sqldb.DB, table string) []string {
	t.Helper()
	rows, err := db.Read.Query(`SELECT * FROM ` + table + ` WHERE 1 = 0`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out, err := rows.Columns()
	if err != nil || rows.Err() != nil {
		t.Fatal(err, rows.Err())
	}
	return out
}

// refusesTo wants the guard's own refusal: another error would prove nothing.
func refusesTo(t *testing.T, db *sqldb.DB, statement string) {
	t.Helper()
	if _, err := db.Write.Exec(statement); err == nil || !strings.Contains(err.Error(), "is never changed") {
		t.Errorf("%s: %v", statement, err)
	}
}
