package app

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"cairn/internal/kit/authz"
	"cairn/internal/portfolio"
	"cairn/internal/transfer"
)

// row is one row of a register of which every number is known, and of its successor.
type row struct {
	id, name, unit, status, rag string
	end                         int // day of December 2026
	budget                      int
}

// successors gives a register of 60 rows, and that of seven months later: ten gone,
// fifteen new, four changed in each of three fields, and the rest written otherwise.
func successors() (before, after string) {
	var list []row
	for i := range 60 {
		r := row{fmt.Sprintf("CW-%03d", i), fmt.Sprintf("Scheme %d", i), fmt.Sprintf("Office %d", i%7), "Live", "Amber/Red", 1 + i%28, 1_000 * (i + 1)}
		if id := map[int]string{0: "ab-1", 1: "AB-1"}[i]; id != "" { // two records, which differ by their names
			r.id = id
		}
		list = append(list, r)
	}
	var b strings.Builder
	b.WriteString("Project ID,Project name,Department,Status,RAG,End date,Budget (£)\n")
	for _, r := range list {
		fmt.Fprintf(&b, "%s,%s,%s,%s,%s,%02d/12/2026,\"%d,%03d\"\n", r.id, r.name, r.unit, r.status, r.rag, r.end, r.budget/1000, r.budget%1000)
	}
	before = b.String()
	list = list[:50]
	anew := map[int]string{22: "cw-22", 23: "CW 023", 24: "cw - 24", 25: "CW-25"} // as a spreadsheet, or a person, writes them
	for i := range list {
		switch {
		case i >= 10 && i < 14:
			list[i].budget++
		case i >= 14 && i < 18:
			list[i].rag = "Green"
		case i >= 18 && i < 22:
			list[i].end++
		case anew[i] != "":
			list[i].id = anew[i]
		}
	}
	for i := range 15 {
		list = append(list, row{fmt.Sprintf("NW-%d", i), fmt.Sprintf("New scheme %d", i), "Office 1", "Live", "Green", 1, 5})
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	b.Reset()
	b.WriteString("RAG status;Constituency;Project title;Baseline cost (£);Finish date;Project ID;Project status;Agency\n")
	for i, r := range list {
		end := []string{fmt.Sprintf("2026-12-%02d", r.end), fmt.Sprintf("%d-Dec-2026", r.end)}[i%2]
		rag := map[string][]string{"Amber/Red": {"A/R", "amber - red"}, "Green": {"G", "GREEN"}}[r.rag][i%2]
		fmt.Fprintf(&b, "%s;Seat;%s  ;%s;%s; %s ;%s;%s\n", rag, r.name, []string{fmt.Sprintf("£%d.00", r.budget), fmt.Sprint(r.budget)}[i%2], end, r.id, r.status, r.unit)
	}
	return before, b.String()
}

// TestASuccessorOfARegisterIsCountedExactly holds the dry run's counts, the comparison
// of both days, a second import and the undo to numbers that are known beforehand.
func TestASuccessorOfARegisterIsCountedExactly(t *testing.T) {
	before, after := successors()
	eachApp(t, func(t *testing.T, a *App) {
		counts := func(r transfer.Report) [5]int {
			return [5]int{r.Created, r.Changed, r.Unchanged, r.Vanished, r.RefusedRows}
		}
		first := bring(t, a, "works.csv", before, "works", "2025-02-28", nil)
		if counts(first) != [5]int{60, 0, 0, 0, 0} {
			t.Fatalf("the register: %v, %+v", counts(first), first.Refused)
		}
		export := func() []byte {
			out, err := a.ExportProjects(context.Background(), "", "", "csv")
			check(t, err)
			return out
		}
		stood := export()
		second := bring(t, a, "works.csv", after, "works", "2025-09-30", nil)
		if counts(second) != [5]int{15, 12, 38, 10, 0} {
			t.Errorf("its successor: %v, %+v, %q", counts(second), second.Refused, second.Notes)
		}
		c, err := a.Portfolio.Compare(context.Background(), authz.AtCommandLine(), portfolio.Span{From: "2025-02-28", To: "2025-09-30", Whole: true})
		check(t, err)
		fields := map[portfolio.Field]int{}
		for _, m := range c.List {
			for _, turn := range m.Turns {
				fields[turn.Info.Field]++
			}
		}
		if c.Count != 27 || c.Counts[portfolio.Appeared] != 15 || c.Counts[portfolio.Slipped] != 4 || c.Counts[portfolio.Dearer] != 4 || fields[portfolio.Rating] != 4 || fields[portfolio.Name] != 0 {
			t.Errorf("compared: %d, %v, %v", c.Count, c.Counts, fields)
		}
		if again := bring(t, a, "works.csv", after, "works", "2025-09-30", nil); counts(again) != [5]int{0, 0, 65, 0, 0} || again.ID != "" {
			t.Errorf("again: %v", counts(again))
		}
		_, err = a.UndoImport(context.Background(), second.ID, false)
		check(t, err)
		if now := export(); !bytes.Equal(now, stood) {
			t.Errorf("the undo does not give back what stood:\n%s\n%s", stood, now)
		}
	})
}

// TestAnIdWrittenTwiceInOneFileIsToldOf holds that two rows which would become one
// project are never both taken.
func TestAnIdWrittenTwiceInOneFileIsToldOf(t *testing.T) {
	eachApp(t, func(t *testing.T, a *App) {
		rep := bring(t, a, "r.csv", "Project ID,Project name,Budget\n007,Road,1\n7,ROAD,2\n8,Road,3\n", "s", "2025-01-01", func(p *transfer.Plan) { p.GoodOnly = true })
		if rep.Created != 2 || rep.RefusedRows != 1 || rep.Refused[0].Row != 3 {
			t.Errorf("%+v", rep)
		}
	})
}
