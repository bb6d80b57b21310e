package jobs

import (
	"context"
	"sync"

	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Progress is how far a job has come, in things that it counts.
type Progress struct {
	Done, Total int
	Tries       int  // begun; 0 while it waits
	Dead        bool // it will not be tried again
}

// Board shows how far jobs have come. On PostgreSQL the job's row says it to
// every process. A job that holds SQLite's one writer for its whole work could
// not write there, and need not: one process serves such a database, so its
// memory is enough.
type Board struct {
	unit *work.Unit
	mu   sync.Mutex
	here map[string]Progress
}

// NewBoard makes a board for the jobs of a database.
func NewBoard(u *work.Unit) *Board { return &Board{unit: u, here: map[string]Progress{}} }

// Post says how far a job has come. The context must be that of the job, and of
// no unit of work that it has under way.
func (b *Board) Post(ctx context.Context, job string, done, total int) error {
	if b.unit.DB.Engine == sqldb.SQLite {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.here[job] = Progress{Done: done, Total: total}
		return nil
	}
	return b.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		_, err := k.ExecContext(ctx, `UPDATE job SET done = $1, total = $2 WHERE id = $3`, done, total, job)
		return err
	})
}

// Forget takes a job off the board when its work has ended.
func (b *Board) Forget(job string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.here, job)
}

// Of tells how far a job has come; an error of kind NotFound if there is no
// such job, any more.
func (b *Board) Of(ctx context.Context, job string) (p Progress, err error) {
	err = b.unit.DB.Read.QueryRowContext(ctx, `SELECT done, total, tries, dead FROM job WHERE id = $1`, job).Scan(&p.Done, &p.Total, &p.Tries, &p.Dead)
	if err != nil {
		return p, sqldb.Translate(err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if here, ok := b.here[job]; ok {
		p.Done, p.Total = here.Done, here.Total
	}
	return p, nil
}

// takeBack lets the jobs go that an earlier process of a SQLite database had
// under way when it ended: it was the only one, so nobody runs them.
func (r *Runner) takeBack(ctx context.Context) error {
	if r.unit.DB.Engine != sqldb.SQLite {
		return nil
	}
	return r.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		_, err := k.ExecContext(ctx, `UPDATE job SET lease = '', lease_until = 0 WHERE lease <> ''`)
		return err
	})
}
