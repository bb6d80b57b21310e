package planner_test

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/crillab/gophersat/solver"

	"cairn/internal/career/planner"
)

// encoding is an instance as pseudo-boolean constraints. An option that has something
// before it is there from a stage on, and what it needs has to be there one stage
// earlier: as many stages as there are such options are enough for any order.
type encoding struct {
	in     *planner.Instance
	lim    planner.Limits
	vars   int
	list   []solver.PBConstr
	taken  [][]int   // of each option, of each taking: the variable
	staged [][][]int // the same at each stage
	nodes  []map[int]int
	stages int
}

func (e *encoding) fresh() int { e.vars++; return e.vars }

func (e *encoding) clause(lits ...int) {
	slices.Sort(lits)
	e.list = append(e.list, solver.PropClause(slices.Compact(lits)...))
}

// atLeast gives each literal once, as the solver wants it, and no weight above what
// is asked.
func (e *encoding) atLeast(lits, weights []int, least int) {
	sum := map[int]int{}
	for i, l := range lits {
		sum[l] += weights[i]
	}
	var ls, ws []int
	for _, l := range slices.Sorted(maps.Keys(sum)) {
		ls, ws = append(ls, l), append(ws, min(sum[l], least))
	}
	e.list = append(e.list, solver.GtEq(ls, ws, least))
}

func encode(in *planner.Instance, lim planner.Limits) *encoding {
	e := &encoding{in: in, lim: lim, stages: 1}
	for _, o := range in.Options {
		if o.After >= 0 && !in.Open(o.After) {
			e.stages++
		}
	}
	e.nodes = make([]map[int]int, e.stages)
	for s := range e.stages {
		e.nodes[s] = map[int]int{}
	}
	for i, o := range in.Options {
		var takings []int
		var stages [][]int
		for k := range o.Max {
			x := e.fresh()
			if k > 0 {
				e.clause(-x, takings[k-1])
			}
			if i < len(lim.Out) && lim.Out[i] {
				e.clause(-x)
			}
			takings = append(takings, x)
			stages = append(stages, e.taking(o, x))
		}
		e.taken, e.staged = append(e.taken, takings), append(e.staged, stages)
	}
	e.order()
	if lim.Hours > 0 {
		lits, weights := e.hours()
		e.list = append(e.list, solver.LtEq(lits, weights, lim.Hours))
	}
	return e
}

// taking gives the variable of a taking at each stage.
func (e *encoding) taking(o planner.Option, x int) (out []int) {
	for s := range e.stages {
		if o.After < 0 || e.in.Open(o.After) || s == e.stages-1 {
			out = append(out, x)
			continue
		}
		p := e.fresh()
		out = append(out, p)
	}
	for s := range len(out) - 1 {
		if out[s] != out[s+1] {
			e.clause(-out[s], out[s+1])
		}
	}
	return out
}

func (e *encoding) order() {
	for i, o := range e.in.Options {
		if o.After < 0 || e.in.Open(o.After) {
			continue
		}
		for k := range o.Max {
			e.clause(-e.staged[i][k][0])
			for s := 1; s < e.stages; s++ {
				e.clause(-e.staged[i][k][s], e.node(o.After, s-1))
			}
		}
	}
}

func (e *encoding) hours() (lits, weights []int) {
	for i, t := range e.taken {
		for _, x := range t {
			lits, weights = append(lits, x), append(weights, e.in.Options[i].Hours)
		}
	}
	return lits, weights
}

// node is a variable that is true only if the node is met at a stage.
func (e *encoding) node(id, stage int) int {
	if v, made := e.nodes[stage][id]; made {
		return v
	}
	n, v := e.in.Nodes[id], e.fresh()
	e.nodes[stage][id] = v
	switch n.Kind {
	case planner.All:
		for _, k := range n.Kids {
			e.clause(-v, e.node(k, stage))
		}
	case planner.Any:
		lits := []int{-v}
		for _, k := range n.Kids {
			lits = append(lits, e.node(k, stage))
		}
		e.clause(lits...)
	default:
		e.threshold(n, v, stage)
	}
	return v
}

func (e *encoding) threshold(n planner.Node, v, stage int) {
	lacks := n.Least - e.in.Base[n.Measure]
	if lacks <= 0 {
		return
	}
	lits, weights := []int{-v}, []int{lacks}
	periods := map[int][]int{}
	for i, o := range e.in.Options {
		for _, a := range o.Adds {
			if a.Measure != n.Measure {
				continue
			}
			for k := range o.Max {
				if a.Count > 0 {
					lits, weights = append(lits, e.staged[i][k][stage]), append(weights, a.Count)
				}
			}
			for b := range 64 {
				if a.Periods&(1<<b) != 0 {
					periods[b] = append(periods[b], e.staged[i][0][stage])
				}
			}
		}
	}
	for b := range 64 {
		if by := periods[b]; len(by) > 0 {
			covered := e.fresh()
			e.clause(append([]int{-covered}, by...)...)
			lits, weights = append(lits, covered), append(weights, 1)
		}
	}
	e.atLeast(lits, weights, lacks)
}

func (e *encoding) minimize(lits, weights []int) int {
	cost := make([]solver.Lit, len(lits))
	for i, l := range lits {
		cost[i] = solver.IntToLit(int32(l))
	}
	pb := solver.ParsePBConstrs(e.list)
	if pb.Status == solver.Unsat {
		return -1
	}
	pb.SetCostFunc(cost, weights)
	return solver.New(pb).Minimize()
}

// cheapest gives hours, weeks and steps of the cheapest plan to a role as one number.
// Weeks are left out where anything waits for something else: their chains are not
// linear. Brute force compares those.
func (e *encoding) cheapest(role int) (cost int, weeks bool) {
	for _, n := range e.in.Roles[role].Needs {
		e.clause(e.node(n, e.stages-1))
	}
	lits, weights := e.hours()
	weeks = e.stages == 1
	for i := range weights {
		weights[i] = weights[i]*10_000 + 1
	}
	if weeks {
		longest := 0
		for _, o := range e.in.Options {
			longest = max(longest, o.Weeks*o.Max)
		}
		after := make([]int, longest+1)
		for w := 1; w <= longest; w++ {
			after[w] = e.fresh()
			if w > 1 {
				e.clause(-after[w], after[w-1])
			}
			lits, weights = append(lits, after[w]), append(weights, 100)
		}
		for i, t := range e.taken {
			for k, x := range t {
				e.clause(-x, after[(k+1)*e.in.Options[i].Weeks])
			}
		}
	}
	return e.minimize(lits, weights), weeks
}

// most gives the roles that stay closed and the hours as one number.
func (e *encoding) most(roles []int) int {
	lits, weights := e.hours()
	for _, r := range roles {
		open := e.fresh()
		for _, n := range e.in.Roles[r].Needs {
			e.clause(-open, e.node(n, e.stages-1))
		}
		lits, weights = append(lits, -open), append(weights, 100_000)
	}
	return e.minimize(lits, weights)
}

func TestPlansAreThoseOfAPseudoBooleanSolver(t *testing.T) {
	rounds, weighed, plans := 600, 0, 0
	if testing.Short() {
		rounds = 40
	}
	for seed := range rounds {
		r := rand.New(rand.NewPCG(7, uint64(seed)))
		s := shape{options: 24 + r.IntN(17), roles: 10, measures: 30, max: 1 + r.IntN(2), needs: 5}
		if seed%2 == 1 {
			s.after = 0.12
		}
		in := random(r, s)
		l := planner.Limits{Nodes: 5_000_000}
		role := r.IntN(len(in.Roles))
		if !opened(in, role) {
			a, err := planner.Cheapest(context.Background(), in, role, l, 1)
			if err != nil || !a.Proven {
				t.Fatal(err, a.Proven)
			}
			want, weeks := encode(in, l).cheapest(role)
			got := -1
			if len(a.Plans) > 0 {
				got = a.Plans[0].Hours*10_000 + len(a.Plans[0].Steps)
				if weeks {
					weighed++
					got += 100 * a.Plans[0].Weeks
				}
			}
			if got != want && (weeks || got/10_000 != want/10_000) {
				t.Errorf("seed %d: the cheapest plan is %d, the solver's %d", seed, got, want)
			}
		}
		if mostOf(t, seed, in, l) {
			plans++
		}
	}
	t.Logf("%d instances; hours, weeks and steps in %d, hours in the others; %d open most roles", rounds, weighed, plans)
}

func mostOf(t *testing.T, seed int, in *planner.Instance, l planner.Limits) bool {
	t.Helper()
	var roles []int
	for i := range in.Roles {
		if !opened(in, i) {
			roles = append(roles, i)
		}
	}
	l.Hours = 60 + 30*(seed%6)
	a, err := planner.Most(context.Background(), in, roles, l, 1)
	if err != nil || !a.Proven {
		t.Fatal(err, a.Proven)
	}
	got := 100_000 * len(roles)
	if len(a.Plans) > 0 {
		got += a.Plans[0].Hours - 100_000*len(a.Plans[0].Opens)
	}
	if want := encode(in, l).most(roles); got != want {
		t.Errorf("seed %d: most roles cost %d, the solver says %d", seed, got, want)
	}
	return len(a.Plans) > 0
}
