package governance

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cairn/internal/governance/method"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// past records rows as one import.
func (w *gateWorld) past(t testing.TB, batch string, rows ...PastRow) (out []PastOutcome) {
	t.Helper()
	err := w.unit.Do(context.Background(), actor("pmo"), func(ctx context.Context, tx *work.Tx) (err error) {
		tx.Record(GateMoved{Project: "p1", Gate: "import"}) // stands for the import's own entry
		out, err = w.RecordPastIn(ctx, tx, "s", batch, rows)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (w *gateWorld) undoPast(batch string) (u PastUndone, err error) {
	err = w.unit.Do(context.Background(), actor("pmo"), func(ctx context.Context, tx *work.Tx) (err error) {
		tx.Record(GateMoved{Project: "p1", Gate: "undo"})
		u, err = w.UndoPastIn(ctx, tx, batch)
		return err
	})
	return u, err
}

func on(project string, dates ...string) PastRow {
	r := PastRow{Place: 2, Known: project}
	for pair := range slices.Chunk(dates, 2) {
		r.Dates = append(r.Dates, PastDate{Field: "gate:" + pair[0], Gate: pair[0], On: pair[1]})
	}
	return r
}

func placesIn(t testing.TB, w *gateWorld, project string) string {
	t.Helper()
	j, err := w.Journey(context.Background(), actor("head"), project)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i := range j.Steps {
		out = append(out, j.Steps[i].Place)
	}
	return strings.Join(out, " ")
}

func TestAGatePassedElsewhereIsPassed(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		w := newGateWorld(t, db)
		p := w.project(t, method.L, "explore", 900_000)
		if got := placesIn(t, w, p); got != "next ahead ahead ahead ahead ahead" {
			t.Fatalf("before: %s", got)
		}
		out := w.past(t, "b1", on(p, "g2", "2024-05-01", "g1", "2024-02-01", "g3", "2030-01-01"))
		if out[0].Refused != nil || out[0].Recorded != 2 || out[0].Left != 1 {
			t.Fatalf("%+v", out[0])
		}
		if got := placesIn(t, w, p); got != "passed passed next ahead ahead ahead" {
			t.Errorf("after: %s", got)
		}
		j, err := w.Journey(context.Background(), actor("head"), p)
		if err != nil || j.Governed.Phase != "plan" {
			t.Errorf("phase %+v, %v", j.Governed, err)
		}
		// The gate that comes is decided here: no file overwrites that.
		rev := w.open(t, p, "g3", "m1 chair business", "m2 member receiver", "m3 member", "rev reviewer", "rev2 reviewer")
		if out := w.past(t, "b2", PastRow{Place: 3, Known: p, Method: "cairn-light", Model: "light", Move: true}); out[0].Refused == nil || !strings.Contains(out[0].Refused.Error(), "gone through gates") {
			t.Errorf("a project under review moved: %+v", out[0])
		}
		w.exec(t, `INSERT INTO gate_decision (review_id, project_id, gate_id, decision, rationale, needs, verdicts, dissent, counted, spend_limit_pct, decided_by, decided_as, decided_on, decided_at, decision_id, snapshot, snapshot_sha256)
			VALUES ($1, $2, 'g3', 'go', '', '{}', '[]', '', 3, 100, 'm1', 'chair', '2026-03-16', 1, '', '', '')`, rev, p)
		w.exec(t, `UPDATE gate_review SET state = 'decided' WHERE id = $1`, rev)
		out = w.past(t, "b3", on(p, "g3", "2025-01-01"))
		if out[0].Refused == nil || !strings.Contains(out[0].Refused.Error(), "decided here on 2026-03-16") {
			t.Errorf("%+v", out[0])
		}
		page, err := w.Spreads(context.Background(), actor("spo"), SpreadQuery{})
		if err != nil || len(page.Legs) != 2 || page.Legs[0].All.Days[0] != 90 || page.Legs[1].From != "g2" || page.Past != 2 || page.Here != 1 {
			t.Errorf("%+v, %v", page, err)
		}
		if _, err := w.undoPast("b1"); err != nil {
			t.Fatal(err)
		}
		if got := placesIn(t, w, p); got != "before before passed next ahead ahead" {
			t.Errorf("undone: %s", got)
		}
	})
}

func TestWhatAFileSaysWrongIsRefusedWithTheReason(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		w := newGateWorld(t, db)
		p := w.project(t, method.L, "explore", 900_000)
		w.past(t, "b0", on(p, "g2", "2024-05-01"))
		for want, r := range map[string]PastRow{
			"no project":                 on("nobody", "g1", "2024-01-01"),
			"names no project":           {Place: 2},
			"before":                     on(p, "g1", "2024-06-01"),
			"no such gate":               on(p, "l1", "2024-06-01"),
			"still to come":              on(p, "g3", "2031-06-01"),
			"no decision that":           {Place: 2, Known: p, Decision: "perhaps", Dates: []PastDate{{Gate: "g1", On: "2024-01-01"}}},
			"follows the":                {Place: 2, Known: p, Method: "cairn-light", Model: "light"},
			"no published method":        {Place: 2, Known: p, Method: "nothing", Model: "x", Move: true},
			"no gate of this number":     {Place: 2, Known: p, Dates: []PastDate{{Nth: 9, On: "2024-01-01"}}},
			"would have been decided on": on(p, "g3", "2024-04-01"),
		} {
			out := w.past(t, "b-"+want, r)
			if out[0].Refused == nil || !strings.Contains(out[0].Refused.Error(), want) || out[0].Recorded != 0 {
				t.Errorf("%s: %+v", want, out[0])
			}
		}
		// Somebody's name is not kept as a body.
		r := on(p, "g1", "2024-01-01")
		r.Body = "Name m1"
		w.past(t, "b9", r)
		j, err := w.Journey(context.Background(), actor("head"), p)
		if err != nil || j.Steps[0].Past == nil || j.Steps[0].Past.BodyWords != "" {
			t.Errorf("%+v, %v", j.Steps[0].Past, err)
		}
	})
}

// Whatever the order in which imports come and are undone, a gate has what the
// last of those that stand says of it.
func TestImportsOfPastDecisionsAreUndoneInAnyOrder(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		w := newGateWorld(t, db)
		runs := 0
		rapid.Check(t, func(r *rapid.T) {
			runs++
			p := w.project(t, method.L, "explore", 1)
			type told struct {
				batch  string
				said   map[string]clock.Day
				undone bool
			}
			var list []*told
			holds := func() map[string]clock.Day {
				out := map[string]clock.Day{}
				for _, x := range list {
					if !x.undone {
						for g, d := range x.said {
							out[g] = d
						}
					}
				}
				return out
			}
			for range rapid.IntRange(1, 9).Draw(r, "steps") {
				standing := slices.DeleteFunc(slices.Clone(list), func(x *told) bool { return x.undone })
				if len(standing) > 0 && rapid.Bool().Draw(r, "undo") {
					x := rapid.SampledFrom(standing).Draw(r, "which")
					if _, err := w.undoPast(x.batch); err != nil {
						r.Fatal(err)
					}
					if x.undone = true; rapid.Bool().Draw(r, "again") {
						if _, err := w.undoPast(x.batch); !errs.Is(err, errs.Conflict) {
							r.Fatalf("undone twice: %v", err)
						}
					}
					continue
				}
				x := &told{batch: fmt.Sprintf("r%d-%d", runs, len(list)), said: map[string]clock.Day{}}
				row := PastRow{Place: len(list), Known: p}
				for i, g := range []string{"g1", "g2", "g3"} { // each gate in a year of its own: always in order
					if rapid.Bool().Draw(r, g) {
						day := clock.AddDays(fmt.Sprintf("20%d-01-01", 20+i), rapid.IntRange(0, 3).Draw(r, "day"))
						row.Dates = append(row.Dates, PastDate{Gate: g, On: day})
						if holds()[g] != day {
							x.said[g] = day
						}
					}
				}
				if out := w.past(t, x.batch, row); out[0].Refused != nil {
					r.Fatal(out[0].Refused)
				}
				list = append(list, x)
			}
			got, err := pastOf(context.Background(), db.Read, p)
			if err != nil {
				r.Fatal(err)
			}
			want := holds()
			for g, d := range want {
				if got[g] == nil || got[g].On != d {
					r.Fatalf("%s: %+v, want %s", g, got[g], d)
				}
			}
			if len(got) != len(want) {
				r.Fatalf("%d gates stand, want %d", len(got), len(want))
			}
		})
	})
}

func TestQuartilesLieBetweenProjects(t *testing.T) {
	s := Spread{Days: []int{10, 20, 40, 80}}
	if s.At(0) != 10 || s.At(0.25) != 18 || s.At(0.5) != 30 || s.At(0.75) != 50 || s.At(1) != 80 || (Spread{}).At(0.5) != 0 {
		t.Errorf("%d %d %d", s.At(0.25), s.At(0.5), s.At(0.75))
	}
}
