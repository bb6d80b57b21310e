package portfolio

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// lookUp reads what is known about the projects that rows may be about, in a
// fixed number of queries.
func lookUp(ctx context.Context, tx *work.Tx, from by, rows []Incoming) (*intake, error) {
	b := &intake{
		tx: tx, from: from, programmes: map[string]string{}, byCairn: map[string]bool{}, bySource: map[string]string{},
		byName: map[string][]namesake{}, withdrawn: map[string]string{}, projects: map[string]*dossier{},
	}
	for _, step := range []func(context.Context, []Incoming) error{b.readProgrammes, b.readIDs, b.readNames, b.readWithdrawn, b.readStatements} {
		if err := step(ctx, rows); err != nil {
			return nil, err
		}
	}
	usual, err := settled(ctx, tx)
	if err != nil {
		return nil, err
	}
	b.currency = usual.Currency
	b.top, err = defaultPortfolio(ctx, tx)
	return b, err
}

// readProgrammes finds the programmes that the rows name, and makes those that
// are not there.
func (b *intake) readProgrammes(ctx context.Context, rows []Incoming) error {
	named := map[string]string{}
	for _, in := range rows {
		if in.Programme != "" {
			named[fold.Sort(in.Programme)] = in.Programme
		}
	}
	if len(named) == 0 {
		return nil
	}
	keys := slices.Sorted(maps.Keys(named))
	var args sqldb.Args
	err := each(ctx, b.tx, `SELECT id, name_key FROM programme WHERE name_key IN (`+args.List(keys)+`) ORDER BY id DESC`, args.Values(), func(scan func(...any) error) error {
		var id, key string
		err := scan(&id, &key)
		b.programmes[key] = id // the oldest comes last
		return err
	})
	if err != nil {
		return err
	}
	for _, key := range keys {
		if b.programmes[key] == "" {
			g := Programme{Name: named[key]}
			if err := addProgrammeIn(ctx, b.tx, &g); err != nil {
				return err
			}
			b.programmes[key] = g.ID
		}
	}
	return nil
}

func (b *intake) readIDs(ctx context.Context, rows []Incoming) error {
	var known, ids []string
	for _, in := range rows {
		if in.Known != "" {
			known = append(known, in.Known)
		}
		if in.SourceID != "" {
			ids = append(ids, in.SourceID)
		}
	}
	var a, s sqldb.Args
	if err := each(ctx, b.tx, `SELECT id, withdrawn_at FROM project WHERE id IN (`+a.List(known)+`)`, a.Values(), func(scan func(...any) error) error {
		var id string
		var withdrawnAt int64
		err := scan(&id, &withdrawnAt)
		b.byCairn[id] = true
		b.projects[id] = &dossier{id: id, gone: withdrawnAt != 0}
		return err
	}); err != nil {
		return err
	}
	return each(ctx, b.tx, `SELECT s.source_id, s.project_id, q.withdrawn_at FROM project_source s JOIN project q ON q.id = s.project_id
		WHERE s.source = `+s.Add(b.from.source)+` AND s.source_id IN (`+s.List(ids)+`)`, s.Values(), func(scan func(...any) error) error {
		var sourceID, id string
		var withdrawnAt int64
		err := scan(&sourceID, &id, &withdrawnAt)
		b.bySource[sourceID] = id
		b.projects[id] = &dossier{id: id, gone: withdrawnAt != 0}
		return err
	})
}

func (b *intake) readNames(ctx context.Context, rows []Incoming) error {
	var keys []string
	for _, in := range rows {
		if in.Known == "" && b.bySource[in.SourceID] == "" {
			keys = append(keys, fold.Sort(in.Facts.Text(Name)))
		}
	}
	var args sqldb.Args
	query := `SELECT v.name_key, v.project_id, v.org_unit_key, COALESCE(s.source_id, '') FROM project_version v
		LEFT JOIN project_source s ON s.project_id = v.project_id AND s.source = ` + args.Add(b.from.source) + `
		WHERE v.is_current = TRUE AND v.name_key IN (` + args.List(keys) + `) ORDER BY v.project_id, s.source_id`
	return each(ctx, b.tx, query, args.Values(), func(scan func(...any) error) error {
		var key, id string
		var n namesake
		err := scan(&key, &n.project, &n.unit, &id)
		n.id = fold.ID(id)
		b.byName[key] = append(b.byName[key], n)
		b.projects[n.project] = &dossier{id: n.project}
		return err
	})
}

// readWithdrawn finds the projects that were withdrawn when an import of this
// source was undone, and that a row would bring back.
func (b *intake) readWithdrawn(ctx context.Context, rows []Incoming) error {
	var ids, names []string
	for _, in := range rows {
		switch {
		case in.Known != "" || in.SourceID != "" && b.bySource[in.SourceID] != "":
		case in.SourceID != "":
			ids = append(ids, b.absentKey(in))
		default:
			names = append(names, b.absentKey(in))
		}
	}
	take := func(scan func(...any) error) error {
		var key, id string
		err := scan(&key, &id)
		b.withdrawn[key] = id // the oldest comes last
		b.projects[id] = &dossier{id: id, gone: true}
		return err
	}
	var a, n sqldb.Args
	if err := each(ctx, b.tx, `SELECT e.subject_id, q.id FROM batch_effect e JOIN project q ON q.id = e.project_id
		WHERE e.kind = `+a.Add(string(adoptedID))+` AND e.subject_id IN (`+a.List(ids)+`) AND q.withdrawn_at <> 0 ORDER BY q.id DESC`, a.Values(), take); err != nil {
		return err
	}
	return each(ctx, b.tx, `SELECT q.withdrawn_key, q.id FROM project q WHERE q.withdrawn_key IN (`+n.List(names)+`) AND q.withdrawn_at <> 0
		AND EXISTS (SELECT 1 FROM project_statement s WHERE s.project_id = q.id AND s.source = `+n.Add(b.from.source)+`) ORDER BY q.id DESC`, n.Values(), take)
}

func (b *intake) readStatements(ctx context.Context, _ []Incoming) error {
	var args sqldb.Args
	ids := slices.Sorted(maps.Keys(b.projects))
	err := each(ctx, b.tx, `SELECT project_id, seq, as_at, known_at, facts, source, batch, retracted_at FROM project_statement WHERE project_id IN (`+args.List(ids)+`) ORDER BY project_id, seq`, args.Values(), func(scan func(...any) error) error {
		var id, body string
		var s statement
		if err := scan(&id, &s.seq, &s.asAt, &s.knownAt, &body, &s.source, &s.batch, &s.retractedAt); err != nil {
			return err
		}
		d := b.projects[id]
		if s.retractedAt != 0 {
			d.retracted++
			return nil
		}
		d.list = append(d.list, s)
		return json.Unmarshal([]byte(body), &d.list[len(d.list)-1].facts)
	})
	for _, d := range b.projects {
		d.stored = len(d.list)
		if !d.gone { // a withdrawn project has no history that is known now
			d.before = periods(d.list)
			d.now = d.before
		}
		d.parent = d.current(Parent)
	}
	return err
}

// each gives the rows of a query to a function that scans them.
func each(ctx context.Context, q sqldb.Querier, query string, args []any, read func(scan func(...any) error) error) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := read(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
