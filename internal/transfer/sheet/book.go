package sheet

import (
	"fmt"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"cairn/internal/kit/reading"
)

// bookOptions keep dates of the system's own format readable and bound what a
// small file can unfold to.
var bookOptions = excelize.Options{ShortDatePattern: "yyyy-mm-dd", LongDatePattern: "yyyy-mm-dd", UnzipSizeLimit: maxUnzip, UnzipXMLSizeLimit: 16 << 20}

func (f *File) open() (book *excelize.File, err error) {
	defer broken(&err)
	book, err = excelize.OpenReader(f.reader(), bookOptions)
	if err != nil {
		return nil, refuse("This workbook cannot be opened. Open it in your spreadsheet program and save it again as .xlsx.")
	}
	return book, nil
}

// broken turns a panic over a damaged workbook into the error that it is.
func broken(err *error) {
	if v := recover(); v != nil {
		*err = refuse("This workbook is damaged. Open it in your spreadsheet program and save it again as .xlsx.")
	}
}

func (f *File) openBook() error {
	book, err := f.open()
	if err != nil {
		return err
	}
	defer func() { _ = book.Close() }() // it was only read
	for _, name := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(name); err == nil && visible {
			f.Sheets = append(f.Sheets, name)
		}
	}
	if len(f.Sheets) == 0 {
		return refuse("This workbook has no worksheet that can be read.")
	}
	return nil
}

func (f *File) bookRows(sheet string, yield func(Row, error) bool) {
	if err := f.readBook(sheet, yield); err != nil {
		yield(Row{}, err)
	}
}

// readBook streams a worksheet twice at once: the raw values, and the values as
// shown, which alone tell a date from a number.
func (f *File) readBook(sheet string, yield func(Row, error) bool) (err error) {
	defer broken(&err)
	book, err := f.open()
	if err != nil {
		return err
	}
	defer func() { _ = book.Close() }() // it was only read
	if sheet == "" {
		sheet = f.Sheets[0]
	}
	props, err := book.GetWorkbookProps()
	if err != nil {
		return refuse("This workbook cannot be read.")
	}
	since1904 := props.Date1904 != nil && *props.Date1904
	raw, err := book.Rows(sheet)
	if err != nil {
		return refuse("There is no worksheet %q that can be read.", sheet)
	}
	defer func() { _ = raw.Close() }() // it was only read
	shown, err := book.Rows(sheet)
	if err != nil {
		return refuse("There is no worksheet %q that can be read.", sheet)
	}
	defer func() { _ = shown.Close() }() // it was only read
	for number := 1; raw.Next() && shown.Next(); number++ {
		a, errA := raw.Columns(excelize.Options{RawCellValue: true})
		b, errB := shown.Columns(bookOptions)
		if errA != nil || errB != nil {
			return refuse("Row %d of this workbook cannot be read.", number)
		}
		cells := make([]string, len(a))
		for i := range a {
			cells[i] = clean(a[i])
			if i < len(b) && a[i] != b[i] {
				cells[i] = clean(dated(a[i], b[i], since1904))
			}
		}
		if !yield(Row{number, cells}, nil) {
			return nil
		}
	}
	return nil
}

// dated gives a number that is shown as a date its ISO form.
func dated(raw, shown string, since1904 bool) string {
	n, err := strconv.ParseFloat(raw, 64)
	if err != nil || n < 1 || n > 2958465 {
		return raw
	}
	if _, err := reading.Date(shown, reading.DayFirst, false); err != nil {
		return raw
	}
	t, err := excelize.ExcelDateToTime(n, since1904)
	if err != nil {
		return raw
	}
	return t.Format(time.DateOnly)
}

// WriteXLSX writes a table as a workbook of one worksheet. Texts are cells of
// text and numbers cells of numbers, so that nothing is taken for a formula.
func (t *Table) WriteXLSX(w interface{ Write([]byte) (int, error) }) error {
	book := excelize.NewFile()
	defer func() { _ = book.Close() }() // nothing is read from it again
	if err := book.SetSheetName("Sheet1", t.Title); err != nil {
		return err
	}
	out, err := book.NewStreamWriter(t.Title)
	if err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
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
	if err := out.Flush(); err != nil {
		return err
	}
	return book.Write(w)
}
