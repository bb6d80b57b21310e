package opposites

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

const roundColumns = `r.id, r.person_id, r.rated_on, r.marks, r.note, r.asked_on, r.until_on, r.closed_on, r.version,
	COALESCE(b.answers, 0), COALESCE(b.tally, '{}') FROM opposites_round r LEFT JOIN opposites_box b ON b.round_id = r.id`

// scanRound reads a round as its owner may see it on a day.
func scanRound(scan func(...any) error, today clock.Day) (r Round, owner string, err error) {
	var b box
	var marks, counts string
	if err := scan(&r.ID, &owner, &r.RatedOn, &marks, &r.Note, &r.AskedOn, &r.Until, &r.ClosedOn, &r.Version, &b.answers, &counts); err != nil {
		return r, "", err
	}
	if err := json.Unmarshal([]byte(marks), &r.Marks); err != nil {
		return r, "", err
	}
	if err := json.Unmarshal([]byte(counts), &b.tally); err != nil {
		return r, "", err
	}
	r.show(b, today)
	return r, owner, nil
}

func getRound(ctx context.Context, q sqldb.Querier, id string, today clock.Day) (Round, string, error) {
	return scanRound(q.QueryRowContext(ctx, `SELECT `+roundColumns+` WHERE r.id = $1`, id).Scan, today)
}

// roundsOf reads the rounds of a person, newest first.
func roundsOf(ctx context.Context, q sqldb.Querier, person string, today clock.Day) (out []Round, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+roundColumns+` WHERE r.person_id = $1 ORDER BY r.rated_on DESC, r.id DESC`, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		r, _, err := scanRound(rows.Scan, today)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

func insertRound(ctx context.Context, tx *work.Tx, person string, r Round) error {
	marks, err := json.Marshal(r.Marks)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO opposites_round (id, person_id, rated_on, marks, note, asked_on, until_on, closed_on, version)
		VALUES ($1, $2, $3, $4, '', '', '', '', 1)`, r.ID, person, r.RatedOn, string(marks))
	return err
}

// saveRound writes a round back if it still has the version that it was read at.
func saveRound(ctx context.Context, tx *work.Tx, r Round) error {
	marks, err := json.Marshal(r.Marks)
	if err != nil {
		return err
	}
	res, err := tx.ExecContext(ctx, `UPDATE opposites_round SET marks = $1, note = $2, asked_on = $3, until_on = $4, closed_on = $5, version = version + 1
		WHERE id = $6 AND version = $7`, string(marks), r.Note, r.AskedOn, r.Until, r.ClosedOn, r.ID, r.Version)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errs.Because(errs.Conflict, err, "You changed this elsewhere meanwhile. Look at it again.")
	}
	return nil
}

// takeBox locks what came in for a round and reads it, until the transaction ends:
// answers that come at the same time wait for each other.
func takeBox(ctx context.Context, change func(context.Context, string, ...any) (*sql.Rows, error), round string) (b box, err error) {
	rows, err := change(ctx, `UPDATE opposites_box SET answers = answers WHERE round_id = $1 RETURNING salt, dealt, answers, tally`, round)
	if err != nil {
		return b, err
	}
	defer rows.Close()
	if !rows.Next() {
		return b, errors.Join(rows.Err(), errs.Missing("request"))
	}
	var dealt, counts string
	if err := rows.Scan(&b.salt, &dealt, &b.answers, &counts); err != nil {
		return b, err
	}
	if err := json.Unmarshal([]byte(dealt), &b.dealt); err != nil {
		return b, err
	}
	b.tally = tally{}
	if err := json.Unmarshal([]byte(counts), &b.tally); err != nil {
		return b, err
	}
	return b, rows.Err()
}

// putBox writes all that came in for a round anew, in one row.
func putBox(ctx context.Context, tx sqldb.Execer, round string, b box) error {
	if b.dealt == nil {
		b.dealt = []string{}
	}
	if b.tally == nil {
		b.tally = tally{}
	}
	dealt, err := json.Marshal(b.dealt)
	if err != nil {
		return err
	}
	counts, err := json.Marshal(b.tally)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO opposites_box (round_id, salt, dealt, answers, tally) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (round_id) DO UPDATE SET salt = excluded.salt, dealt = excluded.dealt, answers = excluded.answers, tally = excluded.tally`,
		round, b.salt, string(dealt), b.answers, string(counts))
	return err
}

// invited reads whom a person asked in a round, by name.
func invited(ctx context.Context, q sqldb.Querier, round string) (out []Colleague, err error) {
	return colleagues(ctx, q, `SELECT p.id, p.name FROM opposites_invited i JOIN v_person p ON p.id = i.person_id WHERE i.round_id = $1 ORDER BY p.name_key, p.id`, round)
}

func colleagues(ctx context.Context, q sqldb.Querier, query string, args ...any) (out []Colleague, err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c Colleague
		if err := rows.Scan(&c.ID, &c.Name); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// requests reads what colleagues ask a person for on a day, of rounds that go on
// and that the person has not dealt with; of one round, or of all.
func requests(ctx context.Context, q sqldb.Querier, person, round string, today clock.Day) (out []Request, err error) {
	var w sqldb.Where
	w.And("i.person_id = ? AND r.closed_on = '' AND r.until_on >= ?", person, today)
	if round != "" {
		w.And("r.id = ?", round)
	}
	rows, err := q.QueryContext(ctx, `SELECT r.id, r.person_id, COALESCE(p.name, ''), r.until_on, b.salt, b.dealt FROM opposites_invited i
		JOIN opposites_round r ON r.id = i.round_id JOIN opposites_box b ON b.round_id = r.id LEFT JOIN v_person p ON p.id = r.person_id`+w.SQL()+`
		ORDER BY r.until_on, r.id LIMIT 100`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var a Request
		var b box
		var dealt string
		if err := rows.Scan(&a.Round, &a.By.ID, &a.By.Name, &a.Until, &b.salt, &dealt); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(dealt), &b.dealt); err != nil {
			return nil, err
		}
		if !b.hasDealt(a.Round, person) {
			out = append(out, a)
		}
	}
	return out, rows.Err()
}

// lastShown is the day on which answers of a deleted round were last shown.
func lastShown(ctx context.Context, q sqldb.Querier, person string) (on clock.Day, err error) {
	err = q.QueryRowContext(ctx, `SELECT COALESCE(MAX(shown_on), '') FROM opposites_shown WHERE person_id = $1`, person).Scan(&on)
	return on, err
}

func keepShown(ctx context.Context, tx *work.Tx, person string, on clock.Day) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO opposites_shown (person_id, shown_on) VALUES ($1, $2)
		ON CONFLICT (person_id) DO UPDATE SET shown_on = excluded.shown_on WHERE opposites_shown.shown_on < excluded.shown_on`, person, on)
	return err
}

// endedByTime lists rounds whose day has passed and whose box is not sealed yet.
func endedByTime(ctx context.Context, q sqldb.Querier, today clock.Day) ([]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT b.round_id FROM opposites_box b JOIN opposites_round r ON r.id = b.round_id
		WHERE b.salt <> '' AND r.until_on < $1 ORDER BY b.round_id LIMIT 200`, today)
	return ids(rows, err)
}

// roundsAsking lists the rounds that a person is asked about.
func roundsAsking(ctx context.Context, q sqldb.Querier, person string) ([]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT round_id FROM opposites_invited WHERE person_id = $1 ORDER BY round_id`, person)
	return ids(rows, err)
}

func ids(rows *sql.Rows, err error) (out []string, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}
