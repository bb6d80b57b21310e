package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"

	"cairn/internal/kit/sqldb"
)

// asked is a query that a page ran.
type asked struct {
	query string
	args  []any
}

// recorder opens connections of another driver and notes what they are asked. It
// is how the bare server comes to run exactly the queries of Cairn's pages.
type recorder struct {
	of  driver.Driver
	dsn string
	mu  sync.Mutex
	log []asked
}

// Connect implements driver.Connector.
func (r *recorder) Connect(context.Context) (driver.Conn, error) {
	c, err := r.of.Open(r.dsn)
	if err != nil {
		return nil, err
	}
	return &recording{c, r}, nil
}

// Driver implements driver.Connector.
func (r *recorder) Driver() driver.Driver { return r.of }

type recording struct {
	driver.Conn
	r *recorder
}

// BeginTx implements driver.ConnBeginTx.
func (c *recording) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return c.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
}

// QueryContext implements driver.QueryerContext.
func (c *recording) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	one := asked{query: query}
	for _, a := range args {
		one.args = append(one.args, a.Value)
	}
	c.r.mu.Lock()
	c.r.log = append(c.r.log, one)
	c.r.mu.Unlock()
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
}

// record asks for each page once over recording connections and gives what each
// of them ran, in order.
func (w world) record() (map[string][]asked, error) {
	usual := w.Store.Read
	rec := &recorder{of: usual.Driver(), dsn: w.file}
	if w.Store.Engine == sqldb.SQLite {
		rec.dsn = "file:" + w.file + "?_pragma=query_only(1)"
	}
	w.Store.Read = sql.OpenDB(rec)
	defer func() {
		_ = w.Store.Read.Close() // it only read
		w.Store.Read = usual
	}()
	site, out := w.Handler(), map[string][]asked{}
	for _, p := range w.pages() {
		rec.log = nil
		answer := httptest.NewRecorder()
		site.ServeHTTP(answer, w.request(p.path))
		if answer.Code != http.StatusOK || len(rec.log) < 2 {
			return nil, fmt.Errorf("%s answers %d after %d queries", p.path, answer.Code, len(rec.log))
		}
		out[p.path] = rec.log
	}
	return out, nil
}

// request asks for a page as the analyst.
func (w world) request(path string) *http.Request {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, path, nil)
	r.AddCookie(&http.Cookie{Name: "cairn_session", Value: w.token})
	return r
}
