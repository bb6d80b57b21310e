package framework

import (
	"fmt"
	"slices"
	"strings"
)

// partKinds is the order in which differences are told.
var partKinds = []string{"role", "competency", "option", "kind of experience", "counter", "area", "rule for all", "scale", "learning scheme", "pair of opposites", "framework"}

func (f *Framework) parts() (out []part) {
	for _, r := range f.Roles {
		out = append(out, f.rolePart(r))
	}
	for _, c := range f.Competencies {
		out = append(out, f.competencyParts(c)...)
	}
	for _, o := range f.Options {
		out = append(out, f.optionPart(o))
	}
	for _, k := range f.ExperienceKinds {
		out = append(out, part{kind: "kind of experience", id: k.ID, name: k.Name, says: []statement{
			text("its name", k.Name), text("its note", k.Note), plainly("units", k.Units), plainly("roles in the work", k.Roles), plainly("where it comes from", k.RecordedBy),
		}})
	}
	for _, c := range f.Counters {
		out = append(out, part{kind: "counter", id: c.ID, name: c.Name, says: []statement{text("its name", c.Name), plainly("what is counted", c)}})
	}
	for _, a := range f.Areas {
		out = append(out, part{kind: "area", id: a.ID, name: a.Name, says: []statement{text("its name", a.Name)}})
	}
	out = append(out, f.ruleParts()...)
	for _, name := range []string{"application", "knowledge"} {
		out = append(out, part{kind: "scale", id: name, name: name, says: []statement{plainly("its levels", f.Scales[name])}})
	}
	for what, list := range map[string][]map[string]any{"learning scheme": f.CPDSchemes, "pair of opposites": f.Opposites} {
		for i, s := range list {
			id := fmt.Sprint(s["id"])
			if s["id"] == nil {
				id = itoa(i + 1)
			}
			out = append(out, part{kind: what, id: id, name: id, says: []statement{text("what it says", fmt.Sprint(s))}})
		}
	}
	return append(out, part{kind: "framework", id: "", name: "The framework", says: []statement{
		text("its title", f.About.Title), text("its language", f.About.Language), text("its licence", f.About.Licence),
	}})
}

func (f *Framework) rolePart(r Role) part {
	p := part{kind: "role", id: r.ID, name: r.Name}
	for _, x := range r.Requirements {
		p.says = append(p.says, f.all(x, f.RoleDefaults)...)
	}
	for i, x := range r.Requirements {
		if x.Says != "" {
			p.says = append(p.says, text("requirement "+itoa(i+1)+" in words", x.Says))
		}
	}
	var from []string
	for _, x := range r.From {
		from = append(from, f.RoleName(x.Role)+" ("+x.Lacks+")")
	}
	p.says = append(p.says, text("its name", r.Name), text("its purpose", r.Purpose), text("its work", strings.Join(r.Work, "; ")),
		text("whether a project of one's own is needed", strings.ReplaceAll(r.ProjectManagement.Need, "_", " ")), text("why so", r.ProjectManagement.Why),
		text("where people come from", strings.Join(from, "; ")))
	return p
}

// competencyParts are the competency and each of its levels, whose subject is the level.
func (f *Framework) competencyParts(c Competency) []part {
	p := part{kind: "competency", id: c.ID, name: c.Name, says: []statement{
		text("its name", c.Name), text("its meaning", c.Meaning), text("why it matters", c.Matters), text("its area", c.Area), text("its codes", strings.Join(c.Codes, "; ")),
	}}
	for _, l := range c.Knowledge {
		p.says = append(p.says, text("knowledge "+itoa(l.Level), l.Observable))
	}
	out := []part{p}
	for _, l := range c.Application {
		level := part{kind: "competency", id: c.ID + "/" + itoa(l.Level), name: c.Name, says: []statement{text("what can be observed", l.Observable)}}
		level.subject = fmt.Sprintf("%s, level %d “%s”,", c.Name, l.Level, f.LevelName("application", l.Level))
		level.says = append(level.says, f.all(l.Rule, f.LevelDefaults[l.Level])...)
		out = append(out, level)
	}
	return out
}

func (f *Framework) optionPart(o Option) part {
	p := part{kind: "option", id: o.ID, name: o.Name, says: []statement{
		number("hours", "takes", o.Hours, "hour", "hours"), number("weeks", "lasts", o.ElapsedWeeks, "week", "weeks"), text("where it is done", PlaceWords[o.Where()]),
	}}
	for _, y := range o.Yields {
		s := statement{key: "yields " + y.Kind + " " + y.As, verb: "leaves behind", words: f.YieldWords(y), what: lowerFirst(f.KindName(y.Kind))}
		s.amounts = amounts(Expr{Count: y.Count, Months: y.Months, Hours: y.Hours, Projects: y.Projects, People: y.People, Bodies: y.Bodies, Quarters: y.Quarters, Attesters: y.Attesters})
		s.rest = fmt.Sprint(y.As, y.Tier, y.Grade, y.Finished, y.OutsideOffice, y.About)
		p.says = append(p.says, s)
	}
	for _, x := range o.After.Levels {
		s := f.asks(x, f.RoleDefaults)
		s.verb = "comes after"
		p.says = append(p.says, s)
	}
	if o.After.MonthsInField > 0 {
		p.says = append(p.says, number("months in the field", "comes after", o.After.MonthsInField, "month in the field", "months in the field"))
	}
	p.says = append(p.says, text("its name", o.Name), text("who has to agree", strings.Join(o.YesFrom, "; ")), text("what can go wrong", strings.Join(o.CanGoWrong, "; ")),
		text("for whom it is not", strings.Join(o.NotFor, "; ")))
	return p
}

func (f *Framework) ruleParts() []part {
	p := part{kind: "rule for all", id: "defaults", name: "What rules take when they do not say"}
	for level := 1; level <= 4; level++ {
		p.says = append(p.says, statement{key: "level " + itoa(level), verb: "gives level " + itoa(level) + ":", words: f.DefaultWords(f.LevelDefaults[level])})
	}
	p.says = append(p.says, statement{key: "roles", verb: "gives roles:", words: f.DefaultWords(f.RoleDefaults)})
	out := []part{p}
	for level := 1; level <= 4; level++ {
		x := f.KnowledgeRules[level]
		p := part{kind: "rule for all", id: "knowledge/" + itoa(level), name: "Knowledge, level " + itoa(level) + ","}
		p.says = append(f.all(x, f.LevelDefaults[level]), text("its words", x.Says))
		out = append(out, p)
	}
	attest := part{kind: "rule for all", id: "attest", name: "Who can confirm work"}
	for _, a := range f.WhoCanAttest {
		attest.says = append(attest.says, statement{key: a.Who, verb: "names", words: a.Who + ", for " + f.kindWords(slices.Sorted(slices.Values(a.Kinds)))})
	}
	return append(out, attest)
}
