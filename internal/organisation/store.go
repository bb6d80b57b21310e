package organisation

import (
	"context"
	"strings"

	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

func get(ctx context.Context, q sqldb.Querier) (s Settings, err error) {
	var days, holidays string
	err = q.QueryRowContext(ctx, `SELECT name, zone, currency, rating_scale, working_days, holidays, report_day, version FROM organisation WHERE id = 1`).
		Scan(&s.Name, &s.Zone, &s.Currency, &s.RatingScale, &days, &holidays, &s.ReportDay, &s.Version)
	s.WorkingDays, s.Holidays = weekdays(days), strings.Fields(holidays)
	return s, err
}

func put(ctx context.Context, tx *work.Tx, s Settings) (bool, error) {
	res, err := tx.ExecContext(ctx, `UPDATE organisation SET name = $1, zone = $2, currency = $3, rating_scale = $4, working_days = $5, holidays = $6,
		report_day = $7, version = version + 1 WHERE id = 1 AND version = $8`,
		s.Name, s.Zone, s.Currency, s.RatingScale, digits(s.WorkingDays), strings.Join(s.Holidays, "\n"), s.ReportDay, s.Version)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}
