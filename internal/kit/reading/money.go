package reading

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"unicode"
)

// Amount is money in minor units (pence) with the currency that the text names.
type Amount struct {
	Minor    int64
	Currency string // ISO 4217; empty if the text names none
}

// Unit multiplies amounts of a column that counts in thousands, millions or billions.
type Unit int64

// The units.
const (
	Ones      Unit = 1
	Thousands Unit = 1_000
	Millions  Unit = 1_000_000
	Billions  Unit = 1_000_000_000
)

// Decimal is which sign stands before the pence.
type Decimal byte

// The decimal signs; Point unless a column shows otherwise.
const (
	Point Decimal = '.'
	Comma Decimal = ','
)

var (
	symbols = []struct{ sign, currency string }{
		{"a$", "AUD"},
		{"au$", "AUD"},
		{"us$", "USD"},
		{"hk$", "HKD"},
		{"s$", "SGD"},
		{"r$", "BRL"},
		{"nz$", "NZD"},
		{"c$", "CAD"},
		{"£", "GBP"},
		{"€", "EUR"},
		{"$", ""},
		{"¥", "JPY"},
		{"₹", "INR"},
		{"kr", ""},
	}
	codes = strings.Fields("gbp eur usd aud chf nzd cad sgd inr zar sek nok dkk pln")
	// A pound sign of Windows-1252 that somebody read as something else.
	broken    = strings.NewReplacer("Â£", "£", "\u0141", "£", "\ufffd", "", "\u0080", "€", "â‚¬", "€")
	plain     = regexp.MustCompile(`^\d+(\.\d+)?(e[+-]?\d{1,2})?$`)
	grouped   = regexp.MustCompile(`^\d{1,3}([,' ]\d{2,3})*[,' ]\d{3}(\.\d+)?$|^\d+([,' ]\d{3})*(\.\d*)?$`)
	dotGroups = regexp.MustCompile(`^[1-9]\d{0,2}(\.\d{3})+$`)
	euroStyle = regexp.MustCompile(`^\d{1,3}([. ']\d{3})*,\d{1,2}$`)
	suffixes  = []struct {
		word string
		unit int64
	}{
		{"billion", 1e9}, {"million", 1e6}, {"thousand", 1e3}, {"bn", 1e9}, {"mn", 1e6}, {"mio", 1e6}, {"m", 1e6}, {"k", 1e3}, {"b", 1e9},
	}
)

// Marks gathers what the values of a column say about the decimal sign:
// "1.234,50" says comma, "1,234.50" the opposite.
type Marks struct{ comma, point, dots int }

// Add looks at one value.
func (m *Marks) Add(v string) {
	switch s := digitsOf(v); {
	case strings.Count(s, ".") > 1 && dotGroups.MatchString(s):
		m.comma++ // the points group
	case dotGroups.MatchString(s):
		m.dots++
	case euroStyle.MatchString(s) && !plain.MatchString(s):
		m.comma++
	case strings.Contains(s, "."):
		m.point++
	}
}

// Decimal is what the values settle.
func (m *Marks) Decimal() Decimal {
	if m.comma > m.point {
		return Comma
	}
	return Point
}

// Dots tells that all that the values show are points before three digits: "1.234"
// is a little more than one, or more than a thousand.
func (m *Marks) Dots() bool { return m.dots > 0 && m.comma == 0 && m.point == 0 }

func digitsOf(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return !unicode.IsDigit(r) })
}

// Money reads an amount. It rounds half away from zero to the minor unit and
// does so exactly, on the decimal text.
func Money(s string, decimal Decimal, unit Unit) (Amount, error) {
	text := strings.ToLower(strings.TrimSpace(broken.Replace(strings.ReplaceAll(s, "\u00a0", " "))))
	text, negative := cutBrackets(text)
	var a Amount
	text, a.Currency = stripCurrency(text)
	if t, cut := cutBrackets(text); cut {
		negative, text = !negative, t
	}
	if t, cut := cutMinus(text); cut {
		negative, text = !negative, t
	}
	if a.Currency == "" {
		text, a.Currency = stripCurrency(text)
	}
	factor := int64(unit)
	for _, x := range suffixes {
		if t, ok := strings.CutSuffix(text, x.word); ok && strings.TrimSpace(t) != "" {
			text, factor = strings.TrimSpace(t), x.unit
			break
		}
	}
	value, ok := exact(text, decimal)
	if !ok {
		return Amount{}, fmt.Errorf("%q is not an amount", clip(s))
	}
	minor := round(value.Mul(value, big.NewRat(factor*100, 1)))
	if !minor.IsInt64() {
		return Amount{}, fmt.Errorf("%q is too large", clip(s))
	}
	a.Minor = minor.Int64()
	if negative {
		a.Minor = -a.Minor
	}
	return a, nil
}

// cutBrackets takes the brackets off in which bookkeepers write what is negative.
func cutBrackets(s string) (string, bool) {
	if len(s) > 2 && s[0] == '(' && s[len(s)-1] == ')' {
		return strings.TrimSpace(s[1 : len(s)-1]), true
	}
	return s, false
}

func cutMinus(s string) (string, bool) {
	for _, sign := range []string{"-", "−", "–"} {
		if t, ok := strings.CutPrefix(s, sign); ok {
			return strings.TrimSpace(t), true
		}
	}
	if t, cut := strings.CutSuffix(s, "-"); cut && t != "" { // as bookkeeping programs print it
		return strings.TrimSpace(t), true
	}
	return s, false
}

func stripCurrency(s string) (string, string) {
	for _, x := range symbols {
		if t, ok := cutEither(s, x.sign); ok {
			return t, x.currency
		}
	}
	for _, code := range codes {
		if t, ok := cutEither(s, code); ok {
			return t, strings.ToUpper(code)
		}
	}
	return s, ""
}

func cutEither(s, sign string) (string, bool) {
	t, ok := strings.CutPrefix(s, sign)
	if !ok {
		t, ok = strings.CutSuffix(s, sign)
	}
	return strings.TrimSpace(t), ok
}

func exact(s string, decimal Decimal) (*big.Rat, bool) {
	if len(s) > 40 {
		return nil, false
	}
	if decimal == Comma {
		s = strings.NewReplacer(".", "", "'", "", " ", "", ",", ".").Replace(s)
	}
	if !plain.MatchString(s) {
		if !grouped.MatchString(s) {
			return nil, false
		}
		s = strings.TrimSuffix(strings.NewReplacer(",", "", "'", "", " ", "").Replace(s), ".")
	}
	return new(big.Rat).SetString(s)
}

// round gives the nearest whole number, halves away from zero; r is not negative.
func round(r *big.Rat) *big.Int {
	twice := new(big.Int).Mul(r.Num(), big.NewInt(2))
	twice.Add(twice, r.Denom())
	return twice.Quo(twice, new(big.Int).Mul(r.Denom(), big.NewInt(2)))
}
