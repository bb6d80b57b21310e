package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"cairn/internal/app"
	"cairn/internal/kit/sqldb"
)

// written are the tables that an import of new projects writes rows of each
// project to. They are filled in this order.
var written = []string{
	"node", "node_closure", "project", "project_source", "project_statement", "project_version", "project_words", "batch_effect", "activity", "activity_payload",
}

func databases(dir, two string) (ours, theirs string, err error) {
	if two == "" {
		return filepath.Join(dir, "ours.db"), filepath.Join(dir, "bare.db"), nil
	}
	ours, theirs, ok := strings.Cut(two, ",")
	if !ok {
		return "", "", fmt.Errorf("name two databases, separated by a comma")
	}
	return ours, theirs, nil
}

// bareInserts copies what an import has written into an empty database, in one
// transaction with one prepared statement for each table, and gives the time of
// the inserts alone.
func bareInserts(ctx context.Context, from *sqldb.DB, to string) (took time.Duration, err error) {
	b, err := app.Open(ctx, app.Config{DB: to})
	if err != nil {
		return 0, err
	}
	defer func() { err = closed(err, b) }()
	queries, tables := make([]string, len(written)), make([][][]any, len(written))
	for i, name := range written {
		if queries[i], tables[i], err = rowsOf(ctx, from, name); err != nil {
			return 0, err
		}
	}
	return timed(func() error {
		tx, err := b.Store.Write.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }() // after a commit it does nothing
		for i, query := range queries {
			stmt, err := tx.PrepareContext(ctx, query)
			if err != nil {
				return err
			}
			for _, row := range tables[i] {
				if _, err := stmt.ExecContext(ctx, row...); err != nil {
					return closed(err, stmt)
				}
			}
			if err := stmt.Close(); err != nil {
				return err
			}
		}
		return tx.Commit()
	})
}

func rowsOf(ctx context.Context, db *sqldb.DB, table string) (insert string, out [][]any, err error) {
	rows, err := db.Read.QueryContext(ctx, `SELECT * FROM `+table)
	if err != nil {
		return "", nil, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return "", nil, err
	}
	marks := make([]string, len(names))
	for i := range names {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	for rows.Next() {
		row, to := make([]any, len(names)), make([]any, len(names))
		for i := range row {
			to[i] = &row[i]
		}
		if err := rows.Scan(to...); err != nil {
			return "", nil, err
		}
		out = append(out, row)
	}
	return `INSERT INTO ` + table + ` (` + strings.Join(names, ", ") + `) VALUES (` + strings.Join(marks, ", ") + `)`, out, rows.Err()
}
