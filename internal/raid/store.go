package raid

import (
	"context"
	"database/sql"
	"errors"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

const actionColumns = `a.id, a.title, a.detail, a.project_id, COALESCE(n.name, ''), a.owner_id, COALESCE(o.name, ''), a.due_on, a.state, a.raised_by, COALESCE(r.name, ''),
	a.raised_on, a.raised_at, a.origin_kind, a.origin_id, a.origin_title, a.origin_path, a.ended_on, a.ended_words, a.due_moves, a.version`

const actionFrom = ` FROM action_item a LEFT JOIN v_project_name n ON n.id = a.project_id LEFT JOIN v_person o ON o.id = a.owner_id LEFT JOIN v_person r ON r.id = a.raised_by`

func scanAction(scan func(...any) error) (a Action, err error) {
	err = scan(&a.ID, &a.Title, &a.Detail, &a.Project, &a.ProjectName, &a.Owner, &a.OwnerName, &a.Due, &a.State, &a.RaisedBy, &a.RaiserName,
		&a.RaisedOn, &a.RaisedAt, &a.Origin.Kind, &a.Origin.ID, &a.Origin.Title, &a.Origin.Path, &a.EndedOn, &a.EndedWords, &a.Moves, &a.Version)
	return a, err
}

func getAction(ctx context.Context, q sqldb.Querier, id string) (Action, error) {
	a, err := scanAction(q.QueryRowContext(ctx, `SELECT `+actionColumns+actionFrom+` WHERE a.id = $1`, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return a, errs.Missing("action")
	}
	return a, err
}

func listActions(ctx context.Context, q sqldb.Querier, w *sqldb.Where, order string) (out []Action, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+actionColumns+actionFrom+w.SQL()+` ORDER BY `+order, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		a, err := scanAction(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, rows.Err()
}

func insertAction(ctx context.Context, tx *work.Tx, a Action) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO action_item (id, title, title_key, detail, project_id, owner_id, due_on, state, raised_by, raised_on, raised_at,
		origin_kind, origin_id, origin_title, origin_path, ended_on, ended_words, due_moves, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, '', '', 0, 1)`,
		a.ID, a.Title, fold.Key(a.Title), a.Detail, a.Project, a.Owner, a.Due, string(a.State), a.RaisedBy, a.RaisedOn, a.RaisedAt,
		string(a.Origin.Kind), a.Origin.ID, a.Origin.Title, a.Origin.Path)
	return err
}

// updateAction writes an action back if it still has the version that it was read at.
func updateAction(ctx context.Context, tx *work.Tx, a Action) (bool, error) {
	res, err := tx.ExecContext(ctx, `UPDATE action_item SET title = $1, title_key = $2, detail = $3, owner_id = $4, due_on = $5, state = $6, ended_on = $7, ended_words = $8,
		due_moves = $9, version = version + 1 WHERE id = $10 AND version = $11`,
		a.Title, fold.Key(a.Title), a.Detail, a.Owner, a.Due, string(a.State), a.EndedOn, a.EndedWords, a.Moves, a.ID, a.Version)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func insertStep(ctx context.Context, tx *work.Tx, action string, st Step) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO action_step (action_id, number, what, was, became, words, person_id, at)
		SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3, $4, $5, $6, $7 FROM action_step WHERE action_id = $8`,
		action, string(st.What), st.Was, st.Became, st.Words, tx.Who.Person, sqldb.Micros(tx.Now), action)
	return err
}

// listSteps reads what became of an action, oldest first. Owners are given by name.
func listSteps(ctx context.Context, q sqldb.Querier, action string) (out []Step, err error) {
	rows, err := q.QueryContext(ctx, `SELECT s.what, COALESCE(w.name, s.was), COALESCE(b.name, s.became), s.words, s.person_id, COALESCE(p.name, ''), s.at
		FROM action_step s LEFT JOIN v_person p ON p.id = s.person_id LEFT JOIN v_person w ON w.id = s.was LEFT JOIN v_person b ON b.id = s.became
		WHERE s.action_id = $1 ORDER BY s.number`, action)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var st Step
		if err := rows.Scan(&st.What, &st.Was, &st.Became, &st.Words, &st.By, &st.ByName, &st.At); err != nil {
			return nil, err
		}
		out = append(out, st)
	}
	return out, rows.Err()
}
