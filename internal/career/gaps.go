package career

import (
	"cmp"
	"context"
	"slices"

	"cairn/internal/career/framework"
	"cairn/internal/career/standing"
	"cairn/internal/kit/authz"
)

// Competencies are those of the framework in force, in its order.
func (s *Service) Competencies(ctx context.Context) ([]framework.Named, error) {
	by, err := s.inForce(ctx, s.unit.DB.Read)
	if err != nil {
		return nil, err
	}
	out := make([]framework.Named, 0, len(by.Competencies))
	for _, c := range by.Competencies {
		out = append(out, framework.Named{ID: c.ID, Name: c.Name})
	}
	return out, nil
}

// nearRoles is how many roles beyond those that are one step away gaps are looked
// for in: somebody who is far from everything still has a next one.
const nearRoles = 3

// Gaps says to the reader which competencies the roles nearest to them ask for at a
// level that they have not reached: by the id of the competency, the names of the
// roles. Nothing while their career is off.
func (s *Service) Gaps(ctx context.Context, who authz.Actor) (map[string][]string, error) {
	st, err := s.Standing(ctx, who)
	if err != nil || !st.On {
		return nil, err
	}
	have := map[string]standing.Level{}
	for _, l := range st.Levels {
		have[l.Competency.ID] = l
	}
	out := map[string][]string{}
	for _, r := range nearest(st.Roles) {
		var unmet []framework.Expr
		for i, x := range r.Role.Requirements {
			if !r.Requirements[i].Met {
				unmet = append(unmet, x)
			}
		}
		for id := range asked(unmet, have) {
			out[id] = append(out[id], r.Name)
		}
	}
	return out, nil
}

// nearest are the roles that are one step away, and the next few of the others.
func nearest(roles []standing.Role) (out []standing.Role) {
	var others []standing.Role
	for _, r := range roles {
		switch r.State {
		case standing.OneStep:
			out = append(out, r)
		case standing.Further:
			others = append(others, r)
		}
	}
	slices.SortStableFunc(others, func(a, b standing.Role) int { return cmp.Compare(a.Missing(), b.Missing()) })
	return append(out, others[:min(nearRoles, len(others))]...)
}

// asked are the competencies that rules ask for at a level above the one reached.
func asked(rules []framework.Expr, have map[string]standing.Level) map[string]bool {
	out := map[string]bool{}
	for _, x := range rules {
		if l := have[x.Competency]; x.Competency != "" && (x.Application > l.Application || x.Knowledge > l.Knowledge) {
			out[x.Competency] = true
		}
		for _, list := range [][]framework.Expr{x.AllOf, x.AnyOf} {
			for id := range asked(list, have) {
				out[id] = true
			}
		}
	}
	return out
}
