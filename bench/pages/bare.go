package main

import (
	"database/sql"
	"html"
	"net/http"
	"strings"
)

// bare is a server with nothing but the queries that the same page of Cairn runs,
// as they were recorded, and HTML written by hand: each result is a table.
func bare(db *sql.DB, pages map[string][]asked) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		queries, known := pages[r.URL.RequestURI()]
		if !known {
			http.NotFound(w, r)
			return
		}
		tx, err := db.BeginTx(r.Context(), nil)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer func() { _ = tx.Rollback() }() // a reading
		var b strings.Builder
		b.WriteString("<!doctype html><html lang=en><title>bare</title><body>")
		for _, q := range queries {
			if err := table(r, tx, &b, q); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(b.String())) // the reader may have gone
	})
}

// table writes the result of a query.
func table(r *http.Request, tx *sql.Tx, b *strings.Builder, q asked) error {
	rows, err := tx.QueryContext(r.Context(), q.query, q.args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	cells, dest := make([]sql.NullString, len(columns)), make([]any, len(columns))
	for i := range cells {
		dest[i] = &cells[i]
	}
	b.WriteString("<table>")
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		b.WriteString("<tr>")
		for _, c := range cells {
			b.WriteString("<td>" + html.EscapeString(c.String))
		}
	}
	b.WriteString("</table>")
	return rows.Err()
}
