package career

import (
	"context"
	"strings"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
)

// reading reads a person's items as they count on a day.
type reading func(ctx context.Context, q sqldb.Querier, person string, on, today clock.Day) ([]Item, error)

// sumItems reads what a standing counts: what was derived, in the order of its
// beginning, without the names, which are only shown when a counter is opened.
func sumItems(ctx context.Context, q sqldb.Querier, person string, on, today clock.Day) (out []Item, err error) {
	if out, err = derived(ctx, q, person); err != nil {
		return nil, err
	}
	out = onceEach(out)
	if err := met(ctx, q, person, out); err != nil {
		return nil, err
	}
	return placed(ctx, q, person, on, today, out)
}

// derived reads what the record left a person, in the order of its beginning.
func derived(ctx context.Context, q sqldb.Querier, person string) ([]Item, error) {
	u, _, err := unpack(ctx, q, person)
	if err != nil {
		return nil, err
	}
	return u.standing(), nil
}

// onceEach counts an answer once, however many found it helpful: from the first
// mark on.
func onceEach(list []Item) []Item {
	seen, left := map[string]bool{}, 0
	for i := range list {
		if it := &list[i]; it.Kind == "advice.helped" {
			answer := it.Key[:strings.LastIndexByte(it.Key, '/')]
			if seen[answer] {
				continue
			}
			seen[answer] = true
		}
		if left < i {
			list[left] = list[i]
		}
		left++
	}
	return list[:left]
}

// listItems is sumItems with the names of projects and bodies.
func listItems(ctx context.Context, q sqldb.Querier, person string, on, today clock.Day) ([]Item, error) {
	out, err := sumItems(ctx, q, person, on, today)
	if err != nil {
		return nil, err
	}
	return out, addNames(ctx, q, person, out)
}

// addNames fills in the names of projects and bodies, each read once: somebody has
// many pieces of work on one project.
func addNames(ctx context.Context, q sqldb.Querier, person string, items []Item) error {
	rows, err := q.QueryContext(ctx, `SELECT v.id, v.name FROM v_project_name v WHERE v.id IN (SELECT i.place_id FROM career_place i WHERE i.person_id = $1)
		UNION ALL SELECT b.id, b.name FROM v_body b WHERE b.id IN (SELECT i.place_id FROM career_place i WHERE i.person_id = $2)`, person, person)
	if err != nil {
		return err
	}
	defer rows.Close()
	names := map[string]string{}
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return err
		}
		names[id] = name
	}
	for i := range items {
		items[i].ProjectName, items[i].BodyName = names[items[i].Project], names[items[i].Body]
	}
	return rows.Err()
}

// placed fills in what the register and the governance say of the projects at the
// time of the work: who managed and sponsored them, their tier, whether they ended, and
// which of them were improvements that the person led to their end.
func placed(ctx context.Context, q sqldb.Querier, person string, on, today clock.Day, items []Item) ([]Item, error) {
	if len(items) == 0 {
		return nil, nil
	}
	w, err := surroundings(ctx, q, person, on, today)
	if err != nil {
		return nil, err
	}
	for i := range items {
		it := &items[i]
		p := w[it.Project]
		if p == nil {
			continue
		}
		it.Closed, it.Outside = p.closed, p.outside
		if it.Tier == "" {
			it.Tier = p.tierIn(it.From, it.To)
		}
		if it.Kind == "project.supported" || it.Kind == "project.tailored" {
			for _, h := range p.managers {
				if h.meets(it.From, it.To) && h.what != person {
					it.People = append(it.People, h.what)
				}
			}
		}
	}
	return withImprovements(ctx, q, on, w, items)
}

// around is what lies around the work on one project.
type around struct {
	managers        []span // who managed it
	tiers           []span
	closed, outside bool
}

// span is something that was so from a day to another; to is empty or the last day
// while it lasts.
type span struct{ what, from, to string }

func (s span) meets(from, to clock.Day) bool {
	return (to == "" || s.from <= to) && (s.to == "" || s.to >= from)
}

// tierIn is the last tier that a project had in that time.
func (p *around) tierIn(from, to clock.Day) (tier string) {
	for _, s := range p.tiers {
		if s.meets(from, to) {
			tier = s.what
		}
	}
	return tier
}

// closedNow and closedThen say which of the projects had ended: the status that
// stands today is read without the history.
const (
	closedNow  = `SELECT 'c', n.id, '', '', '' FROM v_project_name n JOIN mine ON mine.project_id = n.id WHERE lower(n.status) = 'closed'`
	closedThen = `SELECT 'c', h.project_id, '', '', '' FROM v_project_held h JOIN mine ON mine.project_id = h.project_id WHERE h.status_key = 'closed' AND h.valid_from <= `
)

// surroundings reads it for all projects of a person, in one query.
func surroundings(ctx context.Context, q sqldb.Querier, person string, on, today clock.Day) (map[string]*around, error) {
	var a sqldb.Args
	first, closed := a.Add(person), closedNow
	if on != today {
		closed = closedThen + a.Add(on) + ` AND h.valid_to > ` + a.Add(on)
	}
	rows, err := q.QueryContext(ctx, `WITH mine AS (SELECT i.place_id AS project_id FROM career_place i WHERE i.person_id = `+first+`)
		SELECT 'm', a.project_id, a.person_id, a.from_on, a.to_on FROM v_assignment a JOIN mine ON mine.project_id = a.project_id WHERE a.kind = 'project_manager'
		UNION ALL SELECT CASE WHEN c.role IN ('pmo_member', 'head_of_pmo') THEN 'i' ELSE 'o' END, a.project_id, '', '', '' FROM v_assignment a JOIN mine ON mine.project_id = a.project_id
		LEFT JOIN v_account c ON c.person_id = a.person_id WHERE a.kind = 'sponsor'
		UNION ALL SELECT 't', g.project_id, CASE g.tier WHEN 1 THEN 'S' WHEN 2 THEN 'M' WHEN 3 THEN 'L' WHEN 4 THEN 'XL' ELSE '' END, g.from_on, g.to_on FROM v_governed g JOIN mine ON mine.project_id = g.project_id
		UNION ALL `+closed+`
		UNION ALL SELECT 'c', d.project_id, '', '', '' FROM v_gate_decision d JOIN mine ON mine.project_id = d.project_id WHERE d.decision = 'stop' AND d.decided_on <= `+a.Add(on)+`
		ORDER BY 2, 4`, a.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out, inside := map[string]*around{}, map[string]bool{}
	for rows.Next() {
		var what, project string
		var s span
		if err := rows.Scan(&what, &project, &s.what, &s.from, &s.to); err != nil {
			return nil, err
		}
		p := out[project]
		if p == nil {
			p = &around{}
			out[project] = p
		}
		switch what {
		case "m":
			p.managers = append(p.managers, s)
		case "t":
			p.tiers = append(p.tiers, s)
		case "c":
			p.closed = true
		case "i":
			inside[project] = true
		case "o":
			p.outside = true
		}
	}
	for project := range inside { // a sponsor in the office is enough
		out[project].outside = false
	}
	return out, rows.Err()
}
