package portfolioweb

import (
	"testing"

	"cairn/internal/portfolio"
)

// A column of money says in what it is where the page has several currencies, and
// writes nothing as zero that is not; amounts of the organisation's own stand in full.
func TestMoneyInAListSaysWhatItIs(t *testing.T) {
	facts := func(budget, currency, grant string) portfolio.Project {
		return portfolio.Project{Facts: portfolio.Facts{portfolio.Budget: {Text: budget}, portfolio.Currency: {Text: currency}, "x_grant": {Text: grant}}}
	}
	one := portfolio.Page{Projects: []portfolio.Project{
		facts("10000000", "GBP", "100000"), facts("-250000000", "GBP", "-2055"), facts("499999", "GBP", ""), facts("-1", "GBP", ""), facts("0", "GBP", ""), facts("", "", ""),
	}}
	two := portfolio.Page{Projects: append([]portfolio.Project{facts("500000", "EUR", "")}, one.Projects...)}
	budget := column{Info: portfolio.FieldInfo{Field: portfolio.Budget, Type: portfolio.Money}}
	grant := column{Info: portfolio.FieldInfo{Field: "x_grant", Type: portfolio.Money, Custom: true}}
	for _, c := range []struct {
		what string
		of   column
		page portfolio.Page
		want []string
	}{
		{"one currency", budget, one, []string{"0.10", "−2.50", "<0.01", ">−0.01", "0.00", "–"}},
		{"two currencies", budget, two, []string{"€0.01", "£0.10", "−£2.50", "£<0.01", "£>−0.01", "£0.00", "–"}},
		{"a field of one's own", grant, one, []string{"£1,000.00", "−£20.55", "–", "–", "–", "–"}},
	} {
		for i, p := range c.page.Projects {
			if got := c.of.text(p, listView{Page: c.page}); got != c.want[i] {
				t.Errorf("%s: row %d reads %q, want %q", c.what, i, got, c.want[i])
			}
		}
	}
}
