package app

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// The columns of a snapshot of a register.
const (
	cID = iota
	cName
	cUnit
	cStatus
	cStart
	cEnd
	cBudget
	cForecast
	cRating
	cNote
	cManager
	columnsOfSnapshot
)

var snapshotHeader = []string{"Project id", "Project name", "Department", "Status", "Start date", "End date", "Budget", "Forecast", "RAG", "Notes", "PM"}

// meant is what a row means: days in ISO form, amounts in pence, "" for nothing.
type meant [columnsOfSnapshot]string

// snapshots makes two snapshots of one register, as tables of cells. From the
// first to the second some projects go, some get another id, some change, some
// lose a value, some lose their id, many are only spelled otherwise, some come, and
// some ids stand in two rows.
func snapshots(first, second int) (before, after [][]string) {
	r := rand.New(rand.NewPCG(7, 22))
	var now []meant
	for i := range first {
		m := invented(r, i)
		before = append(before, spelled(r, m))
		switch n := r.IntN(100); {
		case n < 4: // it goes
			continue
		case n < 6:
			m[cID] = fmt.Sprintf("R%06d", i)
		case n < 16:
			other := invented(r, i)
			for range 1 + r.IntN(3) {
				c := cStatus + r.IntN(columnsOfSnapshot-cStatus)
				m[c] = other[c]
			}
		case n < 18:
			m[cUnit] = fmt.Sprintf("Department %02d", r.IntN(40))
		case n < 22:
			m[cStatus+r.IntN(columnsOfSnapshot-cStatus)] = ""
		case n < 24:
			m[cID] = "" // what it is, name and unit tell
		}
		now = append(now, m)
	}
	again := second / 100
	for i := first; len(now) < second-again; i++ {
		now = append(now, invented(r, i))
	}
	for range again { // an id that stands in two rows, the same or not
		m := now[r.IntN(len(now))]
		if m[cID] == "" {
			m = invented(r, 0)
		}
		m[cNote] += strings.Repeat("!", r.IntN(2))
		now = append(now, m)
	}
	r.Shuffle(len(now), func(i, j int) { now[i], now[j] = now[j], now[i] })
	for _, m := range now {
		after = append(after, spelled(r, m))
	}
	return before, after
}

func invented(r *rand.Rand, i int) (m meant) {
	day := func(year int) string {
		return fmt.Sprintf("%04d-%02d-%02d", year+r.IntN(5), 1+r.IntN(12), 1+r.IntN(28))
	}
	m = meant{
		fmt.Sprintf("P%06d", i), fmt.Sprintf("Works no. %d", i), fmt.Sprintf("Department %02d", i%40), []string{"Live", "Proposed", "Closed"}[r.IntN(3)],
		day(2020), day(2026), fmt.Sprint(r.IntN(1e8)), fmt.Sprint(r.IntN(1e8)), []string{"Green", "Amber/Green", "Amber", "Amber/Red", "Red"}[r.IntN(5)],
		fmt.Sprintf("Agreed at meeting %d.", r.IntN(50)), fmt.Sprintf("Person %02d", r.IntN(60)),
	}
	for c := cStatus; c < columnsOfSnapshot; c++ {
		if r.IntN(12) == 0 {
			m[c] = ""
		}
	}
	return m
}

// spelled writes a row down, each cell in one of the ways that people have.
func spelled(r *rand.Rand, m meant) []string {
	out := make([]string, len(m))
	for c, s := range m {
		switch {
		case s == "":
			out[c] = strings.Repeat(" ", r.IntN(3)/2)
			continue
		case c == cStart || c == cEnd:
			day, err := time.Parse(time.DateOnly, s)
			if err != nil {
				panic(err)
			}
			s = day.Format(plainDays[r.IntN(len(plainDays))])
		case c == cBudget || c == cForecast:
			s = amount(r, s)
		case c == cRating:
			s = []string{s, strings.ToUpper(s), strings.ToLower(strings.ReplaceAll(s, "/", "-")), strings.ReplaceAll(s, "/", " / ")}[r.IntN(4)]
		case c == cManager:
			s = []string{s, strings.ToUpper(s), strings.ReplaceAll(s, " ", "  ")}[r.IntN(3)]
		}
		out[c] = []string{s, s, s + " ", "  " + s, s + "\n"}[r.IntN(5)]
	}
	return out
}

// amount writes pence down as pounds.
func amount(r *rand.Rand, pence string) string {
	whole, cents := "0", fmt.Sprintf("%02s", pence)
	if len(pence) > 2 {
		whole, cents = pence[:len(pence)-2], pence[len(pence)-2:]
	}
	if r.IntN(2) == 0 {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "," + whole[i:]
		}
	}
	if cents == "00" && r.IntN(2) == 0 {
		return "£" + whole
	}
	if cents[1] == '0' && r.IntN(2) == 0 {
		cents = cents[:1]
	}
	return []string{"£", "£ "}[r.IntN(2)] + whole + "." + cents
}

func asCSV(t *testing.T, rows [][]string) string {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = ';'
	if err := w.WriteAll(append([][]string{snapshotHeader}, rows...)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// asWorkbook writes the columns in another order, and some days as a spreadsheet
// keeps them.
func asWorkbook(t *testing.T, rows [][]string) string {
	t.Helper()
	book := excelize.NewFile()
	defer func() { _ = book.Close() }()
	style, err := book.NewStyle(&excelize.Style{NumFmt: 15})
	if err != nil {
		t.Fatal(err)
	}
	out, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range append([][]string{snapshotHeader}, rows...) {
		cells := make([]any, len(row))
		for c, s := range row {
			at := len(row) - 1 - c
			cells[at] = s
			if day := plainCell(cStart, s); (c == cStart || c == cEnd) && i%2 == 1 && day != "" {
				d, _ := time.Parse(time.DateOnly, day) // it was written as one
				cells[at] = excelize.Cell{StyleID: style, Value: d}
			}
		}
		if err := out.SetRow(fmt.Sprintf("A%d", i+1), cells); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
