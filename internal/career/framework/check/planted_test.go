package check_test

import (
	"strings"
	"testing"

	"cairn/internal/career/framework/check"
)

// Each row plants one fault into the full framework; it has to be found where it
// stands, and in words that name it.
var planted = []struct{ name, old, new, path, says string }{
	{"unknown key", "    matters: A portfolio without", "    matter: A portfolio without", "competencies/resource_capacity/matter", `no key "matter" here; did you mean "matters"`},
	{"no number", "hours: 180", "hours: many", "options/manage_small_project/hours", "whole number"},
	{"hours below zero", "hours: 180", "hours: -4", "options/manage_small_project/hours", "not below 0"},
	{"anchor", "hours: 180", "hours: &h 180", "options/manage_small_project/hours", "anchors"},
	{"the same id twice", "  - id: change_control\n", "  - id: planning\n", "competencies/planning", "twice"},
	{"unknown kind", "{kinds: [change.assessed], count: 4, projects: 2}", "{kinds: [change.asessed], count: 4, projects: 2}", "competencies/change_control/application/2/rule/kinds/1", `did you mean "change.assessed"`},
	{"unknown competency", "      - {competency: planning, application: 4}", "      - {competency: plannin, application: 4}", "roles/planning_specialist/requirements/1/competency", `no competency "plannin"; did you mean "planning"`},
	{"unknown role", "    from:\n      - {role: project_manager_medium, lacks: \"number", "    from:\n      - {role: project_manager_middle, lacks: \"number", "roles/project_manager_major/from/1/role", "no role"},
	{"unknown tier", "{kinds: [change.assessed], count: 3, projects: 2, tier: medium}", "{kinds: [change.assessed], count: 3, projects: 2, tier: huge}", "competencies/change_control/application/4/rule/all_of/2/tier", "no tier"},
	{"unknown grade", "about: [influence], grade: attested}", "about: [influence], grade: sworn}", "options/negotiation_course/yields/1/grade", "no grade"},
	{"unknown role in the work", "{experience: {kinds: [budget.held], as: deputised, months: 12}", "{experience: {kinds: [budget.held], as: boss, months: 12}", "roles/head_of_pmo/requirements/10/experience/as", "no role in the work"},
	{"role in the work renamed", "  - {id: led, meaning:", "  - {id: owned, meaning:", "roles_in_work", "the record knows these"},
	{"unknown option in an example", "        business_finance_course: [pmo_business_partner]\n        act_up", "        business_course: [pmo_business_partner]\n        act_up", "examples/analyst_of_the_case/expect/opens/business_course", "no option"},
	{"unknown counter", "{counter: projects_seen, at_least: 30", "{counter: projects_sen, at_least: 30", "roles/head_of_pmo/requirements/11/counter", "no counter"},
	{"unknown area of a learning scheme", "about_areas: [people_influence]", "about_areas: [people]", "cpd_schemes/three_year_units/categories/education/sides/people_side/about_areas/1", "no area"},
	{"impossible role in the work", "rule: {kinds: [event.run, event.attended, advice.helped, case.concluded], count: 1}", "rule: {kinds: [event.run, event.attended], as: led, count: 1}", "competencies/community/application/1/rule/kinds/2", "event.attended"},
	{"impossible role in an option", "{kind: mentoring.received, as: observed, count: 12, hours: 12, quarters: 2}", "{kind: mentoring.received, as: led, count: 12, hours: 12, quarters: 2}", "options/be_mentored/yields/1/as", "as \"led\""},
	{"months of what has none", "{kinds: [change.assessed], count: 4, projects: 2}", "{kinds: [change.assessed], months: 4}", "competencies/change_control/application/2/rule/months", "never be met"},
	{"hours of what has none", "{kinds: [change.assessed], count: 4, projects: 2}", "{kinds: [change.assessed], hours: 4}", "competencies/change_control/application/2/rule/hours", "never be met"},
	{"tier of what has none", "{kinds: [control.improved], as: contributed, count: 2}", "{kinds: [control.improved], as: contributed, count: 2, tier: major}", "competencies/control_assessment/application/4/rule/all_of/4/tier", "never be met"},
	{"quarters that the window has not", "{kinds: [change.assessed], count: 12, projects: 4, quarters: 4}", "{kinds: [change.assessed], count: 12, projects: 4, quarters: 4, within_months: 6}", "competencies/change_control/application/4/rule/all_of/1/quarters", "at most 3 calendar quarters"},
	{"a kind that nobody can have", "{id: tool.introduced, name: Tool introduced, units: [count], roles: [supported, contributed, led]", "{id: tool.introduced, name: Tool introduced, units: [count], roles: []", "experience_kinds/tool.introduced", "nobody can have it"},
	{"a kind that nothing leaves behind", "larger_by: [money, complexity], recorded_by: practice}\n  - {id: team.led", "larger_by: [money, complexity], recorded_by: crystal}\n  - {id: team.led", "experience_kinds/tool.introduced/recorded_by", "no part of Cairn"},
	{"a rule of nothing", "rule: {kinds: [change.assessed], count: 1}", "rule: {count: 1}", "competencies/change_control/application/1/rule", "asks for nothing"},
	{"two rules in one", "rule: {kinds: [change.assessed], count: 1}", "rule: {kinds: [change.assessed], counter: projects_seen, at_least: 2}", "competencies/change_control/application/1/rule", "two things at once"},
	{"a role that asks for nothing", "      - {counter: projects_seen, at_least: 10, says: \"ten projects seen\"}\n", "      - {says: \"ten projects seen\"}\n", "roles/resource_specialist/requirements/5", "asks for nothing"},
	{"level that is none", "- {competency: planning, application: 4}", "- {competency: planning, application: 5}", "roles/planning_specialist/requirements/1/application", "no level 5"},
	{"easier higher level", "{kinds: [change.assessed], count: 5, projects: 2, quarters: 2}", "{kinds: [change.assessed], count: 3, projects: 2, quarters: 2}", "competencies/change_control/application/3/rule", "level 3 can be met without level 2"},
	{"older higher level", "{kinds: [change.assessed], count: 5, projects: 2, quarters: 2}", "{kinds: [change.assessed], count: 5, projects: 2, quarters: 2, within_months: 120}", "competencies/change_control/application/3/rule", "without level 2"},
	{"one kind too many", "rule: {kinds: [change.assessed], count: 5, projects: 2, quarters: 2}", "rule: {kinds: [change.assessed, issue.escalated], count: 5, projects: 2, quarters: 2}", "competencies/change_control/application/3/rule", "by Risk or issue escalated"},
	{"one way too many", "{kinds: [control.assessed], count: 12, projects: 5, quarters: 3}", "{kinds: [control.assessed], count: 2, projects: 2, quarters: 2}", "competencies/control_assessment/application/3/rule", "without level 2"},
	{"easier knowledge", "      - {application: 3}\n      - {kinds: [session.given, mentoring.given", "      - {application: 1}\n      - {kinds: [session.given, mentoring.given", "knowledge_rules/4", "knowledge 4 can be met without knowledge 3"},
	{"one's own word", "{kinds: [change.assessed], count: 5, projects: 2, quarters: 2}", "{kinds: [change.assessed], count: 5, projects: 2, quarters: 2, grade: self_declared}", "competencies/change_control/application/3/rule", "own word"},
	{"a role on one's own word", "role_defaults: {as: supported, within_months: 96, grade: attested}", "role_defaults: {as: supported, within_months: 96, grade: self_declared}", "", ""},
	{"missing variety", "{kinds: [change.assessed], count: 5, projects: 2, quarters: 2}", "{kinds: [change.assessed], count: 5, projects: 1}", "competencies/change_control/application/3/rule", "without level 2"},
	{"a circle", "rule: {kinds: [change.assessed], count: 1}", "rule: {competency: resource_capacity, application: 1}", "competencies/change_control/application", "asks for resource_capacity, which stands further down"},
	{"what comes first is no level", "after: {levels: [{competency: body_support, application: 1}]}", "after: {levels: [{counter: projects_seen, at_least: 4}]}", "options/deputise_at_bodies/after/levels/1", "level of a competency"},
	{"yields that do not fit", "    hours: 90\n    elapsed_weeks: 26\n", "    hours: 90\n    elapsed_weeks: 10\n", "options/own_portfolio_report/yields/1/quarters", ""},
	{"a place that is none", "    place: organisation\n", "    place: organization\n", "options/delivery_stint/place", "there is no place"},
	{"months that do not fit", "    elapsed_weeks: 22\n", "    elapsed_weeks: 12\n", "options/manage_small_project/yields/1/months", "12 weeks touch 3 calendar months"},
	{"hours that do not fit", "hours: 68", "hours: 20", "options/business_finance_course/yields", "35 hours of the 20"},
	{"work without a pause", "hours: 900", "hours: 9000", "options/delivery_stint/hours", "do not fit into 26 weeks"},
	{"mentoring that opens a role", "      - {kind: mentoring.received, as: observed, count: 12, hours: 12, quarters: 2}\n", "      - {kind: mentoring.received, as: observed, count: 12, hours: 12, quarters: 2}\n      - {kind: body.deputised, as: deputised, count: 3, bodies: 2}\n", "examples/analyst_of_the_case/expect/opens", "be_mentored opens"},
	{"an example that is not so", "counters: {projects_seen: 41,", "counters: {projects_seen: 40,", "examples/analyst_of_the_case/expect/counters/projects_seen", "says 41, and the file 40"},
	{"a need that is not so", "need: irrelevant, why: \"The craft is in definitions", "need: required, why: \"The craft is in definitions", "roles/reporting_data_specialist/project_management/need", "can be met without"},
	{"no way without a project", "need: required, why: \"Nothing stands in", "need: one_way, why: \"Nothing stands in", "roles/project_manager_major/project_management/need", "every way asks for it"},
}

func TestPlantedFaultsAreFound(t *testing.T) {
	file := string(shipped(t, "full.yaml"))
	for _, p := range planted {
		t.Run(p.name, func(t *testing.T) {
			changed := strings.Replace(file, p.old, p.new, 1)
			if changed == file {
				t.Fatalf("%q is not in the file", p.old)
			}
			_, problems := check.Check([]byte(changed))
			for _, x := range problems {
				if (p.path == "" || x.Path == p.path) && strings.Contains(x.Says, p.says) && x.Line > 1 {
					return
				}
			}
			t.Errorf("not found at %s: %q; but:\n%v", p.path, p.says, problems)
		})
	}
}

// A circle of two competencies is told as what asks for what.
func TestCirclesAreTold(t *testing.T) {
	file := string(shipped(t, "full.yaml"))
	file = strings.Replace(file, "rule: {kinds: [change.assessed], count: 1}", "rule: {competency: resource_capacity, application: 2}", 1)
	file = strings.Replace(file, "rule: {kinds: [capacity.forecast, allocation.settled], count: 1}", "rule: {all_of: [{competency: change_control, application: 1}]}", 1)
	_, problems := check.Check([]byte(file))
	if len(problems) != 1 || !strings.Contains(problems[0].Says, "change_control asks for resource_capacity asks for change_control") {
		t.Errorf("%v", problems)
	}
}

// A warning refuses nothing: a small office may have to ask for less.
func TestVolumeWarns(t *testing.T) {
	file := strings.Replace(string(shipped(t, "full.yaml")), "{kinds: [session.given], count: 3, quarters: 2}\n            - {kinds: [gate.facilitated, risk.reviewed, event.run], count: 4, quarters: 2}", "{kinds: [session.given], count: 3}", 1)
	f, problems := check.Check([]byte(file))
	warned := false
	for _, p := range problems {
		warned = warned || p.Warns && strings.Contains(p.Says, "a thousand times Session given")
	}
	if !warned {
		t.Errorf("no warning, %v: %v", f != nil, problems)
	}
}
