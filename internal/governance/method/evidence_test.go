package method_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"cairn/internal/governance/method"
)

// record draws evidence for the lines of a control, and some that is beside the point.
func record(t *rapid.T, c *method.Control) *method.Evidence {
	e := &method.Evidence{Events: map[string][]method.Seen{}, Documents: map[string][]method.Seen{}, Attestations: map[string][]method.Day{}, Facts: method.Facts{}}
	days := rapid.SliceOfN(rapid.IntRange(19_000, 20_500), 0, 5)
	for i, a := range c.Accepts {
		for _, on := range days.Draw(t, fmt.Sprint("days of ", i)) {
			seen := method.Seen{Of: rapid.SampledFrom([]string{a.Of, "other"}).Draw(t, "of"), On: method.Day(on)}
			switch a.Kind {
			case method.AnEvent:
				e.Events[a.Name] = append(e.Events[a.Name], seen)
			case method.ADocument:
				seen.Of = rapid.SampledFrom([]string{method.Draft, method.Approved}).Draw(t, "state")
				e.Documents[a.ID] = append(e.Documents[a.ID], seen)
			case method.AnAttestation:
				e.Attestations[c.ID] = append(e.Attestations[c.ID], seen.On)
			case method.AFact:
			}
		}
	}
	if rapid.Bool().Draw(t, "facts") {
		e.Facts["lesson.count"] = rapid.IntRange(0, 2).Draw(t, "lessons")
		e.Facts["body.terms_approved"] = rapid.Bool().Draw(t, "terms")
	}
	return e
}

// TestCoversAreWhatStateSays: on any day, a control is covered by dated evidence if
// and only if the day lies in one of its covers.
func TestCoversAreWhatStateSays(t *testing.T) {
	m := shipped(t, "cairn-full")
	rapid.Check(t, func(t *rapid.T) {
		c := &m.Controls[rapid.IntRange(0, len(m.Controls)-1).Draw(t, "control")]
		tier := rapid.SampledFrom(method.Tiers()).Draw(t, "tier")
		e := record(t, c)
		covers := c.Covers(tier, e)
		for i, cover := range covers {
			if cover.From >= cover.To || i > 0 && cover.From <= covers[i-1].To {
				t.Fatalf("%v", covers)
			}
		}
		at := method.Day(rapid.IntRange(18_900, 21_500).Draw(t, "at"))
		inside := false
		for _, cover := range covers {
			inside = inside || at >= cover.From && at < cover.To
		}
		s := m.StateOf(c, tier, e, at, nil)
		if inside != (s.Standing == method.Evidenced && c.Accepts[s.Line].Kind != method.AFact) && inside != (s.Standing == method.Evidenced) {
			t.Fatalf("covers %v at %d: %+v", covers, at, s)
		}
		if s.Standing == method.Evidenced && s.On != 0 && (s.On > at || s.Until <= at) || s.Lapsed > at {
			t.Fatalf("at %d: %+v", at, s)
		}
	})
}

// TestLastDayCounts: limits are inclusive.
func TestLastDayCounts(t *testing.T) {
	m := shipped(t, "cairn-full")
	for _, c := range m.Controls {
		for _, tier := range method.Tiers() {
			fresh := c.FreshDays.At(tier)
			if c.Accepts[0].Kind != method.AnEvent || len(c.Accepts[0].All) > 0 || fresh == 0 {
				continue
			}
			e := &method.Evidence{Events: map[string][]method.Seen{c.Accepts[0].Name: {{Of: c.Accepts[0].Of, On: 20_000}}}}
			for days, want := range map[int]method.Standing{-1: method.Gap, 0: method.Evidenced, fresh: method.Evidenced, fresh + 1: method.Gap} {
				s := m.StateOf(&c, tier, e, method.Day(20_000+days), nil)
				if s.Standing != want {
					t.Errorf("%s at %s after %d days: %s", c.ID, tier, days, s.Standing)
				}
				if days == fresh+1 && s.Lapsed != method.Day(20_000+days) {
					t.Errorf("%s ran out on %d", c.ID, s.Lapsed)
				}
			}
		}
	}
}

func TestAbsentIsNotZero(t *testing.T) {
	m := shipped(t, "cairn-full")
	state := func(id string, f method.Facts) method.Standing {
		return m.StateOf(m.Control(id), method.M, &method.Evidence{Facts: f}, 20_000, nil).Standing
	}
	for _, c := range []struct {
		id    string
		facts method.Facts
		want  method.Standing
	}{
		{"mo-01", nil, method.Gap},
		{"mo-01", method.Facts{"cost.committed_over_approved_amount": 0}, method.Evidenced}, // an int where a number is
		{"mo-01", method.Facts{"cost.committed_over_approved_amount": 0.5}, method.Gap},
		{"mo-01", method.Facts{"cost.committed_over_approved_amount": "none"}, method.Gap},
		{"bc-04", method.Facts{"benefit.without_owner_count": 0, "benefit.without_baseline_count": 0}, method.Gap},
		{"bc-04", method.Facts{"benefit.count": int64(1), "benefit.without_owner_count": 0, "benefit.without_baseline_count": 0}, method.Evidenced},
		{"pe-01", method.Facts{"role.sponsor_named": true, "role.pm_named": true, "sponsor.silence_days": 60}, method.Evidenced},
		{"pe-01", method.Facts{"role.sponsor_named": true, "role.pm_named": true, "sponsor.silence_days": 61}, method.Gap},
	} {
		if got := state(c.id, c.facts); got != c.want {
			t.Errorf("%s with %v: %s, want %s", c.id, c.facts, got, c.want)
		}
	}
	if got := m.AbsentFacts(m.Control("pe-01"), method.Facts{"role.pm_named": true}); fmt.Sprint(got) != "[role.sponsor_named sponsor.silence_days]" {
		t.Error(got)
	}
}

// TestTheRestMayDecide: || and && are decided by what is there, where it decides.
func TestTheRestMayDecide(t *testing.T) {
	m := shipped(t, "cairn-full")
	var lessons *method.Criterion
	for i, c := range m.Gate("g3").Criteria {
		if c.ID == "g3-lessons" {
			lessons = &m.Gate("g3").Criteria[i]
		}
	}
	for _, c := range []struct {
		facts method.Facts
		want  method.Truth
	}{
		{nil, method.Undecided},
		{method.Facts{"lesson.linked_count": 1}, method.Yes},
		{method.Facts{"lesson.linked_count": 0}, method.Undecided},
		{method.Facts{"lesson.matching_count": 0}, method.Yes},
		{method.Facts{"lesson.linked_count": 0, "lesson.matching_count": 2}, method.No},
	} {
		got := m.Shows(lessons, method.L, c.facts)
		if len(got) != 1 || got[0].Truth != c.want || (c.want == method.Undecided) != (len(got[0].Absent) > 0) {
			t.Errorf("%v: %+v, want %d", c.facts, got, c.want)
		}
	}
}

func TestWhatNobodyFeedsIsNoGap(t *testing.T) {
	m := shipped(t, "cairn-full")
	e := &method.Evidence{}
	fed := &method.Fed{Facts: map[string]bool{}, Events: map[string]bool{}}
	standing := func(id string) method.Standing {
		return m.StateOf(m.Control(id), method.XL, e, 20_000, fed).Standing
	}
	for id, want := range map[string]method.Standing{
		"pe-01": method.CannotBeSeen, // facts alone
		"pl-02": method.CannotBeSeen, // an event alone
		"bc-01": method.Gap,          // a document would do
		"mo-01": method.Gap,          // somebody's word would do
		"go-03": method.Gap,          // what is recorded needs lessons too, and somebody's word would do
		"su-02": method.CannotBeSeen, // an event, and a fact of a part that is not there
	} {
		if got := standing(id); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
	fed.Events["plan.challenged"] = true
	for _, id := range []string{"pl-02"} {
		if got := standing(id); got != method.Gap {
			t.Errorf("%s: %s, want gap", id, got)
		}
	}
	e.Events = map[string][]method.Seen{"supplier.plan_joined": {{On: 19_990}}}
	e.Facts = method.Facts{"supplier.critical_count": 1, "supplier.critical_without_plan_count": 0}
	if got := standing("su-02"); got != method.Evidenced {
		t.Errorf("what is there counts, fed or not: %s", got)
	}
}

func TestAnApprovedDocumentIsADraftToo(t *testing.T) {
	m := shipped(t, "cairn-full")
	for state, want := range map[string]method.Standing{method.Draft: method.Evidenced, method.Approved: method.Evidenced, "idea": method.Gap} {
		e := &method.Evidence{Documents: map[string][]method.Seen{"doc-handover": {{Of: state, On: 20_000}}}}
		if got := m.StateOf(m.Control("qh-06"), method.XL, e, 20_010, nil); got.Standing != want {
			t.Errorf("%s: %+v", state, got)
		}
	}
	e := &method.Evidence{Documents: map[string][]method.Seen{"doc-handover": {{Of: method.Draft, On: 20_000}}}}
	if got := m.StateOf(m.Control("qh-03"), method.XL, e, 20_010, nil); got.Standing != method.Gap {
		t.Errorf("a draft was taken for approved: %+v", got)
	}
}
