package portfolio

import (
	"context"
	"slices"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// flag is what a project's flag of being gone was, and what it becomes: the
// source that no longer holds it, or nothing. Where earlier files changed it, one
// that stays is kept as well: it is then this file's word too, should one of those
// be undone.
type flag struct{ project, was, to string }

// FlagVanishedIn flags the projects of a source that its newest file no longer
// holds, and takes the flag from those that are there again. Nothing is deleted.
// A file that is older than the newest brings projects that the newest does not
// hold: they are flagged too, so that the order of files does not matter, and not
// counted, since they did not vanish with this file.
func (s *Service) FlagVanishedIn(ctx context.Context, tx *work.Tx, source, batch string, asAt clock.Day, present map[string]bool) (gone int, err error) {
	var newest clock.Day
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(as_at), '') FROM project_statement WHERE source = $1 AND retracted_at = 0`, source).Scan(&newest); err != nil {
		return 0, err
	}
	flags, err := vanishedFlags(ctx, tx, source, asAt, newest, present)
	if err != nil {
		return 0, err
	}
	for _, f := range flags {
		if f.was == f.to {
			continue
		}
		tx.Record(ProjectVanished{Project: f.project, Source: source, Back: f.to == ""})
		if f.to != "" && asAt == newest {
			gone++
		}
	}
	return gone, writeFlags(ctx, tx, batch, flags)
}

// vanishedFlags tells which flags a file changes, by project.
func vanishedFlags(ctx context.Context, q sqldb.Querier, source string, asAt, newest clock.Day, present map[string]bool) (out []flag, err error) {
	worked, err := flaggedBefore(ctx, q)
	if err != nil {
		return nil, err
	}
	err = each(ctx, q, `SELECT s.project_id, q.vanished_from, MAX(s.as_at) FROM project_statement s JOIN project q ON q.id = s.project_id
		WHERE s.source = $1 AND s.retracted_at = 0 AND q.withdrawn_at = 0 GROUP BY s.project_id, q.vanished_from ORDER BY s.project_id`, []any{source}, func(scan func(...any) error) error {
		var id, was string
		var last clock.Day
		if err := scan(&id, &was, &last); err != nil {
			return err
		}
		switch {
		case asAt < newest:
			if present[id] && last < newest && was == "" {
				out = append(out, flag{id, was, source})
			}
		case !present[id] && (was == "" || was == source):
			out = append(out, flag{id, was, source})
		case present[id] && (was == source || was == "" && worked[id]):
			out = append(out, flag{id, was, ""})
		}
		return nil
	})
	return out, err
}

// flaggedBefore tells of which projects a batch that stands changed the flag.
func flaggedBefore(ctx context.Context, q sqldb.Querier) (map[string]bool, error) {
	out := map[string]bool{}
	err := each(ctx, q, `SELECT DISTINCT subject_id FROM batch_effect WHERE kind = $1 AND outcome = ''`, []any{string(flagged)}, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		out[id] = true
		return err
	})
	return out, err
}

// writeFlags writes the flags, some hundred with each statement, and what a batch
// has done by that.
func writeFlags(ctx context.Context, tx *work.Tx, batch string, flags []flag) error {
	if err := moveFlags(ctx, tx, flags); err != nil || batch == "" {
		return err
	}
	rows := make([][]any, len(flags))
	for i, f := range flags {
		rows[i] = batchEffect{project: f.project, kind: flagged, subject: f.project, was: f.was, became: f.to}.row(batch)
	}
	return sqldb.Insert(ctx, tx, effectInto, effectAgain, rows)
}

// moveFlags gives flags what they become, of those that still are what they were.
func moveFlags(ctx context.Context, tx *work.Tx, flags []flag) error {
	type way struct{ was, to string }
	var ways []way
	projects := map[way][]string{}
	for _, f := range flags {
		w := way{f.was, f.to}
		if f.was == f.to {
			continue
		}
		if projects[w] == nil {
			ways = append(ways, w)
		}
		projects[w] = append(projects[w], f.project)
	}
	for _, by := range ways {
		for some := range slices.Chunk(projects[by], undoChunk) {
			var w sqldb.Where
			set := w.Add(by.to)
			w.And("vanished_from = ?", by.was)
			w.AndIn("id", some)
			if _, err := tx.ExecContext(ctx, `UPDATE project SET vanished_from = `+set+w.SQL(), w.Values()...); err != nil {
				return err
			}
		}
	}
	return nil
}
