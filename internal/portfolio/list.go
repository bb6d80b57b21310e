package portfolio

import (
	"context"
	"database/sql"

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
	Vanished, LiveOnly                                    bool
	Sort                                                  string // a key of Sorts; by name otherwise
	Desc                                                  bool
	AfterKey, AfterID                                     string
	Limit                                                 int // at most maxPage; 0 is pageSize
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
	Count    int // over all pages
	Ratings  map[string]int
	Totals   []Total           // one per currency
	Names    map[string]string // of the people whom custom fields name, by id
	NextKey  string
	NextID   string // empty on the last page
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
	if err := f.check(v.Today); err != nil {
		return page, err
	}
	if page.Totals, page.Ratings, err = totals(ctx, v, f); err != nil {
		return page, err
	}
	for _, t := range page.Totals {
		page.Count += t.Projects
	}
	w := &sqldb.Where{}
	key, id, join, err := f.sorting(ctx, v, w)
	if err != nil {
		return page, err
	}
	f.whereInto(w, v)
	if f.AfterID != "" {
		w.AfterKey(key, id, f.Desc, f.AfterKey, f.AfterID)
	}
	order := key + ", " + id
	if f.Desc {
		order = key + " DESC, " + id + " DESC"
	}
	limit := f.limit()
	rows, err := v.QueryContext(ctx, `SELECT v.project_id, `+key+`, q.confidential, q.vanished_from, q.version, COALESCE(g.name, ''), `+factColumns+
		` FROM project_version v JOIN project q ON q.id = v.project_id LEFT JOIN programme g ON g.id = v.parent_id`+join+w.SQL()+
		` ORDER BY `+order+` LIMIT `+w.Add(limit+1), w.Values()...)
	if err != nil {
		return page, err
	}
	defer rows.Close()
	if err := page.read(rows, limit); err != nil {
		return page, err
	}
	facts := make([]Facts, len(page.Projects))
	for i, p := range page.Projects {
		facts[i] = p.Facts
	}
	if page.Names, err = namesOf(ctx, v, facts...); err != nil {
		return page, err
	}
	return page, attachPeople(ctx, v, page.Projects, f.day(v.Today))
}

// sorting gives the sort key, the id beside it and what has to be joined for
// them. The keys of custom fields are those of today, so the past sorts by name.
func (f Filter) sorting(ctx context.Context, v *work.View, w *sqldb.Where) (key, id, join string, err error) {
	if field := Field(f.Sort); field.IsCustom() && f.now(v.Today) {
		ok, err := sortsBy(ctx, v, field)
		if err != nil {
			return "", "", "", err
		}
		if ok {
			return "k.sort_key", "k.project_id", " JOIN project_custom_key k ON k.project_id = v.project_id AND k.field = " + w.Add(f.Sort), nil
		}
	}
	return Sorts[f.sort()], "v.project_id", "", nil
}

func (p *Page) read(rows *sql.Rows, limit int) error {
	var key string
	for rows.Next() {
		if len(p.Projects) == limit {
			p.NextKey, p.NextID = key, p.Projects[limit-1].ID
			break
		}
		var one Project
		facts, err := scanFacts(rows, &one.ID, &key, &one.Confidential, &one.VanishedFrom, &one.Version, &one.Programme)
		if err != nil {
			return err
		}
		one.Facts = facts
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
	if f.LiveOnly {
		w.And("v.status_key NOT IN ('closed', 'cancelled')")
	}
	if f.Vanished {
		w.And("v.project_id IN (SELECT id FROM project WHERE vanished_from <> '')")
	}
	if f.Person != "" {
		day := f.day(v.Today)
		w.And("v.project_id IN (SELECT a.project_id FROM assignment a WHERE a.person_id = ? AND a.from_on <= ? AND (a.to_on = '' OR a.to_on >= ?))", f.Person, day, day)
	}
}

func totals(ctx context.Context, v *work.View, f Filter) ([]Total, map[string]int, error) {
	w := f.where(v)
	rows, err := v.QueryContext(ctx, `SELECT v.currency, v.rating, COUNT(*), COUNT(v.budget), CAST(COALESCE(SUM(v.budget), 0) AS BIGINT), COUNT(v.forecast),
		CAST(COALESCE(SUM(v.forecast), 0) AS BIGINT), COUNT(v.actual), CAST(COALESCE(SUM(v.actual), 0) AS BIGINT)
		FROM project_version v`+w.SQL()+` GROUP BY v.currency, v.rating ORDER BY v.currency`, w.Values()...)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	var out []Total
	ratings := map[string]int{}
	for rows.Next() {
		var t Total
		var rating string
		if err := rows.Scan(&t.Currency, &rating, &t.Projects, &t.WithBudget, &t.Budget, &t.WithForecast, &t.Forecast, &t.WithCost, &t.Cost); err != nil {
			return nil, nil, err
		}
		ratings[rating] += t.Projects
		if last := len(out) - 1; last >= 0 && out[last].Currency == t.Currency {
			out[last].add(t)
		} else {
			out = append(out, t)
		}
	}
	return out, ratings, rows.Err()
}

func (t *Total) add(o Total) {
	t.Projects += o.Projects
	t.Budget, t.WithBudget = t.Budget+o.Budget, t.WithBudget+o.WithBudget
	t.Forecast, t.WithForecast = t.Forecast+o.Forecast, t.WithForecast+o.WithForecast
	t.Cost, t.WithCost = t.Cost+o.Cost, t.WithCost+o.WithCost
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
