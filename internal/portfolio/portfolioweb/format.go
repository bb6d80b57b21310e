package portfolioweb

import (
	"strconv"
	"strings"

	"cairn/internal/kit/ui"
	"cairn/internal/portfolio"
)

// shown is a fact as a page shows it. The names are those of the people whom
// custom fields name.
func shown(f portfolio.Facts, info portfolio.FieldInfo, names map[string]string) string {
	v := f[info.Field]
	if v.Text == "" {
		if v.Reason != "" {
			return "missing: " + v.Reason
		}
		return ui.None
	}
	switch info.Type {
	case portfolio.Money:
		n, _ := f.Money(info.Field)
		return ui.MoneyExact(n, f.Text(portfolio.Currency))
	case portfolio.Date:
		return ui.DateFull(v.Text)
	case portfolio.OfRating:
		return ui.RAGLabel(v.Text)
	case portfolio.Number:
		return groupedNumber(v.Text)
	case portfolio.PersonRef:
		return or(names[v.Text], "somebody who is no longer known")
	case portfolio.Text, portfolio.LongText, portfolio.OfScale, portfolio.Node, portfolio.Choice:
	}
	return v.Text
}

// typed is a fact as a form's box holds it: money as a plain decimal.
func typed(v portfolio.Value, t portfolio.Type) string {
	if t != portfolio.Money || v.Text == "" {
		return v.Text
	}
	n, err := strconv.ParseInt(v.Text, 10, 64)
	if err != nil {
		return v.Text // what was typed and could not be read
	}
	return portfolio.Decimal(n)
}

func millions(f portfolio.Facts, name portfolio.Field) string {
	if n, ok := f.Money(name); ok {
		return ui.Millions(n)
	}
	return ui.None
}

// over says how many of how many a sum is over.
func over(sum int64, with, of int, currency string) string {
	s := ui.Money(sum, currency)
	if with < of {
		s += " over " + strconv.Itoa(with) + " of " + strconv.Itoa(of)
	}
	return s
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// forecastChange is forecast against budget in percent, with its sign.
func forecastChange(f portfolio.Facts) string {
	budget, okB := f.Money(portfolio.Budget)
	forecast, okF := f.Money(portfolio.Forecast)
	if !okB || !okF || budget <= 0 {
		return ""
	}
	pct := (forecast - budget) * 100 / budget
	switch {
	case pct > 0:
		return "+" + strconv.FormatInt(pct, 10) + "%"
	case pct < 0:
		return "−" + strconv.FormatInt(-pct, 10) + "%"
	}
	return "0%"
}

// groupedNumber writes a plain decimal with its thousands apart: 12,500.5.
func groupedNumber(s string) string {
	whole, part, cut := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return s
	}
	out := ui.Grouped(n)
	if n == 0 && strings.HasPrefix(whole, "-") {
		out = "−0"
	}
	if cut {
		out += "." + part
	}
	return out
}
