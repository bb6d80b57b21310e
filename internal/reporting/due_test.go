package reporting

import "testing"

func TestReportsAreDueOnAWorkingDay(t *testing.T) {
	for _, c := range []struct {
		period   Period
		n        int
		days     string
		holidays []string
		want     string
	}{
		{"2026-11", 5, "12345", nil, "2026-11-06"},                    // begins on a Sunday
		{"2026-11", 1, "12345", []string{"2026-11-02"}, "2026-11-03"}, // its first Monday is a holiday
		{"2027-01", 1, "12345", []string{"2027-01-01"}, "2027-01-04"}, // a holiday, then a weekend
		{"2026-11", 3, "7", nil, "2026-11-15"},                        // Sundays alone
		{"2026-11", 20, "5", nil, "2027-03-19"},                       // goes on into later months
		{"2026-11", 1, "", nil, "2026-11-30"},                         // no working day at all ends
	} {
		if got := workingDay(c.period, c.n, c.days, c.holidays); got != c.want {
			t.Errorf("%s, %d of %q: %s, want %s", c.period, c.n, c.days, got, c.want)
		}
	}
}
