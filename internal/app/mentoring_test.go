package app

import (
	"context"
	"strings"
	"testing"
	"time"

	"cairn/internal/career"
	"cairn/internal/kit/authz"
	"cairn/internal/mentoring"
)

// What two people met for counts for each of them: given and received, in whole
// hours over all meetings, with the other one as whom it was done with; a meeting
// that was not held counts for neither.
func TestMentoringCountsForBoth(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		offer, err := o.Mentoring.SaveOffer(ctx, o.manager, 0, mentoring.Offer{Topics: []string{"project_delivery"}, Weeks: 2, Places: 1})
		check(t, err)
		p, err := o.Mentoring.Ask(ctx, o.partner, offer.ID, 2, "")
		check(t, err)
		check(t, o.Mentoring.Accept(ctx, o.manager, p.ID, 1, 0))
		check(t, o.Career.TurnOn(ctx, o.partner))
		var last string
		for range 3 {
			o.clock.Advance(14 * 24 * time.Hour)
			last, err = o.Mentoring.NoteMeeting(ctx, o.partner, p.ID, mentoring.Meeting{On: o.Mentoring.Today(), Minutes: 50})
			check(t, err)
		}
		check(t, o.CatchUp(ctx))
		check(t, o.Career.TurnOn(ctx, o.manager)) // from scratch, and not as it came
		for kind, who := range map[string]authz.Actor{"mentoring.received": o.partner, "mentoring.given": o.manager} {
			pieces, hours := 0, 0
			st, err := o.Career.Standing(ctx, who)
			check(t, err)
			for _, it := range st.Items {
				if it.Kind == kind {
					pieces++
					hours += it.Hours
					if len(it.People) != 1 || it.People[0] == who.Person {
						t.Errorf("%s with %v", kind, it.People)
					}
				}
			}
			if pieces != 3 || hours != 2 {
				t.Errorf("%s: %d pieces of %d hours", kind, pieces, hours)
			}
			g, says := met(t, ctx, o, who)
			if len(g.Items) != 3 || says != "Was mentored in 3 meetings, "+g.When() && says != "Mentored in 3 meetings, "+g.When() {
				t.Errorf("%s: %s", kind, says)
			}
		}
		check(t, o.Mentoring.RemoveMeeting(ctx, o.manager, p.ID, last))
		check(t, o.CatchUp(ctx))
		for _, who := range []authz.Actor{o.partner, o.manager} {
			if g, _ := met(t, ctx, o, who); len(g.Items) != 2 {
				t.Errorf("a meeting that was not held is one of %d", len(g.Items))
			}
		}
		gaps, err := mentoringGaps{o.Career}.Gaps(ctx, o.partner)
		check(t, err)
		if gaps["team_delivery"] == "" || gaps["stars"] != "" {
			t.Errorf("no gap of a partner of one project: %v", gaps)
		}
		if gaps, err = (mentoringGaps{o.Career}).Gaps(ctx, o.other); err != nil || len(gaps) != 0 {
			t.Errorf("gaps while the career is off: %v %v", gaps, err)
		}
	})
}

// met is the group of the meetings of two in somebody's ledger, and what it says.
func met(t *testing.T, ctx context.Context, o *office, who authz.Actor) (*career.Group, string) {
	t.Helper()
	l, err := o.Career.Ledger(ctx, who)
	check(t, err)
	for i := range l.Groups {
		if g := &l.Groups[i]; strings.HasPrefix(g.Kind, "mentoring.") {
			return g, g.Says(l.By)
		}
	}
	return &career.Group{}, ""
}
