package check

import (
	"fmt"
	"slices"

	"cairn/internal/career/framework"
	"cairn/internal/career/standing"
)

// Effects tells for the invented people of a framework what another one would say of
// them: it shows what changes without looking at anybody's standing.
func Effects(before, after *framework.Framework) (out []string) {
	for _, e := range before.Examples {
		was := InState(standing.Evaluate(before, Work(e), Day, e.MonthsInField), standing.Qualified)
		is := InState(standing.Evaluate(after, Work(e), Day, e.MonthsInField), standing.Qualified)
		for _, id := range is {
			if !slices.Contains(was, id) {
				out = append(out, fmt.Sprintf("“%s” would qualify for %s.", e.Title, after.RoleName(id)))
			}
		}
		for _, id := range was {
			if !slices.Contains(is, id) {
				out = append(out, fmt.Sprintf("“%s” would no longer qualify for %s.", e.Title, before.RoleName(id)))
			}
		}
	}
	return out
}
