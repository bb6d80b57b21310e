package portfolio

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

func (w *world) define(t *testing.T, d Definition) Definition {
	t.Helper()
	d, err := w.DefineField(context.Background(), w.head, d)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func info(label string, kind Type, choices ...string) Definition {
	return Definition{FieldInfo: FieldInfo{Label: label, Type: kind, Choices: choices}}
}

func sortable(d Definition) Definition {
	d.Sortable = true
	return d
}

func TestACustomFieldIsAFactLikeEveryOther(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		driver := w.define(t, sortable(info("Regulatory driver", Choice, "Growth", "Resilience")))
		hours, owner := w.define(t, sortable(info("Outage hours", Number))), w.define(t, info("Benefit owner", PersonRef))
		if driver.Field != "x_regulatory_driver" {
			t.Errorf("id %q", driver.Field)
		}
		id := w.add(t, "2026-01-01", Facts{Name: text("Pump"), driver.Field: text("resilience"), hours.Field: text("012.50"), owner.Field: text("p")}, false)
		if err := w.ChangeProject(ctx, w.head, id, 1, "2026-02-01", Facts{hours.Field: text("-3")}); err != nil {
			t.Fatal(err)
		}
		for day, want := range map[string]string{"2026-01-15": "12.5", "": "-3"} {
			d, err := w.Project(ctx, w.member, id, When{AsAt: day})
			if err != nil || d.Facts.Text(hours.Field) != want || d.Facts.Text(driver.Field) != "Resilience" || d.Names["p"] != "Pia Planner" {
				t.Errorf("%s: %v, %v, names %v", day, d.Facts, err, d.Names)
			}
		}
		for f, bad := range map[Field]string{driver.Field: "Fun", hours.Field: "many", owner.Field: "nobody", "x_other": "1"} {
			err := w.ChangeProject(ctx, w.head, id, 2, "2026-02-01", Facts{f: text(bad)})
			if fields := errs.FieldsOf(err); len(fields) != 1 || fields[0].Name != string(f) {
				t.Errorf("%s = %s: %v", f, bad, err)
			}
		}
		kept, err := w.SaveView(ctx, w.head, View{Name: "Driven", Query: "where=" + string(driver.Field) + "+is+Growth"})
		if err != nil {
			t.Fatal(err)
		}
		driver.Choices, driver.Version = []string{"Growth", "safety"}, 1
		if err := w.ChangeField(ctx, w.head, driver); err != nil {
			t.Fatal(err)
		}
		groups, err := w.Groups(ctx, w.member, Filter{Group: string(driver.Field)})
		if err != nil || len(groups) != 1 || groups[0].Label != "Resilience" || groups[0].Key != "resilience" {
			t.Errorf("a choice that is no longer offered heads its group as %+v, %v", groups, err)
		}
		driver.Retired, driver.Version = true, 2
		if err := w.ChangeField(ctx, w.head, driver); err != nil {
			t.Fatal(err)
		}
		kept.Name = "Was driven"
		if err := w.ChangeView(ctx, w.head, kept); err != nil {
			t.Errorf("a view of a retired field is not renamed: %v", err)
		}
		kept.Version, kept.Query = 2, kept.Query+"+and+status+is+Live"
		if err := w.ChangeView(ctx, w.head, kept); !errs.Is(err, errs.Invalid) {
			t.Errorf("another list of a retired field is kept: %v", err)
		}
		if err := w.ChangeProject(ctx, w.head, id, 2, "2026-02-02", Facts{driver.Field: text("Growth")}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("a retired field took a value: %v", err)
		}
		d, err := w.Project(ctx, w.member, id, When{})
		if err != nil || d.Facts.Text(driver.Field) != "Resilience" || slices.ContainsFunc(d.Fields, func(i FieldInfo) bool { return i.Field == driver.Field }) {
			t.Errorf("after its retirement: %v, %v", d.Facts, err)
		}
	})
}

func TestDefinitionsAreRefusedWhereTheyWouldNotWork(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		first := w.define(t, info("Benefit (£)", Money))
		for field, bad := range map[string]Definition{
			"label": info("benefit £", Text), "choices": info("Driver", Choice), "type": info("Odd", OfRating),
			"sortable": sortable(info("Owner", PersonRef)),
		} {
			_, err := w.DefineField(ctx, w.head, bad)
			if f := errs.FieldsOf(err); len(f) != 1 || f[0].Name != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		for _, label := range []string{"", "Budget", "sponsor", "As at", "?!", "a\nb"} {
			if _, err := w.DefineField(ctx, w.head, info(label, Text)); len(errs.FieldsOf(err)) == 0 {
				t.Errorf("label %q: %v", label, err)
			}
		}
		if _, err := w.DefineField(ctx, w.member, info("Mine", Text)); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a member: %v", err)
		}
		if _, err := w.DefineField(ctx, w.admin, info("Theirs", Text)); err != nil {
			t.Errorf("the administrator: %v", err)
		}
		first.Label = "Benefit in money"
		if err := w.ChangeField(ctx, w.head, first); err != nil {
			t.Fatal(err)
		}
		if err := w.ChangeField(ctx, w.head, first); !errs.Is(err, errs.Conflict) {
			t.Errorf("a stale version: %v", err)
		}
		list, may, err := w.CustomFields(ctx, w.head)
		if err != nil || !may || len(list) != 2 || list[0].Field != "x_benefit" || list[0].Label != "Benefit in money" {
			t.Errorf("%+v, %v", list, err)
		}
		list[1].Position = 1
		if err := w.ChangeField(ctx, w.head, list[1]); err != nil {
			t.Fatal(err)
		}
		if all, err := w.AllFields(ctx, w.member); err != nil || all[len(Fields)].Label != "Theirs" || all[len(Fields)+1].Label != "Benefit in money" {
			t.Errorf("order: %+v, %v", all[len(Fields):], err)
		}
	})
}

func TestListsSortByACustomField(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		hours := w.define(t, info("Hours", Number))
		values := []string{"7", "", "-2.5", "1000", "0.3", "", "-10"}
		for i, v := range values {
			w.add(t, "2026-01-01", Facts{Name: text("P" + strconv.Itoa(i)), hours.Field: text(v)}, i == 3)
		}
		hours.Sortable = true
		if err := w.ChangeField(ctx, w.head, hours); err != nil {
			t.Fatal(err)
		}
		w.add(t, "2026-01-01", Facts{Name: text("After"), hours.Field: text("8")}, false)
		read := func(desc bool) (out []string) {
			f := Filter{Sort: string(hours.Field), Desc: desc, Limit: 3}
			for {
				page, err := w.List(ctx, w.member, f)
				if err != nil || page.Count != len(values) {
					t.Fatalf("%v, %d", err, page.Count)
				}
				for _, p := range page.Projects {
					out = append(out, p.Facts.Text(hours.Field))
				}
				if page.NextID == "" {
					return out
				}
				f.AfterKey, f.AfterID = page.NextKey, page.NextID
			}
		}
		want := []string{"", "", "-10", "-2.5", "0.3", "7", "8"}
		if got := read(false); !slices.Equal(got, want) {
			t.Errorf("ascending: %q", got)
		}
		slices.Reverse(want)
		if got := read(true); !slices.Equal(got, want) {
			t.Errorf("descending: %q", got)
		}
	})
}

func TestNumberKeysSortAsNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Custom(func(t *rapid.T) string {
			s := fmt.Sprintf("%d.%0*d", rapid.Int64Range(-999999999, 999999999).Draw(t, "whole"), rapid.IntRange(1, 6).Draw(t, "digits"), rapid.IntRange(0, 9).Draw(t, "part"))
			return plainNumber(s)
		})
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		x, _ := strconv.ParseFloat(a, 64)
		y, _ := strconv.ParseFloat(b, 64)
		ka, okA := numberKey(a)
		kb, okB := numberKey(b)
		if !okA || !okB || (x < y) != (ka < kb) || (x == y) != (ka == kb) {
			t.Fatalf("%s %s: keys %q %q, %t %t", a, b, ka, kb, okA, okB)
		}
	})
}
