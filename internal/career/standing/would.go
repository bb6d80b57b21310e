package standing

import (
	"strings"
	"time"

	"cairn/internal/career/framework"
)

// Effect is what one more piece of experience does, in names and words.
type Effect struct {
	Opens  []string // names of roles
	Closes []string // requirements of other roles that would be met, with whose they are
	Raises []string // names of competencies
}

// Would says for each of some pieces of experience what it alone would do.
func Would(fw *framework.Framework, items []Item, at time.Time, monthsInField int, pieces []Item) (out []Effect) {
	e := newEvaluator(fw, items, at, monthsInField)
	missing := map[string][]*framework.Expr{}
	for _, r := range fw.Roles {
		missing[r.ID] = e.unmet(pointers(r.Requirements))
	}
	for _, p := range pieces {
		out = append(out, e.effect(e.plus([]Item{p}), missing))
	}
	return out
}

// effect compares a situation with the one that more experience makes of it.
func (e *evaluator) effect(with *evaluator, missing map[string][]*framework.Expr) (f Effect) {
	var says []string
	of := map[string][]string{} // names of roles by what they ask for
	for _, r := range e.fw.Roles {
		left := with.unmet(missing[r.ID])
		if len(missing[r.ID]) > 0 && len(left) == 0 {
			f.Opens = append(f.Opens, r.Name)
			continue
		}
		for _, x := range missing[r.ID] {
			if !with.met(x, e.fw.RoleDefaults, "") {
				continue
			}
			s := e.says(*x)
			if of[s] == nil {
				says = append(says, s)
			}
			of[s] = append(of[s], r.Name)
		}
	}
	for _, s := range says {
		f.Closes = append(f.Closes, s+" (asked by "+strings.Join(of[s], ", ")+")")
	}
	for _, c := range e.fw.Competencies {
		if with.levels[c.ID] > e.levels[c.ID] {
			f.Raises = append(f.Raises, c.Name)
		}
	}
	return f
}
