package career

import (
	"context"
	"slices"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
)

const improvement = "improvement.delivered"

// withImprovements adds what a project that was led to its end is besides, if it was an
// improvement of how the organisation works: an improvement delivered. Which kind of
// project it is, its dial says, as it was last answered by that day. What was stopped was
// not delivered, and who handed the project over before its end did not lead it there.
// It is read from the record and never stored, so that no order of entries matters.
func withImprovements(ctx context.Context, q sqldb.Querier, on clock.Day, w map[string]*around, items []Item) ([]Item, error) {
	led := map[string]Item{}
	var projects []string
	for i := range items {
		it := &items[i]
		p := w[it.Project]
		if it.Kind != "project.managed" || it.Role != activity.Led || p == nil || !it.Closed || p.handedOver(it.To) {
			continue
		}
		was, twice := led[it.Project]
		if !twice {
			projects = append(projects, it.Project)
			was = *it
		}
		if it.From > was.From { // in the order of their beginning, the last one led it to its end
			from := was.From
			was = *it
			was.From = from
		}
		led[it.Project] = was
	}
	if len(projects) == 0 {
		return items, nil
	}
	kinds, err := dialled(ctx, q, on, projects)
	if err != nil {
		return nil, err
	}
	for _, id := range projects {
		if kinds[id] != "improvement" {
			continue
		}
		it := led[id]
		it.Kind, it.Key = improvement, "improvement/"+id
		it.group = groupOf(&it)
		at := slices.IndexFunc(items, func(o Item) bool { return o.From > it.From })
		if at < 0 {
			at = len(items)
		}
		items = slices.Insert(items, at, it) // in the order of their beginning
	}
	return items, nil
}

// handedOver reports whether somebody else began to manage the project after a day.
func (p *around) handedOver(to clock.Day) bool {
	for _, m := range p.managers {
		if to != "" && m.from > to {
			return true
		}
	}
	return false
}

// dialled reads of which kind projects are that were not stopped.
func dialled(ctx context.Context, q sqldb.Querier, on clock.Day, projects []string) (map[string]string, error) {
	var a sqldb.Args
	rows, err := q.QueryContext(ctx, `SELECT d.project_id, d.kind FROM v_dialled d WHERE d.project_id IN (`+a.List(projects)+`) AND d.answered_on <= `+a.Add(on)+`
		AND NOT EXISTS (SELECT 1 FROM v_gate_decision g WHERE g.project_id = d.project_id AND g.decision = 'stop' AND g.decided_on <= `+a.Add(on)+`) ORDER BY d.answered_at`, a.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var project, kind string
		if err := rows.Scan(&project, &kind); err != nil {
			return nil, err
		}
		out[project] = kind
	}
	return out, rows.Err()
}
