package standing

import (
	"maps"
	"slices"
	"time"

	"cairn/internal/career/framework"
)

// evaluator holds a framework and items at a date, indexed by kind.
type evaluator struct {
	fw       *framework.Framework
	at       time.Time
	byKind   map[string][]ranked
	ranks    ranks
	levels   map[string]int // application
	field    int            // months in the field
	counters map[string]int // those that were asked for so far
}

// ranked is an item with its places in the three orders, looked up once: a long
// career is read for every rule.
type ranked struct {
	*Item
	as, grade, tier int
}

// ranks put roles in the work, grades and tiers into order, the lowest first.
type ranks struct{ as, grade, tier map[string]int }

func newEvaluator(fw *framework.Framework, items []Item, at time.Time, monthsInField int) *evaluator {
	e := &evaluator{fw: fw, at: at, byKind: map[string][]ranked{}, ranks: ranks{map[string]int{}, map[string]int{}, map[string]int{}}, field: monthsInField, counters: map[string]int{}}
	for i, m := range fw.RolesInWork {
		e.ranks.as[m.ID] = i
	}
	for i, m := range fw.Grades {
		e.ranks.grade[m.ID] = i
	}
	for i, t := range fw.Tiers {
		e.ranks.tier[t.ID] = i + 1
	}
	for i := range items {
		e.byKind[items[i].Kind] = append(e.byKind[items[i].Kind], e.rank(&items[i]))
	}
	e.levels = map[string]int{}
	for _, c := range fw.Competencies {
		e.levels[c.ID] = e.application(c)
	}
	return e
}

func (e *evaluator) rank(it *Item) ranked {
	return ranked{it, e.ranks.as[it.As], e.ranks.grade[it.Grade], e.ranks.tier[it.Tier]}
}

// counter is how many items a counter has; it is counted when a rule asks first.
func (e *evaluator) counter(id string) int {
	n, counted := e.counters[id]
	if counted {
		return n
	}
	for _, c := range e.fw.Counters {
		if c.ID == id {
			n = len(e.count(c))
		}
	}
	e.counters[id] = n
	return n
}

// plus is the evaluator with more items: only what their kinds touch is decided
// again.
func (e *evaluator) plus(items []Item) *evaluator {
	out := &evaluator{fw: e.fw, at: e.at, byKind: maps.Clone(e.byKind), ranks: e.ranks, levels: maps.Clone(e.levels), field: e.field, counters: maps.Clone(e.counters)}
	touched := map[string]bool{}
	for i := range items {
		kind := items[i].Kind
		if !touched[kind] {
			touched[kind] = true
			out.byKind[kind] = slices.Clone(out.byKind[kind])
		}
		out.byKind[kind] = append(out.byKind[kind], e.rank(&items[i]))
	}
	for _, c := range e.fw.Counters {
		if slices.ContainsFunc(c.Kinds, func(k string) bool { return touched[k] }) {
			delete(out.counters, c.ID)
		}
	}
	for _, c := range e.fw.Competencies {
		for _, l := range c.Application {
			if mentions(l.Rule, touched) {
				out.levels[c.ID] = out.application(c)
				break
			}
		}
	}
	return out
}

// mentions reports whether a rule counts any of the kinds.
func mentions(x framework.Expr, kinds map[string]bool) bool {
	in := func(y framework.Expr) bool { return mentions(y, kinds) }
	return slices.ContainsFunc(x.Kinds, func(k string) bool { return kinds[k] }) || slices.ContainsFunc(x.AllOf, in) || slices.ContainsFunc(x.AnyOf, in) ||
		x.Experience != nil && mentions(*x.Experience, kinds)
}

// application is the highest level whose rule is met.
func (e *evaluator) application(c framework.Competency) (best int) {
	for _, l := range c.Application {
		if l.Level > best && e.met(l.Rule, e.fw.LevelDefaults[l.Level], c.ID) {
			best = l.Level
		}
	}
	return best
}

// knowledge is the highest level that the framework's one rule for all gives.
func (e *evaluator) knowledge(competency string) (best int) {
	for level := 1; level <= 4; level++ {
		if e.met(e.fw.KnowledgeRules[level], e.fw.LevelDefaults[level], competency) {
			best = level
		}
	}
	return best
}

// met decides a rule. This is the competency that "about: this" means.
func (e *evaluator) met(x framework.Expr, d framework.Defaults, this string) bool {
	switch {
	case len(x.AllOf) > 0:
		return !slices.ContainsFunc(x.AllOf, func(y framework.Expr) bool { return !e.met(y, d, this) })
	case len(x.AnyOf) > 0:
		return slices.ContainsFunc(x.AnyOf, func(y framework.Expr) bool { return e.met(y, d, this) })
	case x.Experience != nil:
		return e.met(*x.Experience, d, this)
	case x.Counter != "":
		return e.counter(x.Counter) >= x.AtLeast
	case len(x.Kinds) > 0:
		return e.gather(x, d, this).enough(x)
	}
	competency := x.Competency
	if competency == "" {
		competency = this
	}
	if x.Application > 0 && e.levels[competency] < x.Application {
		return false
	}
	return x.Knowledge == 0 || e.knowledge(competency) >= x.Knowledge
}

// tally is what the items that a clause counts come to.
type tally struct {
	count, hours                        int
	months, quarters                    map[int]bool
	projects, people, bodies, attesters map[string]bool
}

// gather adds up the items that a clause counts.
func (e *evaluator) gather(x framework.Expr, d framework.Defaults, this string) (t tally) {
	as, grade, within := d.As, d.Grade, d.WithinMonths
	if x.As != "" {
		as = x.As
	}
	if x.Grade != "" {
		grade = x.Grade
	}
	if x.WithinMonths != nil {
		within = *x.WithinMonths
	}
	oldest := time.Time{}
	if within > 0 {
		oldest = e.at.AddDate(0, -within, 0)
	}
	leastAs, leastGrade, leastTier := e.ranks.as[as], e.ranks.grade[grade], e.ranks.tier[x.Tier]
	for _, kind := range x.Kinds {
		for _, it := range e.byKind[kind] {
			if it.as < leastAs || it.grade < leastGrade || it.To.Before(oldest) ||
				x.Tier != "" && it.tier < leastTier || x.Finished && !it.Finished || x.OutsideOffice && !it.Outside ||
				x.About == "this" && !slices.Contains(it.About, this) {
				continue
			}
			t.add(it.Item, x)
		}
	}
	return t
}

// add counts what the clause asks for, and nothing else.
func (t *tally) add(it *Item, x framework.Expr) {
	t.count++
	t.hours += it.Hours
	if x.Projects > 0 && it.Project != "" {
		note(&t.projects, it.Project)
	}
	if x.People > 0 {
		note(&t.people, it.People...)
	}
	if x.Bodies > 0 {
		note(&t.bodies, it.Bodies...)
	}
	if x.Attesters > 0 {
		note(&t.attesters, it.Attesters...)
	}
	if x.Months == 0 && x.Quarters == 0 {
		return
	}
	for m, last := monthOf(it.From), monthOf(it.To); m <= last; m++ {
		if x.Months > 0 {
			note(&t.months, m)
		}
		if x.Quarters > 0 {
			note(&t.quarters, m/3)
		}
	}
}

func note[K comparable](set *map[K]bool, ids ...K) {
	if *set == nil {
		*set = map[K]bool{}
	}
	for _, id := range ids {
		if !(*set)[id] { // most are there already, and looking costs less than writing
			(*set)[id] = true
		}
	}
}

func (t tally) enough(x framework.Expr) bool {
	for _, w := range t.words(x) {
		if w.have < w.need {
			return false
		}
	}
	return true
}

// word is one number that a clause asks for.
type word struct {
	have, need int
	one, many  string
}

func (t tally) words(x framework.Expr) (out []word) {
	for _, w := range []word{
		{t.count, max(x.Count, 1), "piece of work", "pieces of work"},
		{len(t.months), x.Months, "month", "months"},
		{t.hours, x.Hours, "hour", "hours"},
		{len(t.projects), x.Projects, "different project", "different projects"},
		{len(t.people), x.People, "different person", "different people"},
		{len(t.bodies), x.Bodies, "governing body", "governing bodies"},
		{len(t.quarters), x.Quarters, "calendar quarter", "calendar quarters"},
		{len(t.attesters), x.Attesters, "person to confirm it", "people to confirm it"},
	} {
		if w.need > 0 {
			out = append(out, w)
		}
	}
	return out
}
