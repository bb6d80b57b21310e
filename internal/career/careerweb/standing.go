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

// shownRoles and shownOptions bound the table of what opens what.
const shownRoles, shownOptions = 7, 8

// nearest are the roles that are the fewest requirements away.
func nearest(st career.Standing) []standing.Role {
	near := append(inState(st, standing.OneStep), inState(st, standing.Further)...)
	slices.SortStableFunc(near, func(a, b standing.Role) int { return a.Missing() - b.Missing() })
	return near[:min(len(near), shownRoles)]
}

// useful are the options that open or bring closer one of the nearest roles: those
// that open most first, then by hours.
func useful(st career.Standing) (out []standing.Option) {
	near := nearest(st)
	for _, o := range st.Options {
		if slices.ContainsFunc(near, func(r standing.Role) bool { return contains(o.Opens, r.ID) || contains(o.Closer, r.ID) }) {
			out = append(out, o)
		}
	}
	slices.SortStableFunc(out, func(a, b standing.Option) int {
		if len(a.Opens) != len(b.Opens) {
			return len(b.Opens) - len(a.Opens)
		}
		return a.Hours - b.Hours
	})
	return out[:min(len(out), shownOptions)]
}

// levelsIn are the levels of the competencies of an area.
func levelsIn(st career.Standing, area string) (out []standing.Level) {
	for _, l := range st.Levels {
		if l.Competency.Area == area {
			out = append(out, l)
		}
	}
	return out
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

// unreached are the roles that the person does not qualify for yet.
func unreached(st career.Standing) []standing.Role {
	return append(inState(st, standing.OneStep), inState(st, standing.Further)...)
}
