package app

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cairn/internal/app/demo"
	"cairn/internal/career"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/reporting"
)

// column reads one column of text.
func column(t *testing.T, db *sqldb.DB, query string) (out []string) {
	t.Helper()
	rows, err := db.Read.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// What is kept while reports come in, in whatever order of months and with
// corrections, is what one finds by looking through all of them.
func TestTheNewestReportIsKeptAsItIsFound(t *testing.T) {
	notUnderRace(t)
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		a := makeDemo(t, db, 3, 9, true)
		chance := rand.New(rand.NewPCG(5, 5))
		managed := column(t, db, `SELECT project_id || ' ' || person_id FROM assignment WHERE kind = 'project_manager' AND to_on = '' ORDER BY 1`)
		for range 60 {
			project, person, _ := strings.Cut(managed[chance.IntN(len(managed))], " ")
			manager := authz.Actor{Person: person, Role: authz.Member}
			period := reporting.Due("2026-03-16").Add(-chance.IntN(30) + 1)
			sheet, err := a.Reporting.Sheet(ctx, manager, project, period)
			if err != nil {
				t.Fatal(err)
			}
			b := sheet.Draft.Body
			b.Summary, b.NextSteps, b.Overall, b.Schedule, b.Cost = "As before.", "Go on.", "green", "green", "green"
			if _, err := a.Reporting.Submit(ctx, manager, project, period, len(sheet.Versions), b); err != nil {
				t.Fatal(err)
			}
		}
		want := column(t, db, `SELECT project_id || ' ' || MAX(period) FROM report GROUP BY project_id ORDER BY 1`)
		if d := cmp.Diff(want, column(t, db, `SELECT project_id || ' ' || period FROM report WHERE newest = TRUE ORDER BY 1`)); d != "" || len(want) < 5 {
			t.Errorf("(-found +kept):\n%s", d)
		}
	})
}

// A standing that reads only what it counts says the same as one opened down to
// the records.
func TestAStandingCountsWhatItsCountersOpen(t *testing.T) {
	notUnderRace(t)
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		a := makeDemo(t, db, 4, 12, true)
		for _, name := range []string{demo.Analyst, demo.Manager, demo.Sponsor} {
			who := authz.Actor{Role: authz.PMOMember}
			if err := db.Read.QueryRowContext(ctx, `SELECT id FROM person WHERE name = $1`, name).Scan(&who.Person); err != nil {
				t.Fatal(err)
			}
			if err := a.Career.TurnOn(ctx, who); err != nil {
				t.Fatal(err)
			}
			st, err := a.Career.Standing(ctx, who)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range st.Counters {
				opened, err := a.Career.Counter(ctx, who, c.ID, career.When{})
				if err != nil {
					t.Fatal(err)
				}
				sum := career.Sum(st, c)
				if c.Value != opened.Value || len(c.Items) != len(opened.Items) {
					t.Errorf("%s, %s: counts %d in %d pieces, opens %d in %d", name, c.ID, c.Value, len(c.Items), opened.Value, len(opened.Items))
				}
				if d := cmp.Diff(opened.Months, sum.Months); d != "" {
					t.Errorf("%s, %s by month: %s", name, c.ID, d)
				}
				if d := cmp.Diff(opened.By, sum.By); d != "" {
					t.Errorf("%s, %s by origin: %s", name, c.ID, d)
				}
			}
		}
	})
}
