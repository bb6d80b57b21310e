package app

import (
	"context"
	"strconv"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/work"
	"cairn/internal/portfolio"
	"cairn/internal/reporting"
)

// reportedFacts lets the register take over what a report says about dates,
// money and health.
type reportedFacts struct{ projects *portfolio.Service }

// Reported implements reporting.Register.
func (r reportedFacts) Reported(ctx context.Context, tx *work.Tx, project string, asAt clock.Day, b reporting.Body) error {
	f := portfolio.Facts{
		portfolio.Rating: {Text: b.Overall}, portfolio.RatingScale: {Text: "3"}, portfolio.RatingNote: {Text: b.OverallReason},
	}
	if b.ForecastEnd != "" {
		f[portfolio.ForecastEnd] = portfolio.Value{Text: b.ForecastEnd}
	}
	for name, n := range map[portfolio.Field]*int64{portfolio.Forecast: b.Forecast, portfolio.Actual: b.Actual} {
		if n != nil {
			f[name] = portfolio.Value{Text: strconv.FormatInt(*n, 10)}
		}
	}
	return r.projects.ReportedIn(ctx, tx, project, asAt, f)
}
