package transfer

import (
	"fmt"
	"iter"
	"slices"
	"strconv"

	"cairn/internal/kit/errs"
	"cairn/internal/transfer/sheet"
)

// maxTransposed bounds a file whose records stand in columns, which has to be
// held whole, in bytes of text.
const maxTransposed = 32 << 20

// table is a file read by a plan's layout: headers and records.
type table struct {
	file       *sheet.File
	plan       Plan
	headers    []string
	above      [][]string             // the rows of the header
	transposed [][]string             // by header, if records stand in columns
	lead       int                    // empty columns before the headers then
	fixes      map[int]map[int]string // cells that were corrected, by place and column
}

// entry is one record of a table: Place is its row number, or its column's if
// records stand in columns.
type entry struct {
	place          int
	cells          []string
	bad            map[int]string // by column: why a cell's value cannot be taken
	odd            string         // why it cannot be taken as a whole
	hidden, beyond bool           // in the workbook; with text right of the header
	was            map[int]string // by column: what the file says where a cell was corrected
}

func newTable(f *sheet.File, p Plan) (*table, error) {
	t := &table{file: f, plan: p}
	if p.Transposed {
		return t, t.turn()
	}
	for row, err := range f.Rows(p.Sheet) {
		if err != nil {
			return nil, err
		}
		if row.Number > p.HeaderRow-max(1, min(p.HeaderRows, mostHeaderRows)) || p.HeaderRow == 0 {
			t.above = append(t.above, slices.Clone(row.Cells))
		}
		if row.Number == p.HeaderRow || p.HeaderRow == 0 {
			t.headers = headersOf(composed(t.above))
			return t, nil
		}
		if row.Number > p.HeaderRow {
			break
		}
	}
	return nil, errs.OnField("header_row", "The file has no row %d.", p.HeaderRow)
}

func (t *table) turn() error {
	size, width := 0, 0
	var rows []sheet.Row
	for row, err := range t.file.Rows(t.plan.Sheet) {
		if err != nil {
			return err
		}
		if row.Number < t.plan.HeaderRow {
			continue
		}
		for _, c := range row.Cells {
			size += len(c)
		}
		if size > maxTransposed {
			return errs.OnField("file", "With one record per column, a file may have %d MB of text.", maxTransposed>>20)
		}
		rows = append(rows, row)
	}
	t.lead = leadOf(rows)
	var first []string
	for _, row := range rows {
		cells := row.Cells[min(t.lead, len(row.Cells)):]
		head := ""
		if len(cells) > 0 {
			head = cells[0]
		}
		first = append(first, head)
		t.transposed = append(t.transposed, cells)
		width = max(width, len(cells))
	}
	if width < 2 {
		return errs.OnField("file", "There is no record in this file: it has one column.")
	}
	t.headers = headersOf(first)
	return nil
}

// headersOf names every column, each differently.
func headersOf(cells []string) []string {
	used := map[string]bool{}
	out := make([]string, len(cells))
	for i, h := range cells {
		if h == "" {
			h = "Column " + sheet.ColumnName(i)
		}
		out[i] = h
		for n := 2; used[out[i]]; n++ {
			out[i] = h + " (" + strconv.Itoa(n) + ")"
		}
		used[out[i]] = true
	}
	return out
}

// entries reads the records from the beginning.
func (t *table) entries() iter.Seq2[entry, error] {
	if t.plan.Transposed {
		return t.turned
	}
	return func(yield func(entry, error) bool) {
		begun := false
		for row, err := range t.file.Rows(t.plan.Sheet) {
			if err != nil {
				yield(entry{}, err)
				return
			}
			if !begun {
				begun = row.Number == t.plan.HeaderRow || t.plan.HeaderRow == 0
				continue
			}
			cells := make([]string, len(t.headers))
			copy(cells, row.Cells)
			e := entry{place: row.Number, cells: cells, bad: row.Bad, odd: row.Odd, hidden: row.Hidden}
			if e.beyond = t.over(row); e.beyond && t.file.Sheets == nil && e.odd == "" {
				e.odd = fmt.Sprintf("This row has %d cells, and the header %d: a text with the separator in it may lack its quotation marks. Mend it in the file.", len(row.Cells), len(t.headers))
			}
			if !yield(t.corrected(e), nil) {
				return
			}
		}
	}
}

// isHeader tells of cells that say what one row of the header says.
func (t *table) isHeader(cells []string) bool {
	for _, row := range t.above {
		same := true
		for i, c := range cells {
			same = same && (c == "" || c == at(row, i))
		}
		if same {
			return true
		}
	}
	return false
}

// over tells of text in a row to the right of the header.
func (t *table) over(row sheet.Row) bool {
	for i := len(t.headers); i < len(row.Cells); i++ {
		if row.Cells[i] != "" {
			return true
		}
	}
	return false
}

func (t *table) turned(yield func(entry, error) bool) {
	for col := 1; ; col++ {
		cells, any, more := make([]string, len(t.headers)), false, false
		for i, row := range t.transposed {
			if col < len(row) {
				cells[i], more = row[col], true
				any = any || row[col] != ""
			}
		}
		if !more || any && !yield(t.corrected(entry{place: t.lead + col + 1, cells: cells}), nil) {
			return
		}
	}
}

// sample gives up to n different values of each column.
func (t *table) sample(n int) ([][]string, error) {
	out := make([][]string, len(t.headers))
	rows := 0
	for e, err := range t.entries() {
		if err != nil {
			return nil, err
		}
		for i, c := range e.cells {
			if c != "" && len(out[i]) < n {
				out[i] = append(out[i], c)
			}
		}
		if rows++; rows == sampleRows {
			break
		}
	}
	return out, nil
}

// Where names the place of a refusal in the person's words; 0 is a whole column.
func (p Plan) Where(n int) string {
	if n == 0 {
		return "whole column"
	}
	return p.place(n)
}

// place names a record in the person's words.
func (p Plan) place(n int) string {
	if p.Transposed {
		return "column " + sheet.ColumnName(n-1)
	}
	return fmt.Sprintf("row %d", n)
}
