package portfolioweb

import (
	"net/url"
	"strconv"
	"testing"

	"cairn/internal/portfolio"
)

// sent gives the form as a browser sends it.
func sent(b builder) url.Values {
	q := url.Values{"b_join": {string(b.Join)}}
	for g, group := range b.Groups {
		q.Set("b_g"+strconv.Itoa(g), string(group.Join))
		for i, row := range group.Rows {
			q.Set("b_f"+box(g, i), row.Field)
			q.Set("b_o"+box(g, i), row.Op)
			q.Set("b_v"+box(g, i), row.Value)
			q.Set("b_u"+box(g, i), row.Until)
		}
	}
	return q
}

var usualFields = portfolio.BuiltIn()

func TestTheFormSaysWhatTheTextSays(t *testing.T) {
	for text, deep := range map[string]bool{
		"":               false,
		"status is Live": false,
		`status is Live and (rating is any of red, amber or budget > 1000.00) and end in the next 90 days`: false,
		`(code is a and phase is empty) or (code is b and sponsor is me)`:                                  false,
		`end between 2026-01-01 and 2026-12-31 or status is any of "Live, nearly", Closed`:                 false,
		`code is a and (code is b or (code is c and code is d))`:                                           true,
	} {
		e, err := usualFields.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		b := builderOf(e)
		if b.Deep != deep {
			t.Errorf("%s: only its text can say it: %v", text, b.Deep)
		}
		if deep {
			continue
		}
		typed := typedBuilder(sent(b))
		got, bad := typed.expr(usualFields)
		if bad != nil || got.String() != text {
			t.Errorf("%s: the form says %s, %v", text, got, bad)
		}
	}
}

func TestRowsComeAndGoAndKeepWhatWasTyped(t *testing.T) {
	b := builder{Join: portfolio.All, Groups: emptyGroups()}
	b.Groups[0].Rows[0] = builderRow{Field: "budget", Op: ">", Value: "lots"}
	for _, do := range []string{"add.0", "group", "remove.0.1", "remove.7.7", "add.x", "nonsense", "remove.1.0"} {
		b.act(do)
	}
	if len(b.Groups) != 1 || len(b.Groups[0].Rows) != 1 || b.Groups[0].Rows[0].Value != "lots" {
		t.Fatalf("%+v", b.Groups)
	}
	if _, bad := b.expr(usualFields); len(bad) != 1 || bad[0].Name != "b_v0.0" || b.Groups[0].Rows[0].Wrong == "" {
		t.Errorf("the wrong amount is said at %+v", bad)
	}
	b.act("remove.0.0")
	if len(b.Groups) != 1 || len(b.Groups[0].Rows) != 1 {
		t.Errorf("a form without rows: %+v", b.Groups)
	}
}

func TestColumnsMove(t *testing.T) {
	q := url.Values{"b_col[]": {"phase", "status", "end"}, "b_cols": {"up.end"}, "where": {"code is a"}, "after": {"x"}}
	if to, ok := columnsHref(q); !ok || to != "/projects?cols=phase%2Cend%2Cstatus&open=columns&where=code+is+a" {
		t.Errorf("%s, %v", to, ok)
	}
	list := chosen(everyColumn(nil), "status,nonsense,status, phase")
	if columnNames(list) != "status,phase" {
		t.Errorf("%s", columnNames(list))
	}
}
