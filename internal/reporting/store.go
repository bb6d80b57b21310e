package reporting

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

func factsOf(ctx context.Context, q sqldb.Querier, project string) (f Facts, err error) {
	var budget, forecast, actual sql.NullInt64
	var baselineStart, actualStart, forecastStart string
	err = q.QueryRowContext(ctx, `SELECT name, currency, baseline_start, actual_start, forecast_start, baseline_end, forecast_end, budget, forecast, actual FROM v_project WHERE id = $1`, project).
		Scan(&f.Name, &f.Currency, &baselineStart, &actualStart, &forecastStart, &f.BaselineEnd, &f.ForecastEnd, &budget, &forecast, &actual)
	for _, s := range []string{baselineStart, actualStart, forecastStart} {
		if f.Start == "" {
			f.Start = s
		}
	}
	f.Budget, f.Forecast, f.Actual = amount(budget), amount(forecast), amount(actual)
	return f, err
}

func amount(n sql.NullInt64) *int64 {
	if !n.Valid {
		return nil
	}
	return &n.Int64
}

const versionColumns = `r.id, r.project_id, r.period, r.number, r.body, r.submitted_by, COALESCE(s.name, ''), r.work_role, r.for_person_id, COALESCE(f.name, ''), r.drafted_by, COALESCE(d.name, ''), r.submitted_at`

const versionFrom = ` FROM report_version r LEFT JOIN v_person s ON s.id = r.submitted_by LEFT JOIN v_person f ON f.id = r.for_person_id LEFT JOIN v_person d ON d.id = r.drafted_by`

func listVersions(ctx context.Context, q sqldb.Querier, w *sqldb.Where, order string) (out []Report, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+versionColumns+versionFrom+w.SQL()+` ORDER BY `+order, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r Report
		var body string
		if err := rows.Scan(&r.ID, &r.Project, &r.Period, &r.Number, &body, &r.SubmittedBy, &r.SubmittedByName, &r.Role, &r.For, &r.ForName, &r.DraftedBy, &r.DraftedByName, &r.At); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(body), &r.Body); err != nil {
			return nil, fmt.Errorf("report %s: %w", r.ID, err)
		}
		r.ProjectName = r.Facts.Name
		out = append(out, r)
	}
	return out, rows.Err()
}

// versions reads all versions of one report, oldest first.
func versions(ctx context.Context, q sqldb.Querier, project string, p Period) ([]Report, error) {
	var w sqldb.Where
	w.And("r.project_id = ? AND r.period = ?", project, string(p))
	return listVersions(ctx, q, &w, "r.number")
}

// before reads the newest version of the report of an earlier month.
func before(ctx context.Context, q sqldb.Querier, project string, p Period) (*Report, error) {
	var w sqldb.Where
	w.And("r.project_id = ? AND r.period < ?", project, string(p))
	list, err := listVersions(ctx, q, &w, "r.period DESC, r.number DESC LIMIT 1")
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

func getDraft(ctx context.Context, q sqldb.Querier, project string, p Period) (*Report, error) {
	r := Report{Project: project, Period: p}
	var body string
	err := q.QueryRowContext(ctx, `SELECT d.body, d.drafted_by, COALESCE(p.name, ''), d.drafted_at, d.version FROM report_draft d LEFT JOIN v_person p ON p.id = d.drafted_by
		WHERE d.project_id = $1 AND d.period = $2`, project, string(p)).Scan(&body, &r.DraftedBy, &r.DraftedByName, &r.At, &r.DraftVersion)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &r, json.Unmarshal([]byte(body), &r.Body)
}

func insertVersion(ctx context.Context, tx *work.Tx, r Report) error {
	body, err := json.Marshal(r.Body)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO report_version (project_id, period, number, id, body, submitted_by, submitted_at, work_role, for_person_id, drafted_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, r.Project, string(r.Period), r.Number, r.ID, string(body), r.SubmittedBy, r.At, string(r.Role), r.For, r.DraftedBy); err != nil {
		return err
	}
	if err := putNewest(ctx, tx, r); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM report_draft WHERE project_id = $1 AND period = $2`, r.Project, string(r.Period))
	return err
}

// putNewest keeps the newest version of the report of a month, and which month's
// report is the newest of its project.
func putNewest(ctx context.Context, tx *work.Tx, r Report) error {
	if _, err := tx.ExecContext(ctx, `UPDATE report SET newest = FALSE WHERE project_id = $1 AND newest = TRUE AND period < $2`, r.Project, string(r.Period)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO report (project_id, period, number, declared, computed, submitted_by, submitted_at, newest)
		SELECT $1, $2, $3, $4, $5, $6, $7, NOT EXISTS (SELECT 1 FROM report later WHERE later.project_id = $8 AND later.period > $9) WHERE TRUE
		ON CONFLICT (project_id, period) DO UPDATE SET number = excluded.number, declared = excluded.declared, computed = excluded.computed,
		submitted_by = excluded.submitted_by, submitted_at = excluded.submitted_at, newest = excluded.newest`,
		r.Project, string(r.Period), r.Number, r.Overall, r.Computed.Overall, r.SubmittedBy, r.At, r.Project, string(r.Period))
	return err
}

// roleOf tells what the person who submits is to the work: the project manager
// leads it, a deputy stands in for somebody. It reads the few of the project and
// not all that the person ever had.
func roleOf(ctx context.Context, q sqldb.Querier, project, person string, today clock.Day) (role activity.RoleInWork, instead string, err error) {
	rows, err := q.QueryContext(ctx, `SELECT person_id, work_role, for_person_id FROM v_assignment WHERE project_id = $1 AND kind IN ('project_manager', 'deputy')
		AND from_on <= $2 AND (to_on = '' OR to_on >= $3) ORDER BY kind DESC, from_on, id`, project, today, today)
	if err != nil {
		return "", "", err
	}
	defer rows.Close()
	for rows.Next() {
		var holder string
		if err := rows.Scan(&holder, &role, &instead); err != nil {
			return "", "", err
		}
		if holder == person {
			return role, instead, nil
		}
	}
	return activity.Led, "", rows.Err() // the role comes from the programme above
}
