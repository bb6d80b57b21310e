package framework_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cairn/internal/career/framework"
)

func full(t testing.TB) string {
	t.Helper()
	file, err := os.ReadFile("full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(file)
}

func load(t testing.TB, file string) *framework.Framework {
	t.Helper()
	f, err := framework.Load([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestDiffTellsInSentences(t *testing.T) {
	before := full(t)
	for _, c := range []struct{ old, new, says string }{
		{"{experience: {kinds: [period.run], as: contributed, count: 3}", "{experience: {kinds: [period.run], as: contributed, count: 2}", "PMO analyst now asks for 2 × reporting period run instead of 3."},
		{"{experience: {kinds: [practice.adopted], as: contributed, projects: 6}", "{experience: {kinds: [practice.adopted], as: contributed, projects: 8}", "Governance and controls specialist now asks for own practice taken up by others on 8 different projects instead of 6."},
		{"{counter: projects_seen, at_least: 30", "{counter: projects_seen, at_least: 25", "Head of PMO now asks for 25 projects seen instead of 30."},
		{"- {competency: planning, application: 4}", "- {competency: planning, application: 3}", "Planning specialist now asks for Planning and scheduling: “did it” instead of Planning and scheduling: “led it”."},
		{"      - {counter: projects_seen, at_least: 30, says: \"thirty projects seen\"}\n", "", "Head of PMO no longer asks for 30 in the counter “Projects seen”."},
		{"{kinds: [change.assessed], count: 5, projects: 2, quarters: 2}", "{kinds: [change.assessed], count: 5, projects: 2, quarters: 3}", "Change control, level 3 “did it”, now asks for change request assessed in 3 calendar quarters instead of 2."},
		{"hours: 180", "hours: 160", "Manage a small project now takes 160 hours instead of 180."},
		{"{kind: mentoring.received, as: observed, count: 12, hours: 12, quarters: 2}", "{kind: mentoring.received, as: observed, count: 10, hours: 12, quarters: 2}", "Be mentored now leaves behind 10 × mentoring received instead of 12."},
		{"  4: {as: led, within_months: 48, grade: attested}", "  4: {as: led, within_months: 36, grade: attested}", "What rules take when they do not say now gives level 4: led, confirmed or recorded, in the last 36 months instead of led, confirmed or recorded, in the last 48 months."},
	} {
		after := strings.Replace(before, c.old, c.new, 1)
		var says []string
		for _, x := range framework.Diff(load(t, before), load(t, after)) {
			if x.From == "" && x.To == "" {
				says = append(says, x.Says)
			}
		}
		if d := cmp.Diff([]string{c.says}, says); d != "" {
			t.Error(d)
		}
	}
}

func TestTextsAreToldAsTheyWereAndAre(t *testing.T) {
	before := full(t)
	after := strings.Replace(before, "Followed one change request from wish to decision.", "Followed a change to its decision.", 1)
	got := framework.Diff(load(t, before), load(t, after))
	want := []framework.Change{{framework.Changed, "competency", "change_control/1", "Change control", "Change control, level 1 “saw it”, has another text: what can be observed.", "Followed one change request from wish to decision.", "Followed a change to its decision."}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if same := framework.Diff(load(t, before), load(t, before)); len(same) > 0 {
		t.Errorf("the same file differs: %v", same)
	}
}

// Anything that is left out and put back is told as removed and added.
func TestPartsComeAndGo(t *testing.T) {
	a, b := load(t, full(t)), load(t, full(t))
	b.Options = b.Options[1:]
	if got := framework.Diff(a, b); len(got) != 1 || got[0].Says != "The option “Manage a small project” is no more." {
		t.Errorf("%+v", got)
	}
	if got := framework.Diff(b, a); len(got) != 1 || got[0].Says != "The option “Manage a small project” is new." {
		t.Errorf("%+v", got)
	}
}
