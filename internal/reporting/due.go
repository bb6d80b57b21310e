package reporting

import (
	"context"
	"slices"
	"strings"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/work"
)

// Deadline is when the reports of a month are due.
type Deadline struct {
	On         clock.Day
	WorkingDay int // of the month after the one reported on
}

// Deadline reads the organisation's working days and counts to the day on which
// the reports of a month are due.
func (s *Service) Deadline(ctx context.Context, who authz.Actor, p Period) (d Deadline, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeReports, authz.Instance); err != nil {
			return err
		}
		var days, holidays string
		if err := v.QueryRowContext(ctx, `SELECT working_days, holidays, report_day FROM v_organisation`).Scan(&days, &holidays, &d.WorkingDay); err != nil {
			return err
		}
		d.On = workingDay(p.Add(1), d.WorkingDay, days, strings.Fields(holidays))
		return nil
	})
	return d, err
}

// workingDay finds the n-th working day of a month, going on into the next one
// when the month has too few. Days are digits, Monday 1 to Sunday 7 (ISO 8601).
func workingDay(p Period, n int, days string, holidays []clock.Day) clock.Day {
	day, err := time.Parse(time.DateOnly, p.Start())
	if err != nil {
		return ""
	}
	for range 366 { // a year of holidays ends the search
		iso := day.Format(time.DateOnly)
		if strings.ContainsRune(days, rune('0'+(int(day.Weekday())+6)%7+1)) && !slices.Contains(holidays, iso) {
			if n--; n <= 0 {
				return iso
			}
		}
		day = day.AddDate(0, 0, 1)
	}
	return p.End()
}
