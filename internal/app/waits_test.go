package app

import (
	"strings"
	"testing"

	"cairn/internal/kit/ui"
)

func TestTheDeskIsOrderedByWhatWaitingCosts(t *testing.T) {
	const today = "2026-05-20"
	v := deskOf([]ui.Wait{
		{Title: "review in a month", Cost: ui.HoldsUp, Due: "2026-06-20"},
		{Title: "minutes", Cost: ui.CountsNot},
		{Title: "report, late", Cost: ui.Hides, Due: "2026-05-08"},
		{Title: "action in two weeks", Cost: ui.Hides, Due: "2026-06-03"},
		{Title: "waiver to decide", Cost: ui.HoldsUp},
		{Title: "review next week", Cost: ui.Blocks, Due: "2026-05-27"},
		{Title: "condition, overdue", Cost: ui.Blocks, Due: "2026-05-19"},
		{Title: "action, long overdue", Cost: ui.HoldsUp, Due: "2026-03-01"},
		{Title: "waiver ends", Cost: ui.Hides, Due: "2026-05-22"},
	}, today)
	var got []string
	for _, w := range v.Waits {
		got = append(got, w.Title)
	}
	want := "condition, overdue; review next week; action, long overdue; report, late; waiver ends; waiver to decide; minutes; action in two weeks; review in a month"
	if strings.Join(got, "; ") != want || v.Past != 3 || v.lead() != "9 things wait for you, 3 of them are past the date." {
		t.Errorf("%s: %s", v.lead(), strings.Join(got, "; "))
	}
	if v = deskOf(make([]ui.Wait, mostWaits+3), today); len(v.Waits) != mostWaits || len(v.More) != 3 {
		t.Errorf("%d shown, %d unfold", len(v.Waits), len(v.More))
	}
	if v = deskOf(nil, today); v.lead() != "Nothing waits for you." {
		t.Error(v.lead())
	}
}
