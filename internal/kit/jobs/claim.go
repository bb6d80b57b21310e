package jobs

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Lease is how long a worker may be silent before its job goes to another.
const Lease = 2 * time.Minute

// due selects the next job that may run: due, not leased, and the first of its lane.
const due = `SELECT j.id FROM job j WHERE j.dead = FALSE AND j.due_at <= $4 AND j.lease_until <= $5
	AND (j.lane = '' OR NOT EXISTS (SELECT 1 FROM job e WHERE e.lane = j.lane AND e.dead = FALSE
		AND (e.place < j.place OR (e.place = j.place AND e.id < j.id))))
	ORDER BY j.due_at, j.id LIMIT 1`

const claim = `UPDATE job SET lease = $1, lease_until = $2, tries = tries + $3 WHERE id = (` + due

const claimed = `) RETURNING id, kind, lane, place, payload, due_at, tries`

// claimNext takes the next due job; nil if there is none. On PostgreSQL two
// workers pass over each other's rows; on SQLite writers stand in line.
func (r *Runner) claimNext(ctx context.Context) (*Job, error) {
	var one int
	now := sqldb.Micros(r.unit.Clock.Now())
	err := r.unit.DB.Read.QueryRowContext(ctx, `SELECT 1 FROM job WHERE dead = FALSE AND due_at <= $1 AND lease_until <= $2 LIMIT 1`, now, now).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil // looking costs no writer anything
	}
	query := claim + claimed
	if r.unit.DB.Engine == sqldb.Postgres {
		query = claim + ` FOR UPDATE SKIP LOCKED` + claimed
	}
	var j Job
	err = r.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		j.lease = k.NewID()
		now, until := sqldb.Micros(k.Now), sqldb.Micros(k.Now.Add(Lease))
		rows, err := k.ChangedContext(ctx, query, j.lease, until, 1, now, now)
		if err != nil {
			return err
		}
		defer rows.Close()
		if !rows.Next() {
			return errors.Join(rows.Err(), sql.ErrNoRows)
		}
		var at int64
		if err := rows.Scan(&j.ID, &j.Kind, &j.Lane, &j.Place, &j.Payload, &at, &j.Tries); err != nil {
			return err
		}
		j.Due = sqldb.Time(at)
		return rows.Err()
	})
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	return &j, err
}

// extend holds the lease while a job runs; false if it was lost.
func (r *Runner) extend(ctx context.Context, j Job) (held bool, err error) {
	err = r.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		res, err := k.ExecContext(ctx, `UPDATE job SET lease_until = $1 WHERE id = $2 AND lease = $3`, sqldb.Micros(k.Now.Add(Lease)), j.ID, j.lease)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		held = n == 1
		return err
	})
	return held, err
}

// finish removes a job that is done, or sets it for its next try, or buries it.
// A worker whose lease is gone changes nothing.
func (r *Runner) finish(ctx context.Context, j Job, failed error) error {
	return r.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		if failed == nil {
			_, err := k.ExecContext(ctx, `DELETE FROM job WHERE id = $1 AND lease = $2`, j.ID, j.lease)
			return err
		}
		text := strings.ReplaceAll(failed.Error(), "\x00", "")
		next := k.Now.Add(PauseAfter(j.Tries, r.unit.Clock))
		_, err := k.ExecContext(ctx, `UPDATE job SET due_at = $1, lease = '', lease_until = 0, dead = $2, error = $3 WHERE id = $4 AND lease = $5`,
			sqldb.Micros(next), j.Last(), strings.ToValidUTF8(text[:min(len(text), 500)], ""), j.ID, j.lease)
		return err
	})
}
