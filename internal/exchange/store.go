package exchange

import (
	"context"
	"encoding/json"

	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

const caseColumns = `c.id, c.author_id, COALESCE(a.name, ''), c.organiser_id, COALESCE(o.name, ''), c.state, c.consent, c.is_open, c.title, c.body, c.organiser_view, c.summary, c.follow_up, c.published_at, c.version`

const caseFrom = ` FROM case_study c LEFT JOIN v_person a ON a.id = c.author_id LEFT JOIN v_person o ON o.id = c.organiser_id`

func scanCase(scan func(...any) error, more ...any) (c Case, err error) {
	var body string
	dest := []any{&c.ID, &c.Author, &c.AuthorName, &c.Organiser, &c.OrganiserName, &c.State, &c.Consent, &c.Open, &c.Title, &body, &c.View, &c.Summary, &c.FollowUp, &c.PublishedAt, &c.Version}
	if err := scan(append(dest, more...)...); err != nil {
		return c, err
	}
	title := c.Title
	err = json.Unmarshal([]byte(body), &c.Body)
	c.Title = title
	return c, err
}

func getCase(ctx context.Context, q sqldb.Querier, id string) (Case, error) {
	return scanCase(q.QueryRowContext(ctx, `SELECT `+caseColumns+caseFrom+` WHERE c.id = $1`, id).Scan)
}

func insertCase(ctx context.Context, tx *work.Tx, c Case) error {
	body, err := json.Marshal(c.Body)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO case_study (id, author_id, organiser_id, state, consent, is_open, title, body, organiser_view, summary, follow_up, published_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', '', $9, 1)`, c.ID, c.Author, c.Organiser, string(c.State), c.Consent, c.Open, c.Title, string(body), c.PublishedAt)
	return err
}

// saveCase writes a case back if it still has the version that it was read at.
func saveCase(ctx context.Context, tx *work.Tx, c Case) (bool, error) {
	body, err := json.Marshal(c.Body)
	if err != nil {
		return false, err
	}
	res, err := tx.ExecContext(ctx, `UPDATE case_study SET state = $1, consent = $2, is_open = $3, title = $4, body = $5, organiser_view = $6, summary = $7, follow_up = $8,
		published_at = $9, version = version + 1 WHERE id = $10 AND version = $11`,
		string(c.State), c.Consent, c.Open, c.Title, string(body), c.View, c.Summary, c.FollowUp, c.PublishedAt, c.ID, c.Version)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// listAnswers reads the answers of a case with their marks, oldest first.
func listAnswers(ctx context.Context, q sqldb.Querier, id, reader string) (out []Answer, err error) {
	rows, err := q.QueryContext(ctx, `SELECT w.id, w.question, w.author_id, COALESCE(p.name, ''), w.label, w.body, w.named, w.withdrawn, w.answered_at, w.version,
		(SELECT COUNT(*) FROM case_mark m WHERE m.answer_id = w.id), (SELECT COUNT(*) FROM case_mark m WHERE m.answer_id = w.id AND m.person_id = $1)
		FROM case_answer w LEFT JOIN v_person p ON p.id = w.author_id WHERE w.case_id = $2 ORDER BY w.id`, reader, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		a := Answer{Case: id}
		var marked int
		if err := rows.Scan(&a.ID, &a.Question, &a.Author, &a.AuthorName, &a.Label, &a.Text, &a.Named, &a.Withdrawn, &a.At, &a.Version, &a.Helpful, &marked); err != nil {
			return nil, err
		}
		a.Marked, a.Mine = marked > 0, reader != "" && a.Author == reader
		out = append(out, a)
	}
	return out, rows.Err()
}

func decodeBody(text string, b *Body) error { return json.Unmarshal([]byte(text), b) }

// keepEarlier keeps what a published case says before it is corrected.
func keepEarlier(ctx context.Context, tx *work.Tx, c Case) error {
	body, err := json.Marshal(c.Body)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO case_earlier (case_id, version, title, body, replaced_at) VALUES ($1, $2, $3, $4, $5)`, c.ID, c.Version, c.Title, string(body), sqldb.Micros(tx.Now))
	return err
}
