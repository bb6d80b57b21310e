package method_test

import (
	"strings"
	"testing"

	"cairn/internal/governance/method"
)

// BenchmarkRead reads, checks and runs the examples of the full method.
func BenchmarkRead(b *testing.B) {
	text := method.Shipped()[0].Text
	for b.Loop() {
		if _, problems := method.Read(text); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}

// BenchmarkLoad reads the full method as the store does.
func BenchmarkLoad(b *testing.B) {
	text := method.Shipped()[0].Text
	for b.Loop() {
		if _, err := method.Load(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecide(b *testing.B) {
	m := shipped(b, "cairn-full")
	answers := method.Answers{}
	for q, words := range m.Examples.Dial[1].Answers {
		answers[q] = words
	}
	for b.Loop() {
		if _, err := m.Decide(answers, method.Register{HandsOver: true}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSizes(b *testing.B) {
	m := shipped(b, "cairn-full")
	for b.Loop() {
		if _, err := m.Sizes(); err != nil {
			b.Fatal(err)
		}
	}
}

// everything is a requirement of all that applies, 57 controls, and evidence of
// which most facts are there and some are absent.
func everything(b *testing.B) (*method.Method, *method.Requirement, *method.Evidence) {
	m := shipped(b, "cairn-full")
	var all []string
	for _, f := range m.Involved() {
		all = append(all, strings.TrimPrefix(f.Name, "involves."))
	}
	e := &method.Evidence{Events: map[string][]method.Seen{}, Facts: method.Facts{}}
	for i, ev := range m.Events {
		for k := range 12 {
			e.Events[ev.Name] = append(e.Events[ev.Name], method.Seen{Of: "g3", On: method.Day(19_600 + 40*k - i)})
		}
	}
	for i, f := range method.Vocabulary() {
		switch {
		case i%4 == 0: // absent
		case f.Type == "bool":
			e.Facts[f.Name] = i%3 > 0
		case f.Type == "int":
			e.Facts[f.Name] = i % 50
		case f.Type == "double":
			e.Facts[f.Name] = float64(i % 50)
		}
	}
	return m, m.Require(method.XL, all), e
}

// BenchmarkStatesOfTenThousandProjects: each of 10,000 projects with 57 controls.
func BenchmarkStatesOfTenThousandProjects(b *testing.B) {
	m, r, e := everything(b)
	gaps := 0
	for b.Loop() {
		for range 10_000 {
			for _, c := range r.Controls {
				if m.StateOf(c, method.XL, e, 20_100, nil).Standing == method.Gap {
					gaps++
				}
			}
		}
	}
	b.ReportMetric(float64(gaps)/float64(b.N)/10_000, "gaps/project")
}

func BenchmarkRequire(b *testing.B) {
	m, _, _ := everything(b)
	for b.Loop() {
		m.Require(method.L, []string{"supplier", "handover"})
	}
}
