package portfolio

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Settled is what the organisation has settled for its register.
type Settled struct {
	Currency    string // ISO 4217; empty for none
	RatingScale string // "3" or "5"; empty leaves it to the form
}

// Settled reads what the organisation has settled, for forms.
func (s *Service) Settled(ctx context.Context, who authz.Actor) (out Settled, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeRegister, authz.Instance); err != nil {
			return err
		}
		out, err = settled(ctx, v)
		return err
	})
	return out, err
}

func settled(ctx context.Context, q sqldb.Querier) (out Settled, err error) {
	err = q.QueryRowContext(ctx, `SELECT currency, rating_scale FROM v_organisation`).Scan(&out.Currency, &out.RatingScale)
	return out, err
}

// usualCurrency is what a new project's money is in when whoever states it says
// nothing about a currency at all. It is said by Cairn and not by the source,
// so that the source's own words stay comparable.
func usualCurrency(ctx context.Context, q sqldb.Querier, facts Facts) (string, error) {
	if !facts.needsCurrency() {
		return "", nil
	}
	out, err := settled(ctx, q)
	return out.Currency, err
}

// needsCurrency reports whether money is stated and nothing about its currency.
func (f Facts) needsCurrency() bool {
	_, said := f[Currency]
	return !said && f.HasMoney()
}

// HasMoney reports whether any amount is stated.
func (f Facts) HasMoney() bool {
	return f.Text(Budget) != "" || f.Text(Forecast) != "" || f.Text(Actual) != ""
}

// OnScale are the ratings of a scale, worst first; all of them when it is open.
func OnScale(scale string) []string {
	if scale == "3" {
		return []string{"red", "amber", "green"}
	}
	return Ratings
}
