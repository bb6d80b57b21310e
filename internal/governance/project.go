package governance

import (
	"context"
	"database/sql"
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
		for _, query := range []string{`DELETE FROM control_segment`, `DELETE FROM control_tally`} {
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

// refresh computes the segments of some projects and writes what differs.
func (s *Service) refresh(ctx context.Context, k *work.Keeping, projects []string) error {
	for batch := range slices.Chunk(projects, perBatch) {
		dossiers, methods, err := s.dossiers(ctx, k, batch)
		if err != nil {
			return err
		}
		if len(dossiers) == 0 {
			continue
		}
		ids := make([]string, 0, len(dossiers))
		for id := range dossiers {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		had, err := segmentsOf(ctx, k, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := replace(ctx, k, had[id], s.segments(dossiers[id], methods)); err != nil {
				return err
			}
		}
	}
	return nil
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

// replace writes what differs between what is stored and what was computed.
func replace(ctx context.Context, k *work.Keeping, had, has []Segment) error {
	old := make(map[Segment]bool, len(had))
	for _, g := range had {
		old[g] = true
	}
	var add [][]any
	for _, g := range has {
		if old[g] {
			delete(old, g)
			continue
		}
		add = append(add, []any{g.Project, g.Control, g.From, g.To, int(g.Tier), g.State, g.Via, g.Ref})
	}
	for _, g := range had {
		if !old[g] {
			continue
		}
		if _, err := k.ExecContext(ctx, `DELETE FROM control_segment WHERE project_id = $1 AND control_id = $2 AND from_on = $3`, g.Project, g.Control, g.From); err != nil {
			return err
		}
	}
	return sqldb.Insert(ctx, k, `control_segment (`+segmentColumns+`)`, ``, add)
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
