package opposites

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// someMarks draws an answer: some ends, some marks.
func someMarks() *rapid.Generator[Marks] {
	return rapid.Custom(func(t *rapid.T) Marks {
		m := Marks{}
		for _, e := range Ends() {
			if n := rapid.IntRange(0, Highest).Draw(t, e.ID); n > 0 {
				m[e.ID] = n
			}
		}
		if len(m) == 0 {
			m["detail"] = 3
		}
		return m
	})
}

// boxOf puts answers into a box as they come.
func boxOf(answers []Marks) box {
	b := box{salt: "s", tally: tally{}}
	for i, m := range answers {
		b.answers++
		b.tally.add(m)
		b.deal("r", fmt.Sprint(i))
	}
	return b
}

func seen(b box, on string) Round {
	r := Round{ID: "r", AskedOn: "2026-03-01", Until: "2026-03-20"}
	r.show(b, on)
	return r
}

// TestWhatIsShownIsTheSameWhateverOneColleagueSays is the law of disclosure, over
// answers of any kind and number:
// before the end nothing depends on what anybody said, and from the fifth answer on
// not even on how many answered; after the end, under five nothing does either;
// from five on what is shown depends on all answers together and on no order, and
// an end of which fewer than five could say something stays empty.
func TestWhatIsShownIsTheSameWhateverOneColleagueSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one := rapid.SliceOfN(someMarks(), 0, 12).Draw(t, "answers")
		other := rapid.SliceOfN(someMarks(), len(one), len(one)).Draw(t, "other answers")
		during, after := "2026-03-20", "2026-03-21"

		if d := cmp.Diff(seen(boxOf(one), during), seen(boxOf(other), during)); d != "" {
			t.Fatalf("while it goes on, what was said shows:\n%s", d)
		}
		more := append(slices.Clone(one), rapid.SliceOfN(someMarks(), 1, 7).Draw(t, "more")...)
		if len(one) >= Fewest {
			if d := cmp.Diff(seen(boxOf(one), during), seen(boxOf(more), during)); d != "" {
				t.Fatalf("an answer after the fifth shows:\n%s", d)
			}
		}
		end := seen(boxOf(one), after)
		if len(one) < Fewest {
			if d := cmp.Diff(seen(boxOf(nil), after), end); d != "" {
				t.Fatalf("%d answers show:\n%s", len(one), d)
			}
			return
		}
		shuffled := rapid.Permutation(one).Draw(t, "in another order")
		if d := cmp.Diff(end, seen(boxOf(shuffled), after)); d != "" {
			t.Fatalf("the order shows:\n%s", d)
		}
		for _, e := range Ends() {
			var said []int
			for _, m := range one {
				if m[e.ID] > 0 {
					said = append(said, m[e.ID])
				}
			}
			slices.Sort(said)
			s, shown := end.Others[e.ID]
			if shown != (len(said) >= Fewest) {
				t.Fatalf("%s with %d answers: shown %t", e.ID, len(said), shown)
			}
			if n := len(said); shown && s != (Spread{said[1], said[n-2], said[(n-1)/2], said[n/2]}) {
				t.Fatalf("%s: %v shows as %+v", e.ID, said, s)
			}
		}
	})
}

// dump is every value of this feature's tables and of the record, as text.
func dump(t *testing.T, db *sqldb.DB) string {
	t.Helper()
	var b strings.Builder
	for _, table := range []string{"opposites_round", "opposites_invited", "opposites_box", "opposites_shown", "activity", "activity_payload", "activity_participant"} {
		rows, err := privacy.Rows(context.Background(), db.Read, `SELECT * FROM `+table)
		must(t, err)
		for _, r := range rows {
			fmt.Fprintln(&b, table, r)
		}
	}
	return b.String()
}

// TestTheDatabaseForgetsWhoAnswered compares the whole database, as it stands after
// the end, between worlds in which different people said different things or
// declined, with the same sum: it is the same, and leads to nobody.
func TestTheDatabaseForgetsWhoAnswered(t *testing.T) {
	type said struct {
		who   string
		marks Marks // nil: declined
	}
	a, b := all(2), all(5)
	worlds := [][]said{
		{{"c0", a}, {"c1", a}, {"c2", b}, {"c3", b}, {"c4", b}, {"c5", nil}, {"c6", nil}},
		{{"c6", b}, {"c5", a}, {"c4", nil}, {"c3", a}, {"c0", nil}, {"c1", b}, {"c2", b}},
	}
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		var left []string
		for _, how := range []string{"closed", "by time"} {
			for i, list := range worlds {
				w := newWorld(t, kittest.NewDB(t, db.Engine))
				ctx := context.Background()
				r := w.asking(t, names(7))
				before := dump(t, w.db)
				for _, s := range list {
					if s.marks == nil {
						must(t, w.Decline(ctx, colleague(s.who), r.ID))
						continue
					}
					must(t, w.Reply(ctx, colleague(s.who), r.ID, s.marks))
				}
				if entries, err := activity.After(ctx, w.db.Read, 0, 100); err != nil || len(entries) != 2 {
					t.Fatalf("an answer is in the record: %d entries, %v", len(entries), err)
				}
				if strings.Count(dump(t, w.db), "c3") > strings.Count(before, "c3") {
					t.Error("an answer holds who gave it")
				}
				if how == "closed" {
					must(t, w.Close(ctx, w.owner, r.ID))
				} else {
					w.clock.Advance(22 * 24 * time.Hour)
					must(t, w.unit.Keep(ctx, w.Sweep))
				}
				after := dump(t, w.db)
				for _, id := range names(12) {
					if strings.Contains(after, id+" ") || strings.Contains(after, id+"]") {
						t.Errorf("world %d, %s: %s is still there:\n%s", i, how, id, after)
					}
				}
				text, err := json.Marshal(w.newest(t))
				must(t, err)
				rows, err := privacy.Rows(ctx, w.db.Read, `SELECT salt, dealt, answers, tally FROM opposites_box`)
				must(t, err)
				left = append(left, fmt.Sprint(string(text), rows))
			}
			if n := len(left); left[n-1] != left[n-2] {
				t.Errorf("%s: who said what makes a difference:\n%s\n%s", how, left[n-2], left[n-1])
			}
		}
	})
}

func TestTooFewAnswersAreDeleted(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		r := w.asking(t, names(7))
		for _, id := range names(4) {
			must(t, w.Reply(ctx, colleague(id), r.ID, all(1)))
		}
		w.clock.Advance(22 * 24 * time.Hour)
		before := w.newest(t)
		must(t, w.unit.Keep(ctx, w.Sweep))
		if d := cmp.Diff(before, w.newest(t)); d != "" || before.State != Few {
			t.Errorf("the sweep changes what is seen: %+v\n%s", before, d)
		}
		var n int
		var counts string
		must(t, db.Read.QueryRow(`SELECT answers, tally FROM opposites_box`).Scan(&n, &counts))
		if n != 0 || counts != "{}" {
			t.Errorf("%d answers are left: %s", n, counts)
		}
	})
}

func TestAnswersAtTheSameTimeAllCount(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		r := w.asking(t, names(12))
		done := make(chan error)
		for _, id := range names(12) {
			go func() { done <- w.Reply(ctx, colleague(id), r.ID, all(4)) }()
		}
		for range 12 {
			must(t, <-done)
		}
		must(t, w.Close(ctx, w.owner, r.ID))
		if got := w.newest(t); got.Answered != 12 || len(got.Others) != 12 {
			t.Errorf("%+v", got)
		}
	})
}

func TestErasureAndCopyOfBothSides(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		r := w.asking(t, names(6))
		for _, id := range names(6) {
			must(t, w.Reply(ctx, colleague(id), r.ID, all(4)))
		}
		own, err := w.Copy(ctx, db.Read, privacy.Subject{ID: "owner"})
		must(t, err)
		if text, err := json.Marshal(own); err != nil || strings.Contains(string(text), "tally") || !strings.Contains(string(text), `"colleagues":null`) {
			t.Errorf("the copy while it goes on: %s, %v", text, err)
		}
		theirs, err := w.Copy(ctx, db.Read, privacy.Subject{ID: "c2"})
		if list := theirs["opposites_asked"]; err != nil || fmt.Sprint(list) == "[]" || len(theirs["opposites"].([]map[string]any)) != 0 {
			t.Errorf("the copy of a colleague: %v, %v", theirs, err)
		}
		erase := func(id string) {
			must(t, w.unit.Do(ctx, w.owner, func(ctx context.Context, tx *work.Tx) error {
				must(t, tx.May(ctx, Own, ownTarget(w)))
				tx.Record(Rated{id, "", verbRemoved})
				return w.EraseIn(ctx, tx, privacy.Subject{ID: id})
			}))
		}
		erase("c2")
		var hashes string
		must(t, db.Read.QueryRow(`SELECT dealt FROM opposites_box`).Scan(&hashes))
		if n := strings.Count(hashes, ","); n != 4 {
			t.Errorf("that c2 dealt with it is still there: %s", hashes)
		}
		must(t, w.Close(ctx, w.owner, r.ID))
		if got := w.newest(t); got.Answered != 6 {
			t.Errorf("what c2 said no longer counts: %+v", got)
		}
		erase("owner")
		for _, table := range slices.Sorted(maps.Keys(map[string]bool{"opposites_round": true, "opposites_box": true, "opposites_invited": true, "opposites_shown": true})) {
			if n, err := privacy.Count(ctx, db.Read, `SELECT COUNT(*) FROM `+table); err != nil || n != 0 {
				t.Errorf("%s: %d rows are left, %v", table, n, err)
			}
		}
	})
}

// TestNothingElseReadsThePairs looks for the tables of this feature in the sources
// and migrations of all others: no standing, no team, no page may use them.
func TestNothingElseReadsThePairs(t *testing.T) {
	table := regexp.MustCompile(`opposites_(round|invited|box|shown)`)
	seen := 0
	must(t, filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains([]string{".go", ".sql", ".templ"}, filepath.Ext(path)) {
			return err
		}
		seen++
		text, err := os.ReadFile(path)
		own := strings.HasPrefix(path, filepath.Join("..", "opposites")) || filepath.Base(path) == "00032_opposites.sql"
		if err == nil && !own && table.Match(text) {
			t.Errorf("%s uses the tables of paired opposites", path)
		}
		return err
	}))
	if seen < 200 {
		t.Errorf("only %d files were looked at", seen)
	}
}
