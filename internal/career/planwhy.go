package career

import (
	"context"
	"math/bits"
	"slices"

	"cairn/internal/career/planner"
)

// Reason is why there is no plan. Never are requirements that stay unmet even if
// everything is done; if there are none, Limits are the fewest limits that alone rule
// every plan out, and Hours and Weeks are those of the cheapest plan without any.
type Reason struct {
	Never        []string
	Limits       []string // hours, hours_week, weeks, no_exams, exclude, place
	Exclude      []string // names of the options that would have to come back, each alone enough
	Hours, Weeks int
}

// reason finds the smallest reason for which there is no plan to a role.
func (o Options) reason(ctx context.Context, query PlanQuery) (w Reason) {
	if query.Role == "" {
		return o.reasonForNone(ctx, query)
	}
	role := o.q.role(query.Role)
	for _, k := range planner.Never(&o.q.in, role, nil) {
		w.Never = append(w.Never, o.q.now.Says(o.By.Roles[role].Requirements[k]))
	}
	if len(w.Never) > 0 {
		return w
	}
	return o.limiting(ctx, query)
}

func (o Options) reasonForNone(ctx context.Context, query PlanQuery) Reason {
	a, err := o.search(ctx, PlanQuery{}, 1)
	if err != nil || len(a.Plans) == 0 {
		return Reason{}
	}
	return o.limiting(ctx, query)
}

// limiting tries the limits alone, then in pairs, and so on.
func (o Options) limiting(ctx context.Context, query PlanQuery) (w Reason) {
	if free, err := o.search(ctx, PlanQuery{Role: query.Role, Hours: 0}, 1); err == nil && len(free.Plans) > 0 && query.Role != "" {
		w.Hours, w.Weeks = free.Plans[0].Hours, free.Plans[0].Weeks
	}
	names := []string{"hours", "hours_week", "weeks", "no_exams", "exclude", "place"}
	sets := make([]int, 0, 1<<len(names))
	for set := 1; set < 1<<len(names); set++ {
		sets = append(sets, set)
	}
	slices.SortStableFunc(sets, func(a, b int) int { return bits.OnesCount(uint(a)) - bits.OnesCount(uint(b)) })
	for _, set := range sets {
		only := query.only(set)
		a, err := o.search(ctx, only, 1)
		if err != nil || len(a.Plans) > 0 || !a.Proven {
			continue
		}
		for i, n := range names {
			if set&(1<<i) != 0 {
				w.Limits = append(w.Limits, n)
			}
		}
		if slices.Contains(w.Limits, "exclude") {
			w.Exclude = o.wouldHelp(ctx, only)
		}
		return w
	}
	return w
}

// only keeps some of the limits.
func (q PlanQuery) only(set int) PlanQuery {
	out := PlanQuery{Role: q.Role}
	if set&1 != 0 {
		out.Hours = q.Hours
	}
	if set&2 != 0 {
		out.HoursWeek = q.HoursWeek
	}
	if set&4 != 0 {
		out.Weeks = q.Weeks
	}
	if set&8 != 0 {
		out.NoExams = q.NoExams
	}
	if set&16 != 0 {
		out.Exclude = q.Exclude
	}
	if set&32 != 0 {
		out.Place = q.Place
	}
	return out
}

func (o Options) wouldHelp(ctx context.Context, query PlanQuery) (names []string) {
	all := query.Exclude
	for i, id := range all {
		query.Exclude = slices.Concat(all[:i:i], all[i+1:])
		if a, err := o.search(ctx, query, 1); err == nil && len(a.Plans) > 0 {
			for _, opt := range o.q.options {
				if opt.ID == id {
					names = append(names, opt.Name)
				}
			}
		}
	}
	return names
}
