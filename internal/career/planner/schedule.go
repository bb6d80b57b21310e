package planner

// timetable works out when the takings of a plan begin and end.
type timetable struct {
	in    *Instance
	hours int // a week; 0 for no limit
	at    state
	left  []int  // takings that have not begun
	ends  []int  // when the one that runs ends; 0 if none runs
	lasts []int  // weeks of each option under the limit of hours a week
	free  []bool // nothing has to come before it that is not there
	began []Step
	stuck []int // options that could never begin
}

func newTimetable(in *Instance, hoursWeek int) *timetable {
	n := len(in.Options)
	t := &timetable{in: in, hours: hoursWeek, at: newState(in), left: make([]int, n), ends: make([]int, n), lasts: make([]int, n), free: make([]bool, n)}
	for i, o := range in.Options {
		t.lasts[i] = max(o.Weeks, spread(o.Hours, hoursWeek))
		t.free[i] = o.After < 0 || t.at.met(o.After)
	}
	return t
}

// spread is how many weeks so many hours take.
func spread(hours, week int) int {
	if week <= 0 {
		return 0
	}
	return (hours + week - 1) / week
}

// weeks gives the weeks of a plan, and whether there is an order in which it can be
// done. Nothing is allocated unless the steps are wanted.
func (t *timetable) weeks(times []int, steps bool) (weeks int, ok bool) {
	total, waits := 0, false
	for i, n := range times {
		if n > 0 {
			total += n * t.in.Options[i].Hours
			weeks = max(weeks, n*t.lasts[i])
			waits = waits || !t.free[i]
		}
	}
	t.stuck = t.stuck[:0]
	if waits || steps {
		weeks, ok = t.run(times, steps)
		if !ok {
			return 0, false
		}
	}
	return max(weeks, spread(total, t.hours)), true
}

// run plays the plan: at each end, what can begin begins.
func (t *timetable) run(times []int, steps bool) (now int, ok bool) {
	t.at.reset()
	copy(t.left, times)
	clear(t.ends)
	t.began, t.stuck = t.began[:0], t.stuck[:0]
	for {
		next := 0
		for i := range t.left {
			if t.left[i] > 0 && t.ends[i] == 0 && (t.free[i] || t.at.met(t.in.Options[i].After)) {
				t.left[i]--
				t.ends[i] = now + t.lasts[i]
				if steps {
					t.began = append(t.began, Step{Option: i, From: now, To: t.ends[i]})
				}
			}
			if t.ends[i] > 0 && (next == 0 || t.ends[i] < next) {
				next = t.ends[i]
			}
		}
		if next == 0 {
			break
		}
		now = next
		for i, end := range t.ends {
			if end == now {
				t.ends[i] = 0
				t.at.add(i)
			}
		}
	}
	for i, n := range t.left {
		if n > 0 {
			t.stuck = append(t.stuck, i)
		}
	}
	return now, len(t.stuck) == 0
}
