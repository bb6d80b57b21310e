package development

import (
	"context"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
)

// Waits is something of a plan that is due: a step, or a review of the whole.
type Waits struct {
	Person, Step string    // Step is empty for a review
	On           clock.Day // of the step; of a review, since when there was none
}

// reviewDays is after how many days without one a review is brought to mind: a quarter.
const reviewDays = 91

// AllWaiting reads what is due on a day, for everybody, in two queries. It is for
// reminders alone, each of which goes to the person whose plan it is.
func (s *Service) AllWaiting(ctx context.Context, q sqldb.Querier, today clock.Day) (out []Waits, err error) {
	out, err = waits(ctx, q, `SELECT person_id, id, due_on FROM plan_step WHERE due_on <> '' AND due_on <= $1 AND state IN ('planned', 'under_way') ORDER BY due_on, id`, today)
	if err != nil {
		return nil, err
	}
	last, err := waits(ctx, q, `SELECT s.person_id, '', COALESCE((SELECT MAX(r.held_on) FROM plan_review r WHERE r.person_id = s.person_id), '') FROM plan_step s
		WHERE s.state IN ('planned', 'under_way') GROUP BY s.person_id HAVING MIN(s.made_at) <= $1 ORDER BY s.person_id`, sqldb.Micros(s.unit.Clock.Now().AddDate(0, 0, -reviewDays)))
	if err != nil {
		return nil, err
	}
	for _, w := range last {
		if w.On <= clock.AddDays(today, -reviewDays) {
			out = append(out, w)
		}
	}
	return out, nil
}

func waits(ctx context.Context, q sqldb.Querier, query string, args ...any) (out []Waits, err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var w Waits
		if err := rows.Scan(&w.Person, &w.Step, &w.On); err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, rows.Err()
}
