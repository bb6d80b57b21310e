package check

import (
	"slices"
	"strconv"
	"time"

	"cairn/internal/career/framework"
	"cairn/internal/career/standing"
)

// demand is one clause with what it takes when it does not say.
type demand struct {
	framework.Expr
	defaults framework.Defaults
	this     string // the competency that it speaks of
}

// Limits of what is tried of one rule.
const (
	maxWays   = 64
	maxNested = 12
)

// ways gives what a rule asks for as alternatives, each a list of clauses.
func (t *trial) ways(x framework.Expr, d framework.Defaults, this string, depth int) [][]demand {
	switch {
	case depth > maxNested:
		return nil
	case x.Experience != nil:
		return [][]demand{{{*x.Experience, d, this}}}
	case len(x.Kinds) > 0:
		return [][]demand{{{x, d, this}}}
	case x.Counter != "":
		return [][]demand{{t.counted(x)}}
	case len(x.AnyOf) > 0:
		var out [][]demand
		for _, y := range x.AnyOf {
			out = append(out, t.ways(y, d, this, depth+1)...)
		}
		return out[:min(len(out), maxWays)]
	case len(x.AllOf) > 0:
		out := [][]demand{nil}
		for _, y := range x.AllOf {
			out = product(out, t.ways(y, d, this, depth+1))
		}
		return out
	}
	id := x.Competency
	if id == "" {
		id = this
	}
	out := [][]demand{nil}
	if x.Application > 0 {
		out = product(out, t.levelWays(id, x.Application, depth))
	}
	if x.Knowledge > 0 {
		out = product(out, t.ways(t.f.KnowledgeRules[x.Knowledge], t.f.LevelDefaults[x.Knowledge], id, depth+1))
	}
	return out
}

func (t *trial) levelWays(id string, level, depth int) [][]demand {
	for _, c := range t.f.Competencies {
		for _, l := range c.Application {
			if c.ID == id && l.Level == level {
				return t.ways(l.Rule, t.f.LevelDefaults[level], id, depth+1)
			}
		}
	}
	return nil
}

func product(a, b [][]demand) (out [][]demand) {
	for _, x := range a {
		for _, y := range b {
			if len(out) < maxWays {
				out = append(out, append(slices.Clone(x), y...))
			}
		}
	}
	return out
}

// counted is a counter as a clause.
func (t *trial) counted(x framework.Expr) demand {
	never := 0
	out := framework.Expr{WithinMonths: &never, Grade: t.f.Grades[0].ID}
	for _, c := range t.f.Counters {
		if c.ID != x.Counter {
			continue
		}
		out.Kinds, out.As = c.Kinds, c.As
		switch {
		case c.Distinct == "projects":
			out.Projects = x.AtLeast
		case c.Distinct == "people":
			out.People = x.AtLeast
		case c.Distinct == "bodies":
			out.Bodies = x.AtLeast
		case c.Sum == "months":
			out.Months = x.AtLeast
		default:
			out.Count = x.AtLeast
		}
	}
	return demand{out, framework.Defaults{}, ""}
}

// effort is with how much work demands are met.
type effort struct {
	best    bool   // of the highest role, tier and grade, and new; otherwise the least and oldest that will do
	grade   string // instead of the best one
	without string // a kind that nobody has
	unled   string // a kind that nobody has led
	kind    int    // which of the kinds that a clause names
}

// work invents work that meets demands.
func (t *trial) work(demands []demand, e effort) (out []standing.Item) {
	for n, d := range demands {
		items, ok := t.meet(d, e, strconv.Itoa(n))
		if !ok {
			return nil
		}
		out = append(out, items...)
	}
	return out
}

// meet invents work that meets one clause, in one kind; false if there is none.
func (t *trial) meet(d demand, e effort, key string) ([]standing.Item, bool) {
	k, ok := t.kindFor(d, e)
	if !ok {
		return nil, false
	}
	long := slices.Contains(k.Units, "months")
	n := max(1, d.Count, d.Projects)
	if !long {
		n = max(n, d.Quarters)
	}
	lasts := max(1, d.Months)
	if long {
		lasts = max(lasts, 3*(d.Quarters-1)+1)
	}
	one := t.piece(d, k, e)
	out := make([]standing.Item, n)
	for i := range out {
		it := one
		it.Key = key + "/" + strconv.Itoa(i)
		it.From, it.To = t.moment(d, e, i, long)
		if i == 0 {
			it.Hours, it.From = d.Hours, it.To.AddDate(0, 1-lasts, 0)
		}
		if d.Projects > 0 || d.Tier != "" || d.OutsideOffice {
			it.Project = "p" + strconv.Itoa(i%max(1, d.Projects))
		}
		it.People, it.Bodies, it.Attesters = some(d.People, i, n), some(d.Bodies, i, n), some(d.Attesters, i, n)
		out[i] = it
	}
	return out, true
}

// moment is when the i-th piece ended: as long ago as still counts, or just now;
// pieces of a day lie in so many quarters.
func (t *trial) moment(d demand, e effort, i int, long bool) (from, to time.Time) {
	within := d.defaults.WithinMonths
	if d.WithinMonths != nil {
		within = *d.WithinMonths
	}
	if within == 0 {
		within = 1200
	}
	at, step := Day.AddDate(0, -within, 0), 3
	if e.best {
		at, step = Day, -3
	}
	if !long && d.Quarters > 1 {
		at = at.AddDate(0, step*(i%d.Quarters), 0)
	}
	return at, at
}

// some gives the i-th of n pieces its share of so many ids.
func some(of, i, n int) (out []string) {
	for k := i; k < of; k += n {
		out = append(out, strconv.Itoa(k))
	}
	return out
}

// piece is what all pieces for a clause have in common.
func (t *trial) piece(d demand, k framework.Kind, e effort) standing.Item {
	it := standing.Item{Kind: k.ID, As: t.role(d, k, e.best), Grade: d.Grade, Tier: d.Tier, Finished: d.Finished, Outside: d.OutsideOffice}
	if it.Grade == "" {
		it.Grade = d.defaults.Grade
	}
	if e.best {
		it.Grade, it.Finished, it.Outside = t.f.Grades[len(t.f.Grades)-1].ID, true, true
		if d.Tier != "" {
			it.Tier = t.f.Tiers[len(t.f.Tiers)-1].ID
		}
	}
	if e.grade != "" {
		it.Grade = e.grade
	}
	if d.About == "this" {
		it.About = []string{d.this}
	}
	return it
}

func (t *trial) asked(d demand) int {
	as := d.As
	if as == "" {
		as = d.defaults.As
	}
	return framework.Rank(t.f.RolesInWork, as)
}

// role is the highest or the lowest role in the work that will do; empty if the
// kind has none.
func (t *trial) role(d demand, k framework.Kind, best bool) (out string) {
	for i, r := range t.f.RolesInWork {
		if i >= t.asked(d) && slices.Contains(k.Roles, r.ID) && (best || out == "") {
			out = r.ID
		}
	}
	return out
}

// kindFor picks the kind: the given one, or for the best effort the first that
// can have what the clause asks.
func (t *trial) kindFor(d demand, e effort) (framework.Kind, bool) {
	can := func(id string) (framework.Kind, bool) {
		for _, k := range t.f.ExperienceKinds {
			if k.ID == id {
				if id == e.unled {
					k.Roles = slices.DeleteFunc(slices.Clone(k.Roles), func(r string) bool { return r == t.f.RolesInWork[len(t.f.RolesInWork)-1].ID })
				}
				ok := id != e.without && t.role(d, k, true) != "" && (d.Months == 0 || slices.Contains(k.Units, "months")) && (d.Hours == 0 || slices.Contains(k.Units, "hours"))
				return k, ok
			}
		}
		return framework.Kind{}, false
	}
	if !e.best {
		for i := range d.Kinds { // the one that is meant, or else the next
			if k, ok := can(d.Kinds[(e.kind+i)%len(d.Kinds)]); ok {
				return k, true
			}
		}
		return framework.Kind{}, false
	}
	for _, id := range d.Kinds {
		if k, ok := can(id); ok {
			return k, true
		}
	}
	return framework.Kind{}, false
}
