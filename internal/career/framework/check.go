package framework

import (
	"slices"
	"strings"
)

// The words of the record itself: what they mean may be worded anew, and not what they are.
var (
	recordedRoles  = []string{"observed", "supported", "contributed", "deputised", "led"}
	recordedGrades = []string{"self_declared", "attested", "recorded"}
	recordedTiers  = []string{"light", "medium", "major"}
	producers      = []string{"register", "plan", "raid", "money", "reporting", "governance", "bodies", "practice", "exchange", "career", "person"}
)

// known are the ids that parts of a file may refer to.
type known struct {
	kinds                                                           map[string]*Kind
	kindIDs, competencies, roles, options, counters, areas, asWords []string
	grades, tiers                                                   []string
}

func ids[T any, K comparable](list []T, id func(T) K) []K {
	out := make([]K, len(list))
	for i, x := range list {
		out[i] = id(x)
	}
	return out
}

func knownOf(f *Framework) *known {
	meaning := func(m Meaning) string { return m.ID }
	k := &known{
		kinds:        map[string]*Kind{},
		kindIDs:      ids(f.ExperienceKinds, func(k Kind) string { return k.ID }),
		competencies: ids(f.Competencies, func(c Competency) string { return c.ID }),
		roles:        ids(f.Roles, func(r Role) string { return r.ID }),
		options:      ids(f.Options, func(o Option) string { return o.ID }),
		counters:     ids(f.Counters, func(c Counter) string { return c.ID }),
		areas:        ids(f.Areas, func(a Named) string { return a.ID }),
		asWords:      ids(f.RolesInWork, meaning),
		grades:       ids(f.Grades, meaning),
		tiers:        ids(f.Tiers, func(t Tier) string { return t.ID }),
	}
	for i := range f.ExperienceKinds {
		k.kinds[f.ExperienceKinds[i].ID] = &f.ExperienceKinds[i]
	}
	return k
}

// checker looks at a file with what it knows of the whole.
type checker struct {
	*Reading
	f *Framework
	*known
}

func (r *Reading) check() {
	c := &checker{r, r.Framework, knownOf(r.Framework)}
	c.words()
	if !r.Sound() {
		return // what follows reads the scales and the orders
	}
	c.theKinds()
	c.theCompetencies()
	c.theKnowledge()
	c.theRoles()
	c.theOptions()
	c.theExamples()
	c.schemes()
	if r.Sound() {
		c.circles()
	}
}

func (c *checker) need(path, value string) {
	if strings.TrimSpace(value) == "" {
		c.Say(path, "is missing")
	}
}

// ref refuses an id that names nothing.
func (c *checker) ref(path, what, id string, of []string) bool {
	if slices.Contains(of, id) {
		return true
	}
	if len(c.Problems) < maxProblems { // looking for what was meant costs time
		c.Say(path, "there is no %s %q%s", what, id, near(id, of))
	}
	return false
}

// id refuses what is no id: small letters, digits, _ . and -, at most 60.
func (c *checker) id(path, id string) {
	if id == "" || len(id) > 60 || strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789_.-") != "" {
		c.Say(path, "needs an id of small letters, digits and _")
	}
}

func (c *checker) same(path string, have, want []string) {
	if !slices.Equal(have, want) {
		c.Say(path, "the record knows these, lowest first: %s; word their meaning anew and leave the ids", strings.Join(want, ", "))
	}
}

// words looks at what rules are made of.
func (c *checker) words() {
	f := c.f
	c.id("framework/id", f.About.ID)
	c.need("framework/version", f.About.Version)
	c.need("framework/title", f.About.Title)
	c.need("framework/language", f.About.Language)
	for _, scale := range []string{"application", "knowledge"} {
		if levels := ids(f.Scales[scale], func(l ScaleLevel) int { return l.Level }); !slices.Equal(levels, []int{0, 1, 2, 3, 4}) {
			c.Say("scales/"+scale, "a scale has the levels 0 to 4, each once and in order")
		}
		for _, l := range f.Scales[scale] {
			c.need("scales/"+scale, l.Name)
		}
	}
	for name := range f.Scales {
		c.ref("scales/"+name, "scale", name, []string{"application", "knowledge"})
	}
	c.same("roles_in_work", c.asWords, recordedRoles)
	c.same("grades", c.grades, recordedGrades)
	c.same("tiers", c.tiers, recordedTiers)
	for level := 1; level <= 4; level++ {
		d, ok := f.LevelDefaults[level]
		if !ok {
			c.Say("level_defaults", "level %d says nothing of what its rules take when they do not say", level)
			continue
		}
		c.defaults("level_defaults/"+digit(level), d)
	}
	c.defaults("role_defaults", f.RoleDefaults)
	for name, list := range map[string]int{"experience_kinds": len(f.ExperienceKinds), "competencies": len(f.Competencies), "roles": len(f.Roles), "options": len(f.Options)} {
		if list == 0 {
			c.Say(name, "a framework has at least one")
		}
	}
}

func digit(n int) string { return string(rune('0' + n%10)) }

func (c *checker) defaults(path string, d Defaults) {
	c.ref(path+"/as", "role in the work", d.As, c.asWords)
	c.ref(path+"/grade", "grade", d.Grade, c.grades)
}

// theKinds looks at kinds of experience, at who attests them and at what sums count.
func (c *checker) theKinds() {
	for _, k := range c.f.ExperienceKinds {
		at := "experience_kinds/" + k.ID
		c.id(at, k.ID)
		c.need(at+"/name", k.Name)
		for _, u := range k.Units {
			c.ref(at+"/units", "unit", u, []string{"count", "months", "hours"})
		}
		for _, r := range k.Roles {
			c.ref(at+"/roles", "role in the work", r, c.asWords)
		}
		if len(k.Units) == 0 || len(k.Roles) == 0 {
			c.Say(at, "nobody can have it: it names no unit or no role in the work")
		}
		c.ref(at+"/recorded_by", "part of Cairn that leaves it behind; a person alone is written person,", k.RecordedBy, producers)
	}
	for i, a := range c.f.WhoCanAttest {
		c.kindList(nth("who_can_attest", i)+"/kinds", a.Kinds)
	}
	for _, n := range c.f.Counters {
		at := "counters/" + n.ID
		c.id(at, n.ID)
		c.need(at+"/name", n.Name)
		c.kindList(at+"/kinds", n.Kinds)
		c.ref(at+"/as", "role in the work", n.As, c.asWords)
		switch {
		case (n.Distinct == "") == (n.Sum == ""):
			c.Say(at, "counts either something distinct or a sum")
		case n.Distinct != "":
			c.ref(at+"/distinct", "thing to count", n.Distinct, []string{"projects", "people", "bodies"})
		default:
			c.ref(at+"/sum", "sum", n.Sum, []string{"count", "months"})
		}
	}
}

func (c *checker) kindList(path string, kinds []string) {
	if len(kinds) == 0 {
		c.Say(path, "names no kind of experience")
	}
	for i, k := range kinds {
		c.ref(nth(path, i), "kind of experience", k, c.kindIDs)
	}
}

func nth(path string, i int) string { return path + "/" + itoa(i+1) }
