package framework

import (
	"strconv"
	"strings"
)

// Words puts a rule into words that a practitioner reads. What the rule takes from
// the defaults is said of the role in the work alone: the rest holds for all rules
// of a level and is said once.
func (f *Framework) Words(x Expr, d Defaults) string {
	switch {
	case x.Experience != nil:
		return f.Words(*x.Experience, d)
	case len(x.AllOf) > 0:
		return f.joined(x.AllOf, d, "; and ")
	case len(x.AnyOf) > 0:
		return f.joined(x.AnyOf, d, "; or ")
	case x.Counter != "":
		return strconv.Itoa(x.AtLeast) + " in the counter “" + f.counterName(x.Counter) + "”"
	case len(x.Kinds) > 0:
		return f.clauseWords(x, d)
	}
	return f.levelWords(x)
}

func (f *Framework) joined(list []Expr, d Defaults, by string) string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = f.Words(x, d)
		if len(x.AllOf)+len(x.AnyOf) > 1 && len(list) > 1 {
			out[i] = "(" + out[i] + ")"
		}
	}
	return strings.Join(out, by)
}

func (f *Framework) levelWords(x Expr) string {
	subject := ""
	if x.Competency != "" {
		subject = f.CompetencyName(x.Competency) + ": "
	}
	var parts []string
	if x.Application > 0 {
		parts = append(parts, "“"+f.LevelName("application", x.Application)+"”")
	}
	if x.Knowledge > 0 {
		parts = append(parts, "knowledge “"+f.LevelName("knowledge", x.Knowledge)+"”")
	}
	return subject + strings.Join(parts, " and ")
}

// LevelName is the name of a level of a scale.
func (f *Framework) LevelName(scale string, level int) string {
	for _, l := range f.Scales[scale] {
		if l.Level == level {
			return l.Name
		}
	}
	return strconv.Itoa(level)
}

// CompetencyName is the name of a competency.
func (f *Framework) CompetencyName(id string) string {
	for _, c := range f.Competencies {
		if c.ID == id {
			return c.Name
		}
	}
	return id
}

// RoleName is the name of a role.
func (f *Framework) RoleName(id string) string {
	for _, r := range f.Roles {
		if r.ID == id {
			return r.Name
		}
	}
	return id
}

func (f *Framework) counterName(id string) string {
	for _, c := range f.Counters {
		if c.ID == id {
			return c.Name
		}
	}
	return id
}

// kindWords names kinds of experience inside a sentence.
func (f *Framework) kindWords(kinds []string) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = lowerFirst(f.KindName(k))
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// lowerFirst puts a name into a sentence; what is written in capitals stays.
func lowerFirst(s string) string {
	if len(s) > 1 && s[1] >= 'A' && s[1] <= 'Z' {
		return s
	}
	return strings.ToLower(s[:min(1, len(s))]) + s[min(1, len(s)):]
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// amounts are the numbers of a clause, each with its words.
func amounts(x Expr) (out []amount) {
	for _, a := range []amount{
		{x.Months, "month", "months", "over "},
		{x.Hours, "hour", "hours", "over "},
		{x.Count, "piece of work", "pieces of work", ""},
		{x.Projects, "project", "different projects", "on "},
		{x.People, "person", "different people", "with "},
		{x.Bodies, "governing body", "different governing bodies", "at "},
		{x.Quarters, "calendar quarter", "calendar quarters", "in "},
		{x.Attesters, "person", "different people", "confirmed by "},
	} {
		if a.n > 0 {
			out = append(out, a)
		}
	}
	return out
}

type amount struct {
	n         int
	one, many string
	with      string
}

func (a amount) String() string { return a.with + count(a.n, a.one, a.many) }

func (f *Framework) clauseWords(x Expr, d Defaults) string {
	var out strings.Builder
	list, kinds := amounts(x), f.kindWords(x.Kinds)
	if x.Count == 0 && x.Months == 0 && x.Hours == 0 {
		out.WriteString(kinds)
	}
	for i, a := range list {
		switch {
		case i == 0 && (x.Count > 0 || x.Months > 0 || x.Hours > 0):
			a.with = ""
			if a.many == "pieces of work" {
				out.WriteString(strconv.Itoa(a.n) + " × " + kinds)
			} else {
				out.WriteString(a.String() + " of " + kinds)
			}
		default:
			out.WriteString(" " + a.String())
		}
	}
	out.WriteString(f.conditions(x, d))
	return out.String()
}

// conditions are the words of a clause that are no numbers of work.
func (f *Framework) conditions(x Expr, d Defaults) string {
	var out []string
	as := x.As
	if as == "" {
		as = d.As
	}
	switch i := Rank(f.RolesInWork, as); {
	case i == len(f.RolesInWork)-1 && i > 0:
		out = append(out, as)
	case i > 0:
		out = append(out, as+" or more")
	}
	if x.Tier != "" {
		out = append(out, "on "+x.Tier+" projects or larger")
	}
	if x.Finished {
		out = append(out, "brought to its end")
	}
	if x.OutsideOffice {
		out = append(out, "for a sponsor outside the office")
	}
	if x.About != "" {
		out = append(out, "about this competency")
	}
	if x.Grade != "" {
		out = append(out, gradeWords(x.Grade))
	}
	if x.WithinMonths != nil && *x.WithinMonths > 0 {
		out = append(out, "in the last "+count(*x.WithinMonths, "month", "months"))
	}
	if len(out) == 0 {
		return ""
	}
	return ", " + strings.Join(out, ", ")
}

func gradeWords(grade string) string {
	switch grade {
	case "self_declared":
		return "on one's own word"
	case "attested":
		return "confirmed or recorded"
	}
	return grade
}

// DefaultWords says what holds for all rules of a level, or of roles.
func (f *Framework) DefaultWords(d Defaults) string {
	out := f.conditions(Expr{Grade: d.Grade}, d)
	if d.WithinMonths > 0 {
		out += ", in the last " + count(d.WithinMonths, "month", "months")
	}
	return strings.TrimPrefix(out, ", ")
}

// YieldWords puts what an option leaves behind into words.
func (f *Framework) YieldWords(e Evidence) string {
	x := Expr{
		Kinds: []string{e.Kind}, Count: e.Count, Months: e.Months, Hours: e.Hours, Projects: e.Projects, People: e.People, Bodies: e.Bodies,
		Quarters: e.Quarters, Attesters: e.Attesters, Finished: e.Finished, OutsideOffice: e.OutsideOffice,
	}
	out := f.clauseWords(x, Defaults{})
	if e.As != "" {
		out += ", " + e.As
	}
	if e.Tier != "" {
		out += ", on a " + e.Tier + " project"
	}
	return out
}
