package career

import (
	"context"
	"slices"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Exposure is what somebody sees in a year: a practitioner in the office sees more
// projects than any one project manager.
type Exposure struct {
	From, To                          clock.Day
	Projects, Managers, Gates, Bodies int // the person's own
	Median                            [4]float64
	Of                                int // project managers that the median is of; 0 is too few
}

// fewest is how many people a statistic is of, at least.
const fewest = 5

// ExposureOf compares the person's year with that of a single project manager of this
// organisation, in the middle. Nobody else is told apart, and below five project
// managers nothing is said.
func (s *Service) ExposureOf(ctx context.Context, who authz.Actor, st Standing) (x Exposure, err error) {
	x.To = st.At
	x.From = clock.AddDays(date(st.At).AddDate(-1, 0, 0).Format(time.DateOnly), 1)
	x.own(st.Items)
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		return x.median(ctx, v)
	})
	return x, err
}

// own counts what the person's items say of the year; what was dropped is not there.
func (x *Exposure) own(items []Item) {
	projects, people, gates, bodies := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i := range items {
		it := &items[i]
		if it.From > x.To || it.To != "" && it.To < x.From {
			continue
		}
		projects[it.Project] = true
		for _, p := range it.People {
			people[p] = true
		}
		bodies[it.Body] = true
		for _, b := range it.Bodies {
			bodies[b] = true
		}
		switch it.Kind {
		case "gate.facilitated", "gate.reviewed", "gate.chaired":
			gates[it.Project+it.From] = true
		}
	}
	delete(projects, "")
	delete(bodies, "")
	x.Projects, x.Managers, x.Gates, x.Bodies = len(projects), len(people), len(gates), len(bodies)
}

// median reads what each project manager saw in the year, and keeps the middle.
func (x *Exposure) median(ctx context.Context, q sqldb.Querier) error {
	var a sqldb.Args
	from, to := x.From, x.To
	rows, err := q.QueryContext(ctx, `WITH led AS (SELECT a.person_id, a.project_id FROM v_assignment a
			WHERE a.kind = 'project_manager' AND a.from_on <= `+a.Add(to)+` AND (a.to_on = '' OR a.to_on >= `+a.Add(from)+`) GROUP BY a.person_id, a.project_id),
		gates AS (SELECT l.person_id, COUNT(*) AS n FROM led l JOIN v_gate_decision d ON d.project_id = l.project_id WHERE d.decided_on >= `+a.Add(from)+` AND d.decided_on <= `+a.Add(to)+` GROUP BY l.person_id),
		sat AS (SELECT t.person_id, COUNT(DISTINCT m.body_id) AS n FROM v_attendance t JOIN v_meeting m ON m.id = t.meeting_id
			WHERE t.there = TRUE AND m.body_id <> '' AND m.held_on >= `+a.Add(from)+` AND m.held_on <= `+a.Add(to)+` GROUP BY t.person_id)
		SELECT COUNT(*), COALESCE(MAX(g.n), 0), COALESCE(MAX(s.n), 0) FROM led l LEFT JOIN gates g ON g.person_id = l.person_id LEFT JOIN sat s ON s.person_id = l.person_id GROUP BY l.person_id`, a.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	var projects, gates, bodies []int
	for rows.Next() {
		var p, g, b int
		if err := rows.Scan(&p, &g, &b); err != nil {
			return err
		}
		projects, gates, bodies = append(projects, p), append(gates, g), append(bodies, b)
	}
	if err := rows.Err(); err != nil || len(projects) < fewest {
		return err
	}
	x.Of = len(projects)
	x.Median = [4]float64{middle(projects), 1, middle(gates), middle(bodies)} // each works with one project manager: themselves
	return nil
}

func middle(list []int) float64 {
	slices.Sort(list)
	n := len(list)
	return float64(list[(n-1)/2]+list[n/2]) / 2
}
