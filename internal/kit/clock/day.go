package clock

import "time"

// Day is a calendar date in ISO form ("2026-11-24"). It sorts and compares as
// text, in Go and in both databases. The empty Day means "none" or "open".
type Day = string

// DayOf gives the calendar date of a moment in a time zone.
func DayOf(t time.Time, in *time.Location) Day { return t.In(in).Format(time.DateOnly) }

// ValidDay reports whether the text is a calendar date in ISO form.
func ValidDay(d Day) bool {
	_, err := time.Parse(time.DateOnly, d)
	return err == nil
}

// AddDays moves a date by days; an empty or broken date stays as it is.
func AddDays(d Day, days int) Day {
	t, err := time.Parse(time.DateOnly, d)
	if err != nil {
		return d
	}
	return t.AddDate(0, 0, days).Format(time.DateOnly)
}

// DaysBetween counts the days from one date to another; ok is false if either is none.
func DaysBetween(from, to Day) (days int, ok bool) {
	a, errA := time.Parse(time.DateOnly, from)
	b, errB := time.Parse(time.DateOnly, to)
	if errA != nil || errB != nil {
		return 0, false
	}
	return int(b.Sub(a).Hours() / 24), true
}

// StartOf gives the moment at which a day begins in a time zone.
func StartOf(d Day, in *time.Location) (time.Time, error) {
	return time.ParseInLocation(time.DateOnly, d, in)
}
