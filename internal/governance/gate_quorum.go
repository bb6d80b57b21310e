package governance

import (
	"slices"

	"cairn/internal/governance/method"
	"cairn/internal/kit/clock"
)

// Count is who counts towards the quorum of a review, and what is missing.
type Count struct {
	Members  int // who sits in it by right, the chair included
	Present  int // of them, present and without a conflict
	Deputies int // deputies who count: at most half of all who count
	Counted  int
	Needed   int
	Absent   []string // sides that are not among those who count
	NoChair  bool     // neither the chair nor a deputy of the chair counts
}

// Quorate reports whether the review may decide.
func (c Count) Quorate() bool { return c.Counted >= c.Needed && len(c.Absent) == 0 && !c.NoChair }

// count counts who decides. The person who decides is there. Who declared a
// conflict is heard and does not count; a deputy counts for a member who is not
// there, once, and deputies are at most half of those who count; so where one
// person decides, a deputy cannot decide alone.
func (r *Review) count(m *method.Method, deciding string) Count {
	c := Count{Needed: r.Quorum, NoChair: true}
	here := func(s Seat) bool { return (s.Present || s.Person == deciding) && !s.Conflicted() }
	counted := map[string]bool{} // people
	stood := map[string]bool{}   // members who are there or stood for
	var sides []string
	for _, s := range r.Seats {
		if s.Capacity != Chair && s.Capacity != BodyMember {
			continue
		}
		c.Members++
		if here(s) && !counted[s.Person] {
			counted[s.Person], stood[s.Person] = true, true
			sides = append(sides, s.Side)
			c.Present++
			c.NoChair = c.NoChair && s.Capacity != Chair
		}
	}
	for _, s := range r.Seats {
		if s.Capacity != DeputyFor || !here(s) || counted[s.Person] || stood[s.For] || c.Deputies >= c.Present {
			continue
		}
		counted[s.Person], stood[s.For] = true, true
		c.Deputies++
		for _, of := range r.Seats {
			if of.Person == s.For && (of.Capacity == Chair || of.Capacity == BodyMember) {
				sides = append(sides, of.Side)
				c.NoChair = c.NoChair && of.Capacity != Chair
			}
		}
	}
	c.Counted = c.Present + c.Deputies
	if r.Frozen.IsBody && r.Form == method.ByReview {
		c.Needed = max(c.Needed, m.QuorumOf(r.Tier, max(c.Members, 1)).Members)
		for _, side := range r.Frozen.Sides {
			if !slices.Contains(sides, side) {
				c.Absent = append(c.Absent, side)
			}
		}
	}
	return c
}

// decider gives the person if they may decide the review: its chair, or the
// chair's deputy while the chair is not there or has a conflict.
func (r *Review) decider(person string) (owner, as string) {
	if person == "" {
		return "", ""
	}
	chair := r.chair()
	for _, s := range r.Seats {
		if s.Person != person || s.Conflicted() {
			continue
		}
		if s.Capacity == Chair {
			return person, string(Chair)
		}
		if s.Capacity == DeputyFor && chair != nil && s.For == chair.Person && (!chair.Present || chair.Conflicted()) {
			return person, string(DeputyFor)
		}
	}
	return "", ""
}

// chair gives who chairs; somebody with a conflict only while nobody else does.
func (r *Review) chair() (found *Seat) {
	for i := range r.Seats {
		if s := &r.Seats[i]; s.Capacity == Chair && (found == nil || found.Conflicted()) {
			found = s
		}
	}
	return found
}

// seated gives the person if they hold a seat that fits.
func (r *Review) seated(person string, fits func(Capacity) bool) string {
	for _, s := range r.Seats {
		if person != "" && s.Person == person && fits(s.Capacity) {
			return person
		}
	}
	return ""
}

// runs gives the person if they chair or facilitate the review.
func (r *Review) runs(person string) string {
	return r.seated(person, func(c Capacity) bool { return c == Chair || c == Facilitator })
}

// unheard lists the opinions that are needed before the decision and are not
// there: of how many reviewers, and of which roles.
func (r *Review) unheard(said []GateOpinion) (reviewers int, roles []string) {
	spoke := map[string]bool{}
	for _, o := range said {
		spoke[o.Person] = true
	}
	have := map[string]int{}
	for _, s := range r.Seats {
		if s.Conflicted() || !spoke[s.Person] {
			continue
		}
		if s.Capacity == Reviewer {
			have["reviewer"]++
		}
		if s.Capacity == Adviser {
			have[s.Authority]++
		}
	}
	for _, role := range r.Frozen.Adds {
		if role != "reviewer" && have[role] == 0 {
			roles = append(roles, role)
		}
	}
	need := r.Reviewers
	if slices.Contains(r.Frozen.Adds, "reviewer") {
		need = max(need, 1)
	}
	return max(need-have["reviewer"], 0), roles
}

// beforeMeeting reports whether a deputy who is named today is named before the
// meeting.
func (r *Review) beforeMeeting(today clock.Day) bool { return r.MeetsOn == "" || today < r.MeetsOn }
