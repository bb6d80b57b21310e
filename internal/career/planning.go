package career

import (
	"math/bits"
	"slices"
	"strings"
	"time"

	"cairn/internal/career/framework"
	"cairn/internal/career/planner"
	"cairn/internal/career/standing"
)

// question is a person's situation as the planner reads it: each number that a rule
// asks for is a measure, each rule a node.
type question struct {
	fw      *framework.Framework
	now     standing.Situation
	options []framework.Option // in the order of their ids
	yields  []standing.Situation
	in      planner.Instance
	levels  map[string]int
}

// ask turns a framework and a person's items at a date into a question.
func ask(fw *framework.Framework, items []standing.Item, at time.Time, monthsInField int) *question {
	q := &question{fw: fw, now: standing.At(fw, items, at, monthsInField), levels: map[string]int{}}
	q.options = slices.Clone(fw.Options)
	slices.SortFunc(q.options, func(a, b framework.Option) int { return strings.Compare(a.ID, b.ID) })
	for _, o := range q.options {
		q.yields = append(q.yields, standing.At(fw, standing.Yields(o, at, 1), at, monthsInField))
		q.in.Options = append(q.in.Options, planner.Option{ID: o.ID, Hours: max(1, o.Hours), Weeks: max(1, o.ElapsedWeeks), Max: max(1, o.Max), After: -1})
	}
	for _, r := range fw.Roles {
		role := planner.Role{ID: r.ID}
		for _, x := range r.Requirements {
			role.Needs = append(role.Needs, q.rule(x, fw.RoleDefaults, ""))
		}
		q.in.Roles = append(q.in.Roles, role)
	}
	for i, o := range q.options {
		var first []int
		for _, x := range o.After.Levels {
			first = append(first, q.rule(x, fw.RoleDefaults, ""))
		}
		if o.After.MonthsInField > monthsInField {
			first = append(first, q.node(planner.Node{Kind: planner.Any})) // only time helps
		}
		if len(first) > 0 {
			q.in.Options[i].After = q.node(planner.Node{Kind: planner.All, Kids: first})
		}
	}
	return q
}

func (q *question) node(n planner.Node) int {
	q.in.Nodes = append(q.in.Nodes, n)
	return len(q.in.Nodes) - 1
}

// rule makes a node that is met when the rule is.
func (q *question) rule(x framework.Expr, d framework.Defaults, this string) int {
	join := func(kind planner.Kind, list []framework.Expr) int {
		kids := make([]int, 0, len(list))
		for _, y := range list {
			kids = append(kids, q.rule(y, d, this))
		}
		return q.node(planner.Node{Kind: kind, Kids: kids})
	}
	switch {
	case len(x.AllOf) > 0:
		return join(planner.All, x.AllOf)
	case len(x.AnyOf) > 0:
		return join(planner.Any, x.AnyOf)
	case x.Experience != nil:
		return q.rule(*x.Experience, d, this)
	case x.Counter != "":
		return q.measure(q.now.Counter(x.Counter), x.AtLeast, func(i int) int { return q.yields[i].Counter(x.Counter) })
	case len(x.Kinds) > 0:
		return q.clause(x, d, this)
	}
	competency := x.Competency
	if competency == "" {
		competency = this
	}
	var kids []int
	if x.Application > 0 {
		kids = append(kids, q.level("application", competency, x.Application))
	}
	if x.Knowledge > 0 {
		kids = append(kids, q.level("knowledge", competency, x.Knowledge))
	}
	return q.node(planner.Node{Kind: planner.All, Kids: kids})
}

// level is any rule of that level or of one above it: the highest that is met counts.
func (q *question) level(scale, competency string, least int) int {
	key := scale + " " + competency + " " + string(rune('0'+least))
	if n, made := q.levels[key]; made {
		return n
	}
	var kids []int
	if scale == "knowledge" {
		for l := least; l <= 4; l++ {
			if x, is := q.fw.KnowledgeRules[l]; is {
				kids = append(kids, q.rule(x, q.fw.LevelDefaults[l], competency))
			}
		}
	} else {
		for _, c := range q.fw.Competencies {
			for _, l := range c.Application {
				if c.ID == competency && l.Level >= least {
					kids = append(kids, q.rule(l.Rule, q.fw.LevelDefaults[l.Level], competency))
				}
			}
		}
	}
	n := q.node(planner.Node{Kind: planner.Any, Kids: kids})
	q.levels[key] = n
	return n
}

// measure makes a measure with what is there and what each option adds, and a
// threshold on it.
func (q *question) measure(have, least int, adds func(option int) int) int {
	m := len(q.in.Base)
	q.in.Base = append(q.in.Base, have)
	for i := range q.options {
		if n := adds(i); n > 0 {
			q.in.Options[i].Adds = append(q.in.Options[i].Adds, planner.Add{Measure: m, Count: n})
		}
	}
	return q.node(planner.Node{Measure: m, Least: least})
}

// clause is a threshold on each number that it asks for. What options leave behind
// is of other projects, people and bodies than all else, so that it adds up; months
// and quarters are those of the calendar, where each counts once.
func (q *question) clause(x framework.Expr, d framework.Defaults, this string) int {
	base := q.now.Count(x, d, this)
	each := make([]standing.Counted, len(q.options))
	for i := range q.options {
		each[i] = q.yields[i].Count(x, d, this)
	}
	var kids []int
	for _, w := range []struct {
		least int
		of    func(standing.Counted) int
	}{
		{max(x.Count, 1), func(c standing.Counted) int { return c.Count }},
		{x.Hours, func(c standing.Counted) int { return c.Hours }},
		{x.Projects, func(c standing.Counted) int { return c.Projects }},
		{x.People, func(c standing.Counted) int { return c.People }},
		{x.Bodies, func(c standing.Counted) int { return c.Bodies }},
		{x.Attesters, func(c standing.Counted) int { return c.Attesters }},
	} {
		if w.least > 0 {
			kids = append(kids, q.measure(w.of(base), w.least, func(i int) int { return w.of(each[i]) }))
		}
	}
	if x.Months > 0 {
		kids = append(kids, q.periods(x.Months, base.Months, func(i int) []int { return each[i].Months }))
	}
	if x.Quarters > 0 {
		kids = append(kids, q.periods(x.Quarters, base.Quarters, func(i int) []int { return each[i].Quarters }))
	}
	return q.node(planner.Node{Kind: planner.All, Kids: kids})
}

// periods is a threshold on calendar periods. Those that options add are numbered
// from the first of them: sixty-four are more than any option lasts.
func (q *question) periods(least int, have []int, adds func(option int) []int) int {
	first, any := 0, false
	for i := range q.options {
		for _, p := range adds(i) {
			if !any || p < first {
				first, any = p, true
			}
		}
	}
	m := len(q.in.Base)
	q.in.Base = append(q.in.Base, len(have))
	for i := range q.options {
		set := uint64(0)
		for _, p := range adds(i) {
			if !slices.Contains(have, p) && p-first < bits.UintSize {
				set |= 1 << (p - first)
			}
		}
		if set != 0 {
			q.in.Options[i].Adds = append(q.in.Options[i].Adds, planner.Add{Measure: m, Periods: set})
		}
	}
	return q.node(planner.Node{Measure: m, Least: least})
}
