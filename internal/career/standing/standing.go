package standing

import (
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"cairn/internal/career/framework"
)

// Standing is where a person stands.
type Standing struct {
	Levels   []Level
	Counters []Counter
	Roles    []Role
	Options  []Option
}

// Level is a competency on its two scales.
type Level struct {
	Competency             framework.Competency
	Application, Knowledge int
	Next                   string // what the next level of application asks for, if there is one
}

// Counter is a sum with the items that it counts.
type Counter struct {
	framework.Counter
	Value int
	Items []*Item
}

// The three standings towards a role.
const (
	Qualified = "qualified"
	OneStep   = "one step"
	Further   = "further"
)

// Role is a role with what is met and missing.
type Role struct {
	framework.Role
	State        string
	Requirements []Requirement
	ClosedBy     []string // ids of the options that alone, taken now, close what is missing
}

// Missing counts the requirements that are not met.
func (r Role) Missing() (n int) {
	for _, q := range r.Requirements {
		if !q.Met {
			n++
		}
	}
	return n
}

// Requirement is one thing that a role asks for.
type Requirement struct {
	Says string
	Met  bool
	Have string // how much of it is there: "2 of 3 pieces of work"
}

// Option is something that a person could do next.
type Option struct {
	framework.Option
	First []string // what has to come before; empty if it may be taken now
	Opens []string // ids of the roles that it would open
	// Closer are the ids of the roles of which it would meet more, without opening them.
	Closer []string
	Gains  []Gain // levels that it would raise
}

// Gain is a competency that an option raises.
type Gain struct {
	Competency string // name
	From, To   int
}

// Evaluate says where a person stands with these items on a day.
func Evaluate(fw *framework.Framework, items []Item, at time.Time, monthsInField int) Standing {
	e := newEvaluator(fw, items, at, monthsInField)
	var s Standing
	for _, c := range fw.Competencies {
		s.Levels = append(s.Levels, e.level(c))
	}
	for _, c := range fw.Counters {
		counted := e.count(c)
		s.Counters = append(s.Counters, Counter{Counter: c, Value: e.value(c, counted), Items: counted})
	}
	missing := map[string][]*framework.Expr{}
	for _, r := range fw.Roles {
		missing[r.ID] = e.unmet(pointers(r.Requirements))
	}
	for _, o := range fw.Options {
		with := e.plus(yields(o, at))
		s.Options = append(s.Options, e.option(o, with, missing))
	}
	for _, r := range fw.Roles {
		s.Roles = append(s.Roles, e.role(r, s.Options))
	}
	return s
}

// OpensTogether gives the roles that several options would open between them,
// and none of them alone.
func OpensTogether(fw *framework.Framework, items []Item, at time.Time, monthsInField int, options ...string) []string {
	e := newEvaluator(fw, items, at, monthsInField)
	before := e.qualified()
	var all []Item
	for _, o := range fw.Options {
		if slices.Contains(options, o.ID) {
			all = append(all, yields(o, at)...)
		}
	}
	var out []string
	with := e.plus(all)
	for _, r := range fw.Roles {
		if !before[r.ID] && with.qualifies(r) {
			out = append(out, r.ID)
		}
	}
	return out
}

// yields are the items that an option leaves behind, from today on.
func yields(o framework.Option, at time.Time) []Item {
	end := at.AddDate(0, 0, 7*o.ElapsedWeeks)
	return Spread(o.Yields, "option/"+o.ID+"/", func(l framework.Evidence) (time.Time, time.Time) {
		if l.Months > 0 {
			return at, at.AddDate(0, l.Months-1, 0)
		}
		if l.Quarters > 1 { // so many quarters are touched from any start
			return at, later(end, at.AddDate(0, 3*(l.Quarters-1), 0))
		}
		return at, end
	})
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (e *evaluator) level(c framework.Competency) Level {
	l := Level{Competency: c, Application: e.levels[c.ID], Knowledge: e.knowledge(c.ID)}
	for _, next := range c.Application {
		if next.Level == l.Application+1 {
			l.Next = next.Observable
		}
	}
	return l
}

// count gives the items of a counter; for "distinct" one per thing counted.
func (e *evaluator) count(c framework.Counter) (out []*Item) {
	var seen set
	least := e.ranks.as[c.As]
	for _, kind := range c.Kinds {
		for _, list := range [2][]ranked{e.byKind[kind], e.more[kind]} {
			for i := range list {
				it := &list[i]
				if it.as < least {
					continue
				}
				before := seen.size
				switch {
				case c.Sum != "":
					seen.size++ // each is one
				case c.Distinct == "projects":
					if it.project >= 0 {
						seen.add(it.project)
					}
				case c.Distinct == "bodies":
					seen.addAll(it.bodies)
				default:
					seen.addAll(it.people)
				}
				if seen.size > before {
					out = append(out, it.Item)
				}
			}
		}
	}
	return out
}

// value is the counter's number: things, items, or calendar months covered.
func (e *evaluator) value(c framework.Counter, items []*Item) int {
	if c.Sum == "count" {
		return len(items)
	}
	var things set
	for _, it := range items {
		switch {
		case c.Sum == "months":
			for m := max(monthOf(it.From), longAgo); m <= monthOf(it.To); m++ {
				things.add(m - longAgo)
			}
		case c.Sum != "":
			things.size++
		case c.Distinct == "projects":
			things.add(e.names.one(it.Project))
		case c.Distinct == "bodies":
			things.addAll(e.names.all(it.Bodies))
		default:
			things.addAll(e.names.all(it.People))
		}
	}
	return things.size
}

func (e *evaluator) qualified() map[string]bool {
	out := map[string]bool{}
	for _, r := range e.fw.Roles {
		out[r.ID] = e.qualifies(r)
	}
	return out
}

func (e *evaluator) qualifies(r framework.Role) bool {
	return !anyOf(r.Requirements, func(x *framework.Expr) bool { return !e.met(x, e.fw.RoleDefaults, "") })
}

// option says what an option would open and raise; what has to come first
// keeps it from opening anything now. Missing is what each role asks for and is not there.
func (e *evaluator) option(o framework.Option, with *evaluator, missing map[string][]*framework.Expr) Option {
	out := Option{Option: o}
	for i := range o.After.Levels {
		x := &o.After.Levels[i]
		if !e.met(x, e.fw.RoleDefaults, "") {
			out.First = append(out.First, e.says(*x))
		}
	}
	if o.After.MonthsInField > e.field {
		out.First = append(out.First, strconv.Itoa(o.After.MonthsInField)+" months in the field")
	}
	for _, c := range e.fw.Competencies {
		if with.levels[c.ID] > e.levels[c.ID] {
			out.Gains = append(out.Gains, Gain{c.Name, e.levels[c.ID], with.levels[c.ID]})
		}
	}
	if len(out.First) > 0 {
		return out
	}
	for _, r := range e.fw.Roles {
		if len(missing[r.ID]) == 0 {
			continue
		}
		switch left := with.unmet(missing[r.ID]); {
		case len(left) == 0 && with.qualifies(r):
			out.Opens = append(out.Opens, r.ID)
		case len(left) < len(missing[r.ID]):
			out.Closer = append(out.Closer, r.ID)
		}
	}
	return out
}

func pointers(list []framework.Expr) []*framework.Expr {
	out := make([]*framework.Expr, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}

// unmet gives the requirements that are missing.
func (e *evaluator) unmet(asks []*framework.Expr) (out []*framework.Expr) {
	for _, x := range asks {
		if !e.met(x, e.fw.RoleDefaults, "") {
			out = append(out, x)
		}
	}
	return out
}

func (e *evaluator) role(r framework.Role, options []Option) Role {
	out := Role{Role: r, State: Further}
	for i, x := range r.Requirements {
		out.Requirements = append(out.Requirements, Requirement{Says: e.says(x), Met: e.met(&r.Requirements[i], e.fw.RoleDefaults, ""), Have: e.have(x)})
	}
	for _, o := range options {
		if slices.Contains(o.Opens, r.ID) {
			out.ClosedBy = append(out.ClosedBy, o.ID)
		}
	}
	sort.SliceStable(out.ClosedBy, func(i, j int) bool { return hours(options, out.ClosedBy[i]) < hours(options, out.ClosedBy[j]) })
	switch {
	case out.Missing() == 0:
		out.State = Qualified
	case out.Missing() == 1 && len(out.ClosedBy) > 0:
		out.State = OneStep
	}
	return out
}

func hours(options []Option, id string) int {
	for _, o := range options {
		if o.ID == id {
			return o.Hours
		}
	}
	return 0
}

// says puts a requirement into words.
func (e *evaluator) says(x framework.Expr) string {
	if x.Says != "" {
		return x.Says
	}
	switch {
	case x.Experience != nil:
		return e.says(*x.Experience)
	case len(x.AnyOf) > 0:
		return joined(x.AnyOf, e.says, ", or ")
	case len(x.AllOf) > 0:
		return joined(x.AllOf, e.says, ", and ")
	case len(x.Kinds) > 0:
		var names []string
		for _, k := range x.Kinds {
			names = append(names, strings.ToLower(e.fw.KindName(k)))
		}
		return strings.Join(names, " or ")
	}
	var parts []string
	for _, c := range e.fw.Competencies {
		if c.ID != x.Competency {
			continue
		}
		for _, scale := range []struct {
			id    string
			level int
		}{{"application", x.Application}, {"knowledge", x.Knowledge}} {
			if scale.level > 0 && scale.level < len(e.fw.Scales[scale.id]) {
				parts = append(parts, c.Name+": "+e.fw.Scales[scale.id][scale.level].Name)
			}
		}
	}
	return strings.Join(parts, ", ")
}

func joined(list []framework.Expr, says func(framework.Expr) string, by string) string {
	var out []string
	for _, x := range list {
		out = append(out, says(x))
	}
	return strings.Join(out, by)
}

// have says how much of a requirement is there.
func (e *evaluator) have(x framework.Expr) string { return e.haveAt(x, e.fw.RoleDefaults, "") }

// haveAt is have for a clause that takes what it does not say from a level.
func (e *evaluator) haveAt(x framework.Expr, d framework.Defaults, this string) string {
	switch {
	case x.Experience != nil:
		return e.haveAt(*x.Experience, d, this)
	case x.Counter != "":
		return strconv.Itoa(e.counter(x.Counter)) + " of " + strconv.Itoa(x.AtLeast)
	case len(x.Kinds) > 0:
		var parts []string
		t := e.gather(&x, d, this)
		for _, w := range t.words(&x) {
			name := w.many
			if w.need == 1 {
				name = w.one
			}
			parts = append(parts, strconv.Itoa(min(w.have, w.need))+" of "+strconv.Itoa(w.need)+" "+name)
		}
		return strings.Join(parts, ", ")
	case x.Competency != "" && x.Application > 0:
		return "now: " + e.fw.Scales["application"][e.levels[x.Competency]].Name
	case x.Competency != "" && x.Knowledge > 0:
		return "now: " + e.fw.Scales["knowledge"][e.knowledge(x.Competency)].Name
	case len(x.AnyOf) > 0:
		return joined(x.AnyOf, func(y framework.Expr) string { return e.haveAt(y, d, this) }, "; or ")
	case len(x.AllOf) > 0:
		return joined(x.AllOf, func(y framework.Expr) string { return e.haveAt(y, d, this) }, ", and ")
	}
	return ""
}

// LevelAsk is a level with what it asks for, part by part.
type LevelAsk struct {
	framework.Level
	Met  bool
	Asks []Requirement
}

// Asks says of each level of a competency what it asks for and how much is there.
func Asks(fw *framework.Framework, items []Item, at time.Time, c framework.Competency) (out []LevelAsk) {
	e := newEvaluator(fw, items, at, 0)
	for i := range c.Application {
		l := &c.Application[i]
		d := fw.LevelDefaults[l.Level]
		ask := LevelAsk{Level: *l, Met: e.met(&l.Rule, d, c.ID)}
		parts := l.Rule.AllOf
		if len(parts) == 0 {
			parts = []framework.Expr{l.Rule}
		}
		for p := range parts {
			ask.Asks = append(ask.Asks, Requirement{Says: e.says(parts[p]), Met: e.met(&parts[p], d, c.ID), Have: e.haveAt(parts[p], d, c.ID)})
		}
		out = append(out, ask)
	}
	return out
}
