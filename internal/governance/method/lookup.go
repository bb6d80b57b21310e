package method

import (
	"slices"
	"strings"
)

// index is what was worked out once when the method was read.
type index struct {
	facts    []Fact   // the vocabulary of this method
	involves []string // sorted, without the word involves
	phases   map[string]int
	gates    map[string]int
	ends     map[string]int // gate: place of the phase that it ends
}

func indexOf(m *Method) *index {
	x := &index{facts: factsOf(m), phases: map[string]int{}, gates: map[string]int{}, ends: map[string]int{}}
	for _, f := range x.facts {
		if name, ok := strings.CutPrefix(f.Name, involves); ok {
			x.involves = append(x.involves, name)
		}
	}
	slices.Sort(x.involves)
	for i := range m.Phases {
		x.phases[m.Phases[i].ID] = i
	}
	for i := range m.Gates {
		x.gates[m.Gates[i].ID] = i
		if p, ok := x.phases[m.Gates[i].After]; ok {
			x.ends[m.Gates[i].ID] = p
		}
	}
	for i := range m.Controls {
		m.Controls[i].at = i
	}
	return x
}

func find[T any](list []T, id string, idOf func(*T) string) *T {
	for i := range list {
		if idOf(&list[i]) == id {
			return &list[i]
		}
	}
	return nil
}

// Role gives a role by id, nil if there is none.
func (m *Method) Role(id string) *Role {
	return find(m.Roles, id, func(r *Role) string { return r.ID })
}

// Phase gives a phase by id, nil if there is none.
func (m *Method) Phase(id string) *Phase {
	return find(m.Phases, id, func(p *Phase) string { return p.ID })
}

// Gate gives a gate by id, nil if there is none.
func (m *Method) Gate(id string) *Gate {
	return find(m.Gates, id, func(g *Gate) string { return g.ID })
}

// Decision gives a decision by id, nil if there is none.
func (m *Method) Decision(id string) *Decision {
	return find(m.Decisions, id, func(d *Decision) string { return d.ID })
}

// Document gives a document by id, nil if there is none.
func (m *Method) Document(id string) *Document {
	return find(m.Documents, id, func(d *Document) string { return d.ID })
}

// Control gives a control by id, nil if there is none.
func (m *Method) Control(id string) *Control {
	return find(m.Controls, id, func(c *Control) string { return c.ID })
}

// Group gives a group of controls by id, nil if there is none.
func (m *Method) Group(id string) *Group {
	return find(m.Groups, id, func(g *Group) string { return g.ID })
}

// Question gives a question of the dial by id, nil if there is none.
func (m *Method) Question(id string) *Question {
	if m.Dial == nil {
		return nil
	}
	return find(m.Dial.Questions, id, func(q *Question) string { return q.ID })
}

// Answer gives an answer of the question by id, nil if there is none.
func (q *Question) Answer(id string) *Answer {
	return find(q.Answers, id, func(a *Answer) string { return a.ID })
}

// Tiers lists the tiers for which the method is made: those of its dial, or without
// one those at which it holds a gate.
func (m *Method) Tiers() []Tier {
	var out []Tier
	for _, t := range Tiers() {
		holds := func(g Gate) bool { return held(g.Form.At(t)) }
		if m.Dial != nil && tierOfDial(m.Dial, t) || m.Dial == nil && slices.ContainsFunc(m.Gates, holds) {
			out = append(out, t)
		}
	}
	return out
}

// PhaseAfter gives the phase that follows a gate, nil after the last one.
func (m *Method) PhaseAfter(gate string) *Phase {
	if i, ok := m.index.ends[gate]; ok && i+1 < len(m.Phases) {
		return &m.Phases[i+1]
	}
	return nil
}

// Involved lists what projects may involve, sorted, with what it means.
func (m *Method) Involved() []Fact {
	var out []Fact
	for _, name := range m.index.involves {
		out = append(out, *find(m.index.facts, involves+name, func(f *Fact) string { return f.Name }))
	}
	return out
}
