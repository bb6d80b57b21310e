package app

import (
	"context"
	"fmt"
	"testing"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/portfolio"
	"cairn/internal/reporting"
)

// report submits a report as the project manager of the office.
func (o *office) report(t *testing.T, project string, p reporting.Period, declared string, end clock.Day, forecast int64) {
	t.Helper()
	b := reporting.Body{Summary: "A month.", Overall: declared, Schedule: declared, Cost: declared, ForecastEnd: end, Forecast: &forecast}
	if declared != "green" {
		b.OverallReason, b.ScheduleReason, b.CostReason = "So.", "So.", "So."
	}
	if _, err := o.Reporting.Submit(context.Background(), o.manager, project, p, 0, b); err != nil {
		t.Fatal(err)
	}
}

func (o *office) managed(t *testing.T, name string) string {
	t.Helper()
	id := o.add(t, name, false)
	o.assign(t, id, o.manager, portfolio.Manager, "2025-01-01")
	return id
}

func TestTheMonthCountsAndItsNumbersOpen(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		due := reporting.Due(o.Reporting.Today())
		melon, silent := o.managed(t, "Melon"), o.managed(t, "Silent")
		late := o.managed(t, "Begins later")
		d, err := o.Portfolio.Project(ctx, o.head, late, portfolio.When{})
		if err != nil {
			t.Fatal(err)
		}
		start := due.Add(1).Start()
		if err := o.Portfolio.ChangeProject(ctx, o.head, late, d.Version, "2025-01-01", portfolio.Facts{portfolio.BaselineStart: {Text: start}, portfolio.BaselineEnd: {Text: "2027-01-01"}, portfolio.ForecastEnd: {Text: "2027-01-01"}}); err != nil {
			t.Fatal(err)
		}
		o.report(t, o.project, due.Add(-1), "amber", "2026-01-15", 101000)
		o.report(t, o.project, due, "green", "2026-01-15", 101000)
		o.report(t, melon, due, "green", "2026-06-01", 150000)
		for _, c := range []struct {
			show string
			want []string
		}{
			{"", []string{"Melon", "Pump", "Silent"}},
			{"in", []string{"Melon", "Pump"}},
			{"to_come", []string{"Silent"}},
			{"better", []string{"Pump"}},
			{"worse", nil},
			{"watermelon", []string{"Melon"}},
		} {
			m, err := o.Reporting.Month(ctx, o.other, due, reporting.MonthQuery{Show: c.show})
			var got []string
			for _, st := range m.States {
				got = append(got, st.Name)
			}
			if err != nil || fmt.Sprint(got) != fmt.Sprint(c.want) || m.Tally != (reporting.Tally{All: 3, In: 2, Better: 1, Watermelons: 1}) {
				t.Errorf("%q shows %v of %+v, %v", c.show, got, m.Tally, err)
			}
		}
		g, err := o.Reporting.Glance(ctx, o.other, "")
		if err != nil || g.Live != 4 || g.Standing["watermelon"] != 1 || g.Standing["none"] != 2 || len(g.Melons) != 1 || len(g.Late) != 1 || g.Late[0].Project != silent {
			t.Fatalf("glance %+v, %v", g, err)
		}
		if f := g.Melons[0].Facts; len(f) != 2 || f[1].Value != "+50%" || f[1].Limit != "+10%" {
			t.Errorf("the facts of the melon: %+v", f)
		}
		if len(g.Moves) != 1 || g.Moves[0].Then != "amber" || g.Moves[0].Now != "green" {
			t.Errorf("moves %+v", g.Moves)
		}
		if n := g.Needs; len(n) == 0 || n[0].Kind != reporting.Hidden || n[0].Manager != "manager" || n[0].Over() != 50000 {
			t.Errorf("needs %+v", n)
		}
	})
}

func TestALateReportWaitsOnlyAfterItsDay(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		due := reporting.Due(o.Reporting.Today())
		d, err := o.Reporting.Deadline(ctx, o.head, due)
		if err != nil {
			t.Fatal(err)
		}
		on, err := time.Parse(time.DateOnly, d.On)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			day  int
			want int
		}{{on.Day(), 0}, {on.Day() + 1, 1}} {
			now := o.clock.Source.Now()
			o.clock.Set(now.AddDate(0, 0, c.day-now.Day()))
			g, err := o.Reporting.Glance(ctx, o.head, "")
			if err != nil || g.Due != due || len(g.Needs) != c.want {
				t.Errorf("on the %d. %d wait, %v", c.day, len(g.Needs), err)
			}
		}
	})
}

func TestAMonthComesInPages(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		due := reporting.Due(o.Reporting.Today())
		for i := range 105 {
			o.add(t, fmt.Sprintf("Project %03d", i), false)
		}
		seen := map[string]bool{}
		q := reporting.MonthQuery{}
		for range 2 {
			m, err := o.Reporting.Month(ctx, o.manager, due, q)
			if err != nil || m.All != 106 {
				t.Fatalf("%+v, %v", m.Tally, err)
			}
			if q.AfterID == "" && !m.States[0].Mine {
				t.Error("one's own does not come first")
			}
			for _, st := range m.States {
				seen[st.Project] = true
			}
			q.AfterKey, q.AfterID = m.NextKey, m.NextID
		}
		if len(seen) != 106 || q.AfterID != "" {
			t.Errorf("%d seen, more after %q", len(seen), q.AfterID)
		}
	})
}

// A confidential project is in no number of those who do not see it.
func TestConfidentialProjectsAreInNoCount(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		secret := o.add(t, "Secret", true)
		o.assign(t, secret, o.manager, portfolio.Manager, "2025-01-01")
		due := reporting.Due(o.Reporting.Today())
		o.report(t, secret, due, "green", "2026-06-01", 150000)
		for _, c := range []struct {
			who  authz.Actor
			want int
		}{{o.other, 0}, {o.adm, 0}, {o.partner, 0}, {o.manager, 1}, {o.head, 1}} {
			g, err := o.Reporting.Glance(ctx, c.who, "watermelon")
			if err != nil || g.Standing["watermelon"] != c.want || g.Watermelons != c.want || len(g.Melons) != c.want || len(g.Table) != c.want {
				t.Errorf("%s counts %d, %v", c.who.Role, g.Standing["watermelon"], err)
			}
		}
	})
}
