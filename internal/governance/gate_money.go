package governance

import (
	"context"
	"database/sql"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/reading"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Released is the money that a decision released, in minor units.
type Released struct {
	Amount   sql.NullInt64 // not said if null
	Spent    sql.NullInt64 // actual cost when it was decided; unknown if null
	Currency string
}

// Limit is what may be spent in all while a condition of the decision is open: what
// was spent when it was taken and the percentage of what it released. Not ok where
// the decision or the register does not say enough.
func (r Released) Limit(pct int) (limit int64, ok bool) {
	if !r.Amount.Valid || !r.Spent.Valid || pct >= 100 {
		return 0, false
	}
	return r.Spent.Int64 + r.Amount.Int64/100*int64(pct) + r.Amount.Int64%100*int64(pct)/100, true
}

// Spending is what a project has spent beside what it may spend while a condition is
// open, in minor units.
type Spending struct {
	Project, Name string // of a list
	Limit, Spent  int64
	Currency      string
}

// Over is by how much the limit is passed; 0 while it is kept.
func (s Spending) Over() int64 { return max(0, s.Spent-s.Limit) }

// spending compares what was spent with the lowest limit of the decisions that have
// an open condition.
func (j *Journey) spending(spent sql.NullInt64, currency string, decisions []GateDecision) {
	for _, d := range decisions {
		limit, ok := d.Limit(d.SpendPct)
		if !ok || !spent.Valid || d.Currency != currency || !hasOpen(j.Conditions, d.Review) {
			continue
		}
		if j.Spending == nil || limit < j.Spending.Limit {
			j.Spending = &Spending{Limit: limit, Spent: spent.Int64, Currency: currency}
		}
	}
}

func hasOpen(list []Condition, review string) bool {
	for i := range list {
		if list[i].Review == review && list[i].Open() {
			return true
		}
	}
	return false
}

// released reads what a ruling releases and what the project has spent by then.
func released(ctx context.Context, q sqldb.Querier, project, typed string, conditional bool) (r Released, err error) {
	if typed == "" {
		return r, nil
	}
	a, err := reading.Money(typed, reading.Point, reading.Ones)
	switch {
	case err != nil:
		return r, errs.OnField("released", "Enter an amount such as 250,000.")
	case a.Minor < 0:
		return r, errs.OnField("released", "An amount that is released is not below zero.")
	case !conditional:
		return r, errs.OnField("released", "Only a conditional go holds a part of the money back. Leave it empty.")
	}
	r.Amount = sql.NullInt64{Int64: a.Minor, Valid: true}
	err = q.QueryRowContext(ctx, `SELECT actual, currency FROM v_project WHERE id = $1`, project).Scan(&r.Spent, &r.Currency)
	if err == nil && a.Currency != "" && a.Currency != r.Currency {
		return r, errs.OnField("released", "The money of this project is in %s.", r.Currency)
	}
	return r, err
}

// limitSQL is Released.Limit of a decision d.
const limitSQL = "d.spent_then + d.released / 100 * d.spend_limit_pct + d.released % 100 * d.spend_limit_pct / 100"

// overspent lists the reader's projects that spent more than they may.
func overspent(ctx context.Context, v *work.View) (out []Spending, err error) {
	w := whereScoped(v, "d.project_id")
	w.And("d.released IS NOT NULL AND d.spent_then IS NOT NULL AND d.currency = p.currency AND d.spend_limit_pct < 100")
	w.And("p.actual > " + limitSQL)
	w.And("EXISTS (SELECT 1 FROM gate_condition c WHERE c.project_id = d.project_id AND c.review_id = d.review_id AND c.state IN ('open', 'given'))")
	w.And("d.project_id"+mine, v.Who.Person, v.Today, v.Today)
	rows, err := v.QueryContext(ctx, `SELECT d.project_id, p.name, MIN(`+limitSQL+`), p.actual, p.currency
		FROM gate_decision d JOIN v_project p ON p.id = d.project_id`+w.SQL()+` GROUP BY d.project_id, p.name, p.actual, p.currency ORDER BY p.name, d.project_id LIMIT 10`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s Spending
		if err := rows.Scan(&s.Project, &s.Name, &s.Limit, &s.Spent, &s.Currency); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}
