package work_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

type happened struct{ ID string }

func (h happened) Activity() activity.Meta {
	return activity.Meta{
		Verb: "test.happened", Version: 1, SubjectKind: "test", SubjectID: h.ID,
		Participants: []activity.Participant{{Person: "p1", Role: activity.Led}},
	}
}

const act = authz.Action("test.do")

var head = authz.Actor{Person: "h", Role: authz.HeadOfPMO}

func unit(db *sqldb.DB) *work.Unit {
	policy := authz.NewPolicy([]authz.Rule{{Action: act, Roles: []authz.Role{authz.HeadOfPMO}}})
	return work.New(db, clock.NewManual(kittest.Noon, 1).Source, policy, time.UTC, "activity_cursor")
}

func putNode(ctx context.Context, tx *work.Tx, id string) error {
	return authz.PutNode(ctx, tx, authz.Node{ID: id})
}

func nodes(t *testing.T, db *sqldb.DB) (n int) {
	t.Helper()
	if err := db.Read.QueryRow(`SELECT COUNT(*) FROM node`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestDoCommitsOnlyWhatWasAuthorisedAndRecorded(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, u := context.Background(), unit(db)
		cases := map[string]struct {
			may, record bool
			who         authz.Actor
			want        int
		}{
			"neither":                 {want: 0, who: head},
			"authorised only":         {may: true, who: head},
			"recorded only":           {record: true, who: head},
			"refused":                 {may: true, record: true, who: authz.Actor{Person: "m", Role: authz.Member}},
			"authorised and recorded": {may: true, record: true, who: head, want: 1},
		}
		for name, c := range cases {
			err := u.Do(ctx, c.who, func(ctx context.Context, tx *work.Tx) error {
				if c.may {
					if err := tx.May(ctx, act, authz.Instance); err != nil {
						return err
					}
				}
				if c.record {
					tx.Record(happened{"x"})
				}
				return putNode(ctx, tx, "n"+name)
			})
			if (err == nil) != (c.want == 1) {
				t.Errorf("%s: error %v", name, err)
			}
		}
		if got := nodes(t, db); got != 1 {
			t.Errorf("%d nodes were committed, want 1", got)
		}
	})
}

func TestDoInsideDoIsAnErrorAtOnce(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		u := unit(db)
		err := u.Do(context.Background(), head, func(ctx context.Context, _ *work.Tx) error {
			return u.Do(ctx, head, func(context.Context, *work.Tx) error { return nil })
		})
		if err == nil || !strings.Contains(err.Error(), "inside another") {
			t.Fatalf("error %v", err)
		}
	})
}

func TestKeepWritesOnlyAllowedTables(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		u := unit(db)
		err := u.Keep(context.Background(), func(ctx context.Context, k *work.Keeping) error {
			_, err := k.ExecContext(ctx, `DELETE FROM node`)
			return err
		})
		if err == nil {
			t.Fatal("Keep deleted nodes")
		}
	})
}

func TestViewGivesNothingOutUnasked(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		u := unit(db)
		err := u.View(context.Background(), head, func(context.Context, *work.View) error { return nil })
		if errs.KindOf(err) != errs.Internal || err == nil {
			t.Fatalf("error %v", err)
		}
	})
}

func record(t *testing.T, u *work.Unit, n int) {
	t.Helper()
	for range n {
		if err := u.Do(context.Background(), head, func(ctx context.Context, tx *work.Tx) error {
			tx.Record(happened{tx.NewID()})
			return tx.May(ctx, act, authz.Instance)
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReadersSeeEachEntryOnceAndRebuildTheSame(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, u := context.Background(), unit(db)
		record(t, u, 7)
		var seen []int64
		r := work.Reader{Name: "r", Apply: func(_ context.Context, _ *work.Keeping, es []activity.Entry) error {
			for _, e := range es {
				seen = append(seen, e.Seq)
			}
			return nil
		}}
		for {
			n, err := u.CatchUp(ctx, r, 3)
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				break
			}
		}
		if len(seen) != 7 || seen[0] != 1 || seen[6] != 7 {
			t.Fatalf("seen %v", seen)
		}
	})
}
