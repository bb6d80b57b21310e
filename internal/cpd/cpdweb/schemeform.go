package cpdweb

import (
	"slices"
	"strconv"
	"strings"

	"cairn/internal/cpd"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// schemeForm is the form of one edition of a scheme, with all as it was typed.
type schemeForm struct {
	cpd.Series
	Own, Office, May bool
	From, EndOn      string
	Values           map[string]string
	Rows             []schemeRow
	Errs             []ui.FieldError
}

// schemeRow is the row of a category as it was typed; one without a name and an id is no
// category.
type schemeRow struct {
	ID, Name, Min, Max, Inside, Sides, Note string
	Kinds                                   []string
}

const maxRows = 12

var schemeNumbers = []string{"hours_per_unit", "period_months", "target", "at_least_activities", "hand_in_days", "keep_proof_months"}

// fill shows an edition in the form.
func (v *schemeForm) fill(s cpd.Scheme) {
	v.Values = map[string]string{
		"name": s.Name, "unit": s.Unit, "remind_months": list(s.RemindMonths), "asks": strings.Join(s.Reflection.Asks, "\n"),
		"per_entry": yes(s.Reflection.PerEntry), "statement": yes(s.Reflection.YearlyStatement),
	}
	for i, n := range []int{max(1, s.HoursPerUnit), s.PeriodMonths, s.Target, s.AtLeastActivities, s.HandInDays, s.KeepProofMonths} {
		v.Values[schemeNumbers[i]] = strconv.Itoa(n)
	}
	for _, c := range s.Categories {
		row := schemeRow{ID: c.ID, Name: c.Name, Min: strconv.Itoa(c.Minimum), Max: strconv.Itoa(c.Maximum), Note: c.Note, Kinds: c.FromKinds}
		for _, o := range s.Categories {
			if o.ID == c.Inside {
				row.Inside = o.Name
			}
		}
		var sides []string
		for _, x := range c.Sides {
			sides = append(sides, x.Name+": "+strconv.Itoa(x.Minimum))
		}
		row.Sides = strings.Join(sides, "\n")
		v.Rows = append(v.Rows, row)
	}
}

// roomForMore adds two empty rows.
func (v *schemeForm) roomForMore() {
	for range 2 {
		if len(v.Rows) < maxRows {
			v.Rows = append(v.Rows, schemeRow{})
		}
	}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func list(numbers []int) string {
	var out []string
	for _, n := range numbers {
		out = append(out, strconv.Itoa(n))
	}
	return strings.Join(out, ", ")
}

// read reads the form; what is no number is noted at its field.
func (v *schemeForm) read(f web.Form) (s cpd.Scheme, c errs.Check) {
	v.From, v.Own = f.Text("from"), f.Text("for") == "me"
	v.Values = map[string]string{}
	for _, name := range append([]string{"name", "unit", "remind_months", "asks", "per_entry", "statement"}, schemeNumbers...) {
		v.Values[name] = f.Text(name)
	}
	number := func(name string) int { return int(f.Int(name, &c)) }
	s = cpd.Scheme{
		Name: f.Text("name"), Unit: f.Text("unit"), HoursPerUnit: number("hours_per_unit"), PeriodMonths: number("period_months"), Target: number("target"),
		AtLeastActivities: number("at_least_activities"), HandInDays: number("hand_in_days"), KeepProofMonths: number("keep_proof_months"),
		Reflection: cpd.Reflection{PerEntry: f.Yes("per_entry"), YearlyStatement: f.Yes("statement"), Asks: lines(f.Text("asks"))},
	}
	for _, part := range strings.FieldsFunc(f.Text("remind_months"), func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		n, err := strconv.Atoi(part)
		c.That(err == nil, "remind_months", "Enter whole numbers, such as 6, 2, 1.")
		s.RemindMonths = append(s.RemindMonths, n)
	}
	for i := range maxRows {
		v.readRow(f, "_"+strconv.Itoa(i))
	}
	for i, row := range v.Rows {
		s.Categories = append(s.Categories, row.category(&c, "_"+strconv.Itoa(i), v.before(row.ID)))
	}
	for i, row := range v.Rows { // by its name, which is what stands in the form
		at := slices.IndexFunc(v.Rows, func(o schemeRow) bool { return row.Inside != "" && strings.EqualFold(o.Name, row.Inside) })
		c.That(row.Inside == "" || at >= 0, "inside_"+strconv.Itoa(i), "There is no category of this name here.")
		if at >= 0 {
			s.Categories[i].Inside = s.Categories[at].ID
			c.That(s.Categories[at].ID != "", "inside_"+strconv.Itoa(i), "Keep the new category first, then say what counts within it.")
		}
	}
	return s, c
}

// readRow takes up the row of a category, if something stands in it.
func (v *schemeForm) readRow(f web.Form, at string) {
	row := schemeRow{ID: f.Text("id" + at), Name: f.Text("name" + at), Min: f.Text("min" + at), Max: f.Text("max" + at), Inside: f.Text("inside" + at), Sides: f.Text("sides" + at), Note: f.Text("note" + at), Kinds: f.Values["kinds"+at]}
	if row.Name == "" && (row.ID != "" || row.Min+row.Max+row.Inside+row.Sides+row.Note == "") {
		return // a category whose name was emptied goes
	}
	v.Rows = append(v.Rows, row)
}

// before is the category of an id as it stood, for what the form does not show.
func (v *schemeForm) before(id string) (out cpd.Category) {
	for _, e := range v.Editions {
		for _, c := range e.Categories {
			if c.ID == id {
				out = c
			}
		}
	}
	return out
}

func (r schemeRow) category(c *errs.Check, at string, before cpd.Category) cpd.Category {
	out := cpd.Category{ID: r.ID, Name: r.Name, Note: r.Note, Minimum: whole(r.Min, "min"+at, c), Maximum: whole(r.Max, "max"+at, c), FromKinds: r.Kinds}
	for _, k := range before.FromKinds {
		if !slices.ContainsFunc(cpd.Proposes(), func(p cpd.Place) bool { return p.ID == k }) {
			out.FromKinds = append(out.FromKinds, k)
		}
	}
	for _, line := range lines(r.Sides) {
		name, least, _ := strings.Cut(line, ":")
		side := cpd.Side{Name: strings.TrimSpace(name), Minimum: whole(strings.TrimSpace(least), "sides"+at, c)}
		for _, x := range before.Sides {
			if strings.EqualFold(x.Name, side.Name) {
				side.ID, side.AboutAreas = x.ID, x.AboutAreas
			}
		}
		out.Sides = append(out.Sides, side)
	}
	return out
}

func whole(text, field string, c *errs.Check) int {
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	c.That(err == nil, field, "Enter a whole number.")
	return n
}

func lines(text string) (out []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
