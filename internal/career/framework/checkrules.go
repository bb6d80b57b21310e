package framework

import (
	"slices"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// place is where a rule stands: what it takes when it does not say, and what it may
// speak of.
type place struct {
	defaults Defaults
	own      string // the competency in hand; empty in a role
	forAll   bool   // the rule of knowledge, which is one for all competencies
	role     bool
}

func (c *checker) theCompetencies() {
	for _, x := range c.f.Competencies {
		at := "competencies/" + x.ID
		c.id(at, x.ID)
		c.need(at+"/name", x.Name)
		c.need(at+"/meaning", x.Meaning)
		c.ref(at+"/area", "area", x.Area, c.areas)
		c.levels(at+"/application", x.Application, false)
		c.levels(at+"/knowledge", x.Knowledge, true)
		for i, l := range x.Application {
			c.rule(nth(at+"/application", i)+"/rule", l.Rule, place{defaults: c.f.LevelDefaults[l.Level], own: x.ID})
		}
		for i, l := range x.Knowledge {
			if !l.Rule.empty() {
				c.Say(nth(at+"/knowledge", i)+"/rule", "knowledge follows one rule for all competencies, under knowledge_rules")
			}
		}
		for i, code := range x.Codes {
			if strings.TrimSpace(code) == "" || len(code) > 120 {
				c.Say(nth(at+"/codes", i), "a code has from 1 to 120 characters")
			}
		}
	}
}

// levels are 1 to 4, each described by what can be observed. Knowledge may be left
// without words of its own.
func (c *checker) levels(path string, list []Level, optional bool) {
	have := ids(list, func(l Level) int { return l.Level })
	if !slices.Equal(have, []int{1, 2, 3, 4}) && (len(have) > 0 || !optional) {
		c.Say(path, "levels 1 to 4 are described here, each once and in order")
	}
	for i, l := range list {
		c.need(nth(path, i)+"/observable", l.Observable)
	}
}

func (c *checker) theKnowledge() {
	for level := 1; level <= 4; level++ {
		at := "knowledge_rules/" + digit(level)
		x, ok := c.f.KnowledgeRules[level]
		if !ok {
			c.Say("knowledge_rules", "level %d has no rule", level)
			continue
		}
		c.rule(at, x, place{defaults: c.f.LevelDefaults[level], forAll: true})
	}
	for level := range c.f.KnowledgeRules {
		if level < 1 || level > 4 {
			c.Say("knowledge_rules/"+itoa(level), "there is no level %d", level)
		}
	}
}

func (c *checker) theRoles() {
	for _, r := range c.f.Roles {
		at := "roles/" + r.ID
		c.id(at, r.ID)
		c.need(at+"/name", r.Name)
		c.need(at+"/purpose", r.Purpose)
		c.ref(at+"/project_management/need", "need", r.ProjectManagement.Need, []string{"required", "one_way", "irrelevant"})
		c.need(at+"/project_management/why", r.ProjectManagement.Why)
		if len(r.Requirements) == 0 {
			c.Say(at+"/requirements", "a role that asks for nothing would be everybody's")
		}
		for i, x := range r.Requirements {
			c.rule(nth(at+"/requirements", i), x, place{defaults: c.f.RoleDefaults, role: true})
		}
		for i, from := range r.From {
			if c.ref(nth(at+"/from", i)+"/role", "role", from.Role, c.roles) && from.Role == r.ID {
				c.Say(nth(at+"/from", i)+"/role", "nobody comes to a role from itself")
			}
		}
	}
}

func (x Expr) empty() bool { return len(x.forms()) == 0 && !x.counts() && x.Says == "" }

// forms lists what the rule is: exactly one of these.
func (x Expr) forms() (out []string) {
	for _, f := range []struct {
		is   bool
		name string
	}{
		{len(x.Kinds) > 0, "kinds"},
		{x.Counter != "", "counter"},
		{x.Competency != "" || x.Application > 0 || x.Knowledge > 0, "competency"},
		{x.Experience != nil, "experience"},
		{len(x.AllOf) > 0, "all_of"},
		{len(x.AnyOf) > 0, "any_of"},
	} {
		if f.is {
			out = append(out, f.name)
		}
	}
	return out
}

// counts reports whether words of a clause are used.
func (x Expr) counts() bool {
	return x.As != "" || x.Count+x.Months+x.Hours+x.Projects+x.People+x.Bodies+x.Quarters+x.Attesters > 0 || x.Tier != "" ||
		x.WithinMonths != nil || x.Grade != "" || x.Finished || x.OutsideOffice || x.About != ""
}

func (c *checker) rule(path string, x Expr, p place) {
	forms := x.forms()
	switch {
	case len(forms) == 0:
		c.Say(path, "the rule asks for nothing: it needs kinds, a competency, a counter, all_of or any_of")
		return
	case len(forms) > 1:
		c.Say(path, "the rule is two things at once, %s: put them under all_of or any_of", strings.Join(forms, " and "))
		return
	case forms[0] != "kinds" && x.counts():
		c.Say(path, "words that count work stand beside kinds, and not beside %s", forms[0])
	case forms[0] != "counter" && x.AtLeast > 0:
		c.Say(path+"/at_least", "at_least stands beside a counter")
	}
	switch forms[0] {
	case "kinds":
		c.clause(path, x, p)
	case "counter":
		c.ref(path+"/counter", "counter", x.Counter, c.counters)
		if x.AtLeast < 1 {
			c.Say(path, "at_least has to say how many")
		}
	case "competency":
		c.level(path, x, p)
	case "experience":
		if !p.role {
			c.Say(path+"/experience", "experience stands in roles; here the clause stands by itself")
		}
		if f := x.Experience.forms(); !slices.Equal(f, []string{"kinds"}) {
			c.Say(path+"/experience", "experience holds one clause with kinds")
			return
		}
		c.clause(path+"/experience", *x.Experience, p)
	default:
		for name, list := range map[string][]Expr{"all_of": x.AllOf, "any_of": x.AnyOf} {
			for i, y := range list {
				c.rule(nth(path+"/"+name, i), y, p)
			}
		}
	}
}

// level looks at a requirement of a level.
func (c *checker) level(path string, x Expr, p place) {
	switch {
	case p.forAll && x.Competency != "":
		c.Say(path+"/competency", "the rule of knowledge is one for all: it speaks of the competency in hand")
	case p.role && x.Competency == "":
		c.Say(path, "says a level and not of which competency")
	case x.Competency != "":
		c.ref(path+"/competency", "competency", x.Competency, c.competencies)
	}
	if x.Application == 0 && x.Knowledge == 0 {
		c.Say(path, "says which competency and not which level")
	}
	if p.forAll && x.Knowledge > 0 {
		c.Say(path+"/knowledge", "the rule of knowledge cannot ask for knowledge")
	}
	if x.Application > 4 {
		c.Say(path+"/application", "there is no level %d", x.Application)
	}
	if x.Knowledge > 4 {
		c.Say(path+"/knowledge", "there is no level %d", x.Knowledge)
	}
}

// clause looks at whether any work at all can meet a clause.
func (c *checker) clause(path string, x Expr, p place) {
	as, within := x.As, p.defaults.WithinMonths
	if as == "" {
		as = p.defaults.As
	}
	if x.WithinMonths != nil {
		within = *x.WithinMonths
	}
	if !c.ref(path+"/as", "role in the work", as, c.asWords) {
		return
	}
	if x.Grade != "" {
		c.ref(path+"/grade", "grade", x.Grade, c.grades)
	}
	if x.About != "" && (x.About != "this" || p.role) {
		c.Say(path+"/about", `about is written as "this" in the rule of a competency or of knowledge`)
	}
	var has struct{ months, hours, tier bool }
	for i, id := range x.Kinds {
		k := c.kinds[id]
		if k == nil {
			c.ref(nth(path+"/kinds", i), "kind of experience", id, c.kindIDs)
			continue
		}
		if top := c.highest(k); rankOf(c.asWords, top) < rankOf(c.asWords, as) {
			c.Say(nth(path+"/kinds", i), "nobody has %q with the role in the work %q that is asked here: at most %q", id, as, top)
		}
		has.months = has.months || slices.Contains(k.Units, "months")
		has.hours = has.hours || slices.Contains(k.Units, "hours")
		has.tier = has.tier || slices.Contains(k.LargerBy, "tier")
	}
	if x.Months > 0 && !has.months {
		c.Say(path+"/months", "can never be met: none of these kinds is counted in months")
	}
	if x.Hours > 0 && !has.hours {
		c.Say(path+"/hours", "can never be met: none of these kinds is counted in hours")
	}
	if x.Tier != "" && c.ref(path+"/tier", "tier", x.Tier, c.tiers) && !has.tier {
		c.Say(path+"/tier", "can never be met: none of these kinds has a tier")
	}
	if x.Count > 1000 || x.Projects > 1000 || x.People > 1000 || x.Bodies > 1000 || x.Attesters > 1000 || x.Quarters > 200 || x.Months > 600 {
		c.Say(path, "nobody does so much: at most 1000 of anything, 200 quarters and 600 months")
	}
	if most := within/3 + 1; within > 0 && !has.months && x.Quarters > most {
		c.Say(path+"/quarters", "can never be met: the last %d months touch at most %d calendar quarters", within, most)
	}
}

func (c *checker) highest(k *Kind) (top string) {
	for _, r := range k.Roles {
		if rankOf(c.asWords, r) > rankOf(c.asWords, top) {
			top = r
		}
	}
	return top
}

func rankOf(list []string, id string) int { return slices.Index(list, id) }

// circles finds levels that wait for each other, and those that look at a
// competency which is computed later.
func (c *checker) circles() {
	asks := map[string][]string{}
	for _, x := range c.f.Competencies {
		for i, l := range x.Application {
			c.asksOf(nth("competencies/"+x.ID+"/application", i)+"/rule", x.ID, l.Rule, asks)
		}
	}
	seen := map[string]bool{}
	for _, x := range c.f.Competencies {
		if way := circle(asks, x.ID); way != nil && !seen[x.ID] {
			for _, id := range way {
				seen[id] = true
			}
			c.Say("competencies/"+x.ID+"/application", "goes in a circle: %s. Nobody could begin", strings.Join(way, " asks for "))
		}
	}
	if len(seen) > 0 {
		return
	}
	for from, list := range asks {
		for _, to := range list {
			if rankOf(c.competencies, to) > rankOf(c.competencies, from) {
				c.Say("competencies/"+from+"/application", "asks for %s, which stands further down; move that one up", to)
			}
		}
	}
}

// asksOf collects the competencies that a rule of a competency asks for.
func (c *checker) asksOf(path, own string, x Expr, into map[string][]string) {
	if x.Competency != "" || x.Application > 0 || x.Knowledge > 0 {
		to := x.Competency
		if to == "" {
			to = own
		}
		into[own] = append(into[own], to)
	}
	for name, list := range map[string][]Expr{"all_of": x.AllOf, "any_of": x.AnyOf} {
		for i, y := range list {
			c.asksOf(nth(path+"/"+name, i), own, y, into)
		}
	}
}

// circle finds the shortest way from a competency back to itself.
func circle(asks map[string][]string, from string) []string {
	came, queue := map[string]string{}, []string{from}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, to := range asks[at] {
			if to == from {
				way := []string{from}
				for ; at != from; at = came[at] {
					way = append(way, at)
				}
				way = append(way, from)
				slices.Reverse(way)
				return way
			}
			if _, seen := came[to]; !seen {
				came[to] = at
				queue = append(queue, to)
			}
		}
	}
	return nil
}
