package portfolio

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/reading"
)

// Op is an operator of a condition, in the words of the text form.
type Op string

// The operators.
const (
	Is         Op = "is"
	IsNot      Op = "is not"
	AnyOf      Op = "is any of"
	Contains   Op = "contains"
	StartsWith Op = "starts with"
	IsEmpty    Op = "is empty"
	IsNotEmpty Op = "is not empty"
	On         Op = "on"
	Before     Op = "before"
	After      Op = "after"
	Between    Op = "between"
	InNext     Op = "in the next"
	InLast     Op = "in the last"
	Equal      Op = "="
	Less       Op = "<"
	AtMost     Op = "<="
	More       Op = ">"
	AtLeast    Op = ">="
	WorseThan  Op = "worse than"
	Under      Op = "is under"
)

// Sense is what kind of question can be asked about a field.
type Sense uint8

// The senses.
const (
	OfText Sense = iota
	OfDate
	OfMoney
	OfNumber
	OfDays
	OfGrade // a rating
	OfNode
	OfPerson
	OfYes
)

var senseOps = map[Sense][]Op{
	OfText:   {Is, IsNot, AnyOf, Contains, StartsWith, IsEmpty, IsNotEmpty},
	OfDate:   {On, Before, After, Between, InNext, InLast, IsEmpty, IsNotEmpty},
	OfMoney:  {More, AtLeast, Less, AtMost, Equal, Between, IsEmpty, IsNotEmpty},
	OfNumber: {More, AtLeast, Less, AtMost, Equal, Between, IsEmpty, IsNotEmpty},
	OfDays:   {More, AtLeast, Less, AtMost, Equal, Between},
	OfGrade:  {AnyOf, WorseThan, IsEmpty, IsNotEmpty},
	OfNode:   {Under, Is},
	OfPerson: {Is, IsNot, IsEmpty, IsNotEmpty},
	OfYes:    {Is},
}

// Askable is a field about which a filter can ask.
type Askable struct {
	Name, Label string
	Sense       Sense
	Choices     []string  // what a source of choices offers; empty if anything goes
	key         string    // column with the folded key; for dates and money the column itself
	empty       string    // what the key is when the value is missing
	kind        Kind      // of a person
	words       bool      // the comparable form lies in project_words
	sortable    bool      // by project_custom_key
	report      string    // column of v_report
	info        FieldInfo // of a custom field
}

// now reports whether the field is kept of the present alone.
func (a Askable) now() bool { return a.words || a.report != "" }

// Ops are the operators that fit the field.
func (a Askable) Ops() []Op { return senseOps[a.Sense] }

const startColumn = "COALESCE(NULLIF(v.actual_start, ''), NULLIF(v.forecast_start, ''), v.baseline_start)"

// builtIn are the fields that every register has, in the order of the form.
var builtIn = []Askable{
	{Name: "name", Label: "Name", key: "v.name_key"},
	{Name: "code", Label: "Code", key: "v.code_key"},
	{Name: "programme", Label: "Programme or portfolio", Sense: OfNode},
	{Name: "status", Label: "Status", key: "v.status_key"},
	{Name: "phase", Label: "Phase", key: "v.phase_key"},
	{Name: "category", Label: "Category", key: "v.category_key"},
	{Name: "org_unit", Label: "Organisation unit", key: "v.org_unit_key"},
	{Name: "rating", Label: "Rating", Sense: OfGrade, Choices: Ratings},
	{Name: "reported", Label: "Rating of the last report", Sense: OfGrade, Choices: Ratings, report: "declared"},
	{Name: "computed", Label: "Computed with the last report", Sense: OfGrade, Choices: Ratings, report: "computed"},
	{Name: "start", Label: "Start (best known)", Sense: OfDate, key: startColumn},
	{Name: "end", Label: "End (best known)", Sense: OfDate, key: "v.end_key", empty: forever},
	{Name: "baseline_start", Label: "Baseline start", Sense: OfDate, key: "v.baseline_start"},
	{Name: "baseline_end", Label: "Baseline end", Sense: OfDate, key: "v.baseline_end"},
	{Name: "forecast_start", Label: "Forecast start", Sense: OfDate, key: "v.forecast_start"},
	{Name: "forecast_end", Label: "Forecast end", Sense: OfDate, key: "v.forecast_end"},
	{Name: "actual_start", Label: "Actual start", Sense: OfDate, key: "v.actual_start"},
	{Name: "actual_end", Label: "Actual end", Sense: OfDate, key: "v.actual_end"},
	{Name: "budget", Label: "Budget", Sense: OfMoney, key: "v.budget"},
	{Name: "forecast", Label: "Forecast cost", Sense: OfMoney, key: "v.forecast"},
	{Name: "actual", Label: "Actual cost", Sense: OfMoney, key: "v.actual"},
	{Name: "currency", Label: "Currency", key: "lower(v.currency)"},
	{Name: "rating_scale", Label: "Scale of the rating", key: "v.rating_scale"},
	{Name: "sponsor", Label: "Sponsor", Sense: OfPerson, kind: Sponsor},
	{Name: "project_manager", Label: "Project manager", Sense: OfPerson, kind: Manager},
	{Name: "pmo_partner", Label: "PMO partner", Sense: OfPerson, kind: Partner},
	{Name: "anyone", Label: "Anybody assigned", Sense: OfPerson},
	{Name: "purpose", Label: "Purpose", words: true},
	{Name: "rating_note", Label: "Reason of the rating", words: true},
	{Name: "notes", Label: "Notes", words: true},
	{Name: "vanished", Label: "Gone from its source", Sense: OfYes},
	{Name: "confidential", Label: "Confidential", Sense: OfYes},
	{Name: "days_unchanged", Label: "Days since the last change", Sense: OfDays},
}

// BuiltIn are the fields that every register has.
func BuiltIn() Askables { return slices.Clone(builtIn) }

// Askables are the fields of a register by name.
type Askables []Askable

// Infos describes the facts among the fields: those of every register, then
// the organisation's own.
func (l Askables) Infos() []FieldInfo {
	out := slices.Clone(Fields)
	for _, a := range l {
		if a.info.Custom {
			out = append(out, a.info)
		}
	}
	return out
}

// Ask makes a condition out of what a form or a program says, or tells what is
// wrong with it.
func (l Askables) Ask(field string, op Op, values []string) (c Cond, wrong string) {
	a, ok := l.find(field)
	switch {
	case !ok:
		return c, "Choose a field."
	case !slices.Contains(a.Ops(), op):
		return c, "With " + a.Label + " goes one of: " + opList(a) + "."
	}
	return a.checked(op, values)
}

// Custom are the custom fields among them, as far as lists show them.
func (l Askables) Custom() (out []FieldInfo) {
	for _, a := range l {
		if a.info.Custom {
			out = append(out, a.info)
		}
	}
	return out
}

// AllOps are all operators, in the order of the senses.
func AllOps() (out []Op) {
	for s := OfText; s <= OfYes; s++ {
		for _, op := range senseOps[s] {
			if !slices.Contains(out, op) {
				out = append(out, op)
			}
		}
	}
	return out
}

func (l Askables) find(name string) (Askable, bool) {
	i := slices.IndexFunc(l, func(a Askable) bool { return a.Name == name })
	if i < 0 {
		return Askable{}, false
	}
	return l[i], true
}

// maxDays bounds a condition about days; a hundred years are enough.
const maxDays = 36500

// checked gives the condition with its values in their one form, or what is
// wrong with it.
func (a Askable) checked(op Op, values []string) (c Cond, wrong string) {
	c = Cond{Field: a.Name, Op: op}
	least, most := places(op)
	if len(values) < least {
		return c, "“" + string(op) + "” needs a value after it."
	}
	if len(values) > most {
		return c, "“" + string(op) + "” takes " + strconv.Itoa(most) + " value, not " + strconv.Itoa(len(values)) + "."
	}
	for _, v := range values {
		v, wrong := a.value(op, v)
		if wrong != "" {
			return c, wrong
		}
		if !slices.Contains(c.Values, v) || op == Between {
			c.Values = append(c.Values, v)
		}
	}
	return c, ""
}

// places are how many values an operator takes.
func places(op Op) (least, most int) {
	switch op {
	case IsEmpty, IsNotEmpty:
		return 0, 0
	case Between:
		return 2, 2
	case AnyOf:
		return 1, maxConditions
	default: // the others follow
	}
	return 1, 1
}

func (a Askable) value(op Op, v string) (canonical, wrong string) {
	v = strings.TrimSpace(v)
	if v == "" {
		return v, "A value is missing. To look for what is missing, choose “is empty”."
	}
	if utf8.RuneCountInString(v) > maxText {
		return v, "Use at most " + strconv.Itoa(maxText) + " characters."
	}
	switch a.Sense {
	case OfDate:
		if op == InNext || op == InLast {
			return days(v)
		}
		if !clock.ValidDay(v) {
			return v, "“" + v + "” is no date. Enter one such as 2026-11-24."
		}
	case OfMoney:
		m, err := reading.Money(v, reading.Point, reading.Ones)
		if err != nil {
			return v, "“" + v + "” is no amount. Enter one such as 250000.00."
		}
		return Decimal(m.Minor), ""
	case OfDays:
		return days(v)
	case OfGrade:
		v = strings.ToLower(v)
		if rank(v) == len(Ratings) {
			return v, "“" + v + "” is no rating. They are " + strings.Join(Ratings, ", ") + "."
		}
	case OfYes:
		v = strings.ToLower(v)
		if v != "yes" && v != "no" {
			return v, "Say yes or no."
		}
	case OfPerson:
		if isMe(v) {
			return "me", ""
		}
	case OfNumber:
		n, err := reading.Number(v, reading.Point)
		if _, ok := numberKey(n); err != nil || !ok {
			return v, "“" + v + "” is no number. Enter one such as 12.5."
		}
		return n, ""
	case OfText, OfNode:
	}
	return v, ""
}

func days(v string) (canonical, wrong string) {
	n, err := strconv.Atoi(v)
	if err != nil || n < 0 || n > maxDays {
		return v, "“" + v + "” is no number of days. Enter a whole number up to " + strconv.Itoa(maxDays) + "."
	}
	return strconv.Itoa(n), ""
}
