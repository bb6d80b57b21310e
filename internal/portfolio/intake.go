package portfolio

import (
	"context"
	"encoding/json"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// intake is some rows of a file and what is known about their projects. The
// rows are taken in memory, one after the other; what they change is then
// written at once.
type intake struct {
	tx         *work.Tx
	from       by                    // the source and the import
	top        string                // where a project without a programme belongs
	currency   string                // what a new project's money is in when its row does not say
	programmes map[string]string     // by folded name
	byCairn    map[string]bool       // the ids of Cairn that there are
	bySource   map[string]string     // projects by the source's id
	byName     map[string][]namesake // in order of their ids
	withdrawn  map[string]string     // withdrawn projects by what their rows would say
	projects   map[string]*dossier
	order      []*dossier // those that the rows touch, in order
	adopted    [][]any    // new ids of the source
	effects    []batchEffect
	custom     []FieldInfo
}

// namesake is a project of a name, as it stands today, with its id of the source as
// fold.ID gives it: kept, since a register may have thousands of one name.
type namesake struct{ project, unit, id string }

// dossier is a project under the hands of an intake.
type dossier struct {
	id          string
	isNew       bool
	list        []statement // those that stand
	stored      int         // how many of the list the database has
	retracted   int         // statements that no longer stand
	gone        bool        // withdrawn, until a row brings it back
	before, now []period    // the history that the database has, and that of the list
	versions    int         // by how many its version grows
	touched     bool
	returned    bool   // was withdrawn
	parent      string // where it stood
}

func (b *intake) put(in Incoming) (out Outcome, err error) {
	if in.Programme != "" {
		in.Facts = in.Facts.Merge(Facts{Parent: {Text: b.programmes[fold.Sort(in.Programme)]}})
	}
	id, alike, err := b.match(in)
	if err != nil {
		return out, err
	}
	d := b.projects[id]
	if id == "" {
		if _, stated := in.Facts[Name]; !stated {
			return out, errs.OnField(string(Name), "Enter a name.")
		}
		d = b.open(in)
	}
	out = Outcome{Project: d.id, Alike: alike, Created: id == "" || d.gone}
	b.touch(d)
	if d.gone {
		b.revive(d, in)
	}
	changed, stated := d.state(in.AsAt, in.Facts, b.from, sqldb.Micros(b.tx.Now))
	out.Stated = stated || out.Created
	switch {
	case out.Created:
		b.tx.Record(ProjectStated{Project: d.id, AsAt: in.AsAt, New: id == "", Fields: revived(id, changed), Source: b.from.source, Batch: b.from.batch})
	case len(changed) > 0:
		out.Changed = changed
		d.versions++
		b.tx.Record(ProjectStated{Project: d.id, AsAt: in.AsAt, Fields: changed, Source: b.from.source, Batch: b.from.batch})
	}
	b.adopt(d, in)
	return out, nil
}

// open begins the dossier of a new project.
func (b *intake) open(in Incoming) *dossier {
	d := &dossier{id: b.tx.NewID(), isNew: true, versions: 1}
	b.projects[d.id] = d
	b.effects = append(b.effects, batchEffect{project: d.id, kind: madeProject, subject: d.id})
	b.complete(d, in)
	return d
}

// complete states what a project needs and its row does not say. It is said by
// Cairn and not by the source, whose own words stay comparable.
func (b *intake) complete(d *dossier, in Incoming) {
	at := sqldb.Micros(b.tx.Now)
	if in.Facts.Text(Parent) == "" && d.current(Parent) == "" {
		d.state(in.AsAt, Facts{Parent: {Text: b.top}}, by{batch: b.from.batch}, at)
	}
	if b.currency != "" && in.Facts.needsCurrency() && d.current(Currency) == "" {
		d.state(in.AsAt, Facts{Currency: {Text: b.currency}}, by{batch: b.from.batch}, at)
	}
}

// revive brings a withdrawn project back, with the statements that stand.
func (b *intake) revive(d *dossier, in Incoming) {
	d.gone, d.returned = false, true
	d.now = periods(d.list)
	d.versions++
	b.tx.Record(ProjectWithdrawn{Project: d.id, Batch: b.from.batch, Back: true})
	b.effects = append(b.effects, batchEffect{project: d.id, kind: madeProject, subject: d.id, was: "withdrawn"})
	b.complete(d, in)
}

// revived are the changed fields of a project that came back; a new one has no
// fields that changed.
func revived(id string, changed []Field) []Field {
	if id == "" {
		return nil
	}
	return changed
}

func (b *intake) touch(d *dossier) {
	if !d.touched {
		d.touched = true
		b.order = append(b.order, d)
	}
}

// match finds the project that a row is about.
func (b *intake) match(in Incoming) (id, alike string, err error) {
	if in.Known != "" {
		if !b.byCairn[in.Known] {
			return "", "", errs.OnField("cairn_id", "There is no project with this id of Cairn.")
		}
		return in.Known, "", nil
	}
	if found := b.bySource[in.SourceID]; found != "" && in.SourceID != "" {
		return found, "", nil
	}
	unit, named := fold.Sort(in.Facts.Text(OrgUnit)), fold.ID(in.SourceID)
	for _, n := range b.byName[fold.Sort(in.Facts.Text(Name))] {
		// A project that this source calls by another id is another project; the same
		// id may have lost its zeros in a spreadsheet.
		another := n.id != "" && named != "" && n.id != named
		if n.unit == unit && !another {
			return n.project, "", nil
		}
		if alike == "" {
			alike = n.project
		}
	}
	return b.withdrawn[b.absentKey(in)], alike, nil
}

// absentKey is what a row would say of a withdrawn project: the id that the
// source gave it, else name and organisation unit.
func (b *intake) absentKey(in Incoming) string {
	if in.SourceID != "" {
		return sourceKey(b.from.source, in.SourceID)
	}
	return withdrawnKey(in.Facts)
}

// adopt lets later rows find the project by what this one says.
func (b *intake) adopt(d *dossier, in Incoming) {
	if in.SourceID != "" && b.bySource[in.SourceID] == "" {
		b.bySource[in.SourceID] = d.id
		b.adopted = append(b.adopted, []any{b.from.source, in.SourceID, d.id})
		b.effects = append(b.effects, batchEffect{project: d.id, kind: adoptedID, subject: sourceKey(b.from.source, in.SourceID)})
	}
	current := d.now[len(d.now)-1].facts
	name := fold.Sort(current.Text(Name))
	same := namesake{d.id, fold.Sort(current.Text(OrgUnit)), fold.ID(in.SourceID)}
	for i, n := range b.byName[name] {
		if n.project == d.id {
			if same.id == "" {
				same.id = n.id
			}
			b.byName[name][i] = same
			return
		}
	}
	b.byName[name] = append(b.byName[name], same)
}

// state adds a statement and gives which fields of the whole history it changes.
// The same statement of the same source is not repeated.
func (d *dossier) state(asAt clock.Day, facts Facts, from by, at int64) (changed []Field, stored bool) {
	if repeated(d.list, asAt, facts, from.source) {
		return nil, false
	}
	d.list = append(d.list, statement{seq: int64(len(d.list) + d.retracted + 1), asAt: asAt, knownAt: at, facts: facts, by: from})
	now := periods(d.list)
	changed = changedBetween(d.now, now)
	d.now = now
	return changed, true
}

// flush writes what the rows changed.
func (b *intake) flush(ctx context.Context) error {
	if err := b.flushNew(ctx); err != nil {
		return err
	}
	var statements [][]any
	var histories []restated
	for _, d := range b.order {
		for _, s := range d.list[d.stored:] {
			body, err := json.Marshal(s.facts)
			if err != nil {
				return err
			}
			statements = append(statements, []any{d.id, s.seq, s.asAt, s.knownAt, string(body), s.source, s.batch, b.tx.Who.Person, string(ByImport)})
		}
		histories = append(histories, restated{project: d.id, before: d.before, now: d.now})
	}
	if err := sqldb.Insert(ctx, b.tx, `project_statement (project_id, seq, as_at, known_at, facts, source, batch, actor_id, door)`, ``, statements); err != nil {
		return err
	}
	if err := writeHistories(ctx, b.tx, histories, b.custom); err != nil {
		return err
	}
	if err := sqldb.Insert(ctx, b.tx, `project_source (source, source_id, project_id)`, ` ON CONFLICT DO NOTHING`, b.adopted); err != nil {
		return err
	}
	if err := b.flushEffects(ctx); err != nil {
		return err
	}
	return b.flushOld(ctx)
}

func (b *intake) flushNew(ctx context.Context) error {
	var projects [][]any
	var leaves []authz.Node
	for _, d := range b.order {
		if d.isNew || d.returned {
			touchNew(b.tx, d.id)
		}
		if d.isNew {
			projects = append(projects, []any{d.id, false, "", d.versions})
			leaves = append(leaves, authz.Node{ID: d.id, Parent: d.current(Parent)})
		}
	}
	if err := sqldb.Insert(ctx, b.tx, `project (id, confidential, vanished_from, version)`, ``, projects); err != nil || len(leaves) == 0 {
		return err
	}
	return authz.AddLeaves(ctx, b.tx, leaves)
}

// flushOld raises the versions of projects that were there, and follows those
// that moved to another programme.
func (b *intake) flushOld(ctx context.Context) error {
	for _, d := range b.order {
		if d.isNew {
			continue
		}
		if d.versions > 0 {
			if _, err := b.tx.ExecContext(ctx, `UPDATE project SET version = version + $1 WHERE id = $2`, d.versions, d.id); err != nil {
				return err
			}
		}
		if d.returned {
			if _, err := b.tx.ExecContext(ctx, `UPDATE project SET withdrawn_at = 0, withdrawn_by = '', withdrawn_key = '' WHERE id = $1`, d.id); err != nil {
				return err
			}
		}
		if d.returned || d.current(Parent) != d.parent {
			if err := moveNode(ctx, b.tx, d.id); err != nil {
				return err
			}
		}
	}
	return nil
}

// flushEffects remembers what the import did beside its statements, so that it
// can be taken back.
func (b *intake) flushEffects(ctx context.Context) error {
	if b.from.batch == "" {
		return nil
	}
	rows := make([][]any, 0, len(b.effects))
	for _, e := range b.effects {
		rows = append(rows, e.row(b.from.batch))
	}
	return sqldb.Insert(ctx, b.tx, effectInto, ` ON CONFLICT DO NOTHING`, rows)
}

// current is a fact of the latest period; nothing is current of a project of
// which nothing stands.
func (d *dossier) current(f Field) string {
	if len(d.now) == 0 {
		return ""
	}
	return d.now[len(d.now)-1].facts.Text(f)
}
