package ui

import "strconv"

// DiffRow is one line of a diff: what became, or would become, of one field of
// one thing. Note says why, or who said otherwise.
type DiffRow struct {
	Name, Href, Field, Before, After, Outcome, Note string
	Tone                                            string // of the outcome: g, a, r or empty
}

// Fact writes a value of a kind ("money" in minor units, "date", "rating",
// otherwise text) as pages show it; a missing value with its reason.
func Fact(kind, text, reason, currency string) string {
	switch {
	case text == "" && reason != "":
		return "missing: " + reason
	case text == "":
		return None
	case kind == "date":
		return DateFull(text)
	case kind == "rating":
		return RAGLabel(text)
	case kind == "money":
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return MoneyExact(n, currency)
		}
	}
	return text
}
