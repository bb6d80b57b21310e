package portfolio

import (
	"context"
	"maps"
	"slices"
	"strings"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// effectKind is a thing that a batch does beside stating facts.
type effectKind string

const (
	madeProject    effectKind = "added"     // or brought back, if it was withdrawn
	madeAssignment effectKind = "assigned"  // the subject is the assignment
	movedDates     effectKind = "dated"     // of an assignment that stood before
	flagged        effectKind = "vanished"  // as gone from its source, or the flag taken away
	reflagged      effectKind = "unflagged" // by the undo: what the other files say
	heldOnly       effectKind = "held"      // the file held the project and said nothing new of it
	adoptedID      effectKind = "adopted"   // the subject is the source and its id
	madeSecret     effectKind = "marked"    // confidential or open
)

// What became of an effect when its batch was undone; empty while it is in force.
const (
	takenBack = "back"
	leftAlone = "left"
)

// batchEffect is what stood before and after. Was and Became hold a flag, or
// dates as "from|to"; Version is the subject's after it.
type batchEffect struct {
	project, subject string
	kind             effectKind
	was, became      string
	version          int64
	outcome          string
}

// effect remembers what a batch did, so that it can be taken back. What one
// batch does twice to one subject is one effect.
func effect(ctx context.Context, tx *work.Tx, batch string, e batchEffect) error {
	if batch == "" {
		return nil
	}
	return sqldb.Insert(ctx, tx, effectInto, effectAgain, [][]any{e.row(batch)})
}

// An effect that was there keeps what stood before it.
const (
	effectInto  = `batch_effect (batch, project_id, kind, subject_id, was, became, version, outcome)`
	effectAgain = ` ON CONFLICT (batch, project_id, kind, subject_id) DO UPDATE SET became = excluded.became, version = excluded.version`
)

func (e batchEffect) row(batch string) []any {
	return []any{batch, e.project, string(e.kind), e.subject, e.was, e.became, e.version, ""}
}

// sourceKey names an id of a source as the subject of an effect.
func sourceKey(source, id string) string { return source + "\n" + id }

// assignedDates are the dates of an assignment in an effect.
func assignedDates(a Assignment) string { return a.From + "|" + a.To }

func fromDates(s string) (from, to clock.Day) {
	from, to, _ = strings.Cut(s, "|")
	return from, to
}

// effectDates remembers that a batch gave an assignment other dates; of one
// that it made itself it remembers the last.
func effectDates(ctx context.Context, tx *work.Tx, batch string, was, now Assignment) error {
	if batch == "" {
		return nil
	}
	res, err := tx.ExecContext(ctx, `UPDATE batch_effect SET became = $1, version = $2 WHERE batch = $3 AND project_id = $4 AND kind = $5 AND subject_id = $6`,
		assignedDates(now), now.Version+1, batch, now.Project, string(madeAssignment), now.ID)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return effect(ctx, tx, batch, batchEffect{project: now.Project, kind: movedDates, subject: now.ID, was: assignedDates(was), became: assignedDates(now), version: now.Version + 1})
}

// touched is a project as one batch left it, with all that decides what the
// undo of that batch does to it.
type touched struct {
	id          string
	withdrawnAt int64
	withdrawnBy string

	vanishedFrom string
	reflag       *flag // how the flag moves by the undo, until it is done
	confidential bool
	later        []batchEffect // of later batches that stand, on the mark

	all     []statement
	effects []batchEffect
	held    map[string]Assignment // by id
	marks   []activity.Mark
	fields  []FieldInfo // of this register, the organisation's own and retired ones too
}

// mostOthers is of how many projects that it did not touch the undo of a batch
// shows the flags: an engine takes so many values in one query.
const mostOthers = 20000

// batchProjects lists the projects that a batch touched, and those whose flags its
// undo moves, after one, by id.
func batchProjects(ctx context.Context, q sqldb.Querier, w *sqldb.Where, batch string, flags map[string]flag, after string, limit int) (out []string, err error) {
	w.And("q.id > ?", after)
	of := w.Add(batch)
	others := slices.Sorted(maps.Keys(flags))
	others = others[:min(len(others), mostOthers)]
	w.And("(q.id IN (SELECT s.project_id FROM project_statement s WHERE s.batch = " + of + " AND s.batch <> '') OR q.id IN (SELECT e.project_id FROM batch_effect e WHERE e.batch = " + of + ") OR q.id IN (" + w.List(others) + "))")
	rows, err := q.QueryContext(ctx, `SELECT q.id FROM project q`+w.SQL()+` ORDER BY q.id LIMIT `+w.Add(limit), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// touchedBy reads some projects of a batch, in a fixed number of queries.
func touchedBy(ctx context.Context, q sqldb.Querier, batch string, flags map[string]flag, ids []string) ([]*touched, error) {
	custom, err := customFields(ctx, q)
	if err != nil {
		return nil, err
	}
	fields := append(slices.Clone(Fields), custom...)
	out, byID := make([]*touched, len(ids)), map[string]*touched{}
	for i, id := range ids {
		out[i] = &touched{id: id, held: map[string]Assignment{}, fields: fields}
		byID[id] = out[i]
		if f, moves := flags[id]; moves {
			out[i].reflag = &f
		}
	}
	said, err := statementsOf(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	for id, list := range said {
		byID[id].all = list
	}
	if err := readStanding(ctx, q, ids, byID); err != nil {
		return nil, err
	}
	if err := readEffects(ctx, q, batch, ids, byID); err != nil {
		return nil, err
	}
	if err := readMarks(ctx, q, batch, byID); err != nil {
		return nil, err
	}
	var w sqldb.Where
	w.AndIn("a.project_id", ids)
	people, err := listAssignments(ctx, q, &w, "a.project_id, a.from_on, a.id")
	if err != nil {
		return nil, err
	}
	for _, a := range people {
		byID[a.Project].held[a.ID] = a
	}
	marks, err := activity.OnProjects(ctx, q, ids)
	for _, m := range marks {
		byID[m.Project].marks = append(byID[m.Project].marks, m)
	}
	return out, err
}

func readStanding(ctx context.Context, q sqldb.Querier, ids []string, byID map[string]*touched) error {
	var w sqldb.Where
	w.AndIn("id", ids)
	rows, err := q.QueryContext(ctx, `SELECT id, withdrawn_at, withdrawn_by, vanished_from, confidential FROM project`+w.SQL(), w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var t touched
		if err := rows.Scan(&id, &t.withdrawnAt, &t.withdrawnBy, &t.vanishedFrom, &t.confidential); err != nil {
			return err
		}
		to := byID[id]
		to.withdrawnAt, to.withdrawnBy, to.vanishedFrom, to.confidential = t.withdrawnAt, t.withdrawnBy, t.vanishedFrom, t.confidential
	}
	return rows.Err()
}

func readEffects(ctx context.Context, q sqldb.Querier, batch string, ids []string, byID map[string]*touched) error {
	var w sqldb.Where
	w.And("batch = ?", batch)
	w.AndIn("project_id", ids)
	rows, err := q.QueryContext(ctx, `SELECT project_id, kind, subject_id, was, became, version, outcome FROM batch_effect`+w.SQL()+` ORDER BY project_id, kind, subject_id`, w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var e batchEffect
		if err := rows.Scan(&e.project, &e.kind, &e.subject, &e.was, &e.became, &e.version, &e.outcome); err != nil {
			return err
		}
		byID[e.project].effects = append(byID[e.project].effects, e)
	}
	return rows.Err()
}

// added reports whether the batch brought the project into the register.
func (t *touched) added() bool {
	for _, e := range t.effects {
		if e.kind == madeProject {
			return true
		}
	}
	return false
}

// inForce refuses changes to a withdrawn project.
func inForce(ctx context.Context, tx *work.Tx, project string) error {
	var at int64
	if err := tx.QueryRowContext(ctx, `SELECT withdrawn_at FROM project WHERE id = $1`, project).Scan(&at); err != nil {
		return err
	}
	if at != 0 {
		return errs.New(errs.Conflict, "This project was withdrawn when its import was undone. Import its file again to bring it back.")
	}
	return nil
}
