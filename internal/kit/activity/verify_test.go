package activity_test

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

type happened struct {
	ID   string `json:"id"`
	Word string `json:"word"`
}

func (h happened) Activity() activity.Meta {
	return activity.Meta{
		Verb: "test.happened", Version: 1, SubjectKind: "test", SubjectID: h.ID, Project: "pr",
		Participants: []activity.Participant{{Person: "p1", Role: activity.Led}, {Person: "p2", Role: activity.Deputised, For: "p3"}},
	}
}

// entries is how long the record of these tests is.
const entries = 8

// record makes a record of eight entries and opens it to a forger.
func record(t *testing.T, db *sqldb.DB) activity.Head {
	t.Helper()
	const act = authz.Action("test.do")
	ctx, head := context.Background(), authz.Actor{Person: "h", Role: authz.HeadOfPMO}
	src := clock.NewManual(kittest.Noon, 1)
	u := work.New(db, src.Source, authz.NewPolicy([]authz.Rule{{Action: act, Roles: []authz.Role{authz.HeadOfPMO}}}), time.UTC)
	for i := range entries {
		src.Advance(time.Minute)
		if err := u.Do(ctx, head, func(ctx context.Context, tx *work.Tx) error {
			tx.Record(happened{fmt.Sprintf("s%d", i+1), fmt.Sprintf("word %d", i+1)})
			return tx.May(ctx, act, authz.Instance)
		}); err != nil {
			t.Fatal(err)
		}
	}
	report, err := activity.Verify(ctx, db.Read, nil)
	if err != nil || report.Entries != entries {
		t.Fatalf("the untouched record: %+v, %v", report, err)
	}
	for _, q := range []string{`UPDATE activity SET verb = 'x' WHERE seq = 3`, `DELETE FROM activity WHERE seq = 8`, `UPDATE activity_payload SET payload = ''`, `DELETE FROM activity_payload`, `DELETE FROM activity_head`} {
		if _, err := db.Write.ExecContext(ctx, q); err == nil {
			t.Errorf("with its triggers in place the record allows %s", q)
		}
	}
	unprotect(t, db)
	return report.Head
}

var tables = []string{"activity", "activity_payload", "activity_participant", "activity_erasure", "activity_head"}

// unprotect takes the triggers away, as somebody with the database in hand can,
// and keeps a copy of the record for the next attempt.
func unprotect(t *testing.T, db *sqldb.DB) {
	t.Helper()
	if db.Engine == sqldb.Postgres {
		for _, table := range tables {
			exec(t, db, `ALTER TABLE `+table+` DISABLE TRIGGER USER`)
		}
	} else {
		for _, trigger := range []string{"activity_no_update", "activity_no_delete", "activity_payload_no_update", "activity_payload_no_delete", "activity_head_no_delete"} {
			exec(t, db, `DROP TRIGGER `+trigger)
		}
	}
	for _, table := range tables {
		exec(t, db, `CREATE TABLE kept_`+table+` AS SELECT * FROM `+table)
	}
}

func putBack(t *testing.T, db *sqldb.DB) {
	t.Helper()
	for _, table := range tables {
		exec(t, db, `DELETE FROM `+table)
		exec(t, db, `INSERT INTO `+table+` SELECT * FROM kept_`+table)
	}
}

func exec(t *testing.T, db *sqldb.DB, q string, args ...any) {
	t.Helper()
	if _, err := db.Write.ExecContext(context.Background(), q, args...); err != nil {
		t.Fatalf("%s: %v", q, err)
	}
}

// tampering is one way to forge the record. Found is the entry that a
// verification names; with hidden only a checkpoint shows it.
type tampering struct {
	name   string
	do     func(f forger)
	found  int64
	hidden bool
}

// run gives a tampering that consists of statements.
func run(queries ...string) func(forger) {
	return func(f forger) {
		for _, q := range queries {
			exec(f.t, f.db, q)
		}
	}
}

// everywhere repeats a statement for the three tables of the entries.
func everywhere(format string) (out []string) {
	for _, table := range []string{"activity", "activity_payload", "activity_participant"} {
		out = append(out, fmt.Sprintf(format, table))
	}
	return out
}

// insertEntry puts a copy of entry 3 at another place, with an id of its own.
func insertEntry(at int) []string {
	return []string{
		fmt.Sprintf(`INSERT INTO activity SELECT %d, 'forged', at, verb, version, actor_id, subject_kind, subject_id, project_id, audience, digest, hash FROM activity WHERE seq = 3`, at),
		fmt.Sprintf(`INSERT INTO activity_payload SELECT %d, salt, payload FROM activity_payload WHERE seq = 3`, at),
		fmt.Sprintf(`INSERT INTO activity_participant SELECT %d, person_id, role, for_person_id FROM activity_participant WHERE seq = 3`, at),
	}
}

const headToEnd = `UPDATE activity_head SET seq = (SELECT MAX(seq) FROM activity), hash = (SELECT hash FROM activity ORDER BY seq DESC LIMIT 1)`

func tamperings() []tampering {
	list := []tampering{
		{"a payload changed", run(`UPDATE activity_payload SET payload = REPLACE(payload, 'word 2', 'word 9') WHERE seq = 2`), 2, false},
		{"a salt changed", run(`UPDATE activity_payload SET salt = (SELECT salt FROM kept_activity_payload WHERE seq = 1) WHERE seq = 2`), 2, false},
		{"two payloads swapped", run(`UPDATE activity_payload SET seq = 99 WHERE seq = 2`, `UPDATE activity_payload SET seq = 2 WHERE seq = 5`, `UPDATE activity_payload SET seq = 5 WHERE seq = 99`), 2, false},
		{"a payload removed", run(`DELETE FROM activity_payload WHERE seq = 5`), 5, false},
		{"a payload and its digest changed", func(f forger) { f.reword(3) }, 3, false},
		{"a payload, its digest and its hash changed", func(f forger) { f.reword(3); f.rechain(3, 3) }, 4, false},
		{"the last payload, digest and hash changed", func(f forger) { f.reword(8); f.rechain(8, 8) }, 8, false},
		{"the last payload, digest, hash and the head changed", func(f forger) { f.reword(8); f.rechain(8, 8); run(headToEnd)(f) }, 8, true},
		{"a payload and all that follows forged anew", func(f forger) { f.reword(3); f.rechain(3, 8); run(headToEnd)(f) }, 8, true},
		{"an entry removed", run(everywhere(`DELETE FROM %s WHERE seq = 4`)...), 4, false},
		{"the first entry removed", run(everywhere(`DELETE FROM %s WHERE seq = 1`)...), 1, false},
		{"an entry removed and the rest moved up", run(slices.Concat(everywhere(`DELETE FROM %s WHERE seq = 4`), shift(5, 8, -1), []string{headToEnd})...), 4, false},
		{"an entry inserted", run(slices.Concat(shift(8, 5, 1), insertEntry(5), []string{headToEnd})...), 5, false},
		{"an entry appended", run(slices.Concat(insertEntry(9), []string{headToEnd})...), 9, false},
		{"an entry appended beyond the head", run(insertEntry(9)...), 9, false},
		{"an entry before the first", run(insertEntry(0)...), 0, false},
		{"an entry far behind the last", run(insertEntry(9999)...), 9999, false},
		{"two entries swapped", run(slices.Concat(everywhere(`UPDATE %s SET seq = 99 WHERE seq = 2`), everywhere(`UPDATE %s SET seq = 2 WHERE seq = 5`), everywhere(`UPDATE %s SET seq = 5 WHERE seq = 99`))...), 2, false},
		{"an entry removed and put in again with another actor", run(`DELETE FROM activity WHERE seq = 4`, `INSERT INTO activity SELECT seq, id, at, verb, version, 'other', subject_kind, subject_id, project_id, audience, digest, hash FROM kept_activity WHERE seq = 4`), 4, false},
		{"a participant changed", run(`UPDATE activity_participant SET person_id = 'p9' WHERE seq = 4 AND person_id = 'p1'`), 4, false},
		{"a participant's role changed", run(`UPDATE activity_participant SET role = 'observed' WHERE seq = 4 AND person_id = 'p1'`), 4, false},
		{"whom somebody deputised for changed", run(`UPDATE activity_participant SET for_person_id = 'p9' WHERE seq = 4 AND person_id = 'p2'`), 4, false},
		{"a participant removed", run(`DELETE FROM activity_participant WHERE seq = 4 AND person_id = 'p1'`), 4, false},
		{"a participant added", run(`INSERT INTO activity_participant (seq, person_id, role, for_person_id) VALUES (4, 'p9', 'led', '')`), 4, false},
		{"a participant of no entry", run(`INSERT INTO activity_participant (seq, person_id, role, for_person_id) VALUES (70, 'p9', 'led', '')`), 70, false},
		{"a participant put on an erased entry", run(`INSERT INTO activity_erasure (seq, at) VALUES (6, 1)`, `DELETE FROM activity_payload WHERE seq = 6`), 6, false},
		{"the head moved on", run(`UPDATE activity_head SET seq = 9`), 9, false},
		{"the head gone", run(`DELETE FROM activity_head`), 8, false},
		{"the head moved back", run(`UPDATE activity_head SET seq = 6`), 7, false},
		{"the head's hash changed", run(`UPDATE activity_head SET hash = (SELECT hash FROM activity WHERE seq = 2)`), 8, false},
		{"a tail cut", run(everywhere(`DELETE FROM %s WHERE seq > 6`)...), 7, false},
		{"a tail cut, the head made to fit", run(append(everywhere(`DELETE FROM %s WHERE seq > 6`), headToEnd)...), 7, true},
		{"a tail cut and grown again otherwise", func(f forger) {
			run(append(everywhere(`DELETE FROM %s WHERE seq > 7`), insertEntry(8)...)...)(f)
			f.rechain(8, 8)
			run(headToEnd)(f)
		}, 8, true},
	}
	for column, value := range map[string]string{
		"id": `'x'`, "at": `at + 1`, "verb": `'x'`, "version": `2`, "actor_id": `'x'`, "subject_kind": `'x'`, "subject_id": `'x'`, "project_id": `'x'`, "audience": `'x'`,
		"digest": `(SELECT digest FROM kept_activity WHERE seq = 2)`, "hash": `(SELECT hash FROM kept_activity WHERE seq = 2)`,
	} {
		list = append(list, tampering{"the field " + column + " changed", run(`UPDATE activity SET ` + column + ` = ` + value + ` WHERE seq = 3`), 3, false})
	}
	return list
}

// shift moves the entries from one number to another, in this order, by a step.
func shift(from, to, by int) (out []string) {
	step := 1
	if to < from {
		step = -1
	}
	for seq := from; ; seq += step {
		out = append(out, everywhere(fmt.Sprintf(`UPDATE %%s SET seq = %d WHERE seq = %d`, seq+by, seq))...)
		if seq == to {
			return out
		}
	}
}

// forger changes the record with all that can be known about it.
type forger struct {
	t  *testing.T
	db *sqldb.DB
}

// reword changes an entry's payload and gives it the digest that fits.
func (f forger) reword(seq int64) {
	f.t.Helper()
	var salt []byte
	var payload string
	if err := f.db.Read.QueryRowContext(context.Background(), `SELECT salt, REPLACE(payload, 'word', 'ward') FROM activity_payload WHERE seq = $1`, seq).Scan(&salt, &payload); err != nil {
		f.t.Fatal(err)
	}
	exec(f.t, f.db, `UPDATE activity_payload SET payload = $1 WHERE seq = $2`, payload, seq)
	exec(f.t, f.db, `UPDATE activity SET digest = $1 WHERE seq = $2`, activity.Digest(salt, payload), seq)
}

// rechain computes the hashes of some entries anew.
func (f forger) rechain(from, to int64) {
	f.t.Helper()
	for seq := from; seq <= to; seq++ {
		var prev, digest []byte
		var e activity.Entry
		var at int64
		if err := f.db.Read.QueryRowContext(context.Background(), `SELECT b.hash, a.seq, a.id, a.at, a.verb, a.version, a.actor_id, a.subject_kind, a.subject_id, a.project_id, a.audience, a.digest
			FROM activity a JOIN activity b ON b.seq = a.seq - 1 WHERE a.seq = $1`, seq).
			Scan(&prev, &e.Seq, &e.ID, &at, &e.Verb, &e.Version, &e.Actor, &e.SubjectKind, &e.SubjectID, &e.Project, &e.Audience, &digest); err != nil {
			f.t.Fatal(err)
		}
		e.At = sqldb.Time(at)
		exec(f.t, f.db, `UPDATE activity SET hash = $1 WHERE seq = $2`, activity.Link(prev, e, digest), seq)
	}
}

func TestVerifyNamesTheEntryThatWasTamperedWith(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, checkpoint := context.Background(), record(t, db)
		for _, c := range tamperings() {
			t.Run(c.name, func(t *testing.T) {
				c.do(forger{t, db})
				_, err := activity.Verify(ctx, db.Read, nil)
				var broken *activity.Broken
				switch {
				case c.hidden && err != nil:
					t.Errorf("without a checkpoint this cannot be seen, yet: %v", err)
				case !c.hidden && (!errors.As(err, &broken) || broken.Seq != c.found):
					t.Errorf("verify says %v, want entry %d", err, c.found)
				}
				if _, err := activity.Verify(ctx, db.Read, &checkpoint); !errors.As(err, &broken) || broken.Seq != c.found {
					t.Errorf("against the checkpoint verify says %v, want entry %d", err, c.found)
				}
				putBack(t, db)
			})
		}
		report, err := activity.Verify(ctx, db.Read, &checkpoint)
		if err != nil || report.Head != checkpoint {
			t.Fatalf("the record put back: %+v, %v", report, err)
		}
	})
}

// An older checkpoint stays good while the record grows, and sees a change
// before it and a record that ends too early.
func TestVerifyAgainstAnOlderCheckpoint(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		record(t, db)
		var hash []byte
		if err := db.Read.QueryRowContext(ctx, `SELECT hash FROM activity WHERE seq = 5`).Scan(&hash); err != nil {
			t.Fatal(err)
		}
		at := activity.Head{Seq: 5, Hash: hex.EncodeToString(hash)}
		if _, err := activity.Verify(ctx, db.Read, &at); err != nil {
			t.Fatal(err)
		}
		forger{t, db}.reword(3)
		forger{t, db}.rechain(3, 8)
		exec(t, db, headToEnd)
		var broken *activity.Broken
		if _, err := activity.Verify(ctx, db.Read, &at); !errors.As(err, &broken) || broken.Seq != 5 {
			t.Errorf("a forged beginning: %v", err)
		}
		for _, q := range everywhere(`DELETE FROM %s`) {
			exec(t, db, q)
		}
		exec(t, db, `UPDATE activity_head SET seq = 0, hash = $1`, []byte{})
		if _, err := activity.Verify(ctx, db.Read, nil); err != nil {
			t.Errorf("an emptied record holds by itself, yet: %v", err)
		}
		if _, err := activity.Verify(ctx, db.Read, &at); !errors.As(err, &broken) || broken.Seq != 1 {
			t.Errorf("an emptied record against the checkpoint: %v", err)
		}
	})
}

func TestErasedEntriesVerify(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		head := record(t, db)
		tx, err := db.Begin(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if err := activity.Erase(ctx, tx, 1, []int64{2, 8}); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		report, err := activity.Verify(ctx, db.Read, &head)
		if err != nil || report.Erased != 2 || report.Entries != entries {
			t.Errorf("%+v, %v", report, err)
		}
	})
}
