package migrate_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

// column is a column as both engines must have it.
type column struct {
	Kind string // integer, truth, text, bytes
	Null bool
}

// TestSchemaParity holds the two schemas to one map of types: INTEGER and
// BIGINT, INTEGER CHECK (0, 1) and BOOLEAN, TEXT and TEXT COLLATE "C", BLOB and
// BYTEA, with the same tables, nullability and indexes.
func TestSchemaParity(t *testing.T) {
	lite := kittest.OpenDB(t, filepath.Join(t.TempDir(), "cairn.db"))
	post := kittest.OpenDB(t, kittest.PostgresURL(t))
	a, b := sqliteColumns(t, lite), postgresColumns(t, post)
	if len(a) < 100 {
		t.Fatalf("only %d columns were found", len(a))
	}
	if d := cmp.Diff(a, b); d != "" {
		t.Errorf("columns (-sqlite +postgres):\n%s", d)
	}
	if d := cmp.Diff(names(t, lite, `SELECT tbl_name || ' ' || name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL`),
		names(t, post, `SELECT tablename || ' ' || indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%_pkey' AND indexname NOT LIKE '%_key' AND tablename NOT LIKE 'goose%'`)); d != "" {
		t.Errorf("indexes (-sqlite +postgres):\n%s", d)
	}
	if d := cmp.Diff(names(t, lite, `SELECT name FROM sqlite_master WHERE type = 'view'`), names(t, post, `SELECT viewname FROM pg_views WHERE schemaname = 'public'`)); d != "" {
		t.Errorf("views (-sqlite +postgres):\n%s", d)
	}
}

func names(t *testing.T, db *sqldb.DB, query string) map[string]bool {
	t.Helper()
	rows, err := db.Read.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		out[name] = true
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func sqliteColumns(t *testing.T, db *sqldb.DB) map[string]column {
	t.Helper()
	rows, err := db.Read.QueryContext(context.Background(), `SELECT m.name, m.sql, c.name, c.type, c."notnull" FROM sqlite_master m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'goose%' AND m.name NOT LIKE 'sqlite%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]column{}
	for rows.Next() {
		var table, ddl, name, kind string
		var notNull bool
		if err := rows.Scan(&table, &ddl, &name, &kind, &notNull); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(ddl, "STRICT") {
			t.Errorf("%s is not STRICT", table)
		}
		k := map[string]string{"INTEGER": "integer", "TEXT": "text", "BLOB": "bytes"}[kind]
		if strings.Contains(ddl, name+" IN (0, 1)") {
			k = "truth"
		}
		out[table+"."+name] = column{k, !notNull}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func postgresColumns(t *testing.T, db *sqldb.DB) map[string]column {
	t.Helper()
	rows, err := db.Read.QueryContext(context.Background(), `SELECT c.table_name, c.column_name, c.data_type, COALESCE(c.collation_name, ''), c.is_nullable
		FROM information_schema.columns c JOIN information_schema.tables t ON t.table_name = c.table_name AND t.table_schema = c.table_schema
		WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.table_name NOT LIKE 'goose%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]column{}
	for rows.Next() {
		var table, name, kind, collation, null string
		if err := rows.Scan(&table, &name, &kind, &collation, &null); err != nil {
			t.Fatal(err)
		}
		if kind == "text" && collation != "C" {
			t.Errorf("%s.%s is not COLLATE \"C\"", table, name)
		}
		out[table+"."+name] = column{map[string]string{"bigint": "integer", "boolean": "truth", "text": "text", "bytea": "bytes"}[kind], null == "YES"}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
