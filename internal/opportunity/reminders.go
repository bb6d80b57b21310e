package opportunity

import (
	"context"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
)

// Waits is a place that waits for somebody.
type Waits struct {
	Person, Opportunity, Place string
	Asks                       Ask
}

// AllWaiting reads what waits on a day, for everybody, in one query. It is for
// reminders alone, each of which goes to the person whom it concerns.
func (s *Service) AllWaiting(ctx context.Context, q sqldb.Querier, today clock.Day) (out []Waits, err error) {
	rows, err := q.QueryContext(ctx, `SELECT o.offered_by, o.id, p.id, CASE WHEN p.state = 'debriefed' THEN 'confirm' ELSE 'give' END FROM opportunity_place p JOIN opportunity o ON o.id = p.opportunity_id WHERE p.state IN ('applied', 'debriefed')
		UNION ALL SELECT p.line_id, p.opportunity_id, p.id, 'agree' FROM opportunity_place p WHERE p.line_id <> '' AND NOT p.line_agreed AND p.state IN ('applied', 'given')
		UNION ALL SELECT p.person_id, o.id, p.id, 'debrief' FROM opportunity_place p JOIN opportunity o ON o.id = p.opportunity_id WHERE p.state = 'agreed' AND o.to_on < $1
		ORDER BY 3, 4`, today)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var x Waits
		if err := rows.Scan(&x.Person, &x.Opportunity, &x.Place, &x.Asks); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, rows.Err()
}
