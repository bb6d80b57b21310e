package standing

import (
	"strconv"
	"time"

	"cairn/internal/career/framework"
)

// Situation is a person's items at a date, to be asked one rule at a time.
type Situation struct{ e *evaluator }

// At makes a situation.
func At(fw *framework.Framework, items []Item, at time.Time, monthsInField int) Situation {
	return Situation{newEvaluator(fw, items, at, monthsInField)}
}

// Counted is what the items that a clause counts come to. Months and quarters are
// numbered, so that those of several situations can be put together.
type Counted struct {
	Count, Hours, Projects, People, Bodies, Attesters int
	Months, Quarters                                  []int
}

// Count counts a clause. This is the competency that "about: this" means.
func (s Situation) Count(x framework.Expr, d framework.Defaults, this string) Counted {
	t := s.e.sum(&x, d, this, true)
	return Counted{t.count, t.hours, t.projects.size, t.people.size, t.bodies.size, t.attesters.size, t.months.list(), t.quarters.list()}
}

// Counter is what a counter comes to in rules.
func (s Situation) Counter(id string) int { return s.e.counter(id) }

// Met decides a requirement of a role.
func (s Situation) Met(x framework.Expr) bool { return s.e.met(&x, s.e.fw.RoleDefaults, "") }

// Says puts a requirement into words.
func (s Situation) Says(x framework.Expr) string { return s.e.says(x) }

// Have says how much of a requirement is there.
func (s Situation) Have(x framework.Expr) string { return s.e.have(x) }

// MonthsInField is how long the person has worked in the field.
func (s Situation) MonthsInField() int { return s.e.field }

// Yields are the items that an option leaves behind if it is taken from a day on, for
// the first, second and so on time: each time it is with other projects and people.
func Yields(o framework.Option, at time.Time, nth int) []Item {
	if nth > 1 {
		o.ID += "/" + strconv.Itoa(nth)
	}
	return yields(o, at)
}
