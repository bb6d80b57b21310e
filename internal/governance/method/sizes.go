package method

import (
	"errors"
	"math/bits"
	"slices"
)

// maxSheets is how many combinations of answers to questions that rules look at
// are gone through; the other questions only add points.
const maxSheets = 3_000_000

// maxSets is how many things that controls look at may be combined freely.
const maxSets = 14

var errTooManySheets = errors.New("the rules look at so many answers that the sheets cannot be counted")

// Sizes counts, over every possible answer sheet (with and without what the
// register adds), the fewest and the most controls of each tier; a tier that no
// sheet gives is {0, 0}. Without a dial every tier of the method and everything that a project may
// involve is possible. It fails when the rules look at so many questions that the
// sheets cannot be counted.
func (m *Method) Sizes() (PerTier[Range], error) {
	var out PerTier[Range]
	cases, err := m.cases()
	if err != nil {
		return out, err
	}
	counted := map[Tier]bool{}
	for c := range cases {
		n := 0
		for i := range m.Controls {
			if m.Controls[i].When.holds(c.tier, c.set) {
				n++
			}
		}
		r := out.At(c.tier)
		if !counted[c.tier] {
			r, counted[c.tier] = Range{n, n}, true
		}
		out.set(c.tier, Range{min(r.From, n), max(r.To, n)})
	}
	return out, nil
}

// aCase is a tier with what is involved, as far as controls look at it.
type aCase struct {
	tier Tier
	set  uint32
}

// cases are all that the dial can give.
func (m *Method) cases() (map[aCase]bool, error) {
	var looked uint32
	for i := range m.Controls {
		if r := m.Controls[i].When.rule; r != nil {
			for _, bit := range r.table.bits {
				looked |= 1 << bit
			}
		}
	}
	out := map[aCase]bool{}
	if m.Dial != nil {
		return out, m.casesOfDial(looked, out)
	}
	if bits.OnesCount32(looked) > maxSets {
		return nil, errTooManySheets
	}
	for set := looked; ; set = (set - 1) & looked {
		for _, t := range m.Tiers() {
			out[aCase{t, set}] = true
		}
		if set == 0 {
			return out, nil
		}
	}
}

// casesOfDial goes through the answer sheets, once for each kind of register entry.
func (m *Method) casesOfDial(looked uint32, out map[aCase]bool) error {
	kinds := []string{"project"}
	for _, p := range m.Dial.rules() {
		if p.scope == ofDial && p.expr.rule != nil && slices.Contains(p.expr.rule.names, "project.kind") {
			kinds = []string{"project", "improvement", "study", "compulsory"}
		}
	}
	for _, kind := range kinds {
		for _, handsOver := range []bool{false, true} {
			register := factsOfRegister(Register{HandsOver: handsOver, Kind: kind})
			s := &sheets{m: m, register: register, looked: looked, fixed: m.setByRegister(register) & looked}
			if err := s.walk(out); err != nil {
				return err
			}
		}
	}
	return nil
}

// sheets goes through the answer sheets of one kind of register entry.
type sheets struct {
	m             *Method
	register      Facts
	looked, fixed uint32
	ruled         [][]option // of the questions that rules look at
	names         []string   // of those questions, as rules call them
	rules         []dialTable
}

// dialTable is a floor or ceiling for every combination of the answers that it
// looks at.
type dialTable struct {
	floor, ceiling Tier
	strides        []int // by ruled question; 0 where it does not look
	yes            []bool
}

// sum is what a part of a sheet adds up to: points, things involved, and between
// which tiers the rules keep it.
type sum struct {
	points         int
	set            uint32
	floor, ceiling Tier
}

func (s *sheets) walk(out map[aCase]bool) error {
	free := map[sum]bool{{}: true}
	looksAt := map[string]bool{}
	for _, p := range s.m.Dial.rules() {
		if p.scope == ofDial && p.expr.rule != nil {
			for _, n := range p.expr.rule.names {
				looksAt[n] = true
			}
		}
	}
	size := 1
	for i := range s.m.Dial.Questions {
		q := &s.m.Dial.Questions[i]
		options := s.optionsOf(q)
		if !looksAt[answered+q.ID] {
			free = added(free, options)
			continue
		}
		if size *= len(options); size > maxSheets {
			return errTooManySheets
		}
		s.ruled, s.names = append(s.ruled, options), append(s.names, answered+q.ID)
	}
	if err := s.tables(); err != nil {
		return err
	}
	ruled := map[sum]bool{}
	s.combine(make([]int, len(s.ruled)), 0, sum{set: s.fixed, ceiling: XL}, ruled)
	for r := range ruled {
		for f := range free {
			tier := max(r.floor, min(r.ceiling, s.m.byPoints(r.points+f.points)))
			out[aCase{tier, r.set | f.set}] = true
		}
	}
	return nil
}

// optionsOf lists every way to answer a question.
func (s *sheets) optionsOf(q *Question) []option {
	var out []option
	var together []string
	add := func(given []string) {
		o := s.m.optionOf(q, given)
		o.set &= s.looked
		out = append(out, o)
	}
	for i := range q.Answers {
		switch a := &q.Answers[i]; {
		case !q.Many() || a.Alone:
			add([]string{a.ID})
		default:
			together = append(together, a.ID)
		}
	}
	for set := 1; set < 1<<len(together); set++ {
		var given []string
		for i, id := range together {
			if set>>i&1 == 1 {
				given = append(given, id)
			}
		}
		add(given)
	}
	return out
}

// added puts the options of one more question to what others add up to.
func added(sums map[sum]bool, options []option) map[sum]bool {
	out := map[sum]bool{}
	for s := range sums {
		for _, o := range options {
			out[sum{points: s.points + o.points, set: s.set | o.set}] = true
		}
	}
	return out
}

// combine goes through the answers to the ruled questions.
func (s *sheets) combine(chosen []int, at int, so sum, out map[sum]bool) {
	if at < len(s.ruled) {
		for i, o := range s.ruled[at] {
			chosen[at] = i
			s.combine(chosen, at+1, sum{so.points + o.points, so.set | o.set, so.floor, so.ceiling}, out)
		}
		return
	}
	for i := range s.rules {
		t := &s.rules[i]
		index := 0
		for q, stride := range t.strides {
			index += stride * chosen[q]
		}
		if t.yes[index] {
			so.floor = max(so.floor, t.floor)
			so.ceiling = min(so.ceiling, t.ceiling)
		}
	}
	out[so] = true
}
