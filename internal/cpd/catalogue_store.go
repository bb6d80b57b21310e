package cpd

import (
	"context"
	"encoding/json"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// seriesOf reads the schemes of the office and those of one person.
func seriesOf(ctx context.Context, q sqldb.Querier, person string) ([]Series, error) {
	rows, err := q.QueryContext(ctx, `SELECT s.id, s.person_id, s.ended_on, s.version, e.definition FROM cpd_scheme s LEFT JOIN cpd_edition e ON e.scheme_id = s.id
		WHERE s.person_id = '' OR s.person_id = $1 ORDER BY s.id, e.from_on`, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Series
	for rows.Next() {
		var s Series
		var text *string
		if err := rows.Scan(&s.ID, &s.Owner, &s.Ended, &s.Version, &text); err != nil {
			return nil, err
		}
		if n := len(out); n == 0 || out[n-1].ID != s.ID {
			out = append(out, s)
		}
		if text == nil { // one of those that came with Cairn, ended here
			continue
		}
		var def Scheme
		if err := json.Unmarshal([]byte(*text), &def); err != nil {
			return nil, err
		}
		last := &out[len(out)-1]
		last.Editions = append(last.Editions, def)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return merged(out), nil
}

// catalogueOf reads what a person can keep and keeps.
func catalogueOf(ctx context.Context, q sqldb.Querier, person string) (c Catalogue, err error) {
	if c.Series, err = seriesOf(ctx, q, person); err != nil {
		return c, err
	}
	c.cycles, err = cyclesOf(ctx, q, person)
	return c, err
}

// saveSeries writes the head of a scheme if it still has the version that it was read at.
func saveSeries(ctx context.Context, tx *work.Tx, s Series) error {
	if s.Version == 0 {
		return kept(tx.ExecContext(ctx, `INSERT INTO cpd_scheme (id, person_id, ended_on, version) VALUES ($1, $2, $3, 1) ON CONFLICT DO NOTHING`, s.ID, s.Owner, s.Ended))
	}
	return kept(tx.ExecContext(ctx, `UPDATE cpd_scheme SET ended_on = $1, version = version + 1 WHERE id = $2 AND version = $3`, s.Ended, s.ID, s.Version))
}

// saveEdition writes what a scheme asks from a day on, in place of what was said of that day.
func saveEdition(ctx context.Context, tx *work.Tx, def Scheme) error {
	text, err := json.Marshal(def)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO cpd_edition (scheme_id, from_on, definition) VALUES ($1, $2, $3)
		ON CONFLICT (scheme_id, from_on) DO UPDATE SET definition = excluded.definition`, def.ID, def.Edition, string(text))
	return err
}

// used reports whether anybody has a period of a scheme, or an entry that counts in it.
func used(ctx context.Context, q sqldb.Querier, id string) (yes bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM cpd_cycle WHERE scheme_id = $1) OR EXISTS (SELECT 1 FROM cpd_entry WHERE places LIKE $2)`, id, `%"`+id+`":%`).Scan(&yes)
	return yes, err
}

// removeSeries deletes a scheme that nobody uses, with its editions.
func removeSeries(ctx context.Context, tx *work.Tx, s Series) error {
	return kept(tx.ExecContext(ctx, `DELETE FROM cpd_scheme WHERE id = $1 AND version = $2`, s.ID, s.Version))
}

// findSeries finds a scheme of a person's catalogue.
func findSeries(ctx context.Context, q sqldb.Querier, person, id string) (Series, error) {
	list, err := seriesOf(ctx, q, person)
	if err != nil {
		return Series{}, err
	}
	s, ok := Catalogue{Series: list}.Find(id)
	if !ok {
		return s, errs.Missing("scheme")
	}
	return s, nil
}
