package method

import "time"

// Day is a date as a number, days since 1970-01-01, so that ten thousand projects
// can be looked at quickly. The zero value means that there is no date.
type Day int32

// Forever is later than every date: what is covered until Forever needs no renewal.
const Forever Day = 1 << 30

// ParseDay reads a date such as 2026-03-01; what is no date gives 0.
func ParseDay(iso string) Day {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return 0
	}
	return DayOf(t)
}

// DayOf gives the day of a moment, in UTC.
func DayOf(t time.Time) Day {
	seconds := t.UTC().Unix()
	day := seconds / secondsPerDay
	if seconds%secondsPerDay < 0 {
		day--
	}
	return Day(day)
}

const secondsPerDay = 24 * 60 * 60

// String gives the date as 2026-03-01, and nothing for none and Forever.
func (d Day) String() string {
	if d == 0 || d >= Forever {
		return ""
	}
	return time.Unix(int64(d)*secondsPerDay, 0).UTC().Format(time.DateOnly)
}
