package career

import (
	"strconv"
	"strings"
	"time"

	"cairn/internal/career/framework"
	"cairn/internal/career/paper"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/clock"
)

// said is how a kind of work is put into words, by the role in it.
type said struct {
	by        map[activity.RoleInWork]string // what one did
	one, many string                         // pieces of it; empty where the project itself is the piece
	of        string                         // between that and the project or body
}

var roleWords = map[activity.RoleInWork]string{
	activity.Led: "Led", activity.Deputised: "Deputised for", activity.Contributed: "Contributed to", activity.Supported: "Supported", activity.Observed: "Sat in on",
}

// wordings are the kinds that the record feeds; others have the framework's name.
var wordings = map[string]said{
	"project.managed":   {by: map[activity.RoleInWork]string{activity.Led: "Managed", activity.Deputised: "Deputised for the project manager of", activity.Contributed: "Assisted the project manager of", activity.Observed: "Shadowed the project manager of"}},
	"project.supported": {by: map[activity.RoleInWork]string{activity.Contributed: "Was PMO partner of", activity.Supported: "Supported", activity.Observed: "Observed the support of"}},
	"delivery.worked":   {by: map[activity.RoleInWork]string{activity.Led: "Led a part of the delivery of", activity.Contributed: "Worked in the team of", activity.Supported: "Helped in the team of", activity.Observed: "Observed the team of"}},
	improvement:         {by: map[activity.RoleInWork]string{activity.Led: "Led the delivery of the improvement"}},
	"report.submitted":  {by: map[activity.RoleInWork]string{activity.Led: "Submitted", activity.Deputised: "Submitted as deputy"}, one: "monthly report", many: "monthly reports", of: " of "},
	"gate.facilitated":  {by: map[activity.RoleInWork]string{activity.Led: "Facilitated", activity.Deputised: "Facilitated as deputy", activity.Supported: "Helped to facilitate"}, one: "gate review", many: "gate reviews", of: " of "},
	"gate.reviewed":     {by: map[activity.RoleInWork]string{activity.Led: "Led the review team at", activity.Contributed: "Reviewed"}, one: "gate", many: "gates", of: " of "},
	"gate.chaired":      {by: map[activity.RoleInWork]string{activity.Led: "Chaired and decided", activity.Deputised: "Chaired and decided as deputy"}, one: "gate", many: "gates", of: " of "},
	"condition.followed": {
		by:  map[activity.RoleInWork]string{activity.Led: "Followed to closure", activity.Contributed: "Fulfilled"},
		one: "condition", many: "conditions", of: " of a gate of ",
	},
	"control.assessed":   {by: map[activity.RoleInWork]string{activity.Led: "Assessed", activity.Supported: "Gave the evidence for"}, one: "control", many: "controls", of: " of "},
	"control.improved":   {by: map[activity.RoleInWork]string{activity.Led: "Changed or retired"}, one: "control of the method", many: "controls of the method"},
	"project.tailored":   {by: map[activity.RoleInWork]string{activity.Led: "Set the tier of", activity.Contributed: "Fitted the governance of"}},
	"method.authored":    {by: map[activity.RoleInWork]string{activity.Led: "Published"}, one: "version of the method", many: "versions of the method"},
	"finding.closed":     {by: map[activity.RoleInWork]string{activity.Led: "Closed by re-test"}, one: "finding", many: "findings", of: " on "},
	"body.chaired":       {by: map[activity.RoleInWork]string{activity.Led: "Chaired"}, one: "sitting", many: "sittings", of: " of "},
	"body.served":        {by: map[activity.RoleInWork]string{activity.Supported: "Served as secretariat at", activity.Observed: "Sat in on"}, one: "sitting", many: "sittings", of: " of "},
	"body.deputised":     {by: map[activity.RoleInWork]string{activity.Deputised: "Deputised at"}, one: "sitting", many: "sittings", of: " of "},
	"team.meeting_run":   {by: map[activity.RoleInWork]string{activity.Led: "Ran", activity.Deputised: "Ran as deputy"}, one: "team meeting", many: "team meetings", of: " of "},
	"advice.helped":      {by: map[activity.RoleInWork]string{activity.Contributed: "Gave"}, one: "answer that others found helpful", many: "answers that others found helpful"},
	"mentoring.given":    {by: map[activity.RoleInWork]string{activity.Led: "Mentored in"}, one: "meeting", many: "meetings"},
	"mentoring.received": {by: map[activity.RoleInWork]string{activity.Observed: "Was mentored in"}, one: "meeting", many: "meetings"},
	"case.concluded":     {by: map[activity.RoleInWork]string{activity.Led: "Concluded"}, one: "case of one's own", many: "cases of one's own"},
}

// Says is a group in Cairn's words: what, how many, where and when.
func (g *Group) Says(by *framework.Framework) string { return g.says(by, g.ProjectName, g.BodyName) }

func (g *Group) says(by *framework.Framework, project, body string) string {
	w, known := wordings[g.Kind]
	if !known {
		w = said{one: strings.ToLower(by.KindName(g.Kind)), many: strings.ToLower(by.KindName(g.Kind)), of: " of "}
	}
	did := w.by[g.Role]
	if did == "" {
		did = roleWords[g.Role]
	}
	where := project
	if g.Body != "" && body != "" {
		where = body
	}
	text := did + " " + where
	if w.one != "" {
		n, what := len(g.Items), w.many
		if n == 1 {
			what = w.one
		}
		text = did + " " + strconv.Itoa(n) + " " + what
		if w.of != "" && where != "" {
			text += w.of + where
		}
	}
	return strings.TrimSpace(text) + ", " + g.When()
}

// When is the time of a group in words: "March 2025 to April 2026".
func (g *Group) When() string {
	from, to := monthWords(g.From), monthWords(g.To)
	switch {
	case from == "":
		return "to " + to
	case g.Lasts:
		return "since " + from
	case from == to:
		return from
	}
	return from + " to " + to
}

func monthWords(d clock.Day) string {
	t, err := time.Parse(time.DateOnly, d)
	if err != nil {
		return ""
	}
	return t.Format("January 2006")
}

// Words are the wording that the person keeps: theirs, or Cairn's.
func (g *Group) Words(by *framework.Framework) string {
	if g.Claim.Words != "" {
		return g.Claim.Words
	}
	return g.Says(by)
}

// Leaves is the wording as it leaves: what the person wrote for that, or their
// wording with the names and the money that they hide taken out.
func (g *Group) Leaves(by *framework.Framework) string {
	if g.Claim.Leaves != "" {
		return g.Claim.Leaves
	}
	text := g.Words(by)
	h := paper.Hidden{Money: g.Claim.Hidden(HideMoney)}
	if g.Claim.Hidden(HideClient) {
		project, body := g.instead(by)
		h.Names = named(paper.Swap{Name: g.ProjectName, By: project}, paper.Swap{Name: g.BodyName, By: body})
		if g.Claim.Words == "" {
			text = g.says(by, project, body)
		}
	}
	if g.Claim.Hidden(HideNames) {
		h.Names = append(h.Names, colleagues(g.around, g.Asked)...)
	}
	return h.From(text)
}

// colleagues hide the people around a piece of work, and who confirmed it.
func colleagues(around []string, asked []Attestation) (out []paper.Swap) {
	for _, name := range around {
		out = append(out, paper.Swap{Name: name, By: aColleague})
	}
	for _, a := range asked {
		out = append(out, paper.Swap{Name: a.AttesterName, By: aColleague})
	}
	return named(out...)
}

// instead is what stands in the place of the names of its project and body.
func (g *Group) instead(by *framework.Framework) (project, body string) {
	project, body = "a project", "a governing body"
	if t := tierOf(by, g.Tier); t != "" {
		project = "a project of the " + t + " tier"
	}
	return project, body
}

// tierOf gives the framework's tier for a method's; a word of the framework is itself.
func tierOf(by *framework.Framework, tier string) string {
	for _, t := range by.Tiers {
		if t.ID == tier {
			return t.ID
		}
		for _, m := range t.MethodTiers {
			if m == tier && tier != "" {
				return t.ID
			}
		}
	}
	return ""
}
