package portfolio

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cairn/internal/kit/errs"
)

// drawText gives texts that people and their enemies type.
func drawText(t *rapid.T) string {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"Live", "On hold", "Closed", "and", "or", "me", `say "hi"`, `back\slash`, "100%", "a_b", "it's", "(x)", "Kovařík – PM", "is empty", "§", "!", "?", "$1", "İstanbul", "Ünit"}),
		rapid.StringN(1, 12, 60),
	).Filter(func(s string) bool {
		return strings.TrimSpace(s) != "" && !strings.ContainsRune(s, 0) && strings.ToValidUTF8(s, "") == s
	}).Draw(t, "text")
}

func drawValue(t *rapid.T, a Askable, op Op) string {
	switch a.Sense {
	case OfDate:
		if op == InNext || op == InLast {
			return strconv.Itoa(rapid.IntRange(0, 900).Draw(t, "days"))
		}
		return rapid.SampledFrom([]string{"2024-02-29", "2025-12-31", "2026-01-01", "2026-11-24", "2027-06-30"}).Draw(t, "day")
	case OfMoney:
		return Decimal(rapid.Int64Range(-200, 400).Draw(t, "pence"))
	case OfNumber:
		return strconv.Itoa(rapid.IntRange(-5, 5).Draw(t, "number"))
	case OfDays:
		return strconv.Itoa(rapid.IntRange(0, 40).Draw(t, "days"))
	case OfGrade:
		return rapid.SampledFrom(Ratings).Draw(t, "rating")
	case OfYes:
		return rapid.SampledFrom([]string{"yes", "no"}).Draw(t, "yes")
	case OfPerson:
		return rapid.SampledFrom([]string{"me", "Mara Member", "p", "nobody"}).Draw(t, "person")
	case OfNode:
		return rapid.SampledFrom([]string{"All projects", "Rivers", "nowhere"}).Draw(t, "node")
	case OfText:
	}
	return drawText(t)
}

func drawExpr(t *rapid.T, fields Askables, depth int) Expr {
	if depth > 0 && rapid.IntRange(0, 2).Draw(t, "group") > 0 {
		join := rapid.SampledFrom([]Join{All, Any}).Draw(t, "join")
		var parts []Expr
		for range rapid.IntRange(2, 3).Draw(t, "parts") {
			parts = append(parts, drawExpr(t, fields, depth-1))
		}
		return Group(join, parts...)
	}
	a := rapid.SampledFrom(fields).Draw(t, "field")
	op := rapid.SampledFrom(a.Ops()).Draw(t, "op")
	least, most := places(op)
	var values []string
	for range rapid.IntRange(least, min(most, 3)).Draw(t, "values") {
		values = append(values, drawValue(t, a, op))
	}
	c, wrong := a.checked(op, values)
	if wrong != "" {
		t.Fatalf("%s %s %q: %s", a.Name, op, values, wrong)
	}
	return Expr{Cond: c}
}

func TestAFilterIsReadAsItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawExpr(t, builtIn, 3)
		if len(e.conditions()) > maxConditions || len(e.String()) > maxFilter {
			t.Skip("too long")
		}
		got, err := Askables(builtIn).Parse(e.String())
		if err != nil {
			t.Fatalf("%s: %v", e, err)
		}
		if !reflect.DeepEqual(got, e) {
			t.Fatalf("%s was read as %s", e, got)
		}
	})
}

func TestWhatIsWrongWithAFilterNamesThePlace(t *testing.T) {
	for in, want := range map[string]string{
		"statuss is Live":                             "At character 1, “statuss”",
		"status is Live budget > 5":                   "At character 16, “budget”: Here “and” or “or” is missing",
		"status like Live":                            "At character 8, “like”: After status comes one of: is,",
		"(status is Live":                             "At the end: A closing bracket is missing",
		"end before tomorrow":                         "At character 12, “tomorrow”: “tomorrow” is no date",
		"budget > lots":                               "“lots” is no amount",
		"rating is any of red, purple":                "“purple” is no rating",
		"end in the next many days":                   "is no number of days",
		"end between 2026-01-01":                      "needs a value after it",
		"status is":                                   "At the end",
		`name is "open`:                               "At character 9 a quotation begins that does not end",
		"name is a & b":                               "At character 11 stands “&”",
		"name is \x00":                                "bytes that are no text",
		"name is \xff":                                "bytes that are no text",
		strings.Repeat("x", maxFilter+1):              "longer than",
		strings.Repeat("(", maxDepth+1) + "name is a": "groups within groups",
		strings.Repeat("code is a or ", maxConditions) + "code is b": "at most 50 conditions",
	} {
		_, err := Askables(builtIn).Parse(in)
		f := errs.FieldsOf(err)
		if errs.KindOf(err) != errs.Invalid || len(f) != 1 || f[0].Name != "where" || !strings.Contains(f[0].Message, want) {
			t.Errorf("%.40q: %v, want %q", in, err, want)
		}
	}
}

func TestAFilterHasOneForm(t *testing.T) {
	for in, want := range map[string]string{
		"": "",
		`STATUS IS "Live" AND (Rating is any of RED,amber OR budget>=£1,000)`: "",
		`status is Live and (rating is any of red, amber or budget >= 1000)`:  `status is Live and (rating is any of red, amber or budget >= 1000.00)`,
		`a`:                                    "",
		`((code is a))`:                        `code is a`,
		`code is a or code is b and name is c`: `code is a or (code is b and name is c)`,
		`code is a and (code is b and code is c)`: `code is a and code is b and code is c`,
		`end in the next 90`:                      `end in the next 90 days`,
		`pmo_partner is ME`:                       `pmo_partner is me`,
		`status is "is"`:                          `status is "is"`,
		`end between 2026-01-01 and 2026-12-31 and phase is empty`: `end between 2026-01-01 and 2026-12-31 and phase is empty`,
	} {
		got, err := Askables(builtIn).Parse(in)
		if want == "" && in != "" {
			if err == nil {
				t.Errorf("%s was read as %s", in, got)
			}
			continue
		}
		if err != nil || got.String() != want {
			t.Errorf("%s: %s, %v; want %s", in, got, err, want)
		}
	}
}

// FuzzFilter holds that no text makes the reader fail in any other way than with
// words about the text, and that what it reads it reads again.
func FuzzFilter(f *testing.F) {
	for _, s := range []string{
		"", "status is Live", `status is "On hold" and (rating is any of red, amber or budget > 1000000)`, "end in the next 90 days or end is empty",
		"name is \x00", "name is \xff\xfe", `name is "`, "((((((", "and or and", "budget between 1 and 2 and code is x", "days_unchanged >= 30", "name is " + strings.Repeat("é", 200),
		"programme is under \"All projects\"", "sponsor is me", "<<==>>", `name is "\"`, `name contains "%_!"`, "status is any of a,b,,c",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := Askables(builtIn).Parse(s)
		if err != nil {
			if errs.KindOf(err) != errs.Invalid || len(errs.FieldsOf(err)) == 0 {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		cond, values := (asked{fields: builtIn, day: "2026-11-24"}).sql(e)
		if !e.None() && strings.Count(cond, "?") != len(values) {
			t.Fatalf("%q: %d places for %d values in %s", s, strings.Count(cond, "?"), len(values), cond)
		}
		again, err := Askables(builtIn).Parse(e.String())
		if len(e.String()) <= maxFilter && (err != nil || again.String() != e.String()) {
			t.Fatalf("%q was written as %q and read as %q, %v", s, e, again, err)
		}
	})
}
