package planner

// useless reports whether every plan below a state has a step that could be left
// out. Without this, looking for a further plan would try every way of filling up an
// earlier one with steps that are for nothing, since these lower the share of hours
// that both have. It may miss some, which offer refuses.
//
// A step is for nothing if the others can be done without it, if what they have met
// of the target stays met, and if it adds to nothing that the target still lacks or
// that still has to be met before another option.
func (s *search) useless() bool {
	if s.many || len(s.earlier) == 0 || s.lim.Weeks > 0 {
		return false
	}
	for i := range s.times {
		if s.times[i] == 0 || !s.forNothing(i) {
			continue
		}
		return true
	}
	return false
}

func (s *search) forNothing(i int) bool {
	mine := uint64(1) << i
	needs := s.in.Roles[s.goals[0]].Needs
	for _, n := range needs {
		if !s.rows.met[n] && s.rows.touch[n]&mine != 0 {
			return false
		}
	}
	s.times[i]--
	_, ok := s.table.weeks(s.times, false)
	if ok {
		s.fillState(s.times)
	}
	s.times[i]++
	if !ok {
		return false
	}
	at := &s.table.at
	for _, n := range needs {
		if s.rows.met[n] && s.rows.touch[n]&mine != 0 && !at.met(n) {
			return false
		}
	}
	for j, o := range s.in.Options {
		if s.room[j] > 0 && !s.table.free[j] && s.rows.touch[o.After]&mine != 0 && !at.met(o.After) {
			return false
		}
	}
	return true
}
