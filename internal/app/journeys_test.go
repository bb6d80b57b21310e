package app

import (
	"bytes"
	"context"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"cairn/internal/app/archive"
	"cairn/internal/career"
	"cairn/internal/career/standing"
	"cairn/internal/exchange"
	"cairn/internal/identity"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/portfolio"
	"cairn/internal/reporting"
)

// office is a small PMO at work: one project with its manager and its partner.
type office struct {
	*App
	clock                              *clock.Manual
	head, partner, manager, other, adm authz.Actor
	project                            string
}

func eachOffice(t *testing.T, test func(t *testing.T, ctx context.Context, o *office)) {
	t.Helper()
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) { test(t, context.Background(), newOffice(t, db)) })
}

func newOffice(t *testing.T, db *sqldb.DB) *office {
	t.Helper()
	ctx, operator := context.Background(), authz.AtCommandLine()
	c := clock.NewManual(kittest.Noon, 1)
	o := &office{App: build(Config{Clock: c.Source, Zone: time.UTC}, db), clock: c}
	person := func(name string, role authz.Role) authz.Actor {
		p, err := o.People.AddPerson(ctx, operator, identity.Person{Name: name, Email: name + "@example.org"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.People.Invite(ctx, operator, p.ID, role); err != nil {
			t.Fatal(err)
		}
		return authz.Actor{Person: p.ID, Role: role}
	}
	o.head, o.partner, o.manager = person("head", authz.HeadOfPMO), person("partner", authz.PMOMember), person("manager", authz.Member)
	o.other, o.adm = person("other", authz.Member), person("admin", authz.Administrator)
	o.project = o.add(t, "Pump", false)
	o.assign(t, o.project, o.manager, portfolio.Manager, "2025-01-01")
	o.assign(t, o.project, o.partner, portfolio.Partner, "2025-01-01")
	return o
}

func (o *office) add(t *testing.T, name string, confidential bool) string {
	t.Helper()
	f := portfolio.Facts{}
	for k, v := range map[portfolio.Field]string{
		portfolio.Name: name, portfolio.BaselineStart: "2025-01-01", portfolio.BaselineEnd: "2026-01-01", portfolio.ForecastEnd: "2026-01-15",
		portfolio.Currency: "GBP", portfolio.Budget: "100000", portfolio.Forecast: "101000", portfolio.Status: "Live",
	} {
		f[k] = portfolio.Value{Text: v}
	}
	id, err := o.Portfolio.AddProject(context.Background(), o.head, "2025-01-01", f, confidential)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (o *office) assign(t *testing.T, project string, who authz.Actor, k portfolio.Kind, from clock.Day) portfolio.Assignment {
	t.Helper()
	a, err := o.Portfolio.Assign(context.Background(), o.head, portfolio.Assignment{Project: project, Person: who.Person, Kind: k, From: from})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func green() reporting.Body {
	return reporting.Body{Summary: "All well.", Overall: "green", Schedule: "green", Cost: "green"}
}

func TestAReportIsASnapshotWithItsComputedRating(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		body := green()
		late, over := "2026-04-01", int64(120000)
		body.ForecastEnd, body.Forecast = late, &over
		if _, err := o.Reporting.Submit(ctx, o.partner, o.project, "2026-02", 0, body); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a PMO member submitted: %v", err)
		}
		if err := o.Reporting.Draft(ctx, o.partner, o.project, "2026-02", 0, body); err != nil {
			t.Fatal(err)
		}
		if err := o.Reporting.Draft(ctx, o.manager, o.project, "2026-02", 0, body); !errs.Is(err, errs.Conflict) {
			t.Errorf("a stale draft: %v", err)
		}
		r, err := o.Reporting.Submit(ctx, o.manager, o.project, "2026-02", 0, body)
		if err != nil {
			t.Fatal(err)
		}
		if r.Computed.Schedule != "red" || r.Computed.Cost != "red" || r.Overall != "green" || r.Role != activity.Led || r.DraftedBy != o.partner.Person {
			t.Errorf("report %+v", r)
		}
		if _, err := o.Reporting.Submit(ctx, o.manager, o.project, "2026-02", 0, green()); !errs.Is(err, errs.Conflict) {
			t.Errorf("submitted over another version: %v", err)
		}
		if _, err := o.Reporting.Submit(ctx, o.manager, o.project, "2026-02", 1, green()); err != nil {
			t.Fatal(err)
		}
		sh, err := o.Reporting.Sheet(ctx, o.other, o.project, "2026-02")
		if err != nil || len(sh.Versions) != 2 || sh.Versions[0].Summary != "All well." || *sh.Versions[0].Forecast != over || sh.MayDraft {
			t.Errorf("versions %+v, %v", sh.Versions, err)
		}
		if _, err := o.Store.Write.Exec(`UPDATE report_version SET body = '{}'`); err == nil {
			t.Error("a submitted report was changed in the database")
		}
		d, err := o.Portfolio.Project(ctx, o.other, o.project, portfolio.When{})
		if err != nil || d.Facts.Text(portfolio.ForecastEnd) != late || d.Facts.Text(portfolio.Rating) != "green" {
			t.Errorf("the register did not take the report over: %v, %v", d.Facts, err)
		}
		bad := green()
		bad.Overall, bad.Summary = "red", ""
		_, err = o.Reporting.Submit(ctx, o.manager, o.project, "2026-01", 0, bad)
		if fields := errs.FieldsOf(err); len(fields) != 2 {
			t.Errorf("a red without a reason and without a sentence: %v", err)
		}
		if _, err := o.Reporting.Submit(ctx, o.manager, o.project, "2031-01", 0, green()); !errs.Is(err, errs.Invalid) {
			t.Errorf("a month to come: %v", err)
		}
	})
}

func TestThresholdsAreInclusive(t *testing.T) {
	facts := reporting.Facts{Start: "2025-01-01", BaselineEnd: "2025-04-11", Budget: ptr(1000)} // 100 days
	for _, c := range []struct {
		end        clock.Day
		forecast   int64
		date, cost string
	}{
		{"2025-04-19", 1050, "green", "green"},
		{"2025-04-20", 1051, "amber", "amber"},
		{"2025-04-26", 1100, "amber", "amber"},
		{"2025-04-27", 1101, "red", "red"},
		{"2025-01-01", 0, "green", "green"},
	} {
		got := reporting.Compute(reporting.Body{Facts: facts, ForecastEnd: c.end, Forecast: ptr(c.forecast)})
		if got.Schedule != c.date || got.Cost != c.cost {
			t.Errorf("%s, %d: %s and %s, want %s and %s", c.end, c.forecast, got.Schedule, got.Cost, c.date, c.cost)
		}
	}
	if got := reporting.Compute(reporting.Body{}); got.Overall != "" {
		t.Errorf("nothing known is %q, want not assessed", got.Overall)
	}
}

func ptr(n int64) *int64 { return &n }

func TestACareerIsThePersonsOwn(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		if err := o.CatchUp(ctx); err != nil {
			t.Fatal(err)
		}
		rows := func() (n int) {
			if err := o.Store.Read.QueryRow(`SELECT COUNT(*) FROM career_pack`).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if st, err := o.Career.Standing(ctx, o.partner); err != nil || st.On || rows() != 0 {
			t.Fatalf("before it is on: %+v, %v, %d items", st.On, err, rows())
		}
		if err := o.Career.TurnOn(ctx, o.partner); err != nil {
			t.Fatal(err)
		}
		if n := rows(); n != 1 {
			t.Errorf("%d items for one assignment, and nothing about anybody else", n)
		}
		if err := o.Reporting.Draft(ctx, o.partner, o.project, "2026-02", 0, green()); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Reporting.Submit(ctx, o.manager, o.project, "2026-02", 0, green()); err != nil {
			t.Fatal(err)
		}
		if err := o.CatchUp(ctx); err != nil {
			t.Fatal(err)
		}
		incremental, err := o.Career.Standing(ctx, o.partner)
		if err != nil || kind(incremental, "report.submitted") != 1 || counter(incremental, "projects_seen") != 1 || counter(incremental, "managers_worked_with") != 1 {
			t.Fatalf("counters %+v, %v", incremental.Counters, err)
		}
		// From the beginning it comes out the same.
		if err := o.Unit.Rewind(ctx, "career"); err != nil {
			t.Fatal(err)
		}
		if err := o.CatchUp(ctx); err != nil {
			t.Fatal(err)
		}
		again, err := o.Career.Standing(ctx, o.partner)
		if err != nil || !reflect.DeepEqual(again.Items, incremental.Items) {
			t.Errorf("rebuilt: %+v\nbefore: %+v", again.Items, incremental.Items)
		}
		if err := o.Career.TurnOff(ctx, o.partner); err != nil || rows() != 0 {
			t.Errorf("after it is off %d items are left: %v", rows(), err)
		}
		var open int
		if err := o.Store.Read.QueryRow(`SELECT COUNT(*) FROM activity WHERE verb LIKE 'career.%' AND audience = ''`).Scan(&open); err != nil || open != 0 {
			t.Errorf("%d entries about a career are open to others, %v", open, err)
		}
	})
}

func kind(st career.Standing, id string) (n int) {
	for _, it := range st.Items {
		if it.Kind == id {
			n++
		}
	}
	return n
}

func counter(st career.Standing, id string) int {
	for _, c := range st.Counters {
		if c.ID == id {
			return c.Value
		}
	}
	return -1
}

func TestPastYearsAreOwnWordAndOpenNoRole(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		if err := o.Career.TurnOn(ctx, o.other); err != nil {
			t.Fatal(err)
		}
		st, err := o.Career.Standing(ctx, o.other)
		if err != nil || !st.Empty {
			t.Fatalf("an empty standing: %+v, %v", st.Empty, err)
		}
		bad := []career.Past{{Organisation: "Elsewhere", From: "2019-01-01", To: "2018-01-01", Projects: 0, Scale: "huge", Role: "boss"}}
		if err := o.Career.StatePast(ctx, o.other, bad); len(errs.FieldsOf(err)) != 4 {
			t.Errorf("a bad line: %v", err)
		}
		if err := o.Career.StatePast(ctx, o.other, []career.Past{{Organisation: "Elsewhere", Post: "Project manager", From: "2015-01-01", To: "2020-12-28", Projects: 6, Scale: "medium", Role: activity.Led}}); err != nil {
			t.Fatal(err)
		}
		st, err = o.Career.Standing(ctx, o.other)
		if err != nil || counter(st, "projects_managed") != 6 {
			t.Fatalf("counters %+v, %v", st.Counters, err)
		}
		for _, r := range st.Roles {
			if r.State == standing.Qualified {
				t.Errorf("own word opens %s", r.ID)
			}
		}
		if err := o.Career.RemovePast(ctx, o.manager, st.Past[0].ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("somebody else took the line back: %v", err)
		}
	})
}

func TestACaseIsAnsweredAndOpenedByItsAuthorAlone(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		body := exchange.Body{Title: "What next?", Background: "Three years.", Questions: []string{"Must I?", "What else?"}}
		c, err := o.Exchange.Write(ctx, o.partner, body, "", "", false)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Exchange.Case(ctx, o.other, c.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("somebody else reads a draft: %v", err)
		}
		if err := o.Exchange.Publish(ctx, o.partner, c.ID); err != nil {
			t.Fatal(err)
		}
		a, err := o.Exchange.Answer(ctx, o.other, exchange.Answer{Case: c.ID, Question: 1, Label: "opinion", Text: "No.", Named: false})
		if err != nil {
			t.Fatal(err)
		}
		for _, wrong := range []exchange.Answer{{Label: "rant", Text: "x"}, {Label: "advice"}, {Label: "advice", Text: "x", Question: 3}} {
			wrong.Case = c.ID
			if _, err := o.Exchange.Answer(ctx, o.other, wrong); !errs.Is(err, errs.Invalid) {
				t.Errorf("%+v: %v", wrong, err)
			}
		}
		if err := o.Exchange.Mark(ctx, o.other, a.ID); !errs.Is(err, errs.Invalid) {
			t.Errorf("one's own answer was marked: %v", err)
		}
		if err := o.Exchange.CorrectAnswer(ctx, o.manager, exchange.Answer{ID: a.ID, Label: "advice", Text: "Yes", Version: 1}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("somebody else corrected it: %v", err)
		}
		if _, err := o.Exchange.Case(ctx, authz.Nobody(), c.ID); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("a guest before it is open: %v", err)
		}
		if err := o.Exchange.Open(ctx, o.head, c.ID, 0, true); !errs.Is(err, errs.NotFound) {
			t.Errorf("the head of PMO opened it: %v", err)
		}
		if err := o.Exchange.Open(ctx, o.partner, c.ID, 0, true); err != nil {
			t.Fatal(err)
		}
		seen, err := o.Exchange.Case(ctx, authz.Nobody(), c.ID)
		if err != nil || len(seen.Answers) != 1 || seen.Answers[0].AuthorName == "other" || seen.AuthorName == "partner" || seen.Author != "" {
			t.Errorf("a guest sees %+v, %v", seen, err)
		}
		if err := o.Exchange.Correct(ctx, o.partner, c.ID, 1, body); !errs.Is(err, errs.Conflict) {
			t.Errorf("a stale correction: %v", err)
		}
	})
}

func TestACaseForSomebodyElseWaitsForTheirConsent(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		body := exchange.Body{Title: "Hers", Background: "Three years.", Questions: []string{"What next?"}}
		if _, err := o.Exchange.Write(ctx, o.other, body, "manager", "", true); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a member organised a case: %v", err)
		}
		c, err := o.Exchange.Write(ctx, o.partner, body, "manager", "", true)
		if err != nil || c.State != exchange.Asked {
			t.Fatalf("%+v, %v", c, err)
		}
		for who, want := range map[authz.Actor]int{o.manager: 1, o.partner: 0, o.head: 0} {
			if list, err := o.Exchange.Asked(ctx, who); err != nil || len(list) != want {
				t.Errorf("%d cases wait for the yes of %s, %v", len(list), who.Role, err)
			}
		}
		if err := o.Exchange.Publish(ctx, o.partner, c.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("the organiser consented for her: %v", err)
		}
		if err := o.Exchange.Publish(ctx, o.manager, c.ID); err != nil {
			t.Errorf("she could not consent: %v", err)
		}
	})
}

func TestAnArchiveRestoresOnEitherEngine(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		if _, err := o.Reporting.Submit(ctx, o.manager, o.project, "2026-02", 0, green()); err != nil {
			t.Fatal(err)
		}
		if err := o.Career.TurnOn(ctx, o.partner); err != nil {
			t.Fatal(err)
		}
		var first bytes.Buffer
		m, err := archive.Write(ctx, o.Store, &first)
		if err != nil {
			t.Fatal(err)
		}
		for _, dsn := range []string{filepath.Join(t.TempDir(), "restored.db"), kittest.PostgresURL(t)} {
			into, err := sqldb.Open(ctx, dsn)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = into.Close() })
			if _, err := archive.Restore(ctx, into, bytes.NewReader(first.Bytes()), int64(first.Len())); err != nil {
				t.Fatalf("into %s: %v", into.Engine, err)
			}
			var again bytes.Buffer
			m2, err := archive.Write(ctx, into, &again)
			if err != nil || m2.Record != m.Record || len(m2.Tables) != len(m.Tables) {
				t.Errorf("into %s: %v, record %+v, want %+v", into.Engine, err, m2.Record, m.Record)
			}
			for _, tab := range m.Tables {
				if got := rowsOf(m2, tab.Name); got != tab.Rows {
					t.Errorf("into %s: %s has %d rows, want %d", into.Engine, tab.Name, got, tab.Rows)
				}
			}
			if _, err := archive.Restore(ctx, into, bytes.NewReader(first.Bytes()), int64(first.Len())); !errs.Is(err, errs.Invalid) {
				t.Errorf("into a database that is not empty: %v", err)
			}
		}
		damaged := bytes.Clone(first.Bytes())
		for i := 200; i < len(damaged)/2; i += 97 { // through the tables, not only through what a zip says twice
			damaged[i] ^= 0xff
		}
		into := kittest.OpenDB(t, filepath.Join(t.TempDir(), "damaged.db"))
		if _, err := archive.Restore(ctx, into, bytes.NewReader(damaged), int64(len(damaged))); err == nil {
			t.Error("a damaged archive was restored")
		}
	})
}

func rowsOf(m archive.Manifest, name string) int64 {
	for _, t := range m.Tables {
		if t.Name == name {
			return t.Rows
		}
	}
	return -1
}

func TestConfidentialProjectsStayOutOfReportsAndFiles(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		secret := o.add(t, "Secret", true)
		for _, who := range []authz.Actor{o.other, o.adm, o.partner} {
			month, err := o.Reporting.Month(ctx, who, "2026-02", reporting.MonthQuery{})
			if err != nil || len(month.States) != 1 || month.All != 1 {
				t.Errorf("%s sees %d reports of %d, %v", who.Role, len(month.States), month.All, err)
			}
			g, err := o.Reporting.Glance(ctx, who, "all")
			if err != nil || g.Live != 1 || len(g.Table) != 1 || g.All != 1 {
				t.Errorf("%s sees %d of %d projects at a glance, %v", who.Role, len(g.Table), g.Live, err)
			}
			if _, err := o.Reporting.Sheet(ctx, who, secret, "2026-02"); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s reads the report: %v", who.Role, err)
			}
			file, err := o.Transfer.Export(ctx, who, "csv", all)
			if err != nil || bytes.Contains(file, []byte("Secret")) {
				t.Errorf("%s takes it away in a file: %v", who.Role, err)
			}
			list, err := o.Reporting.Portfolio(ctx, who, "")
			if err != nil || len(list) != 1 {
				t.Errorf("%s sees %d projects on the portfolio page, %v", who.Role, len(list), err)
			}
		}
	})
}
