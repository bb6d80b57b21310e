package work

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strings"
	"time"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
)

// Keep writes what is no change of state: sessions, rate limits, drafts, jobs,
// cursors, projections. Only the tables that New was told can be written.
func (u *Unit) Keep(ctx context.Context, write func(context.Context, *Keeping) error) error {
	zone := u.zone() // outside the transaction
	k := &Keeping{unit: u}
	alone, err := u.within(ctx, func(ctx context.Context, db *sqldb.Tx) error {
		k.Now, k.db = u.Clock.Now(), db
		k.Today = clock.DayOf(k.Now, zone)
		return write(ctx, k)
	})
	if alone && err == nil && k.enqueued {
		tell(u.later)
	}
	return err
}

// Keeping is a Keep under way.
type Keeping struct {
	Now   time.Time
	Today clock.Day
	db    *sqldb.Tx
	unit  *Unit

	enqueued bool // a job, which a worker of this process can take at once
}

var written = regexp.MustCompile(`(?i)^\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(\w+)`)

func (k *Keeping) allow(query string) error {
	m := written.FindStringSubmatch(query)
	if m == nil || !k.unit.keeps[m[1]] {
		return fmt.Errorf("work: Keep may not run %.60q", query)
	}
	k.enqueued = k.enqueued || strings.HasPrefix(query, "INSERT INTO job ")
	return nil
}

// ExecContext writes rows of an allowed table.
func (k *Keeping) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := k.allow(query); err != nil {
		return nil, err
	}
	return k.db.ExecContext(ctx, query, args...)
}

// ChangedContext writes rows of an allowed table and reads what RETURNING gives.
func (k *Keeping) ChangedContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := k.allow(query); err != nil {
		return nil, err
	}
	return k.db.QueryContext(ctx, query, args...)
}

// PrepareContext prepares a write to an allowed table.
func (k *Keeping) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	if err := k.allow(query); err != nil {
		return nil, err
	}
	return k.db.PrepareContext(ctx, query)
}

// QueryContext reads.
func (k *Keeping) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return k.db.QueryContext(ctx, query, args...)
}

// QueryRowContext reads one row.
func (k *Keeping) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return k.db.QueryRowContext(ctx, query, args...)
}

// PerInsert is how many values one statement of sqldb.Insert should have.
func (k *Keeping) PerInsert() int { return k.db.PerInsert() }

// NewID gives a fresh id.
func (k *Keeping) NewID() string { return k.unit.Clock.NewID() }

// NewToken gives a fresh secret as text.
func (k *Keeping) NewToken() string { return k.unit.Clock.NewToken() }

// Reader is a projection of the record: it turns entries into rows of its own
// tables, which must be among those that New was told.
type Reader struct {
	Name  string // of its cursor
	Apply func(ctx context.Context, k *Keeping, entries []activity.Entry) error
}

// CatchUp lets a reader work off up to limit entries and moves its cursor in
// the same transaction; it gives how many there were. Any process may run it:
// when two do, one of them finds the cursor moved and does nothing.
func (u *Unit) CatchUp(ctx context.Context, r Reader, limit int) (n int, err error) {
	err = u.Keep(ctx, func(ctx context.Context, k *Keeping) error {
		if _, err := k.db.ExecContext(ctx, `INSERT INTO activity_cursor (reader, position) VALUES ($1, 0) ON CONFLICT DO NOTHING`, r.Name); err != nil {
			return err
		}
		var at int64
		if err := k.QueryRowContext(ctx, `SELECT position FROM activity_cursor WHERE reader = $1`, r.Name).Scan(&at); err != nil {
			return err
		}
		entries, err := activity.After(ctx, k, at, limit)
		if err != nil || len(entries) == 0 {
			return err
		}
		res, err := k.db.ExecContext(ctx, `UPDATE activity_cursor SET position = $1 WHERE reader = $2 AND position = $3`,
			entries[len(entries)-1].Seq, r.Name, at)
		if err != nil {
			return err
		}
		if moved, err := res.RowsAffected(); err != nil || moved == 0 {
			return err
		}
		n = len(entries)
		return r.Apply(ctx, k, entries)
	})
	return n, err
}

// Rewind sets a reader's cursor back to the beginning, for a rebuild.
func (u *Unit) Rewind(ctx context.Context, reader string) error {
	return u.Keep(ctx, func(ctx context.Context, k *Keeping) error {
		_, err := k.db.ExecContext(ctx, `UPDATE activity_cursor SET position = 0 WHERE reader = $1`, reader)
		return err
	})
}
