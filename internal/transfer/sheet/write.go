package sheet

import (
	"encoding/csv"
	"io"
	"iter"
	"strings"
)

// Cell is a value to be written. Number tells that Text is a plain decimal.
type Cell struct {
	Text   string
	Number bool
}

// Table is what is written: a header and rows, made one by one.
type Table struct {
	Title  string // of the worksheet
	Header []string
	Rows   iter.Seq2[[]Cell, error]
}

// WriteCSV writes UTF-8 with a byte order mark, as spreadsheets expect it.
func (t *Table) WriteCSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(t.Header); err != nil {
		return err
	}
	for row, err := range t.Rows {
		if err != nil {
			return err
		}
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = c.Text
			if !c.Number {
				cells[i] = guard(c.Text)
			}
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// dangerous is what a spreadsheet takes for the beginning of a formula (OWASP,
// CSV injection).
const dangerous = "=+-@\t\r"

// guard puts an apostrophe before text that a spreadsheet would take for a
// formula; a text that begins with an apostrophe gets one more, so that reading
// back is exact.
func guard(s string) string {
	if s != "" && (strings.ContainsRune(dangerous, rune(s[0])) || s[0] == '\'') {
		return "'" + s
	}
	return s
}

// unguard undoes guard, and leaves every other text as it is.
func unguard(s string) string {
	if len(s) > 1 && s[0] == '\'' && (strings.ContainsRune(dangerous, rune(s[1])) || s[1] == '\'') {
		return s[1:]
	}
	return s
}

// legalXML replaces what XML cannot hold: control characters other than tab and
// line ends.
func legalXML(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return '\ufffd'
		}
		return r
	}, s)
}
