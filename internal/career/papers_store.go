package career

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"cairn/internal/career/paper"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// paperOf reads a draft; without one it has version 0.
func paperOf(ctx context.Context, q sqldb.Querier, person string, kind paper.Kind) (paper.Paper, error) {
	p := paper.Paper{Kind: kind, Values: map[string]string{}}
	var body string
	err := q.QueryRowContext(ctx, `SELECT body, version FROM career_paper WHERE person_id = $1 AND kind = $2`, person, string(kind)).Scan(&body, &p.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal([]byte(body), &p.Values); err != nil {
		return p, err
	}
	rows, err := q.QueryContext(ctx, `SELECT id, section, source, filled, body, version FROM career_paper_line WHERE person_id = $1 AND kind = $2 ORDER BY id`, person, string(kind))
	if err != nil {
		return p, err
	}
	defer rows.Close()
	for rows.Next() {
		var l paper.Line
		if err := rows.Scan(&l.ID, &l.Section, &l.Source, &l.Filled, &body, &l.Version); err != nil {
			return p, err
		}
		if err := json.Unmarshal([]byte(body), &l.Values); err != nil {
			return p, err
		}
		p.Lines = append(p.Lines, l)
	}
	latestFirst(p.Lines)
	return p, rows.Err()
}

// latestFirst orders what has dates by them; what has none keeps the order in which it
// came.
func latestFirst(lines []paper.Line) {
	slices.SortStableFunc(lines, func(a, b paper.Line) int {
		return cmp.Or(cmp.Compare(a.Section, b.Section), cmp.Compare(b.Get("from"), a.Get("from")))
	})
}

func startedOf(ctx context.Context, q sqldb.Querier, person string) (out []Started, err error) {
	rows, err := q.QueryContext(ctx, `SELECT p.kind, p.version, COUNT(l.id) FROM career_paper p LEFT JOIN career_paper_line l ON l.person_id = p.person_id AND l.kind = p.kind
		WHERE p.person_id = $1 GROUP BY p.kind, p.version ORDER BY p.kind`, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s Started
		if err := rows.Scan(&s.Kind, &s.Version, &s.Lines); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// putPaper makes a draft, or changes the version that was read.
func putPaper(ctx context.Context, tx *work.Tx, person string, p paper.Paper) error {
	body, err := json.Marshal(p.Values)
	if err != nil {
		return err
	}
	if p.Version == 0 {
		_, err = tx.ExecContext(ctx, `INSERT INTO career_paper (person_id, kind, body, version) VALUES ($1, $2, $3, 1)`, person, string(p.Kind), string(body))
		return err
	}
	res, err := tx.ExecContext(ctx, `UPDATE career_paper SET body = $1, version = version + 1 WHERE person_id = $2 AND kind = $3 AND version = $4`, string(body), person, string(p.Kind), p.Version)
	return changedOne(res, err)
}

func addLines(ctx context.Context, tx *work.Tx, person string, kind paper.Kind, lines []paper.Line) error {
	rows := make([][]any, len(lines))
	for i, l := range lines {
		body, err := json.Marshal(l.Values)
		if err != nil {
			return err
		}
		rows[i] = []any{l.ID, person, string(kind), l.Section, l.Source, l.Filled, string(body), 1}
	}
	return sqldb.Insert(ctx, tx, `career_paper_line (id, person_id, kind, section, source, filled, body, version)`, ``, rows)
}

func changeLine(ctx context.Context, tx *work.Tx, person string, kind paper.Kind, l *paper.Line) error {
	body, err := json.Marshal(l.Values)
	if err != nil {
		return err
	}
	res, err := tx.ExecContext(ctx, `UPDATE career_paper_line SET body = $1, version = version + 1 WHERE id = $2 AND person_id = $3 AND kind = $4 AND version = $5`,
		string(body), l.ID, person, string(kind), l.Version)
	return changedOne(res, err)
}

func changedOne(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errStale
	}
	return nil
}

var errStale = errs.New(errs.Conflict, "You changed this meanwhile, perhaps in another window. Look again.")
