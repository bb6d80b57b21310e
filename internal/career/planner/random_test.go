package planner_test

import (
	"fmt"
	"math/rand/v2"

	"cairn/internal/career/planner"
)

// shape is how large and how hard a random instance is.
type shape struct {
	options, roles, measures int
	max                      int     // takings of an option at most
	after                    float64 // share of options that have something before them
	needs                    int     // of a role, at most
	ties                     bool    // few different hours and weeks
}

// random makes an instance whose hours follow what an option gives (so that none is
// a bargain), with levels that roles share and any-of nearly everywhere.
func random(r *rand.Rand, s shape) *planner.Instance {
	in := &planner.Instance{Base: make([]int, s.measures)}
	for m := range in.Base {
		if r.IntN(3) == 0 {
			in.Base[m] = r.IntN(3)
		}
	}
	levels := make([]int, 0, s.measures)
	for range s.measures {
		levels = append(levels, level(r, in))
	}
	for i := range s.options {
		o := planner.Option{ID: fmt.Sprintf("o%02d", i), Max: 1 + r.IntN(s.max), Weeks: 1 + r.IntN(30), After: -1}
		worth := 0
		for range 2 + r.IntN(5) {
			a := planner.Add{Measure: r.IntN(s.measures), Count: 1 + r.IntN(4)}
			if r.IntN(5) == 0 {
				a.Count, a.Periods = 0, uint64(r.IntN(255)+1)
			}
			o.Adds = append(o.Adds, a)
			worth += 2 + a.Count
		}
		o.Hours = max(1, worth*8+r.IntN(25)-12)
		if s.ties {
			o.Hours, o.Weeks = 10*(1+worth/6), 4*(1+r.IntN(4))
		}
		if r.Float64() < s.after {
			o.After = levels[r.IntN(len(levels))]
		}
		in.Options = append(in.Options, o)
	}
	for i := range s.roles {
		role := planner.Role{ID: fmt.Sprintf("r%02d", i)}
		for range 1 + r.IntN(s.needs) {
			role.Needs = append(role.Needs, need(r, in, levels))
		}
		in.Roles = append(in.Roles, role)
	}
	return in
}

func node(in *planner.Instance, n planner.Node) int {
	in.Nodes = append(in.Nodes, n)
	return len(in.Nodes) - 1
}

func threshold(r *rand.Rand, in *planner.Instance) int {
	return node(in, planner.Node{Measure: r.IntN(len(in.Base)), Least: 1 + r.IntN(6)})
}

// level is one of several conjunctions.
func level(r *rand.Rand, in *planner.Instance) int {
	var ways []int
	for range 1 + r.IntN(3) {
		var all []int
		for range 1 + r.IntN(2) {
			all = append(all, threshold(r, in))
		}
		ways = append(ways, node(in, planner.Node{Kind: planner.All, Kids: all}))
	}
	return node(in, planner.Node{Kind: planner.Any, Kids: ways})
}

func need(r *rand.Rand, in *planner.Instance, levels []int) int {
	kids := []int{levels[r.IntN(len(levels))]}
	for range r.IntN(3) {
		if r.IntN(2) == 0 {
			kids = append(kids, levels[r.IntN(len(levels))])
		} else {
			kids = append(kids, threshold(r, in))
		}
	}
	return node(in, planner.Node{Kind: planner.Any, Kids: kids})
}

func limits(r *rand.Rand, in *planner.Instance) (l planner.Limits) {
	if r.IntN(2) == 0 {
		l.Hours = 50 + r.IntN(600)
	}
	if r.IntN(2) == 0 {
		l.Weeks = 4 + r.IntN(60)
	}
	if r.IntN(2) == 0 {
		l.HoursWeek = 2 + r.IntN(15)
	}
	if r.IntN(2) == 0 {
		l.Out = make([]bool, len(in.Options))
		l.Out[r.IntN(len(in.Options))] = true
	}
	return l
}
