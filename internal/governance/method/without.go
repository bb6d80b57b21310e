package method

import (
	"bytes"
	"fmt"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// Without gives the text of a method without one of its controls: it is gone from
// the library, from the criteria that show it and from the examples, whose counts
// are brought in line. Comments stay.
func Without(text []byte, control string) ([]byte, error) {
	before, err := Load(text)
	if err != nil {
		return nil, err
	}
	if before.Control(control) == nil {
		return nil, fmt.Errorf("there is no control %q", control)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	root := doc.Content[0]
	if list := child(root, "controls"); list != nil {
		list.Content = drop(list.Content, func(n *yaml.Node) bool { return is(n, "id", control) })
	}
	examples := child(root, "examples")
	if list := child(examples, "evidence"); list != nil {
		list.Content = drop(list.Content, func(n *yaml.Node) bool { return is(n, "control", control) })
	}
	before.recount(examples, control)
	unname(root, control)
	lessRange(before, root, control)
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(&doc); err != nil {
		return nil, err
	}
	return out.Bytes(), enc.Close()
}

// recount takes one from the counts of those examples that asked for the control.
func (m *Method) recount(examples *yaml.Node, control string) {
	if list := child(examples, "dial"); list != nil {
		for i, n := range list.Content {
			x := &m.Examples.Dial[i]
			r, err := m.Decide(answersOf(x.Answers), Register{HandsOver: x.HandsOver, Kind: x.Kind})
			if err == nil && r.Method == m.ID && m.Require(r.Tier, r.Involves).Control(control) != nil {
				less(child(child(n, "expect"), "controls"))
			}
		}
	}
	if list := child(examples, "controls"); list != nil {
		for i, n := range list.Content {
			if x := &m.Examples.Controls[i]; m.Require(x.Tier, x.Involves).Control(control) != nil {
				less(child(n, "expect_count"))
			}
		}
	}
}

func answersOf(given map[string]Words) Answers {
	a := Answers{}
	for q, w := range given {
		a[q] = w
	}
	return a
}

// lessRange lets the least that a tier may ask fall by the control that is gone.
func lessRange(before *Method, root *yaml.Node, control string) {
	ranges := child(root, "expected_range")
	if ranges == nil {
		return
	}
	for _, t := range Tiers() {
		pair := child(ranges, t.String())
		if pair == nil || len(pair.Content) != 2 {
			continue
		}
		if before.mayAsk(t, control) {
			less(pair.Content[0])
		}
	}
}

func (m *Method) mayAsk(t Tier, control string) bool {
	c := m.Control(control)
	return !c.When.Given() || c.When.holds(t, 0) || c.When.holds(t, ^uint32(0))
}

// less takes one from a number.
func less(n *yaml.Node) {
	if n == nil {
		return
	}
	if v, err := strconv.Atoi(n.Value); err == nil && v > 0 {
		n.Value = strconv.Itoa(v - 1)
	}
}

// unname takes a name out of every list.
func unname(n *yaml.Node, name string) {
	if n.Kind == yaml.SequenceNode {
		n.Content = drop(n.Content, func(x *yaml.Node) bool { return x.Kind == yaml.ScalarNode && x.Value == name })
	}
	for _, x := range n.Content {
		unname(x, name)
	}
}

func drop(list []*yaml.Node, gone func(*yaml.Node) bool) []*yaml.Node {
	out := list[:0]
	for _, n := range list {
		if !gone(n) {
			out = append(out, n)
		}
	}
	return out
}

// child gives the value of a key of a mapping; nil if it is none or has none.
func child(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func is(n *yaml.Node, key, value string) bool {
	v := child(n, key)
	return v != nil && v.Value == value
}
