package portfolio

import (
	"context"
	"database/sql"
	"errors"
	"sort"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Share is what stands directly below one programme or portfolio.
type Share struct {
	ID, Name, Portfolio      string
	Live, All                int
	Ratings                  map[string]int // of the live ones
	Budget, Forecast         int64          // of the live ones
	WithBudget, WithForecast int
	Currency                 string // empty if mixed
}

// Overview is the portfolio on a page, as far as the register knows it.
type Overview struct {
	Shares  []Share
	Live    Page // totals over the live projects
	MayAdd  bool
	MayMake bool // portfolios and programmes
}

// Overview reads the portfolio with its programmes.
func (s *Service) Overview(ctx context.Context, who authz.Actor) (o Overview, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeRegister, authz.Instance); err != nil {
			return err
		}
		if o.Live.Totals, o.Live.Ratings, err = totals(ctx, v, Filter{LiveOnly: true}); err != nil {
			return err
		}
		for _, t := range o.Live.Totals {
			o.Live.Count += t.Projects
		}
		o.MayAdd, o.MayMake = v.Can(ctx, AddProject, authz.Instance), v.Can(ctx, Organise, authz.Instance)
		o.Shares, err = shares(ctx, v)
		return err
	})
	return o, err
}

func shares(ctx context.Context, v *work.View) ([]Share, error) {
	tree, err := readTree(ctx, v)
	if err != nil {
		return nil, err
	}
	byID := map[string]*Share{}
	for _, f := range tree.Portfolios {
		byID[f.ID] = &Share{ID: f.ID, Portfolio: f.Name, Ratings: map[string]int{}}
	}
	for _, g := range tree.Programmes {
		byID[g.ID] = &Share{ID: g.ID, Name: g.Name, Portfolio: g.PortfolioName, Ratings: map[string]int{}}
	}
	if err := countShares(ctx, v, byID); err != nil {
		return nil, err
	}
	out := make([]Share, 0, len(byID))
	for _, one := range byID {
		if one.All > 0 || one.Name != "" {
			out = append(out, *one)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := fold.Key(out[i].Portfolio)+"\x00"+fold.Key(out[i].Name), fold.Key(out[j].Portfolio)+"\x00"+fold.Key(out[j].Name)
		return a < b || a == b && out[i].ID < out[j].ID
	})
	return out, nil
}

func countShares(ctx context.Context, v *work.View, byID map[string]*Share) error {
	var w sqldb.Where
	When{}.conditions(&w, v.Today)
	v.Scope(&w, "v.project_id")
	rows, err := v.QueryContext(ctx, `SELECT v.parent_id, v.rating, v.currency, CASE WHEN v.status_key IN ('closed', 'cancelled') THEN 0 ELSE 1 END AS live, COUNT(*),
		COUNT(v.budget), CAST(COALESCE(SUM(v.budget), 0) AS BIGINT), COUNT(v.forecast), CAST(COALESCE(SUM(v.forecast), 0) AS BIGINT)
		FROM project_version v`+w.SQL()+` GROUP BY v.parent_id, v.rating, v.currency, CASE WHEN v.status_key IN ('closed', 'cancelled') THEN 0 ELSE 1 END`, w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var parent, rating, currency string
		var live, n, withBudget, withForecast int
		var budget, forecast int64
		if err := rows.Scan(&parent, &rating, &currency, &live, &n, &withBudget, &budget, &withForecast, &forecast); err != nil {
			return err
		}
		one := byID[parent]
		if one == nil {
			continue // a project one sees below a programme one does not see
		}
		one.All += n
		if live == 1 {
			if one.Live > 0 && one.Currency != currency {
				currency = ""
			}
			one.Currency = currency
			one.Live += n
			one.Ratings[rating] += n
			one.Budget, one.WithBudget = one.Budget+budget, one.WithBudget+withBudget
			one.Forecast, one.WithForecast = one.Forecast+forecast, one.WithForecast+withForecast
		}
	}
	return rows.Err()
}

// Named is a person by name, for choosing one.
type Named struct{ ID, Name string }

// directorySize is how many names a form offers; beyond it the name is typed.
const directorySize = 1000

// Directory lists the people who are here, for a form that names one.
func (s *Service) Directory(ctx context.Context, who authz.Actor) (out []Named, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeRegister, authz.Instance); err != nil {
			return err
		}
		rows, err := v.QueryContext(ctx, `SELECT id, name FROM v_person WHERE left_on = '' AND NOT erased ORDER BY name_key, id LIMIT $1`, directorySize)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var n Named
			if err := rows.Scan(&n.ID, &n.Name); err != nil {
				return err
			}
			out = append(out, n)
		}
		return rows.Err()
	})
	return out, err
}

// PersonNamed finds the person of a typed name; nobody for no name. The field is named in the error
// when there is none, or more than one.
func (s *Service) PersonNamed(ctx context.Context, who authz.Actor, field, name string) (id string, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeRegister, authz.Instance); err != nil || name == "" {
			return err
		}
		var n int
		err := v.QueryRowContext(ctx, `SELECT MIN(id), COUNT(*) FROM v_person WHERE NOT erased AND (name_key = $1 OR id = $2) HAVING COUNT(*) > 0`, fold.Sort(name), name).Scan(&id, &n)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return errs.OnField(field, "There is nobody of this name in the directory. Add them under People first.")
		case err == nil && n > 1:
			return errs.OnField(field, "%d people have this name. Open the one you mean under People and use the id in the address.", n)
		}
		return err
	})
	return id, err
}
