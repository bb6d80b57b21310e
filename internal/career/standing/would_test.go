package standing_test

import (
	"slices"
	"strings"
	"testing"

	"cairn/internal/career/framework"
	"cairn/internal/career/standing"
)

// One light project to its end, confirmed by its sponsor, makes the analyst of the case
// a project manager of small projects and nothing that leads; without the sponsor's word
// or the end it does not.
func TestWhatOnePieceOfWorkDoesForTheAnalystOfTheCase(t *testing.T) {
	const small = "Project manager, small projects"
	f := full(t)
	at := slices.IndexFunc(f.Examples, func(e framework.Example) bool { return e.ID == "analyst_of_the_case" })
	items := itemsOf(f.Examples[at])
	whole := standing.Item{Key: "piece", Kind: "project.managed", As: "led", Grade: "recorded", Project: "p", Tier: "light", From: today, To: today, Finished: true, Attesters: []string{"sponsor"}}
	unfinished, unconfirmed, shadowed := whole, whole, whole
	unfinished.Finished, unconfirmed.Attesters, shadowed.As = false, nil, "observed"
	got := standing.Would(f, items, today, 36, []standing.Item{whole, unfinished, unconfirmed, shadowed})
	if opens := got[0].Opens; !slices.Equal(opens, []string{"Senior PMO analyst", small}) {
		t.Errorf("one light project opens %v", opens)
	}
	if !slices.ContainsFunc(got[0].Closes, func(s string) bool { return strings.Contains(s, " (asked by ") }) || !slices.Contains(got[0].Raises, "Managing a project") {
		t.Errorf("it closes %v and raises %v", got[0].Closes, got[0].Raises)
	}
	for i, x := range got[1:] {
		if slices.Contains(x.Opens, small) {
			t.Errorf("%d opens %v", i+1, x.Opens)
		}
	}
	for _, o := range got {
		for _, closes := range o.Closes {
			for _, role := range o.Opens {
				if strings.Contains(closes, role) {
					t.Errorf("%q is said to close something and to open it", role)
				}
			}
		}
	}
}
