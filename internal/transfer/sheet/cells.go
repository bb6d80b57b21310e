package sheet

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// span is a range of merged cells, from 0.
type span struct{ left, top, right, bottom int }

// maxMerged bounds the merged ranges that are followed.
const maxMerged = 100_000

// errStop ends a scan early.
var errStop = errors.New("sheet: enough")

func (f *File) bookRows(name string, yield func(Row, error) bool) {
	part := ""
	for _, w := range f.Sheets {
		if w.Name == name || name == "" && !w.Hidden {
			part = w.part
			break
		}
	}
	if part == "" && name == "" {
		part = f.Sheets[0].part // all are hidden
	}
	if part == "" {
		yield(Row{}, refuse("This workbook has no worksheet %q.", name))
		return
	}
	merged, err := f.book.mergedIn(part)
	if err == nil {
		r := reader{book: f.book, below: map[int]fill{}, merged: merged, yield: yield}
		err = f.book.scan(part, r.see)
	}
	if err != nil && !errors.Is(err, errStop) {
		yield(Row{}, err)
	}
}

// mergedIn reads which cells of a worksheet are merged with those below them:
// they stand at its end, after the cells.
func (b *book) mergedIn(part string) ([]span, error) {
	if out, done := b.merged[part]; done {
		return out, nil
	}
	var out []span
	err := b.scan(part, func(s *scanner) error {
		if !s.is("mergeCell") {
			return nil
		}
		from, to, ok := strings.Cut(s.attr("ref"), ":")
		left, top := position(from)
		right, bottom := position(to)
		if ok && bottom > top && len(out) < maxMerged {
			out = append(out, span{left, top, right, bottom})
		}
		return nil
	})
	b.merged[part] = out
	return out, err
}

// position reads a cell's reference: "AB12" is 27, 11. What is not said is -1.
func position(ref string) (column, row int) {
	i := 0
	for ; i < len(ref) && i < 4 && ref[i]|0x20 >= 'a' && ref[i]|0x20 <= 'z'; i++ {
		column = column*26 + int(ref[i]|0x20-'a') + 1
	}
	row, err := strconv.Atoi(ref[i:])
	if err != nil || row < 1 || row > 1<<21 {
		row = 0
	}
	return column - 1, row - 1
}

// fill is a value that a merged cell gives to those below it.
type fill struct {
	bottom int
	value  string
}

// reader puts the rows of a worksheet together from its tags.
type reader struct {
	book   *book
	merged []span
	below  map[int]fill // by column
	yield  func(Row, error) bool

	row    Row
	open   bool // between the beginning and the end of a row
	column int
	kind   string // of the cell
	style  string
	value  string
	has    bool // a value
	is     bool // a formula
	inline runs
	cells  int // in the row that have a value
}

func (r *reader) see(s *scanner) error {
	switch {
	case !r.open && !s.is("row"):
		return nil // what stands between rows is no cell
	case s.is("row"):
		number := r.row.Number + 1
		if _, n := position(s.attr("r")); n >= number-1 {
			number = n + 1
		}
		r.row, r.column, r.cells, r.open = Row{Number: number, Hidden: s.attr("hidden") == "1" || s.attr("hidden") == "true"}, -1, 0, true
		if s.alone() {
			return r.endRow()
		}
	case s.ends("row"):
		return r.endRow()
	case s.is("c"):
		r.column++
		if c, _ := position(s.attr("r")); c >= 0 {
			r.column = c
		}
		r.kind, r.style, r.value, r.has, r.is, r.inline = s.attr("t"), s.attr("s"), "", false, false, runs{}
		if s.alone() {
			return nil
		}
	case s.is("f"):
		r.is = true
	case s.ends("v"):
		r.value, r.has = unescape(s.text), true
	case s.ends("c") && r.column < 0:
		return errBroken // no cell began
	case s.ends("c"):
		return r.endCell()
	case r.kind == "inlineStr":
		return r.inline.see(s)
	}
	return nil
}

func (r *reader) endCell() error {
	text, bad := r.cell()
	if text = clean(text); text == "" && bad == "" {
		return nil
	}
	if r.column >= MaxColumns {
		return tooWide(r.row.Number)
	}
	r.set(r.column, text)
	if r.cells++; bad != "" {
		if r.row.Bad == nil {
			r.row.Bad = map[int]string{}
		}
		r.row.Bad[r.column] = bad
	}
	return nil
}

func (r *reader) set(column int, text string) {
	for len(r.row.Cells) <= column {
		r.row.Cells = append(r.row.Cells, "")
	}
	r.row.Cells[column] = text
}

// endRow fills in what merged cells above say, and gives the row out. A row that
// says nothing of its own is empty.
func (r *reader) endRow() error {
	r.open = false
	for column, f := range r.below {
		switch {
		case f.bottom < r.row.Number-1:
			delete(r.below, column)
		case r.cells > 0 && (column >= len(r.row.Cells) || r.row.Cells[column] == ""):
			r.set(column, f.value)
		}
	}
	for len(r.merged) > 0 && r.merged[0].top < r.row.Number-1 {
		r.merged = r.merged[1:]
	}
	for _, m := range r.merged {
		if m.top != r.row.Number-1 {
			break
		}
		if m.left >= 0 && m.left < len(r.row.Cells) && r.row.Cells[m.left] != "" {
			r.below[m.left] = fill{m.bottom, r.row.Cells[m.left]}
		}
	}
	if !r.yield(r.row, nil) {
		return errStop
	}
	return nil
}

// cell gives the text of the cell, or why it has none that can be taken.
func (r *reader) cell() (text, bad string) {
	switch {
	case r.is && !r.has && r.kind != "inlineStr":
		return "", "The formula of this cell has no stored value. Open the file in your spreadsheet program and save it again."
	case r.kind == "s":
		n, err := strconv.Atoi(strings.TrimSpace(r.value))
		if shared, ok := r.book.strings.get(n); ok && err == nil {
			return shared, ""
		}
		if !r.has {
			return "", ""
		}
		return "", "The text of this cell is not in the file. Open it in your spreadsheet program and save it again."
	case r.kind == "inlineStr":
		return r.inline.text.String(), ""
	case r.kind == "e":
		return r.value, "The cell holds the error " + clipped(r.value) + "."
	case r.kind == "b":
		return map[string]string{"1": "TRUE", "0": "FALSE"}[r.value], ""
	case r.kind == "str" || r.kind == "d":
		return unescapeX(r.value), ""
	}
	return r.number(), ""
}

// number gives a number as a spreadsheet shows it, and a date in ISO form.
func (r *reader) number() string {
	raw := strings.TrimSpace(r.value)
	n, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return raw
	}
	if style, err := strconv.Atoi(r.style); err == nil && style >= 0 && style < len(r.book.dates) && r.book.dates[style] {
		if day, ok := DayOfSerial(n, r.book.since1904); ok {
			return day
		}
	}
	if len(raw) <= 15 && !strings.ContainsAny(raw, "eE") || math.Abs(n) >= 1e15 {
		return raw
	}
	// A spreadsheet shows fifteen digits of the seventeen that it stores.
	n, _ = strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64) // it was a number before
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// DayOfSerial gives the day of a spreadsheet's serial number: days since the end
// of 1899 with a 29 February 1900 that never was, or since 1 January 1904.
func DayOfSerial(n float64, since1904 bool) (iso string, ok bool) {
	if n < 0 || n > 2_958_465 || n < 1 && !since1904 {
		return "", false
	}
	days := int(math.Floor(n))
	switch {
	case since1904:
		days += 1462
	case days < 60:
		days++
	}
	return time.Date(1899, 12, 30+days, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), true
}

var escapedX = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescapeX undoes how workbooks write characters that XML cannot hold:
// _x000D_ (ECMA-376, part 1, 22.9.2.19).
func unescapeX(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escapedX.ReplaceAllStringFunc(s, func(x string) string {
		n, err := strconv.ParseUint(x[2:6], 16, 16)
		if err != nil || n >= 0xd800 && n < 0xe000 {
			return x
		}
		return string(rune(n))
	})
}

func clipped(s string) string {
	if r := []rune(s); len(r) > 30 {
		return string(r[:30]) + "…"
	}
	return s
}
