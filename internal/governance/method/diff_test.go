package method_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cairn/internal/governance/method"
)

// edits are changes that somebody may make to the full method.
var edits = [][2]string{
	{"name: Reason on one page", "name: The reason"},
	{"    minutes: {S: 10, M: 15, L: 20, XL: 30}\n", "    minutes: {M: 15, L: 25, XL: 30}\n"},
	{"    fresh_days: 365\n", "    fresh_days: 300\n"},
	{"    when: tier >= S\n", "    when: tier >= M\n"},
	{"  - {id: secretariat, kind: person,", "  - {id: clerk, kind: person,"},
	{"form: {S: {folded: g5}, M: review", "form: {S: note, M: review"},
	{"      - id: g5-money\n", "      - id: g5-cost\n"},
	{"{decision: change, tier: L, up_to: 1000000", "{decision: change, tier: L, up_to: 2000000"},
	{"  - {decision: change, tier: L, up_to: 100000, who: sponsor, adds: []}\n", ""},
	{"id: to-3-months, label: \"up to 3 months\"", "id: to-3-months, label: \"up to a quarter\""},
	{"{id: floor-5m,", "{id: floor-5-million,"},
	{"  - {name: statement.agreed,", "  - {name: words.agreed,"},
	{"      - {kind: event, name: case.approved}\n", ""},
	{"silence_line_after_days: {S: 60", "silence_line_after_days: {S: 45"},
	{"up_to: null, who: head-of-pmo", "up_to: 5000, who: head-of-pmo"},
}

func edited(tb interface{ Fatal(...any) }, which []int) *method.Method {
	text := method.Shipped()[0].Text
	for _, i := range which {
		if !bytes.Contains(text, []byte(edits[i][0])) {
			tb.Fatal("nothing to edit: " + edits[i][0])
		}
		text = bytes.Replace(text, []byte(edits[i][0]), []byte(edits[i][1]), 1)
	}
	m, err := method.Load(text)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// mirrored turns changes round.
func mirrored(changes []method.Change) []method.Change {
	other := map[method.ChangeKind]method.ChangeKind{method.Added: method.Removed, method.Removed: method.Added, method.Changed: method.Changed}
	out := slices.Clone(changes)
	for i := range out {
		out[i].Kind, out[i].From, out[i].To = other[out[i].Kind], out[i].To, out[i].From
	}
	return out
}

func sortedChanges(changes []method.Change) []method.Change {
	out := slices.Clone(changes)
	for i := range out {
		out[i].Name = "" // of the newer one, which is another one the other way round
	}
	slices.SortFunc(out, func(a, b method.Change) int {
		for _, n := range []int{
			cmpStrings(a.Part, b.Part), cmpStrings(a.Of, b.Of), cmpStrings(a.ID, b.ID), cmpStrings(a.What, b.What), cmpStrings(string(a.Kind), string(b.Kind)),
		} {
			if n != 0 {
				return n
			}
		}
		return 0
	})
	return out
}

func cmpStrings(a, b string) int { return bytes.Compare([]byte(a), []byte(b)) }

func TestLawsOfDiff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfDistinct(rapid.IntRange(0, len(edits)-1), rapid.ID[int])
		a, b := edited(t, slices.Sorted(slices.Values(some.Draw(t, "a")))), edited(t, slices.Sorted(slices.Values(some.Draw(t, "b"))))
		if d := method.Diff(a, a); len(d) > 0 {
			t.Fatalf("differs from itself: %v", d)
		}
		there, back := method.Diff(a, b), method.Diff(b, a)
		if d := cmp.Diff(sortedChanges(there), sortedChanges(mirrored(back))); d != "" {
			t.Fatal(d)
		}
	})
}

func TestDiffIsReadable(t *testing.T) {
	a := edited(t, nil)
	for i, want := range [][]method.Change{
		{{Kind: method.Changed, Part: "control", ID: "bc-01", Name: "The reason", What: "name", From: "Reason on one page", To: "The reason"}},
		{
			{Kind: method.Changed, Part: "control", ID: "bc-01", Name: "Reason on one page", What: "minutes, S", From: "10"},
			{Kind: method.Changed, Part: "control", ID: "bc-01", Name: "Reason on one page", What: "minutes, L", From: "20", To: "25"},
		},
		{{Kind: method.Changed, Part: "control", ID: "pl-02", Name: "Plan challenged by somebody outside", What: "fresh days", From: "365", To: "300"}},
		{{Kind: method.Changed, Part: "control", ID: "bc-01", Name: "Reason on one page", What: "when", From: "tier >= S", To: "tier >= M"}},
		{
			{Kind: method.Removed, Part: "role", ID: "secretariat", Name: "Secretariat"},
			{Kind: method.Added, Part: "role", ID: "clerk", Name: "Secretariat"},
		},
		{{Kind: method.Changed, Part: "gate", ID: "g4", Name: "Ready to go live?", What: "form, S", From: "folded g5", To: "note"}},
		{
			{Kind: method.Removed, Part: "criterion", ID: "g5-money", Of: "g5", Name: "The final cost is known and compared with what was approved"},
			{Kind: method.Added, Part: "criterion", ID: "g5-cost", Of: "g5", Name: "The final cost is known and compared with what was approved"},
		},
		{{Kind: method.Changed, Part: "authority", ID: "change, L, 2", Name: "change, L", What: "up to", From: "1000000", To: "2000000"}},
	} {
		if d := cmp.Diff(want, method.Diff(a, edited(t, []int{i}))); d != "" {
			t.Errorf("%s\n%s", edits[i][0], d)
		}
	}
	light, err := method.Load(method.Shipped()[1].Text)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range method.Diff(a, light) {
		if c.Part == "question" || c.Part == "answer" || c.Part == "criterion" {
			t.Errorf("what went with the whole is listed: %+v", c)
		}
	}
}
