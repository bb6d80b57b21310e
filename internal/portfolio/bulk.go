package portfolio

import (
	"context"
	"fmt"
	"hash/fnv"
	"sort"
	"strings"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// MaxBulk is how many projects one bulk edit changes at most.
const MaxBulk = 1000

// Confidential is what a bulk edit sets besides facts and people: "yes" or "no".
const Confidential Field = "confidential"

// bulkPeople are the kinds of assignment that a bulk edit hands over.
var bulkPeople = []Kind{Partner, Manager, Sponsor}

// Bulk is one change to many projects: a fact, a person or confidentiality, from a date on.
type Bulk struct {
	Projects []string
	Field    Field  // of Fields, a kind of assignment, or Confidential
	Value    string // as a fact is kept; the id of a person; "yes" or "no"
	AsAt     clock.Day
	// Seen are the states in which the preview showed the projects; without
	// them whatever stands now is changed.
	Seen map[string]string
}

// BulkPlan is what a bulk edit would do, project by project.
type BulkPlan struct {
	Label                       string
	Rows                        []Change // by name of the project
	Changed, Unchanged, Refused int
	Hidden                      int               // chosen, and not there for this reader
	Seen                        map[string]string // state of each that would change
	held                        map[string][]Assignment
}

// BulkFields describes all that a bulk edit can set: people first, since that
// is what is asked for most, then facts.
func BulkFields(all []FieldInfo, mayMark bool) (out []FieldInfo) {
	for _, k := range bulkPeople {
		out = append(out, FieldInfo{Field: Field(k), Label: k.Label(), Type: Text})
	}
	for _, i := range all {
		if i.Field != Name && !i.Retired { // many projects of one name are no use to anybody
			out = append(out, i)
		}
	}
	if mayMark {
		out = append(out, FieldInfo{Field: Confidential, Label: "Confidential", Type: Text})
	}
	return out
}

// bulkInfo finds the description of what a bulk edit sets.
func bulkInfo(ctx context.Context, q sqldb.Querier, f Field) (info FieldInfo, ok bool, err error) {
	all := Fields
	if f.IsCustom() {
		if all, err = fieldsIn(ctx, q); err != nil {
			return info, false, err
		}
	}
	for _, i := range BulkFields(all, true) {
		if i.Field == f {
			return i, true, nil
		}
	}
	return info, false, nil
}

// IsPerson reports whether a bulk edit's field is a kind of assignment.
func IsPerson(f Field) bool {
	for _, k := range bulkPeople {
		if Field(k) == f {
			return true
		}
	}
	return false
}

func (b Bulk) action() authz.Action {
	switch {
	case IsPerson(b.Field):
		return AssignPeople
	case b.Field == Confidential:
		return MarkConfidential
	}
	return ChangeProject
}

// check refuses what cannot be done, by the names of the form, and brings a
// custom value into the form in which it is kept.
func (b *Bulk) check(ctx context.Context, q sqldb.Querier, today clock.Day) error {
	var c errs.Check
	info, ok, err := bulkInfo(ctx, q, b.Field)
	if err != nil {
		return err
	}
	c.That(ok, "field", "Choose what to change.")
	c.That(len(b.Projects) > 0, "projects", "Choose at least one project in the register.")
	c.That(len(b.Projects) <= MaxBulk, "projects", "%d projects are chosen. At most %d are changed in one go: narrow the list and do it in parts.", len(b.Projects), MaxBulk)
	c.That(clock.ValidDay(b.AsAt) && b.AsAt <= today, "as_at", "Say since when this holds: today or a past date.")
	switch {
	case !ok:
	case IsPerson(b.Field):
		c.That(b.Value != "", "value", "Name a person from the directory.")
	case b.Field == Confidential:
		c.That(b.Value == "yes" || b.Value == "no", "value", "Say yes or no.")
	case b.Field == Parent:
		c.That(b.Value != "", "value", "Choose a programme or portfolio.")
	default:
		facts := Facts{b.Field: {Text: b.Value}}.canonical([]FieldInfo{info})
		b.Value = facts.Text(b.Field)
		if err := checkPeople(ctx, q, facts, []FieldInfo{info}); err != nil {
			c.Add("value", "Choose a person from the directory.")
		}
		var f errs.Check
		checkValue(&f, info, Value{Text: b.Value})
		for _, e := range errs.FieldsOf(f.Err()) {
			c.Add("value", "%s", e.Message)
		}
	}
	return c.Err()
}

// Chosen lists the ids of a whole list, in its order: one more than MaxBulk if
// there are more.
func (s *Service) Chosen(ctx context.Context, who authz.Actor, f Filter) (out []string, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeRegister, authz.Instance); err != nil {
			return err
		}
		if f, err = f.ready(ctx, v); err != nil {
			return err
		}
		w, dir := &sqldb.Where{}, ""
		if f.Desc {
			dir = " DESC"
		}
		key, id, join := f.sorting(v, w)
		f.whereInto(w, v)
		rows, err := v.QueryContext(ctx, `SELECT v.project_id FROM project_version v`+join+w.SQL()+` ORDER BY `+key+dir+`, `+id+dir+` LIMIT `+w.Add(MaxBulk+1), w.Values()...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			out = append(out, id)
		}
		return rows.Err()
	})
	return out, err
}

// PlanBulk shows what a bulk edit would do to each project.
func (s *Service) PlanBulk(ctx context.Context, who authz.Actor, b Bulk) (p BulkPlan, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, ChangeMany, authz.Instance); err != nil {
			return err
		}
		if err := b.check(ctx, v, v.Today); err != nil {
			return err
		}
		sees, may, err := v.Each(ctx, b.action(), b.Projects)
		if err != nil {
			return err
		}
		p, err = planBulk(ctx, v, b, v.Today, sees, may)
		return err
	})
	return p, err
}

// planBulk decides about every project, in a fixed number of queries.
func planBulk(ctx context.Context, q sqldb.Querier, b Bulk, today clock.Day, sees, may map[string]bool) (p BulkPlan, err error) {
	info, _, err := bulkInfo(ctx, q, b.Field)
	if err != nil {
		return p, err
	}
	p = BulkPlan{Label: info.Label, Seen: map[string]string{}, held: map[string][]Assignment{}}
	if b.Field == Parent {
		if err := checkParent(ctx, q, b.Value); err != nil {
			return p, err
		}
	}
	standing, err := readBulk(ctx, q, b, &p)
	if err != nil {
		return p, err
	}
	done := map[string]bool{}
	for _, id := range b.Projects {
		one, there := standing[id]
		switch {
		case done[id]:
		case !there || !sees[id]:
			p.Hidden++
		default:
			c := b.change(one, p.held[id], today)
			c.Project, c.Label, c.Type = id, info.Label, info.Type
			if !may[id] {
				c.Outcome, c.Note = Refused, "You may see this project and not change this of it."
			}
			p.add(c, one.version)
		}
		done[id] = true
	}
	if err := nameChanges(ctx, q, b.Projects, p.Rows); err != nil {
		return p, err
	}
	sort.SliceStable(p.Rows, func(i, j int) bool { return fold.Sort(p.Rows[i].Name) < fold.Sort(p.Rows[j].Name) })
	return p, nil
}

func (p *BulkPlan) add(c Change, version int64) {
	switch c.Outcome {
	case Changed:
		p.Changed++
		p.Seen[c.Project] = stateOf(version, c.Before)
	case Refused:
		p.Refused++
	default:
		p.Unchanged++
	}
	p.Rows = append(p.Rows, c)
}

// stateOf is a project's version with a mark of the value that the reader saw:
// assignments have versions of their own.
func stateOf(version int64, before Value) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(before.Text + "\x00" + before.Reason)) // a hash takes everything
	return fmt.Sprintf("%d-%08x", version, h.Sum32())
}

// bulkState is a project as a bulk edit finds it.
type bulkState struct {
	version      int64
	confidential bool
	withdrawn    bool
	said         []statement
	person       string // name of the person to be assigned
}

func readBulk(ctx context.Context, q sqldb.Querier, b Bulk, p *BulkPlan) (map[string]bulkState, error) {
	out := map[string]bulkState{}
	var w sqldb.Where
	w.AndIn("id", b.Projects)
	rows, err := q.QueryContext(ctx, `SELECT id, version, confidential, withdrawn_at FROM project`+w.SQL(), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var one bulkState
		var at int64
		if err := rows.Scan(&id, &one.version, &one.confidential, &at); err != nil {
			return nil, err
		}
		one.withdrawn = at != 0
		out[id] = one
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	_ = rows.Close() // the one connection is needed for what follows
	if !IsPerson(b.Field) {
		said, err := statementsOf(ctx, q, b.Projects)
		for id, one := range out {
			one.said = standing(said[id])
			out[id] = one
		}
		return out, err
	}
	return out, b.readHeld(ctx, q, out, p)
}

// readHeld reads who is assigned in the kind that the edit hands over.
func (b Bulk) readHeld(ctx context.Context, q sqldb.Querier, out map[string]bulkState, p *BulkPlan) error {
	var w sqldb.Where
	w.AndIn("a.project_id", b.Projects)
	w.And("a.kind = ?", string(b.Field))
	held, err := listAssignments(ctx, q, &w, "a.project_id, a.from_on, a.id")
	if err != nil {
		return err
	}
	for _, a := range held {
		p.held[a.Project] = append(p.held[a.Project], a)
	}
	names, err := idNames(ctx, q, `SELECT id, name FROM v_person WHERE id = $1`, b.Value)
	if err != nil {
		return err
	}
	if names[b.Value] == "" {
		return errs.OnField("value", "Choose a person from the directory.")
	}
	for id, one := range out {
		one.person = names[b.Value]
		out[id] = one
	}
	return nil
}

// change is what the edit makes of one project.
func (b Bulk) change(one bulkState, held []Assignment, today clock.Day) (c Change) {
	c.Outcome = Changed
	switch {
	case one.withdrawn:
		c.Outcome, c.Note = Refused, "It was withdrawn when its import was undone."
	case IsPerson(b.Field):
		b.handOver(&c, one, held)
	case b.Field == Confidential:
		c.Before.Text, c.After.Text = "no", b.Value
		if one.confidential {
			c.Before.Text = "yes"
		}
	default:
		b.restate(&c, one, today)
	}
	if c.Outcome == Changed && !IsPerson(b.Field) && c.Before == c.After {
		c.Outcome = Unchanged
	}
	return c
}

func (b Bulk) restate(c *Change, one bulkState, today clock.Day) {
	before := at(periods(append([]statement{}, one.said...)), b.AsAt)
	next := statement{seq: 1 << 40, knownAt: knownEver, asAt: b.AsAt, facts: Facts{b.Field: {Text: b.Value}}}
	after := periods(append(append([]statement{}, one.said...), next))
	now := at(after, today)
	c.Before, c.After, c.Currency = before[b.Field], Value{Text: b.Value}, now.Text(Currency)
	if b.Field == Currency && now.HasMoney() {
		c.Note = "Its amounts stay as they are and are not converted."
	}
	if now[b.Field] != c.After {
		c.Note = "A later statement holds today; this changes what stood from " + b.AsAt + " until then."
	}
}

func (b Bulk) handOver(c *Change, one bulkState, held []Assignment) {
	var names []string
	c.After.Text = one.person
	for _, a := range held {
		if !a.On(b.AsAt) {
			continue
		}
		names = append(names, a.PersonName)
		switch {
		case a.Person == b.Value:
			c.Outcome = Unchanged
		case a.From == b.AsAt && c.Outcome == Changed:
			c.Outcome, c.Note = Refused, a.PersonName+" holds this from that very day. Choose a later date, or change it on the project's page."
		}
	}
	c.Before.Text = strings.Join(names, ", ")
}
