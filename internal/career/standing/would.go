package standing

import (
	"time"

	"cairn/internal/career/framework"
)

// Would says for each of some pieces of experience what it alone would do: names
// of the roles that it would open and of the competencies that it would raise.
func Would(fw *framework.Framework, items []Item, at time.Time, monthsInField int, pieces []Item) (opens, raises [][]string) {
	e := newEvaluator(fw, items, at, monthsInField)
	before := e.qualified()
	for _, p := range pieces {
		with := e.plus([]Item{p})
		var o, r []string
		for _, role := range fw.Roles {
			if !before[role.ID] && with.qualifies(role) {
				o = append(o, role.Name)
			}
		}
		for _, c := range fw.Competencies {
			if with.levels[c.ID] > e.levels[c.ID] {
				r = append(r, c.Name)
			}
		}
		opens, raises = append(opens, o), append(raises, r)
	}
	return opens, raises
}
