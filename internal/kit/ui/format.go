package ui

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// None is how Cairn writes that there is none. It never means zero.
const None = "–"

var symbols = map[string]string{"GBP": "£", "EUR": "€", "USD": "$", "AUD": "A$"}

// Symbol is a currency's sign, or its code with a space.
func Symbol(currency string) string {
	if s, ok := symbols[currency]; ok {
		return s
	}
	if currency == "" {
		return ""
	}
	return currency + " "
}

// Money writes minor units short: £1.31m, £740k, £95.
func Money(minor int64, currency string) string {
	sign, v := "", float64(minor)/100
	if v < 0 {
		sign, v = "−", -v
	}
	s := Symbol(currency)
	switch {
	case v >= 999.5e6:
		return sign + s + trim(v/1e9, 2) + "bn"
	case v >= 999.5e3:
		return sign + s + trim(v/1e6, 2) + "m"
	case v >= 9999.5:
		return sign + s + trim(v/1e3, 0) + "k"
	}
	return sign + s + Grouped(int64(v+0.5))
}

// MoneyExact writes minor units in full: £5,113,659,152.50.
func MoneyExact(minor int64, currency string) string {
	sign := ""
	if minor < 0 {
		sign, minor = "−", -minor
	}
	return fmt.Sprintf("%s%s%s.%02d", sign, Symbol(currency), Grouped(minor/100), minor%100)
}

// Millions writes minor units in millions, two decimals: for columns whose header carries the unit.
func Millions(minor int64) string {
	s := strconv.FormatFloat(float64(minor)/1e8, 'f', 2, 64)
	return strings.Replace(s, "-", "−", 1)
}

func trim(v float64, decimals int) string { return strconv.FormatFloat(v, 'f', decimals, 64) }

// Grouped writes a whole number with thousands separated: 27,000.
func Grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if neg {
		return "−" + s
	}
	return s
}

// Date writes an ISO date as 26 Nov, with the year when it is not today's.
func Date(iso, today string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return None
	}
	if len(today) >= 4 && iso[:4] == today[:4] {
		return t.Format("2 Jan")
	}
	return t.Format("2 Jan 2006")
}

// DateFull writes an ISO date as 26 November 2026.
func DateFull(iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return None
	}
	return t.Format("2 January 2006")
}

// Month writes an ISO date or month as October 2026.
func Month(iso string) string {
	if len(iso) < 7 {
		return None
	}
	t, err := time.Parse("2006-01", iso[:7])
	if err != nil {
		return None
	}
	return t.Format("January 2006")
}

type zoneKey struct{}

// InZone gives a page the organisation's zone, for the moments on it.
func InZone(ctx context.Context, zone *time.Location) context.Context {
	return context.WithValue(ctx, zoneKey{}, zone)
}

// Moment writes a time as 26 Nov 2026, 14:05 GMT in the organisation's zone.
func Moment(ctx context.Context, t time.Time) string {
	return inZone(ctx, t).Format("2 Jan 2006, 15:04 MST")
}

// DayOf is the organisation's calendar date of a time, as ISO.
func DayOf(ctx context.Context, t time.Time) string { return inZone(ctx, t).Format(time.DateOnly) }

func inZone(ctx context.Context, t time.Time) time.Time {
	zone, ok := ctx.Value(zoneKey{}).(*time.Location)
	if !ok {
		zone = time.UTC
	}
	return t.In(zone)
}

// Count writes a number with its word in the right number: 1 project, 3 projects.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Grouped(int64(n)) + " " + many
}

// Days writes a duration in days: 1 day, 11 days.
func Days(n int) string { return Count(n, "day", "days") }

// Within is a label as it stands inside a sentence: "Phase" becomes "phase", and
// "PMO partner" stays.
func Within(label string) string {
	r := []rune(label)
	if len(r) > 1 && unicode.IsUpper(r[0]) && !unicode.IsUpper(r[1]) {
		r[0] = unicode.ToLower(r[0])
	}
	return string(r)
}
