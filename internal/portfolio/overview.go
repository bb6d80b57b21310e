package portfolio

import (
	"context"
	"sort"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/directory"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/work"
)

// Share is what stands directly below one programme or portfolio.
type Share struct {
	ID, Name, Portfolio      string
	Live, All                int
	Ratings                  map[string]int // of the live ones
	Budget, Forecast, Actual int64          // of the live ones, in minor units
	WithBudget, WithForecast int
	WithActual               int
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
		cells, err := tallies(ctx, v, Filter{})
		if err != nil {
			return err
		}
		o.Live.Ratings = map[string]int{}
		for _, c := range cells {
			if c.Live {
				o.Live.Count += c.Projects
				o.Live.Ratings[c.Rating] += c.Projects
				o.Live.Totals = addTotal(o.Live.Totals, c.Total)
			}
		}
		o.MayAdd, o.MayMake = v.Can(ctx, AddProject, authz.Instance), v.Can(ctx, Organise, authz.Instance)
		o.Shares, err = shares(ctx, v, cells)
		return err
	})
	return o, err
}

func shares(ctx context.Context, v *work.View, cells []counted) ([]Share, error) {
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
	countShares(cells, byID)
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

func countShares(cells []counted, byID map[string]*Share) {
	for _, c := range cells {
		one := byID[c.Parent]
		if one == nil {
			continue // a project one sees below a programme one does not see
		}
		one.All += c.Projects
		if !c.Live {
			continue
		}
		currency := c.Total.Currency
		if one.Live > 0 && one.Currency != currency {
			currency = ""
		}
		one.Currency = currency
		one.Live += c.Projects
		one.Ratings[c.Rating] += c.Projects
		one.Budget, one.WithBudget = one.Budget+c.Budget, one.WithBudget+c.WithBudget
		one.Forecast, one.WithForecast = one.Forecast+c.Forecast, one.WithForecast+c.WithForecast
		one.Actual, one.WithActual = one.Actual+c.Cost, one.WithActual+c.WithCost
	}
}

// Directory lists the people whom a form proposes.
func (s *Service) Directory(ctx context.Context, who authz.Actor) (out []directory.Person, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeRegister, authz.Instance); err != nil {
			return err
		}
		out, err = directory.List(ctx, v)
		return err
	})
	return out, err
}

// PersonNamed finds the person of a typed name or id; nobody for no name. The field is
// named in the error when there is none, or more than one.
func (s *Service) PersonNamed(ctx context.Context, who authz.Actor, field, name string) (id string, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeRegister, authz.Instance); err != nil {
			return err
		}
		id, err = directory.Named(ctx, v, field, name)
		return err
	})
	return id, err
}
