package planner_test

import (
	"context"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"cairn/internal/career/planner"
)

// brute is the definition, written down without thought for speed: it looks at every
// plan, and shares no line with the planner.
type brute struct {
	in    *planner.Instance
	lim   planner.Limits
	roles []int
	many  bool
	plans []candidate // those that open anything, within the limits
}

type candidate struct {
	times               []int
	open                int
	hours, weeks, steps int
}

func (b *brute) met(times []int, n int) bool {
	node := b.in.Nodes[n]
	switch node.Kind {
	case planner.Threshold:
	case planner.All:
		return !slices.ContainsFunc(node.Kids, func(k int) bool { return !b.met(times, k) })
	case planner.Any:
		return slices.ContainsFunc(node.Kids, func(k int) bool { return b.met(times, k) })
	}
	value, periods := b.in.Base[node.Measure], uint64(0)
	for i, t := range times {
		for _, a := range b.in.Options[i].Adds {
			if a.Measure == node.Measure && t > 0 {
				value += t * a.Count
				periods |= a.Periods
			}
		}
	}
	return value+bits.OnesCount64(periods) >= node.Least
}

func (b *brute) open(times []int) (n int) {
	for _, r := range b.roles {
		if !slices.ContainsFunc(b.in.Roles[r].Needs, func(k int) bool { return !b.met(times, k) }) {
			n++
		}
	}
	return n
}

// length plays a plan from end to end of what runs.
func (b *brute) length(times []int) (weeks int, ok bool) {
	done, left, until := make([]int, len(times)), slices.Clone(times), make([]int, len(times))
	hours, toDo := 0, 0
	for i, t := range times {
		hours += t * b.in.Options[i].Hours
		toDo += t
	}
	for week := 0; toDo > 0; {
		for i := range until {
			if until[i] > 0 && until[i] == week {
				done[i]++
				toDo--
				until[i] = 0
				weeks = week
			}
		}
		next := 0
		for i, o := range b.in.Options {
			if left[i] > 0 && until[i] == 0 && (o.After < 0 || b.met(done, o.After)) {
				lasts := o.Weeks
				if h := b.lim.HoursWeek; h > 0 && (o.Hours+h-1)/h > lasts {
					lasts = (o.Hours + h - 1) / h
				}
				left[i]--
				until[i] = week + lasts
			}
			if until[i] > 0 && (next == 0 || until[i] < next) {
				next = until[i]
			}
		}
		if next == 0 && toDo > 0 {
			return 0, false
		}
		week = next
	}
	if h := b.lim.HoursWeek; h > 0 {
		weeks = max(weeks, (hours+h-1)/h)
	}
	return weeks, true
}

func (b *brute) fits(times []int) (c candidate, ok bool) {
	c = candidate{times: slices.Clone(times)}
	for i, t := range times {
		if t > 0 && i < len(b.lim.Out) && b.lim.Out[i] {
			return c, false
		}
		c.hours += t * b.in.Options[i].Hours
		c.steps += t
	}
	if b.lim.Hours > 0 && c.hours > b.lim.Hours {
		return c, false
	}
	if c.open = b.open(times); c.open == 0 {
		return c, false
	}
	if c.weeks, ok = b.length(times); !ok {
		return c, false
	}
	return c, b.lim.Weeks == 0 || c.weeks <= b.lim.Weeks
}

func (b *brute) all() {
	times := make([]int, len(b.in.Options))
	for {
		if c, ok := b.fits(times); ok {
			b.plans = append(b.plans, c)
		}
		i := 0
		for ; i < len(times); i++ {
			if times[i]++; times[i] <= b.in.Options[i].Max {
				break
			}
			times[i] = 0
		}
		if i == len(times) {
			break
		}
	}
}

// before is the order of plans.
func (b *brute) before(x, y candidate) bool {
	for _, d := range []int{y.open - x.open, x.hours - y.hours, x.weeks - y.weeks, x.steps - y.steps} {
		if d != 0 {
			return d < 0
		}
	}
	return slices.Compare(b.ids(x.times), b.ids(y.times)) < 0
}

func (b *brute) ids(times []int) (out []string) {
	for i, t := range times {
		for range t {
			out = append(out, b.in.Options[i].ID)
		}
	}
	slices.Sort(out)
	return out
}

// needed reports whether no step can be left out.
func (b *brute) needed(c candidate) bool {
	for i := range c.times {
		if c.times[i] == 0 {
			continue
		}
		less := slices.Clone(c.times)
		less[i]--
		if d, ok := b.fits(less); ok && d.open >= c.open {
			return false
		}
	}
	return true
}

func (b *brute) best(plans int) (out []candidate) {
	for len(out) < plans {
		var first *candidate
		for i := range b.plans {
			c := &b.plans[i]
			shares := func(e candidate) bool {
				shared := 0
				for i := range c.times {
					shared += min(c.times[i], e.times[i]) * b.in.Options[i].Hours
				}
				return 2*shared > c.hours || c.hours > 2*out[0].hours && (b.many || c.steps > 1)
			}
			if (first == nil || b.before(*c, *first)) && !slices.ContainsFunc(out, shares) && b.needed(*c) {
				first = c
			}
		}
		if first == nil {
			break
		}
		out = append(out, *first)
	}
	return out
}

func timesOf(in *planner.Instance, p planner.Plan) []int {
	out := make([]int, len(in.Options))
	for _, s := range p.Steps {
		out[s.Option]++
	}
	return out
}

func TestPlansAreThoseOfBruteForce(t *testing.T) {
	shapes := []shape{
		{options: 8, roles: 4, measures: 6, max: 2, after: 0.4, needs: 3},
		{options: 10, roles: 5, measures: 8, max: 1, after: 0.3, needs: 4},
		{options: 7, roles: 3, measures: 5, max: 3, after: 0.5, needs: 3, ties: true},
		{options: 11, roles: 6, measures: 10, max: 1, after: 0.6, needs: 3, ties: true},
	}
	rounds := 300
	if testing.Short() {
		rounds = 60
	}
	found := [2]int{}
	for n, s := range shapes {
		for seed := range rounds {
			r := rand.New(rand.NewPCG(uint64(n), uint64(seed)))
			in := random(r, s)
			l := limits(r, in)
			l.Nodes = 10_000_000
			target := r.IntN(len(in.Roles))
			found[0] += same(t, fmt.Sprint("shape ", n, " seed ", seed, " to one"), in, []int{target}, false, l)
			var all []int
			for i := range in.Roles {
				all = append(all, i)
			}
			found[1] += same(t, fmt.Sprint("shape ", n, " seed ", seed, " to most"), in, all, true, l)
			if t.Failed() {
				return
			}
		}
	}
	t.Logf("%d instances, %d plans to one role and %d to most roles compared", len(shapes)*rounds, found[0], found[1])
}

func TestTwentyOptionsAreThoseOfBruteForce(t *testing.T) {
	for seed := range 2 {
		r := rand.New(rand.NewPCG(20, uint64(seed)))
		in := random(r, shape{options: 20, roles: 6, measures: 14, max: 1, after: 0.2, needs: 4})
		same(t, fmt.Sprint("twenty, seed ", seed), in, []int{0}, false, planner.Limits{Nodes: 10_000_000})
	}
}

func same(t *testing.T, name string, in *planner.Instance, roles []int, many bool, l planner.Limits) int {
	t.Helper()
	b := &brute{in: in, lim: l, many: many}
	for _, r := range roles {
		if !opened(in, r) {
			b.roles = append(b.roles, r)
		}
	}
	if len(b.roles) > 0 {
		b.all()
	}
	want := b.best(3)
	ask := func() (planner.Answer, error) { return planner.Cheapest(context.Background(), in, roles[0], l, 3) }
	if many {
		ask = func() (planner.Answer, error) { return planner.Most(context.Background(), in, roles, l, 3) }
	}
	got, err := ask()
	if err != nil || !got.Proven {
		t.Fatalf("%s: %v, proven %v", name, err, got.Proven)
	}
	if len(got.Plans) != len(want) {
		t.Errorf("%s: %d plans, want %d", name, len(got.Plans), len(want))
		return 0
	}
	for i, p := range got.Plans {
		w := want[i]
		if !slices.Equal(timesOf(in, p), w.times) || p.Hours != w.hours || p.Weeks != w.weeks || len(p.Steps) != w.steps || len(p.Opens) != w.open {
			t.Errorf("%s: plan %d is %v (%d h, %d w, %d roles), want %v (%d h, %d w, %d roles)", name, i,
				timesOf(in, p), p.Hours, p.Weeks, len(p.Opens), w.times, w.hours, w.weeks, w.open)
		}
		if i == 0 && !many && got.Bound != p.Hours {
			t.Errorf("%s: bound %d for %d hours", name, got.Bound, p.Hours)
		}
	}
	return len(want)
}

func opened(in *planner.Instance, role int) bool {
	for _, n := range in.Roles[role].Needs {
		if !in.Open(n) {
			return false
		}
	}
	return true
}
