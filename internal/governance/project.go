package governance

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// perBatch is how many projects are computed at once.
const perBatch = 200

// Reader keeps the segments and their tally up with the record: each entry about a
// project makes the states of that project anew, and only what differs is written.
func (s *Service) Reader() work.Reader {
	return work.Reader{Name: "governance", Apply: func(ctx context.Context, k *work.Keeping, entries []activity.Entry) error {
		var touched []string
		for _, e := range entries {
			if strings.HasPrefix(e.Verb, "organisation.") {
				return s.refreshAll(ctx, k) // working days are everybody's
			}
			if e.Project != "" {
				touched = append(touched, e.Project)
			}
		}
		slices.Sort(touched)
		return s.refresh(ctx, k, slices.Compact(touched))
	}}
}

// Rebuild makes all segments from nothing.
func (s *Service) Rebuild(ctx context.Context) error {
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		for _, query := range []string{`DELETE FROM control_segment`, `DELETE FROM control_tally`, `DELETE FROM control_tallied`} {
			if _, err := k.ExecContext(ctx, query); err != nil {
				return err
			}
		}
		return s.refreshAll(ctx, k)
	})
}

func (s *Service) refreshAll(ctx context.Context, k *work.Keeping) error {
	var all []string
	rows, err := k.QueryContext(ctx, `SELECT DISTINCT project_id FROM governed ORDER BY project_id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		all = append(all, id)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return s.refresh(ctx, k, all)
}

// refresh computes the segments of some projects and writes what differs, with
// the counts of the nodes above them.
func (s *Service) refresh(ctx context.Context, k *work.Keeping, projects []string) error {
	if len(projects) == 0 {
		return nil
	}
	floor, err := s.floorOf(ctx, k)
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(projects, perBatch) {
		if err := s.refreshBatch(ctx, k, batch, &marks{floor: floor, sum: map[mark]int{}}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) refreshBatch(ctx context.Context, k *work.Keeping, batch []string, tally *marks) error {
	dossiers, methods, err := s.dossiers(ctx, k, batch)
	if err != nil || len(dossiers) == 0 {
		return err
	}
	ids := slices.Sorted(maps.Keys(dossiers))
	had, err := segmentsOf(ctx, k, ids)
	if err != nil {
		return err
	}
	was, err := talliedAt(ctx, k, ids)
	if err != nil {
		return err
	}
	is, err := placesOf(ctx, k, ids)
	if err != nil {
		return err
	}
	var moved [][]any
	for _, id := range ids {
		has := s.segments(dossiers[id], methods)
		gone, come := differ(had[id], has)
		if was[id] != is[id] {
			tally.add(was[id], had[id], -1)
			tally.add(is[id], has, 1)
			moved = append(moved, []any{id, is[id].nodes, is[id].confidential})
		} else {
			tally.add(is[id], gone, -1)
			tally.add(is[id], come, 1)
		}
		if err := replace(ctx, k, gone, come); err != nil {
			return err
		}
	}
	if err := sqldb.Insert(ctx, k, `control_tallied (project_id, nodes, confidential)`, ` ON CONFLICT (project_id) DO UPDATE SET nodes = excluded.nodes, confidential = excluded.confidential`, moved); err != nil {
		return err
	}
	return tally.write(ctx, k)
}

const segmentColumns = `project_id, control_id, from_on, to_on, tier, state, via, ref`

func scanSegment(rows *sql.Rows) (g Segment, err error) {
	err = rows.Scan(&g.Project, &g.Control, &g.From, &g.To, &g.Tier, &g.State, &g.Via, &g.Ref)
	return g, err
}

// segmentsOf reads what is stored of some projects, by project.
func segmentsOf(ctx context.Context, q sqldb.Querier, projects []string) (map[string][]Segment, error) {
	var w sqldb.Where
	w.AndIn("project_id", projects)
	rows, err := q.QueryContext(ctx, `SELECT `+segmentColumns+` FROM control_segment`+w.SQL()+` ORDER BY project_id, control_id, from_on`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string][]Segment{}
	for rows.Next() {
		g, err := scanSegment(rows)
		if err != nil {
			return nil, err
		}
		out[g.Project] = append(out[g.Project], g)
	}
	return out, rows.Err()
}

// differ tells what is stored and was not computed again, and what was computed
// and is not stored.
func differ(had, has []Segment) (gone, come []Segment) {
	old := make(map[Segment]bool, len(had))
	for _, g := range had {
		old[g] = true
	}
	for _, g := range has {
		if old[g] {
			delete(old, g)
		} else {
			come = append(come, g)
		}
	}
	for _, g := range had {
		if old[g] {
			gone = append(gone, g)
		}
	}
	return gone, come
}

func replace(ctx context.Context, k *work.Keeping, gone, come []Segment) error {
	for _, g := range gone {
		if _, err := k.ExecContext(ctx, `DELETE FROM control_segment WHERE project_id = $1 AND control_id = $2 AND from_on = $3`, g.Project, g.Control, g.From); err != nil {
			return err
		}
	}
	rows := make([][]any, len(come))
	for i, g := range come {
		rows[i] = []any{g.Project, g.Control, g.From, g.To, int(g.Tier), g.State, g.Via, g.Ref}
	}
	return sqldb.Insert(ctx, k, `control_segment (`+segmentColumns+`)`, ``, rows)
}

// Scratch computes the segments of a project from its record, and stores nothing:
// what the stored ones must be equal to.
func (s *Service) Scratch(ctx context.Context, project string) (out []Segment, err error) {
	dossiers, methods, err := s.dossiers(ctx, s.unit.DB.Read, []string{project})
	if err != nil || dossiers[project] == nil {
		return nil, err
	}
	return s.segments(dossiers[project], methods), nil
}

// Stored gives the segments of a project as they are kept.
func (s *Service) Stored(ctx context.Context, project string) ([]Segment, error) {
	had, err := segmentsOf(ctx, s.unit.DB.Read, []string{project})
	return had[project], err
}
