// Package jobs is work for later: a job is enqueued in the transaction of the
// change that it belongs to, run by one process at a time, tried again with
// growing pauses when it fails, and dead after its last try. A worker that dies
// loses its lease, and another takes the job over.
package jobs

import (
	"context"
	"database/sql"
	"time"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
)

// KeepTables are the tables of this package; their rows are no changes of state.
var KeepTables = []string{"job"}

// MostTries is how often a job is tried before it is dead. With pauses that
// double from Pause up to LongestPause, the last try comes about a day after the first.
const (
	MostTries    = 12
	Pause        = 15 * time.Second
	LongestPause = 6 * time.Hour
)

// Job is work for later.
type Job struct {
	ID      string // empty for a fresh one; an id that is there already is not enqueued again
	Kind    string
	Payload string // ids, never secrets or names
	Lane    string // jobs of one lane run one after the other; empty runs beside all others
	Place   int64  // order within the lane
	Due     time.Time
	Tries   int // begun, this one included
	lease   string
}

// Last reports whether no further try follows.
func (j Job) Last() bool { return j.Tries >= MostTries }

// Writer is the transaction in which a job is enqueued.
type Writer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	NewID() string
}

// Enqueue adds a job within the caller's transaction: it exists if and only if
// the transaction commits.
func Enqueue(ctx context.Context, tx Writer, j Job) error {
	if j.ID == "" {
		j.ID = tx.NewID()
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO job (id, kind, lane, place, payload, due_at, tries, lease, lease_until, dead, error)
		VALUES ($1, $2, $3, $4, $5, $6, 0, '', 0, FALSE, '') ON CONFLICT (id) DO NOTHING`, j.ID, j.Kind, j.Lane, j.Place, j.Payload, sqldb.Micros(j.Due))
	return err
}

// Withdraw takes a job back that nobody needs any more. A worker that has it
// loses it at its next sign of life, and what it says of it then changes nothing.
func Withdraw(ctx context.Context, tx Writer, id string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM job WHERE id = $1`, id)
	return err
}

// PauseAfter is the pause after so many tries: doubling, with up to a quarter
// more by chance, so that what failed together does not come back together.
func PauseAfter(tries int, src *clock.Source) time.Duration {
	d := LongestPause
	if n := max(tries, 1) - 1; n < 20 {
		d = min(Pause<<n, LongestPause)
	}
	chance := src.NewSecret()
	return d + d/4*time.Duration(chance[0])/256
}
