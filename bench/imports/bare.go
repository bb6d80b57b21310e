package main

import (
	"context"
	"fmt"
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

// fill is what goes into one table.
type fill struct {
	table, columns string // the columns in brackets
	rows           [][]any
}

// bareInserts copies what an import has written into an empty database, in one
// transaction, and gives the time of the inserts alone. Bare inserts are one
// prepared statement for each table, run for each row; in batches, they are of as
// many rows as one statement of Cairn's inserts.
func bareInserts(ctx context.Context, all []fill, to string, batches bool) (took time.Duration, err error) {
	b, err := app.Open(ctx, app.Config{DB: to})
	if err != nil {
		return 0, err
	}
	defer func() { err = closed(err, b) }()
	return timed(func() error {
		tx, err := b.Store.Begin(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }() // after a commit it does nothing
		for _, f := range all {
			if batches {
				err = sqldb.Insert(ctx, tx, f.table+" "+f.columns, "", f.rows)
			} else {
				err = rowByRow(ctx, tx, f)
			}
			if err != nil {
				return err
			}
		}
		return tx.Commit()
	})
}

func rowByRow(ctx context.Context, tx *sqldb.Tx, f fill) (err error) {
	marks := make([]string, strings.Count(f.columns, ",")+1)
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	stmt, err := tx.PrepareContext(ctx, `INSERT INTO `+f.table+` `+f.columns+` VALUES (`+strings.Join(marks, ", ")+`)`)
	if err != nil {
		return err
	}
	defer func() { err = closed(err, stmt) }()
	for _, row := range f.rows {
		if _, err := stmt.ExecContext(ctx, row...); err != nil {
			return err
		}
	}
	return nil
}

// head is the last entry of the record: an empty database has some, such as the
// versions of the methods that come with Cairn.
func head(ctx context.Context, db *sqldb.DB) (seq int64, err error) {
	err = db.Read.QueryRowContext(ctx, `SELECT seq FROM activity_head`).Scan(&seq)
	return seq, err
}

// filled reads what an import has written since an entry of the record.
func filled(ctx context.Context, db *sqldb.DB, since int64) (all []fill, err error) {
	for _, table := range written {
		after := ""
		if strings.HasPrefix(table, "activity") {
			after = fmt.Sprintf(" WHERE seq > %d", since)
		}
		f, err := rowsOf(ctx, db, table+after)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

func rowsOf(ctx context.Context, db *sqldb.DB, from string) (f fill, err error) {
	rows, err := db.Read.QueryContext(ctx, `SELECT * FROM `+from)
	if err != nil {
		return f, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return f, err
	}
	f.table, _, _ = strings.Cut(from, " ")
	f.columns = "(" + strings.Join(names, ", ") + ")"
	for rows.Next() {
		row, to := make([]any, len(names)), make([]any, len(names))
		for i := range row {
			to[i] = &row[i]
		}
		if err := rows.Scan(to...); err != nil {
			return f, err
		}
		f.rows = append(f.rows, row)
	}
	return f, rows.Err()
}
