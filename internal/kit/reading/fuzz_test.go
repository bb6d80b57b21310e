package reading_test

import (
	"testing"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/reading"
)

func FuzzDate(f *testing.F) {
	for _, s := range []string{"31/02/2024", "Q2 1516", "2015/16 Q4", "q1 2020", "3rd of May 2020", "44927", "Mar-26", "1.1.70", "2024-02-29T10:00Z", "0000-01-01", "99999", "\x00"} {
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, s string, end bool) {
		for _, order := range []reading.Order{reading.Unsettled, reading.DayFirst, reading.MonthFirst} {
			if d, err := reading.Date(s, order, end); err == nil && !clock.ValidDay(d) {
				t.Errorf("%q is read as %q", s, d)
			}
			if d, err := reading.AsAt(s, order); err == nil && !clock.ValidDay(d) {
				t.Errorf("%q holds since %q", s, d)
			}
		}
		var e reading.Evidence
		e.Add(reading.Serial1904(s))
	})
}

func FuzzMoney(f *testing.F) {
	for _, s := range []string{"£1,234.50", "(5)", "1.234,50 €", "-£2bn", "1e99", "1e-99", "99999999999999999999", "£", ".", "1'000", "\u00a312"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, d := range []reading.Decimal{reading.Point, reading.Comma} {
			for _, u := range []reading.Unit{reading.Ones, reading.Thousands, reading.Millions} {
				a, err := reading.Money(s, d, u)
				if err == nil && len(a.Currency) != 0 && len(a.Currency) != 3 {
					t.Errorf("%q has the currency %q", s, a.Currency)
				}
			}
		}
	})
}

func FuzzRating(f *testing.F) {
	for _, s := range []string{"Amber/Red", "A-R", "GREEN rating", "4", "Reset", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		known := map[string]bool{"red": true, "amber_red": true, "amber": true, "amber_green": true, "green": true}
		if r, ok := reading.Rating(reading.RiskRating(s)); ok && !known[r] {
			t.Errorf("%q is rated %q", s, r)
		}
	})
}
