package reading

import "testing"

func TestNumbersAreReadExactly(t *testing.T) {
	for _, c := range []struct {
		in      string
		decimal Decimal
		want    string // empty: refused
	}{
		{"1,250.50", Point, "1250.5"},
		{"1.250,50", Comma, "1250.5"},
		{" −7 ", Point, "-7"},
		{"-0.0", Point, "0"},
		{"1 000", Point, "1000"},
		{"1e3", Point, "1000"},
		{"0.0000001", Point, ""},
		{"12%", Point, ""},
		{"many", Point, ""},
		{"", Point, ""},
	} {
		got, err := Number(c.in, c.decimal)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%q: %q, %v; want %q", c.in, got, err, c.want)
		}
	}
}
