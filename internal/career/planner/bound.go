package planner

import (
	"math"
	"math/bits"
)

// judge says what the plans below a state can reach at best: the fewest hours and
// the most roles. Next is -1 if none of them can be better than what was found, else
// the role to decide next, or their number if all are decided.
func (s *search) judge() (low, high, next int) {
	s.rows.compute(&s.at, s.room)
	left := s.rows.left
	for i, o := range s.in.Options {
		left[i] = float64(o.Hours)
	}
	clear(s.rows.worth)
	more, dead := 0.0, false
	s.needs(func(node int) {
		if !s.rows.met[node] {
			dead = dead || s.rows.dead[node]
			more += s.pay(node, left, true)
		}
	})
	if dead || math.IsInf(more, 1) {
		return 0, 0, -1
	}
	low = s.hours + int(math.Ceil(more-slack))
	if low > s.lim.Hours || s.lim.Weeks > 0 && spread(low, s.lim.HoursWeek) > s.lim.Weeks {
		return 0, 0, -1
	}
	for _, h := range s.shared { // hours shared only grow, and may be half of all at most
		if 2*h > min(s.lim.Hours, s.mostHours()) {
			return 0, 0, -1
		}
		low = max(low, 2*h)
	}
	if !s.many {
		if s.best.found && s.worse(low) {
			return 0, 0, -1
		}
		return low, 1, 0
	}
	high, next = s.reach(more)
	if next < 0 || s.best.found && (high < s.best.count || high == s.best.count && s.worse(low)) {
		return 0, 0, -1
	}
	return low, high, next
}

// mostHours is how long a better plan can be.
func (s *search) mostHours() int {
	if s.many || !s.best.found {
		return math.MaxInt32
	}
	return s.best.hours
}

// worse reports whether no plan below a state with so many hours comes before the
// best one, with as many roles.
func (s *search) worse(low int) bool {
	if low != s.best.hours {
		return low > s.best.hours
	}
	weeks := spread(low, s.lim.HoursWeek)
	for i, n := range s.times {
		weeks = max(weeks, n*s.table.lasts[i])
	}
	if weeks != s.best.weeks {
		return weeks > s.best.weeks
	}
	return s.steps > s.best.steps
}

// pay adds up the hours that a node asks for beyond those paid already.
func (s *search) pay(node int, left []float64, count bool) (paid float64) {
	r := &s.rows
	for _, row := range r.of[node] {
		if count {
			share := r.share[row*len(s.in.Options):]
			for m := r.masks[row]; m != 0; m &= m - 1 {
				i := bits.TrailingZeros64(m)
				r.worth[i] += share[i]
			}
		}
		paid += r.fill(row, left, s.room)
	}
	return paid
}

// reach counts the roles that can be open below a state, and gives the role to
// decide next: the one that costs least more. A rejected role that is open leaves
// nothing to look for, since such plans are looked at where it is a must.
func (s *search) reach(more float64) (high, next int) {
	next = len(s.goals)
	cheapest := math.Inf(1)
	budget := float64(s.lim.Hours-s.hours) + slack
	for k, g := range s.goals {
		lacks, dead := false, false
		for _, n := range s.in.Roles[g].Needs {
			lacks, dead = lacks || !s.rows.met[n], dead || s.rows.dead[n]
		}
		switch {
		case !lacks && s.how[k] == rejected:
			return 0, -1
		case !lacks || s.how[k] == must:
			high++
			continue
		case dead || s.how[k] == rejected:
			continue
		}
		copy(s.rows.other, s.rows.left)
		cost := 0.0
		for _, n := range s.in.Roles[g].Needs {
			if !s.rows.met[n] {
				cost += s.pay(n, s.rows.other, false)
			}
		}
		if more+cost > budget {
			continue
		}
		high++
		if cost < cheapest {
			cheapest, next = cost, k
		}
	}
	return high, next
}

// offer takes a plan that is possible if it comes before the best one.
func (s *search) offer(weeks int) {
	count := 0
	for _, g := range s.goals {
		if s.at.opens(g) {
			count++
		}
	}
	if count == 0 {
		return
	}
	for _, h := range s.shared {
		if 2*h > s.hours {
			return
		}
	}
	if s.best.found && !s.comesFirst(count, weeks) || len(s.earlier) > 0 && s.spare(count) {
		return
	}
	s.best = found{true, append(s.best.times[:0], s.times...), count, s.hours, weeks, s.steps}
}

func (s *search) comesFirst(count, weeks int) bool {
	b := &s.best
	for _, c := range [][2]int{{b.count, count}, {s.hours, b.hours}, {weeks, b.weeks}, {s.steps, b.steps}} {
		if c[0] != c[1] {
			return c[0] < c[1]
		}
	}
	for i, n := range s.times { // as many steps: the list with more of an earlier id comes first
		if n != b.times[i] {
			return n > b.times[i]
		}
	}
	return false
}

// spare reports whether a step can be left out with as many roles open.
func (s *search) spare(count int) bool {
	for i := range s.times {
		if s.times[i] == 0 {
			continue
		}
		s.times[i]--
		weeks, ok := s.table.weeks(s.times, false)
		fits := ok && (s.lim.Weeks <= 0 || weeks <= s.lim.Weeks) && s.opened(s.times) >= count
		s.times[i]++
		if fits {
			return true
		}
	}
	return false
}

// opened counts the goals that a plan opens.
func (s *search) opened(times []int) (n int) {
	at := &s.table.at
	at.reset()
	for i, t := range times {
		for range t {
			at.add(i)
		}
	}
	for _, g := range s.goals {
		if at.opens(g) {
			n++
		}
	}
	return n
}
