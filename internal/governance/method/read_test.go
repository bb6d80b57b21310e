package method_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cairn/internal/governance/method"
)

// change puts other words into a shipped text.
func change(tb testing.TB, id, from, to string) []byte {
	tb.Helper()
	text := shipped(tb, id).Source()
	if !bytes.Contains(text, []byte(from)) {
		tb.Fatalf("%q is not in %s", from, id)
	}
	return bytes.Replace(text, []byte(from), []byte(to), 1)
}

// lineOf gives the line on which words stand.
func lineOf(text []byte, words string) int {
	return 1 + bytes.Count(text[:bytes.Index(text, []byte(words))], []byte("\n"))
}

// TestProblemsNameTheirLine breaks the light or the full method in one place each.
func TestProblemsNameTheirLine(t *testing.T) {
	for name, c := range map[string]struct {
		id, from, to string
		at           string // words on the line that is named
		path, says   string
	}{
		"unknown key":              {"cairn-light", "pm_minutes: {S: 10}", "pm_minuts: {S: 10}", "pm_minuts", "gates/l1/pm_minuts", `perhaps "pm_minutes" is meant`},
		"key twice":                {"cairn-light", "    name: Worth trying?", "    name: Worth trying?\n    name: Again", "name: Again", "gates/l1/name", "twice"},
		"not a number":             {"cairn-light", "typical_weeks: {S: 8}", "typical_weeks: {S: eight}", "eight", "phases/light-try/typical_weeks/S", "whole number"},
		"not a tier":               {"cairn-light", "typical_weeks: {S: 8}", "typical_weeks: {XS: 8}", "{XS: 8}", "phases/light-try/typical_weeks/XS", "S, M, L or XL"},
		"id twice":                 {"cairn-light", "  - id: go-03\n    name: Closed", "  - id: go-01\n    name: Closed", "id: go-01\n    name: Closed", "controls/go-01", "twice"},
		"gate of a control":        {"cairn-light", "due: l2", "due: l3", "due: l3", "controls/go-03/due", `no gate "l3"`},
		"group":                    {"cairn-light", "group: ri", "group: rj", "group: rj", "controls/ri-01/group", `no group "rj"`},
		"role":                     {"cairn-light", "owner: project-manager", "owner: project-manger", "project-manger", "controls/ri-01/owner", `perhaps "project-manager" is meant`},
		"day of a review":          {"cairn-light", "owner: project-manager", "review_on: 2027-02-30\n    owner: project-manager", "2027-02-30", "controls/ri-01/review_on", "no day"},
		"document":                 {"cairn-light", "id: doc-light-close, state", "id: doc-close, state", "doc-close, state", "controls/go-03/accepts/2/id", "no document"},
		"event":                    {"cairn-light", "name: project.closed, all", "name: project.ended, all", "project.ended, all", "controls/go-03/accepts/1/name", "no event"},
		"fact of a rule":           {"cairn-light", "lesson.count >= 1 && lesson.without_change_count", "lesson.counts >= 1 && lesson.without_change_count", "lesson.counts", "gates/l2/criteria/l2-home/record/1", `perhaps "lesson.count" is meant`},
		"fact of a document":       {"cairn-light", "fact: document.case_present", "fact: document.casepresent", "document.casepresent", "documents/doc-light-plan/fact", "no fact"},
		"rule of another type":     {"cairn-light", "project.age_days > 150", "project.age_days + 150", "project.age_days + 150", "use/leave_when/3/when", "true or false"},
		"rule that does not parse": {"cairn-light", "tier == S\n    accepts", "tier == == S\n    accepts", "tier == == S", "controls/ri-01/when", "cannot be read"},
		"facts where none belong":  {"cairn-light", "when: tier == S\n    accepts", "when: risk.open_count > 1\n    accepts", "when: risk.open_count > 1", "controls/ri-01/when", "tier and involves.*"},
		"control never met":        {"cairn-light", "when: tier == S\n    accepts", "when: tier < S\n    accepts", "when: tier < S", "controls/ri-01/when", "no project"},
		"fresh without days":       {"cairn-light", "    fresh_days: {S: 90}", "    fresh_days: null", "sponsor.silence_days <= fresh", "controls/pe-01/accepts/1/when", "fresh_days"},
		"gate without decider":     {"cairn-light", "  - {decision: gate, tier: S, up_to: null, who: sponsor, adds: []}\n", "", "form: {S: note}", "gates/l1/form/S", "nobody decides"},
		"ladder without end":       {"cairn-light", "decision: change, tier: S, up_to: null", "decision: change, tier: S, up_to: 500", "decision: change", "authority/3/up_to", "unlimited"},
		"row never reached":        {"cairn-full", "{decision: gate, tier: S, up_to: 1000000,", "{decision: gate, tier: S, up_to: null,", "{decision: gate, tier: S, up_to: null, who: steering", "authority/2", "never reached"},
		"limits that fall":         {"cairn-full", "decision: change, tier: L, up_to: 1000000", "decision: change, tier: L, up_to: 1000", "tier: L, up_to: 1000,", "authority/17/up_to", "reaches as far"},
		"points with a hole":       {"cairn-full", "id: M, points: [8, 14]", "id: M, points: [9, 14]", "points: [9, 14]", "dial/tiers/M/points", "ends at 7"},
		"points that overlap":      {"cairn-full", "id: M, points: [8, 14]", "id: M, points: [7, 14]", "points: [7, 14]", "dial/tiers/M/points", "ends at 7"},
		"points that do not add":   {"cairn-full", "max_points: 30", "max_points: 31", "max_points: 31", "dial/max_points", "30 points"},
		"eleven questions":         {"cairn-full", "    - id: duration\n", "    - {id: extra, ask: More, answers: [{id: y, label: yes, points: 0}, {id: n, label: no, points: 0}]}\n    - id: duration\n", "- id: size", "dial/questions", "11"},
		"wrong level":              {"cairn-full", "level: {M: must, L: must, XL: must}", "level: {M: mus, L: must, XL: must}", "M: mus,", "gates/g1/criteria/g1-problem/level/M", "must or should"},
		"folded into nothing":      {"cairn-full", "{S: {folded: g5}, M: review", "{S: {folded: g6}, M: review", "folded: g6", "gates/g4/form/S", "not held"},
		"unknown decision":         {"cairn-full", "{id: hold,", "{id: wait,", "id: wait", "decisions/wait", "not known"},
		"method of another form":   {"cairn-full", "schema: cairn/method/1", "schema: cairn/method/9", "schema: cairn/method/9", "schema", "cairn/method/1"},
		"example of the dial":      {"cairn-full", "expect: {points: 6, tier_by_points: S", "expect: {points: 7, tier_by_points: S", "id: dial-portal", "examples/dial/dial-portal", "6 points, not 7"},
		"example of authority":     {"cairn-full", "amount: 1000001, expect: steering-group", "amount: 1000001, expect: sponsor", "amount: 1000001", "examples/authority/3", `"steering-group" decides`},
		"example of evidence":      {"cairn-full", "days_since_event: 46, expect: gap", "days_since_event: 46, expect: evidenced", "days_since_event: 46", "examples/evidence/2", "stands as gap"},
		"promise of numbers":       {"cairn-full", "  M: [12, 18]", "  M: [12, 17]", "M: [12, 17]", "expected_range/M", "12 to 18"},
		"alias":                    {"cairn-light", "purpose: Say in", "purpose: &x Say in", "&x", "phases/light-agree/purpose", "anchors"},
	} {
		t.Run(name, func(t *testing.T) {
			text := change(t, c.id, c.from, c.to)
			m, problems := method.Read(text)
			if m != nil || len(problems) == 0 {
				t.Fatal("nothing was refused")
			}
			for _, p := range problems {
				if p.Path == c.path && strings.Contains(p.Message, c.says) {
					if want := lineOf(text, c.at); p.Line != want || p.Column < 1 {
						t.Errorf("%s, want line %d", p, want)
					}
					return
				}
			}
			t.Errorf("got\n%s\nwant %s: %s", problems.Error(), c.path, c.says)
		})
	}
}

func TestWhatIsNoMethodIsRefused(t *testing.T) {
	for _, text := range []string{
		"", "hello", "- a", "a: b", "schema: cairn/method/1", "\t", "a: [", "{", "schema: cairn/method/1\n---\na: b", "&a [*a]", "? [a]: b",
		strings.Repeat("[", 100_000), strings.Repeat("a: {", 50_000), strings.Repeat("x", method.MaxSize+1), "schema: !!binary x", "dial: {questions: 1}",
	} {
		if m, problems := method.Read([]byte(text)); m != nil || len(problems) == 0 {
			t.Errorf("%.20q was read", text)
		}
		if m, err := method.Load([]byte(text)); (m != nil) != (err == nil) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

func TestATextRoundTrips(t *testing.T) {
	for _, s := range method.Shipped() {
		m := shipped(t, s.ID)
		if !bytes.Equal(m.Source(), s.Text) {
			t.Errorf("%s: the text that goes out is not the one that came in", s.ID)
		}
		again, err := method.Load(m.Source())
		if err != nil {
			t.Fatal(err)
		}
		if d := method.Diff(m, again); len(d) > 0 {
			t.Errorf("%s: %v", s.ID, d)
		}
	}
}

func TestRetitle(t *testing.T) {
	for _, s := range method.Shipped() {
		text, err := method.Retitle(s.Text, "ours-2", "Our: own #1 method", 7)
		if err != nil {
			t.Fatal(err)
		}
		m, err := method.Load(text)
		if err != nil {
			t.Fatal(err)
		}
		if m.ID != "ours-2" || m.Name != "Our: own #1 method" || m.Version != 7 {
			t.Errorf("%q %q %d", m.ID, m.Name, m.Version)
		}
		before, after := strings.Split(string(s.Text), "\n"), strings.Split(string(text), "\n")
		changed := 0
		for i := range before {
			if before[i] != after[i] {
				changed++
			}
		}
		if len(before) != len(after) || changed != 3 {
			t.Errorf("%d lines changed, want three", changed)
		}
	}
	for _, bad := range []string{"", "{id: a, name: b, version: 1}", "id: a\nname: b", "id: >\n  a\nname: b\nversion: 1"} {
		if out, err := method.Retitle([]byte(bad), "a", "b", 1); err == nil {
			t.Errorf("%q became %q", bad, out)
		}
	}
}

func TestVocabularyIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range method.Vocabulary() {
		if seen[f.Name] || f.Means == "" || f.From == "" || f.Unit == "" {
			t.Errorf("%+v", f)
		}
		seen[f.Name] = true
		if !cmp.Equal(true, map[string]bool{"bool": true, "int": true, "double": true, "string": true, "list": true}[f.Type]) {
			t.Errorf("%s has the type %q", f.Name, f.Type)
		}
	}
	facts, events := shipped(t, "cairn-full").Asks()
	if len(facts) < 80 || len(events) < 25 {
		t.Errorf("asks for %d facts and %d events", len(facts), len(events))
	}
	for _, name := range facts {
		if !seen[name] {
			t.Errorf("%s is asked for and not in the vocabulary", name)
		}
	}
}
