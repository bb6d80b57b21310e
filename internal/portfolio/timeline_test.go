package portfolio

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

func TestTimelineSaysWhoWhenAndFromWhere(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		hours := w.define(t, info("Hours", Number))
		id, err := w.AddProject(Through(ctx, ByForm), w.head, "2026-01-01", Facts{Name: text("Pump"), Budget: text("100")}, false)
		if err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Hour)
		if err := w.ChangeProject(Through(ctx, ByAPI), w.head, id, 1, "2026-02-01", Facts{Budget: text("200"), hours.Field: text("5")}); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Hour)
		// Of an earlier date, and learnt later: it changes what held then.
		if err := w.ChangeProject(ctx, w.head, id, 2, "2026-01-15", Facts{Budget: text("150"), Name: text("Pump")}); err != nil {
			t.Fatal(err)
		}
		all, err := w.Timeline(ctx, w.member, id, "", 0, 0)
		if err != nil || all.Count != 4 || all.Name != "Pump" {
			t.Fatalf("%+v, %v", all, err)
		}
		late, api, first := all.List[0], all.List[1], all.List[2]
		if late.Door != "" || late.ByName != "Hana Head" || len(late.Turns) != 1 || late.Turns[0].Old.Text != "100" || late.Turns[0].New.Text != "150" || late.AsAt != "2026-01-15" {
			t.Errorf("late: %+v", late)
		}
		if api.Door != ByAPI || api.At != sqldb.Micros(w.clock.Now())-int64(time.Hour/time.Microsecond) || len(api.Turns) != 2 || api.Turns[1].Info.Label != "Hours" {
			t.Errorf("api: %+v", api)
		}
		if first.Door != ByForm || first.Turns[0].Old.Text != "" {
			t.Errorf("first: %+v", first)
		}
		one, err := w.Timeline(ctx, w.member, id, Budget, 0, 2)
		if err != nil || one.Count != 3 || len(one.List) != 2 || len(one.List[1].Turns) != 1 || one.Next == 0 {
			t.Fatalf("budget alone: %+v, %v", one, err)
		}
		rest, err := w.Timeline(ctx, w.member, id, Budget, one.Next, 2)
		if err != nil || len(rest.List) != 1 || rest.Next != 0 || rest.List[0].Turns[0].New.Text != "100" {
			t.Errorf("the next page: %+v, %v", rest, err)
		}
		secret := w.add(t, "2026-01-01", Facts{Name: text("Secret")}, true)
		if _, err := w.Timeline(ctx, w.member, secret, "", 0, 0); !errs.Is(err, errs.NotFound) {
			t.Errorf("a confidential project: %v", err)
		}
	})
}

func TestATimelineTellsTheSameAsThePeriods(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list []statement
		var said []dated
		for i := range rapid.IntRange(1, 8).Draw(t, "n") {
			day := clock.AddDays("2025-01-01", rapid.IntRange(0, 5).Draw(t, "day"))
			v := text(rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "value"))
			list = append(list, statement{seq: int64(i), knownAt: int64(i), asAt: day, facts: Facts{Budget: v}})
			said = append(said, dated{day, v, 0})
		}
		resolved := periods(slices.Clone(list))
		for d := range 7 {
			day := clock.AddDays("2025-01-01", d)
			if got, want := heldAt(said, day), at(resolved, day)[Budget]; got != want {
				t.Fatalf("%s: the timeline says %v, the periods %v, of %v", day, got, want, said)
			}
		}
	})
}

func TestCompareTellsWhatMattersFirst(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		base := func(name string) Facts {
			return Facts{Name: text(name), Status: text("Live"), Rating: text("green"), ForecastEnd: text("2026-12-01"), Forecast: text("1000"), Currency: text("GBP")}
		}
		change := func(id string, f Facts) {
			if err := w.ChangeProject(ctx, w.head, id, 1, "2026-02-15", f); err != nil {
				t.Fatal(err)
			}
		}
		worse := w.add(t, "2026-01-01", base("Worse"), false)
		slips := w.add(t, "2026-01-01", base("Slips"), false)
		dear := w.add(t, "2026-01-01", base("Dear"), false)
		ends := w.add(t, "2026-01-01", base("Ends"), false)
		w.add(t, "2026-01-01", base("Same"), false)
		secret := w.add(t, "2026-01-01", base("Secret"), true)
		fresh := w.add(t, "2026-02-20", base("Fresh"), false)
		w.clock.Advance(24 * time.Hour)
		change(worse, Facts{Rating: text("amber")})
		change(slips, Facts{ForecastEnd: text("2026-12-31")})
		change(dear, Facts{Forecast: text("1500")})
		change(ends, Facts{Status: text("Closed")})
		change(secret, Facts{Rating: text("red")})
		b := Span{From: "2026-02-01", To: "2026-03-01"}
		c, err := w.Compare(ctx, w.member, b)
		if err != nil || c.Count != 5 {
			t.Fatalf("%+v, %v", c, err)
		}
		var order []string
		for _, m := range c.List {
			order = append(order, m.ID)
		}
		if !slices.Equal(order, []string{worse, slips, dear, ends, fresh}) {
			t.Errorf("order %v", c.List)
		}
		if c.List[1].Days != 30 || c.List[2].Percent != 50 || c.Counts[Closed] != 1 || c.Counts[Appeared] != 1 || c.Counts[Worse] != 1 {
			t.Errorf("%+v", c)
		}
		for _, f := range []Span{{Field: Forecast}, {Only: Dearer}} {
			f.From, f.To = b.From, b.To
			if one, err := w.Compare(ctx, w.member, f); err != nil || len(one.List) != 1 || one.List[0].ID != dear {
				t.Errorf("%+v: %+v, %v", f, one.List, err)
			}
		}
		// As known then nothing of it had been learnt, for the projects came a day before.
		if then, err := w.Compare(ctx, w.head, Span{From: "2026-02-01", To: "2026-03-01", Known: "then"}); err != nil || then.Count != 0 {
			t.Errorf("as known then: %+v, %v", then.List, err)
		}
		if all, err := w.Compare(ctx, w.head, b); err != nil || all.Count != 6 {
			t.Errorf("the head sees %d, %v", all.Count, err)
		}
		pages, seen := b, []string{}
		for pages.Limit = 2; ; {
			page, err := w.Compare(ctx, w.member, pages)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range page.List {
				seen = append(seen, m.ID)
			}
			if pages.After = page.Next; page.Next == "" {
				break
			}
		}
		if !slices.Equal(seen, order) {
			t.Errorf("pages %v", seen)
		}
		for field, bad := range map[string]Span{"from": {From: "2026-03-01", To: "2026-02-01"}, "to": {From: "2026-01-01", To: "2027-01-01"}} {
			if _, err := w.Compare(ctx, w.head, bad); len(errs.FieldsOf(err)) == 0 || errs.FieldsOf(err)[0].Name != field {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}
