package transfer

import "testing"

func TestACurrencyIsACodeASignOrAReason(t *testing.T) {
	for cell, want := range map[string]Value{
		"gbp": {Text: "GBP"}, "£": {Text: "GBP"}, "US$": {Text: "USD"}, "SEK": {Text: "SEK"}, "": {}, "Pounds sterling": {Reason: "Pounds sterling"}, "$": {Reason: "$"}, "12": {Reason: "12"},
	} {
		if got := currency(cell); got != want {
			t.Errorf("%q is read as %+v, want %+v", cell, got, want)
		}
	}
}
