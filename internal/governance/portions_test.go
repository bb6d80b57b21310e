package governance

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"cairn/internal/governance/method"
)

// figure is one number that was published: which answers it counts.
type figure struct {
	what    string
	answers map[answer]bool
}

// published gives every figure that is shown about a control in a month.
func published(list []answer, now string, number map[string]int) (out []figure) {
	f := figuresOf(portions(list, now), yearBefore(now+"-15"))
	add := func(what string, list []portion) {
		x := figure{now + " " + what, map[answer]bool{}}
		for _, p := range list {
			for _, a := range p.answers {
				x.answers[a] = true
			}
		}
		out = append(out, x)
	}
	add("all", f.all)
	for t, list := range f.tiers {
		add("tier "+t.String(), list)
	}
	for q, list := range f.quarters {
		add(q, list)
	}
	before, since := f.sides(number, 2)
	add("before", before)
	add("since", since)
	return out
}

// peopleBetween counts the people whose answers two figures do not share.
func peopleBetween(a, b figure) int {
	have := map[string]bool{}
	for _, pair := range [][2]figure{{a, b}, {b, a}} {
		for x := range pair[0].answers {
			if !pair[1].answers[x] {
				have[x.person] = true
			}
		}
	}
	return len(have)
}

// Whoever keeps all figures of all days can tell the answers of fewer than five
// people from none of their differences: not of two days, nor of a tier and all, nor
// of what is left.
func TestNoTwoFiguresDifferByFewerThanFivePeople(t *testing.T) {
	number := map[string]int{"v1": 1, "v2": 2}
	shown := 0
	rapid.Check(t, func(t *rapid.T) {
		months := rapid.IntRange(1, 28).Draw(t, "months")
		size := rapid.IntRange(1, 24).Draw(t, "people")
		var list []answer
		var days []string
		for i := range months {
			month := fmt.Sprintf("%d-%02d", 2024+(i+4)/12, (i+4)%12+1)
			days = append(days, month)
			for p := range size {
				if rapid.IntRange(0, 2).Draw(t, "answers") == 0 {
					version := "v1"
					if i > 10 && p%3 > 0 {
						version = "v2"
					}
					list = append(list, answer{"c", fmt.Sprint("person ", p), month, version, method.Tiers()[p*p%5%4], rapid.IntRange(-1, 1).Draw(t, "helped"), p})
				}
			}
		}
		var all []figure
		for _, now := range append(days, "2026-12", "2027-03") {
			known := slices.DeleteFunc(slices.Clone(list), func(a answer) bool { return a.month > now })
			all = append(all, published(known, now, number)...)
		}
		for i, a := range all {
			if len(a.answers) > 0 {
				shown++
			}
			for _, b := range all[i:] {
				if n := peopleBetween(a, b); n > 0 && n < fewest {
					t.Fatalf("%s and %s differ by %d people", a.what, b.what, n)
				}
			}
		}
	})
	if shown == 0 {
		t.Error("nothing was ever shown")
	}
}

// Tiers are told where enough people answer: the rule does not hide everything.
func TestTiersOfManyPeopleAreTold(t *testing.T) {
	var list []answer
	for m := 1; m <= 3; m++ {
		for p := range 12 {
			list = append(list, answer{"c", fmt.Sprint("person ", p), fmt.Sprintf("2026-%02d", m), "v1", method.S + method.Tier(p%2), 1, 5})
		}
	}
	f := figuresOf(portions(list, "2026-04"), "2025-05")
	var u Used
	u.Control = &method.Control{ID: "c"}
	u.tell(f)
	if u.All.Answers != 36 || u.ByTier[method.S].People != 6 || u.ByTier[method.M].Answers != 18 || len(u.Quarters) != 1 {
		t.Errorf("%+v by tier %+v by quarter %+v", u.All, u.ByTier, u.Quarters)
	}
}
