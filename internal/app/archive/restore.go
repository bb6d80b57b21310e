package archive

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/migrate"
	"cairn/internal/kit/sqldb"
)

// maxLine bounds a row of an archive, in bytes.
const maxLine = 64 << 20

// Restore fills an empty database from an archive and checks sums, counts and
// the activity record before it commits. A database that holds anything is refused.
func Restore(ctx context.Context, db *sqldb.DB, r io.ReaderAt, size int64) (m Manifest, err error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return m, errs.Because(errs.Invalid, err, "This is not an archive of Cairn: it cannot be opened.")
	}
	if m, err = manifest(z); err != nil {
		return m, err
	}
	have, err := migrate.Up(ctx, db)
	if err != nil {
		return m, err
	}
	if m.Schema != have {
		return m, errs.New(errs.Invalid, "The archive was written at schema %d, this Cairn is at %d. Restore it with the version that wrote it, then upgrade.", m.Schema, have)
	}
	tx, err := db.Write.BeginTx(ctx, nil)
	if err != nil {
		return m, err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	var people int64
	if err := tx.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM person) + (SELECT seq FROM activity_head)`).Scan(&people); err != nil {
		return m, err
	}
	if people > 0 {
		return m, errs.New(errs.Invalid, "The database is not empty. Restore into a new one.")
	}
	for _, t := range m.Tables {
		if err := restoreTable(ctx, tx, z, db.Engine, t); err != nil {
			return m, err
		}
	}
	report, err := activity.Verify(ctx, tx, nil)
	if err != nil {
		return m, errs.Because(errs.Invalid, err, "The archive's activity record does not hold: %v.", err)
	}
	if report.Head != m.Record {
		return m, errs.New(errs.Invalid, "The archive's activity record ends at %d, its manifest says %d.", report.Head.Seq, m.Record.Seq)
	}
	return m, tx.Commit()
}

func manifest(z *zip.Reader) (m Manifest, err error) {
	f, err := z.Open("manifest.json")
	if err != nil {
		return m, errs.Because(errs.Invalid, err, "This is not an archive of Cairn: it has no manifest.")
	}
	defer f.Close()
	if err := json.NewDecoder(io.LimitReader(f, maxLine)).Decode(&m); err != nil || m.Format != format {
		return m, errs.Because(errs.Invalid, err, "The manifest of this archive cannot be read.")
	}
	return m, nil
}

func restoreTable(ctx context.Context, tx *sql.Tx, z *zip.Reader, e sqldb.Engine, t Table) error {
	kinds, err := columnKinds(ctx, tx, e, t.Name)
	if err != nil {
		return err
	}
	for _, c := range t.Columns {
		if kinds[c] == "" {
			return errs.New(errs.Invalid, "The archive has a column %s.%s that this Cairn does not know.", t.Name, c)
		}
	}
	f, err := z.Open("tables/" + t.Name + ".jsonl")
	if err != nil {
		return errs.Because(errs.Invalid, err, "The archive lacks the table %s.", t.Name)
	}
	defer f.Close()
	marks := make([]string, len(t.Columns))
	for i := range marks {
		marks[i] = "$" + strconv.Itoa(i+1)
	}
	query := `INSERT INTO ` + t.Name + ` (` + strings.Join(t.Columns, ", ") + `) VALUES (` + strings.Join(marks, ", ") + `)`
	if t.Name == "activity_head" || t.Name == "organisation" { // a new database has their one row already
		query += ` ON CONFLICT (id) DO UPDATE SET ` + overwrite(t.Columns)
	}
	stmt, err := tx.PrepareContext(ctx, query)
	if err != nil {
		return err
	}
	defer stmt.Close()
	sum := sha256.New()
	lines := bufio.NewScanner(io.TeeReader(f, sum))
	lines.Buffer(make([]byte, 1<<16), maxLine)
	var n int64
	for lines.Scan() {
		row, err := parseRow(lines.Bytes(), t.Columns, kinds)
		if err == nil {
			_, err = stmt.ExecContext(ctx, row...)
		}
		if err != nil {
			return errs.Because(errs.Invalid, err, "The archive's table %s cannot be restored at row %d.", t.Name, n+1)
		}
		n++
	}
	if err := lines.Err(); err != nil {
		return errs.Because(errs.Invalid, err, "The archive's table %s is damaged.", t.Name)
	}
	if n != t.Rows || hex.EncodeToString(sum.Sum(nil)) != t.SHA256 {
		return errs.New(errs.Invalid, "The archive's table %s is not what its manifest says.", t.Name)
	}
	return nil
}

func parseRow(line []byte, columns []string, kinds map[string]string) ([]any, error) {
	var row []any
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.UseNumber()
	if err := dec.Decode(&row); err != nil {
		return nil, err
	}
	if len(row) != len(columns) {
		return nil, fmt.Errorf("%d values for %d columns", len(row), len(columns))
	}
	for i, v := range row {
		switch x := v.(type) {
		case json.Number:
			n, err := x.Int64()
			if err != nil {
				return nil, err
			}
			row[i] = n
			if kinds[columns[i]] == "boolean" {
				row[i] = n == 1
			}
		case map[string]any:
			text, _ := x["x"].(string)
			b, err := hex.DecodeString(text)
			if err != nil {
				return nil, err
			}
			row[i] = b
		}
	}
	return row, nil
}

// columnKinds gives the type of each column, in lower case.
func columnKinds(ctx context.Context, q sqldb.Querier, e sqldb.Engine, table string) (map[string]string, error) {
	query := `SELECT name, lower(type) FROM pragma_table_info($1)`
	if e == sqldb.Postgres {
		query = `SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1`
	}
	rows, err := q.QueryContext(ctx, query, table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var name, kind string
		if err := rows.Scan(&name, &kind); err != nil {
			return nil, err
		}
		out[name] = kind
	}
	return out, rows.Err()
}

func overwrite(columns []string) string {
	set := make([]string, len(columns))
	for i, c := range columns {
		set[i] = c + " = excluded." + c
	}
	return strings.Join(set, ", ")
}
