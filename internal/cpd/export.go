package cpd

import (
	"context"
	"strings"
	"unicode/utf8"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// File is a file to keep.
type File struct {
	Name, MediaType string
	Content         []byte
}

// Export writes the entries of one period as a sheet, csv or xlsx, with what a
// professional body asks for; the workbook of a period has its totals too. No period
// means the whole log.
func (s *Service) Export(ctx context.Context, who authz.Actor, period, format string) (f File, err error) {
	var c Cycle
	var list []Entry
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		owner := who.Person
		if period != "" {
			if c, owner, err = getCycle(ctx, v, period); err != nil {
				return err
			}
		}
		if err := v.May(ctx, Own, authz.Of(owner)); err != nil {
			return err
		}
		var w sqldb.Where
		w.And("person_id = ?", owner)
		if period != "" {
			w.And("to_on >= ? AND to_on <= ?", c.From, c.To)
		}
		list, err = entriesOf(ctx, v, &w, maxEntries)
		return err
	})
	if err != nil {
		return f, err
	}
	if format != "csv" && format != "xlsx" {
		return f, errs.OnField("format", "Choose csv or xlsx.")
	}
	title, name := "CPD log", "cpd-log"
	if period != "" {
		title, name = c.Scheme.Name, "cpd-"+strings.ReplaceAll(c.Scheme.ID, "_", "-")+"-"+c.From
	}
	f.Name = name + "." + format
	sheets := []Sheet{{Title: title}}
	sheets[0].Header, sheets[0].Rows = table(c, list)
	if period != "" {
		sheets = append(sheets, totals(measure(c, list, s.unit.Today())))
	}
	f.Content, f.MediaType, err = s.sheets.Write(format, sheets...)
	return f, err
}

// table lists the entries, oldest first. In a period's table stands what counts in it.
func table(c Cycle, list []Entry) (header []string, rows [][]Cell) {
	header = []string{"From", "To", "Activity", "Provider", "Hours"}
	if c.ID != "" {
		header = append(header, "Category", "Side")
		if c.Scheme.Unit != "hours" {
			header = append(header, upperFirst(c.Scheme.Unit))
		}
	}
	header = append(header, "Reflection", "Proof", "Where from")
	for i := len(list) - 1; i >= 0; i-- {
		e := list[i]
		place := e.Places[c.Scheme.ID]
		if c.ID != "" && !c.Scheme.has(place) {
			continue
		}
		row := []Cell{{Text: e.From}, {Text: e.To}, {Text: e.Title}, {Text: e.Provider}, {Hours(e.Minutes), true}}
		if c.ID != "" {
			category, side, _ := strings.Cut(c.Scheme.PlaceName(place), ": ")
			row = append(row, Cell{Text: category}, Cell{Text: side})
			if c.Scheme.Unit != "hours" {
				row = append(row, Cell{c.Scheme.Units(e.Minutes), true})
			}
		}
		from := "own word"
		if e.FromRecord() {
			from = "recorded in Cairn; hours and words are the person's own"
		}
		rows = append(rows, append(row, Cell{Text: e.Reflection}, Cell{Text: e.Proof}, Cell{Text: from}))
	}
	return header, rows
}

// totals is how far a period is: each category and side with what was done, what counts
// of it, its least and its most, and the whole against the target.
func totals(p Progress) Sheet {
	unit := p.Scheme.Unit
	s := Sheet{Title: "Totals", Header: []string{"Category", "Side", "Done, " + unit, "Counted, " + unit, "At least", "At most", "Missing, " + unit, "Note"}}
	amount := func(minutes int) Cell { return Cell{p.Scheme.Units(minutes), true} }
	bound := func(minutes int) Cell {
		if minutes == 0 {
			return Cell{}
		}
		return amount(minutes)
	}
	category := ""
	for _, l := range p.Lines {
		row := []Cell{{Text: l.Name}, {}, amount(l.Done), amount(l.Counted), bound(l.Minimum), bound(l.Maximum), amount(l.Short()), {}}
		switch {
		case l.Side:
			row[0], row[1] = Cell{Text: category}, Cell{Text: l.Name}
			row[7] = Cell{Text: "counted in its category"}
		case l.Inside != "":
			row[7] = Cell{Text: "counted in " + l.Inside}
		}
		if !l.Side {
			category = l.Name
		}
		if l.Lost() > 0 {
			row[7] = Cell{Text: joined("; ", row[7].Text, p.Scheme.Units(l.Lost())+" above the most do not count")}
		}
		s.Rows = append(s.Rows, row)
	}
	target := []Cell{{Text: "Target"}, {}, {}, amount(p.Counted), amount(p.Target), {}, amount(p.Missing()), {Text: p.From + " to " + p.To}}
	s.Rows = append(s.Rows, target)
	count := func(n int) Cell { return Cell{itoa(n), true} }
	if least := p.Scheme.AtLeastActivities; least > 0 {
		s.Rows = append(s.Rows, []Cell{{Text: "Activities"}, {}, count(p.Activities), {}, count(least), {}, count(max(0, least-p.Activities)), {}})
	}
	if p.Scheme.Reflection.PerEntry {
		s.Rows = append(s.Rows, []Cell{{Text: "Entries without a reflection"}, {}, {}, {}, {}, {}, count(p.WithoutReflection), {}})
	}
	if p.Scheme.Reflection.YearlyStatement {
		s.Rows = append(s.Rows, []Cell{{Text: "Look back at the period"}, {}, {}, {}, {}, {}, {}, {Text: p.Statement}})
	}
	return s
}

func joined(by, a, b string) string {
	if a == "" {
		return b
	}
	return a + by + b
}

func upperFirst(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:size]) + s[size:]
}
