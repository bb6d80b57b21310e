package sqldb

import (
	"context"
	"database/sql"
	"strings"

	"github.com/jackc/pgx/v5"
)

// manyValues is more values than a statement has that names what it wants one by
// one: a list of ids that PostgreSQL plans for anew each time. A plan that it has
// kept is one for any list, and of the size that the tables had when it was made;
// while an import fills them, that size is nothing.
const manyValues = 50

// mostPrepared bounds the statements that one transaction keeps.
const mostPrepared = 200

// Tx is a transaction that prepares what it is asked a second time: SQLite then
// reads and plans a statement once and not for each of a thousand rows. On
// PostgreSQL the driver does the same by itself, for each connection.
type Tx struct {
	*sql.Tx
	seen map[string]*sql.Stmt // nil where the driver remembers; a nil statement was asked once
}

// Begin begins a transaction that writes.
func (db *DB) Begin(ctx context.Context) (*Tx, error) {
	tx, err := db.Write.BeginTx(ctx, nil)
	if err != nil {
		return nil, Translate(err)
	}
	if db.Engine == Postgres {
		return &Tx{Tx: tx}, nil
	}
	return &Tx{Tx: tx, seen: map[string]*sql.Stmt{}}, nil
}

// again gives the prepared form of a query that comes again, nil the first time.
// The end of the transaction closes it.
func (tx *Tx) again(ctx context.Context, query string) *sql.Stmt {
	stmt, twice := tx.seen[query]
	if stmt != nil || tx.seen == nil || len(tx.seen) >= mostPrepared && !twice {
		return stmt
	}
	if twice {
		stmt, _ = tx.PrepareContext(ctx, query) // what cannot be prepared says so when it is run
	}
	tx.seen[query] = stmt
	return stmt
}

// planned adds to the values of a long list that its plan is not to be kept.
func (tx *Tx) planned(query string, args []any) []any {
	if tx.seen != nil || len(args) < manyValues || strings.HasPrefix(query, "INSERT") {
		return args
	}
	return append([]any{pgx.QueryExecModeCacheDescribe}, args...)
}

// PerInsert is how many values one statement of Insert should have here.
func (tx *Tx) PerInsert() int {
	if tx.seen == nil {
		return perJourney
	}
	return perInsert
}

// ExecContext changes rows.
func (tx *Tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if stmt := tx.again(ctx, query); stmt != nil { //nolint:sqlclosecheck // the end of the transaction closes it
		return stmt.ExecContext(ctx, args...)
	}
	return tx.Tx.ExecContext(ctx, query, tx.planned(query, args)...)
}

// QueryContext reads rows.
func (tx *Tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if stmt := tx.again(ctx, query); stmt != nil { //nolint:sqlclosecheck // the end of the transaction closes it
		return stmt.QueryContext(ctx, args...)
	}
	return tx.Tx.QueryContext(ctx, query, tx.planned(query, args)...)
}

// QueryRowContext reads one row.
func (tx *Tx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if stmt := tx.again(ctx, query); stmt != nil { //nolint:sqlclosecheck // the end of the transaction closes it
		return stmt.QueryRowContext(ctx, args...)
	}
	return tx.Tx.QueryRowContext(ctx, query, tx.planned(query, args)...)
}
