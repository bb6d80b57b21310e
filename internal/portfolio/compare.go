package portfolio

import (
	"cmp"
	"context"
	"slices"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Span chooses the two dates that are compared, and what of them.
type Span struct {
	From, To clock.Day
	Known    string // "then": each date as it was known when it ended; "now" or nothing: both as they are known now
	Under    string
	Field    Field
	Only     Shift  // empty is all
	After    string // id of the last project of the page before
	Limit    int
	Whole    bool // all at once, for a file
}

// Then reports whether each date is taken as it was known when it ended.
func (b Span) Then() bool { return b.Known == "then" }

// Shift is what became of a project between two dates.
type Shift string

// The shifts. A project may have several: Worse, Slipped and Dearer are changes.
const (
	Appeared Shift = "added"     // no fact about it holds at the first date
	Withdrew Shift = "withdrawn" // facts hold at the first date and none at the second, as each was known: its import was undone
	Closed   Shift = "closed"
	Worse    Shift = "worse"   // its rating
	Slipped  Shift = "slipped" // its end
	Dearer   Shift = "dearer"  // its forecast cost, or its budget where there is no forecast
)

// Shifts are all shifts, what matters most first, with their words.
var Shifts = []struct {
	Shift     Shift
	One, Many string
}{
	{Worse, "rated worse", "rated worse"},
	{Slipped, "end slipped", "ends slipped"},
	{Dearer, "costs more", "cost more"},
	{Closed, "closed", "closed"},
	{Appeared, "added", "added"},
	{Withdrew, "withdrawn", "withdrawn"},
}

// Moved is a project that differs between two dates.
type Moved struct {
	ID, Name, Code, Currency string
	Programme                string
	Confidential             bool
	VanishedFrom             string
	Shifts                   []Shift
	Steps, Days, Percent     int // by how much it is rated worse, ends later, costs more
	Turns                    []Turn
}

func (m Moved) is(s Shift) bool { return slices.Contains(m.Shifts, s) }

// Comparison is what changed in the register between two dates.
type Comparison struct {
	Span
	List   []Moved
	Count  int           // of projects, over all pages
	Counts map[Shift]int // over all pages
	Fields []FieldInfo   // those that changed anywhere, for the filter
	Names  map[string]string
	Next   string // After of the next page; empty on the last
	Capped bool   // more projects differ than are compared at once
}

// MaxCompared is how many projects that differ are compared at once, by name.
const MaxCompared = 2000

// Compare tells what changed in the register between two dates: what matters
// most comes first. A fixed number of queries.
func (s *Service) Compare(ctx context.Context, who authz.Actor, b Span) (c Comparison, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeRegister, authz.Instance); err != nil {
			return err
		}
		from, to, err := s.moments(b, v.Today)
		if err != nil {
			return err
		}
		infos, err := infosByField(ctx, v)
		if err != nil {
			return err
		}
		if _, ok := infos[b.Field]; !ok && b.Field != "" {
			return errs.OnField("field", "There is no field of this name.")
		}
		c.Span = b
		now, capped, err := differing(ctx, v, b.Under, from, to)
		if err != nil {
			return err
		}
		var gone []Project
		if b.Then() { // as known now, what was withdrawn never was
			var more bool
			if gone, more, err = stretches(ctx, v, b.Under, from, to, "a.project_id IS NULL"); err != nil {
				return err
			}
			capped = capped || more
		}
		c.Capped = capped
		if len(now)+len(gone) == 0 {
			c.Counts = map[Shift]int{}
			return c.page()
		}
		before, err := factsAt(ctx, v, now, from)
		if err != nil {
			return err
		}
		c.gather(now, before, infos)
		c.add(gone)
		c.order()
		if err := c.page(); err != nil {
			return err
		}
		var turns []Turn
		for _, m := range c.List {
			turns = append(turns, m.Turns...)
		}
		c.Names, err = namesIn(ctx, v, turns)
		return err
	})
	return c, err
}

// moments gives both dates with the moment at which each is known.
func (s *Service) moments(b Span, today clock.Day) (from, to When, err error) {
	var c errs.Check
	for _, d := range []struct {
		name string
		day  clock.Day
	}{{"from", b.From}, {"to", b.To}} {
		c.That(clock.ValidDay(d.day), d.name, "Enter a date such as 2026-03-31.")
		c.That(d.day <= today || !clock.ValidDay(d.day), d.name, "Choose a past date or today.")
	}
	known := slices.ContainsFunc(Shifts, func(s struct {
		Shift     Shift
		One, Many string
	},
	) bool {
		return s.Shift == b.Only
	})
	c.That(b.Known == "" || b.Known == "now" || b.Known == "then", "known", "Choose now or then.")
	c.That(b.Only == "" || known, "only", "Choose one of the list.")
	c.That(b.From < b.To || !clock.ValidDay(b.From) || !clock.ValidDay(b.To), "from", "The first date comes before the second.")
	if err := c.Err(); err != nil {
		return from, to, err
	}
	from, to = When{b.From, knownEver - 1}, When{b.To, knownEver - 1}
	if b.Then() {
		if from.KnownAt, err = s.EndOf(b.From); err != nil {
			return from, to, err
		}
		to.KnownAt, err = s.EndOf(b.To)
	}
	return from, to, err
}

// differing reads the projects whose stretch of history at the second date is
// not that of the first, as they stand at the second, by name.
func differing(ctx context.Context, v *work.View, under string, from, to When) (out []Project, capped bool, err error) {
	return stretches(ctx, v, under, to, from, "(a.project_id IS NULL OR a.valid_from <> v.valid_from OR a.known_from <> v.known_from)")
}

// stretches reads projects as they stand at one date whose stretch of history at
// another date, a, is as a condition says.
func stretches(ctx context.Context, v *work.View, under string, at, other When, is string) (out []Project, capped bool, err error) {
	w := &sqldb.Where{}
	on := "a.project_id = v.project_id AND a.valid_from <= " + w.Add(other.AsAt) + " AND a.valid_to > " + w.Add(other.AsAt) +
		" AND a.known_from <= " + w.Add(other.KnownAt) + " AND a.known_to > " + w.Add(other.KnownAt)
	at.conditions(w, "")
	v.Scope(w, "v.project_id")
	if under != "" {
		w.And("v.project_id IN (SELECT c.descendant_id FROM node_closure c WHERE c.ancestor_id = ?)", under)
	}
	w.And(is)
	rows, err := v.QueryContext(ctx, `SELECT v.project_id, q.confidential, q.vanished_from, COALESCE(g.name, ''), `+factColumns+
		` FROM project_version v JOIN project q ON q.id = v.project_id LEFT JOIN programme g ON g.id = v.parent_id LEFT JOIN project_version a ON `+on+
		w.SQL()+` ORDER BY v.name_key, v.project_id LIMIT `+w.Add(MaxCompared+1), w.Values()...)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	for rows.Next() {
		if len(out) == MaxCompared {
			return out, true, nil
		}
		var p Project
		if p.Facts, err = scanFacts(rows, &p.ID, &p.Confidential, &p.VanishedFrom, &p.Programme); err != nil {
			return nil, false, err
		}
		out = append(out, p)
	}
	return out, false, rows.Err()
}

// factsAt reads the facts of projects at one date; those of which there were
// none are left out.
func factsAt(ctx context.Context, q sqldb.Querier, list []Project, when When) (map[string]Facts, error) {
	ids := make([]string, len(list))
	for i, p := range list {
		ids[i] = p.ID
	}
	w := &sqldb.Where{}
	w.AndIn("v.project_id", ids)
	when.conditions(w, "")
	rows, err := q.QueryContext(ctx, `SELECT v.project_id, `+factColumns+` FROM project_version v`+w.SQL(), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := make(map[string]Facts, len(list))
	for rows.Next() {
		var id string
		f, err := scanFacts(rows, &id)
		if err != nil {
			return nil, err
		}
		out[id] = f
	}
	return out, rows.Err()
}

// gather compares project by project, and counts.
func (c *Comparison) gather(now []Project, before map[string]Facts, infos map[Field]FieldInfo) {
	c.Counts = map[Shift]int{}
	ever := map[Field]bool{}
	for _, p := range now {
		old, was := before[p.ID]
		m := moved(p, old, was, infos)
		for _, t := range m.Turns {
			ever[t.Info.Field] = true
		}
		if c.Field != "" {
			m.Turns = slices.DeleteFunc(m.Turns, func(t Turn) bool { return t.Info.Field != c.Field })
		}
		if len(m.Turns) == 0 && (c.Field != "" || !m.is(Appeared)) {
			continue // known anew and the same, or another field
		}
		for _, s := range m.Shifts {
			c.Counts[s]++
		}
		if c.Only == "" || m.is(c.Only) {
			c.List = append(c.List, m)
		}
	}
	for _, i := range sorted(infos) {
		if ever[i.Field] {
			c.Fields = append(c.Fields, i)
		}
	}
}

// add takes in the projects that were withdrawn: no field of them changed.
func (c *Comparison) add(gone []Project) {
	if len(gone) == 0 || c.Field != "" {
		return
	}
	c.Counts[Withdrew] = len(gone)
	if c.Only != "" && c.Only != Withdrew {
		return
	}
	for _, p := range gone {
		m := moved(p, nil, false, nil)
		m.Shifts = []Shift{Withdrew}
		c.List = append(c.List, m)
	}
}

func (c *Comparison) order() {
	c.Count = len(c.List)
	slices.SortFunc(c.List, func(a, b Moved) int {
		return cmp.Or(cmp.Compare(b.Steps, a.Steps), cmp.Compare(b.Days, a.Days), cmp.Compare(b.Percent, a.Percent),
			cmp.Compare(fold.Key(a.Name), fold.Key(b.Name)), cmp.Compare(a.ID, b.ID))
	})
}

func (c *Comparison) page() error {
	if c.Whole {
		return nil
	}
	limit := c.Limit
	if limit <= 0 || limit > maxPage {
		limit = pageSize
	}
	if c.After != "" {
		at := slices.IndexFunc(c.List, func(m Moved) bool { return m.ID == c.After })
		if at < 0 {
			return errs.OnField("after", "This place in the list is not there. Begin at the first page.")
		}
		c.List = c.List[at+1:]
	}
	if len(c.List) > limit {
		c.Next = c.List[limit-1].ID
		c.List = c.List[:limit]
	}
	return nil
}

// moved compares a project with itself at an earlier date; was is false if no
// fact about it holds there.
func moved(p Project, old Facts, was bool, infos map[Field]FieldInfo) Moved {
	f := p.Facts
	m := Moved{ID: p.ID, Name: f.Text(Name), Code: f.Text(Code), Currency: f.Text(Currency), Programme: p.Programme, Confidential: p.Confidential, VanishedFrom: p.VanishedFrom}
	if !was {
		m.Shifts = []Shift{Appeared}
		return m
	}
	for _, name := range f.Changed(old) {
		m.Turns = append(m.Turns, Turn{Info: infos[name], Old: old[name], New: f[name]})
	}
	m.Steps, m.Days, m.Percent = worse(old, f), later(old.End(), f.End()), dearer(old, f)
	for _, s := range []struct {
		shift Shift
		is    bool
	}{{Worse, m.Steps > 0}, {Slipped, m.Days > 0}, {Dearer, m.Percent > 0}, {Closed, f.Closed() && !old.Closed()}} {
		if s.is {
			m.Shifts = append(m.Shifts, s.shift)
		}
	}
	return m
}

// worse counts the steps by which the rating fell; a rating that is missing on
// either date is no fall.
func worse(old, now Facts) int {
	if old.Text(Rating) == "" || now.Text(Rating) == "" {
		return 0
	}
	return max(0, rank(old.Text(Rating))-rank(now.Text(Rating)))
}

func later(old, now clock.Day) int {
	if old == "" || now == "" || now <= old {
		return 0
	}
	days, _ := clock.DaysBetween(old, now) // a day that is none is no slip
	return days
}

// dearer is by how many percent the forecast rose, or the budget where either
// date has no forecast; at least 1 if it rose at all. Amounts of two currencies
// are not compared.
func dearer(old, now Facts) int {
	if old.Text(Currency) != now.Text(Currency) {
		return 0
	}
	for _, name := range []Field{Forecast, Budget} {
		a, okA := old.Money(name)
		b, okB := now.Money(name)
		if !okA || !okB {
			continue
		}
		if b <= a || a <= 0 {
			return 0
		}
		return max(1, int(float64(b-a)/float64(a)*100))
	}
	return 0
}
