package app

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cairn/internal/app/archive"
	"cairn/internal/app/demo"
	"cairn/internal/career"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// notUnderRace leaves a test out of the race detector's run (go test -short): it
// makes much in one goroutine, which takes ten times as long there and shows nothing.
func notUnderRace(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("one goroutine: nothing for the race detector")
	}
}

// contents gives every row of every table in the archive's form, sorted.
func contents(t testing.TB, db *sqldb.DB) map[string][]string {
	t.Helper()
	var file bytes.Buffer
	if _, err := archive.Write(context.Background(), db, &file); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, f := range z.File {
		name, ok := strings.CutPrefix(f.Name, "tables/")
		if !ok {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Close()
		rows := strings.Split(strings.TrimSpace(string(text)), "\n")
		slices.Sort(rows)
		out[strings.TrimSuffix(name, ".jsonl")] = rows
	}
	return out
}

// careers are what the record left those whose career is on, by person.
func careers(t testing.TB, a *App) map[string][]career.Item {
	t.Helper()
	ctx := context.Background()
	rows, err := a.Store.Read.QueryContext(ctx, `SELECT person_id FROM career_choice`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string][]career.Item{}
	for rows.Next() {
		var person string
		if err := rows.Scan(&person); err != nil {
			t.Fatal(err)
		}
		out[person] = nil
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for person := range out {
		st, err := a.Career.Standing(ctx, authz.Actor{Person: person, Role: authz.Member})
		if err != nil {
			t.Fatal(err)
		}
		out[person] = st.Items
	}
	return out
}

// makeDemo makes a small demonstration from a seed, with the changes together
// as the demonstration does it, or each in a transaction of its own.
func makeDemo(t testing.TB, db *sqldb.DB, seed uint64, projects int, together bool) *App {
	t.Helper()
	now := time.Date(2026, 3, 16, 12, 0, 0, 0, time.UTC)
	past := clock.NewManual(now, seed)
	a := build(Config{Clock: past.Source, Zone: time.UTC, Demo: true}, db)
	w := a.world(past, now, projects)
	if !together {
		w.Together = func(ctx context.Context, run func(context.Context) error) error { return run(ctx) }
	}
	if err := demo.Make(context.Background(), w); err != nil {
		t.Fatal(err)
	}
	return a
}

// The fast way of the demonstration leaves, row by row, what the slow one leaves.
func TestChangesTogetherLeaveWhatTheyLeaveOneByOne(t *testing.T) {
	notUnderRace(t)
	kittest.EachDB(t, func(t *testing.T, fast *sqldb.DB) {
		slow := kittest.NewDB(t, fast.Engine)
		makeDemo(t, fast, 11, 14, true)
		makeDemo(t, slow, 11, 14, false)
		a, b := contents(t, fast), contents(t, slow)
		if len(a["report"]) < 20 || len(a["activity"]) < 200 {
			t.Fatalf("too little was made: %d reports, %d entries", len(a["report"]), len(a["activity"]))
		}
		if d := cmp.Diff(b, a); d != "" {
			t.Errorf("(-one by one +together):\n%.4000s", d)
		}
	})
}

// Whatever the seed and size, the record of the fast way holds and its
// projections are those of a rebuild.
func TestTheDemonstrationHoldsAndRebuilds(t *testing.T) {
	notUnderRace(t)
	sizes := rand.New(rand.NewPCG(7, 7))
	for range 4 {
		ctx := context.Background()
		db := kittest.NewDB(t, sqldb.SQLite)
		a := makeDemo(t, db, sizes.Uint64(), 1+sizes.IntN(9), true)
		if _, err := activity.Verify(ctx, db.Read, nil); err != nil {
			t.Fatal(err)
		}
		var analyst string
		if err := db.Read.QueryRowContext(ctx, `SELECT id FROM person WHERE name = $1`, demo.Analyst).Scan(&analyst); err != nil {
			t.Fatal(err)
		}
		if err := a.Career.TurnOn(ctx, authz.Actor{Person: analyst, Role: authz.PMOMember}); err != nil {
			t.Fatal(err)
		}
		if err := a.CatchUp(ctx); err != nil {
			t.Fatal(err)
		}
		before, derived := contents(t, db), careers(t, a)
		if len(derived[analyst]) == 0 {
			t.Fatal("the analyst's career is empty: nothing is tried with it")
		}
		for _, reader := range a.readers() {
			if err := a.Unit.Rewind(ctx, reader.Name); err != nil {
				t.Fatal(err)
			}
		}
		if err := a.CatchUp(ctx); err != nil {
			t.Fatal(err)
		}
		after := contents(t, db)
		delete(before, "career_pack") // how a career is packed depends on how the record was read, and what it says does not
		delete(after, "career_pack")
		if d := cmp.Diff(before, after); d != "" {
			t.Errorf("a rebuild differs:\n%.2000s", d)
		}
		if d := cmp.Diff(derived, careers(t, a), cmpopts.IgnoreUnexported(career.Item{})); d != "" {
			t.Errorf("a career differs after a rebuild:\n%.2000s", d)
		}
	}
}
