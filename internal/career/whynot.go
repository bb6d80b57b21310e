package career

import (
	"slices"
	"strconv"

	"cairn/internal/career/framework"
)

// WhyNot is what keeps a role closed: sets of requirements such that the role stays
// closed as long as all of one set is missing, none larger than it must be.
type WhyNot struct {
	Sets [][]Blocker
	More int // sets that are not shown
}

// Blocker is a requirement that is missing, with who could confirm it once it is done.
type Blocker struct {
	Says, Have string
	Who        []string
}

// setsShown bounds the sets of a role: where nearly everything is missing in many
// ways, more of them say nothing new.
const setsShown = 12

// WhyNot works out what keeps a role closed, the smallest sets first.
func (o Options) WhyNot(role string) (w WhyNot) {
	r := o.q.role(role)
	if r < 0 {
		return w
	}
	var cuts [][]framework.Expr
	for _, x := range o.By.Roles[r].Requirements {
		cuts = append(cuts, o.cuts(x)...)
	}
	slices.SortStableFunc(cuts, func(a, b []framework.Expr) int { return len(a) - len(b) })
	for i, cut := range cuts {
		if i == setsShown {
			w.More = len(cuts) - setsShown
			break
		}
		var set []Blocker
		for _, x := range cut {
			set = append(set, Blocker{Says: o.words(x), Have: o.q.now.Have(x), Who: o.who(x)})
		}
		w.Sets = append(w.Sets, set)
	}
	return w
}

// cuts gives the smallest sets of missing parts that keep a rule unmet: each part of
// an all-of by itself, and one of each alternative of an any-of.
func (o Options) cuts(x framework.Expr) (out [][]framework.Expr) {
	if o.q.now.Met(x) {
		return nil
	}
	switch {
	case len(x.AllOf) > 0:
		for _, y := range x.AllOf {
			out = append(out, o.cuts(y)...)
		}
	case len(x.AnyOf) > 0:
		out = [][]framework.Expr{nil}
		for _, y := range x.AnyOf {
			var longer [][]framework.Expr
			for _, have := range out {
				for _, more := range o.cuts(y) {
					if len(longer) < 4*setsShown {
						longer = append(longer, slices.Concat(have, more))
					}
				}
			}
			out = longer
		}
	default:
		out = [][]framework.Expr{{x}}
	}
	return out
}

// words says a part of a rule with its numbers, where the rule as a whole has words
// of its own.
func (o Options) words(x framework.Expr) string {
	says := o.q.now.Says(x)
	inner := x
	if x.Experience != nil {
		inner = *x.Experience
	}
	if x.Says != "" || inner.Says != "" || len(inner.Kinds) == 0 {
		return says
	}
	if inner.As != "" {
		says += ", " + inner.As
	}
	if inner.Tier != "" {
		says += ", " + inner.Tier + " or larger"
	}
	if n := max(inner.Count, inner.Projects); n > 1 {
		says += ", " + strconv.Itoa(n) + " times"
	}
	return says
}

// who gives the right people to confirm what a requirement counts.
func (o Options) who(x framework.Expr) (out []string) {
	kinds := map[string]bool{}
	o.kindsOf(x, kinds)
	for _, a := range o.By.WhoCanAttest {
		if slices.ContainsFunc(a.Kinds, func(k string) bool { return kinds[k] }) {
			out = append(out, a.Who)
		}
	}
	return out
}

func (o Options) kindsOf(x framework.Expr, kinds map[string]bool) {
	for _, k := range x.Kinds {
		kinds[k] = true
	}
	for _, y := range slices.Concat(x.AllOf, x.AnyOf) {
		o.kindsOf(y, kinds)
	}
	if x.Experience != nil {
		o.kindsOf(*x.Experience, kinds)
	}
	for _, c := range o.By.Counters {
		if c.ID == x.Counter {
			for _, k := range c.Kinds {
				kinds[k] = true
			}
		}
	}
	for _, c := range o.By.Competencies {
		for _, l := range c.Application {
			if c.ID == x.Competency && l.Level == x.Application {
				o.kindsOf(l.Rule, kinds)
			}
		}
	}
	if x.Knowledge > 0 {
		o.kindsOf(o.By.KnowledgeRules[x.Knowledge], kinds)
	}
}
