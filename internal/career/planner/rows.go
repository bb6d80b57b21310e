package planner

import (
	"math"
	"math/bits"
	"slices"
)

// rows say of each node, at a state, whether it is met, whether it can be met, which
// options help it, and what meeting it implies: inequalities "the sum of share times
// further takings is at least one". For any-of, the larger share of each
// alternative's inequality is taken; for all-of, the inequalities of all stand.
// A node is worked out anew only if an option that touches it was taken, given back
// or closed since: two states that follow each other differ in one or two.
type rows struct {
	in      *Instance
	nodes   []int
	changed uint64   // options taken, given back or closed since rows were worked out
	by      [][]gain // of each measure: what adds to it
	met     []bool
	dead    []bool
	help    []uint64
	touch   []uint64 // options that add to anything that a node asks, at any state
	of      [][]int  // a node's inequalities: places in masks and share
	own     []int    // the first place that is a node's own; it has as many as it can need
	masks   []uint64
	share   []float64 // as many as there are options for each inequality
	worth   []float64
	left    []float64 // hours not yet accounted for, of each option
	other   []float64
	pick    []int
	turn    []int
}

type gain struct {
	option, count int
	periods       uint64
}

// mostRows bounds the inequalities of one node: fewer bound less, and never wrongly.
const mostRows = 12

// slack keeps sums of fractions from proving more than they do.
const slack = 1e-6

func (r *rows) prepare(in *Instance, nodes []int) {
	r.in, r.nodes = in, nodes
	n := len(in.Nodes)
	r.met, r.dead, r.help, r.touch = make([]bool, n), make([]bool, n), make([]uint64, n), make([]uint64, n)
	r.by = make([][]gain, len(in.Base))
	for i, o := range in.Options {
		for _, a := range o.Adds {
			if a.Count > 0 || a.Periods != 0 {
				r.by[a.Measure] = append(r.by[a.Measure], gain{i, a.Count, a.Periods})
			}
		}
	}
	for _, id := range nodes {
		node := &in.Nodes[id]
		for _, k := range node.Kids {
			r.touch[id] |= r.touch[k]
		}
		if node.Kind == Threshold {
			for _, g := range r.by[node.Measure] {
				r.touch[id] |= 1 << g.option
			}
		}
	}
	r.place()
	o := len(in.Options)
	r.worth, r.left, r.other = make([]float64, o), make([]float64, o), make([]float64, o)
}

// place gives each node room for the inequalities that it can have of its own: one for
// a threshold, for any-of as many as its longest alternative has.
func (r *rows) place() {
	n := len(r.in.Nodes)
	r.of, r.own = make([][]int, n), make([]int, n)
	wide, places := make([]int, n), 0
	for _, id := range r.nodes {
		node := &r.in.Nodes[id]
		r.own[id] = places
		switch node.Kind {
		case All:
			for _, k := range node.Kids {
				wide[id] = min(mostRows, wide[id]+wide[k])
			}
		case Any:
			for _, k := range node.Kids {
				wide[id] = max(wide[id], wide[k])
			}
			places += wide[id]
		default:
			wide[id] = 1
			places++
		}
		r.of[id] = make([]int, 0, wide[id])
	}
	r.masks, r.share = make([]uint64, places), make([]float64, places*len(r.in.Options))
}

// everything is what changed before the first state.
const everything = math.MaxUint64

// compute works out what changed, those that others are made of first.
func (r *rows) compute(at *state, room []int) {
	for _, id := range r.nodes {
		if r.changed != everything && r.touch[id]&r.changed == 0 {
			continue
		}
		n := &r.in.Nodes[id]
		r.met[id], r.dead[id], r.help[id], r.of[id] = false, false, 0, r.of[id][:0]
		switch n.Kind {
		case All:
			r.all(id, n)
		case Any:
			r.any(id, n)
		default:
			r.threshold(id, n, at, room)
		}
	}
	r.changed = 0
}

// add gives a node an inequality of its own, the shares of which are still to be said.
func (r *rows) add(id, turn int, mask uint64) (share []float64) {
	row := r.own[id] + turn
	r.of[id] = append(r.of[id], row)
	r.masks[row] = mask
	return r.share[row*len(r.in.Options):]
}

func (r *rows) threshold(id int, n *Node, at *state, room []int) {
	lacks := n.Least - at.value(n.Measure)
	if lacks <= 0 {
		r.met[id] = true
		return
	}
	have, covered := 0, at.covered[n.Measure]
	for _, g := range r.by[n.Measure] {
		if room[g.option] > 0 && (g.count > 0 || g.periods&^covered != 0) {
			have += g.count * room[g.option]
			r.help[id] |= 1 << g.option
		}
	}
	if have < lacks {
		all := uint64(0)
		for _, g := range r.by[n.Measure] {
			if room[g.option] > 0 {
				all |= g.periods
			}
		}
		if have+bits.OnesCount64(all&^covered) < lacks {
			r.dead[id] = true
			return
		}
	}
	share := r.add(id, 0, r.help[id])
	for m := r.help[id]; m != 0; m &= m - 1 {
		share[bits.TrailingZeros64(m)] = 0
	}
	for _, g := range r.by[n.Measure] {
		if r.help[id]&(1<<g.option) != 0 {
			share[g.option] = min(1, share[g.option]+float64(g.count+bits.OnesCount64(g.periods&^covered))/float64(lacks))
		}
	}
}

func (r *rows) all(id int, n *Node) {
	fewest := most + 1
	for _, k := range n.Kids {
		if r.dead[k] {
			r.dead[id] = true
			return
		}
	}
	r.met[id] = true
	for _, k := range n.Kids {
		if r.met[k] {
			continue
		}
		r.met[id] = false
		if c := bits.OnesCount64(r.help[k]); c < fewest {
			r.help[id], fewest = r.help[k], c
		}
		its := r.of[k]
		r.of[id] = append(r.of[id], its[:min(len(its), mostRows-len(r.of[id]))]...)
	}
}

func (r *rows) any(id int, n *Node) {
	alive, wide := r.pick[:0], 0
	for _, k := range n.Kids {
		if r.met[k] {
			r.met[id] = true
			r.help[id] = 0
			return
		}
		if !r.dead[k] {
			r.help[id] |= r.help[k]
			alive = append(alive, k)
			wide = max(wide, len(r.of[k]))
		}
	}
	r.pick = alive
	if len(alive) == 0 {
		r.dead[id] = true
		return
	}
	if len(alive) == 1 {
		r.of[id] = append(r.of[id], r.of[alive[0]]...)
		return
	}
	for turn := range wide {
		r.larger(id, alive, turn)
	}
}

// larger is an inequality that holds whichever of the alternatives is met.
func (r *rows) larger(id int, alive []int, turn int) {
	mask := uint64(0)
	share := r.add(id, turn, 0)
	for _, k := range alive {
		row := r.of[k][turn%len(r.of[k])]
		its := r.share[row*len(r.in.Options):]
		for m := r.masks[row]; m != 0; m &= m - 1 {
			i := bits.TrailingZeros64(m)
			if mask&(1<<i) == 0 || its[i] > share[i] {
				share[i] = its[i]
			}
		}
		mask |= r.masks[row]
	}
	r.masks[r.own[id]+turn] = mask
}

// fill pays for an inequality with the hours that are left in left, the cheapest
// share first, and takes what was paid from all options alike: what remains can pay
// for the next inequality. It gives the hours paid.
func (r *rows) fill(row int, left []float64, room []int) (paid float64) {
	share := r.share[row*len(r.in.Options):]
	order := r.turn[:0]
	for m := r.masks[row]; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m)
		at := len(order)
		order = append(order, i)
		for ; at > 0 && left[order[at-1]]*share[i] > left[i]*share[order[at-1]]; at-- {
			order[at] = order[at-1]
		}
		order[at] = i
	}
	r.turn = order
	need, price := 1.0, 0.0
	for _, i := range order {
		price = left[i] / share[i]
		part := share[i] * float64(room[i])
		if part >= need {
			paid += need * price
			need = 0
			break
		}
		paid += left[i] * float64(room[i])
		need -= part
	}
	if need > slack {
		return math.Inf(1) // not to be met with the room that is left
	}
	for _, i := range order {
		left[i] = max(0, left[i]-price*share[i])
	}
	return paid
}

// helps gives the options that add to anything that a node still lacks at a state.
func (r *rows) helps(node int, at *state) (mask uint64) {
	n := &r.in.Nodes[node]
	for _, k := range n.Kids {
		if !at.met(k) {
			mask |= r.helps(k, at)
		}
	}
	if n.Kind == Threshold {
		for _, g := range r.by[n.Measure] {
			mask |= 1 << g.option
		}
	}
	return mask
}

// byWorth orders options by the hours they take for what they give.
func (r *rows) byWorth(in *Instance, order []int) {
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := float64(in.Options[a].Hours)*(r.worth[b]+slack), float64(in.Options[b].Hours)*(r.worth[a]+slack)
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
}
