package portfolio

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
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
	Number    // plain decimal text: -12.5
	Choice    // the text of one of the choices
	PersonRef // id of a person
)

// FieldInfo describes a fact to forms, files and pages.
type FieldInfo struct {
	Field    Field
	Label    string
	Type     Type
	Custom   bool     // defined by the organisation
	Choices  []string // of a Choice, in order
	Sortable bool     // lists sort by it
	Hint     string   // for forms
	Retired  bool     // no longer offered; what was stated stays readable
}

// Fields lists every fact in the order in which the store keeps it.
var Fields = []FieldInfo{
	{Field: Name, Label: "Name", Type: Text, Sortable: true},
	{Field: Code, Label: "Code", Type: Text, Sortable: true},
	{Field: Parent, Label: "Programme", Type: Node},
	{Field: Purpose, Label: "Purpose", Type: LongText},
	{Field: Category, Label: "Category", Type: Text, Sortable: true},
	{Field: OrgUnit, Label: "Organisation unit", Type: Text, Sortable: true},
	{Field: Phase, Label: "Phase", Type: Text, Sortable: true},
	{Field: Status, Label: "Status", Type: Text, Sortable: true},
	{Field: BaselineStart, Label: "Baseline start", Type: Date},
	{Field: BaselineEnd, Label: "Baseline end", Type: Date},
	{Field: ForecastStart, Label: "Forecast start", Type: Date},
	{Field: ForecastEnd, Label: "Forecast end", Type: Date},
	{Field: ActualStart, Label: "Actual start", Type: Date},
	{Field: ActualEnd, Label: "Actual end", Type: Date},
	{Field: Currency, Label: "Currency", Type: Text},
	{Field: Budget, Label: "Budget", Type: Money, Sortable: true},
	{Field: Forecast, Label: "Forecast cost", Type: Money},
	{Field: Actual, Label: "Actual cost", Type: Money},
	{Field: Rating, Label: "Rating", Type: OfRating, Sortable: true},
	{Field: RatingScale, Label: "Scale of the rating", Type: OfScale},
	{Field: RatingNote, Label: "Reason of the rating", Type: LongText},
	{Field: Notes, Label: "Notes", Type: LongText},
}

// Info finds the description of a fact that every register has.
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

// The longest texts, in characters.
const maxText, maxLongText = 300, 20000

// currencyCode is a currency as it is kept: sums are kept apart by it.
var currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)

// Check refuses facts that cannot be kept. Fields are named as in infos, which
// are those of this register: Fields and the custom ones.
func (f Facts) Check(infos []FieldInfo) error {
	byField := make(map[Field]FieldInfo, len(infos))
	for _, i := range infos {
		byField[i.Field] = i
	}
	var c errs.Check
	for _, name := range f.names() {
		v := f[name]
		switch info, ok := byField[name]; {
		case !ok:
			c.Add(string(name), "There is no such field.")
		case info.Retired && v != (Value{}):
			c.Add(string(name), "%s is retired: what it says is kept, and nothing new is stated about it.", info.Label)
		default:
			checkValue(&c, info, v)
		}
	}
	if v, stated := f[Name]; stated {
		c.That(v.Text != "", string(Name), "Enter a name.")
	}
	return c.Err()
}

func checkValue(c *errs.Check, info FieldInfo, v Value) {
	name := string(info.Field)
	c.That(utf8.RuneCountInString(v.Reason) <= maxText*4, name, "The reason is longer than %d characters.", maxText*4)
	c.That(v.Reason == "" || !info.Custom || info.Type == Number || info.Type == Money || info.Type == Date, name, "State a value of %s, or nothing.", info.Label)
	if v.Text == "" {
		return
	}
	switch info.Type {
	case Text, Node:
		c.Fits(name, v.Text, maxText)
		c.That(info.Field != Currency || currencyCode.MatchString(v.Text), name, "Enter a code of three letters such as GBP (ISO 4217).")
	case LongText:
		c.Fits(name, v.Text, maxLongText)
	case Date:
		c.That(clock.ValidDay(v.Text), name, "Enter a date such as 2026-11-24.")
	case Money:
		_, err := strconv.ParseInt(v.Text, 10, 64)
		c.That(err == nil, name, "Enter the amount in minor units: 125000000 is 1,250,000.00.")
	case OfRating:
		c.That(rank(v.Text) < len(Ratings), name, "Choose one of the ratings.")
	case OfScale:
		c.That(v.Text == "3" || v.Text == "5", name, "A rating has three or five points.")
	case Number:
		_, ok := numberKey(v.Text)
		c.That(ok, name, "Enter a number such as 12.5, of at most 15 digits, 6 of them after the point.")
	case Choice:
		c.That(slices.Contains(info.Choices, v.Text), name, "%q is no choice of %s. The choices are: %s.", clipped(v.Text), info.Label, strings.Join(info.Choices, "; "))
	case PersonRef:
		c.That(len(v.Text) <= maxText, name, "Choose a person of the directory.")
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
	for name, v := range f {
		if other[name] != v {
			return false
		}
	}
	for name, v := range other {
		if f[name] != v {
			return false
		}
	}
	return true
}

// Changed lists the fields in which two sets of facts differ: in the order of
// Fields, then the custom ones by their ids.
func (f Facts) Changed(other Facts) []Field {
	if f.Same(other) {
		return nil
	}
	var out []Field
	for _, name := range f.Merge(other).names() {
		if f[name] != other[name] {
			out = append(out, name)
		}
	}
	return out
}

// names lists the stated fields: in the order of Fields, then the others by their ids.
func (f Facts) names() []Field {
	out := make([]Field, 0, len(f))
	for _, i := range Fields {
		if _, stated := f[i.Field]; stated {
			out = append(out, i.Field)
		}
	}
	if len(out) == len(f) {
		return out
	}
	var custom []Field
	for name := range f {
		if _, known := Info(name); !known {
			custom = append(custom, name)
		}
	}
	slices.Sort(custom)
	return append(out, custom...)
}

// Closed reports whether the project has come to its end, or was given up.
func (f Facts) Closed() bool {
	s := fold.Sort(f.Text(Status))
	return s == "closed" || s == "cancelled"
}
