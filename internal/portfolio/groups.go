package portfolio

import (
	"context"
	"slices"
	"strings"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Grouping is a way to group a list.
type Grouping struct {
	Name, Label string
	key, label  string   // of a row of project_version v with programme g; the key gives the order
	kind        Kind     // of the person, where it groups by one
	choices     []string // of a custom field
}

// Groupings are the ways to group a list, in the order of the form.
var Groupings = []Grouping{
	{Name: "programme", Label: "Programme", key: "COALESCE(g.name_key, '') || '|' || v.parent_id", label: "COALESCE(g.name, '')"},
	{Name: "status", Label: "Status", key: "v.status_key", label: "v.status"},
	{Name: "phase", Label: "Phase", key: "v.phase_key", label: "v.phase"},
	{Name: "rating", Label: "Rating", key: "v.rating_key", label: "v.rating"},
	{Name: "org_unit", Label: "Organisation unit", key: "v.org_unit_key", label: "v.org_unit"},
	{Name: "category", Label: "Category", key: "v.category_key", label: "v.category"},
	{Name: "end_year", Label: "Year of the end", key: "SUBSTR(v.end_key, 1, 4)", label: "SUBSTR(v.end_key, 1, 4)"},
	{Name: "project_manager", Label: "Project manager", kind: Manager},
	{Name: "pmo_partner", Label: "PMO partner", kind: Partner},
}

// GroupSum is one group of a list: how many projects over all pages, and what
// they sum up to in each currency.
type GroupSum struct {
	Key, Label string // the label is empty for the projects without a value
	Where      string // the condition that finds the projects of this group; empty if there is none
	Projects   int
	Totals     []Total
}

// maxGroups bounds the groups of a list.
const maxGroups = 2000

// Groupings are the ways to group a list of this register: the usual ones, and
// the custom fields with choices.
func (l Askables) Groupings() []Grouping {
	out := slices.Clone(Groupings)
	for _, a := range l {
		if a.words && len(a.Choices) > 0 {
			out = append(out, Grouping{Name: a.Name, Label: a.Label, choices: a.Choices})
		}
	}
	return out
}

func (f Filter) grouping() (Grouping, bool) {
	list := f.fields.Groupings()
	i := slices.IndexFunc(list, func(g Grouping) bool { return g.Name == f.Group })
	if i < 0 {
		return Grouping{}, false
	}
	return list[i], true
}

// checkGroup refuses what is no grouping. Groups by a person are of today: a
// series of them over past dates would count people over time.
func (f Filter) checkGroup(today clock.Day) error {
	if f.Group == "" {
		return nil
	}
	g, ok := f.grouping()
	switch {
	case !ok:
		return errs.OnField("group", "A list is not grouped by this. Choose one of the list.")
	case g.kind != "" && !f.now(today):
		return errs.OnField("group", "A list of a past date is not grouped by people. Take the date away, or group by something else.")
	case g.choices != nil && !f.now(today):
		return errs.OnField("group", "A list is grouped by %s as it stands now. Take the date away, or group by something else.", g.Label)
	}
	return nil
}

// groupedVersions gives the rows of the list, with group_key and group_label, as
// a part of FROM that is called v.
func groupedVersions(f Filter, v *work.View, w *sqldb.Where) string {
	g, _ := f.grouping() // checked before
	if g.kind != "" {
		// The first of several by name: each project stands in one group.
		who := func(what string) string {
			day, until, kind := w.Add(f.day(v.Today)), w.Add(f.day(v.Today)), w.Add(string(g.kind))
			return "COALESCE((SELECT MIN(" + what + ") FROM assignment a JOIN v_person p ON p.id = a.person_id WHERE a.project_id = v.project_id AND a.from_on <= " +
				day + " AND (a.to_on = '' OR a.to_on >= " + until + ") AND a.kind = " + kind + "), '')"
		}
		g.key = who("p.name_key || '|' || p.id")
		g.label = who("p.name_key || '|' || p.name")
	}
	if g.choices != nil {
		g.key = "COALESCE((SELECT o.words FROM project_words o WHERE o.project_id = v.project_id AND o.field = " + w.Add(g.Name) + "), '')"
		g.label = "''"
	}
	inner := &sqldb.Where{Args: w.Args} // conditions of its own, placeholders of one statement
	f.whereInto(inner, v)
	w.Args = inner.Args
	return "(SELECT " + g.key + " AS group_key, " + g.label + " AS group_label, v.* FROM project_version v LEFT JOIN programme g ON g.id = v.parent_id" + inner.SQL() + ") v"
}

// groupSums counts and sums the groups over the whole list.
func groupSums(ctx context.Context, v *work.View, f Filter) ([]GroupSum, error) {
	w := &sqldb.Where{}
	from := groupedVersions(f, v, w)
	rows, err := v.QueryContext(ctx, `SELECT v.group_key, MIN(v.group_label), v.currency, `+totalColumns+` FROM `+from+
		` GROUP BY v.group_key, v.currency ORDER BY v.group_key, v.currency LIMIT `+w.Add(maxGroups), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	by, _ := f.grouping() // checked before
	var out []GroupSum
	gone := false // a choice is no longer offered
	for rows.Next() {
		var g GroupSum
		var t Total
		if err := rows.Scan(append([]any{&g.Key, &g.Label, &t.Currency}, t.places()...)...); err != nil {
			return nil, err
		}
		if last := len(out) - 1; last < 0 || out[last].Key != g.Key {
			out = append(out, g)
		}
		last := &out[len(out)-1]
		last.Projects += t.Projects
		last.Totals = append(last.Totals, t)
		last.Label, last.Where = by.labelOf(g), by.where(g)
		gone = gone || by.choices != nil && last.Label == last.Key && !slices.Contains(by.choices, last.Label) && last.Key != ""
	}
	if err := rows.Err(); err != nil || !gone {
		return out, err
	}
	return out, by.recall(ctx, v, out)
}

// recall gives the groups of choices that are no longer offered their label as it was:
// a project that holds one still tells it.
func (by Grouping) recall(ctx context.Context, v *work.View, groups []GroupSum) error {
	of := map[string]int{}
	var keys []string
	for i, g := range groups {
		if g.Label == g.Key && g.Key != "" {
			of[g.Key], keys = i, append(keys, g.Key)
		}
	}
	w := &sqldb.Where{}
	w.And("o.field = ? AND v.is_current = TRUE", by.Name)
	w.AndIn("o.words", keys)
	v.Scope(w, "v.project_id")
	rows, err := v.QueryContext(ctx, `SELECT o.words, MIN(v.custom) FROM project_words o JOIN project_version v ON v.project_id = o.project_id`+w.SQL()+` GROUP BY o.words`, w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key, custom string
		if err := rows.Scan(&key, &custom); err != nil {
			return err
		}
		f := Facts{}
		if err := f.addCustom(custom); err != nil {
			return err
		}
		if was := f.Text(Field(by.Name)); was != "" {
			groups[of[key]].Label = was
		}
	}
	return rows.Err()
}

// labelOf is the label as a person reads it.
func (by Grouping) labelOf(g GroupSum) string {
	switch {
	case by.Name == "end_year" && g.Key == forever[:4]:
		return ""
	case by.kind != "":
		_, name, _ := strings.Cut(g.Label, "|")
		return name
	case by.choices != nil:
		if i := slices.IndexFunc(by.choices, func(c string) bool { return fold.Key(c) == g.Key }); i >= 0 {
			return by.choices[i]
		}
		return g.Key // a choice that is no longer offered: recall knows how it was written
	}
	return g.Label
}

// where is the condition by which the group is a list of its own. A group by
// people has none: each project stands with the first of several.
func (by Grouping) where(g GroupSum) string {
	c := Cond{Field: by.Name, Op: Is, Values: []string{by.labelOf(g)}}
	switch {
	case by.kind != "":
		return ""
	case by.Name == "programme":
		_, id, _ := strings.Cut(g.Key, "|")
		c.Values = []string{id}
	case by.Name == "end_year":
		c = Cond{Field: "end", Op: Between, Values: []string{g.Key + "-01-01", g.Key + "-12-31"}}
		if c.Values[0] == forever[:4]+"-01-01" {
			c = Cond{Field: "end", Op: IsEmpty}
		}
	case g.Key == "" || by.Name == "rating" && g.Label == "":
		c = Cond{Field: by.Name, Op: IsEmpty}
	case by.Name == "rating":
		c.Op = AnyOf
	}
	return c.String()
}

// Groups counts and sums a list by groups.
func (s *Service) Groups(ctx context.Context, who authz.Actor, f Filter) (out []GroupSum, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeRegister, authz.Instance); err != nil {
			return err
		}
		if f, err = f.ready(ctx, v); err != nil {
			return err
		}
		if f.Group == "" {
			return errs.OnField("group", "Say by what the list is grouped.")
		}
		out, err = groupSums(ctx, v, f)
		return err
	})
	return out, err
}

// Askables lists the fields about which a filter can ask.
func (s *Service) Askables(ctx context.Context, who authz.Actor) (out Askables, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeRegister, authz.Instance); err != nil {
			return err
		}
		out, err = askables(ctx, v)
		return err
	})
	return out, err
}
