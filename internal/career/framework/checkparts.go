package framework

import "slices"

// theOptions looks at what options cost, yield and ask for first.
func (c *checker) theOptions() {
	for _, o := range c.f.Options {
		at := "options/" + o.ID
		c.id(at, o.ID)
		c.need(at+"/name", o.Name)
		if o.Hours < 1 {
			c.Say(at+"/hours", "how many hours does it take of the person? At least 1")
		}
		if o.ElapsedWeeks < 1 {
			c.Say(at+"/elapsed_weeks", "how many weeks does it take? At least 1")
		}
		if o.ElapsedWeeks > 0 && o.Hours > 60*o.ElapsedWeeks {
			c.Say(at+"/hours", "%d hours do not fit into %d weeks", o.Hours, o.ElapsedWeeks)
		}
		c.ref(at+"/place", "place", o.Where(), Places)
		if len(o.Yields) == 0 {
			c.Say(at+"/yields", "an option that leaves nothing behind opens nothing")
		}
		hours := 0
		for i, y := range o.Yields {
			c.evidence(nth(at+"/yields", i), y)
			c.fits(nth(at+"/yields", i), y, o.ElapsedWeeks)
			hours += y.Hours
		}
		if hours > o.Hours {
			c.Say(at+"/yields", "they claim %d hours of the %d that the option takes", hours, o.Hours)
		}
		for i, x := range o.After.Levels {
			path := nth(at+"/after/levels", i)
			if forms := x.forms(); !slices.Equal(forms, []string{"competency"}) {
				c.Say(path, "what comes first is the level of a competency")
				continue
			}
			c.rule(path, x, place{defaults: c.f.RoleDefaults, role: true})
		}
		if len(o.YesFrom) == 0 {
			c.Say(at+"/yes_from", "who has to agree?")
		}
	}
}

// evidence looks at a line of work that an option yields or an example has.
func (c *checker) evidence(path string, e Evidence) {
	k := c.kinds[e.Kind]
	if k == nil {
		c.ref(path+"/kind", "kind of experience", e.Kind, c.kindIDs)
		return
	}
	as := e.As
	if as == "" {
		as = "led"
	}
	if c.ref(path+"/as", "role in the work", as, c.asWords) && !slices.Contains(k.Roles, as) {
		c.Say(path+"/as", "nobody has %q as %q", e.Kind, as)
	}
	if e.Grade != "" {
		c.ref(path+"/grade", "grade", e.Grade, c.grades)
	}
	if e.Tier != "" {
		c.ref(path+"/tier", "tier", e.Tier, c.tiers)
	}
	if e.Months > 0 && !slices.Contains(k.Units, "months") {
		c.Say(path+"/months", "%q is not counted in months", e.Kind)
	}
	if e.Hours > 0 && !slices.Contains(k.Units, "hours") {
		c.Say(path+"/hours", "%q is not counted in hours", e.Kind)
	}
	for i, id := range e.About {
		c.ref(nth(path+"/about", i), "competency", id, c.competencies)
	}
	if e.Count > 1000 || e.Projects > 1000 || e.People > 1000 || e.Bodies > 1000 || e.Attesters > 1000 || e.Months > 600 {
		c.Say(path, "at most 1000 of anything, and 600 months")
	}
}

// fits refuses quarters and months that some date of beginning would not touch: so
// many weeks touch at least one quarter more than fit whole into them.
func (c *checker) fits(path string, e Evidence, weeks int) {
	if least := 7*weeks/92 + 1; e.Quarters > least {
		c.Say(path+"/quarters", "%d weeks touch %d calendar quarters from any beginning, and not %d", weeks, least, e.Quarters)
	}
	if least := 7*weeks/31 + 1; e.Months > least {
		c.Say(path+"/months", "%d weeks touch %d calendar months from any beginning, and not %d", weeks, least, e.Months)
	}
}

// theExamples looks at the names in invented people and in what is said of them.
func (c *checker) theExamples() {
	for _, e := range c.f.Examples {
		at := "examples/" + e.ID
		c.id(at, e.ID)
		for i, l := range e.Evidence {
			path := nth(at+"/evidence", i)
			c.evidence(path, l)
			if len(l.Ago) != 2 || l.Ago[0] < l.Ago[1] || l.Ago[0] > 1200 {
				c.Say(path+"/ago", "is written as the months since the first and since the last of them, such as [12, 0]")
			}
		}
		x := e.Expect
		at += "/expect"
		c.all(at+"/qualifies", "role", x.Qualifies, c.roles)
		c.all(at+"/one_step", "role", x.OneStep, c.roles)
		for option, roles := range x.Opens {
			c.ref(at+"/opens/"+option, "option", option, c.options)
			c.all(at+"/opens/"+option, "role", roles, c.roles)
		}
		for id, level := range x.Levels {
			c.ref(at+"/levels/"+id, "competency", id, c.competencies)
			if level > 4 {
				c.Say(at+"/levels/"+id, "there is no level %d", level)
			}
		}
		for id := range x.Counters {
			c.ref(at+"/counters/"+id, "counter", id, c.counters)
		}
		for i, t := range x.Together {
			c.all(nth(at+"/together", i)+"/options", "option", t.Options, c.options)
			c.all(nth(at+"/together", i)+"/opens", "role", t.Opens, c.roles)
		}
	}
}

func (c *checker) all(path, what string, list, of []string) {
	for i, id := range list {
		c.ref(nth(path, i), what, id, of)
	}
}

// schemes looks at the kinds and areas that learning schemes name, wherever in
// them they do.
func (c *checker) schemes() {
	for i, s := range c.f.CPDSchemes {
		at := nth("cpd_schemes", i)
		if id, ok := s["id"].(string); ok {
			at = "cpd_schemes/" + id
		} else {
			c.Say(at, "needs an id of small letters, digits and _")
		}
		c.within(at, s)
	}
}

func (c *checker) within(path string, part any) {
	switch x := part.(type) {
	case []any:
		for i, y := range x {
			at := nth(path, i)
			if m, ok := y.(map[string]any); ok {
				if id, ok := m["id"].(string); ok {
					at = path + "/" + id
				}
			}
			c.within(at, y)
		}
	case map[string]any:
		for key, y := range x {
			switch key {
			case "from_kinds":
				c.named(path+"/"+key, "kind of experience", y, c.kindIDs)
			case "about_areas":
				c.named(path+"/"+key, "area", y, c.areas)
			default:
				c.within(path+"/"+key, y)
			}
		}
	}
}

func (c *checker) named(path, what string, part any, of []string) {
	list, _ := part.([]any)
	for i, y := range list {
		id, _ := y.(string)
		c.ref(nth(path, i), what, id, of)
	}
}
