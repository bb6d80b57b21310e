package portfolio

import (
	"context"
	"encoding/json"
	"slices"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// fieldsIn lists the fields of this register: those of every register, then the
// active custom ones in their order. One query.
func fieldsIn(ctx context.Context, q sqldb.Querier) ([]FieldInfo, error) {
	custom, err := customFields(ctx, q)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(Fields)
	for _, i := range custom {
		if !i.Retired {
			out = append(out, i)
		}
	}
	return out, nil
}

func customFields(ctx context.Context, q sqldb.Querier) (out []FieldInfo, err error) {
	list, err := definitions(ctx, q)
	for _, d := range list {
		out = append(out, d.FieldInfo)
	}
	return out, err
}

// definitions lists all custom fields, the retired ones last.
func definitions(ctx context.Context, q sqldb.Querier) ([]Definition, error) {
	rows, err := q.QueryContext(ctx, `SELECT id, label, type, choices, hint, sortable, retired, position, version FROM custom_field ORDER BY retired, position, id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Definition
	for rows.Next() {
		d := Definition{FieldInfo: FieldInfo{Custom: true}}
		var kind, choices string
		if err := rows.Scan(&d.Field, &d.Label, &kind, &choices, &d.Hint, &d.Sortable, &d.Retired, &d.Position, &d.Version); err != nil {
			return nil, err
		}
		d.Type, _ = TypeNamed(kind)
		if err := json.Unmarshal([]byte(choices), &d.Choices); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

func insertDefinition(ctx context.Context, tx *work.Tx, d Definition) error {
	choices, err := choicesJSON(d.Choices)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO custom_field (id, label, label_key, type, choices, hint, sortable, retired, position, version) VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE, $8, 1)`,
		string(d.Field), d.Label, fold.Key(d.Label), TypeName(d.Type), choices, d.Hint, d.Sortable, d.Position)
	return taken(err)
}

func updateDefinition(ctx context.Context, tx *work.Tx, d Definition) error {
	choices, err := choicesJSON(d.Choices)
	if err != nil {
		return err
	}
	res, err := tx.ExecContext(ctx, `UPDATE custom_field SET label = $1, label_key = $2, choices = $3, hint = $4, sortable = $5, retired = $6, version = version + 1 WHERE id = $7 AND version = $8`,
		d.Label, fold.Key(d.Label), choices, d.Hint, d.Sortable, d.Retired, string(d.Field), d.Version)
	if err != nil {
		return taken(err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errs.New(errs.Conflict, "Somebody changed this field meanwhile. Read it again and repeat your change.")
	}
	return nil
}

func taken(err error) error {
	if sqldb.IsDuplicate(err) {
		return errs.OnField("label", "There is a field of this name, perhaps a retired one. Choose another label, or bring that one back.")
	}
	return err
}

func choicesJSON(choices []string) (string, error) {
	if choices == nil {
		choices = []string{}
	}
	b, err := json.Marshal(choices)
	return string(b), err
}

// place numbers the fields anew with one of them at a position.
func place(ctx context.Context, tx *work.Tx, list []Definition, field Field, position int) error {
	at := slices.IndexFunc(list, func(d Definition) bool { return d.Field == field })
	moved := list[at]
	list = slices.Delete(slices.Clone(list), at, at+1)
	list = slices.Insert(list, min(max(position-1, 0), len(list)), moved)
	for i, d := range list {
		if d.Position == i+1 {
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE custom_field SET position = $1 WHERE id = $2`, i+1, string(d.Field)); err != nil {
			return err
		}
	}
	return nil
}

// checkPeople refuses an id that nobody in the directory has.
func checkPeople(ctx context.Context, q sqldb.Querier, facts Facts, infos []FieldInfo) error {
	var c errs.Check
	for _, i := range infos {
		id := facts.Text(i.Field)
		if i.Type != PersonRef || id == "" {
			continue
		}
		var n int
		if err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM v_person WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM v_merged m WHERE m.person_id = v_person.id)`, id).Scan(&n); err != nil {
			return err
		}
		c.That(n == 1, string(i.Field), "There is nobody of this name in the directory. Add them under People first.")
	}
	return c.Err()
}

const (
	customKeyInto = `project_custom_key (project_id, field, sort_key)`
	customKeyTail = ` ON CONFLICT (project_id, field) DO UPDATE SET sort_key = excluded.sort_key`
	putCustomKey  = `INSERT INTO ` + customKeyInto + ` VALUES ($1, $2, $3)` + customKeyTail
)

// putCustomKeys keeps the index of the sortable custom fields, for the facts
// that hold now.
func putCustomKeys(ctx context.Context, tx *work.Tx, project string, f Facts) error {
	custom, err := customFields(ctx, tx)
	if err != nil {
		return err
	}
	return sqldb.Insert(ctx, tx, customKeyInto, customKeyTail, customKeys(project, f, custom))
}

func customKeys(project string, f Facts, custom []FieldInfo) (rows [][]any) {
	for _, i := range custom {
		if i.Sortable && !i.Retired {
			rows = append(rows, []any{project, string(i.Field), i.sortKey(f[i.Field])})
		}
	}
	return rows
}

// reindexBatch is how many projects are read before their keys are written.
const reindexBatch = 500

// reindex makes the index of one field anew: all projects if it is sortable,
// nothing if it is not.
func reindex(ctx context.Context, tx *work.Tx, i FieldInfo) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM project_custom_key WHERE field = $1`, string(i.Field)); err != nil || !i.Sortable || i.Retired {
		return err
	}
	put, err := tx.PrepareContext(ctx, putCustomKey)
	if err != nil {
		return err
	}
	defer put.Close()
	for after := ""; ; {
		ids, values, err := customAfter(ctx, tx, after)
		if err != nil || len(ids) == 0 {
			return err
		}
		for n, id := range ids {
			if _, err := put.ExecContext(ctx, id, string(i.Field), i.sortKey(values[n][i.Field])); err != nil {
				return err
			}
		}
		after = ids[len(ids)-1]
	}
}

func customAfter(ctx context.Context, tx *work.Tx, after string) (ids []string, values []Facts, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT v.project_id, v.custom FROM project_version v WHERE v.is_current = TRUE AND v.project_id > $1 ORDER BY v.project_id LIMIT $2`, after, reindexBatch)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, custom string
		if err := rows.Scan(&id, &custom); err != nil {
			return nil, nil, err
		}
		f := Facts{}
		if err := f.addCustom(custom); err != nil {
			return nil, nil, err
		}
		ids, values = append(ids, id), append(values, f)
	}
	return ids, values, rows.Err()
}

// namesOf finds the names of the people whom custom values name, in one query;
// none if no value names a person.
func namesOf(ctx context.Context, q sqldb.Querier, list ...Facts) (map[string]string, error) {
	any := slices.ContainsFunc(list, Facts.anyCustom)
	if !any {
		return nil, nil
	}
	custom, err := customFields(ctx, q)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, i := range custom {
		if i.Type != PersonRef {
			continue
		}
		for _, f := range list {
			if id := f.Text(i.Field); id != "" {
				out[id] = ""
			}
		}
	}
	return out, fillNames(ctx, q, out)
}

// fillNames gives each id of the map its name.
func fillNames(ctx context.Context, q sqldb.Querier, names map[string]string) error {
	if len(names) == 0 {
		return nil
	}
	ids := make([]string, 0, len(names))
	for id := range names {
		ids = append(ids, id)
	}
	var w sqldb.Where
	w.AndIn("p.id", ids)
	rows, err := q.QueryContext(ctx, `SELECT p.id, p.name FROM v_person p`+w.SQL(), w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return err
		}
		names[id] = name
	}
	return rows.Err()
}
