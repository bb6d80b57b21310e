package cpd

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/goccy/go-yaml"

	"cairn/internal/kit/clock"
)

//go:embed schemes.yaml
var schemesFile []byte

// Scheme is a way to keep a learning record.
type Scheme struct {
	ID                string     `yaml:"id" json:"id"`
	Name              string     `yaml:"name" json:"name"`
	Unit              string     `yaml:"unit" json:"unit"`
	HoursPerUnit      int        `yaml:"hours_per_unit" json:"hours_per_unit,omitempty"` // 0 is 1
	PeriodMonths      int        `yaml:"period_months" json:"period_months"`
	Target            int        `yaml:"target" json:"target"`
	AtLeastActivities int        `yaml:"at_least_activities" json:"at_least_activities,omitempty"`
	Reflection        Reflection `yaml:"reflection" json:"reflection"`
	Categories        []Category `yaml:"categories" json:"categories"`
	RemindMonths      []int      `yaml:"remind_months_before_end" json:"remind_months_before_end"`
	KeepProofMonths   int        `yaml:"keep_proof_months_after_end" json:"keep_proof_months_after_end"`
	HandInDays        int        `yaml:"hand_in_days_after_end" json:"hand_in_days_after_end,omitempty"` // how long after its end a period can still be completed
	Edition           clock.Day  `yaml:"-" json:"edition,omitempty"`                                     // from when on it is asked; empty: as it came
	Saved             int64      `yaml:"-" json:"saved,omitempty"`                                       // the version of the scheme that said so
}

// Reflection is what a scheme asks to be written.
type Reflection struct {
	PerEntry        bool     `yaml:"per_entry" json:"per_entry"`
	Asks            []string `yaml:"asks" json:"asks,omitempty"`
	YearlyStatement bool     `yaml:"yearly_statement" json:"yearly_statement,omitempty"` // of the period
}

// Category is a kind of entry in a scheme.
type Category struct {
	ID        string   `yaml:"id" json:"id"`
	Name      string   `yaml:"name" json:"name"`
	Minimum   int      `yaml:"minimum" json:"minimum,omitempty"`
	Maximum   int      `yaml:"maximum" json:"maximum,omitempty"` // 0 is none
	Inside    string   `yaml:"inside" json:"inside,omitempty"`   // the category whose limit it shares
	Sides     []Side   `yaml:"sides" json:"sides,omitempty"`
	FromKinds []string `yaml:"from_kinds" json:"from_kinds"`
	Note      string   `yaml:"note" json:"note,omitempty"`
}

// Side is a part of a category with a least of its own.
type Side struct {
	ID         string   `yaml:"id" json:"id"`
	Name       string   `yaml:"name" json:"name"`
	Minimum    int      `yaml:"minimum" json:"minimum,omitempty"`
	AboutAreas []string `yaml:"about_areas" json:"about_areas"`
}

// Place is where an entry can count in a scheme.
type Place struct{ ID, Name string }

var readSchemes = sync.OnceValue(func() (out []Scheme) {
	if err := yaml.Unmarshal(schemesFile, &out); err != nil {
		panic("cpd: schemes.yaml: " + err.Error()) // it is part of the program
	}
	return out
})

// Schemes are the schemes that come with Cairn, as they come.
func Schemes() []Scheme { return readSchemes() }

// Places are where an entry can count: each category, or each side of one that has
// sides.
func (s Scheme) Places() (out []Place) {
	for _, c := range s.Categories {
		if len(c.Sides) == 0 {
			out = append(out, Place{c.ID, c.Name})
		}
		for _, side := range c.Sides {
			out = append(out, Place{c.ID + "/" + side.ID, c.Name + ": " + side.Name})
		}
	}
	return out
}

// PlaceName is a place in words; empty if there is none.
func (s Scheme) PlaceName(place string) string {
	for _, p := range s.Places() {
		if p.ID == place {
			return p.Name
		}
	}
	return ""
}

func (s Scheme) has(place string) bool { return s.PlaceName(place) != "" }

// PlaceFor is where a kind of experience counts, as far as that is clear.
func (s Scheme) PlaceFor(kind string) string {
	for _, c := range s.Categories {
		for _, k := range c.FromKinds {
			if k == kind && len(c.Sides) == 0 {
				return c.ID
			}
		}
	}
	return ""
}

// unit is how many minutes make one of the scheme's units.
func (s Scheme) unit() int { return 60 * max(1, s.HoursPerUnit) }

// Units writes minutes in the scheme's unit, with two decimals at most.
func (s Scheme) Units(minutes int) string {
	sign := ""
	if minutes < 0 {
		sign, minutes = "−", -minutes
	}
	hundredths := minutes * 100 / s.unit()
	part := strings.TrimRight("."+itoa(100 + hundredths%100)[1:], "0")
	return sign + itoa(hundredths/100) + strings.TrimSuffix(part, ".")
}

// end is the last day of a period that begins on a day.
func (s Scheme) end(from clock.Day) clock.Day {
	return clock.AddDays(monthsOn(from, s.PeriodMonths), -1)
}

// monthsOn moves a date by months; the last day of a month stays one.
func monthsOn(d clock.Day, months int) clock.Day {
	t, err := time.Parse(time.DateOnly, d)
	if err != nil {
		return d
	}
	on := t.AddDate(0, months, 0)
	if on.Day() != t.Day() { // 31 January and a month is 28 February
		on = on.AddDate(0, 0, -on.Day())
	}
	return on.Format(time.DateOnly)
}

func itoa(n int) string { return strconv.Itoa(n) }
