package careerweb

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"cairn/internal/career"
	"cairn/internal/career/standing"
)

// quartersShown is how far back the small charts reach.
const quartersShown = 12

// quarters counts what began in each of the last twelve quarters, oldest first.
func quarters(o career.Opened, today string) []int {
	out := make([]int, quartersShown)
	now, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return out
	}
	for _, m := range o.Months {
		at, err := time.Parse("2006-01", m.Month)
		if err != nil {
			continue
		}
		ago := (now.Year()-at.Year())*4 + (int(now.Month())-1)/3 - (int(at.Month())-1)/3
		if ago >= 0 && ago < quartersShown {
			out[quartersShown-1-ago] += m.Count
		}
	}
	return out
}

func numbers(list []int) string {
	var parts []string
	for _, n := range list {
		parts = append(parts, strconv.Itoa(n))
	}
	return strings.Join(parts, ", ")
}

// unreached are the roles that the person does not qualify for yet.
func unreached(st career.Standing) []standing.Role {
	return append(inState(st, standing.OneStep), inState(st, standing.Further)...)
}

func contains(list []string, id string) bool { return slices.Contains(list, id) }

// firstCounters are a few of the things that a standing counts.
func firstCounters(st career.Standing) (out []string) {
	for _, c := range st.By.Counters {
		if len(out) < 4 {
			out = append(out, c.Name)
		}
	}
	return out
}
