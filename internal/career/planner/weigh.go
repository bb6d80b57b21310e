package planner

// Weigher works out what plans come to, one after the other.
type Weigher struct {
	in     *Instance
	table  *timetable
	closed []int
}

// Outcome is what a plan comes to. Stuck are options that can never begin in it;
// they count for nothing.
type Outcome struct {
	Hours, Weeks int
	Opens        []int
	Stuck        []int
}

// NewWeigher makes a weigher under a limit of hours a week, 0 for none.
func NewWeigher(in *Instance, hoursWeek int) *Weigher {
	w := &Weigher{in: in, table: newTimetable(in, hoursWeek)}
	for r := range in.Roles {
		if !w.table.at.opens(r) {
			w.closed = append(w.closed, r)
		}
	}
	return w
}

// Weigh works out a plan that takes each option so many times.
func (w *Weigher) Weigh(times []int) (o Outcome) {
	weeks, ok := w.table.run(times, false)
	if !ok {
		o.Stuck = append(o.Stuck, w.table.stuck...)
	}
	for i, n := range times {
		o.Hours += n * w.in.Options[i].Hours
	}
	o.Weeks = max(weeks, spread(o.Hours, w.table.hours))
	for _, r := range w.closed {
		if w.table.at.opens(r) {
			o.Opens = append(o.Opens, r)
		}
	}
	return o
}

// Met reports whether a node is met after the plan that was weighed last.
func (w *Weigher) Met(node int) bool { return w.table.at.met(node) }

// Never gives the needs of a role (their places) that stay unmet even if everything
// is done that can be done with the options that are not left out. Each of them alone
// is reason enough.
func Never(in *Instance, role int, out []bool) (needs []int) {
	times := make([]int, len(in.Options))
	for i, o := range in.Options {
		if i >= len(out) || !out[i] {
			times[i] = o.Max
		}
	}
	w := NewWeigher(in, 0)
	w.Weigh(times)
	for k, n := range in.Roles[role].Needs {
		if !w.Met(n) {
			needs = append(needs, k)
		}
	}
	return needs
}
