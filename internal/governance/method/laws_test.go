package method_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cairn/internal/governance/method"
	"cairn/internal/kit/errs"
)

// sheet draws a complete answer sheet.
func sheet(t *rapid.T, m *method.Method) method.Answers {
	out := method.Answers{}
	for i := range m.Dial.Questions {
		q := &m.Dial.Questions[i]
		first := rapid.SampledFrom(q.Answers).Draw(t, q.ID)
		out[q.ID] = []string{first.ID}
		if q.Many() && !first.Alone {
			for _, a := range q.Answers {
				if !a.Alone && a.ID != first.ID && rapid.Bool().Draw(t, a.ID) {
					out[q.ID] = append(out[q.ID], a.ID)
				}
			}
		}
	}
	return out
}

func register(t *rapid.T) method.Register {
	return method.Register{
		HandsOver: rapid.Bool().Draw(t, "hands over"),
		Kind:      rapid.SampledFrom([]string{"", "project", "improvement", "study", "compulsory"}).Draw(t, "kind"),
	}
}

func decide(t *rapid.T, m *method.Method, a method.Answers, r method.Register) *method.Result {
	got, err := m.Decide(a, r)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestLawsOfTheDial holds for every sheet.
func TestLawsOfTheDial(t *testing.T) {
	m := shipped(t, "cairn-full")
	rapid.Check(t, func(t *rapid.T) {
		a, r := sheet(t, m), register(t)
		got := decide(t, m, a, r)
		if got.Points < 0 || got.Points > got.Max {
			t.Fatalf("%d points", got.Points)
		}
		ceiling, floor := method.XL, method.NoTier
		for _, h := range got.Rules {
			if h.Floor {
				floor = max(floor, h.Tier)
			} else {
				ceiling = min(ceiling, h.Tier)
			}
		}
		if want := max(min(got.ByPoints, ceiling), floor); got.Tier != want || got.Floor != floor {
			t.Fatalf("tier %s, floor %s; want %s, %s", got.Tier, got.Floor, want, floor)
		}
		sum := 0
		for i, p := range got.Decided {
			sum += p.Points
			if i > 0 && p.Points > got.Decided[i-1].Points {
				t.Fatalf("not heaviest first: %+v", got.Decided)
			}
		}
		if sum < got.Points {
			t.Fatalf("the answers that decided give %d of %d points", sum, got.Points)
		}
		if got.Method != "cairn-full" && (r.Kind != "improvement" || got.Tier != method.S) {
			t.Fatalf("%s goes to %s", got.Tier, got.Method)
		}
		n := len(m.Require(got.Tier, got.Involves).Controls)
		if promised := m.ExpectedRange.At(got.Tier); n < promised.From || n > promised.To {
			t.Fatalf("%d controls at %s", n, got.Tier)
		}
	})
}

// TestMorePointsNeverGiveLess: where no floor or ceiling holds, one heavier answer
// does not lower the tier.
func TestMorePointsNeverGiveLess(t *testing.T) {
	m := shipped(t, "cairn-full")
	rapid.Check(t, func(t *rapid.T) {
		a, r := sheet(t, m), register(t)
		before := decide(t, m, a, r)
		q := rapid.SampledFrom(m.Dial.Questions).Draw(t, "question")
		other := rapid.SampledFrom(q.Answers).Draw(t, "answer")
		a[q.ID] = []string{other.ID}
		after := decide(t, m, a, r)
		if after.Points > before.Points {
			before, after = after, before
		}
		if after.ByPoints > before.ByPoints || len(before.Rules)+len(after.Rules) == 0 && after.Tier > before.Tier {
			t.Fatalf("%d points give %s, and %d give %s", after.Points, after.Tier, before.Points, before.Tier)
		}
	})
}

// TestWouldChangeIsTrue: each answer that is named gives the tier that is named,
// and no other single choice of a question with one answer gives another tier.
func TestWouldChangeIsTrue(t *testing.T) {
	m := shipped(t, "cairn-full")
	rapid.Check(t, func(t *rapid.T) {
		a, r := sheet(t, m), register(t)
		got := decide(t, m, a, r)
		named := map[string]method.Tier{}
		for _, w := range got.WouldChange {
			named[w.Question+" "+w.Answer] = w.Tier
		}
		for _, q := range m.Dial.Questions {
			for _, answer := range q.Answers {
				if q.Many() || a[q.ID][0] == answer.ID {
					continue
				}
				was := a[q.ID]
				a[q.ID] = []string{answer.ID}
				other := decide(t, m, a, r)
				a[q.ID] = was
				tier, ok := named[q.ID+" "+answer.ID]
				if ok != (other.Tier != got.Tier) || ok && tier != other.Tier {
					t.Fatalf("%s %s gives %s, named %s", q.ID, answer.ID, other.Tier, tier)
				}
			}
		}
	})
}

// TestRequireGrows: within a tier, more involved means no less asked; the same is
// true of tiers for all controls but the one that is for S alone.
func TestRequireGrows(t *testing.T) {
	m := shipped(t, "cairn-full")
	var names []string
	for _, f := range m.Involved() {
		names = append(names, strings.TrimPrefix(f.Name, "involves."))
	}
	rapid.Check(t, func(t *rapid.T) {
		few := rapid.SliceOfDistinct(rapid.SampledFrom(names), rapid.ID[string]).Draw(t, "few")
		more := append(rapid.SliceOf(rapid.SampledFrom(names)).Draw(t, "more"), few...)
		at := rapid.IntRange(0, 3).Draw(t, "tier")
		tier := method.Tiers()[at]
		above := method.Tiers()[rapid.IntRange(at, 3).Draw(t, "above")]
		small, large := m.Require(tier, few), m.Require(above, more)
		for _, c := range small.Controls {
			if c.ID != "ri-01" && large.Control(c.ID) == nil {
				t.Fatalf("%s is asked at %s of %v and not at %s of %v", c.ID, tier, few, above, more)
			}
		}
		for _, d := range small.Documents {
			if !slices.ContainsFunc(large.Documents, func(o method.DocumentAsked) bool { return o.ID == d.ID && o.Pages >= d.Pages }) {
				t.Fatalf("%s is asked at %s and not at %s", d.ID, tier, above)
			}
		}
		slices.Reverse(few)
		if m.RequireKey(tier, few) != small.Key() || m.RequireKey(tier, append(few, "nothing-known")) != small.Key() {
			t.Fatal("the key depends on the order")
		}
	})
}

func TestLoadStaysInTheBudget(t *testing.T) {
	m := shipped(t, "cairn-full")
	var all []string
	for _, f := range m.Involved() {
		all = append(all, strings.TrimPrefix(f.Name, "involves."))
	}
	possible := map[method.Tier][]string{
		method.S: {"supplier", "critical_supplier", "personal_data", "dependency", "people_change", "public_eye", "handover"},
		method.M: all, method.L: all, method.XL: all,
	}
	for _, tier := range method.Tiers() {
		r := m.Require(tier, possible[tier])
		t.Logf("%s: %.0f of %.0f minutes, %g pages, %g hours, %d controls", tier, r.EstimatedMinutes, r.BudgetMinutes, r.Pages, r.Hours, len(r.Controls))
		if r.EstimatedMinutes > r.BudgetMinutes || r.EstimatedMinutes <= 0 {
			t.Errorf("%s: %.0f minutes of %.0f", tier, r.EstimatedMinutes, r.BudgetMinutes)
		}
	}
	light := shipped(t, "cairn-light").Require(method.S, nil)
	if light.EstimatedMinutes > light.BudgetMinutes {
		t.Errorf("light: %.1f minutes of %.0f", light.EstimatedMinutes, light.BudgetMinutes)
	}
}

func TestImprovementsGoToTheLightMethod(t *testing.T) {
	full, light := shipped(t, "cairn-full"), shipped(t, "cairn-light")
	for _, x := range full.Examples.Dial {
		answers := method.Answers{}
		for q, words := range x.Answers {
			answers[q] = words
		}
		r := method.Register{HandsOver: x.HandsOver, Kind: x.Kind}
		got, err := full.Decide(answers, r)
		if err != nil {
			t.Fatal(err)
		}
		if fits := light.Fits(got.Tier, r); fits != (got.Method == light.ID) {
			t.Errorf("%s: the dial says %s, the light method fits %v", x.ID, got.Method, fits)
		}
		if got.Method == light.ID {
			if n := len(light.Require(got.Tier, got.Involves).Controls); n != x.Expect.Controls {
				t.Errorf("%s: %d controls, want %d", x.ID, n, x.Expect.Controls)
			}
		}
	}
}

func TestAnswersAreChecked(t *testing.T) {
	m := shipped(t, "cairn-full")
	good := func() method.Answers {
		a := method.Answers{}
		for q, words := range m.Examples.Dial[0].Answers {
			a[q] = words
		}
		return a
	}
	if err := m.CheckAnswers(good()); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		question string
		given    []string
	}{
		"missing": {"size", nil}, "unknown answer": {"size", []string{"huge"}}, "two": {"size", []string{"to-50k", "to-250k"}},
		"alone": {"regulation", []string{"none", "safety"}}, "twice": {"regulation", []string{"safety", "safety"}}, "unknown question": {"weather", []string{"rain"}},
	} {
		a := good()
		a[c.question] = c.given
		err := m.CheckAnswers(a)
		if fields := errs.FieldsOf(err); !errs.Is(err, errs.Invalid) || len(fields) != 1 || fields[0].Name != c.question {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(errs.FieldsOf(m.CheckAnswers(nil))); n != 10 {
		t.Errorf("%d questions are missing, want ten", n)
	}
	if _, err := shipped(t, "cairn-light").Decide(good(), method.Register{}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a method without a dial decided: %v", err)
	}
}
