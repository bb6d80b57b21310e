package planner

import (
	"context"
	"math"
	"math/bits"
	"slices"
)

// standing of a role within a search.
const (
	asked    = iota // may be opened or not
	must            // is opened by every plan below this state
	rejected        // is opened by none
)

// search is a branch and bound over plans. Below a state are the plans that take
// each option at least as often as it does, and no more than room is left for.
type search struct {
	ctx     context.Context
	in      *Instance // with the options that matter alone
	keep    []int     // their places in the instance that was given
	lim     Limits
	many    bool
	goals   []int
	how     []uint8 // asked, must or rejected, of each goal
	room    []int
	full    []int // room at the beginning
	times   []int
	hours   int
	steps   int
	at      state
	table   *timetable
	rows    rows
	frames  []frame
	earlier [][]int
	shared  []int // hours shared with each earlier plan

	best    found
	looked  int
	stopped bool
	low     int // fewest hours that a plan not looked at can have
	high    int // most roles that a plan not looked at can open
}

// found is the best plan so far.
type found struct {
	found               bool
	times               []int
	count               int
	hours, weeks, steps int
}

// frame is what a state keeps while those below it are visited.
type frame struct {
	order   []int
	covered []uint64
}

func newSearch(ctx context.Context, given *Instance, roles []int, many bool, l Limits) (*search, error) {
	s := &search{ctx: ctx, lim: l, many: many}
	for _, r := range roles {
		st := newState(given)
		if !st.opens(r) {
			s.goals = append(s.goals, r)
		}
	}
	if s.lim.Nodes <= 0 {
		s.lim.Nodes = DefaultNodes
	}
	if s.lim.Hours <= 0 {
		s.lim.Hours = math.MaxInt32
	}
	if w := s.lim.Weeks; w > 0 && l.HoursWeek > 0 {
		s.lim.Hours = min(s.lim.Hours, w*l.HoursWeek)
	}
	nodes := s.narrow(given)
	if len(s.in.Options) > most {
		return nil, ErrTooMany
	}
	n := len(s.in.Options)
	s.at, s.table = newState(s.in), newTimetable(s.in, l.HoursWeek)
	s.room, s.times, s.how, s.full = make([]int, n), make([]int, n), make([]uint8, len(s.goals)), make([]int, n)
	s.best.times = make([]int, n)
	s.roomFor()
	s.rows.prepare(s.in, nodes)
	return s, nil
}

// narrow keeps the options that can matter to the goals, by what they add or by
// what they make possible, and gives the nodes that are asked.
func (s *search) narrow(given *Instance) (nodes []int) {
	reach := make([]bool, len(given.Nodes))
	for _, g := range s.goals {
		for _, n := range given.Roles[g].Needs {
			given.mark(n, reach)
		}
	}
	in := make([]bool, len(given.Options))
	for again := true; again; {
		again = false
		counts := make([]bool, len(given.Base))
		for i, n := range given.Nodes {
			if reach[i] && n.Kind == Threshold {
				counts[n.Measure] = true
			}
		}
		for i, o := range given.Options {
			if in[i] || i < len(s.lim.Out) && s.lim.Out[i] || !slices.ContainsFunc(o.Adds, func(a Add) bool { return counts[a.Measure] }) {
				continue
			}
			in[i], again = true, true
			if o.After >= 0 {
				given.mark(o.After, reach)
			}
		}
	}
	small := *given
	small.Options = nil
	for i, o := range given.Options {
		if in[i] {
			small.Options, s.keep = append(small.Options, o), append(s.keep, i)
		}
	}
	s.in = &small
	for i, r := range reach {
		if r {
			nodes = append(nodes, i)
		}
	}
	return nodes
}

func (in *Instance) mark(node int, reach []bool) {
	if reach[node] {
		return
	}
	reach[node] = true
	for _, k := range in.Nodes[node].Kids {
		in.mark(k, reach)
	}
}

// roomFor bounds how often an option can be taken at all: by its maximum, by the
// hours, and by the weeks that are left when everything else is done as early as
// can be.
func (s *search) roomFor() {
	for i, o := range s.in.Options {
		s.full[i] = min(o.Max, s.lim.Hours/o.Hours)
	}
	s.table.weeks(s.full, true)
	for _, i := range s.table.stuck {
		s.full[i] -= s.table.left[i]
	}
	if s.lim.Weeks <= 0 {
		return
	}
	fits := make([]int, len(s.full))
	for _, b := range s.table.began {
		if b.To <= s.lim.Weeks {
			fits[b.Option]++
		}
	}
	copy(s.full, fits)
}

// begin readies the search for the next plan.
func (s *search) begin() {
	copy(s.room, s.full)
	clear(s.times)
	clear(s.how)
	if !s.many {
		s.how[0] = must
	}
	s.at.reset()
	s.rows.changed = everything
	s.hours, s.steps, s.looked, s.stopped = 0, 0, 0, false
	s.best.found = false
	s.low, s.high = math.MaxInt32, 0
	s.shared = make([]int, len(s.earlier))
}

// proven gives the bounds after a search.
func (s *search) proven() (hours, roles int) {
	if s.best.found {
		s.low, s.high = min(s.low, s.best.hours), max(s.high, s.best.count)
	}
	if s.low == math.MaxInt32 {
		s.low = 0
	}
	return s.low, s.high
}

// visit looks at a state and at those below it.
func (s *search) visit(depth int) {
	s.looked++
	if s.looked > s.lim.Nodes || s.looked%64 == 0 && s.ctx.Err() != nil {
		s.stopped = true
	}
	low, high, next := s.judge()
	if next < 0 {
		return
	}
	if s.stopped {
		s.low, s.high = min(s.low, low), max(s.high, high)
		return
	}
	if s.useless() {
		return
	}
	if depth == len(s.frames) {
		s.frames = append(s.frames, frame{})
	}
	if mask, unmet := s.unmet(); unmet {
		s.branch(depth, mask)
		return
	}
	weeks, ok := s.table.weeks(s.times, false)
	if !ok {
		s.branch(depth, s.release())
		return
	}
	if s.lim.Weeks > 0 && weeks > s.lim.Weeks {
		s.branch(depth, s.quicken())
		return
	}
	s.offer(weeks)
	if !s.many || next == len(s.goals) {
		return
	}
	for _, how := range []uint8{must, rejected} {
		s.how[next] = how
		s.visit(depth + 1)
	}
	s.how[next] = asked
}

// branch visits the states that take one of the options once more, each without
// those before it: every plan below is below exactly one of them.
func (s *search) branch(depth int, mask uint64) {
	f := &s.frames[depth]
	f.order = f.order[:0]
	for m := mask; m != 0; m &= m - 1 {
		if i := bits.TrailingZeros64(m); s.room[i] > 0 {
			f.order = append(f.order, i)
		}
	}
	s.rows.byWorth(s.in, f.order)
	rooms := [most]int{}
	for k := range f.order {
		f = &s.frames[depth] // may have moved
		i := f.order[k]
		rooms[k] = s.room[i]
		s.take(depth, i)
		s.visit(depth + 1)
		s.giveBack(depth, i)
		s.room[i] = 0
	}
	for k, i := range s.frames[depth].order {
		s.room[i] = rooms[k]
		s.rows.changed |= 1 << i
	}
}

func (s *search) take(depth, i int) {
	o, f := &s.in.Options[i], &s.frames[depth]
	f.covered = f.covered[:0]
	for _, a := range o.Adds {
		f.covered = append(f.covered, s.at.covered[a.Measure])
	}
	s.at.add(i)
	s.rows.changed |= 1 << i
	s.room[i]--
	s.times[i]++
	s.hours += o.Hours
	s.steps++
	for k, e := range s.earlier {
		if s.times[i] <= e[i] {
			s.shared[k] += o.Hours
		}
	}
}

func (s *search) giveBack(depth, i int) {
	o, f := &s.in.Options[i], &s.frames[depth]
	for k, e := range s.earlier {
		if s.times[i] <= e[i] {
			s.shared[k] -= o.Hours
		}
	}
	for k := len(o.Adds) - 1; k >= 0; k-- {
		s.at.sum[o.Adds[k].Measure] -= o.Adds[k].Count
		s.at.covered[o.Adds[k].Measure] = f.covered[k]
	}
	s.rows.changed |= 1 << i
	s.room[i]++
	s.times[i]--
	s.hours -= o.Hours
	s.steps--
}

// alone looks at each option by itself, whatever hours it takes within a limit: another
// way to a role, to be seen beside the cheapest however far it is from that.
func (s *search) alone(hours int) {
	if len(s.frames) == 0 {
		s.frames = append(s.frames, frame{})
	}
	for i, o := range s.in.Options {
		if s.full[i] < 1 || o.Hours > hours {
			continue
		}
		s.take(0, i)
		if weeks, ok := s.table.weeks(s.times, false); ok && (s.lim.Weeks <= 0 || weeks <= s.lim.Weeks) {
			s.offer(weeks)
		}
		s.giveBack(0, i)
	}
}

// unmet gives the options that can help the need with fewest of them, among the
// needs that every plan below meets.
func (s *search) unmet() (mask uint64, unmet bool) {
	fewest := most + 1
	look := func(node int) {
		if n := bits.OnesCount64(s.rows.help[node]); !s.rows.met[node] && n < fewest {
			mask, fewest, unmet = s.rows.help[node], n, true
		}
	}
	s.needs(look)
	return mask, unmet
}

// needs goes through what every plan below this state has to meet.
func (s *search) needs(look func(node int)) {
	for k, g := range s.goals {
		if s.how[k] == must {
			for _, n := range s.in.Roles[g].Needs {
				look(n)
			}
		}
	}
	for i, n := range s.times {
		if n > 0 && !s.table.free[i] {
			look(s.in.Options[i].After)
		}
	}
}

// release gives the options that can make one of those begin that stand still: it
// has to be helped from what has begun, by something that does not stand still.
func (s *search) release() (mask uint64) {
	for _, i := range s.table.stuck {
		mask |= s.rows.helps(s.in.Options[i].After, &s.table.at)
	}
	for _, i := range s.table.stuck {
		mask &^= 1 << i
	}
	return mask
}

// quicken gives the options that can make anything begin earlier.
func (s *search) quicken() (mask uint64) {
	for i, n := range s.times {
		if n > 0 && !s.table.free[i] {
			mask |= s.rows.touch[s.in.Options[i].After]
		}
	}
	return mask
}
