package check

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"cairn/internal/career/framework"
	"cairn/internal/career/standing"
)

// Work gives the work of an invented person.
func Work(e framework.Example) []standing.Item {
	return standing.Spread(e.Evidence, "", func(l framework.Evidence) (from, to time.Time) {
		if len(l.Ago) != 2 {
			return Day, Day
		}
		begin := Day.AddDate(0, -l.Ago[0], 0)
		if l.Months > 0 {
			return begin, begin.AddDate(0, l.Months-1, 0)
		}
		return begin, Day.AddDate(0, -l.Ago[1], 0)
	})
}

// examples: invented people get exactly what the file says of them.
func (t *trial) examples() {
	for _, e := range t.f.Examples {
		work := Work(e)
		s := standing.Evaluate(t.f, work, Day, e.MonthsInField)
		at := "examples/" + e.ID + "/expect"
		t.roles(at+"/qualifies", e.Expect.Qualifies, InState(s, standing.Qualified))
		t.roles(at+"/one_step", e.Expect.OneStep, InState(s, standing.OneStep))
		opens := map[string][]string{}
		for _, o := range s.Options {
			opens[o.ID] = o.Opens
			if _, said := e.Expect.Opens[o.ID]; !said && len(o.Opens) > 0 {
				t.Say(at+"/opens", "the option %s opens %s, and the file does not say so", o.ID, list(o.Opens))
			}
		}
		for _, id := range slices.Sorted(maps.Keys(e.Expect.Opens)) {
			t.roles(at+"/opens/"+id, e.Expect.Opens[id], opens[id])
		}
		t.numbers(at, e.Expect, s)
		for i, g := range e.Expect.Together {
			got := standing.OpensTogether(t.f, work, Day, e.MonthsInField, g.Options...)
			for _, id := range g.Opens {
				if !slices.Contains(got, id) {
					t.Say(at+"/together/"+strconv.Itoa(i+1), "the options %s do not open %s between them", list(g.Options), id)
				}
			}
		}
	}
}

func (t *trial) numbers(at string, want framework.Expectation, s standing.Standing) {
	for _, l := range s.Levels {
		if n, said := want.Levels[l.Competency.ID]; said && n != l.Application {
			t.Say(at+"/levels/"+l.Competency.ID, "the rules give level %d, and the file says %d", l.Application, n)
		}
	}
	for _, c := range s.Counters {
		if n, said := want.Counters[c.ID]; said && n != c.Value {
			t.Say(at+"/counters/"+c.ID, "the counter says %d, and the file %d", c.Value, n)
		}
	}
}

func (t *trial) roles(at string, want, got []string) {
	want, got = slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))
	if !slices.Equal(want, got) {
		t.Say(at, "the rules give %s, and the file says %s", list(got), list(want))
	}
}

func list(ids []string) string {
	if len(ids) == 0 {
		return "none"
	}
	return strings.Join(ids, ", ")
}

// InState gives the ids of the roles in a state.
func InState(s standing.Standing, state string) (out []string) {
	for _, r := range s.Roles {
		if r.State == state {
			out = append(out, r.ID)
		}
	}
	return out
}
