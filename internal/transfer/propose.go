package transfer

import (
	"slices"
	"strings"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/reading"
	"cairn/internal/transfer/sheet"
)

// sampleRows is how many rows of a file decide about its layout.
const sampleRows = 60

// Preview is a file with the plan that Cairn proposes for it.
type Preview struct {
	Plan    Plan
	Sheets  []sheet.Worksheet
	Samples [][]string // a few values of each column, in the order of Plan.Columns
	Missing []string   // labels of required fields that no column was found for
	score   int        // how well the header names fields
	units   int        // how many headers say a unit
}

// mostSheets is how many worksheets are looked at for one that holds a register.
const mostSheets = 12

// Propose looks at a file: in which worksheet its table is (the one that is
// named; without a name the first that shows all that is needed, and no hidden
// one), where the header stands, whether records stand in rows or in columns,
// and what each column seems to be.
func Propose(f *sheet.File, sheetName string, fields []Field) (first Preview, err error) {
	if sheetName != "" || len(f.Sheets) < 2 {
		return proposeSheet(f, sheetName, fields)
	}
	var found []Preview
	most := 0
	for i, w := range f.Sheets {
		if w.Hidden || i >= mostSheets {
			continue
		}
		p, errHere := proposeSheet(f, w.Name, fields)
		if errHere != nil {
			if err == nil {
				err = errHere
			}
			continue
		}
		if found = append(found, p); p.Missing == nil {
			most = max(most, p.score)
		}
	}
	if len(found) == 0 && err == nil { // all are hidden
		return proposeSheet(f, f.Sheets[0].Name, fields)
	}
	if len(found) == 0 {
		return first, err
	}
	chosen := false
	for _, p := range found { // a sheet that explains the columns names some of them too
		switch shows := most > 0 && p.Missing == nil && p.score*2 >= most; {
		case shows && chosen:
			first.Plan.OtherSheets = append(first.Plan.OtherSheets, p.Plan.Sheet)
		case shows:
			first, chosen = p, true
		}
	}
	if !chosen {
		first = found[0]
	}
	return first, nil
}

func proposeSheet(f *sheet.File, sheetName string, fields []Field) (p Preview, err error) {
	if sheetName == "" && len(f.Sheets) > 0 {
		sheetName = f.Sheets[0].Name
	}
	var sample []sheet.Row
	for row, err := range f.Rows(sheetName) {
		if err != nil {
			return p, err
		}
		if sample = append(sample, row); len(sample) == sampleRows {
			break
		}
	}
	if len(sample) == 0 {
		return p, errs.OnField("file", "There is no row with any text in this file.")
	}
	names := newNamer(fields)
	at := p.layOut(sheetName, sample, names)
	p.Sheets = f.Sheets
	t, err := newTable(f, p.Plan)
	if err != nil {
		return p, err
	}
	if p.Samples, err = t.sample(5); err != nil {
		return p, err
	}
	p.Plan.Columns = mapColumns(t.headers, p.Samples, names)
	p.Missing = p.Plan.missing(fields)
	if !p.Plan.Transposed {
		p.Plan.heed(sample[:at], names)
	}
	return p, nil
}

// headerWithin is among how many rows the header is looked for, and mostHeaderRows in
// how many of them it may stand: a group of columns, a name, a unit.
const headerWithin, mostHeaderRows = 40, 3

// layOut proposes where the header stands: in the row, or the rows, whose cells name
// the most fields, or in the first column if its cells name more. It gives how many
// rows of the sample stand above.
func (p *Preview) layOut(sheetName string, sample []sheet.Row, names *namer) (above int) {
	p.Plan = Plan{Sheet: sheetName, HeaderRow: sample[0].Number}
	narrow := 2 // one text in a row is a title, unless no row has more
	if !slices.ContainsFunc(sample, func(r sheet.Row) bool { return len(r.Cells) > 1 }) {
		narrow = 1
	}
	for i := range min(len(sample), headerWithin) {
		for n := 1; n <= mostHeaderRows && n <= i+1; n++ {
			rows := headerRows(sample[i-n+1:i+1], narrow)
			if rows == nil {
				break
			}
			s, units := names.score(composed(rows)), unitsIn(composed(rows))
			if s > p.score || s > 0 && s == p.score && units > p.units {
				p.score, p.units, p.Plan.HeaderRow, p.Plan.HeaderRows, above = s, units, sample[i].Number, n, i-n+1
			}
		}
	}
	if p.Plan.HeaderRows == 1 {
		p.Plan.HeaderRows = 0 // as it is usual
	}
	if first := firstColumn(sample); len(first) > 0 && names.score(first) > p.score {
		p.score = names.score(first)
		p.Plan.Transposed, p.Plan.HeaderRow, p.Plan.HeaderRows = true, sample[0].Number, 0
	}
	return above
}

// headerRows are rows that can be a header together: one under the other, each with
// several texts and at least as wide as a header of this file.
func headerRows(sample []sheet.Row, narrow int) (out [][]string) {
	for i, r := range sample {
		filled := 0
		for _, c := range r.Cells {
			if c != "" {
				filled++
			}
		}
		if i > 0 && r.Number != sample[i-1].Number+1 || filled < 2 && len(sample) > 1 || len(r.Cells) < narrow {
			return nil
		}
		out = append(out, r.Cells)
	}
	return out
}

func unitsIn(headers []string) (n int) {
	for _, h := range headers {
		if unitOf(h) != reading.Ones {
			n++
		}
	}
	return n
}

// heed reads what sentences above the table say: the amounts of columns that say no
// unit count in the one that is named there. That, and a date, is remembered for a note.
func (p *Plan) heed(above []sheet.Row, names *namer) {
	var rows [][]string
	for _, r := range above {
		rows = append(rows, r.Cells)
	}
	p.DateSays = clippedText(dateAbove(rows))
	unit, says := unitAbove(rows)
	if unit == 0 {
		return
	}
	for i, c := range p.Columns {
		if f, _ := names.nearest(c.Header); f.ID == c.Field && f.Kind == Money && c.Unit <= reading.Ones {
			p.Columns[i].Unit, p.UnitSays = unit, clippedText(says)
		}
	}
}

// firstColumn gives the first column with any text, if there are two more.
func firstColumn(rows []sheet.Row) (out []string) {
	lead, width := leadOf(rows), 0
	for _, r := range rows {
		width = max(width, len(r.Cells))
		if len(r.Cells) > lead {
			out = append(out, r.Cells[lead])
		}
	}
	if width < lead+3 {
		return nil
	}
	return out
}

// leadOf counts the empty columns before the first with any text.
func leadOf(rows []sheet.Row) int {
	lead := -1
	for _, r := range rows {
		for i, c := range r.Cells {
			if c != "" && (lead < 0 || i < lead) {
				lead = i
			}
		}
	}
	return max(lead, 0)
}

// mapColumns gives each column its field: the best header first, each field
// once, except that a rating may stand in either of two columns.
func mapColumns(headers []string, samples [][]string, n *namer) []Column {
	out := make([]Column, len(headers))
	taken := map[string]int{}
	for want := 5; want > 0; want-- {
		for i, h := range headers {
			if out[i].Header == "" {
				out[i].Header = h
			}
			f, score := n.nearest(h)
			if out[i].Field != "" || score != want {
				continue
			}
			if most := map[bool]int{true: 2, false: 1}[f.Kind == Rating]; taken[f.ID] >= most || !fits(f.Kind, samples[i]) {
				continue
			}
			taken[f.ID]++
			out[i].Field = f.ID
			if f.Kind == Money {
				out[i].Unit = unitOf(h)
			}
		}
	}
	return out
}

// fits refuses a column whose values plainly are something else.
func fits(k Kind, sample []string) bool {
	filled, good := 0, 0
	for _, s := range sample {
		if s == "" {
			continue
		}
		filled++
		switch k {
		case Money:
			_, err := reading.Money(s, reading.Point, reading.Ones)
			if err != nil {
				_, err = reading.Money(s, reading.Comma, reading.Ones)
			}
			if err == nil || isReason(s) {
				good++
			}
		case Number:
			_, err := reading.Number(s, reading.Point)
			if err != nil {
				_, err = reading.Number(s, reading.Comma)
			}
			if err == nil || isReason(s) {
				good++
			}
		case Date, EndDate:
			if _, err := reading.Date(s, reading.DayFirst, false); err == nil || isReason(s) {
				good++
			}
		case Rating: // a sentence about a rating is none
			if _, ok := reading.Rating(s); ok || len(s) < 60 || isExemption(s) {
				good++
			}
		case AsAt:
			if _, err := reading.AsAt(s, reading.DayFirst); err == nil {
				good++
			}
		default:
			good++
		}
	}
	return filled < 3 || good*2 >= filled // two bad cells are mistakes, not another column
}

// missing lists the labels of what a plan lacks: a record is found and named by
// its name, or at least by an id; and what the sink needs one of.
func (p Plan) missing(fields []Field) (out []string) {
	has, named, needs := map[string]bool{}, false, map[string]bool{}
	for _, c := range p.Columns {
		has[c.Field] = true
	}
	for _, f := range fields {
		named = named || (f.ID == "name" || f.Kind == SourceID) && has[f.ID]
		needs[f.Need] = needs[f.Need] || has[f.ID]
	}
	if !named {
		out = []string{"Name, or the id of the source"}
	}
	for _, f := range fields {
		if f.Need != "" && !needs[f.Need] {
			out, needs[f.Need] = append(out, f.Need), true
		}
	}
	return out
}

// check refuses a plan that maps one field twice or names no field of the sink.
func (p Plan) check(fields []Field) error {
	var c errs.Check
	kinds := map[string]Field{}
	for _, f := range fields {
		kinds[f.ID] = f
	}
	count := map[string]int{}
	for _, col := range p.Columns {
		if col.Field == "" {
			continue
		}
		f, ok := kinds[col.Field]
		c.That(ok, "columns", "%q is mapped to %q, which there is not.", col.Header, col.Field)
		if count[col.Field]++; count[col.Field] == 2 && f.Kind != Rating {
			c.Add("columns", "Two columns are mapped to %s. Choose one.", f.Label)
		}
	}
	if m := p.missing(fields); m != nil {
		c.Add("columns", "No column is mapped to: %s.", strings.Join(m, ", "))
	}
	return c.Err()
}
