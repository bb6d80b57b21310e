package standing_test

import (
	"slices"
	"sort"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"cairn/internal/career/framework"
	"cairn/internal/career/standing"
)

var today = time.Date(2026, 3, 16, 0, 0, 0, 0, time.UTC)

// full is the framework that ships.
func full(t testing.TB) *framework.Framework {
	t.Helper()
	f, err := framework.Default()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func itemsOf(e framework.Example) []standing.Item {
	return standing.Spread(e.Evidence, "", func(l framework.Evidence) (time.Time, time.Time) {
		from, to := 0, 0
		if len(l.Ago) == 2 {
			from, to = l.Ago[0], l.Ago[1]
		}
		begin := today.AddDate(0, -from, 0)
		if l.Months > 0 {
			return begin, begin.AddDate(0, l.Months-1, 0)
		}
		return begin, today.AddDate(0, -to, 0)
	})
}

func sorted(s []string) []string {
	s = slices.Clone(s)
	sort.Strings(s)
	return s
}

// TestTheFivePeopleGetWhatTheFrameworkSays holds the engine to the file's own examples.
func TestPeopleGetWhatTheFrameworkSaysOfThem(t *testing.T) {
	f := full(t)
	for _, e := range f.Examples {
		example(t, f, e)
	}
}

func example(t *testing.T, f *framework.Framework, e framework.Example) {
	t.Helper()
	t.Run(e.ID, func(t *testing.T) {
		items := itemsOf(e)
		s := standing.Evaluate(f, items, today, e.MonthsInField)
		var qualifies, oneStep []string
		for _, r := range s.Roles {
			switch r.State {
			case standing.Qualified:
				qualifies = append(qualifies, r.ID)
			case standing.OneStep:
				oneStep = append(oneStep, r.ID)
			}
		}
		opens := map[string][]string{}
		for _, o := range s.Options {
			if len(o.Opens) > 0 {
				opens[o.ID] = sorted(o.Opens)
			}
		}
		for id := range e.Expect.Opens {
			e.Expect.Opens[id] = sorted(e.Expect.Opens[id])
		}
		check(t, "qualifies", sorted(e.Expect.Qualifies), sorted(qualifies))
		check(t, "one step", sorted(e.Expect.OneStep), sorted(oneStep))
		check(t, "opens", e.Expect.Opens, opens)
		for _, l := range s.Levels {
			if want, said := e.Expect.Levels[l.Competency.ID]; said && want != l.Application {
				t.Errorf("%s: level %d, want %d", l.Competency.ID, l.Application, want)
			}
		}
		for _, c := range s.Counters {
			if want, said := e.Expect.Counters[c.ID]; said && want != c.Value {
				t.Errorf("counter %s: %d, want %d", c.ID, c.Value, want)
			}
		}
		for _, g := range e.Expect.Together {
			got := standing.OpensTogether(f, items, today, e.MonthsInField, g.Options...)
			for _, want := range g.Opens {
				if !slices.Contains(got, want) {
					t.Errorf("%v together do not open %s but %v", g.Options, want, got)
				}
			}
		}
	})
}

func check(t *testing.T, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func TestOwnWordOpensNoRoleAndEndsAtHelped(t *testing.T) {
	f := full(t)
	for _, e := range f.Examples {
		items := itemsOf(e)
		for i := range items {
			items[i].Grade = "self_declared"
		}
		s := standing.Evaluate(f, items, today, e.MonthsInField)
		for _, r := range s.Roles {
			if r.State == standing.Qualified {
				t.Errorf("%s: own word opens %s", e.ID, r.ID)
			}
		}
		for _, l := range s.Levels {
			if l.Application > 2 {
				t.Errorf("%s: own word gives %s level %d", e.ID, l.Competency.ID, l.Application)
			}
		}
	}
}

func TestMoreEvidenceNeverLowers(t *testing.T) {
	f := full(t)
	all := itemsOf(f.Examples[1])
	rapid.Check(t, func(t *rapid.T) {
		keep := rapid.SliceOfN(rapid.IntRange(0, 3), len(all), len(all)).Draw(t, "keep")
		var some, more []standing.Item
		for i, it := range all {
			if keep[i] >= 2 {
				some = append(some, it)
			}
			if keep[i] >= 1 {
				more = append(more, it)
			}
		}
		a, b := standing.Evaluate(f, some, today, 36), standing.Evaluate(f, more, today, 36)
		for i := range a.Levels {
			if b.Levels[i].Application < a.Levels[i].Application || b.Levels[i].Knowledge < a.Levels[i].Knowledge {
				t.Fatalf("%s fell", a.Levels[i].Competency.ID)
			}
		}
		for i := range a.Roles {
			if a.Roles[i].State == standing.Qualified && b.Roles[i].State != standing.Qualified {
				t.Fatalf("%s closed", a.Roles[i].ID)
			}
		}
	})
}

func BenchmarkEvaluate(b *testing.B) {
	f := full(b)
	items := itemsOf(f.Examples[2])
	b.ReportMetric(float64(len(items)), "items")
	for b.Loop() {
		standing.Evaluate(f, items, today, 108)
	}
}
