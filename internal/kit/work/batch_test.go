package work_test

import (
	"context"
	"errors"
	"testing"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

func add(ctx context.Context, u *work.Unit, id string) error {
	return u.Do(ctx, head, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, act, authz.Instance); err != nil {
			return err
		}
		tx.Record(happened{id})
		return putNode(ctx, tx, id)
	})
}

func TestABatchCommitsItsUnitsTogether(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, u := context.Background(), unit(db)
		err := u.Batch(ctx, func(ctx context.Context) error {
			for _, id := range []string{"a", "b", "c", "d"} {
				if err := add(ctx, u, id); err != nil {
					return err
				}
			}
			if nodes(t, db) != 0 {
				t.Error("a unit was committed before the batch")
			}
			var seen int
			err := u.View(ctx, head, func(ctx context.Context, v *work.View) error {
				if err := v.May(ctx, act, authz.Instance); err != nil {
					return err
				}
				return v.QueryRowContext(ctx, `SELECT COUNT(*) FROM node`).Scan(&seen)
			})
			if seen != 4 {
				t.Errorf("within the batch %d nodes are seen, want 4", seen)
			}
			return err
		})
		if err != nil || nodes(t, db) != 4 {
			t.Fatalf("error %v, %d nodes", err, nodes(t, db))
		}
		report, err := activity.Verify(ctx, db.Read, nil)
		if err != nil || report.Entries != 4 {
			t.Fatalf("verify: %+v, %v", report, err)
		}
	})
}

func TestABatchWithAFailedUnitLeavesNothing(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, u := context.Background(), unit(db)
		refused := errors.New("no")
		err := u.Batch(ctx, func(ctx context.Context) error {
			if err := add(ctx, u, "a"); err != nil {
				return err
			}
			_ = u.Do(ctx, head, func(ctx context.Context, tx *work.Tx) error {
				if err := putNode(ctx, tx, "half"); err != nil {
					return err
				}
				return refused
			})
			return nil // the caller overlooks the error; the batch does not
		})
		if !errors.Is(err, refused) || nodes(t, db) != 0 {
			t.Fatalf("error %v, %d nodes", err, nodes(t, db))
		}
	})
}

func TestABatchEndsWhenItsCallerStops(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, stop := context.WithCancel(context.Background())
		u := unit(db)
		err := u.Batch(ctx, func(inner context.Context) error {
			stop()
			return add(inner, u, "a")
		})
		if !errors.Is(err, context.Canceled) || nodes(t, db) != 0 {
			t.Fatalf("error %v, %d nodes", err, nodes(t, db))
		}
	})
}

func TestABatchInsideABatchIsAnError(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		u := unit(db)
		nothing := func(context.Context) error { return nil }
		if err := u.Batch(context.Background(), func(ctx context.Context) error { return u.Batch(ctx, nothing) }); err == nil {
			t.Error("a batch inside a batch")
		}
		if err := u.Do(context.Background(), head, func(ctx context.Context, _ *work.Tx) error { return u.Batch(ctx, nothing) }); err == nil {
			t.Error("a batch inside a unit")
		}
	})
}
