package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
)

// mostKept bounds the statements that one reading connection keeps prepared.
const mostKept = 64

// keeping opens SQLite connections that keep their statements: to read and plan
// the queries of a page takes up to a third of its time. PostgreSQL's driver
// does the same by itself.
type keeping struct {
	of  driver.Driver
	dsn string
}

func openKeeping(dsn string) (*sql.DB, error) {
	plain, err := sql.Open("sqlite", dsn) // opens nothing yet
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(keeping{plain.Driver(), dsn}), nil
}

// Connect implements driver.Connector.
func (k keeping) Connect(context.Context) (driver.Conn, error) {
	c, err := k.of.Open(k.dsn)
	if err != nil {
		return nil, err
	}
	return &keptConn{c, map[string]driver.Stmt{}}, nil
}

// Driver implements driver.Connector.
func (k keeping) Driver() driver.Driver { return k.of }

// keptConn is used by one goroutine at a time, as every driver.Conn is.
type keptConn struct {
	driver.Conn
	idle map[string]driver.Stmt
}

func (c *keptConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return c.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
}

func (c *keptConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	stmt, kept := c.idle[query]
	if !kept {
		var err error
		if stmt, err = c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, query); err != nil {
			return nil, err
		}
	}
	delete(c.idle, query) // while its rows are read it is nobody else's
	rows, err := stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		_ = stmt.Close() // the first error is the one to tell
		return nil, err
	}
	return &keptRows{rows, c, query, stmt}, nil
}

func (c *keptConn) ResetSession(ctx context.Context) error {
	return c.Conn.(driver.SessionResetter).ResetSession(ctx)
}

func (c *keptConn) IsValid() bool { return c.Conn.(driver.Validator).IsValid() }

func (c *keptConn) Close() error {
	for _, stmt := range c.idle {
		_ = stmt.Close() // the connection ends
	}
	return c.Conn.Close()
}

type keptRows struct {
	driver.Rows
	c     *keptConn
	query string
	stmt  driver.Stmt
}

// ColumnTypeDatabaseTypeName implements driver.RowsColumnTypeDatabaseTypeName.
func (r *keptRows) ColumnTypeDatabaseTypeName(i int) string {
	return r.Rows.(driver.RowsColumnTypeDatabaseTypeName).ColumnTypeDatabaseTypeName(i)
}

// Close gives the statement back.
func (r *keptRows) Close() error {
	err := r.Rows.Close()
	if _, twice := r.c.idle[r.query]; err != nil || twice {
		_ = r.stmt.Close() // it only read
		return err
	}
	for query, stmt := range r.c.idle {
		if len(r.c.idle) < mostKept {
			break
		}
		_ = stmt.Close() // any one makes room; those that are asked often come back
		delete(r.c.idle, query)
	}
	r.c.idle[r.query] = r.stmt
	return nil
}
