package app

import (
	"context"
	"encoding/csv"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/reading"
	"cairn/internal/transfer"
)

// startMethods publishes the methods that a new one can begin from.
func startMethods(t *testing.T, a *App) {
	t.Helper()
	ctx, who := context.Background(), authz.AtCommandLine()
	for _, s := range method.Starts() {
		id, problems, err := a.Governance.Import(ctx, who, string(s.Text))
		if err != nil || len(problems) > 0 {
			t.Fatal(err, problems)
		}
		d, _, _, _, err := a.Governance.DraftOf(ctx, who, id)
		if err != nil {
			t.Fatal(err)
		}
		d.Changes = "As it comes."
		if err := a.Governance.WriteDraft(ctx, who, d); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Governance.Publish(ctx, who, id, d.Version+1); err != nil {
			t.Fatal(err)
		}
	}
}

// pastFile runs a file of past decisions.
func pastFile(t *testing.T, a *App, name, content string, dry bool, change func(*transfer.Plan)) transfer.Report {
	t.Helper()
	ctx, who := context.Background(), authz.AtCommandLine()
	src, err := transfer.Read(strings.NewReader(content), int64(len(content)), name)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := a.Transfer.PlanFor(ctx, who, src, transfer.Wish{Kind: transfer.Gates})
	if err != nil {
		t.Fatal(err)
	}
	plan.GoodOnly = true
	if change != nil {
		change(&plan)
	}
	rep, err := a.Transfer.Run(ctx, who, src, plan, dry)
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func journeyOf(t *testing.T, a *App, name string) governance.Journey {
	t.Helper()
	for _, p := range register(t, a, "").Projects {
		if p.Facts.Text("name") == name {
			j, err := a.Governance.Journey(context.Background(), authz.AtCommandLine(), p.ID)
			if err != nil {
				t.Fatal(err)
			}
			return j
		}
	}
	t.Fatalf("no project %s", name)
	return governance.Journey{}
}

const twelveProjects = "id,name\n1,Alpha\n2,Beta\n3,Gamma\n4,Delta\n"

func TestPastDecisionsComeInAndGoAgain(t *testing.T) {
	eachApp(t, func(t *testing.T, a *App) {
		ctx, who := context.Background(), authz.AtCommandLine()
		startMethods(t, a)
		bring(t, a, "register.csv", twelveProjects, "reg", "", nil)
		file := "Project No,Gate model,Gate 1,Gate 2,Approval body,Outcome\n" +
			"1,Two gates,03/04/2019,05/06/2020,Board,approved\n2,two-gate model,04/04/2019,,Board,\n3,Two gates,05/06/2020,03/04/2019,,\n4,Huge,01/02/2019,,,\n9,Two gates,01/02/2019,,,\n"
		asked := pastFile(t, a, "gates.csv", file, true, nil)
		if len(asked.Refused) < 2 || asked.Refused[0].Column != "Gate 1" || asked.Counts["recorded"] != 0 {
			t.Fatalf("both columns are ambiguous and have to be asked for: %+v", asked.Refused)
		}
		dayFirst := func(p *transfer.Plan) {
			for i := range p.Columns {
				p.Columns[i].Order = reading.DayFirst
			}
		}
		rep := pastFile(t, a, "gates.csv", file, false, dayFirst)
		if rep.ID == "" || rep.Counts["recorded"] != 3 || rep.Counts["moved"] != 2 || rep.RefusedRows != 3 {
			t.Fatalf("%+v", rep)
		}
		for i, want := range []string{"before", "No method stands", "no project \"9\""} {
			if !strings.Contains(rep.Refused[i].Message, want) {
				t.Errorf("refused %q, not for %q", rep.Refused[i].Message, want)
			}
		}
		j := journeyOf(t, a, "Alpha")
		if j.Method.ID != "two-gates" || j.Steps[0].Place != governance.GatePassed || j.Steps[1].Place != governance.GatePassed || j.Next() != nil || j.Governed.Phase != "deliver" {
			t.Errorf("Alpha: %s, %+v, %+v, next %+v", j.Method.ID, j.Steps[0], j.Steps[1], j.Next())
		}
		if p := j.Steps[1].Past; p == nil || p.On != "2020-06-05" || p.Source() != "gates.csv, row 2" || p.BodyWords != "Board" {
			t.Errorf("Alpha: %+v", p)
		}
		if j := journeyOf(t, a, "Beta"); j.Next() == nil || j.Next().Gate.ID != "approval" {
			t.Error("Beta has one gate before it")
		}
		if again := pastFile(t, a, "gates.csv", file, false, dayFirst); again.ID != "" || again.Counts["same"] != 3 {
			t.Errorf("the same file again: %+v", again)
		}
		long := pastFile(t, a, "long.csv", "Project,Gate,Date,Decision,Board\nBeta,Gate 2,2021-01-31,Approved with conditions,Council\nAlpha,need,2019-05-01,,Board\nAlpha,need,2019-05-02,,\nGamma,need,2019-05-02,,\nBeta,Gate 7,2021-02-01,,\n", false, nil)
		if long.Counts["recorded"] != 1 || long.Counts["changed"] != 1 || long.RefusedRows != 3 {
			t.Errorf("long: %+v", long)
		}
		if j := journeyOf(t, a, "Beta"); j.Steps[1].Past == nil || j.Steps[1].Past.Decision != method.ConditionalGo {
			t.Errorf("Beta: %+v", j.Steps[1].Past)
		}
		// The first file is undone: what the second one said stays.
		if _, err := a.Transfer.UndoPreview(ctx, who, rep.ID, ""); err != nil {
			t.Fatal(err)
		}
		u, err := a.Transfer.Undo(ctx, who, rep.ID)
		if err != nil || u.Withdrawn != 2 || u.Kept != 2 || u.Assignments != 1 {
			t.Errorf("undone: %+v, %v", u, err)
		}
		if _, err := a.Transfer.Undo(ctx, who, rep.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("twice: %v", err)
		}
		if u, err = a.Transfer.Undo(ctx, who, long.ID); err != nil || u.Withdrawn != 2 || u.Restored != 0 {
			t.Errorf("the second: %+v, %v", u, err)
		}
		if j := journeyOf(t, a, "Alpha"); j.Governed != nil {
			t.Errorf("Alpha follows nothing, as before: %+v", j.Governed)
		}
		var left int
		if err := a.Store.Read.QueryRow(`SELECT COUNT(*) FROM v_past_gate`).Scan(&left); err != nil || left != 0 {
			t.Errorf("%d left, %v", left, err)
		}
		if shown, err := a.Transfer.Applied(ctx, who, rep.ID, ""); err != nil || shown.UndoneAt == 0 || len(shown.Diff.Rows) != 5 {
			t.Errorf("%+v, %v", shown, err)
		}
	})
}

// plainDay reads the spellings of the file of Melbourne Water, apart from the
// product's own reader.
func plainDay(t *testing.T, s string) string {
	t.Helper()
	if s == "" {
		return ""
	}
	s, _, _ = strings.Cut(s, " ")
	for _, layout := range []string{"2006-01-02", "2/01/2006"} {
		if d, err := time.Parse(layout, s); err == nil {
			return d.Format(time.DateOnly)
		}
	}
	t.Fatalf("no date: %q", s)
	return ""
}

func TestPublishedGatesOfCapitalProjects(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(kittest.RealData(t, "melbourne-water"), "Capital_Delivery_Project_deidentified.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(content), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, h := range rows[0] {
		at[h] = i
	}
	today := kittest.Noon.Format(time.DateOnly)
	number := regexp.MustCompile(`^([234]) Gate Major Infrastructure$`)
	gates := map[string][]string{"2": {"BNI", "BCA"}, "3": {"BNI", "PBC", "BCA"}, "4": {"BNI", "PBC", "BCA"}}
	models, recorded, left, refused, legs := map[string]int{}, 0, 0, 0, map[string]int{}
	for _, row := range rows[1:] {
		m := number.FindStringSubmatch(row[at["EPT"]])
		if m == nil {
			models["none"]++
			refused++
			continue
		}
		models[m[1]]++
		last := ""
		for _, gate := range []string{"BNI", "PBC", "BCA"} {
			on := plainDay(t, row[at[gate]])
			is := strings.Contains(strings.Join(gates[m[1]], " "), gate)
			switch {
			case on == "":
				if is {
					last = "gap"
				}
			case !is || on > today:
				left++
				if is {
					last = "gap"
				}
			default:
				recorded++
				if last != "" && last != "gap" {
					legs[m[1]+" "+last+" "+gate]++
				}
				last = gate
			}
		}
	}
	if models["2"] != 273 || models["3"] != 148 || models["4"] != 22 || models["none"] != 2 {
		t.Fatalf("models: %v", models)
	}
	t.Logf("%d recorded, %d left out, %d refused, legs %v", recorded, left, refused, legs)
	eachApp(t, func(t *testing.T, a *App) {
		startMethods(t, a)
		bring(t, a, "capital.csv", string(content), "capital", "", nil)
		change := func(p *transfer.Plan) {
			p.Values = map[string]map[string]string{"model": {"2 Gate - IT": "", "Minor Procurement": ""}}
		}
		rep := pastFile(t, a, "capital.csv", string(content), false, change)
		for _, c := range []struct {
			what      string
			got, want int
		}{
			{"recorded", rep.Counts["recorded"], recorded},
			{"left out", rep.Counts["left_out"], left},
			{"refused rows", rep.RefusedRows, refused},
			{"on a method", rep.Counts["moved"], 443},
			{"rows", rep.Rows, 445},
		} {
			if c.got != c.want {
				t.Errorf("%s: %d, by a plain reading %d", c.what, c.got, c.want)
			}
		}
		for _, r := range rep.Refused {
			if !strings.HasPrefix(r.Message, "No method stands for this model.") {
				t.Errorf("refused for %q", r.Message)
			}
		}
		follow := map[string]int{}
		list, _, err := a.Governance.Methods(context.Background(), authz.AtCommandLine())
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range list {
			follow[v.Method] = v.Projects
		}
		if follow["two-gates"] != 273 || follow["three-gates"] != 148 || follow["four-gates"] != 22 {
			t.Errorf("projects by method: %v", follow)
		}
		page, err := a.Governance.Spreads(context.Background(), authz.AtCommandLine(), governance.SpreadQuery{})
		if err != nil {
			t.Fatal(err)
		}
		legs := maps.Clone(legs)
		names := map[string]string{"need": "BNI", "case": "PBC", "approval": "BCA"}
		for _, l := range page.Legs {
			key := strconv.Itoa(map[string]int{"two-gates": 2, "three-gates": 3, "four-gates": 4}[l.Method]) + " " + names[l.From] + " " + names[l.To]
			if l.All.Count() != legs[key] || l.All.Days[0] < 0 {
				t.Errorf("%s: %d projects, by a plain reading %d", key, l.All.Count(), legs[key])
			}
			n := 0
			for _, b := range l.ByBody {
				n += b.Count()
			}
			if n != l.All.Count() {
				t.Errorf("%s: %d by body", key, n)
			}
			delete(legs, key)
		}
		if len(legs) > 0 || len(page.Bodies) != 7 {
			t.Errorf("missing %v, bodies %v", legs, page.Bodies)
		}
		if u, err := a.Transfer.Undo(context.Background(), authz.AtCommandLine(), rep.ID); err != nil || u.Withdrawn != recorded || u.Assignments != 443 {
			t.Errorf("undone: %+v, %v", u, err)
		}
	})
}
