package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
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

// WriteXLSX writes a table as a workbook of one worksheet. Texts are cells of
// text and numbers cells of numbers, so that nothing is taken for a formula.
func (t *Table) WriteXLSX(w io.Writer) error { return WriteBook(w, t) }

// WriteBook writes tables as the worksheets of a workbook, each as WriteXLSX would.
// Their titles differ.
func WriteBook(w io.Writer, tables ...*Table) error {
	book := excelize.NewFile()
	defer func() { _ = book.Close() }() // nothing is read from it again
	// Otherwise it would name the author of the library as its own.
	if err := book.SetDocProps(&excelize.DocProperties{Creator: "Cairn"}); err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	for i, t := range tables {
		if i == 0 {
			err = book.SetSheetName("Sheet1", t.Title)
		} else {
			_, err = book.NewSheet(t.Title)
		}
		if err != nil {
			return err
		}
		if err := t.write(book, bold); err != nil {
			return err
		}
	}
	return book.Write(w)
}

func (t *Table) write(book *excelize.File, bold int) error {
	out, err := book.NewStreamWriter(t.Title)
	if err != nil {
		return err
	}
	header := make([]any, len(t.Header))
	for i, h := range t.Header {
		header[i] = excelize.Cell{StyleID: bold, Value: h}
	}
	if err := out.SetRow("A1", header); err != nil {
		return err
	}
	number := 1
	for row, err := range t.Rows {
		if err != nil {
			return err
		}
		number++
		cells := make([]any, len(row))
		for i, c := range row {
			cells[i] = any(legalXML(c.Text))
			if n, err := strconv.ParseFloat(c.Text, 64); c.Number && err == nil {
				cells[i] = n
			}
		}
		if err := out.SetRow(fmt.Sprintf("A%d", number), cells); err != nil {
			return err
		}
	}
	return out.Flush()
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
