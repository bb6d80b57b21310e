package career

import (
	"context"
	"strings"

	"cairn/internal/kit/sqldb"
)

// met fills in of meetings of two how long they were and with whom, as the pair noted
// it. Whole hours are counted over all of them: three of forty minutes are two hours.
func met(ctx context.Context, q sqldb.Querier, person string, items []Item) error {
	at := map[string]*Item{}
	for i := range items {
		if it := &items[i]; strings.HasPrefix(it.Kind, "mentoring.") && strings.HasPrefix(it.Key, "mentoring/") {
			at[it.Key] = it
		}
	}
	if len(at) == 0 {
		return nil
	}
	rows, err := q.QueryContext(ctx, `SELECT m.id, m.minutes, CASE WHEN m.mentor_id = $1 THEN m.mentee_id ELSE m.mentor_id END FROM v_mentoring_met m
		WHERE m.mentor_id = $2 OR m.mentee_id = $3 ORDER BY m.held_on, m.id`, person, person, person)
	if err != nil {
		return err
	}
	defer rows.Close()
	minutes := map[string]int{} // by the kind and the other one
	for rows.Next() {
		var id, other string
		var lasted int
		if err := rows.Scan(&id, &lasted, &other); err != nil {
			return err
		}
		it := at["mentoring/"+id]
		if it == nil {
			continue
		}
		before := minutes[it.Kind+other]
		minutes[it.Kind+other] = before + lasted
		it.Hours, it.People = (before+lasted)/60-before/60, []string{other}
	}
	return rows.Err()
}
