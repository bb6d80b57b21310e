package governance

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"cairn/internal/governance/method"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

const reviewColumns = `r.id, r.project_id, COALESCE(n.name, ''), r.gate_id, r.round, r.method_version_id, r.tier, r.form, r.criteria, r.amount, r.currency, r.who, r.body_id,
	r.quorum, r.reviewers, r.meets_on, r.opened_by, COALESCE(p.name, ''), r.opened_on, r.opened_at, r.state, r.version`

const reviewFrom = ` FROM gate_review r LEFT JOIN v_project_name n ON n.id = r.project_id LEFT JOIN v_person p ON p.id = r.opened_by`

func scanReview(row interface{ Scan(...any) error }) (r Review, err error) {
	var frozen string
	var tier int
	err = row.Scan(&r.ID, &r.Project, &r.ProjectName, &r.Gate, &r.Round, &r.MethodVersion, &tier, &r.Form, &frozen, &r.Amount, &r.Currency, &r.Who, &r.Body,
		&r.Quorum, &r.Reviewers, &r.MeetsOn, &r.OpenedBy, &r.OpenedByName, &r.OpenedOn, &r.OpenedAt, &r.State, &r.Version)
	if err != nil {
		return r, err
	}
	r.Tier = method.Tier(tier)
	return r, json.Unmarshal([]byte(frozen), &r.Frozen)
}

// getReview reads a review with its seats.
func getReview(ctx context.Context, q sqldb.Querier, id string) (r Review, err error) {
	r, err = scanReview(q.QueryRowContext(ctx, `SELECT `+reviewColumns+reviewFrom+` WHERE r.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return r, errs.Missing("review")
	}
	if err != nil {
		return r, err
	}
	r.Seats, err = seatsOf(ctx, q, id)
	return r, err
}

// reviewsOf lists the reviews of a project, the first first, without their seats.
func reviewsOf(ctx context.Context, q sqldb.Querier, project string) (out []Review, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+reviewColumns+reviewFrom+` WHERE r.project_id = $1 ORDER BY r.opened_at, r.id`, project)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scanReview(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

func insertReview(ctx context.Context, tx *work.Tx, r Review) error {
	frozen, err := json.Marshal(r.Frozen)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO gate_review (id, project_id, gate_id, round, method_version_id, tier, form, criteria, amount, currency, who, body_id,
		quorum, reviewers, meets_on, opened_by, opened_on, opened_at, state, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 1)`,
		r.ID, r.Project, r.Gate, r.Round, r.MethodVersion, int(r.Tier), string(r.Form), string(frozen), r.Amount, r.Currency, r.Who, r.Body,
		r.Quorum, r.Reviewers, r.MeetsOn, r.OpenedBy, r.OpenedOn, r.OpenedAt, r.State)
	if sqldb.IsDuplicate(err) {
		return errs.New(errs.Duplicate, "A review of this project is open already.")
	}
	return err
}

// touch moves the version of a review that is open: whoever decides on what they
// read before learns that it changed. A version above 0 must be the present one.
func touch(ctx context.Context, tx *work.Tx, id string, version int64, state string) error {
	query, args := `UPDATE gate_review SET version = version + 1, state = $1 WHERE id = $2 AND state = 'open'`, []any{state, id}
	if version > 0 {
		query, args = query+` AND version = $3`, append(args, version)
	}
	res, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return stale("This review was changed or decided meanwhile. Look again.")
	}
	return err
}

func seatsOf(ctx context.Context, q sqldb.Querier, review string) (out []Seat, err error) {
	rows, err := q.QueryContext(ctx, `SELECT s.person_id, COALESCE(p.name, ''), s.capacity, s.for_person_id, COALESCE(f.name, ''), s.authority, s.side, s.conflict, s.conflict_at, s.present
		FROM gate_seat s LEFT JOIN v_person p ON p.id = s.person_id LEFT JOIN v_person f ON f.id = s.for_person_id WHERE s.review_id = $1 ORDER BY p.name_key, s.person_id, s.capacity`, review)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s Seat
		if err := rows.Scan(&s.Person, &s.Name, &s.Capacity, &s.For, &s.ForName, &s.Authority, &s.Side, &s.Conflict, &s.ConflictAt, &s.Present); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

func insertSeat(ctx context.Context, tx *work.Tx, review string, s Seat) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO gate_seat (review_id, person_id, capacity, for_person_id, authority, side, conflict, conflict_at, present)
		VALUES ($1, $2, $3, $4, $5, $6, '', 0, FALSE)`, review, s.Person, string(s.Capacity), s.For, s.Authority, s.Side)
	if sqldb.IsDuplicate(err) {
		return errs.OnField("person", "This person has that seat already.")
	}
	return err
}

// saidOf gives the last word of each person on each criterion.
func saidOf(ctx context.Context, q sqldb.Querier, review string) (out []GateOpinion, err error) {
	rows, err := q.QueryContext(ctx, `SELECT o.criterion_id, o.person_id, COALESCE(p.name, ''), o.verdict, o.words, o.said_at
		FROM gate_opinion o LEFT JOIN v_person p ON p.id = o.person_id WHERE o.review_id = $1
		AND NOT EXISTS (SELECT 1 FROM gate_opinion l WHERE l.review_id = o.review_id AND l.criterion_id = o.criterion_id AND l.person_id = o.person_id
			AND (l.said_at > o.said_at OR l.said_at = o.said_at AND l.id > o.id)) ORDER BY o.said_at, o.id`, review)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var o GateOpinion
		if err := rows.Scan(&o.Criterion, &o.Person, &o.Name, &o.Verdict, &o.Words, &o.At); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, rows.Err()
}

// managersOf lists who manages a project on a day, and who stands in for them.
func managersOf(ctx context.Context, q sqldb.Querier, project string, day clock.Day) ([]string, error) {
	return assignedOn(ctx, q, project, day, "a.kind IN ('project_manager', 'deputy')")
}

// assignedOn lists who has a part in a project on a day. The condition is a
// constant of the program.
func assignedOn(ctx context.Context, q sqldb.Querier, project string, day clock.Day, kind string) (out []string, err error) {
	var w sqldb.Where
	w.And("a.project_id = ? AND a.from_on <= ? AND (a.to_on = '' OR a.to_on >= ?)", project, day, day)
	w.And(kind)
	rows, err := q.QueryContext(ctx, `SELECT a.person_id FROM v_assignment a`+w.SQL()+` ORDER BY a.from_on, a.id`, w.Values()...)
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
