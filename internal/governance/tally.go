package governance

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// past is the day under which the tally keeps what lies before its floor.
const past clock.Day = "0001-01-01"

// place is where a project is counted: below which nodes of the register, and
// whether only those may count it who see it.
type place struct {
	nodes        string // programme and portfolio, parted by a blank
	confidential bool
}

// placesOf reads where projects are to be counted; a project that was withdrawn
// from the register is counted nowhere.
func placesOf(ctx context.Context, q sqldb.Querier, projects []string) (map[string]place, error) {
	var w sqldb.Where
	w.AndIn("p.id", projects)
	return places(ctx, q, `SELECT p.id, p.parent_id || CASE WHEN g.portfolio_id IS NULL THEN '' ELSE ' ' || g.portfolio_id END, p.confidential FROM v_project p LEFT JOIN v_programme g ON g.id = p.parent_id`+w.SQL(), w.Values()...)
}

// talliedAt reads where projects are counted now.
func talliedAt(ctx context.Context, q sqldb.Querier, projects []string) (map[string]place, error) {
	var w sqldb.Where
	w.AndIn("project_id", projects)
	return places(ctx, q, `SELECT project_id, nodes, confidential FROM control_tallied`+w.SQL(), w.Values()...)
}

func places(ctx context.Context, q sqldb.Querier, query string, args ...any) (map[string]place, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]place{}
	for rows.Next() {
		var id string
		var p place
		if err := rows.Scan(&id, &p.nodes, &p.confidential); err != nil {
			return nil, err
		}
		out[id] = p
	}
	return out, rows.Err()
}

// mark is one cell of the tally.
type mark struct {
	node, day, control, state string
	confidential              bool
}

// marks gathers changes of the tally.
type marks struct {
	floor clock.Day
	sum   map[mark]int
}

// add counts a project's segments at a place, or with -1 takes them away.
func (m *marks) add(at place, list []Segment, by int) {
	for _, node := range strings.Fields(at.nodes) {
		for _, g := range list {
			if g.To <= m.floor {
				continue // over: it is in no count from the floor on
			}
			m.put(mark{node, m.clip(g.From), g.Control, g.State, at.confidential}, by)
			if g.To < Lasting {
				m.put(mark{node, g.To, g.Control, g.State, at.confidential}, -by)
			}
		}
	}
}

func (m *marks) clip(d clock.Day) clock.Day {
	if d <= m.floor {
		return past
	}
	return d
}

func (m *marks) put(at mark, by int) {
	if m.sum[at] += by; m.sum[at] == 0 {
		delete(m.sum, at)
	}
}

func (m *marks) write(ctx context.Context, k *work.Keeping) error {
	keys := make([]mark, 0, len(m.sum))
	for at := range m.sum {
		keys = append(keys, at)
	}
	slices.SortFunc(keys, func(a, b mark) int { // the same order in every process: no two wait for each other
		return cmp.Or(cmp.Compare(a.node, b.node), cmp.Compare(a.day, b.day), cmp.Compare(a.control, b.control), cmp.Compare(a.state, b.state))
	})
	rows := make([][]any, len(keys))
	for i, at := range keys {
		rows[i] = []any{at.node, at.confidential, at.day, at.control, at.state, m.sum[at]}
	}
	return sqldb.Insert(ctx, k, `control_tally (node_id, confidential, day, control_id, state, delta)`,
		` ON CONFLICT (node_id, confidential, day, control_id, state) DO UPDATE SET delta = control_tally.delta + excluded.delta`, rows)
}

// floorOf gives the day up to which the tally is put together; from it on it can
// be asked. It moves up as days pass: the counts of the days that it can be asked
// about stay the same.
func (s *Service) floorOf(ctx context.Context, k *work.Keeping) (clock.Day, error) {
	var floor clock.Day
	err := k.QueryRowContext(ctx, `SELECT COALESCE(MAX(day), '') FROM control_tally WHERE node_id = ''`).Scan(&floor)
	if err != nil {
		return "", err
	}
	to := clock.AddDays(k.Today, -1)
	if floor >= to {
		return floor, nil
	}
	for _, query := range []string{
		`INSERT INTO control_tally (node_id, confidential, day, control_id, state, delta)
			SELECT node_id, confidential, '0001-01-01', control_id, state, SUM(delta) FROM control_tally WHERE node_id <> '' AND day > '0001-01-01' AND day <= $1 GROUP BY node_id, confidential, control_id, state
			ON CONFLICT (node_id, confidential, day, control_id, state) DO UPDATE SET delta = control_tally.delta + excluded.delta`,
		`DELETE FROM control_tally WHERE node_id <> '' AND day > '0001-01-01' AND day <= $1`,
		`DELETE FROM control_tally WHERE node_id = '' AND day <> $1`,
		`INSERT INTO control_tally (node_id, confidential, day, control_id, state, delta) VALUES ('', FALSE, $1, '', '', 0)`,
	} {
		if _, err := k.ExecContext(ctx, query, to); err != nil {
			return "", err
		}
	}
	return to, nil
}
