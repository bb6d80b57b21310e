package work

import (
	"context"
	"errors"
	"fmt"

	"cairn/internal/kit/sqldb"
)

type batchKey struct{}

// batch is one transaction that many units share.
type batch struct {
	tx      *sqldb.Tx
	stopped func() error // whether the caller wants no more
	failed  error        // of the first unit that failed
}

var errBatchInside = errors.New("work: a batch was begun inside a unit or another batch")

// Batch runs many units of work, one after the other, in one transaction: each
// is authorised and recorded as ever, and leaves exactly the rows that it would
// leave alone, but they are committed together. When one of them fails nothing
// is committed, whatever the caller makes of the error. It is for one goroutine
// that makes very much, such as the demonstration; other writers wait for it.
func (u *Unit) Batch(ctx context.Context, run func(context.Context) error) error {
	if batchOf(ctx) != nil || ctx.Value(insideKey{}) != nil {
		return errBatchInside
	}
	tx, err := u.DB.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	b := &batch{tx: tx, stopped: ctx.Err}
	// A context that can end costs a goroutine for each query; here it is asked
	// once for each unit.
	if err := run(context.WithValue(context.WithoutCancel(ctx), batchKey{}, b)); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if b.failed != nil {
		return fmt.Errorf("work: a unit of the batch failed: %w", b.failed)
	}
	if err := tx.Commit(); err != nil {
		return sqldb.Translate(err)
	}
	u.signal()
	return nil
}

func batchOf(ctx context.Context) *batch {
	b, _ := ctx.Value(batchKey{}).(*batch)
	return b
}

// within runs a function in the batch's transaction, or in one of its own that
// it commits. It tells which.
func (u *Unit) within(ctx context.Context, do func(context.Context, *sqldb.Tx) error) (alone bool, err error) {
	inner, err := enter(ctx)
	if err != nil {
		return false, err
	}
	if b := batchOf(ctx); b != nil {
		if err := b.stopped(); err != nil {
			return false, err
		}
		err := sqldb.Translate(do(inner, b.tx))
		if err != nil && b.failed == nil {
			b.failed = err
		}
		return false, err
	}
	tx, err := u.DB.Begin(ctx)
	if err != nil {
		return true, err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := do(inner, tx); err != nil {
		return true, sqldb.Translate(err)
	}
	return true, sqldb.Translate(tx.Commit())
}
