package sqldb

import (
	"context"
	"database/sql"
)

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

// ExecContext changes rows.
func (tx *Tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if stmt := tx.again(ctx, query); stmt != nil { //nolint:sqlclosecheck // the end of the transaction closes it
		return stmt.ExecContext(ctx, args...)
	}
	return tx.Tx.ExecContext(ctx, query, args...)
}

// QueryContext reads rows.
func (tx *Tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if stmt := tx.again(ctx, query); stmt != nil { //nolint:sqlclosecheck // the end of the transaction closes it
		return stmt.QueryContext(ctx, args...)
	}
	return tx.Tx.QueryContext(ctx, query, args...)
}

// QueryRowContext reads one row.
func (tx *Tx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if stmt := tx.again(ctx, query); stmt != nil { //nolint:sqlclosecheck // the end of the transaction closes it
		return stmt.QueryRowContext(ctx, args...)
	}
	return tx.Tx.QueryRowContext(ctx, query, args...)
}
