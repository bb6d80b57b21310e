package portfolio

import (
	"context"
	"maps"
	"slices"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// A project is gone from a source if the newest whole file of it does not hold the
// project, though an older one does; the newest is that of the latest date, and of
// those of one day the last that was brought in. Files that were undone do not
// count. That is worked out anew whenever a file comes or goes, so that the flags
// are what the files say that stand, in whatever order they came and went.

// flag is what a project's flag of being gone was, and what it becomes: the
// source that no longer holds it, or nothing.
type flag struct{ project, was, to string }

// FlagVanishedIn takes note of a file of a source and of the projects that it
// holds, and flags those that are gone from the source by that, or no longer are.
// Nothing is deleted. What is missing from a file that is not whole is not gone. It
// counts the projects that vanished with this file, and all whose flag moved: an
// older file brings some that were gone since.
func (s *Service) FlagVanishedIn(ctx context.Context, tx *work.Tx, source, batch string, asAt clock.Day, whole bool, present map[string]bool) (gone, moved int, err error) {
	if err := noteFile(ctx, tx, source, batch, asAt, whole, present); err != nil {
		return 0, 0, err
	}
	files, err := readFiles(ctx, tx, "")
	if err != nil {
		return 0, 0, err
	}
	flags, err := files.flags(ctx, tx, source)
	if err != nil {
		return 0, 0, err
	}
	for _, f := range flags {
		if f.to == source && files.newest[source] == asAt+batch {
			gone++
		}
	}
	return gone, len(flags), writeFlags(ctx, tx, batch, flagged, flags)
}

// noteFile keeps that there is a file, and which projects it holds of which it
// says nothing that another of its day had not said.
func noteFile(ctx context.Context, tx *work.Tx, source, batch string, asAt clock.Day, whole bool, present map[string]bool) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO source_file (batch, source, as_at, whole) VALUES ($1, $2, $3, $4)`, batch, source, asAt, whole); err != nil {
		return err
	}
	stated := map[string]bool{}
	err := each(ctx, tx, `SELECT DISTINCT project_id FROM project_statement WHERE batch = $1 AND batch <> ''`, []any{batch}, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		stated[id] = true
		return err
	})
	if err != nil {
		return err
	}
	var rows [][]any
	for id := range present {
		if !stated[id] {
			rows = append(rows, batchEffect{project: id, kind: heldOnly, subject: id}.row(batch))
		}
	}
	return sqldb.Insert(ctx, tx, effectInto, effectAgain, rows)
}

// files are those that stand, but for the batch without.
type files struct {
	without string
	newest  map[string]string // the date and batch of the newest whole one, by source
}

// readFiles reads which files stand if one batch does not.
func readFiles(ctx context.Context, q sqldb.Querier, without string) (files, error) {
	out := files{without, map[string]string{}}
	err := each(ctx, q, `SELECT f.source, MAX(f.as_at || f.batch) FROM source_file f
		WHERE f.whole = TRUE AND f.batch <> $1 AND NOT EXISTS (SELECT 1 FROM batch_undone u WHERE u.batch = f.batch) GROUP BY f.source`, []any{without}, func(scan func(...any) error) error {
		var source, at string
		err := scan(&source, &at)
		out.newest[source] = at
		return err
	})
	return out, err
}

// heldSQL lists each project that standing files hold, or that is flagged, with
// the newest file of each source that holds it.
const heldSQL = `WITH standing AS (
		SELECT f.batch, f.source, f.as_at || f.batch AS seen FROM source_file f
		WHERE f.batch <> $1 AND ($2 = '' OR f.source = $2) AND NOT EXISTS (SELECT 1 FROM batch_undone u WHERE u.batch = f.batch)),
	held AS (
		SELECT s.project_id, f.source, f.seen FROM standing f JOIN project_statement s ON s.batch = f.batch AND s.batch <> ''
		UNION ALL SELECT e.project_id, f.source, f.seen FROM standing f JOIN batch_effect e ON e.batch = f.batch AND e.kind = $3
		UNION ALL SELECT p.id, '', '' FROM project p WHERE p.vanished_from <> '')
	SELECT q.id, q.vanished_from, h.source, MAX(h.seen) FROM held h JOIN project q ON q.id = h.project_id
	WHERE q.withdrawn_at = 0 GROUP BY q.id, q.vanished_from, h.source ORDER BY q.id`

// flags tells which flags are not what the files say that stand. Where several
// sources no longer hold a project, the one whose file is the newest says so.
func (f files) flags(ctx context.Context, q sqldb.Querier, source string) (out []flag, err error) {
	for other := range f.newest {
		if other != source {
			source = "" // then others have a word too
		}
	}
	var one flag
	said := ""
	end := func() {
		if one.was != one.to {
			out = append(out, one)
		}
	}
	err = each(ctx, q, heldSQL, []any{f.without, source, string(heldOnly)}, func(scan func(...any) error) error {
		var id, was, from, seen string
		if err := scan(&id, &was, &from, &seen); err != nil {
			return err
		}
		if id != one.project {
			end()
			one, said = flag{project: id, was: was}, ""
		}
		if newest := f.newest[from]; newest > seen && newest > said {
			one.to, said = from, newest
		}
		return nil
	})
	end()
	return out, err
}

// flagsWithout tells which flags move when a batch is undone; none for a batch
// that is no file of a source.
func flagsWithout(ctx context.Context, q sqldb.Querier, batch string) (map[string]flag, error) {
	var sources []string
	err := each(ctx, q, `SELECT source FROM source_file WHERE batch = $1`, []any{batch}, func(scan func(...any) error) error {
		var source string
		err := scan(&source)
		sources = append(sources, source)
		return err
	})
	if err != nil || len(sources) == 0 {
		return nil, err
	}
	files, err := readFiles(ctx, q, batch)
	if err != nil {
		return nil, err
	}
	list, err := files.flags(ctx, q, sources[0])
	out := make(map[string]flag, len(list))
	for _, f := range list {
		out[f.project] = f
	}
	return out, err
}

// writeFlags writes the flags, some hundred with each statement, and what a batch
// has done by that, or its undo.
func writeFlags(ctx context.Context, tx *work.Tx, batch string, kind effectKind, flags []flag) error {
	rows := make([][]any, len(flags))
	for i, f := range flags {
		recordFlag(tx, f)
		rows[i] = batchEffect{project: f.project, kind: kind, subject: f.project, was: f.was, became: f.to}.row(batch)
	}
	if err := moveFlags(ctx, tx, flags); err != nil {
		return err
	}
	return sqldb.Insert(ctx, tx, effectInto, effectAgain, rows)
}

func recordFlag(tx *work.Tx, f flag) {
	if f.to == "" {
		tx.Record(ProjectVanished{Project: f.project, Source: f.was, Back: true})
		return
	}
	tx.Record(ProjectVanished{Project: f.project, Source: f.to})
}

// moveFlags gives flags what they become.
func moveFlags(ctx context.Context, tx *work.Tx, flags []flag) error {
	projects := map[string][]string{}
	for _, f := range flags {
		projects[f.to] = append(projects[f.to], f.project)
	}
	for _, to := range slices.Sorted(maps.Keys(projects)) {
		for some := range slices.Chunk(projects[to], undoChunk) {
			var w sqldb.Where
			set := w.Add(to)
			w.AndIn("id", some)
			if _, err := tx.ExecContext(ctx, `UPDATE project SET vanished_from = `+set+w.SQL(), w.Values()...); err != nil {
				return err
			}
		}
	}
	return nil
}
