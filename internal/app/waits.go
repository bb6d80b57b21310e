package app

import (
	"cmp"
	"slices"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/ui"
)

// deskView is what waits for a person, the dearest first.
type deskView struct {
	Waits, More []ui.Wait
	Past        int // of them, past their date
}

// mostWaits is how many things the desk shows at once; the rest unfolds.
const mostWaits = 12

// soonDays is how near a date makes waiting dear.
const soonDays = 7

// deskOf orders what waits by what waiting costs: first what is past its date or
// near it, then what has no date, then what comes later, when waiting still costs
// nothing. Dates alone would put what is late and matters to nobody before what
// holds up a project.
func deskOf(list []ui.Wait, today clock.Day) (v deskView) {
	soon := clock.AddDays(today, soonDays)
	near := func(w ui.Wait) int {
		switch {
		case w.Due == "":
			return 1
		case w.Due <= soon:
			return 0
		}
		return 2
	}
	slices.SortStableFunc(list, func(a, b ui.Wait) int {
		if n := near(a); n != near(b) || n == 2 && a.Due != b.Due {
			return cmp.Or(n-near(b), cmp.Compare(a.Due, b.Due))
		}
		return cmp.Or(cmp.Compare(a.Cost, b.Cost), cmp.Compare(a.Due, b.Due))
	})
	for _, w := range list {
		if w.Due != "" && w.Due < today {
			v.Past++
		}
	}
	n := min(len(list), mostWaits)
	v.Waits, v.More = list[:n], list[n:]
	return v
}

// lead says how much waits.
func (v deskView) lead() string {
	n := len(v.Waits) + len(v.More)
	if n == 0 {
		return "Nothing waits for you."
	}
	s := ui.Count(n, "thing waits", "things wait") + " for you"
	if v.Past > 0 {
		s += ", " + ui.Count(v.Past, "of them is", "of them are") + " past the date"
	}
	return s + "."
}
