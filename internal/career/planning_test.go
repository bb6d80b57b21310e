package career

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"cairn/internal/career/framework"
	"cairn/internal/career/planner"
	"cairn/internal/career/standing"
	"cairn/internal/kit/errs"
)

var someDay = time.Date(2026, 3, 16, 0, 0, 0, 0, time.UTC)

func fullFramework(t testing.TB) *framework.Framework {
	t.Helper()
	file, err := os.ReadFile("framework/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f, err := framework.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func example(e framework.Example) []standing.Item {
	return standing.Spread(e.Evidence, "", func(l framework.Evidence) (time.Time, time.Time) {
		from, to := 0, 0
		if len(l.Ago) == 2 {
			from, to = l.Ago[0], l.Ago[1]
		}
		begin := someDay.AddDate(0, -from, 0)
		if l.Months > 0 {
			return begin, begin.AddDate(0, l.Months-1, 0)
		}
		return begin, someDay.AddDate(0, -to, 0)
	})
}

// somePeople are the examples, and each of them with parts of the record gone.
func somePeople(f *framework.Framework, parts int) (out []person) {
	for _, e := range f.Examples {
		all := example(e)
		out = append(out, person{e.ID, all, e.MonthsInField})
		for n := range parts {
			r := rand.New(rand.NewPCG(uint64(n), uint64(len(all))))
			var some []standing.Item
			for _, it := range all {
				if r.IntN(10) > n%6 {
					some = append(some, it)
				}
			}
			out = append(out, person{fmt.Sprint(e.ID, " in part ", n), some, e.MonthsInField - n})
		}
	}
	return out
}

type person struct {
	name   string
	items  []standing.Item
	months int
}

// optionsOf is Options for items at hand.
func optionsOf(f *framework.Framework, p person) Options {
	o := Options{Standing: Standing{By: f, On: true, Standing: standing.Evaluate(f, p.items, someDay, p.months)}, q: ask(f, p.items, someDay, p.months)}
	o.w = planner.NewWeigher(&o.q.in, 0)
	return o
}

func sameSet(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}

func TestThePlannerReadsRulesAsTheStandingDoes(t *testing.T) {
	f := fullFramework(t)
	for _, p := range somePeople(f, 8) {
		o := optionsOf(f, p)
		for r, role := range o.Roles {
			for k, q := range role.Requirements {
				if o.q.in.Open(o.q.in.Roles[r].Needs[k]) != q.Met {
					t.Errorf("%s: %s, %q: met is %v in the standing", p.name, role.ID, q.Says, q.Met)
				}
			}
		}
		for _, opt := range o.Standing.Options {
			m := o.Mix([]string{opt.ID})
			if (len(m.Stuck) > 0) != (len(opt.First) > 0) {
				t.Errorf("%s: %s waits: %v, in the standing: %v", p.name, opt.ID, m.Stuck, opt.First)
			}
			if len(m.Stuck) == 0 && !sameSet(m.Opens, opt.Opens) {
				t.Errorf("%s: %s opens %v, in the standing %v", p.name, opt.ID, m.Opens, opt.Opens)
			}
		}
	}
}

func TestEveryPlanOpensWhatItSays(t *testing.T) {
	f := fullFramework(t)
	plans := 0
	for n, p := range somePeople(f, 2) {
		for i := range f.Options {
			f.Options[i].Max = 1 + n%2 // every second person may take everything twice
		}
		o := optionsOf(f, p)
		queries := []PlanQuery{{Hours: 200}, {HoursWeek: 6, Weeks: 40}}
		for _, r := range o.Roles {
			if r.State != standing.Qualified {
				queries = append(queries, PlanQuery{Role: r.ID})
			}
		}
		for _, query := range queries {
			a, err := o.search(context.Background(), query, plansShown)
			if err != nil || !a.Proven {
				t.Fatalf("%s: %+v: %v, proven %v after %d states", p.name, query, err, a.Proven, a.Looked)
			}
			for _, found := range a.Plans {
				plans++
				holds(t, f, p, o.planned(found, query), query)
			}
		}
	}
	t.Logf("%d plans held to the standing", plans)
}

// A place is a limit like the others: no step goes further, what can be done near costs
// no more for it, and where it alone leaves no plan, it is the reason.
func TestPlansGoNoFurtherThanAsked(t *testing.T) {
	f, ctx := fullFramework(t), context.Background()
	kept, ruledOut := 0, 0
	for _, p := range somePeople(f, 0) {
		o := optionsOf(f, p)
		for _, r := range o.Roles {
			free, err := o.Plan(ctx, PlanQuery{Role: r.ID})
			if err != nil || len(free.Plans) == 0 {
				continue
			}
			for _, place := range framework.Places {
				near, err := o.Plan(ctx, PlanQuery{Role: r.ID, Place: place})
				if err != nil || !near.Proven {
					t.Fatalf("%s: %s within %s: %v", p.name, r.ID, place, err)
				}
				for _, plan := range near.Plans {
					for _, step := range plan.Steps {
						if !step.Within(place) {
							t.Errorf("%s: %s within %s goes to %s for %s", p.name, r.ID, place, step.Where(), step.ID)
						}
					}
				}
				all := !slices.ContainsFunc(free.Plans[0].Steps, func(s PlanStep) bool { return !s.Within(place) })
				switch {
				case len(near.Plans) == 0:
					ruledOut++
					if all || !slices.Equal(near.Why.Limits, []string{"place"}) {
						t.Errorf("%s: %s within %s: no plan, because of %v", p.name, r.ID, place, near.Why.Limits)
					}
				case near.Plans[0].Hours < free.Plans[0].Hours || all && near.Plans[0].Hours != free.Plans[0].Hours:
					t.Errorf("%s: %s within %s takes %d hours, anywhere %d", p.name, r.ID, place, near.Plans[0].Hours, free.Plans[0].Hours)
				default:
					kept++
				}
			}
		}
		if _, err := o.Plan(ctx, PlanQuery{Place: "the moon"}); len(errs.FieldsOf(err)) != 1 {
			t.Errorf("the moon: %v", err)
		}
	}
	if kept == 0 || ruledOut == 0 {
		t.Errorf("%d plans stay and %d are ruled out: too few to say anything", kept, ruledOut)
	}
}

// holds adds to the record what the steps of a plan leave behind.
func holds(t *testing.T, f *framework.Framework, p person, plan Plan, query PlanQuery) {
	t.Helper()
	items, hours, times := slices.Clone(p.items), 0, map[string]int{}
	for _, s := range plan.Steps {
		times[s.ID]++
		items = append(items, standing.Yields(s.Option, someDay, times[s.ID])...)
		hours += s.Hours
		if len(s.Closes)+len(s.Before)+len(s.Opens) == 0 {
			t.Errorf("%s: %+v: the step %s is for nothing", p.name, query, s.ID)
		}
	}
	var opened []string
	before := standing.Evaluate(f, p.items, someDay, p.months)
	for i, r := range standing.Evaluate(f, items, someDay, p.months).Roles {
		if r.State == standing.Qualified && before.Roles[i].State != standing.Qualified {
			opened = append(opened, r.ID)
		}
	}
	if query.Role != "" && !slices.Contains(opened, query.Role) || query.Role == "" && !sameSet(opened, plan.Opens) || hours != plan.Hours {
		t.Errorf("%s: %+v: the plan says %v for %d hours, the standing %v for %d", p.name, query, plan.Opens, plan.Hours, opened, hours)
	}
}
