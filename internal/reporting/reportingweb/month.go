package reportingweb

import (
	"context"
	"strconv"
	"time"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/ui"
	"cairn/internal/reporting"
)

// kinds are the parts of the month with their numbers, only those that there are.
func (v monthView) kinds() (out []showKind) {
	for _, k := range []struct {
		name string
		n    int
		says string
	}{
		{"", v.All, "all"},
		{"to_come", v.All - v.In, "to come"},
		{"in", v.In, "in"},
		{"better", v.Better, "better"},
		{"worse", v.Worse, "worse"},
		{"watermelon", v.Watermelons, "green outside, red inside"},
	} {
		if k.n > 0 || k.name == v.Show {
			out = append(out, showKind{name: k.name, says: strconv.Itoa(k.n) + " " + k.says})
		}
	}
	return out
}

// stateText says where a report stands on the day.
func (v monthView) stateText(ctx context.Context, s reporting.State) string {
	at := ui.DayOf(ctx, time.UnixMicro(s.At))
	late, _ := clock.DaysBetween(v.DueBy, v.Today) // both are dates
	switch {
	case s.Number > 1:
		return "version " + strconv.Itoa(s.Number) + ", " + ui.Date(at, v.Today)
	case s.Number == 1:
		return "sent " + ui.Date(at, v.Today)
	case s.Drafted:
		return "draft of " + ui.Date(at, v.Today)
	case late > 0:
		return ui.Days(late) + " late"
	}
	return "due " + ui.Date(v.DueBy, v.Today)
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
