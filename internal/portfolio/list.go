package portfolio

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"unicode/utf8"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// When is the pair of dates at which the register is read. Both empty: now.
type When struct {
	AsAt    clock.Day // the facts that hold on this day
	KnownAt int64     // as far as Cairn knew them at this moment, in microseconds UTC; 0 is now
}

// Filter chooses projects of the register.
type Filter struct {
	When
	Find, Under, OrgUnit, Status, Phase, Category, Rating string
	Person                                                string // assigned, of any kind
	Vanished, LiveOnly, ClosedOnly                        bool
	Where                                                 string // any further condition, as Askables.Parse reads it
	Group                                                 string // a name of Groupings: rows stand in its order
	Sort                                                  string // a key of Sorts; by name otherwise
	Desc                                                  bool
	AfterKey, AfterID, AfterGroup                         string
	Limit                                                 int // at most maxPage; 0 is pageSize

	expr   Expr
	fields Askables
}

// Sorts are the columns by which the register sorts.
var Sorts = map[string]string{
	"name": "v.name_key", "code": "v.code_key", "category": "v.category_key", "org_unit": "v.org_unit_key", "phase": "v.phase_key",
	"status": "v.status_key", "end": "v.end_key", "budget": "v.budget_key", "rating": "v.rating_key",
}

const pageSize, maxPage = 50, 200

// Total is a sum over a column, over as many as have the value.
type Total struct {
	Currency               string
	Budget, Forecast, Cost int64
	WithBudget, WithForecast,
	WithCost int
	Projects int
}

// Page is a part of the register.
type Page struct {
	Projects []Project
	Count    int       // over all pages
	whole    []counted // what the whole register has for the reader, where it was counted
	More     bool      // there are more than Count, and nobody counted on
	Withheld int       // of the whole register, from this reader; 0 for every part of it
	Ratings  map[string]int
	Totals   []Total           // one per currency; none if there are More
	Names    map[string]string // of the people whom custom fields name, by id
	Groups   []GroupSum
	Filter   Expr
	Fields   Askables

	NextKey, NextGroup string
	NextID             string // empty on the last page
}

// List reads the register.
func (s *Service) List(ctx context.Context, who authz.Actor, f Filter) (page Page, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeRegister, authz.Instance); err != nil {
			return err
		}
		page, err = list(ctx, v, f)
		return err
	})
	return page, err
}

func list(ctx context.Context, v *work.View, f Filter) (page Page, err error) {
	if f, err = f.ready(ctx, v); err != nil {
		return page, err
	}
	page.Filter, page.Fields = f.expr, f.fields
	if err := page.counts(ctx, v, f); err != nil {
		return page, err
	}
	if f.tallied(v) && f.Under == "" && f.Rating == "" && !f.LiveOnly && !f.ClosedOnly {
		if page.Withheld, err = withheld(ctx, v, page.Count); err != nil {
			return page, err
		}
	}
	if f.Group != "" {
		if page.Groups, err = groupSums(ctx, v, f); err != nil {
			return page, err
		}
	}
	if err := page.rows(ctx, v, f); err != nil {
		return page, err
	}
	facts := make([]Facts, len(page.Projects))
	for i, p := range page.Projects {
		facts[i] = p.Facts
	}
	if page.Names, err = namesOf(ctx, v, facts...); err != nil {
		return page, err
	}
	if err := attachReports(ctx, v, page.Projects); err != nil {
		return page, err
	}
	return page, attachPeople(ctx, v, page.Projects, f.day(v.Today))
}

// ready checks a filter and reads its text.
func (f Filter) ready(ctx context.Context, v *work.View) (Filter, error) {
	if err := f.check(v.Today); err != nil {
		return f, err
	}
	if err := f.readable(); err != nil {
		return f, err
	}
	var err error
	if f.fields, err = askables(ctx, v); err != nil {
		return f, err
	}
	if err := f.checkNames(); err != nil {
		return f, err
	}
	if f.expr, err = f.fields.Parse(f.Where); err != nil {
		return f, err
	}
	if err := f.onlyNow(v.Today); err != nil {
		return f, err
	}
	return f, f.checkGroup(v.Today)
}

// checkNames refuses a column and a rating that there are none of: a list that left
// them out in silence would be taken for what was asked.
func (f Filter) checkNames() error {
	var c errs.Check
	_, known := Sorts[f.Sort]
	if !known {
		_, known = f.fields.find(f.Sort)
	}
	c.That(f.Sort == "" || known, "sort", "There is no column of this name to sort by.")
	c.That(f.Rating == "" || rank(f.Rating) < len(Ratings), "rating", "Choose one of %s.", strings.Join(Ratings, ", "))
	return c.Err()
}

// readable refuses what no database can compare.
func (f Filter) readable() error {
	var c errs.Check
	for _, one := range []struct{ name, text string }{
		{"find", f.Find},
		{"under", f.Under},
		{"org_unit", f.OrgUnit},
		{"status", f.Status},
		{"phase", f.Phase},
		{"category", f.Category},
		{"rating", f.Rating},
		{"person", f.Person},
		{"group", f.Group},
		{"after", f.AfterKey + f.AfterID + f.AfterGroup},
	} {
		c.Fits(one.name, one.text, maxText*4)
		c.That(!strings.ContainsRune(one.text, 0) && utf8.ValidString(one.text), one.name, "This contains bytes that are no text. Please type it again.")
	}
	return c.Err()
}

// onlyNow refuses to ask the past what is kept of the present alone.
func (f Filter) onlyNow(today clock.Day) error {
	if f.now(today) {
		return nil
	}
	for _, c := range f.expr.conditions() {
		if a, _ := f.fields.find(c.Field); a.now() {
			return errs.OnField("where", "%s is searched as it stands now. Take the date away, or this condition.", a.Label)
		}
	}
	return nil
}

// rows reads the projects of one page.
func (p *Page) rows(ctx context.Context, v *work.View, f Filter) error {
	query, w := rowsQuery(f, v)
	rows, err := v.QueryContext(ctx, query, w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	return p.read(rows, f.limit())
}

// rowsQuery asks for one page and one row more, in the order of the groups and of the sort.
func rowsQuery(f Filter, v *work.View) (string, *sqldb.Where) {
	w, group, order, dir := &sqldb.Where{}, "''", "", ""
	from := "project_version v"
	if f.Group != "" {
		group, order, from = "v.group_key", "v.group_key, ", groupedVersions(f, v, w)
	}
	key, id, join := f.sorting(v, w)
	if f.Group == "" {
		f.whereInto(w, v)
	}
	f.after(w, key, id)
	if f.Desc {
		dir = " DESC"
	}
	return `SELECT v.project_id, ` + key + `, ` + group + `, q.confidential, q.vanished_from, q.version, COALESCE(g.name, ''), ` + factColumns +
		` FROM ` + from + ` JOIN project q ON q.id = v.project_id LEFT JOIN programme g ON g.id = v.parent_id` + join + w.SQL() +
		` ORDER BY ` + order + key + dir + `, ` + id + dir + ` LIMIT ` + w.Add(f.limit()+1), w
}

// sorting gives the sort key, the id beside it and what has to be joined for
// them. The keys of custom fields are those of today, so the past sorts by name.
func (f Filter) sorting(v *work.View, w *sqldb.Where) (key, id, join string) {
	if a, _ := f.fields.find(f.Sort); a.sortable && f.now(v.Today) {
		return "k.sort_key", "k.project_id", " JOIN project_custom_key k ON k.project_id = v.project_id AND k.field = " + w.Add(f.Sort)
	}
	return Sorts[f.sort()], "v.project_id", ""
}

// after begins a page behind the last row of the page before.
func (f Filter) after(w *sqldb.Where, key, id string) {
	if f.AfterID == "" {
		return
	}
	if f.Group == "" {
		w.AfterKey(key, id, f.Desc, f.AfterKey, f.AfterID)
		return
	}
	compare := "(" + key + ", " + id + ") > (?, ?)"
	if f.Desc {
		compare = "(" + key + ", " + id + ") < (?, ?)"
	}
	w.And("(v.group_key > ? OR v.group_key = ? AND "+compare+")", f.AfterGroup, f.AfterGroup, f.AfterKey, f.AfterID)
}

func (p *Page) read(rows *sql.Rows, limit int) error {
	var key, group string
	for rows.Next() {
		if len(p.Projects) == limit {
			p.NextKey, p.NextGroup, p.NextID = key, group, p.Projects[limit-1].ID
			break
		}
		var one Project
		facts, err := scanFacts(rows, &one.ID, &key, &group, &one.Confidential, &one.VanishedFrom, &one.Version, &one.Programme)
		if err != nil {
			return err
		}
		one.Facts, one.GroupKey = facts, group
		p.Projects = append(p.Projects, one)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return rows.Close()
}

func (f Filter) sort() string {
	if _, ok := Sorts[f.Sort]; ok {
		return f.Sort
	}
	return "name"
}

func (f Filter) limit() int {
	if f.Limit <= 0 {
		return pageSize
	}
	return min(f.Limit, maxPage)
}

func (w When) day(today clock.Day) clock.Day {
	if w.AsAt == "" {
		return today
	}
	return w.AsAt
}

// now reports whether it is today's facts as they are known now.
func (w When) now(today clock.Day) bool { return (w.AsAt == "" || w.AsAt == today) && w.KnownAt == 0 }

func (w When) check(today clock.Day) error {
	var c errs.Check
	if w.AsAt != "" {
		c.That(clock.ValidDay(w.AsAt), "as_at", "Enter a date such as 2026-03-31.")
		c.That(w.AsAt <= today, "as_at", "The register is read as at a past date or today.")
	}
	c.That(w.KnownAt >= 0, "known_at", "Enter a date such as 2026-03-31.")
	return c.Err()
}

func (f Filter) check(today clock.Day) error { return f.When.check(today) }

// conditions limits v to one rectangle of history per project.
func (w When) conditions(c *sqldb.Where, today clock.Day) {
	if w.now(today) {
		c.And("v.is_current = TRUE")
		return
	}
	day := w.day(today)
	c.And("v.valid_from <= ? AND v.valid_to > ?", day, day)
	if w.KnownAt == 0 {
		c.And("v.known_to = ?", knownEver)
		return
	}
	c.And("v.known_from <= ? AND v.known_to > ?", w.KnownAt, w.KnownAt)
}

func (f Filter) where(v *work.View) *sqldb.Where {
	w := &sqldb.Where{}
	f.whereInto(w, v)
	return w
}

func (f Filter) whereInto(w *sqldb.Where, v *work.View) {
	f.conditions(w, v.Today)
	v.Scope(w, "v.project_id")
	f.narrow(w, v)
}

// narrow adds what the filter asks for, whoever asks.
func (f Filter) narrow(w *sqldb.Where, v *work.View) {
	if f.Find != "" {
		like := "%" + likeEscaped(fold.Key(f.Find)) + "%"
		w.And("(v.name_key LIKE ? ESCAPE '!' OR v.code_key LIKE ? ESCAPE '!')", like, like)
	}
	if f.Under != "" {
		w.And("v.project_id IN (SELECT c.descendant_id FROM node_closure c WHERE c.ancestor_id = ?)", f.Under)
	}
	for _, eq := range []struct{ column, value string }{
		{"v.org_unit_key", fold.Sort(f.OrgUnit)},
		{"v.status_key", fold.Sort(f.Status)},
		{"v.phase_key", fold.Sort(f.Phase)},
		{"v.category_key", fold.Sort(f.Category)},
		{"v.rating", f.Rating},
	} {
		if eq.value != "" {
			w.And(eq.column+" = ?", eq.value)
		}
	}
	if f.Rating != "" && f.Sort == "rating" { // its place in the order, so that the others are not walked through
		w.And("v.rating_key = ?", strconv.Itoa(rank(f.Rating)))
	}
	if f.LiveOnly {
		w.And("v.status_key NOT IN ('closed', 'cancelled')")
	}
	if f.ClosedOnly {
		w.And("v.status_key IN ('closed', 'cancelled')")
	}
	if f.Vanished {
		w.And("v.project_id IN (SELECT id FROM project WHERE vanished_from <> '')")
	}
	if f.Person != "" {
		day := f.day(v.Today)
		w.And("v.project_id IN (SELECT a.project_id FROM assignment a WHERE a.person_id = ? AND a.from_on <= ? AND (a.to_on = '' OR a.to_on >= ?))", f.Person, day, day)
	}
	if !f.expr.None() {
		cond, values := f.asked(v).sql(f.expr)
		w.And(cond, values...)
	}
}

func (f Filter) asked(v *work.View) asked {
	return asked{fields: f.fields, me: v.Who.Person, day: f.day(v.Today), now: v.Now}
}

func (t *Total) add(o Total) {
	t.Projects += o.Projects
	t.Budget, t.WithBudget = t.Budget+o.Budget, t.WithBudget+o.WithBudget
	t.Forecast, t.WithForecast = t.Forecast+o.Forecast, t.WithForecast+o.WithForecast
	t.Cost, t.WithCost = t.Cost+o.Cost, t.WithCost+o.WithCost
}

// lastReport limits a report r to the newest of its project.
const lastReport = "r.period = (SELECT MAX(o.period) FROM v_report o WHERE o.project_id = r.project_id)"

// attachReports adds what the last report declared and what Cairn computed with
// it, in one query.
func attachReports(ctx context.Context, q sqldb.Querier, list []Project) error {
	if len(list) == 0 {
		return nil
	}
	place, w := map[string]int{}, sqldb.Where{}
	ids := make([]string, len(list))
	for i, p := range list {
		ids[i], place[p.ID] = p.ID, i
	}
	w.AndIn("r.project_id", ids)
	w.And(lastReport)
	rows, err := q.QueryContext(ctx, `SELECT r.project_id, r.declared, r.computed FROM v_report r`+w.SQL(), w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, declared, computed string
		if err := rows.Scan(&id, &declared, &computed); err != nil {
			return err
		}
		list[place[id]].Reported, list[place[id]].Computed = declared, computed
	}
	return rows.Err()
}

// attachPeople adds sponsor, project manager and PMO partner to a page of projects, in one query.
func attachPeople(ctx context.Context, q sqldb.Querier, list []Project, day clock.Day) error {
	if len(list) == 0 {
		return nil
	}
	ids := make([]string, len(list))
	place := map[string]int{}
	for i, p := range list {
		ids[i], place[p.ID] = p.ID, i
	}
	var w sqldb.Where
	w.AndIn("a.project_id", ids)
	w.And("a.kind IN ('project_manager', 'sponsor', 'pmo_partner') AND a.from_on <= ? AND (a.to_on = '' OR a.to_on >= ?)", day, day)
	people, err := listAssignments(ctx, q, &w, "a.project_id, a.from_on, a.id")
	for _, a := range people {
		p := &list[place[a.Project]]
		p.People = append(p.People, a)
	}
	return err
}
