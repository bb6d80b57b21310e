// Package sheet reads tables out of CSV and XLSX files as people have them, row
// by row, and writes them so that no spreadsheet takes text for a formula.
package sheet

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"strings"

	"cairn/internal/kit/errs"
)

// Limits of what is read. A file beyond them is refused with a clear error.
const (
	MaxBytes   = 64 << 20
	MaxRows    = 200_000
	MaxColumns = 2_000
	maxUnzip   = 512 << 20
	maxCell    = 64 << 10 // bytes of text
	maxRow     = 8 << 20
)

// Row is one row of a file. Number is what a spreadsheet shows beside it, from 1.
// Bad says of cells, by column, why their value cannot be taken.
type Row struct {
	Number int
	Cells  []string
	Bad    map[int]string
	Odd    string // why the row as a whole cannot be taken
	Hidden bool   // from whoever opens the workbook
}

// File is a spreadsheet or a CSV file that can be read more than once.
type File struct {
	Name   string
	Sheets []Worksheet // of a workbook; nil for CSV
	r      io.ReaderAt
	size   int64
	csv    *dialect
	book   *book
}

// Since1904 tells that the serial numbers of a workbook's days count from 1904.
func (f *File) Since1904() bool { return f.book != nil && f.book.since1904 }

// Semicolons tells that the file is text with semicolons between its cells.
func (f *File) Semicolons() bool { return f.csv != nil && f.csv.comma == ';' }

// Open looks what kind of file it is. Broken, encrypted and empty ones are an
// Invalid error on the field "file".
func Open(r io.ReaderAt, size int64, name string) (*File, error) {
	f := &File{Name: name, r: r, size: size}
	if size == 0 {
		return nil, refuse("The file is empty.")
	}
	if size > MaxBytes {
		return nil, refuse("The file has more than %d MB. Split it, or save the one sheet as .csv without the columns that you do not need.", MaxBytes>>20)
	}
	head := make([]byte, min(size, 1024))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, err
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return f, f.openBook()
	}
	if err := otherKind(head); err != nil {
		return nil, err
	}
	var err error
	f.csv, err = sniff(f.reader())
	return f, err
}

func (f *File) reader() io.Reader { return io.NewSectionReader(f.r, 0, f.size) }

// Rows reads a worksheet (the first visible one for an empty name) or the CSV
// file from its beginning. Rows without any text are left out.
func (f *File) Rows(sheet string) iter.Seq2[Row, error] {
	all := f.csvRows
	if f.csv == nil {
		all = func(yield func(Row, error) bool) { f.bookRows(sheet, yield) }
	}
	return func(yield func(Row, error) bool) {
		n := 0
		all(func(row Row, err error) bool {
			if err == nil && row.Bad == nil && blank(row.Cells) {
				return true
			}
			if n++; err == nil && n > MaxRows {
				err = refuse("The file has more than %s rows. Split it, and give the parts the same source.", grouped(MaxRows))
			}
			if err == nil && len(row.Cells) > MaxColumns {
				err = tooWide(row.Number)
			}
			return yield(row, err) && err == nil
		})
	}
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// clean gives a cell the form in which both databases keep text: no NUL, whole
// characters, plain line ends. Blanks around it are nobody's words.
func clean(s string) string {
	if strings.ContainsAny(s, "\x00\r") {
		s = strings.NewReplacer("\x00", "", "\r\n", "\n", "\r", "\n").Replace(s)
	}
	if strings.TrimSpace(s) == "" {
		return ""
	}
	return strings.Trim(strings.ToValidUTF8(s, "\ufffd"), " \t\n")
}

func tooWide(row int) error {
	return refuse("Row %d has more than %s columns. Take away those that you do not need.", row, grouped(MaxColumns))
}

// grouped writes a number of thousands as people do.
func grouped(n int) string { return fmt.Sprintf("%d,%03d", n/1000, n%1000) }

func refuse(format string, args ...any) error { return errs.OnField("file", format, args...) }

// ColumnName is what a spreadsheet calls the n-th column, from 0: A, B, ... AA.
func ColumnName(n int) string {
	name := ""
	for n++; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}
