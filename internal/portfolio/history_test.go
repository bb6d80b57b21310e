package portfolio

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cairn/internal/kit/clock"
)

// One more statement on top of what was resolved gives what resolving all of them
// gives, whether it comes last or between others.
func TestOneMoreStatementResolvesLikeAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list []statement
		for n := range rapid.IntRange(1, 9).Draw(t, "statements") {
			s := statement{
				seq: int64(n + 1), knownAt: int64(rapid.IntRange(1, 4).Draw(t, "known")),
				asAt:  clock.Day(fmt.Sprintf("2026-01-%02d", rapid.IntRange(1, 5).Draw(t, "day"))),
				facts: Facts{Phase: {Text: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "phase")}},
			}
			if rapid.Bool().Draw(t, "named") {
				s.facts[Name] = Value{Text: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "name")}
			}
			before := periods(list)
			got := and(before, list, s)
			list = append(list, s)
			if d := cmp.Diff(periods(list), got, cmp.AllowUnexported(period{})); d != "" {
				t.Fatalf("(-all at once +one more):\n%s", d)
			}
		}
	})
}
