package method_test

import (
	"fmt"
	"sync"
	"testing"

	"cairn/internal/governance/method"
)

var readShipped = sync.OnceValues(func() (map[string]*method.Method, error) {
	out := map[string]*method.Method{}
	for _, s := range method.Shipped() {
		m, problems := method.Read(s.Text)
		if len(problems) > 0 {
			return nil, fmt.Errorf("%s:\n%w", s.ID, problems)
		}
		out[s.ID] = m
	}
	return out, nil
})

// shipped gives a method that comes with Cairn.
func shipped(tb testing.TB, id string) *method.Method {
	tb.Helper()
	all, err := readShipped()
	if err != nil {
		tb.Fatal(err)
	}
	if all[id] == nil {
		tb.Fatalf("no method %s comes with Cairn", id)
	}
	return all[id]
}

func TestShippedMethodsHoldWhatTheyPromise(t *testing.T) {
	full, light := shipped(t, "cairn-full"), shipped(t, "cairn-light")
	for what, counts := range map[string][2]int{
		"questions":            {len(full.Dial.Questions), 10},
		"dial examples":        {len(full.Examples.Dial), 8},
		"authority examples":   {len(full.Examples.Authority), 7},
		"gate examples":        {len(full.Examples.Gates), 7},
		"quorum examples":      {len(full.Examples.Quorum), 5},
		"criteria examples":    {len(full.Examples.Criteria), 5},
		"controls examples":    {len(full.Examples.Controls), 6},
		"evidence examples":    {len(full.Examples.Evidence), 5},
		"controls":             {len(full.Controls), 58},
		"light controls":       {len(light.Controls), 4},
		"light leave examples": {len(light.Examples.Leaving), 2},
	} {
		if counts[0] != counts[1] {
			t.Errorf("%d %s, want %d", counts[0], what, counts[1])
		}
	}
	sizes, err := full.Sizes()
	if err != nil || sizes != full.ExpectedRange {
		t.Errorf("sizes %v, promised %v, %v", sizes, full.ExpectedRange, err)
	}
}

func TestMethodsToStartFromAreSound(t *testing.T) {
	for i, s := range method.Starts() {
		m, problems := method.Read(s.Text)
		if len(problems) > 0 {
			t.Fatalf("%s: %v", s.ID, problems)
		}
		if m.ID != s.ID || len(m.Gates) != i+2 || len(m.Phases) != i+3 {
			t.Errorf("%s: id %s, %d gates, %d phases", s.ID, m.ID, len(m.Gates), len(m.Phases))
		}
		for _, tier := range method.Tiers() {
			for _, g := range m.Require(tier, nil).Gates {
				if !g.Held {
					t.Errorf("%s: %s is not held at %s", s.ID, g.Gate.ID, tier)
				}
			}
		}
	}
}
