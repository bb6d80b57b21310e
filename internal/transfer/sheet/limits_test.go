package sheet_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"cairn/internal/kit/errs"
	"cairn/internal/transfer/sheet"
)

// TestFilesAtTheLimitsAreReadAndThoseBeyondAreToldWhy is of files that are small
// for what they claim: nothing of them is held but the row that is read.
func TestFilesAtTheLimitsAreReadAndThoseBeyondAreToldWhy(t *testing.T) {
	narrow := func(n int) []byte { return []byte(strings.Repeat("a,b\n", n)) }
	wide := func(n int) []byte { return []byte("x" + strings.Repeat(",x", n-1) + "\n") }
	book := func(n, columns int) []byte {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `<row r="%d"><c r="%s%d"><v>1</v></c></row>`, i+1, sheet.ColumnName(columns-1), i+1)
		}
		return packed(t, parts(b.String()))
	}
	for _, c := range []struct {
		name, says string
		content    []byte
		rows       int
	}{
		{"as many rows as may be", "", narrow(sheet.MaxRows), sheet.MaxRows},
		{"a row too many", "The file has more than 200,000 rows. Split it", narrow(sheet.MaxRows + 1), sheet.MaxRows},
		{"as many columns as may be", "", wide(sheet.MaxColumns), 1},
		{"a column too many", "Row 1 has more than 2,000 columns.", wide(sheet.MaxColumns + 1), 0},
		{"a long cell", "more than 64 KB", []byte("a\n\"" + strings.Repeat("y", 65<<10) + "\"\n"), 1},
		{"a row without an end", "cannot be read after row 1", append(narrow(1), bytes.Repeat([]byte("\"zz,\",,,"), 2<<20)...), 1},
		{"a workbook of as many rows", "", book(sheet.MaxRows, 2), sheet.MaxRows},
		{"a workbook of a row too many", "The file has more than 200,000 rows.", book(sheet.MaxRows+1, 2), sheet.MaxRows},
		{"a workbook of as many columns", "", book(2, sheet.MaxColumns), 2},
		{"a workbook of a column too many", "Row 1 has more than 2,000 columns.", book(2, sheet.MaxColumns+1), 0},
	} {
		got, err := rows(t, c.content)
		if c.says == "" && err != nil || c.says != "" && (!errs.Is(err, errs.Invalid) || !strings.Contains(errs.FieldsOf(err)[0].Message, c.says)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
		if len(got) != c.rows {
			t.Errorf("%s: %d rows, want %d", c.name, len(got), c.rows)
		}
	}
	if _, err := sheet.Open(bytes.NewReader(nil), sheet.MaxBytes+1, "x"); !errs.Is(err, errs.Invalid) || !strings.Contains(errs.FieldsOf(err)[0].Message, "more than 64 MB") {
		t.Errorf("a file that is too large: %v", err)
	}
}
