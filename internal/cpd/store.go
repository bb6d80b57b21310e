package cpd

import (
	"context"
	"database/sql"
	"encoding/json"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

const entryColumns = `id, person_id, from_on, to_on, minutes, title, provider, proof, reflection, places, source, version`

func scanEntry(scan func(...any) error) (e Entry, owner string, err error) {
	var places string
	if err := scan(&e.ID, &owner, &e.From, &e.To, &e.Minutes, &e.Title, &e.Provider, &e.Proof, &e.Reflection, &places, &e.Source, &e.Version); err != nil {
		return e, "", err
	}
	err = json.Unmarshal([]byte(places), &e.Places)
	return e, owner, err
}

func getEntry(ctx context.Context, q sqldb.Querier, id string) (Entry, string, error) {
	return scanEntry(q.QueryRowContext(ctx, `SELECT `+entryColumns+` FROM cpd_entry WHERE id = $1`, id).Scan)
}

// entriesOf reads entries of a person by a condition on them, newest first.
func entriesOf(ctx context.Context, q sqldb.Querier, w *sqldb.Where, limit int) (out []Entry, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+entryColumns+` FROM cpd_entry`+w.SQL()+` ORDER BY to_on DESC, id DESC LIMIT `+w.Add(limit), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		e, _, err := scanEntry(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

func insertEntry(ctx context.Context, tx *work.Tx, person string, e Entry) error {
	places, err := json.Marshal(e.Places)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO cpd_entry (`+entryColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)`,
		e.ID, person, e.From, e.To, e.Minutes, e.Title, e.Provider, e.Proof, e.Reflection, string(places), e.Source)
	return err
}

// saveEntry writes an entry back if it still has the version that it was read at.
func saveEntry(ctx context.Context, tx *work.Tx, e Entry) error {
	places, err := json.Marshal(e.Places)
	if err != nil {
		return err
	}
	return kept(tx.ExecContext(ctx, `UPDATE cpd_entry SET from_on = $1, to_on = $2, minutes = $3, title = $4, provider = $5, proof = $6, reflection = $7, places = $8,
		version = version + 1 WHERE id = $9 AND version = $10`, e.From, e.To, e.Minutes, e.Title, e.Provider, e.Proof, e.Reflection, string(places), e.ID, e.Version))
}

// kept is Conflict if a version was stale, so that nothing was written.
func kept(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errs.Because(errs.Conflict, err, "You changed this elsewhere meanwhile. Look at it again.")
	}
	return nil
}

const cycleColumns = `id, person_id, from_on, to_on, definition, statement, version FROM cpd_cycle`

func scanCycle(scan func(...any) error) (c Cycle, owner string, err error) {
	var definition string
	if err := scan(&c.ID, &owner, &c.From, &c.To, &definition, &c.Statement, &c.Version); err != nil {
		return c, "", err
	}
	err = json.Unmarshal([]byte(definition), &c.Scheme)
	return c, owner, err
}

func getCycle(ctx context.Context, q sqldb.Querier, id string) (Cycle, string, error) {
	return scanCycle(q.QueryRowContext(ctx, `SELECT `+cycleColumns+` WHERE id = $1`, id).Scan)
}

// cyclesOf reads the periods of a person, the latest end first.
func cyclesOf(ctx context.Context, q sqldb.Querier, person string) (out []Cycle, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+cycleColumns+` WHERE person_id = $1 ORDER BY to_on DESC, id DESC`, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		c, _, err := scanCycle(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

func insertCycle(ctx context.Context, tx *work.Tx, person string, c Cycle) error {
	definition, err := json.Marshal(c.Scheme)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO cpd_cycle (id, person_id, scheme_id, from_on, to_on, definition, statement, version) VALUES ($1, $2, $3, $4, $5, $6, '', 1)`,
		c.ID, person, c.Scheme.ID, c.From, c.To, string(definition))
	return err
}

func saveCycle(ctx context.Context, tx *work.Tx, c Cycle) error {
	definition, err := json.Marshal(c.Scheme)
	if err != nil {
		return err
	}
	return kept(tx.ExecContext(ctx, `UPDATE cpd_cycle SET to_on = $1, definition = $2, statement = $3, version = version + 1 WHERE id = $4 AND version = $5`,
		c.To, string(definition), c.Statement, c.ID, c.Version))
}
