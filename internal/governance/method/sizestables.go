package method

import "slices"

// maxOfRule is how many combinations of answers one floor or ceiling may look at.
const maxOfRule = 100_000

// tables evaluates each floor and ceiling for what it looks at, so that going
// through the sheets needs no evaluation.
func (s *sheets) tables() error {
	for i := range s.m.Dial.Floors {
		f := &s.m.Dial.Floors[i]
		if err := s.table(f.When.rule, f.AtLeast, XL); err != nil {
			return err
		}
	}
	for i := range s.m.Dial.Ceilings {
		c := &s.m.Dial.Ceilings[i]
		if err := s.table(c.When.rule, NoTier, c.AtMost); err != nil {
			return err
		}
	}
	return nil
}

func (s *sheets) table(r *rule, floor, ceiling Tier) error {
	if r == nil {
		return nil
	}
	t := dialTable{floor: floor, ceiling: ceiling, strides: make([]int, len(s.ruled))}
	size := 1
	for q, name := range s.names {
		if slices.Contains(r.names, name) {
			t.strides[q] = size
			if size *= len(s.ruled[q]); size > maxOfRule {
				return errTooManySheets
			}
		}
	}
	t.yes = make([]bool, size)
	v := &values{facts: Facts{}}
	for name, value := range s.register {
		v.facts[name] = value
	}
	for index := range t.yes {
		for q, stride := range t.strides {
			if stride > 0 {
				v.facts[s.names[q]] = s.ruled[q][index/stride%len(s.ruled[q])].value
			}
		}
		t.yes[index] = r.truth(v) == Yes
	}
	s.rules = append(s.rules, t)
	return nil
}
