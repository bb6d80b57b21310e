package method_test

import (
	"testing"

	"cairn/internal/governance/method"
)

// FuzzRead: whatever the text, reading gives a method or problems with a place, and
// a method that was read does what it promises.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		least, leastMethod(), string(method.Shipped()[1].Text),
		"schema: cairn/method/1\nid: a\nname: b\nversion: 1", "dial: {questions: [{id: a, answers: [{id: b}]}]}", "controls: [{id: a, accepts: [{kind: fact, when: \"a.b\"}]}]",
		"gates: [{id: g, form: {S: {folded: g}}}]", "a: &b [*b]", "quorum: {S: {share: \"9/0\"}}", "expected_range: [1]", "schema: cairn/method/1\nphases: {S: 1}", "? {a: b}\n: c",
		"schema: cairn/method/1\nid: a\nname: b\nversion: 1\ndial: {questions: [{id: tier, answers: [{id: b, sets: [involves.x]}]}], floors: [{id: f, when: \"dial.tier == 'b'\", at_least: S, because: x}]}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		m, problems := method.Read(text)
		if (m == nil) != (len(problems) > 0) {
			t.Fatalf("%v and %d problems", m, len(problems))
		}
		for _, p := range problems {
			if p.Message == "" || p.Line < 0 || p.Column < 0 {
				t.Errorf("%+v", p)
			}
		}
		if m == nil {
			if loaded, err := method.Load(text); err == nil {
				exercise(loaded)
			}
			return
		}
		exercise(m)
		again, problems := method.Read(m.Source())
		if len(problems) > 0 || len(method.Diff(m, again)) > 0 {
			t.Error("it does not round trip")
		}
	})
}

// exercise calls what has no business to panic, also for a method that only Load
// has seen.
func exercise(m *method.Method) {
	for _, t := range method.Tiers() {
		r := m.Require(t, []string{"supplier", "handover"})
		for _, c := range r.Controls {
			m.StateOf(c, t, &method.Evidence{}, 20_000, &method.Fed{})
			m.TimingOf(c, t, "plan")
			c.Covers(t, &method.Evidence{})
		}
		m.Who(method.ForGate, t, 1)
		m.QuorumOf(t, 5)
		m.Leave(t, nil)
		m.AskAgain(t, nil)
	}
	m.Allowed("", method.GateState{})
	_ = m.CheckAnswers(nil)
}
