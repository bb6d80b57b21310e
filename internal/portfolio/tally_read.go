package portfolio

import (
	"context"

	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// capped is up to how many projects a free filter is counted; beyond it the
// list says "more than 1,000" and gives no sums.
const capped = 1000

const totalColumns = `COUNT(*), COUNT(v.budget), CAST(COALESCE(SUM(v.budget), 0) AS BIGINT), COUNT(v.forecast),
	CAST(COALESCE(SUM(v.forecast), 0) AS BIGINT), COUNT(v.actual), CAST(COALESCE(SUM(v.actual), 0) AS BIGINT)`

func (t *Total) places() []any {
	return []any{&t.Projects, &t.WithBudget, &t.Budget, &t.WithForecast, &t.Forecast, &t.WithCost, &t.Cost}
}

// tallied reports whether the counts of a list are kept at write time.
func (f Filter) tallied(v *work.View) bool {
	return f.now(v.Today) && f.expr.None() && !f.Vanished &&
		f.Find == "" && f.OrgUnit == "" && f.Status == "" && f.Phase == "" && f.Category == "" && f.Person == ""
}

// tallies reads what the reader's list counts, cell by cell: what is open to
// everybody from the tally, and their own confidential projects one by one.
func tallies(ctx context.Context, v *work.View, f Filter) ([]counted, error) {
	w := &sqldb.Where{}
	all := v.Who.SeesConfidential()
	if !all {
		w.And("t.hidden = FALSE")
	}
	f.talliedConditions(w)
	out, err := readCells(ctx, v, `SELECT t.parent_id, CASE WHEN t.live = TRUE THEN 1 ELSE 0 END, t.rating, t.currency, t.projects, t.with_budget, t.budget, t.with_forecast, t.forecast, t.with_actual, t.actual
		FROM project_tally t`, w, ` ORDER BY t.currency, t.parent_id`)
	if err != nil || all {
		return out, err
	}
	own := &sqldb.Where{}
	f.conditions(own, v.Today)
	v.Confidential(own, "v.project_id")
	f.narrow(own, v)
	mine, err := readCells(ctx, v, `SELECT v.parent_id, `+liveSQL+` AS live, v.rating, v.currency, `+totalColumns+` FROM project_version v`, own,
		` GROUP BY v.parent_id, `+liveSQL+`, v.rating, v.currency ORDER BY v.currency, v.parent_id`)
	return append(out, mine...), err
}

func (f Filter) talliedConditions(w *sqldb.Where) {
	if f.Under != "" {
		w.And("(t.parent_id = ? OR t.parent_id IN (SELECT g.id FROM programme g WHERE g.portfolio_id = ?))", f.Under, f.Under)
	}
	if f.Rating != "" {
		w.And("t.rating = ?", f.Rating)
	}
	if f.LiveOnly {
		w.And("t.live = TRUE")
	}
	if f.ClosedOnly {
		w.And("t.live = FALSE")
	}
}

func readCells(ctx context.Context, q sqldb.Querier, query string, w *sqldb.Where, rest string) ([]counted, error) {
	rows, err := q.QueryContext(ctx, query+w.SQL()+rest, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []counted
	for rows.Next() {
		var c counted
		var live int
		if err := rows.Scan(append([]any{&c.Parent, &live, &c.Rating, &c.cell.Currency}, c.places()...)...); err != nil {
			return nil, err
		}
		c.Live, c.Total.Currency = live == 1, c.cell.Currency
		if c.Projects != 0 {
			out = append(out, c)
		}
	}
	return out, rows.Err()
}

// counts fills in how many projects the list has over all pages and what they
// sum up to: from the tally where it can, else up to a limit.
func (p *Page) counts(ctx context.Context, v *work.View, f Filter) (err error) {
	var cells []counted
	switch {
	case !f.tallied(v):
		cells, err = countUpTo(ctx, v, f)
	case f.Under != "":
		cells, err = tallies(ctx, v, f)
	default: // the tabs count the whole of it
		p.whole, err = tallies(ctx, v, Filter{})
		for _, c := range p.whole {
			if (f.Rating == "" || c.Rating == f.Rating) && (!f.LiveOnly || c.Live) && (!f.ClosedOnly || !c.Live) {
				cells = append(cells, c)
			}
		}
	}
	if err != nil {
		return err
	}
	p.Ratings = map[string]int{}
	for _, c := range cells {
		p.Count += c.Projects
		p.Ratings[c.Rating] += c.Projects
		p.Totals = addTotal(p.Totals, c.Total)
	}
	if !f.tallied(v) && p.Count > capped {
		p.Count, p.More, p.Totals, p.Ratings = capped, true, nil, map[string]int{}
	}
	return nil
}

// Summed adds a project to sums per currency.
func Summed(list []Total, p Project) []Total {
	t := Total{Currency: p.Facts.Text(Currency), Projects: 1}
	for _, c := range []struct {
		field Field
		sum   *int64
		with  *int
	}{{Budget, &t.Budget, &t.WithBudget}, {Forecast, &t.Forecast, &t.WithForecast}, {Actual, &t.Cost, &t.WithCost}} {
		if n, ok := p.Facts.Money(c.field); ok {
			*c.sum, *c.with = n, 1
		}
	}
	return addTotal(list, t)
}

func addTotal(list []Total, t Total) []Total {
	for i := range list {
		if list[i].Currency == t.Currency {
			list[i].add(t)
			return list
		}
	}
	return append(list, t)
}

// countUpTo counts the projects of any filter, and stops beyond the limit. Text is
// sought in the order of names: the index by name holds all that is compared, and
// the rows of those that fit are read alone.
func countUpTo(ctx context.Context, v *work.View, f Filter) ([]counted, error) {
	w, order := f.where(v), ""
	if f.Find != "" {
		order = " ORDER BY v.name_key, v.project_id"
	}
	return readCells(ctx, v, `SELECT '', 0, v.rating, v.currency, `+totalColumns+` FROM (SELECT v.rating, v.currency, v.budget, v.forecast, v.actual FROM project_version v`, w,
		order+` LIMIT `+w.Add(capped+1)+`) v GROUP BY v.rating, v.currency ORDER BY v.currency`)
}

// withheld is how many projects of the whole register the reader may not see. It
// is said of the whole alone: of a part it would say which.
func withheld(ctx context.Context, v *work.View, seen int) (int, error) {
	if v.Who.SeesConfidential() {
		return 0, nil
	}
	var all int
	err := v.QueryRowContext(ctx, `SELECT CAST(COALESCE(SUM(t.projects), 0) AS BIGINT) FROM project_tally t`).Scan(&all)
	return max(all-seen, 0), err
}
