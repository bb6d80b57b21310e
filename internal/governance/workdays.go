package governance

import (
	"context"
	"strings"
	"time"

	"cairn/internal/governance/method"
	"cairn/internal/kit/sqldb"
)

// workdays are the organisation's working days.
type workdays struct {
	week [7]bool // by time.Weekday
	off  map[method.Day]bool
}

func readWorkdays(ctx context.Context, q sqldb.Querier) (w workdays, err error) {
	var digits, holidays string
	if err := q.QueryRowContext(ctx, `SELECT working_days, holidays FROM v_organisation`).Scan(&digits, &holidays); err != nil {
		return w, err
	}
	for _, r := range digits { // 1 is Monday, 7 is Sunday
		w.week[int(r-'0')%7] = true
	}
	w.off = map[method.Day]bool{}
	for _, h := range strings.Fields(holidays) {
		if d := method.ParseDay(h); d != 0 {
			w.off[d] = true
		}
	}
	return w, nil
}

// on reports whether a day is worked. 1970-01-01 was a Thursday.
func (w workdays) on(d method.Day) bool {
	return w.week[(int(d)+int(time.Thursday))%7] && !w.off[d]
}

// nth gives the nth working day of the month that begins on a day.
func (w workdays) nth(first method.Day, n int) method.Day {
	d := first
	for range 366 {
		if w.on(d) {
			if n--; n <= 0 {
				return d
			}
		}
		d++
	}
	return first // an organisation without working days has no cut-off either
}

// between counts the working days after one day up to another.
func (w workdays) between(after, upTo method.Day) (n int) {
	for d := after + 1; d <= upTo; d++ {
		if w.on(d) {
			n++
		}
	}
	return n
}
