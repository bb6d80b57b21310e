package standing_test

import (
	"slices"
	"strings"
	"testing"

	"cairn/internal/career/framework"
	"cairn/internal/career/standing"
)

// leading are the roles that lead people or choose between projects. They also ask for
// time and scale.
var leading = []string{"pmo_manager", "head_of_pmo", "portfolio_manager", "programme_manager", "project_manager_major"}

// A course, three meetings and one small project never open a leading role: neither to
// somebody new nor to the analyst of the case, whatever the course; and to somebody who
// has done nothing else they open no role at all.
func TestACourseThreeMeetingsAndASmallProjectOpenNoLeadingRole(t *testing.T) {
	f := full(t)
	courses := 0
	for _, o := range f.Options {
		if !strings.HasSuffix(o.ID, "_course") {
			continue
		}
		courses++
		for _, project := range []string{"manage_small_project", "improvement_as_project"} {
			together := []string{o.ID, "deputise_at_bodies", project}
			if got := standing.OpensTogether(f, nil, today, 36, together...); len(got) > 0 {
				t.Errorf("%v alone open %v", together, got)
			}
			for _, e := range f.Examples[:2] {
				for _, role := range standing.OpensTogether(f, itemsOf(e), today, e.MonthsInField, together...) {
					if slices.Contains(leading, role) {
						t.Errorf("%s: %v open %s", e.ID, together, role)
					}
				}
			}
		}
	}
	if courses == 0 {
		t.Error("no option is a course")
	}
	for _, id := range leading {
		if !slices.ContainsFunc(f.Roles, func(r framework.Role) bool { return r.ID == id }) {
			t.Errorf("no role %s", id)
		}
	}
}
