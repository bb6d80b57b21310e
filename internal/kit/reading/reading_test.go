package reading_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"cairn/internal/kit/reading"
)

func TestDatesOfMixedSpellings(t *testing.T) {
	for in, want := range map[string]string{
		"2016-05-25 17:00:00": "2016-05-25", "5/02/2016 5:00:00 PM": "2016-02-05", "30/03/2016": "2016-03-30",
		"2019-06-06T17:00:00Z": "2019-06-06", "5 March 2021": "2021-03-05", "March 5, 2021": "2021-03-05", "Mar-21": "2021-03-01",
		"1st Sept 2020": "2020-09-01", "43831": "2020-01-01", "31.12.99": "1999-12-31", "Mon, 3 Jan 2022": "2022-01-03", "12-Nov-24": "2024-11-12",
	} {
		got, err := reading.Date(in, reading.DayFirst, false)
		if err != nil || got != want {
			t.Errorf("Date(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	for in, want := range map[string][2]string{
		"2027": {"2027-01-01", "2027-12-31"}, "2024/25": {"2024-04-01", "2025-03-31"}, "FY 2024-25": {"2024-04-01", "2025-03-31"},
		"2024-2025": {"2024-04-01", "2025-03-31"}, "2026-02": {"2026-02-01", "2026-02-28"}, "1999/00": {"1999-04-01", "2000-03-31"},
	} {
		from, errFrom := reading.Date(in, reading.DayFirst, false)
		to, errTo := reading.Date(in, reading.DayFirst, true)
		if errFrom != nil || errTo != nil || from != want[0] || to != want[1] {
			t.Errorf("%q is %s to %s, %v, %v", in, from, to, errFrom, errTo)
		}
	}
	for _, in := range []string{"2011-12", "2011/12", "2024/26", "FY24", "", "soon", "31/02/2020", "2020-13-01", "Exempt under Section 43", "32 March 2020", "Marvel 2020", "7"} {
		if got, err := reading.Date(in, reading.DayFirst, false); err == nil {
			t.Errorf("Date(%q) = %q, want an error", in, got)
		}
	}
	if _, err := reading.Date("03/04/2021", reading.Unsettled, false); err == nil {
		t.Error("an ambiguous date was read without an order")
	}
	if got, _ := reading.Date("Feb 2024", reading.Unsettled, true); got != "2024-02-29" {
		t.Errorf("the end of a month is %s", got)
	}
	if got, _ := reading.AsAt("2019", reading.Unsettled); got != "2019-12-31" {
		t.Errorf("as at 2019 is %s", got)
	}
}

func orderOf(values []string) (reading.Order, bool) {
	var e reading.Evidence
	for _, v := range values {
		e.Add(v)
	}
	return e.Order(), e.Ambiguous
}

func decimalOf(values []string) reading.Decimal {
	var m reading.Marks
	for _, v := range values {
		m.Add(v)
	}
	return m.Decimal()
}

func TestUnambiguousDatesSettleTheOrder(t *testing.T) {
	cases := []struct {
		values []string
		order  reading.Order
		asked  bool
	}{
		{[]string{"03/04/2021", "25/04/2021"}, reading.DayFirst, true},
		{[]string{"03/04/2021", "04/25/2021"}, reading.MonthFirst, true},
		{[]string{"25/04/2021", "04/25/2021", "1/2/2021"}, reading.Unsettled, true},
		{[]string{"03/04/2021"}, reading.Unsettled, true},
		{[]string{"2021-04-03", "5/5/2021"}, reading.Unsettled, false},
	}
	for _, c := range cases {
		if order, asked := orderOf(c.values); order != c.order || asked != c.asked {
			t.Errorf("%v: %q, %t", c.values, order, asked)
		}
	}
}

func TestEveryDateReadsBackInEachOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := time.Date(1971, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 30000).Draw(t, "days"))
		for layout, order := range map[string]reading.Order{"02/01/2006": reading.DayFirst, "1/2/2006": reading.MonthFirst, "2 January 2006": "", "2006-01-02": "", "2-Jan-2006 15:04": ""} {
			if got, err := reading.Date(d.Format(layout), order, false); err != nil || got != d.Format(time.DateOnly) {
				t.Fatalf("%s: %q, %v", d.Format(layout), got, err)
			}
		}
	})
}

func TestMoney(t *testing.T) {
	cases := []struct {
		in       string
		decimal  reading.Decimal
		unit     reading.Unit
		minor    int64
		currency string
	}{
		{"£1,234.50", '.', 1, 123450, "GBP"},
		{"2066075.5899999999", '.', 1, 206607559, ""},
		{"\ufffd2,013.02", '.', 1, 201302, ""},
		{"Ł654.46", '.', 1, 65446, "GBP"},
		{"(1,000)", '.', 1, -100000, ""},
		{"-£5", '.', 1, -500, "GBP"},
		{"£-5", '.', 1, -500, "GBP"},
		{"1.234.567,89 €", ',', 1, 123456789, "EUR"},
		{"£1.5m", '.', 1, 150000000, "GBP"},
		{"2.5", '.', reading.Millions, 250000000, ""},
		{"1.2e6", '.', 1, 120000000, ""},
		{"0.005", '.', 1, 1, ""},
		{"1 250 000", '.', 1, 125000000, ""},
		{"A$12", '.', 1, 1200, "AUD"},
		{"12'500.00 CHF", '.', 1, 1250000, "CHF"},
		{"£(1,234)", '.', 1, -123400, "GBP"},
		{"12.50-", '.', 1, -1250, ""},
		{"₹ 1,20,000", '.', 1, 12000000, "INR"},
		{"1.2 bn", '.', 1, 120000000000, ""},
	}
	for _, c := range cases {
		got, err := reading.Money(c.in, c.decimal, c.unit)
		if err != nil || got.Minor != c.minor || got.Currency != c.currency {
			t.Errorf("Money(%q) = %+v, %v", c.in, got, err)
		}
	}
	for _, in := range []string{"", "-", "Exempt under Section 43", "1,2,3", "£", "12 34", "99999999999999999999", "1e99", "three"} {
		if got, err := reading.Money(in, '.', 1); err == nil {
			t.Errorf("Money(%q) = %+v, want an error", in, got)
		}
	}
	if decimalOf([]string{"1.234.567", "12.500"}) != reading.Comma || decimalOf([]string{"1.234", "12.5"}) != reading.Point {
		t.Error("points that group were not seen")
	}
	if decimalOf([]string{"1.234,50", "7,20"}) != reading.Comma || decimalOf([]string{"1,234.50", "7"}) != reading.Point {
		t.Error("the decimal sign was not settled")
	}
}

func TestRatings(t *testing.T) {
	for in, want := range map[string]string{"Amber/Red": "amber_red", "AMBER-GREEN": "amber_green", "R": "red", "A/G": "amber_green", " green ": "green", "Amber / red": "amber_red"} {
		if got, ok := reading.Rating(in); !ok || got != want {
			t.Errorf("Rating(%q) = %q, %t", in, got, ok)
		}
	}
	for _, in := range []string{"", "Exempt under Section 26", "Reset", "3", "N/A"} {
		if got, ok := reading.Rating(in); ok {
			t.Errorf("Rating(%q) = %q", in, got)
		}
	}
	if reading.Scale([]string{"Green", "Amber/Red"}) != "5" || reading.Scale([]string{"Green", "Amber"}) != "3" {
		t.Error("the scale was not seen")
	}
}

func FuzzReading(f *testing.F) {
	for _, s := range []string{"2016-05-25 17:00:00", "£1,234.50", "(1)", "Ł", "1e6", "31/12/99", "Mar-21", "€€", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := reading.Date(s, reading.DayFirst, true); err == nil && len(d) != 10 {
			t.Errorf("Date(%q) = %q", s, d)
		}
		if a, err := reading.Money(s, reading.Point, reading.Ones); err != nil && a.Minor != 0 {
			t.Errorf("Money(%q) gave %d with an error", s, a.Minor)
		}
		if r, ok := reading.Rating(s); ok != (r != "") {
			t.Errorf("Rating(%q) = %q, %t", s, r, ok)
		}
	})
}
