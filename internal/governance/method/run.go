package method

import (
	"maps"
	"slices"
	"strings"
)

// runExamples holds the method to its own examples.
func (d *decoder) runExamples(m *Method) {
	d.runDial(m)
	e := &m.Examples
	for i, x := range e.Authority {
		got, ok := m.Who(x.Decision, x.Tier, x.Amount)
		if !ok || got.Who != x.Expect {
			d.at(nth("examples/authority", i), "%q decides, not %q", got.Who, x.Expect)
		}
	}
	for i, x := range e.Gates {
		var got []string
		for _, o := range m.Allowed(x.Gate, GateState{x.Blocking, x.MustsUnmet, x.KnockOutsUnmet, x.WithoutCondition, x.Conditions}) {
			got = append(got, o.ID)
		}
		d.same(nth("examples/gates", i), "possible are", got, x.Expect)
	}
	for i, x := range e.Quorum {
		if got := m.QuorumOf(x.Tier, x.BodyOf).Members; got != x.Expect {
			d.at(nth("examples/quorum", i), "%d have to be there, not %d", got, x.Expect)
		}
	}
	for i, x := range e.Criteria {
		d.runCriteria(m, nth("examples/criteria", i), &x)
	}
	for i := range e.Controls {
		d.runControls(m, "examples/controls/"+e.Controls[i].ID, &e.Controls[i])
	}
	for i := range e.Evidence {
		d.runEvidence(m, nth("examples/evidence", i), &e.Evidence[i])
	}
	for i := range e.Leaving {
		d.runLeaving(m, &e.Leaving[i])
	}
}

func (d *decoder) same(path, what string, got, want []string) {
	if !slices.Equal(got, want) {
		d.at(path, "%s %s, not %s", what, orNone(got), orNone(want))
	}
}

func orNone(words []string) string {
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, ", ")
}

func (d *decoder) runDial(m *Method) {
	for i := range m.Examples.Dial {
		x := &m.Examples.Dial[i]
		at := "examples/dial/" + x.ID
		answers := Answers{}
		for q, words := range x.Answers {
			answers[q] = words
		}
		got, err := m.Decide(answers, Register{HandsOver: x.HandsOver, Kind: x.Kind})
		if err != nil {
			d.at(at+"/answers", "the answers are not complete: %s", err)
			continue
		}
		want := &x.Expect
		var rules []string
		for _, r := range got.Rules {
			rules = append(rules, r.ID)
		}
		if got.Points != want.Points {
			d.at(at, "%d points, not %d", got.Points, want.Points)
		}
		d.same(at, "tier by points and tier are", []string{got.ByPoints.String(), got.Tier.String()}, []string{want.TierByPoints.String(), want.Tier.String()})
		d.same(at, "the rules that hold are", rules, want.Rules)
		d.same(at, "the method is", []string{got.Method}, []string{want.Method})
		if n := len(m.Require(got.Tier, got.Involves).Controls); got.Method == m.ID && n != want.Controls {
			d.at(at, "%d controls, not %d", n, want.Controls)
		}
	}
}

// runCriteria counts with everything involved.
func (d *decoder) runCriteria(m *Method, at string, x *CriteriaExample) {
	g := m.Gate(x.Gate)
	if g == nil {
		d.at(at+"/gate", "there is no gate %q", x.Gate)
		return
	}
	must, should := 0, 0
	for _, c := range m.gateAsked(g, x.Tier, ^uint32(0)).Criteria {
		if c.Must {
			must++
		} else {
			should++
		}
	}
	if must != x.Expect.Must || should != x.Expect.Should {
		d.at(at, "%d musts and %d shoulds, not %d and %d", must, should, x.Expect.Must, x.Expect.Should)
	}
}

func (d *decoder) runControls(m *Method, at string, x *ControlsExample) {
	for i, name := range x.Involves {
		d.ref(nth(at+"/involves", i), "thing that projects involve", name, m.index.involves)
	}
	r := m.Require(x.Tier, x.Involves)
	ids := idsOf(r.Controls, func(c **Control) string { return (*c).ID })
	if x.ExpectCount != 0 && x.ExpectCount != len(ids) {
		d.at(at, "%d controls, not %d", len(ids), x.ExpectCount)
	}
	if len(x.Expect) > 0 {
		d.same(at, "the controls are", slices.Sorted(slices.Values(ids)), slices.Sorted(slices.Values(x.Expect)))
	}
	if len(x.Gates) > 0 {
		var gates []string
		for _, g := range r.Gates {
			if g.Held {
				gates = append(gates, g.Gate.ID)
			}
		}
		d.same(at, "the gates are", gates, x.Gates)
	}
	if len(x.Documents) > 0 {
		d.same(at, "the documents are", idsOf(r.Documents, func(o *DocumentAsked) string { return o.ID }), x.Documents)
	}
}

func (d *decoder) runEvidence(m *Method, at string, x *EvidenceExample) {
	c := m.Control(x.Control)
	if c == nil {
		d.at(at+"/control", "there is no control %q", x.Control)
		return
	}
	if x.DaysSinceEvent < 0 || x.DaysSinceEvent > 36500 {
		d.at(at+"/days_since_event", "0 to 36500 days are possible")
		return
	}
	const today Day = 50_000
	e := &Evidence{Events: map[string][]Seen{}}
	for i := range c.Accepts {
		if a := &c.Accepts[i]; a.Kind == AnEvent {
			e.Events[a.Name] = []Seen{{Of: a.Of, On: today - Day(x.DaysSinceEvent)}}
			break
		}
	}
	if got := m.StateOf(c, x.Tier, e, today, nil).Standing.String(); got != x.Expect {
		d.at(at, "the control stands as %s, not %s", got, x.Expect)
	}
}

func (d *decoder) runLeaving(m *Method, x *LeavingExample) {
	at := "examples/leaving/" + x.ID
	known := idsOf(m.index.facts, func(f *Fact) string { return f.Name })
	for _, name := range slices.Sorted(maps.Keys(x.Facts)) {
		d.ref(at+"/facts/"+name, "fact", name, known)
	}
	if reasons := m.Leave(x.Tier, x.Facts); (len(reasons) > 0) != x.Expect {
		d.at(at, "the reasons to leave are %s", orNone(reasons))
	}
}
