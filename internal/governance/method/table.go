package method

import (
	"fmt"
	"slices"
	"strings"
)

// maxNames is how many things a project may involve, and maxNamesOfRule how many of
// them one rule may look at.
const (
	maxNames       = 24
	maxNamesOfRule = 8
)

// table is a rule over tier and involves.* evaluated once for every case that it
// can tell apart: nothing of CEL is left when many projects are looked at.
type table struct {
	bits []int  // which bits of a set of involved things the rule looks at
	yes  []bool // by tier, then by those bits
}

// holds says whether the rule holds; no rule holds always.
func (e Expr) holds(tier Tier, set uint32) bool {
	if e.rule == nil || e.rule.table == nil {
		return true
	}
	t := e.rule.table
	at := 0
	for i, bit := range t.bits {
		at |= int(set>>bit&1) << i
	}
	return tier >= S && tier <= XL && t.yes[int(tier-S)<<len(t.bits)|at]
}

// tabulate evaluates a rule for every case.
func (r *rule) tabulate(names []string) error {
	if len(r.names) > maxNamesOfRule {
		return fmt.Errorf("the rule looks at %d things that a project may involve; at most %d are counted", len(r.names), maxNamesOfRule)
	}
	t := &table{yes: make([]bool, len(Tiers())<<len(r.names))}
	for _, n := range r.names {
		t.bits = append(t.bits, slices.Index(names, strings.TrimPrefix(n, involves)))
	}
	v := &values{facts: Facts{}}
	for _, tier := range Tiers() {
		v.tier = int64(tier)
		for set := range 1 << len(r.names) {
			for i, n := range r.names {
				v.facts[n] = set>>i&1 == 1
			}
			truth := r.truth(v)
			if truth == Undecided {
				return fmt.Errorf("the rule cannot be decided at tier %s", tier)
			}
			t.yes[int(tier-S)<<len(r.names)|set] = truth == Yes
		}
	}
	r.table = t
	return nil
}

// setOf turns names ("supplier") into bits; unknown ones are left out.
func (m *Method) setOf(names []string) uint32 {
	var set uint32
	for _, n := range names {
		if i, ok := slices.BinarySearch(m.index.involves, n); ok {
			set |= 1 << i
		}
	}
	return set
}

// namesOf turns bits into sorted names.
func (m *Method) namesOf(set uint32) []string {
	out := []string{}
	for i, n := range m.index.involves {
		if set>>i&1 == 1 {
			out = append(out, n)
		}
	}
	return out
}
