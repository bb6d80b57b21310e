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

func TestAClosedProjectIsShownUntilItsEnd(t *testing.T) {
	for name, c := range map[string]struct {
		of   Health
		want Period
	}{
		"live":               {Health{Period: "2024-06"}, "2026-10"},
		"closed":             {Health{Closed: true, Period: "2024-06", Ended: "2024-07-02"}, "2024-06"},
		"without a report":   {Health{Closed: true, Ended: "2024-07-02"}, "2024-07"},
		"without an end":     {Health{Closed: true}, "2026-10"},
		"to end in a future": {Health{Closed: true, Ended: "2031-01-01"}, "2026-10"},
	} {
		if got := c.of.Until("2026-10"); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
