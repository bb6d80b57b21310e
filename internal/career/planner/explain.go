package planner

import "slices"

// plan says a plan in the places of the instance that was given, with what each
// step is for.
func (s *search) plan(times []int) Plan {
	p := Plan{}
	p.Weeks, _ = s.table.weeks(times, true)
	steps := slices.Clone(s.table.began)
	for _, g := range s.goals {
		if s.opensBy(times, g) {
			p.Opens = append(p.Opens, g)
		}
	}
	for k := range steps {
		i := steps[k].Option
		p.Hours += s.in.Options[i].Hours
		times[i]--
		s.purpose(times, p.Opens, &steps[k])
		times[i]++
	}
	for k := range steps {
		steps[k].Option = s.keep[steps[k].Option]
		for n, b := range steps[k].Before {
			steps[k].Before[n] = s.keep[b]
		}
	}
	p.Steps = steps
	return p
}

func (s *search) opensBy(times []int, goal int) bool {
	s.fillState(times)
	return s.table.at.opens(goal)
}

func (s *search) fillState(times []int) {
	s.table.at.reset()
	for i, t := range times {
		for range t {
			s.table.at.add(i)
		}
	}
}

// purpose fills in what fails without a step.
func (s *search) purpose(without, opens []int, step *Step) {
	if _, ok := s.table.weeks(without, true); !ok {
		step.Before = slices.Clone(s.table.stuck)
	}
	s.fillState(without)
	for _, g := range opens {
		if s.table.at.opens(g) {
			continue
		}
		step.Opens = append(step.Opens, g)
		if s.many {
			continue
		}
		for k, n := range s.in.Roles[g].Needs {
			if !s.table.at.met(n) {
				step.Needed = append(step.Needed, k)
			}
		}
	}
}
