package portfolio

import (
	"context"
	"sort"
	"strconv"
	"strings"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Became is what became of one line of a batch, or would.
type Became string

// The outcomes: of a batch that is applied, and of one that is undone.
const (
	Added     Became = "added"
	Changed   Became = "changed"
	Unchanged Became = "unchanged"
	Refused   Became = "refused"
	Assigned  Became = "assigned"
	Dated     Became = "dates changed"
	Gone      Became = "flagged as gone"
	Returned  Became = "no longer gone"

	PutBack   Became = "put back"
	Kept      Became = "left as it is"
	Withdrawn Became = "withdrawn"
	TakenOff  Became = "taken off"
	DatesBack Became = "dates put back"
)

// Change is one line of a diff: what a batch made of one fact of one project.
type Change struct {
	Project, Name string
	Label         string // of the field; "Project" for the whole of it
	Type          Type
	Currency      string
	Before, After Value
	Outcome       Became
	Note          string // why, or what else there is to know
	At            int64  // when somebody stated another value later; 0 if nobody did
	actor         string // id, until the name is read
}

// Changes is a page of a diff.
type Changes struct {
	Rows []Change
	Next string // the last project of this page, if there are more
}

// changesPage is how many projects a page of a diff shows.
const changesPage = 50

// Changes shows what a batch did, as the record has it, from the project after one on.
func (s *Service) Changes(ctx context.Context, v *work.View, batch, after string) (Changes, error) {
	return changes(ctx, v, v.Who, v.Today, batch, nil, after, func(t *touched) []Change { return t.appliedChanges(batch) })
}

// ChangesIn is Changes within a unit that is still under way: a dry run.
func (s *Service) ChangesIn(ctx context.Context, tx *work.Tx, batch, after string) (Changes, error) {
	return changes(ctx, tx, tx.Who, tx.Today, batch, nil, after, func(t *touched) []Change { return t.appliedChanges(batch) })
}

// UndoChanges shows what the undo of a batch would do, or did.
func (s *Service) UndoChanges(ctx context.Context, v *work.View, batch, after string) (Changes, error) {
	done, err := undone(ctx, v, batch)
	if err != nil {
		return Changes{}, err
	}
	moment := done.At
	var flags map[string]flag
	if moment == 0 {
		moment = knownEver
		if flags, err = flagsWithout(ctx, v, batch); err != nil {
			return Changes{}, err
		}
	}
	return changes(ctx, v, v.Who, v.Today, batch, flags, after, func(t *touched) []Change { return t.undoChanges(batch, v.Today, moment, nil) })
}

// undone reads what an undo did; the zero value while the batch is in force.
func undone(ctx context.Context, q sqldb.Querier, batch string) (u Undone, err error) {
	rows, err := q.QueryContext(ctx, `SELECT u.undone_at, COALESCE(p.name, ''), u.restored, u.kept, u.withdrawn, u.with_work, u.assignments
		FROM batch_undone u LEFT JOIN v_person p ON p.id = u.person_id WHERE u.batch = $1`, batch)
	if err != nil {
		return u, err
	}
	defer rows.Close()
	if rows.Next() {
		err = rows.Scan(&u.At, &u.By, &u.Restored, &u.Kept, &u.Withdrawn, &u.WithWork, &u.Assignments)
	}
	if err != nil {
		return u, err
	}
	return u, rows.Err()
}

func changes(ctx context.Context, q sqldb.Querier, who authz.Actor, today clock.Day, batch string, flags map[string]flag, after string, of func(*touched) []Change) (out Changes, err error) {
	var w sqldb.Where
	authz.Scope(&w, who, "q.id", today)
	ids, err := batchProjects(ctx, q, &w, batch, flags, after, changesPage+1)
	if err != nil {
		return out, err
	}
	if len(ids) > changesPage {
		ids = ids[:changesPage]
		out.Next = ids[changesPage-1]
	}
	list, err := touchedBy(ctx, q, batch, flags, ids)
	if err != nil {
		return out, err
	}
	for _, t := range list {
		out.Rows = append(out.Rows, of(t)...)
	}
	return out, nameChanges(ctx, q, ids, out.Rows)
}

// nameChanges puts names where rows have ids: of projects, programmes and people.
func nameChanges(ctx context.Context, q sqldb.Querier, ids []string, rows []Change) error {
	var w sqldb.Where
	w.AndIn("id", ids)
	names, err := idNames(ctx, q, `SELECT id, name FROM v_project_name`+w.SQL(), w.Values()...)
	if err != nil {
		return err
	}
	nodes, err := idNames(ctx, q, `SELECT id, name FROM programme UNION ALL SELECT id, name FROM portfolio`)
	if err != nil {
		return err
	}
	var actors []string
	for _, r := range rows {
		actors = append(actors, r.actor)
		if r.Type == PersonRef {
			actors = append(actors, r.Before.Text, r.After.Text)
		}
	}
	var p sqldb.Where
	p.AndIn("id", actors)
	people, err := idNames(ctx, q, `SELECT id, name FROM v_person`+p.SQL(), p.Values()...)
	if err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		r.Name = names[r.Project]
		if r.Type == Node {
			r.Before.Text, r.After.Text = nodes[r.Before.Text], nodes[r.After.Text]
		}
		if r.Type == PersonRef {
			r.Before.Text, r.After.Text = people[r.Before.Text], people[r.After.Text]
		}
		if r.At != 0 {
			r.Note = strings.TrimSpace(or(people[r.actor], or(r.Note, "somebody at the command line")))
		}
	}
	return nil
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func idNames(ctx context.Context, q sqldb.Querier, query string, args ...any) (map[string]string, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		out[id] = name
	}
	return out, rows.Err()
}

// appliedChanges sets each statement of the batch against what stood before it.
func (t *touched) appliedChanges(batch string) (out []Change) {
	if t.added() {
		n := map[Field]bool{}
		for _, s := range t.all {
			for f, v := range s.facts {
				if s.batch == batch && v.Text != "" {
					n[f] = true
				}
			}
		}
		out = append(out, Change{Project: t.id, Label: "Project", Outcome: Added, After: Value{Text: strconv.Itoa(len(n)) + " facts"}})
	} else {
		out = t.statedChanges(batch)
	}
	for _, e := range t.effects {
		if c, ok := t.effectChange(e); ok {
			out = append(out, c)
		}
	}
	return out
}

func (t *touched) statedChanges(batch string) (out []Change) {
	var prior []statement
	for _, s := range t.all { // in order of seq
		if s.batch != batch {
			prior = append(prior, s)
			continue
		}
		stood := standingAt(prior, s.knownAt, batch)
		before := at(periods(stood), s.asAt)
		after := at(periods(append(standingAt(prior, s.knownAt, batch), s)), s.asAt)
		prior = append(prior, s)
		for _, i := range t.fields {
			if _, said := s.facts[i.Field]; said && before[i.Field] != after[i.Field] {
				out = append(out, Change{Project: t.id, Label: i.Label, Type: i.Type, Currency: after.Text(Currency), Before: before[i.Field], After: after[i.Field], Outcome: Changed})
			}
		}
	}
	return out
}

// standingAt gives what stood just before a moment, with what the batch itself
// said at that moment.
func standingAt(list []statement, moment int64, batch string) (out []statement) {
	for _, s := range list {
		if (s.knownAt < moment || s.knownAt == moment && s.batch == batch) && (s.retractedAt == 0 || s.retractedAt >= moment) {
			s.retractedAt = 0
			out = append(out, s)
		}
	}
	return out
}

func (t *touched) effectChange(e batchEffect) (c Change, ok bool) {
	c = Change{Project: t.id, Type: Text}
	switch e.kind {
	case madeAssignment, movedDates:
		a, there := t.held[e.subject]
		c.Label, c.Outcome = "Assignment", Assigned
		if there {
			c.Label = a.Kind.Label()
		}
		c.After.Text = strings.TrimSpace(a.PersonName + " " + span(e.became))
		if e.kind == movedDates {
			c.Outcome, c.Before.Text = Dated, strings.TrimSpace(a.PersonName+" "+span(e.was))
		}
	case flagged:
		if e.was == e.became {
			return c, false
		}
		c.Label, c.Outcome = "Gone from", Gone
		if e.became == "" {
			c.Outcome = Returned
		}
		c.Before.Text, c.After.Text = e.was, e.became
	case madeSecret:
		c.Label, c.Outcome = "Confidential", Changed
		c.Before.Text, c.After.Text = or(e.was, "no"), or(e.became, "no")
	case madeProject, adoptedID, heldOnly, reflagged:
		return c, false
	}
	return c, true
}

// span writes the dates of an effect: "from 2026-01-01", "2026-01-01 to 2026-03-31".
func span(s string) string {
	from, to := fromDates(s)
	switch {
	case from == "" && to == "":
		return ""
	case to == "":
		return "from " + from
	case from == "":
		return "until " + to
	}
	return from + " to " + to
}

// undoChanges is what taking the batch back does to the project today, as it
// stood just before a moment.
func (t *touched) undoChanges(batch string, today clock.Day, moment int64, out []Change) []Change {
	if t.withdrawnAt != 0 && t.withdrawnAt < moment && t.withdrawnBy != batch {
		return out
	}
	if t.added() {
		out = append(out, Change{Project: t.id, Label: "Project", Outcome: Withdrawn, Before: Value{Text: "in the register"}, After: Value{Text: "withdrawn"}, Note: t.work(batch)})
	} else {
		out = append(out, t.restorable(batch, today, moment)...)
	}
	if f := t.moves(); f != nil && !t.added() {
		out = append(out, Change{Project: t.id, Label: "Gone from", Type: Text, Before: Value{Text: f.was}, After: Value{Text: f.to}, Outcome: PutBack})
	}
	for _, e := range t.effects {
		out = append(out, t.effectUndo(e)...)
	}
	return out
}

// moves is how the flag moves by the undo, or moved; nil if it does not.
func (t *touched) moves() *flag {
	for _, e := range t.effects {
		if e.kind == reflagged {
			return &flag{t.id, e.was, e.became}
		}
	}
	return t.reflag
}

func (t *touched) restorable(batch string, today clock.Day, moment int64) (out []Change) {
	stood := standingAt(t.all, moment, batch)
	var without []statement
	for _, s := range stood {
		if s.batch != batch {
			without = append(without, s)
		}
	}
	now, then := at(periods(stood), today), at(periods(without), today)
	for _, i := range t.fields {
		wrote, holds, said := latest(stood, i.Field, batch, today)
		if !said {
			continue
		}
		c := Change{Project: t.id, Label: i.Label, Type: i.Type, Currency: now.Text(Currency)}
		switch {
		case holds == nil && now[i.Field] != then[i.Field]:
			c.Outcome, c.Before, c.After = PutBack, now[i.Field], then[i.Field]
		case holds != nil && holds.facts[i.Field] != wrote:
			c.Outcome, c.Before, c.After = Kept, wrote, now[i.Field]
			c.At, c.actor, c.Note = holds.knownAt, t.actorAt(holds.knownAt), holds.source
		default:
			continue
		}
		out = append(out, c)
	}
	return out
}

// latest gives the value that the batch wrote last into a field, and the
// statement of another that holds there now, if one does.
func latest(list []statement, f Field, batch string, today clock.Day) (wrote Value, holds *statement, said bool) {
	ordered := append([]statement{}, list...)
	sort.SliceStable(ordered, func(i, j int) bool { return ordered[i].before(ordered[j]) })
	for i, s := range ordered {
		v, stated := s.facts[f]
		switch {
		case !stated || s.asAt > today:
		case s.batch == batch:
			wrote, holds, said = v, nil, true
		default:
			holds = &ordered[i]
		}
	}
	return wrote, holds, said
}

func (t *touched) actorAt(at int64) string {
	for _, m := range t.marks {
		if m.At == at && m.SubjectKind == "project" {
			return m.Actor
		}
	}
	return ""
}

func (t *touched) effectUndo(e batchEffect) []Change {
	c, ok := t.effectChange(e)
	if !ok {
		return nil
	}
	c.Before, c.After = c.After, c.Before
	a, there := t.held[e.subject]
	switch e.kind {
	case madeAssignment, movedDates:
		c.Outcome = TakenOff
		if e.kind == movedDates {
			c.Outcome = DatesBack
		}
		if e.outcome == leftAlone || e.outcome == "" && (!there || a.Version != e.version) {
			c.Outcome, c.After.Text = Kept, "removed since"
			if there {
				c.After.Text = a.PersonName + " " + span(assignedDates(a))
			}
			for _, m := range t.marks {
				if m.SubjectKind == "assignment" && m.SubjectID == e.subject {
					c.actor, c.At = m.Actor, m.At
				}
			}
		}
	case madeSecret:
		left := e.outcome == leftAlone || e.outcome == "" && t.movedOn(e)
		switch c.Outcome = PutBack; {
		case left && t.secrecy() == c.Before.Text:
			return nil // another says the same
		case left:
			c.Outcome, c.After.Text = Kept, t.secrecy()
		}
	case flagged:
		if t.moves() != nil || t.vanishedFrom == e.became {
			return nil // said already, or other files say the same
		}
		c.Outcome, c.After.Text = Kept, t.vanishedFrom
	case madeProject, adoptedID, heldOnly, reflagged:
	}
	return []Change{c}
}

// work says what other work there is on a project that the batch added; empty for none.
func (t *touched) work(batch string) string {
	n := map[string]map[string]bool{}
	note := func(kind, id string) {
		if n[kind] == nil {
			n[kind] = map[string]bool{}
		}
		n[kind][id] = true
	}
	for _, m := range t.marks {
		if m.SubjectKind != "project" && m.SubjectKind != "assignment" {
			note(m.SubjectKind, m.SubjectID)
		}
	}
	for id, a := range t.held {
		if !t.takes(a) {
			note("assignment", id)
		}
	}
	for _, s := range t.all {
		if s.batch != batch && s.retractedAt == 0 && s.source != "report" && s.source != "gate" {
			note("change of its facts", strconv.FormatInt(s.seq, 10))
		}
	}
	var parts []string
	for kind, ids := range n {
		s := strconv.Itoa(len(ids)) + " " + strings.ReplaceAll(kind, "_", " ")
		if len(ids) > 1 {
			s = strings.Replace(s, "change of", "changes of", 1)
			if !strings.Contains(s, " of ") {
				s += "s"
			}
		}
		parts = append(parts, s)
	}
	sort.Strings(parts)
	return strings.Join(parts, ", ")
}

// takes reports whether the undo takes an assignment off.
func (t *touched) takes(a Assignment) bool {
	for _, e := range t.effects {
		if e.kind == madeAssignment && e.subject == a.ID && e.version == a.Version {
			return true
		}
	}
	return false
}

// BatchUndone reads what the undo of a batch did; the zero value while it is in force.
func (s *Service) BatchUndone(ctx context.Context, v *work.View, batch string) (Undone, error) {
	return undone(ctx, v, batch)
}
