package portfolio

import (
	"context"
	"math/rand/v2"
	"reflect"
	"strconv"
	"testing"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

// dump reads the tables that are derived, without the cells that count nobody.
func dump(t *testing.T, db *sqldb.DB) (out [][]string) {
	t.Helper()
	for _, q := range []string{
		`SELECT parent_id || '|' || rating || '|' || currency || '|' || CASE WHEN live = TRUE THEN 'live' ELSE '' END || '|' || CASE WHEN hidden = TRUE THEN 'hidden' ELSE '' END,
			projects, with_budget, budget, with_forecast, forecast, with_actual, actual FROM project_tally WHERE projects <> 0 ORDER BY 1`,
		`SELECT field || '|' || project_id || '|' || words, 0, 0, 0, 0, 0, 0, 0 FROM project_words ORDER BY 1`,
	} {
		rows, err := db.Read.Query(q)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			line := make([]string, 8)
			if err := rows.Scan(&line[0], &line[1], &line[2], &line[3], &line[4], &line[5], &line[6], &line[7]); err != nil {
				t.Fatal(err)
			}
			out = append(out, line)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// TestTheTallyIsTheSameCountedOnceOrChangeByChange changes a register at random
// and holds that counting all anew changes no number.
func TestTheTallyIsTheSameCountedOnceOrChangeByChange(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w, chance := context.Background(), newWorld(t, db), rand.New(rand.NewPCG(11, 1))
		rows, programmes := w.someProjects(t, 25, 3)
		for i := range 120 {
			w.clock.Advance(time.Hour)
			id := rows[chance.IntN(len(rows))].ID
			d, err := w.Project(ctx, w.head, id, When{})
			if err != nil {
				t.Fatal(err)
			}
			if i%9 == 0 {
				if err := w.Mark(ctx, w.head, id, !d.Confidential); err != nil {
					t.Fatal(err)
				}
				continue
			}
			f := []Facts{
				{Status: text([]string{"Live", "Closed", ""}[chance.IntN(3)])},
				{Rating: text([]string{"red", "green", ""}[chance.IntN(3)]), Notes: text([]string{"", "Seen by Ines"}[chance.IntN(2)])},
				{Budget: text([]string{"", strconv.Itoa(chance.IntN(1000)), "-5"}[chance.IntN(3)]), Currency: text("EUR")},
				{Parent: text(programmes[chance.IntN(2)].ID), Forecast: text(strconv.Itoa(chance.IntN(1000)))},
				{},
			}[chance.IntN(5)]
			// Some of it is about the past, and changes nothing that counts now.
			asAt := []string{"2026-01-01", "2026-02-01", w.Today()}[chance.IntN(3)]
			if err := w.ChangeProject(ctx, w.head, id, d.Version, asAt, f); err != nil {
				t.Fatal(err)
			}
		}
		before := dump(t, db)
		if err := w.RebuildTally(ctx); err != nil {
			t.Fatal(err)
		}
		if after := dump(t, db); !reflect.DeepEqual(before, after) {
			t.Errorf("change by change:\n%v\ncounted anew:\n%v", before, after)
		}
		for _, who := range []authz.Actor{w.head, w.member, w.admin, {Person: "p", Role: authz.Member}} {
			w.totalsAreOfTheirRows(t, who, Filter{})
			w.totalsAreOfTheirRows(t, who, Filter{LiveOnly: true})
			w.totalsAreOfTheirRows(t, who, Filter{ClosedOnly: true})
			w.totalsAreOfTheirRows(t, who, Filter{Rating: "red", LiveOnly: true})
			w.totalsAreOfTheirRows(t, who, Filter{Under: programmes[0].ID})
			w.totalsAreOfTheirRows(t, who, Filter{Under: programmes[0].Portfolio})
			w.totalsAreOfTheirRows(t, who, Filter{Where: "phase is Plan or budget > 0"})
		}
	})
}

// totalsAreOfTheirRows adds up the rows of a list by hand.
func (w *world) totalsAreOfTheirRows(t *testing.T, who authz.Actor, f Filter) {
	t.Helper()
	f.Limit = maxPage
	page, err := w.List(context.Background(), who, f)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Total{}
	ratings := map[string]int{}
	for _, p := range page.Projects {
		one := want[p.Facts.Text(Currency)]
		one.Currency = p.Facts.Text(Currency)
		add := func(name Field, sum *int64, with *int) {
			if n, ok := p.Facts.Money(name); ok {
				*sum, *with = *sum+n, *with+1
			}
		}
		one.Projects++
		ratings[p.Facts.Text(Rating)]++
		add(Budget, &one.Budget, &one.WithBudget)
		add(Forecast, &one.Forecast, &one.WithForecast)
		add(Actual, &one.Cost, &one.WithCost)
		want[one.Currency] = one
	}
	got := map[string]Total{}
	for _, one := range page.Totals {
		got[one.Currency] = one
	}
	if page.Count != len(page.Projects) || !reflect.DeepEqual(got, want) || !reflect.DeepEqual(page.Ratings, ratings) {
		t.Errorf("%s, %+v: %d of %d, ratings %v of %v, totals\n%v of\n%v", who.Person, f, page.Count, len(page.Projects), page.Ratings, ratings, got, want)
	}
}

func TestWhatIsWithheldIsANumberOfTheWholeAlone(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		w.add(t, "2026-01-01", Facts{Name: text("Open"), Status: text("Live")}, false)
		w.add(t, "2026-01-01", Facts{Name: text("Secret"), Status: text("Live")}, true)
		for _, c := range []struct {
			who  authz.Actor
			f    Filter
			want int
		}{
			{w.member, Filter{}, 1},
			{w.head, Filter{}, 0},
			{w.member, Filter{LiveOnly: true}, 0},
			{w.member, Filter{Where: "name is Secret"}, 0},
			{w.member, Filter{Find: "Secret"}, 0},
		} {
			page, err := w.List(ctx, c.who, c.f)
			if err != nil || page.Withheld != c.want {
				t.Errorf("%s %+v: %d withheld, %v", c.who.Person, c.f, page.Withheld, err)
			}
		}
	})
}

func TestACountBeyondTheLimitIsSaidToBeOne(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		w.bulk(t, capped+5)
		page, err := w.List(ctx, w.member, Filter{Where: "name contains many"})
		if err != nil || !page.More || page.Count != capped || page.Totals != nil {
			t.Errorf("%d, more: %v, totals %v, %v", page.Count, page.More, page.Totals, err)
		}
		page, err = w.List(ctx, w.member, Filter{})
		if err != nil || page.More || page.Count != capped+5-3 || page.Withheld != 3 || len(page.Totals) != 1 {
			t.Errorf("the whole: %d, more: %v, totals %v, %v", page.Count, page.More, page.Totals, err)
		}
	})
}
