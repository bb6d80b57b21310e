package framework_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cairn/internal/career/framework"
)

func TestEditChangesAValueAndNothingElse(t *testing.T) {
	before := full(t)
	for _, c := range []struct{ path, value, old, new string }{
		{"options/manage_small_project/hours", "160", "    hours: 180\n    elapsed_weeks: 22", "    hours: 160\n    elapsed_weeks: 22"},
		{"competencies/change_control/application/1/observable", `Saw a "change" through: it's new.`, `observable: "Followed one change request from wish to decision."`, `observable: "Saw a \"change\" through: it's new."`},
		{"competencies/change_control/meaning", "Letting it change: on purpose.", "meaning: Letting a project change on purpose and not by drift.", `meaning: "Letting it change: on purpose."`},
		{"competencies/change_control/application/4/rule/all_of/1/count", "10", "{kinds: [change.assessed], count: 12, projects: 4, quarters: 4}", "{kinds: [change.assessed], count: 10, projects: 4, quarters: 4}"},
		{"roles/pmo_lead/requirements/7/any_of/1/experience/bodies", "1", "{experience: {kinds: [body.deputised], as: deputised, count: 3, bodies: 2}}\n          - {experience: {kinds: [project.managed], as: led, count: 1, tier: medium, finished: true}}\n    from:\n      - {role: pmo_analyst, lacks: \"a seat", "{experience: {kinds: [body.deputised], as: deputised, count: 3, bodies: 1}}\n          - {experience: {kinds: [project.managed], as: led, count: 1, tier: medium, finished: true}}\n    from:\n      - {role: pmo_analyst, lacks: \"a seat"},
		{"competencies/change_control/codes", "Ours 7\nTheirs 4.2: b", "    name: Change control\n", "    name: Change control\n    codes: [\"Ours 7\", \"Theirs 4.2: b\"]\n"},
	} {
		if strings.Count(before, c.old) != 1 {
			t.Fatalf("%q stands there %d times", c.old, strings.Count(before, c.old))
		}
		got, err := framework.Edit([]byte(before), map[string]string{c.path: c.value})
		if err != nil {
			t.Errorf("%s: %v", c.path, err)
			continue
		}
		if d := cmp.Diff(strings.Replace(before, c.old, c.new, 1), string(got)); d != "" {
			t.Errorf("%s: %s", c.path, d)
		}
	}
}

// Writing every field with its own value gives a file that says the same, and codes
// come and go.
func TestEveryFieldCanBeWritten(t *testing.T) {
	before := []byte(full(t))
	f := load(t, string(before))
	var parts []string
	for _, c := range f.Competencies {
		parts = append(parts, "competencies/"+c.ID)
	}
	for _, r := range f.Roles {
		parts = append(parts, "roles/"+r.ID)
	}
	for _, o := range f.Options {
		parts = append(parts, "options/"+o.ID)
	}
	values, n := map[string]string{}, 0
	for _, p := range parts {
		fields, err := framework.Fields(before, p)
		if err != nil {
			t.Fatalf("%s: %v", p, err)
		}
		n += len(fields)
		for _, x := range fields {
			values[x.Path] = x.Value
		}
	}
	after, err := framework.Edit(before, values)
	if err != nil || n < 1000 {
		t.Fatalf("%d fields: %v", n, err)
	}
	if d := framework.Diff(f, load(t, string(after))); len(d) > 0 {
		t.Errorf("%v", d)
	}
	with, err := framework.Edit(before, map[string]string{"competencies/planning/codes": "A 1\nB 2"})
	if err != nil {
		t.Fatal(err)
	}
	without, err := framework.Edit(with, map[string]string{"competencies/planning/codes": ""})
	if err != nil || string(without) != string(before) {
		t.Errorf("codes do not go as they came: %v", err)
	}
}

func FuzzEdit(f *testing.F) {
	f.Add("competencies: [{id: a, name: b}]", "competencies/a/name", "c")
	f.Add("competencies:\n  - id: a\n    name: 'b'\n    codes: [x]\n", "competencies/a/codes", "c\nd")
	f.Add("options:\n- id: ü\n  name: \"ü\\\"ü\"\n  hours: 3", "options/ü/hours", "4")
	f.Fuzz(func(t *testing.T, file, path, value string) {
		_, _ = framework.Fields([]byte(file), path)
		if out, err := framework.Edit([]byte(file), map[string]string{path: value}); err == nil {
			_, _ = framework.Fields(out, path)
		}
	})
}
