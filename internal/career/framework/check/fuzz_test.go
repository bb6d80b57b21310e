package check_test

import (
	"testing"

	"cairn/internal/career/framework"
	"cairn/internal/career/framework/check"
)

// FuzzCheck: whatever the text, it is answered with problems that have a place and
// words, and what is accepted can be loaded and checked again.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{
		"", "framework: {id: a}", "a: &b [*b]", "competencies: [{id: x, application: [{level: 1, rule: {any_of: [{}]}}]}]", "level_defaults: {x: 1}", "? {a: b}\n: c",
		"roles: [{id: a, requirements: [{experience: {kinds: [a]}}]}]", "cpd_schemes: [{id: a, categories: [{from_kinds: [1]}]}]", "scales: {application: [{level: 9}]}", "<<: {a: b}",
		"examples: [{id: a, evidence: [{kind: a, ago: [1, 2]}]}]", "---\na: 1\n---\nb: 2", "framework: !!binary aGk=",
	} {
		f.Add([]byte(s))
	}
	f.Add(shipped(f, "full.yaml"))
	f.Fuzz(func(t *testing.T, file []byte) {
		fw, problems := check.Check(file)
		if (fw == nil) != (len(problems.Refused()) > 0) {
			t.Fatalf("%v and %d problems", fw != nil, len(problems))
		}
		for _, p := range problems {
			if p.Says == "" || p.Line < 0 {
				t.Errorf("%+v", p)
			}
		}
		if fw == nil {
			return
		}
		if _, err := framework.Load(file); err != nil {
			t.Errorf("accepted and not loaded: %v", err)
		}
	})
}
