// Package archive writes a whole database into one file while it is in use, and
// reads it back into an empty one, on the same engine or the other. The file is
// a zip of one table per entry, a row per line as JSON, and a manifest with
// counts and SHA-256 sums: leaving is free, and a reader needs no Cairn.
package archive

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/migrate"
	"cairn/internal/kit/sqldb"
)

// Manifest says what an archive holds.
type Manifest struct {
	Format int           `json:"format"`
	Schema int64         `json:"schema"` // number of the last migration
	Tables []Table       `json:"tables"` // in the order in which they can be filled
	Record activity.Head `json:"record"` // head of the activity record
}

// Table is one table of an archive.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Rows    int64    `json:"rows"`
	SHA256  string   `json:"sha256"`
}

const format = 1

// Write writes the archive from one snapshot of the database.
func Write(ctx context.Context, db *sqldb.DB, w io.Writer) (m Manifest, err error) {
	opts := &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
	if db.Engine == sqldb.SQLite {
		opts = nil // the readers' pool is query-only, and a transaction is a snapshot
	}
	tx, err := db.Read.BeginTx(ctx, opts)
	if err != nil {
		return m, err
	}
	defer func() { _ = tx.Rollback() }() // a reading has nothing to commit
	m.Format = format
	if m.Schema, _, err = migrate.Version(ctx, db); err != nil {
		return m, err
	}
	names, err := tables(ctx, tx, db.Engine)
	if err != nil {
		return m, err
	}
	z := zip.NewWriter(w)
	for _, name := range names {
		t, err := writeTable(ctx, tx, z, name)
		if err != nil {
			return m, fmt.Errorf("archive: %s: %w", name, err)
		}
		m.Tables = append(m.Tables, t)
	}
	var hash []byte
	if err := tx.QueryRowContext(ctx, `SELECT seq, hash FROM activity_head`).Scan(&m.Record.Seq, &hash); err != nil {
		return m, err
	}
	m.Record.Hash = hex.EncodeToString(hash)
	out, err := z.Create("manifest.json")
	if err != nil {
		return m, err
	}
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	if err := enc.Encode(m); err != nil {
		return m, err
	}
	return m, z.Close()
}

// tables lists the tables in the order in which the migrations made them, so
// that what is referred to comes before what refers to it.
func tables(ctx context.Context, q sqldb.Querier, e sqldb.Engine) ([]string, error) {
	query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name NOT LIKE 'goose%' ORDER BY rowid`
	if e == sqldb.Postgres {
		query = `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'public') AND relname NOT LIKE 'goose%' ORDER BY oid`
	}
	rows, err := q.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	return out, rows.Err()
}

func writeTable(ctx context.Context, q sqldb.Querier, z *zip.Writer, name string) (t Table, err error) {
	t.Name = name
	f, err := z.Create("tables/" + name + ".jsonl")
	if err != nil {
		return t, err
	}
	sum := sha256.New()
	out := bufio.NewWriter(io.MultiWriter(f, sum))
	rows, err := q.QueryContext(ctx, `SELECT * FROM `+name) // names come from the schema, never from outside
	if err != nil {
		return t, err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return t, err
	}
	for _, c := range types {
		t.Columns = append(t.Columns, c.Name())
	}
	row, dest := make([]any, len(types)), make([]any, len(types))
	for i := range row {
		dest[i] = &row[i]
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return t, err
		}
		for i := range row {
			row[i] = portable(row[i], types[i].DatabaseTypeName())
		}
		if err := enc.Encode(row); err != nil {
			return t, err
		}
		t.Rows++
	}
	if err := rows.Err(); err != nil {
		return t, err
	}
	if err := out.Flush(); err != nil {
		return t, err
	}
	t.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return t, nil
}

// portable gives a value its form in the archive: bytes are {"x": hex}, truth
// is 0 or 1 as SQLite has it.
func portable(v any, kind string) any {
	switch x := v.(type) {
	case []byte:
		if strings.EqualFold(kind, "TEXT") {
			return string(x)
		}
		return map[string]string{"x": hex.EncodeToString(x)}
	case bool:
		if x {
			return 1
		}
		return 0
	}
	return v
}
