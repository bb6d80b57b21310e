package bodies

import (
	"context"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

const decisionColumns = `d.id, d.title, d.words, d.state, d.asked_on, d.decided_on, d.person_id, COALESCE(p.name, ''), d.body_id, COALESCE(b.name, ''), d.dissent, d.project_id, COALESCE(n.name, ''), d.node_id,
	d.origin_kind, d.origin_id, d.origin_title, d.origin_path, d.owner_id, COALESCE(o.name, ''), d.due_on, d.carried_on, d.carried_words, d.supersedes_id, d.superseded_by,
	d.recorded_by, COALESCE(r.name, ''), d.recorded_at, d.version`

const decisionFrom = ` FROM decision d LEFT JOIN v_person p ON p.id = d.person_id LEFT JOIN body b ON b.id = d.body_id LEFT JOIN v_project_name n ON n.id = d.project_id
	LEFT JOIN v_person o ON o.id = d.owner_id LEFT JOIN v_person r ON r.id = d.recorded_by`

func scanDecision(scan func(...any) error) (d Decision, err error) {
	err = scan(&d.ID, &d.Title, &d.Words, &d.State, &d.AskedOn, &d.DecidedOn, &d.Person, &d.PersonName, &d.Body, &d.BodyName, &d.Dissent, &d.Project, &d.ProjectName, &d.Node,
		&d.Origin.Kind, &d.Origin.ID, &d.Origin.Title, &d.Origin.Path, &d.Owner, &d.OwnerName, &d.Due, &d.CarriedOn, &d.CarriedWords, &d.Supersedes, &d.SupersededBy,
		&d.RecordedBy, &d.RecordedName, &d.RecordedAt, &d.Version)
	return d, err
}

// dated is the day by which decisions are sorted: when it was taken, or else asked for.
func (d Decision) dated() clock.Day {
	if d.DecidedOn != "" {
		return d.DecidedOn
	}
	return d.AskedOn
}

func getDecision(ctx context.Context, q sqldb.Querier, id string) (Decision, error) {
	d, err := scanDecision(q.QueryRowContext(ctx, `SELECT `+decisionColumns+decisionFrom+` WHERE d.id = $1`, id).Scan)
	return d, missing(err, "decision")
}

func listDecisions(ctx context.Context, q sqldb.Querier, w *sqldb.Where, order string) (out []Decision, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+decisionColumns+decisionFrom+w.SQL()+` ORDER BY `+order, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		d, err := scanDecision(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

func insertDecision(ctx context.Context, tx *work.Tx, d Decision) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO decision (id, title, title_key, words, state, dated_on, asked_on, decided_on, person_id, body_id, dissent, project_id, node_id,
		origin_kind, origin_id, origin_title, origin_path, owner_id, due_on, carried_on, carried_words, supersedes_id, superseded_by, recorded_by, recorded_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, '', '', $20, '', $21, $22, 1)`,
		d.ID, d.Title, fold.Key(d.Title), d.Words, string(d.State), d.dated(), d.AskedOn, d.DecidedOn, d.Person, d.Body, d.Dissent, d.Project, d.Node,
		string(d.Origin.Kind), d.Origin.ID, d.Origin.Title, d.Origin.Path, d.Owner, d.Due, d.Supersedes, d.RecordedBy, d.RecordedAt)
	return err
}

// updateDecision writes a decision back if it still has the version that it was
// read at. The database refuses another wording of one that was taken.
func updateDecision(ctx context.Context, tx *work.Tx, d Decision) (bool, error) {
	return one(tx.ExecContext(ctx, `UPDATE decision SET title = $1, title_key = $2, words = $3, state = $4, dated_on = $5, decided_on = $6, person_id = $7, body_id = $8, dissent = $9,
		owner_id = $10, due_on = $11, carried_on = $12, carried_words = $13, superseded_by = $14, version = version + 1 WHERE id = $15 AND version = $16`,
		d.Title, fold.Key(d.Title), d.Words, string(d.State), d.dated(), d.DecidedOn, d.Person, d.Body, d.Dissent, d.Owner, d.Due, d.CarriedOn, d.CarriedWords, d.SupersededBy, d.ID, d.Version))
}

// titles reads what a decision supersedes and what supersedes it.
func titles(ctx context.Context, q sqldb.Querier, d Decision) (before, after string, err error) {
	err = q.QueryRowContext(ctx, `SELECT COALESCE((SELECT title FROM decision WHERE id = $1), ''), COALESCE((SELECT title FROM decision WHERE id = $2), '')`, d.Supersedes, d.SupersededBy).Scan(&before, &after)
	return before, after, err
}
