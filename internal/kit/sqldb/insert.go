package sqldb

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
)

// Execer changes rows.
type Execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// How many values one statement inserts: SQLite looks each placeholder up among
// all that came before it, PostgreSQL has a journey to save.
const perInsert, perJourney = 64, 1500

// Insert inserts many rows with few statements, which most often have the same
// text and so are prepared once. Into is a constant of the code: a table and its
// columns in brackets; tail is what comes after the values, if anything.
func Insert(ctx context.Context, x Execer, into, tail string, rows [][]any) error {
	most := perInsert
	if p, ok := x.(interface{ PerInsert() int }); ok {
		most = p.PerInsert()
	}
	for len(rows) > 0 {
		n := min(len(rows), max(1, most/len(rows[0])))
		var query strings.Builder
		query.WriteString("INSERT INTO " + into + " VALUES ")
		args := make([]any, 0, n*len(rows[0]))
		for i, row := range rows[:n] {
			if i > 0 {
				query.WriteString(", ")
			}
			for j, v := range row {
				query.WriteString(map[bool]string{true: "($", false: ", $"}[j == 0])
				args = append(args, v)
				query.WriteString(strconv.Itoa(len(args)))
			}
			query.WriteByte(')')
		}
		if _, err := x.ExecContext(ctx, query.String()+tail, args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}
