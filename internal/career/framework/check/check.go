// Package check says what is wrong with a framework: what can be seen in its text,
// and what only computing standings of invented work brings to light.
package check

import (
	"time"

	"cairn/internal/career/framework"
	"cairn/internal/career/standing"
)

// Day is the day on which rules are tried and examples are looked at: rules of
// calendar quarters come out alike only from a day that is always the same.
var Day = time.Date(2026, time.March, 16, 0, 0, 0, 0, time.UTC)

// Check reads a file and says all that is wrong with it, by line. The framework is
// nil if something refuses it.
func Check(file []byte) (*framework.Framework, framework.Problems) {
	r := framework.Read(file)
	if r.Sound() {
		t := &trial{Reading: r, f: r.Framework, left: budget}
		t.reach()
		t.implied()
		t.ownWord()
		t.volume()
		t.managing()
		if t.left <= 0 {
			t.Say("", "the rules ask for so much work in so many ways that they cannot be tried; make them fewer")
		}
		if r.Sound() {
			t.examples()
		}
	}
	problems := r.Sorted()
	if !r.Sound() {
		return nil, problems
	}
	return r.Framework, problems
}

// budget is how many pieces of work are looked at in trying one file: ten times what the
// framework that ships takes, and about two seconds.
const budget = 2_000_000

// trial tries the rules of a framework with invented work.
type trial struct {
	*framework.Reading
	f    *framework.Framework
	left int // of the budget
}

// small is a framework with some competencies and one role at most, and so quickly
// evaluated.
func (t *trial) small(competencies []framework.Competency, roles ...framework.Role) *framework.Framework {
	out := *t.f
	out.Competencies, out.Roles, out.Options, out.Counters, out.Examples = competencies, roles, nil, nil, nil
	if len(roles) > 0 {
		out.Counters = t.f.Counters
	}
	return &out
}

// evaluate is nothing once the budget is spent.
func (t *trial) evaluate(f *framework.Framework, items []standing.Item) (s standing.Standing) {
	t.left -= (len(items) + 20) * (1 + len(f.Competencies)/4)
	if t.left <= 0 {
		return s
	}
	return standing.Evaluate(f, items, Day, 0)
}

// application is the level that work gives in a competency, alone or with those that
// it asks for.
func (t *trial) application(f *framework.Framework, items []standing.Item, id string) int {
	for _, l := range t.evaluate(f, items).Levels {
		if l.Competency.ID == id {
			return l.Application
		}
	}
	return 0
}

func (t *trial) qualifies(f *framework.Framework, items []standing.Item) bool {
	roles := t.evaluate(f, items).Roles
	return len(roles) == 1 && roles[0].State == standing.Qualified
}

// onlyLevel is a competency with one of its levels alone.
func onlyLevel(c framework.Competency, level int) framework.Competency {
	for _, l := range c.Application {
		if l.Level == level {
			c.Application = []framework.Level{l}
		}
	}
	return c
}

// with gives the competencies that rules ask for, in the order of the file.
func (t *trial) with(rules ...framework.Expr) (out []framework.Competency) {
	need := map[string]bool{}
	for _, x := range rules {
		t.needs(x, need)
	}
	for _, c := range t.f.Competencies {
		if need[c.ID] {
			out = append(out, c)
		}
	}
	return out
}

func (t *trial) needs(x framework.Expr, into map[string]bool) {
	for _, list := range [][]framework.Expr{x.AllOf, x.AnyOf} {
		for _, y := range list {
			t.needs(y, into)
		}
	}
	if x.Competency == "" || into[x.Competency] {
		return
	}
	into[x.Competency] = true
	for _, c := range t.f.Competencies {
		if c.ID == x.Competency {
			for _, l := range c.Application {
				t.needs(l.Rule, into)
			}
		}
	}
}

// own gives a competency with those that it asks for.
func (t *trial) own(c framework.Competency) []framework.Competency {
	return t.with(framework.Expr{Competency: c.ID})
}
