package app

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/kittest"
	"cairn/internal/portfolio"
	"cairn/internal/transfer"
)

// The files of this test imitate registers that were published, in their
// headers and in how they say things; none of their rows is anybody's.

func TestYearsInAnyOrderTellTheSame(t *testing.T) {
	years := map[string]string{
		"2019-09-30": "GMPP ID Number,Project Name,Department,IPA RAG rating 2018-19\nA_1,Alpha,X,Red\nA_2,Beta,X,Green\nA_3,Gone,X,Amber\n",
		"2020-09-30": "GMPP ID Number,Project Name,Department,IPA RAG rating 2019-20\nA_1,Alpha,X,Amber/Red\nA_2,Beta (renamed),X,Green\n",
		"2021-03-31": "GMPP ID Number,Project Name,Department,IPA RAG rating 2020-21\nA_1,Alpha,X,Amber\nA_4,New,Y,Exempt under Section 26\n",
	}
	tell := func(a *App) string {
		var b strings.Builder
		for _, day := range []string{"2019-12-31", "2020-12-31", ""} {
			for _, p := range register(t, a, day).Projects {
				fmt.Fprintln(&b, day, p.Facts.Text(portfolio.Name), p.Facts.Text(portfolio.Rating), p.Facts[portfolio.Rating].Reason, p.VanishedFrom)
			}
		}
		return b.String()
	}
	eachApp(t, func(t *testing.T, a *App) {
		for _, day := range []string{"2021-03-31", "2019-09-30", "2020-09-30"} {
			if rep := bring(t, a, "y.csv", years[day], "gmpp", day, nil); !rep.Applied {
				t.Fatalf("%s: %+v", day, rep)
			}
		}
		backwards := tell(a)
		eachApp(t, func(t *testing.T, b *App) {
			for _, day := range []string{"2019-09-30", "2020-09-30", "2021-03-31"} {
				bring(t, b, "y.csv", years[day], "gmpp", day, nil)
				if again := bring(t, b, "y.csv", years[day], "gmpp", day, nil); again.ID != "" || again.Vanished != 0 {
					t.Errorf("%s again: %+v", day, again)
				}
			}
			if forwards := tell(b); forwards != backwards {
				t.Errorf("forwards\n%sbackwards\n%s", forwards, backwards)
			}
		})
	})
}

func TestARegisterInTheStyleOfAnInvestmentDashboard(t *testing.T) {
	const content = "Unique Investment Identifier,Agency Name,Investment Title,CIO Rating,Start Date,Projected/Actual Cost ($ M)\n" +
		"005-000000001,Agriculture,Grants,4,10/01/2013,11.2\n006-000000002,Commerce,Census,1,02/28/2014,\"1,200.5\"\n"
	eachApp(t, func(t *testing.T, a *App) {
		rep := bring(t, a, "us.csv", content, "us", "2016-04-01", nil)
		if rep.Created != 2 || len(rep.Refused) > 0 {
			t.Fatalf("%+v", rep)
		}
		for _, p := range register(t, a, "").Projects {
			want := map[string]string{"Grants": "amber_green 2013-10-01 1120000000", "Census": "red 2014-02-28 120050000000"}[p.Facts.Text(portfolio.Name)]
			if got := p.Facts.Text(portfolio.Rating) + " " + p.Facts.Text(portfolio.ForecastStart) + " " + p.Facts.Text(portfolio.Forecast); got != want {
				t.Errorf("%s: %s, want %s", p.Facts.Text(portfolio.Name), got, want)
			}
		}
	})
}

func TestRepeatedRowsAreDecidedAbout(t *testing.T) {
	const content = "id,name\n1,First\n2,Other\n1,Second\n1,Third\n"
	for how, want := range map[transfer.Repeated][3]int{transfer.RefuseLater: {2, 0, 2}, transfer.FirstWins: {2, 2, 0}, transfer.RefuseAll: {1, 0, 3}} {
		eachApp(t, func(t *testing.T, a *App) {
			rep := bring(t, a, "r.csv", content, "s", "", func(p *transfer.Plan) { p.Repeated, p.GoodOnly = how, true })
			if got := [3]int{rep.Created, rep.LeftOut, rep.RefusedRows}; got != want || rep.Rows != 4 {
				t.Errorf("%q: created, left out, refused %v, want %v", how, got, want)
			}
		})
	}
}

func TestARefusedRowLeavesNothingBehind(t *testing.T) {
	eachApp(t, func(t *testing.T, a *App) {
		ctx := context.Background()
		for range 2 {
			if _, err := a.People.AddPerson(ctx, authz.AtCommandLine(), identity.Person{Name: "Sam Twin"}); err != nil {
				t.Fatal(err)
			}
		}
		rep := bring(t, a, "r.csv", "id,name,pm,programme\n1,Good,New Person,P\n2,Bad,Sam Twin,Q\n", "s", "", func(p *transfer.Plan) { p.GoodOnly = true })
		page := register(t, a, "")
		if rep.Created != 1 || rep.RefusedRows != 1 || page.Count != 1 || page.Projects[0].Facts.Text(portfolio.Name) != "Good" {
			t.Errorf("%+v, %d in the register", rep, page.Count)
		}
	})
}

func TestNaughtyStringsComeBackFromTheRegister(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(kittest.RealData(t, "naughty-strings"), "blns.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	var file strings.Builder
	file.WriteString("id,name,purpose\n")
	for i, s := range strings.Split(string(raw), "\n") {
		// What is stated of files: no NUL, plain line ends, no blanks around a cell.
		s = strings.Trim(strings.NewReplacer("\x00", "", "\r\n", "\n", "\r", "\n").Replace(s), " \t\n")
		if strings.TrimSpace(s) == "" || len(s) > 300 || s[0] == '\'' {
			continue
		}
		names = append(names, s)
		fmt.Fprintf(&file, "%d,\"%s\",x\n", i, strings.ReplaceAll(s, `"`, `""`))
	}
	eachApp(t, func(t *testing.T, a *App) {
		rep := bring(t, a, "naughty.csv", file.String(), "s", "", nil)
		if rep.Created != len(names) || len(rep.Refused) > 0 {
			t.Fatalf("%d of %d created, refused %v", rep.Created, len(names), rep.Refused)
		}
		out, err := a.Transfer.Export(context.Background(), authz.AtCommandLine(), transfer.CSV, all)
		if err != nil {
			t.Fatal(err)
		}
		if again := bring(t, a, "export.csv", string(out), "e", "", nil); again.Changed != 0 || again.Created != 0 || len(again.Refused) > 0 {
			t.Errorf("the export again: %+v", again)
		}
		kept := map[string]bool{}
		f := portfolio.Filter{Limit: 200}
		for {
			page, err := a.Portfolio.List(context.Background(), authz.AtCommandLine(), f)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range page.Projects {
				kept[p.Facts.Text(portfolio.Name)] = true
			}
			if page.NextID == "" {
				break
			}
			f.AfterKey, f.AfterID = page.NextKey, page.NextID
		}
		for _, s := range names {
			if !kept[s] {
				t.Errorf("%q did not come back", s)
			}
		}
		if !bytes.Contains(out, []byte("\ufeff")) {
			t.Error("the export has no byte order mark")
		}
	})
}
