package work_test

import (
	"context"
	"errors"
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

// tampering removes the protection of the record and changes it, as somebody
// with the database in hand could.
func TestVerifyNamesTheEntryThatWasTamperedWith(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, u := context.Background(), unit(db)
		record(t, u, 6)
		report, err := activity.Verify(ctx, db.Read, nil)
		if err != nil || report.Entries != 6 {
			t.Fatalf("untouched record: %v, %+v", err, report)
		}
		checkpoint := report.Head
		if _, err := db.Write.Exec(`UPDATE activity SET verb = 'x' WHERE seq = 3`); err == nil {
			t.Fatal("the record could be changed")
		}
		unprotect(t, db)
		for _, c := range []struct {
			name, do, undo string
			seq            int64
		}{
			{"field", `UPDATE activity SET verb = 'x' WHERE seq = 3`, `UPDATE activity SET verb = 'test.happened' WHERE seq = 3`, 3},
			{"payload", `UPDATE activity_payload SET payload = payload || ' ' WHERE seq = 2`, `UPDATE activity_payload SET payload = TRIM(payload) WHERE seq = 2`, 2},
			{"participant", `UPDATE activity_participant SET person_id = 'p2' WHERE seq = 4`, `UPDATE activity_participant SET person_id = 'p1' WHERE seq = 4`, 4},
			{"head", `UPDATE activity_head SET seq = 7`, `UPDATE activity_head SET seq = 6`, 7},
		} {
			mustExec(t, db, c.do)
			broken(t, ctx, db, nil, c.name, c.seq)
			mustExec(t, db, c.undo)
		}
		// swapped: entries 2 and 5 change places
		for _, q := range []string{`UPDATE activity SET seq = 99 WHERE seq = 2`, `UPDATE activity SET seq = 2 WHERE seq = 5`, `UPDATE activity SET seq = 5 WHERE seq = 99`} {
			mustExec(t, db, q)
		}
		broken(t, ctx, db, nil, "swapped", 2)
		for _, q := range []string{`UPDATE activity SET seq = 99 WHERE seq = 2`, `UPDATE activity SET seq = 2 WHERE seq = 5`, `UPDATE activity SET seq = 5 WHERE seq = 99`} {
			mustExec(t, db, q)
		}
		if _, err := activity.Verify(ctx, db.Read, &checkpoint); err != nil {
			t.Fatalf("restored record: %v", err)
		}
		// a cut tail, with the head made to fit, shows only against the checkpoint
		mustExec(t, db, `DELETE FROM activity WHERE seq = 6`)
		broken(t, ctx, db, nil, "tail", 6)
		mustExec(t, db, `UPDATE activity_head SET seq = 5, hash = (SELECT hash FROM activity WHERE seq = 5)`)
		if _, err := activity.Verify(ctx, db.Read, nil); err != nil {
			t.Fatalf("a cut tail cannot be seen without a checkpoint, yet: %v", err)
		}
		broken(t, ctx, db, &checkpoint, "tail against checkpoint", 6)
		mustExec(t, db, `DELETE FROM activity WHERE seq = 1`)
		broken(t, ctx, db, nil, "removed", 1)
	})
}

func broken(t *testing.T, ctx context.Context, db *sqldb.DB, at *activity.Head, name string, seq int64) {
	t.Helper()
	_, err := activity.Verify(ctx, db.Read, at)
	var b *activity.Broken
	if !errors.As(err, &b) || b.Seq != seq {
		t.Errorf("%s: verify said %v, want entry %d", name, err, seq)
	}
}

func mustExec(t *testing.T, db *sqldb.DB, q string) {
	t.Helper()
	if _, err := db.Write.Exec(q); err != nil {
		t.Fatalf("%s: %v", q, err)
	}
}

func unprotect(t *testing.T, db *sqldb.DB) {
	t.Helper()
	if db.Engine == sqldb.Postgres {
		for _, table := range []string{"activity", "activity_payload", "activity_head"} {
			mustExec(t, db, `ALTER TABLE `+table+` DISABLE TRIGGER USER`)
		}
		return
	}
	for _, trigger := range []string{"activity_no_update", "activity_no_delete", "activity_payload_no_update", "activity_payload_no_delete", "activity_head_no_delete"} {
		mustExec(t, db, `DROP TRIGGER `+trigger)
	}
}
