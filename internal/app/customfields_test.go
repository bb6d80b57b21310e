package app

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/portfolio"
	"cairn/internal/transfer"
)

// valuesOf draws what a custom field of each type can hold.
func valuesOf(d portfolio.FieldInfo, people []string) *rapid.Generator[string] {
	switch d.Type {
	case portfolio.Number:
		return rapid.Custom(func(t *rapid.T) string {
			n := rapid.IntRange(-9999, 9999).Draw(t, "n")
			if n%3 == 0 {
				return fmt.Sprint(n)
			}
			return strings.TrimRight(fmt.Sprintf("%d.%03d", n, rapid.IntRange(1, 999).Draw(t, "part")), "0")
		})
	case portfolio.Money:
		return rapid.Custom(func(t *rapid.T) string { return fmt.Sprint(rapid.Int64Range(-1e14, 1e14).Draw(t, "minor")) })
	case portfolio.Date:
		return rapid.Custom(func(t *rapid.T) string {
			return fmt.Sprintf("20%02d-%02d-%02d", rapid.IntRange(10, 40).Draw(t, "y"), rapid.IntRange(1, 12).Draw(t, "m"), rapid.IntRange(1, 28).Draw(t, "d"))
		})
	case portfolio.Choice:
		return rapid.SampledFrom(d.Choices)
	case portfolio.PersonRef:
		return rapid.SampledFrom(people)
	default:
		return rapid.StringMatching(`[A-Za-zäß][A-Za-z0-9ö,;"' =+-]{0,20}[a-z0-9]`)
	}
}

// TestCustomFactsComeBackAsTheyWereStated states random facts of random custom
// fields, reads them, takes them away as a file and brings that in again.
func TestCustomFactsComeBackAsTheyWereStated(t *testing.T) {
	eachApp(t, func(t *testing.T, a *App) {
		ctx, who, round := context.Background(), authz.AtCommandLine(), 0
		var people []string
		for _, name := range []string{"Una Black", "Tom O'White", "Zoë Grey"} {
			p, err := a.People.AddPerson(ctx, who, identity.Person{Name: name})
			if err != nil {
				t.Fatal(err)
			}
			people = append(people, p.ID)
		}
		rapid.Check(t, func(rt *rapid.T) {
			if round++; round > 12 {
				return // each round is a whole register; the databases are real
			}
			fields := drawFields(ctx, rt, a, round)
			stated := map[string]portfolio.Facts{}
			for i := range rapid.IntRange(1, 4).Draw(rt, "projects") {
				f := portfolio.Facts{portfolio.Name: {Text: fmt.Sprintf("Project %d of %d", i, round)}, portfolio.Currency: {Text: "GBP"}}
				for _, d := range fields {
					if rapid.Bool().Draw(rt, "states") {
						f[d.Field] = portfolio.Value{Text: valuesOf(d.FieldInfo, people).Draw(rt, d.Label)}
					}
				}
				id, err := a.Portfolio.AddProject(ctx, who, a.Portfolio.Today(), f, false)
				if err != nil {
					rt.Fatalf("%v: %v", f, err)
				}
				stated[id] = f
			}
			for _, p := range every(t, a) {
				want, mine := stated[p.ID]
				if got := p.Facts.Merge(portfolio.Facts{portfolio.Parent: {}}); mine && !got.Same(want) {
					rt.Fatalf("stated %v, read %v", want, p.Facts)
				}
			}
			for _, format := range []transfer.Format{transfer.CSV, transfer.XLSX} {
				unchanged(ctx, rt, a, format)
			}
		})
	})
}

func drawFields(ctx context.Context, t *rapid.T, a *App, round int) (out []portfolio.Definition) {
	for i := range rapid.IntRange(1, 3).Draw(t, "fields") {
		kind := rapid.SampledFrom(portfolio.CustomTypes).Draw(t, "type")
		d := portfolio.Definition{FieldInfo: portfolio.FieldInfo{Label: fmt.Sprintf("%s %d (%d)", rapid.SampledFrom([]string{"Owner", "Größe", "Cost"}).Draw(t, "label"), round, i), Type: kind.Type}}
		if kind.Type == portfolio.Choice {
			d.Choices = []string{"Low", "High, or very", "Ünsure"}
		}
		d.Sortable = kind.Type != portfolio.PersonRef && rapid.Bool().Draw(t, "sortable")
		d, err := a.Portfolio.DefineField(ctx, authz.AtCommandLine(), d)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, d)
	}
	return out
}

func every(t *testing.T, a *App) []portfolio.Project { t.Helper(); return register(t, a, "").Projects }

// unchanged exports the register and imports the file.
func unchanged(ctx context.Context, t *rapid.T, a *App, format transfer.Format) {
	who := authz.AtCommandLine()
	file, err := a.Transfer.Export(ctx, who, format, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	src, err := transfer.Read(bytes.NewReader(file), int64(len(file)), "out."+string(format))
	if err != nil {
		t.Fatal(err)
	}
	fields, err := a.Transfer.Fields(ctx, who, "")
	if err != nil {
		t.Fatal(err)
	}
	p, err := transfer.Propose(src.File, "", fields)
	if err != nil {
		t.Fatal(err)
	}
	p.Plan.Source = "out"
	rep, err := a.Transfer.Run(ctx, who, src, p.Plan, true)
	if err != nil || rep.Changed+rep.Created+rep.RefusedRows > 0 || rep.Rows == 0 {
		t.Fatalf("%s: %+v, %v\n%s", format, rep, err, file)
	}
}

func TestAFileBringsCustomFieldsIn(t *testing.T) {
	eachApp(t, func(t *testing.T, a *App) {
		ctx, who := context.Background(), authz.AtCommandLine()
		for _, d := range []portfolio.FieldInfo{
			{Label: "Driver", Type: portfolio.Choice, Choices: []string{"Growth", "Resilience"}},
			{Label: "Benefit owner", Type: portfolio.PersonRef},
			{Label: "Outage hours", Type: portfolio.Number},
		} {
			if _, err := a.Portfolio.DefineField(ctx, who, portfolio.Definition{FieldInfo: d}); err != nil {
				t.Fatal(err)
			}
		}
		const good = "name,driver,benefit owner,outage hours\nPump,GROWTH,Una Black,\"1,250.50\"\nTank,,,TBC\n"
		rep := bring(t, a, "r.csv", good, "s", "2026-01-31", nil)
		if rep.Created != 2 || len(rep.Refused) > 0 {
			t.Fatalf("%+v", rep)
		}
		page := register(t, a, "")
		pump, tank := page.Projects[0].Facts, page.Projects[1].Facts
		if pump.Text("x_driver") != "Growth" || pump.Text("x_outage_hours") != "1250.5" || page.Names[pump.Text("x_benefit_owner")] != "Una Black" || tank["x_outage_hours"].Reason != "TBC" {
			t.Errorf("%v, %v, %v", pump, tank, page.Names)
		}
		if again := bring(t, a, "r.csv", good, "s", "2026-01-31", nil); again.Unchanged != 2 {
			t.Errorf("the same file again: %+v", again)
		}
		bad := bring(t, a, "r.csv", "name,driver,benefit owner,outage hours\nNew,Fun,Nina New,1\n", "s", "2026-02-01", func(p *transfer.Plan) { p.GoodOnly = true })
		if len(bad.Refused) != 1 || bad.Refused[0].Column != "driver" || !strings.Contains(bad.Refused[0].Message, "Growth; Resilience") {
			t.Errorf("%+v", bad.Refused)
		}
		if found, err := a.Portfolio.PersonNamed(ctx, who, "p", "Nina New"); err == nil {
			t.Errorf("a refused row left a person: %s", found)
		}
	})
}
