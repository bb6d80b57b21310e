package app

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"cairn/internal/kit/clock"
	"cairn/internal/portfolio"
	"cairn/internal/transfer"
)

var snapshotRows = flag.Int("snapshot-rows", 2200, "rows of the first of two snapshots; the second has 27 for each 22 of them")

// plainDays are the ways in which the snapshots write days.
var plainDays = []string{time.DateOnly, "2 January 2006", "02/01/2006", "2-Jan-2006", "2 Jan 2006"}

// plainCell reads a cell of a snapshot with nothing of the code under test.
func plainCell(column int, cell string) string {
	cell = strings.TrimSpace(cell)
	switch column {
	case cStart, cEnd:
		for _, layout := range plainDays {
			if day, err := time.Parse(layout, cell); err == nil {
				return day.Format(time.DateOnly)
			}
		}
	case cBudget, cForecast:
		if cell = strings.NewReplacer("£", "", ",", "", " ", "").Replace(cell); cell != "" {
			whole, cents, _ := strings.Cut(cell, ".")
			return whole + "." + (cents + "00")[:2]
		}
	case cRating:
		return strings.ToLower(strings.NewReplacer(" ", "", "-", "/").Replace(cell))
	case cManager:
		return strings.ToLower(strings.Join(strings.Fields(cell), " "))
	}
	return cell
}

// tallied are what an import of the second table after the first has to say.
type tallied struct{ created, changed, unchanged, leftOut, vanished int }

// compared compares two tables, cell by cell. Of rows of one id the first is taken.
// A row without an id is the project of its name and unit. Nobody stands in a cell
// without a name: it takes nobody off.
func compared(before, after [][]string) (c tallied) {
	byID, byName := map[string]int{}, map[string]int{}
	for i, row := range before {
		byID[plainCell(cID, row[cID])] = i
		byName[plainCell(cName, row[cName])+"\n"+plainCell(cUnit, row[cUnit])] = i
	}
	seen, present := map[string]bool{}, map[int]bool{}
	for _, row := range after {
		id := plainCell(cID, row[cID])
		old, known := byID[id]
		if id == "" {
			old, known = byName[plainCell(cName, row[cName])+"\n"+plainCell(cUnit, row[cUnit])]
		}
		switch {
		case id != "" && seen[id]:
			c.unchanged++
			c.leftOut++
		case !known:
			c.created++
		case differs(before[old], row):
			c.changed++
		default:
			c.unchanged++
		}
		if seen[id] = true; known {
			present[old] = true
		}
	}
	c.vanished = len(before) - len(present)
	return c
}

func differs(was, is []string) bool {
	for column := cName; column < columnsOfSnapshot; column++ {
		a, b := plainCell(column, was[column]), plainCell(column, is[column])
		if a != b && (column != cManager || b != "") {
			return true
		}
	}
	return false
}

func countsOf(rep transfer.Report) tallied {
	return tallied{rep.Created, rep.Changed, rep.Unchanged, rep.LeftOut, rep.Vanished}
}

// told is the register in words: what every project says, who is on it, its flag.
func told(t *testing.T, a *App) string {
	t.Helper()
	var b strings.Builder
	f := portfolio.Filter{Limit: 200}
	for {
		page, err := a.Portfolio.List(context.Background(), operator, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page.Projects {
			fmt.Fprintln(&b, p.ID, p.Facts, p.VanishedFrom)
			for _, h := range p.People {
				fmt.Fprintln(&b, h.ID, h.PersonName, h.Kind, h.From, h.To)
			}
		}
		if page.NextID == "" {
			return b.String()
		}
		f.AfterKey, f.AfterID = page.NextKey, page.NextID
	}
}

func TestTwoSnapshotsOfOneRegister(t *testing.T) {
	before, after := snapshots(*snapshotRows, *snapshotRows*27/22)
	want := compared(before, after)
	if want.created == 0 || want.changed == 0 || want.unchanged == want.leftOut || want.leftOut == 0 || want.vanished == 0 {
		t.Fatalf("the snapshots say too little: %+v", want)
	}
	first, second := asCSV(t, before), asWorkbook(t, after)
	firstWins := func(p *transfer.Plan) { p.Repeated = transfer.FirstWins }
	eachMoving(t, func(t *testing.T, a *App, c *clock.Manual) {
		in := func(content, day string) (rep transfer.Report) {
			ok := t.Run(day, func(t *testing.T) { // which says how long it took
				rep = bring(t, a, "register.csv", content, "register", day, firstWins)
				t.Logf("%d rows: %+v", rep.Rows, countsOf(rep))
				if !rep.Applied || len(rep.Refused) > 0 {
					t.Fatalf("refused: %v", rep.Refused[:min(5, len(rep.Refused))])
				}
			})
			if !ok {
				t.FailNow()
			}
			return rep
		}
		if rep := in(first, "2025-02-28"); countsOf(rep) != (tallied{created: len(before)}) {
			t.Fatalf("the first: %+v", countsOf(rep))
		}
		then := told(t, a)
		rep := in(second, "2025-09-30")
		if countsOf(rep) != want || rep.Rows != len(after) {
			t.Fatalf("the second: %+v of %d rows, not %+v of %d", countsOf(rep), rep.Rows, want, len(after))
		}
		if n := verbs(t, a, "project.vanished"); n != want.vanished {
			t.Errorf("the record tells of %d that vanished, not %d", n, want.vanished)
		}
		for day, content := range map[string]string{"2025-02-28": first, "2025-09-30": second} {
			if again := in(content, day); again.ID != "" || again.Created+again.Changed+again.Vanished > 0 {
				t.Errorf("%s again: %+v", day, countsOf(again))
			}
		}
		c.Advance(time.Hour)
		u, err := a.Transfer.Undo(context.Background(), operator, rep.ID)
		if err != nil || u.Withdrawn != want.created || u.Kept != 0 {
			t.Fatalf("the undo: %+v, %v", u, err)
		}
		if now := told(t, a); now != then {
			t.Error("the undo of the second does not leave what the first said")
		}
	})
}

func verbs(t *testing.T, a *App, verb string) (n int) {
	t.Helper()
	if err := a.Store.Read.QueryRowContext(context.Background(), `SELECT COUNT(*) FROM activity WHERE verb = $1`, verb).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
