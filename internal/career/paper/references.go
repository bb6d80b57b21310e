package paper

import "slices"

// Numbered are the pieces of evidence that competencies refer to, in the order of the
// first reference, with their numbers from 1.
func (p *Paper) Numbered() (list []*Line, numbers map[string]int) {
	numbers = map[string]int{}
	there := map[string]*Line{}
	for _, e := range p.In("evidence") {
		there[e.ID] = e
	}
	for _, c := range p.In("competency") {
		for _, id := range c.References() {
			if e := there[id]; e != nil && numbers[id] == 0 {
				list = append(list, e)
				numbers[id] = len(list)
			}
		}
	}
	return list, numbers
}

// References are the ids of the evidence that a competency refers to.
func (l *Line) References() []string { return listed(l.Get("evidence")) }

// Refers reports whether a competency refers to a piece of evidence.
func (l *Line) Refers(id string) bool { return slices.Contains(l.References(), id) }

// Level is the name of the level that a competency claims; empty if it claims none.
func (p *Paper) Level(l *Line) string {
	v := l.Get("level")
	if len(v) != 1 || v[0] < '1' || int(v[0]-'0') >= len(p.Levels) {
		return ""
	}
	return v + ", " + p.Levels[v[0]-'0']
}
