package method_test

import (
	"testing"

	"cairn/internal/governance/method"
)

// shipped reads a method that comes with Cairn.
func shipped(tb testing.TB, id string) *method.Method {
	tb.Helper()
	for _, s := range method.Shipped() {
		if s.ID != id {
			continue
		}
		m, problems := method.Read(s.Text)
		if len(problems) > 0 {
			tb.Fatalf("%s:\n%s", id, problems.Error())
		}
		return m
	}
	tb.Fatalf("no method %s comes with Cairn", id)
	return nil
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
	t.Log(sizes, err)
}
