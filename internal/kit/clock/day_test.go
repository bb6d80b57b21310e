package clock

import (
	"testing"
	"time"
)

// FuzzDay: a valid day survives the way through time and back, and days are
// counted and added alike.
func FuzzDay(f *testing.F) {
	for _, seed := range []string{"2026-11-24", "2024-02-29", "2023-02-29", "0000-01-01", "9999-12-31", "", "2026-1-1", "2026-13-01", "+2026-01-01", "2026-01-01 ", "２０２６-01-01", "2026-01-01T00:00:00Z"} {
		f.Add(seed, 1)
		f.Add(seed, -400)
	}
	f.Fuzz(func(t *testing.T, d string, days int) {
		days %= 100_000
		if !ValidDay(d) {
			if AddDays(d, days) != d {
				t.Fatalf("%q is no day and moves to %q", d, AddDays(d, days))
			}
			return
		}
		at, err := StartOf(d, time.UTC)
		if err != nil || DayOf(at, time.UTC) != d {
			t.Fatalf("%q begins at %v, %v", d, at, err)
		}
		moved := AddDays(d, days)
		if !ValidDay(moved) {
			return // beyond year 9999 or before year 0
		}
		if n, ok := DaysBetween(d, moved); !ok || n != days {
			t.Fatalf("%q moved by %d is %q, %d days later", d, days, moved, n)
		}
		if (moved > d) != (days > 0) && days != 0 {
			t.Fatalf("%q and %q do not sort as they follow", d, moved)
		}
	})
}

// FuzzIDs: whatever the time, ids of one source ascend and are well formed.
func FuzzIDs(f *testing.F) {
	f.Add(int64(0), int64(1))
	f.Add(int64(1764000000000), int64(-5))
	f.Add(int64(1<<47), int64(1<<20))
	f.Fuzz(func(t *testing.T, first, step int64) {
		m := NewManual(time.UnixMilli(first&(1<<47-1)), 1)
		last := ""
		for range 5 {
			id := m.NewID()
			if len(id) != 36 || id[14] != '7' || id <= last {
				t.Fatalf("%s after %s", id, last)
			}
			last = id
			m.Advance(time.Duration(step % (1 << 40)))
		}
	})
}
