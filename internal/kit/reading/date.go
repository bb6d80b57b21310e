// Package reading turns what people write in cells and forms into values:
// dates of mixed spellings, money with symbols, ratings in many words.
package reading

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cairn/internal/kit/clock"
)

// Order is whether the day or the month stands first in 03/04/2021.
type Order string

// The orders. Unsettled: the values alone do not say.
const (
	Unsettled  Order = ""
	DayFirst   Order = "dmy"
	MonthFirst Order = "mdy"
)

var (
	isoDate     = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$`)
	slashDate   = regexp.MustCompile(`^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})$`)
	dayMonth    = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th)?[- ./]*([a-z]{3,9})\.?[- ,./]*(\d{4}|\d{2})$`)
	monthDay    = regexp.MustCompile(`^([a-z]{3,9})\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})$`)
	monthYear   = regexp.MustCompile(`^([a-z]{3,9})\.?[- ,]*(\d{4}|\d{2})$`)
	quarterOf   = regexp.MustCompile(`^q([1-4])[- ,/]*(?:fy)? ?(\d{4}|\d{2})(?:[-/ ]?(\d{4}|\d{2}))?$`)
	yearQuarter = regexp.MustCompile(`^(?:fy)? ?(\d{4}|\d{2})(?:[-/](\d{4}|\d{2}))?[- ,/]*q([1-4])$`)
	yearMonth   = regexp.MustCompile(`^(\d{4})-(\d{2})$`)
	yearToYear  = regexp.MustCompile(`^(fy ?)?((?:19|20)\d{2})[-/](\d{4}|\d{2})$`)
	bareYear    = regexp.MustCompile(`^(19|20|21)\d{2}$`)
	serial      = regexp.MustCompile(`^\d{5}(\.\d+)?$`)
	timeOfDay   = regexp.MustCompile(`(?i)(?:[t ]+)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)? *(?:am|pm)?(?: *(?:z|utc|[+-]\d{2}:?\d{2}))?$`)
	weekday     = regexp.MustCompile(`^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? +`)
	monthPrefix = map[string]int{
		"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
	}
)

func dateText(s string) string {
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	return weekday.ReplaceAllString(timeOfDay.ReplaceAllString(s, ""), "")
}

// Evidence gathers what the values of a column say about the order of day and
// month: 25/03 can only be a day.
type Evidence struct {
	Ambiguous    bool // a value needs the answer
	days, months bool
}

// Add looks at one value.
func (e *Evidence) Add(s string) {
	m := slashDate.FindStringSubmatch(dateText(s))
	if m == nil {
		return
	}
	a, b := number(m[1]), number(m[2])
	switch {
	case a > 12 && b <= 12:
		e.days = true
	case b > 12 && a <= 12:
		e.months = true
	case a != b:
		e.Ambiguous = true
	}
}

// Order is what the values settle. Conflict and silence are both Unsettled.
func (e *Evidence) Order() Order {
	switch {
	case e.days && !e.months:
		return DayFirst
	case e.months && !e.days:
		return MonthFirst
	}
	return Unsettled
}

// Mixed tells that some values have the day first and others the month.
func (e *Evidence) Mixed() bool { return e.days && e.months }

// Date reads a date. With an unsettled order a date that needs it is an error.
// A month without a day is its last day when it ends something, which the
// caller says; a spreadsheet's serial number counts days since 1899-12-30.
func Date(s string, order Order, end bool) (clock.Day, error) {
	text := dateText(s)
	if m := isoDate.FindStringSubmatch(text); m != nil {
		return day(number(m[1]), number(m[2]), number(m[3]), s)
	}
	if m := slashDate.FindStringSubmatch(text); m != nil {
		return slashed(m, order, s)
	}
	if m := dayMonth.FindStringSubmatch(text); m != nil && month(m[2]) > 0 {
		return day(year(m[3]), month(m[2]), number(m[1]), s)
	}
	if m := monthDay.FindStringSubmatch(text); m != nil && month(m[1]) > 0 {
		return day(year(m[3]), month(m[1]), number(m[2]), s)
	}
	if m := monthYear.FindStringSubmatch(text); m != nil && month(m[1]) > 0 {
		return whole(year(m[2]), month(m[1]), end), nil
	}
	if d, ok := quarter(text, end); ok {
		return d, nil
	}
	if d, ok := years(text, end); ok {
		return d, nil
	}
	if serial.MatchString(text) {
		n, _ := strconv.ParseFloat(text, 64) // the pattern admits numbers only
		return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(math.Floor(n))).Format(time.DateOnly), nil
	}
	return "", fmt.Errorf("%q is not a date", clip(s))
}

// Serial1904 gives a serial number of a day in a workbook whose days count from
// 1904 the value that it has in others; any other text is left as it is.
func Serial1904(s string) string {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || !serial.MatchString(s) {
		return s
	}
	return strconv.Itoa(int(n) + 1462)
}

// AsAt reads a date since which facts hold; a bare year is its last day.
func AsAt(s string, order Order) (clock.Day, error) {
	if y := strings.TrimSuffix(strings.TrimSpace(s), ".0"); bareYear.MatchString(y) {
		return y + "-12-31", nil
	}
	return Date(s, order, true)
}

func slashed(m []string, order Order, s string) (clock.Day, error) {
	a, b, y := number(m[1]), number(m[2]), year(m[3])
	switch {
	case a > 12 && b <= 12:
		order = DayFirst
	case b > 12 && a <= 12:
		order = MonthFirst
	case a == b:
		order = DayFirst
	}
	switch order {
	case DayFirst:
		return day(y, b, a, s)
	case MonthFirst:
		return day(y, a, b, s)
	case Unsettled:
	}
	return "", fmt.Errorf("%q can be read as day/month or month/day", clip(s))
}

func day(y, m, d int, s string) (clock.Day, error) {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if t.Year() != y || int(t.Month()) != m || t.Day() != d || y < 1 {
		return "", fmt.Errorf("%q is not a day of the calendar", clip(s))
	}
	return t.Format(time.DateOnly), nil
}

func whole(y, m int, end bool) clock.Day {
	t := time.Date(y, time.Month(m), 1, 0, 0, 0, 0, time.UTC)
	if end {
		t = t.AddDate(0, 1, -1)
	}
	return t.Format(time.DateOnly)
}

// quarter reads "Q2 2015" as a quarter of the calendar, and "Q2 1516" or
// "2015/16 Q2" as one of a year that begins in April, as British public bodies
// count.
func quarter(text string, end bool) (clock.Day, bool) {
	var q, from, to string
	if m := quarterOf.FindStringSubmatch(text); m != nil {
		q, from, to = m[1], m[2], m[3]
	} else if m := yearQuarter.FindStringSubmatch(text); m != nil {
		q, from, to = m[3], m[1], m[2]
	} else {
		return "", false
	}
	if n := number(from); to == "" && len(from) == 4 && n/100 >= 10 && n/100 < 19 && n%100 == n/100+1 {
		from, to = from[:2], from[2:] // 1516
	}
	if to != "" && year(to)%100 != (year(from)+1)%100 || to == "" && len(from) != 4 {
		return "", false
	}
	y, first := year(from), 3*number(q)-2
	if to != "" {
		first += 3
	}
	if end {
		first += 2
	}
	return whole(y+(first-1)/12, (first-1)%12+1, end), true
}

// years reads a bare year, a month in figures, and "2024/25" as a year that begins in
// April, as British public bodies count. "2011-12" may be either, and is neither.
func years(text string, end bool) (clock.Day, bool) {
	if bareYear.MatchString(text) {
		return whole(number(text), map[bool]int{false: 1, true: 12}[end], end), true
	}
	m := yearToYear.FindStringSubmatch(text)
	following := m != nil && year(m[3])%100 == (number(m[2])+1)%100 && (len(m[3]) == 2 || number(m[3]) == number(m[2])+1)
	if following && (m[1] != "" || len(m[3]) == 4 || number(m[3]) > 12 || number(m[3]) == 0) {
		if end {
			return whole(number(m[2])+1, 3, true), true
		}
		return whole(number(m[2]), 4, false), true
	}
	if m := yearMonth.FindStringSubmatch(text); m != nil && !following && number(m[2]) >= 1 && number(m[2]) <= 12 {
		return whole(number(m[1]), number(m[2]), end), true
	}
	return "", false
}

// month knows English names by their first three letters, when the rest fits.
func month(s string) int {
	n, ok := monthPrefix[s[:3]]
	if !ok {
		return 0
	}
	full := strings.ToLower(time.Month(n).String())
	if strings.HasPrefix(full, s) || s == "sept" {
		return n
	}
	return 0
}

// year widens two digits: 70 to 99 are of the last century.
func year(s string) int {
	n := number(s)
	switch {
	case len(s) > 2:
		return n
	case n >= 70:
		return 1900 + n
	}
	return 2000 + n
}

func number(s string) int {
	n, _ := strconv.Atoi(s) // the patterns admit digits only
	return n
}

func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
