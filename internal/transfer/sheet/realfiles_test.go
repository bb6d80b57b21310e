package sheet_test

import (
	"bytes"
	"encoding/csv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/transfer/sheet"
)

// TestRealFilesHaveTheRowsThatAPlainReadingFinds reads every CSV file and every
// workbook of others a second time, with readers that know nothing of this one.
func TestRealFilesHaveTheRowsThatAPlainReadingFinds(t *testing.T) {
	compared := 0
	err := filepath.WalkDir(kittest.RealData(t, ""), func(path string, d fs.DirEntry, err error) error {
		kind := filepath.Ext(path)
		if err != nil || kind != ".csv" && kind != ".xlsx" {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f, err := sheet.Open(bytes.NewReader(content), int64(len(content)), d.Name())
		switch {
		case errs.Is(err, errs.Invalid):
			return nil
		case err != nil:
			t.Errorf("%s: %v", d.Name(), err)
			return nil
		case kind == ".csv":
			comparePlainCSV(t, f, content)
		default:
			comparePlainBook(t, f, content)
		}
		compared++
		return nil
	})
	if err != nil || compared < 20 {
		t.Errorf("%d files compared: %v", compared, err)
	}
}

func comparePlainCSV(t *testing.T, f *sheet.File, content []byte) {
	t.Helper()
	text := strings.TrimPrefix(string(content), "\ufeff")
	if !utf8.ValidString(text) {
		decoded, err := charmap.Windows1252.NewDecoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		text = decoded
	}
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	if first, _, _ := strings.Cut(text, "\n"); strings.Count(first, ";") > strings.Count(first, ",") {
		r.Comma = ';'
	}
	records, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	var want [][]string
	for _, cells := range records {
		for i := range cells {
			cells[i] = strings.TrimSpace(strings.ReplaceAll(cells[i], "\r", "\n"))
		}
		if strings.Join(cells, "") != "" {
			want = append(want, cells)
		}
	}
	i := 0
	for row, err := range f.Rows("") {
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if i < len(want) && !slices.EqualFunc(row.Cells, want[i], func(a, b string) bool { return strings.TrimSpace(a) == b }) {
			t.Errorf("%s, row %d: %.200q, want %.200q", f.Name, row.Number, row.Cells, want[i])
		}
		i++
	}
	if i != len(want) {
		t.Errorf("%s has %d rows, want %d", f.Name, i, len(want))
	}
}

func comparePlainBook(t *testing.T, f *sheet.File, content []byte) {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Logf("%s: only one of the readers can read it: %v", f.Name, err)
		return
	}
	defer func() { _ = book.Close() }()
	for _, w := range f.Sheets {
		rows, err := book.GetRows(w.Name)
		if err != nil {
			t.Logf("%s, %s: only one of the readers can read it: %v", f.Name, w.Name, err)
			continue
		}
		want, got := 0, 0
		for _, cells := range rows {
			if strings.TrimSpace(strings.Join(cells, "")) != "" {
				want++
			}
		}
		for _, err := range f.Rows(w.Name) {
			if err != nil {
				t.Errorf("%s, %s: %v", f.Name, w.Name, err)
			}
			got++
		}
		if got != want {
			t.Errorf("%s, %s has %d rows, want %d", f.Name, w.Name, got, want)
		}
	}
}
