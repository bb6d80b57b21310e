package portfolio

import (
	"strconv"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

// Field names one fact about a project, in statements, forms, files and the API.
type Field string

// The facts of a project.
const (
	Name          Field = "name"
	Code          Field = "code"
	Parent        Field = "parent" // id of the programme or portfolio
	Purpose       Field = "purpose"
	Category      Field = "category"
	OrgUnit       Field = "org_unit"
	Phase         Field = "phase"
	Status        Field = "status"
	BaselineStart Field = "baseline_start"
	BaselineEnd   Field = "baseline_end"
	ForecastStart Field = "forecast_start"
	ForecastEnd   Field = "forecast_end"
	ActualStart   Field = "actual_start"
	ActualEnd     Field = "actual_end"
	Currency      Field = "currency" // ISO 4217
	Budget        Field = "budget"
	Forecast      Field = "forecast"
	Actual        Field = "actual"
	Rating        Field = "rating"
	RatingScale   Field = "rating_scale" // "3" or "5"
	RatingNote    Field = "rating_note"
	Notes         Field = "notes"
)

// Type is how a fact is written.
type Type uint8

// The types. Dates are ISO; money is in minor units (pence), as decimal text.
const (
	Text Type = iota
	LongText
	Date
	Money
	OfRating
	OfScale
	Node
)

// FieldInfo describes a fact to forms, files and pages.
type FieldInfo struct {
	Field Field
	Label string
	Type  Type
}

// Fields lists every fact in the order in which the store keeps it.
var Fields = []FieldInfo{
	{Name, "Name", Text},
	{Code, "Code", Text},
	{Parent, "Programme", Node},
	{Purpose, "Purpose", LongText},
	{Category, "Category", Text},
	{OrgUnit, "Organisation unit", Text},
	{Phase, "Phase", Text},
	{Status, "Status", Text},
	{BaselineStart, "Baseline start", Date},
	{BaselineEnd, "Baseline end", Date},
	{ForecastStart, "Forecast start", Date},
	{ForecastEnd, "Forecast end", Date},
	{ActualStart, "Actual start", Date},
	{ActualEnd, "Actual end", Date},
	{Currency, "Currency", Text},
	{Budget, "Budget", Money},
	{Forecast, "Forecast cost", Money},
	{Actual, "Actual cost", Money},
	{Rating, "Rating", OfRating},
	{RatingScale, "Scale of the rating", OfScale},
	{RatingNote, "Reason of the rating", LongText},
	{Notes, "Notes", LongText},
}

// Info finds the description of a fact.
func Info(f Field) (FieldInfo, bool) {
	for _, i := range Fields {
		if i.Field == f {
			return i, true
		}
	}
	return FieldInfo{}, false
}

// Value is what is stated about one fact. An empty Text states that the value
// is missing; Reason then says why, where the source does ("Exempt under
// Section 43").
type Value struct {
	Text   string `json:"t,omitempty"`
	Reason string `json:"r,omitempty"`
}

// Facts is what is stated about a project. A field that is absent is not stated.
type Facts map[Field]Value

// Text gives the stated text, empty if missing.
func (f Facts) Text(name Field) string { return f[name].Text }

// Money gives an amount in minor units; ok is false if it is missing.
func (f Facts) Money(name Field) (minor int64, ok bool) {
	n, err := strconv.ParseInt(f[name].Text, 10, 64)
	return n, err == nil
}

// Start is the best known start: actual, else forecast, else baseline.
func (f Facts) Start() clock.Day {
	return first(f.Text(ActualStart), f.Text(ForecastStart), f.Text(BaselineStart))
}

// End is the best known end: actual, else forecast, else baseline.
func (f Facts) End() clock.Day {
	return first(f.Text(ActualEnd), f.Text(ForecastEnd), f.Text(BaselineEnd))
}

func first(of ...string) string {
	for _, s := range of {
		if s != "" {
			return s
		}
	}
	return ""
}

// Ratings are the values of a rating, worst first; the two between are those of
// a five-point scale.
var Ratings = []string{"red", "amber_red", "amber", "amber_green", "green"}

// Statuses are the states that Cairn itself offers; a source may state others.
var Statuses = []string{"Proposed", "Live", "On hold", "Closed", "Cancelled"}

// The longest texts, in bytes.
const maxText, maxLongText = 300, 20000

// Check refuses facts that cannot be kept. Fields are named as in Fields.
func (f Facts) Check() error {
	var c errs.Check
	for name, v := range f {
		info, ok := Info(name)
		if !ok {
			c.Add(string(name), "There is no such field.")
			continue
		}
		checkValue(&c, info, v)
	}
	if v, stated := f[Name]; stated {
		c.That(v.Text != "", string(Name), "Enter a name.")
	}
	return c.Err()
}

func checkValue(c *errs.Check, info FieldInfo, v Value) {
	name := string(info.Field)
	c.That(len(v.Reason) <= maxText*4, name, "The reason is longer than %d characters.", maxText*4)
	if v.Text == "" {
		return
	}
	switch info.Type {
	case Text, Node:
		c.That(len(v.Text) <= maxText, name, "Use at most %d characters.", maxText)
	case LongText:
		c.That(len(v.Text) <= maxLongText, name, "Use at most %d characters.", maxLongText)
	case Date:
		c.That(clock.ValidDay(v.Text), name, "Enter a date such as 2026-11-24.")
	case Money:
		_, err := strconv.ParseInt(v.Text, 10, 64)
		c.That(err == nil, name, "Enter an amount such as 1250000.00.")
	case OfRating:
		c.That(rank(v.Text) < len(Ratings), name, "Choose one of the ratings.")
	case OfScale:
		c.That(v.Text == "3" || v.Text == "5", name, "A rating has three or five points.")
	}
}

// rank sorts ratings, worst first, missing last.
func rank(rating string) int {
	for i, r := range Ratings {
		if r == rating {
			return i
		}
	}
	return len(Ratings)
}

// Merge gives the facts with those of a newer statement laid over them.
func (f Facts) Merge(newer Facts) Facts {
	out := make(Facts, len(f)+len(newer))
	for k, v := range f {
		out[k] = v
	}
	for k, v := range newer {
		out[k] = v
	}
	return out
}

// Same reports whether every fact has the same value; missing and not stated are the same.
func (f Facts) Same(other Facts) bool {
	for _, i := range Fields {
		if f[i.Field] != other[i.Field] {
			return false
		}
	}
	return true
}

// Changed lists the fields in which two sets of facts differ, in the order of Fields.
func (f Facts) Changed(other Facts) []Field {
	var out []Field
	for _, i := range Fields {
		if f[i.Field] != other[i.Field] {
			out = append(out, i.Field)
		}
	}
	return out
}
