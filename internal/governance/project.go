package governance

import (
	"context"
	"database/sql"
	"encoding/json"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"cairn/internal/governance/method"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// perBatch is how many projects are computed at once.
const perBatch = 200

// Reader notes which projects' records have grown. Their segments are computed by
// Freshen, once for however many entries there were.
func (s *Service) Reader() work.Reader {
	return work.Reader{Name: "governance", Apply: func(ctx context.Context, k *work.Keeping, entries []activity.Entry) error {
		var touched []string
		for _, e := range entries {
			if strings.HasPrefix(e.Verb, "organisation.") { // working days are everybody's
				_, err := k.ExecContext(ctx, `INSERT INTO control_stale (project_id) SELECT DISTINCT project_id FROM governed WHERE to_on <> '' ON CONFLICT (project_id) DO NOTHING`)
				if err != nil {
					return err
				}
			}
			if e.Verb == "person.merged" || e.Verb == "person.parted" {
				if err := staleOf(ctx, k, e); err != nil {
					return err
				}
			}
			if e.Project != "" {
				touched = append(touched, e.Project)
			}
			if e.Project != "" && strings.HasPrefix(e.Verb, "meeting.") { // of a body: for all that lies below
				if _, err := k.ExecContext(ctx, `INSERT INTO control_stale (project_id) SELECT c.descendant_id FROM node_closure c JOIN governed g ON g.project_id = c.descendant_id
					WHERE c.ancestor_id = $1 AND g.to_on = '9999-12-31' ON CONFLICT (project_id) DO NOTHING`, e.Project); err != nil {
					return err
				}
			}
		}
		slices.Sort(touched)
		var rows [][]any
		for _, id := range slices.Compact(touched) {
			rows = append(rows, []any{id})
		}
		return sqldb.Insert(ctx, k, `control_stale (project_id)`, ` ON CONFLICT (project_id) DO NOTHING`, rows)
	}}
}

// Freshen computes the segments of some projects whose record has grown, and gives
// how many there were. A project is taken by one process at a time: its row is
// deleted first, and who comes second finds none.
func (s *Service) Freshen(ctx context.Context) (n int, err error) {
	err = s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		rows, err := k.ChangedContext(ctx, `DELETE FROM control_stale WHERE project_id IN (SELECT project_id FROM control_stale ORDER BY project_id LIMIT 200) RETURNING project_id`)
		if err != nil {
			return err
		}
		defer rows.Close()
		var ids []string
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			ids = append(ids, id)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		n = len(ids)
		slices.Sort(ids)
		return s.refresh(ctx, k, ids)
	})
	return n, err
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
	all, err := everyGoverned(ctx, k)
	if err != nil {
		return err
	}
	return s.refresh(ctx, k, all)
}

// everyGoverned lists the projects that have or had a tier.
func everyGoverned(ctx context.Context, q sqldb.Querier) (all []string, err error) {
	rows, err := q.QueryContext(ctx, `SELECT DISTINCT project_id FROM governed ORDER BY project_id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		all = append(all, id)
	}
	return all, rows.Err()
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
	now := s.computed(dossiers, methods)
	for _, id := range ids {
		has := now[id]
		if _, there := is[id]; !there {
			has = nil // withdrawn from the register
		}
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

// computed computes the segments of many projects, on every core.
func (s *Service) computed(dossiers map[string]*dossier, methods map[string]*method.Method) map[string][]Segment {
	out := make(map[string][]Segment, len(dossiers))
	if len(dossiers) == 1 {
		for id, d := range dossiers {
			out[id] = s.segments(d, methods)
		}
		return out
	}
	var mu sync.Mutex
	var all sync.WaitGroup
	work := make(chan *dossier)
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for d := range work {
				list := s.segments(d, methods)
				mu.Lock()
				out[d.project] = list
				mu.Unlock()
			}
		})
	}
	for _, d := range dossiers {
		work <- d
	}
	close(work)
	all.Wait()
	return out
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

// Mark notes that a project's record has grown, as the reader of the record does.
func (s *Service) Mark(ctx context.Context, project string) error {
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		_, err := k.ExecContext(ctx, `INSERT INTO control_stale (project_id) VALUES ($1) ON CONFLICT (project_id) DO NOTHING`, project)
		return err
	})
}

// Compute computes the segments of all projects from their records and keeps none.
// Every core reads and computes batches of its own.
func (s *Service) Compute(ctx context.Context) error {
	all, err := everyGoverned(ctx, s.unit.DB.Read)
	if err != nil {
		return err
	}
	batches := make(chan []string, len(all)/perBatch+1)
	for batch := range slices.Chunk(all, perBatch) {
		batches <- batch
	}
	close(batches)
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var readers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		readers.Go(func() {
			for batch := range batches {
				dossiers, methods, err := s.dossiers(ctx, s.unit.DB.Read, batch)
				if err != nil {
					stop(err)
					return
				}
				for _, d := range dossiers {
					s.segments(d, methods)
				}
			}
		})
	}
	readers.Wait()
	return context.Cause(ctx)
}

// staleOf marks the projects of two entries of the directory that became one, or
// two again: what one of them did counts as the other's, or no longer.
func staleOf(ctx context.Context, k *work.Keeping, e activity.Entry) error {
	var f struct {
		Other string `json:"other"`
	}
	if e.Facts != nil {
		if err := json.Unmarshal(e.Facts, &f); err != nil {
			return err
		}
	}
	_, err := k.ExecContext(ctx, `INSERT INTO control_stale (project_id) SELECT DISTINCT a.project_id FROM v_assignment a JOIN governed g ON g.project_id = a.project_id
		WHERE a.person_id = $1 OR a.person_id = $2 ON CONFLICT (project_id) DO NOTHING`, e.SubjectID, f.Other)
	return err
}
