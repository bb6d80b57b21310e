package standing

import (
	"maps"
	mathbits "math/bits"
	"slices"
	"time"

	"cairn/internal/career/framework"
)

// evaluator holds a framework and items at a date, indexed by kind.
type evaluator struct {
	fw       *framework.Framework
	at       time.Time
	byKind   map[string][]ranked
	more     map[string][]ranked // of an option that is tried, beside byKind
	names    *names
	ranks    ranks
	levels   map[string]int // application
	field    int            // months in the field
	counters map[string]int // those that were asked for so far
}

// ranked is an item with its places in the three orders and numbers for its names,
// looked up once: a long career is read for every rule.
type ranked struct {
	*Item
	as, grade, tier           int
	first, last               int // calendar months
	project                   int // -1 is none
	people, bodies, attesters []int
}

// ranks put roles in the work, grades and tiers into order, the lowest first.
type ranks struct{ as, grade, tier map[string]int }

// names numbers what is told apart by its name.
type names struct{ of map[string]int }

func (n *names) one(s string) int {
	i, known := n.of[s]
	if !known {
		i = len(n.of)
		n.of[s] = i
	}
	return i
}

func (n *names) all(list []string) (out []int) {
	if len(list) == 0 {
		return nil
	}
	out = make([]int, len(list))
	for i, s := range list {
		out[i] = n.one(s)
	}
	return out
}

func newEvaluator(fw *framework.Framework, items []Item, at time.Time, monthsInField int) *evaluator {
	e := &evaluator{
		fw: fw, at: at, byKind: map[string][]ranked{}, names: &names{map[string]int{}},
		ranks: ranks{map[string]int{}, map[string]int{}, map[string]int{}}, field: monthsInField, counters: map[string]int{},
	}
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
	for i := range fw.Competencies {
		e.levels[fw.Competencies[i].ID] = e.application(&fw.Competencies[i])
	}
	return e
}

func (e *evaluator) rank(it *Item) ranked {
	r := ranked{
		Item: it, as: e.ranks.as[it.As], grade: e.ranks.grade[it.Grade], tier: e.ranks.tier[it.Tier], first: monthOf(it.From), project: -1,
		people: e.names.all(it.People), bodies: e.names.all(it.Bodies), attesters: e.names.all(it.Attesters),
	}
	if r.last = r.first; !it.To.Equal(it.From) {
		r.last = monthOf(it.To)
	}
	if it.Project != "" {
		r.project = e.names.one(it.Project)
	}
	return r
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
	out := &evaluator{fw: e.fw, at: e.at, byKind: e.byKind, more: map[string][]ranked{}, names: e.names, ranks: e.ranks, levels: maps.Clone(e.levels), field: e.field, counters: maps.Clone(e.counters)}
	touched := map[string]bool{}
	for i := range items {
		touched[items[i].Kind] = true
		out.more[items[i].Kind] = append(out.more[items[i].Kind], e.rank(&items[i]))
	}
	for _, c := range e.fw.Counters {
		if slices.ContainsFunc(c.Kinds, func(k string) bool { return touched[k] }) {
			delete(out.counters, c.ID)
		}
	}
	for i := range e.fw.Competencies {
		c := &e.fw.Competencies[i]
		for l := range c.Application {
			if mentions(&c.Application[l].Rule, touched) {
				out.levels[c.ID] = out.application(c)
				break
			}
		}
	}
	return out
}

// mentions reports whether a rule counts any of the kinds.
func mentions(x *framework.Expr, kinds map[string]bool) bool {
	for _, k := range x.Kinds {
		if kinds[k] {
			return true
		}
	}
	return anyOf(x.AllOf, func(y *framework.Expr) bool { return mentions(y, kinds) }) || anyOf(x.AnyOf, func(y *framework.Expr) bool { return mentions(y, kinds) }) ||
		x.Experience != nil && mentions(x.Experience, kinds)
}

// anyOf looks at rules in their place: they are large.
func anyOf(list []framework.Expr, is func(*framework.Expr) bool) bool {
	for i := range list {
		if is(&list[i]) {
			return true
		}
	}
	return false
}

// application is the highest level whose rule is met.
func (e *evaluator) application(c *framework.Competency) (best int) {
	for i := range c.Application {
		l := &c.Application[i]
		if l.Level > best && e.met(&l.Rule, e.fw.LevelDefaults[l.Level], c.ID) {
			best = l.Level
		}
	}
	return best
}

// knowledge is the highest level that the framework's one rule for all gives.
func (e *evaluator) knowledge(competency string) (best int) {
	for level := 1; level <= 4; level++ {
		rule := e.fw.KnowledgeRules[level]
		if e.met(&rule, e.fw.LevelDefaults[level], competency) {
			best = level
		}
	}
	return best
}

// met decides a rule. This is the competency that "about: this" means.
func (e *evaluator) met(x *framework.Expr, d framework.Defaults, this string) bool {
	switch {
	case len(x.AllOf) > 0:
		return !anyOf(x.AllOf, func(y *framework.Expr) bool { return !e.met(y, d, this) })
	case len(x.AnyOf) > 0:
		return anyOf(x.AnyOf, func(y *framework.Expr) bool { return e.met(y, d, this) })
	case x.Experience != nil:
		return e.met(x.Experience, d, this)
	case x.Counter != "":
		return e.counter(x.Counter) >= x.AtLeast
	case len(x.Kinds) > 0:
		t := e.gather(x, d, this)
		return t.enough(x)
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

// set is a set of small numbers.
type set struct {
	bits []uint64
	size int
}

// list gives them in order.
func (s *set) list() (out []int) {
	for word, bits := range s.bits {
		for ; bits != 0; bits &= bits - 1 {
			out = append(out, word*64+mathbits.TrailingZeros64(bits))
		}
	}
	return out
}

func (s *set) add(i int) {
	for len(s.bits) <= i/64 {
		s.bits = append(s.bits, 0)
	}
	if bit := uint64(1) << (i % 64); s.bits[i/64]&bit == 0 {
		s.bits[i/64] |= bit
		s.size++
	}
}

// tally is what the items that a clause counts come to.
type tally struct {
	count, hours                        int
	months, quarters                    set
	projects, people, bodies, attesters set
}

// gather adds up the items that a clause counts, the newest first, until there are
// enough: more than what a clause asks for is never said.
func (e *evaluator) gather(x *framework.Expr, d framework.Defaults, this string) tally {
	return e.sum(x, d, this, false)
}

// sum is gather, or all of it for a planner, which adds to what is there.
func (e *evaluator) sum(x *framework.Expr, d framework.Defaults, this string, all bool) (t tally) {
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
		for _, list := range [2][]ranked{e.more[kind], e.byKind[kind]} {
			for i := len(list) - 1; i >= 0; i-- {
				it := &list[i]
				if it.as < leastAs || it.grade < leastGrade || it.To.Before(oldest) ||
					x.Tier != "" && it.tier < leastTier || x.Finished && !it.Finished || x.OutsideOffice && !it.Outside ||
					x.About == "this" && !slices.Contains(it.About, this) {
					continue
				}
				if t.add(it, x); !all && t.enough(x) {
					return t
				}
			}
		}
	}
	return t
}

// add counts what the clause asks for, and nothing else.
func (t *tally) add(it *ranked, x *framework.Expr) {
	t.count++
	t.hours += it.Hours
	if x.Projects > 0 && it.project >= 0 {
		t.projects.add(it.project)
	}
	if x.People > 0 {
		t.people.addAll(it.people)
	}
	if x.Bodies > 0 {
		t.bodies.addAll(it.bodies)
	}
	if x.Attesters > 0 {
		t.attesters.addAll(it.attesters)
	}
	if x.Months == 0 && x.Quarters == 0 {
		return
	}
	for m := max(it.first, 0); m <= it.last; m++ {
		if x.Months > 0 {
			t.months.add(m - min(m, longAgo))
		}
		if x.Quarters > 0 {
			t.quarters.add((m - min(m, longAgo)) / 3)
		}
	}
}

// longAgo is the month from which months are numbered: January 1950. What was
// before is one month.
const longAgo = 1950 * 12

func (s *set) addAll(list []int) {
	for _, i := range list {
		s.add(i)
	}
}

func (t *tally) enough(x *framework.Expr) bool {
	return t.count >= max(x.Count, 1) && t.hours >= x.Hours && t.months.size >= x.Months && t.quarters.size >= x.Quarters && t.projects.size >= x.Projects &&
		t.people.size >= x.People && t.bodies.size >= x.Bodies && t.attesters.size >= x.Attesters
}

// word is one number that a clause asks for.
type word struct {
	have, need int
	one, many  string
}

func (t *tally) words(x *framework.Expr) (out []word) {
	for _, w := range []word{
		{t.count, max(x.Count, 1), "piece of work", "pieces of work"},
		{t.months.size, x.Months, "month", "months"},
		{t.hours, x.Hours, "hour", "hours"},
		{t.projects.size, x.Projects, "different project", "different projects"},
		{t.people.size, x.People, "different person", "different people"},
		{t.bodies.size, x.Bodies, "governing body", "governing bodies"},
		{t.quarters.size, x.Quarters, "calendar quarter", "calendar quarters"},
		{t.attesters.size, x.Attesters, "person to confirm it", "people to confirm it"},
	} {
		if w.need > 0 {
			out = append(out, w)
		}
	}
	return out
}
