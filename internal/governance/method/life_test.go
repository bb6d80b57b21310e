package method_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"cairn/internal/governance/method"
)

func TestTiming(t *testing.T) {
	m := shipped(t, "cairn-full")
	for id, want := range map[string][6]method.Timing{ // explore, shape, plan, deliver, handover, benefits
		"bc-01": {method.Open, method.Open, method.Due, method.Overdue, method.Overdue, method.Overdue},
		"pl-05": {method.NotYet, method.NotYet, method.Due, method.Due, method.Over, method.Over},
		"bc-02": {method.NotYet, method.Due, method.Overdue, method.Overdue, method.Overdue, method.Overdue},
		"go-03": {method.NotYet, method.NotYet, method.NotYet, method.NotYet, method.Due, method.Overdue},
	} {
		for i, p := range m.Phases {
			if got := m.TimingOf(m.Control(id), method.L, p.ID); got != want[i] {
				t.Errorf("%s in %s: %d, want %d", id, p.ID, got, want[i])
			}
		}
	}
	if m.TimingOf(m.Control("bc-01"), method.L, "nowhere") != method.NotYet {
		t.Error("an unknown phase is not yet")
	}
	if at := m.DueAt(m.Control("is-02"), method.S); at != "g5" {
		t.Errorf("a small project looks at security at %q, since its G4 is folded", at)
	}
	if at := m.DueAt(m.Control("is-02"), method.M); at != "g4" {
		t.Error(at)
	}
}

func TestGatesOfASmallProject(t *testing.T) {
	m := shipped(t, "cairn-full")
	r := m.Require(method.S, nil)
	for id, held := range map[string]bool{"g1": false, "g2": false, "g3": true, "g4": false, "g5": true, "g6": false} {
		if g := r.Gate(id); g == nil || g.Held != held {
			t.Errorf("%s: %+v", id, g)
		}
	}
	if r.Gate("nowhere") != nil || m.PhaseAfter("g3").ID != "deliver" || m.PhaseAfter("g6") != nil {
		t.Error("gates and phases do not fit")
	}
	back := m.Require(method.M, []string{"no_way_back"}).Gate("g4")
	plain := m.Require(method.M, nil).Gate("g4")
	must := func(g *method.GateAsked) bool {
		for _, c := range g.Criteria {
			if c.ID == "g4-way-back" {
				return c.Must
			}
		}
		return false
	}
	if !must(back) || must(plain) {
		t.Error("the way back is a must where there is none, and else at M a should")
	}
	for _, c := range m.Require(method.M, []string{"safety"}).Gate("g4").Criteria {
		if c.KnockOut != (c.ID == "g4-checks") {
			t.Errorf("%s: knock-out %v", c.ID, c.KnockOut)
		}
	}
}

func TestAuthorityGoesOneRowUp(t *testing.T) {
	m := shipped(t, "cairn-full")
	if a, ok := m.Above(method.ForGate, method.M, 10); !ok || a.Who != "steering-group" {
		t.Errorf("%+v", a)
	}
	if _, ok := m.Above(method.ForGate, method.XL, 10); ok {
		t.Error("nobody is above the board")
	}
	if _, ok := m.Who("holiday", method.M, 0); ok {
		t.Error("a decision that the method does not know was decided")
	}
	if q := m.QuorumOf(method.L, 0); q.Members != 1 {
		t.Errorf("a single person: %+v", q)
	}
}

func TestProposals(t *testing.T) {
	m := shipped(t, "cairn-full")
	f := method.Facts{
		"control.answers_count": 12, "control.people_count": 6, "control.in_the_way_pct": 50.0, "control.findings_12m_count": 0,
		"control.minutes_median": 5.0, "control.minutes_estimate": 10.0, "control.waived_pct": 0.0,
	}
	if got := m.Propose(m.Control("go-07"), f); got != method.Retire {
		t.Error(got)
	}
	if got := m.Propose(m.Control("is-01"), f); got != method.Revise {
		t.Errorf("what protects others is not retired by dislike: %s", got)
	}
	f["control.people_count"] = 3
	if got := m.Propose(m.Control("go-07"), f); got != method.NoProposal {
		t.Error(got)
	}
}

func TestAskAgain(t *testing.T) {
	m := shipped(t, "cairn-full")
	if got := m.AskAgain(method.M, method.Facts{"dial.age_days": 184}); len(got) != 1 {
		t.Errorf("%+v", got)
	}
	if got := m.AskAgain(method.M, method.Facts{"change.last_days": 91}); len(got) != 1 {
		t.Errorf("half of the facts decide: %+v", got)
	}
	if got := m.AskAgain(method.M, nil); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestDaysAndTiersAsText(t *testing.T) {
	for _, iso := range []string{"1969-12-31", "2024-02-29", "2026-11-28", "9999-12-31"} {
		if got := method.ParseDay(iso).String(); got != iso {
			t.Errorf("%s became %s", iso, got)
		}
	}
	if d := method.DayOf(time.Date(2026, 3, 1, 23, 59, 0, 0, time.UTC)); d != method.ParseDay("2026-03-01") {
		t.Error(d)
	}
	if method.ParseDay("tomorrow") != 0 || method.Forever.String() != "" || method.Day(0).String() != "" {
		t.Error("what is no date is none")
	}
	text, err := json.Marshal(map[string]method.Tier{"tier": method.XL, "none": method.NoTier})
	if err != nil || string(text) != `{"none":"","tier":"XL"}` {
		t.Error(string(text), err)
	}
	var back map[string]method.Tier
	if err := json.Unmarshal(text, &back); err != nil || back["tier"] != method.XL {
		t.Error(back, err)
	}
	if err := json.Unmarshal([]byte(`{"tier":"XXL"}`), &back); err == nil {
		t.Error("XXL is no tier")
	}
	if got := fmt.Sprint(method.Tiers()); got != "[S M L XL]" {
		t.Error(got)
	}
}
