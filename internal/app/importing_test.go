package app

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/portfolio"
	"cairn/internal/transfer"
)

func eachApp(t *testing.T, test func(t *testing.T, a *App)) {
	t.Helper()
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		test(t, build(Config{Clock: clock.NewManual(kittest.Noon, 1).Source, Zone: time.UTC}, db))
	})
}

func bring(t *testing.T, a *App, name, content, source, asAt string, change func(*transfer.Plan)) transfer.Report {
	t.Helper()
	src, err := transfer.Read(strings.NewReader(content), int64(len(content)), name)
	if err != nil {
		t.Fatal(err)
	}
	fields, err := a.Transfer.Fields(context.Background(), authz.AtCommandLine(), "")
	if err != nil {
		t.Fatal(err)
	}
	p, err := transfer.Propose(src.File, "", fields)
	if err != nil || p.Missing != nil {
		t.Fatalf("%s: %v, missing %v", name, err, p.Missing)
	}
	p.Plan.Source, p.Plan.AsAt = source, asAt
	if change != nil {
		change(&p.Plan)
	}
	rep, err := a.Transfer.Run(context.Background(), authz.AtCommandLine(), src, p.Plan, false)
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func register(t *testing.T, a *App, asAt string) portfolio.Page {
	t.Helper()
	page, err := a.Portfolio.List(context.Background(), authz.AtCommandLine(), portfolio.Filter{When: portfolio.When{AsAt: asAt}, Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// register2025 is a small register as people keep it: a banner, an empty row,
// mixed dates, reasons instead of numbers, a rating in either of two columns.
const register2025 = `Capital programme - OFFICIAL

Project No;Project name;Department;RAG;MPA RAG rating;Start date;End date;Budget (£m);Sponsor;PM
A1;Storm tanks;Waste;Green;;03/04/2024;25/12/2025;£1,200.5;Una Black;Tom White
A2;"Pumps
phase 2";Networks;;Amber/Red;1 May 2024;Mar-26;Exempt under Section 43;Una Black;
A3;Meters;Networks;Red;;28/02/2024;TBC;2.25;;Zoe Grey
`

func TestARegisterAsPeopleKeepItComesIn(t *testing.T) {
	eachApp(t, func(t *testing.T, a *App) {
		rep := bring(t, a, "r.csv", register2025, "reg", "2025-03-31", nil)
		if rep.Created != 3 || len(rep.Refused) > 0 || !rep.Applied {
			t.Fatalf("%+v", rep)
		}
		page := register(t, a, "")
		byName := map[string]portfolio.Project{}
		for _, p := range page.Projects {
			byName[p.Facts.Text(portfolio.Name)] = p
		}
		tanks, pumps, meters := byName["Storm tanks"], byName["Pumps\nphase 2"], byName["Meters"]
		if tanks.Facts.Text(portfolio.Budget) != "120050000000" || tanks.Facts.Text(portfolio.Currency) != "GBP" || tanks.Facts.Text(portfolio.ForecastStart) != "2024-04-03" {
			t.Errorf("storm tanks: %v", tanks.Facts)
		}
		if v := pumps.Facts[portfolio.Budget]; v.Text != "" || v.Reason != "Exempt under Section 43" || pumps.Facts.Text(portfolio.Rating) != "amber_red" || pumps.Facts.Text(portfolio.ForecastEnd) != "2026-03-31" {
			t.Errorf("pumps: %v", pumps.Facts)
		}
		if meters.Facts[portfolio.ForecastEnd].Reason != "TBC" || meters.Facts.Text(portfolio.RatingScale) != "5" {
			t.Errorf("meters: %v", meters.Facts)
		}
		if len(tanks.Who(portfolio.Manager)) != 1 || tanks.Who(portfolio.Sponsor)[0] != "Una Black" || tanks.People[0].Origin != portfolio.Imported {
			t.Errorf("people: %+v", tanks.People)
		}
		if page.Totals[0].WithBudget+page.Totals[len(page.Totals)-1].WithBudget < 2 {
			t.Errorf("totals: %+v", page.Totals)
		}
		again := bring(t, a, "r.csv", register2025, "reg", "2025-03-31", nil)
		if again.Unchanged != 3 || again.ID != "" {
			t.Errorf("the same file again: %+v", again)
		}
	})
}

func TestAnOlderFileAddsHistoryAndWhatVanishedIsFlagged(t *testing.T) {
	eachApp(t, func(t *testing.T, a *App) {
		bring(t, a, "r.csv", "id,name,department,rating,pm\n1,Alpha,X,Red,Una\n2,Beta,X,Green,Tom\n", "s", "2025-12-31", nil)
		older := bring(t, a, "r.csv", "id,name,department,rating,phase,pm\n1,Alpha old,X,Green,Define,Tom\n3,Gone,X,Red,,\n", "s", "2024-12-31", nil)
		if older.Created != 1 || older.Changed != 1 || older.Vanished != 0 {
			t.Errorf("older file: %+v", older)
		}
		find := func(asAt, name string) *portfolio.Project {
			for _, p := range register(t, a, asAt).Projects {
				if p.Facts.Text(portfolio.Name) == name {
					return &p
				}
			}
			return nil
		}
		now, then := find("", "Alpha"), find("2025-01-01", "Alpha old")
		if now == nil || then == nil || now.Facts.Text(portfolio.Rating) != "red" || then.Facts.Text(portfolio.Rating) != "green" || now.Facts.Text(portfolio.Phase) != "Define" {
			t.Fatalf("now %+v, then %+v", now, then)
		}
		if now.Who(portfolio.Manager)[0] != "Una" || then.Who(portfolio.Manager)[0] != "Tom" {
			t.Errorf("managers now %v, then %v", now.Who(portfolio.Manager), then.Who(portfolio.Manager))
		}
		newest := bring(t, a, "r.csv", "id,name,department,rating\n1,Alpha,X,Red\n", "s", "2026-01-31", nil)
		if newest.Vanished != 1 || find("", "Gone") == nil || find("", "Gone").VanishedFrom != "s" || find("", "Beta") == nil || find("", "Beta").VanishedFrom != "s" {
			t.Errorf("newest: %+v", newest)
		}
		// An id is adopted by name and department; a name alone is only proposed.
		byName := bring(t, a, "r.csv", "id,name,department\nN1,BETA,x\nN2,Beta,Y\n", "other", "2026-02-01", nil)
		if byName.Created != 1 || byName.Alike != 1 {
			t.Errorf("by name: %+v", byName)
		}
	})
}

func TestRefusalsNameTheCellAndChangeNothing(t *testing.T) {
	const content = "name,start date,cost\nGood,2025-01-01,5\nBad,31/02/2025,1,2\nWorse,2025-01-01,12a\nGood,2025-01-01,5\n,2025-01-01,1\n"
	eachApp(t, func(t *testing.T, a *App) {
		rep := bring(t, a, "r.csv", content, "s", "", nil)
		if rep.Applied || rep.RefusedRows != 4 || register(t, a, "").Count != 0 {
			t.Fatalf("%+v", rep)
		}
		places := map[int]string{}
		for _, f := range rep.Refused {
			places[f.Row] = f.Column
		}
		if places[3] != "start date" || places[4] != "cost" || places[6] != "name" {
			t.Errorf("refused: %+v", rep.Refused)
		}
		back, err := rep.RefusedCSV()
		if err != nil || bytes.Count(back, []byte("\n")) < 5 || !bytes.Contains(back, []byte("Why it was refused")) {
			t.Errorf("given back: %s, %v", back, err)
		}
		good := bring(t, a, "r.csv", content, "s", "", func(p *transfer.Plan) { p.GoodOnly = true })
		if !good.Applied || good.Created != 1 || register(t, a, "").Count != 1 {
			t.Errorf("good rows only: %+v", good)
		}
	})
}

func TestAmbiguousDatesAreAskedFor(t *testing.T) {
	const content = "name,start date\nA,03/04/2025\nB,05/06/2025\n"
	eachApp(t, func(t *testing.T, a *App) {
		rep := bring(t, a, "r.csv", content, "s", "", nil)
		if rep.Applied || len(rep.Refused) != 1 || rep.Refused[0].Column != "start date" {
			t.Fatalf("%+v", rep)
		}
		rep = bring(t, a, "r.csv", content, "s", "", func(p *transfer.Plan) { p.Columns[1].Order = "mdy" })
		if !rep.Applied || register(t, a, "").Projects[0].Facts.Text(portfolio.ForecastStart) != "2025-03-04" {
			t.Errorf("%+v", rep)
		}
	})
}

func TestOneProjectPerColumn(t *testing.T) {
	eachApp(t, func(t *testing.T, a *App) {
		rep := bring(t, a, "r.csv", "Project Name,A,B,C\n\"RAG rating\n(of five)\",Green,Amber/Red,Exempt\nDepartment,X,Y,Z\n\"Total budgeted whole life costs (£million)\",£6.20,£1.30,\n", "s", "2025-01-01", nil)
		page := register(t, a, "")
		if rep.Created != 3 || page.Totals[0].Budget+page.Totals[len(page.Totals)-1].Budget == 0 || page.Ratings["amber_red"] != 1 {
			t.Errorf("%+v, %+v", rep, page.Totals)
		}
	})
}

func TestExportThenImportChangesNothing(t *testing.T) {
	eachApp(t, func(t *testing.T, a *App) {
		ctx := context.Background()
		bring(t, a, "r.csv", register2025, "reg", "2025-03-31", nil)
		bring(t, a, "r.csv", "name,notes,actual cost\n=cmd()|x,'quoted,-5.05\n+1,\"@a\nb\",\n", "odd", "2025-05-01", nil)
		before, err := a.Transfer.Export(ctx, authz.AtCommandLine(), transfer.CSV, all)
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range []transfer.Format{transfer.CSV, transfer.XLSX} {
			file, err := a.Transfer.Export(ctx, authz.AtCommandLine(), format, all)
			if err != nil {
				t.Fatal(err)
			}
			if rep := bring(t, a, "projects."+string(format), string(file), "export", "", nil); rep.Unchanged != 5 || len(rep.Refused) > 0 {
				t.Errorf("%s: %+v", format, rep)
			}
			after, err := a.Transfer.Export(ctx, authz.AtCommandLine(), transfer.CSV, all)
			if err != nil || !bytes.Equal(before, after) {
				t.Errorf("%s changed the register: %v\n%s\n%s", format, err, before, after)
			}
		}
	})
}

func TestPublishedYearsOfMajorProjects(t *testing.T) {
	root := kittest.RealData(t, "gmpp")
	years := []struct {
		name, asAt string
		projects   int
		ratings    map[string]int
	}{
		{"uk_2016.csv", "2015-09-30", 143, map[string]int{"green": 10, "amber_green": 29, "amber": 55, "amber_red": 38, "red": 6, "": 5}},
		{"uk_2018.csv", "", 133, map[string]int{"green": 2, "amber_green": 22, "amber": 59, "amber_red": 38, "red": 8, "": 4}},
		{"uk_2019.csv", "", 133, map[string]int{"green": 4, "amber_green": 18, "amber": 66, "amber_red": 38, "red": 4, "": 3}},
		{"uk_2021.csv", "", 184, map[string]int{"green": 12, "amber_green": 29, "amber": 84, "amber_red": 44, "red": 7, "": 8}},
	}
	for _, y := range years {
		t.Run(y.name, func(t *testing.T) {
			content, err := os.ReadFile(filepath.Join(root, y.name))
			if err != nil {
				t.Fatal(err)
			}
			eachApp(t, func(t *testing.T, a *App) {
				rep := bring(t, a, y.name, string(content), "gmpp", y.asAt, nil)
				page := register(t, a, "")
				if rep.Created != y.projects || page.Count != y.projects || len(rep.Refused) > 0 {
					t.Errorf("%d created, %d in the register, refused %v", rep.Created, page.Count, rep.Refused)
				}
				for rating, n := range y.ratings {
					if page.Ratings[rating] != n {
						t.Errorf("%q: %d, want %d", rating, page.Ratings[rating], n)
					}
				}
				if again := bring(t, a, y.name, string(content), "gmpp", y.asAt, nil); again.Unchanged != y.projects || again.ID != "" {
					t.Errorf("again: %+v", again)
				}
			})
		})
	}
}

func TestPublishedCapitalProjects(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(kittest.RealData(t, "melbourne-water"), "Capital_Delivery_Project_deidentified.csv"))
	if err != nil {
		t.Fatal(err)
	}
	eachApp(t, func(t *testing.T, a *App) {
		// Every date column is read, in seven spellings, as one of the dates that Cairn keeps.
		for _, dates := range []string{"BNI", "BCA", "PBC", "Tender Closed", "Stage1", "Stage2", "Stage3"} {
			rep := bring(t, a, "capital.csv", string(content), dates, "", func(p *transfer.Plan) {
				for i := range p.Columns {
					if p.Columns[i].Header == dates {
						p.Columns[i].Field = "baseline_end"
					}
				}
			})
			if rep.Rows != 445 || len(rep.Refused) > 0 {
				t.Errorf("%s: %d rows, refused %v", dates, rep.Rows, rep.Refused)
			}
			if dates == "BNI" {
				if total := register(t, a, "").Totals[0]; total.Forecast != 511_365_915_250 || rep.Created != 445 {
					t.Errorf("total %+v, %d created", total, rep.Created)
				}
			}
		}
	})
}

// all is the address of the whole register.
func all(string) string { return "" }
