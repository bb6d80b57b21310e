package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"cairn/internal/kit/errs"
	"cairn/internal/transfer/sheet"
)

// workbook is a workbook whose one worksheet has the given cells.
func workbook(t testing.TB, fill func(*excelize.File)) []byte {
	t.Helper()
	book := excelize.NewFile()
	fill(book)
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestCellsOfWorkbooks(t *testing.T) {
	content := workbook(t, func(b *excelize.File) {
		day, err := b.NewStyle(&excelize.Style{NumFmt: 14})
		must(t, err)
		must(t, b.SetSheetRow("Sheet1", "A1", &[]any{"Name", "When", "Cost", "Yes", "Sum", "Empty"}))
		must(t, b.SetSheetRow("Sheet1", "A2", &[]any{" Caf\u00e9 & <b> ", 44927, 0.1 + 0.2, true}))
		must(t, b.SetCellStyle("Sheet1", "B2", "B2", day))
		must(t, b.SetCellFormula("Sheet1", "E2", "C2+1"))
		must(t, b.SetSheetRow("Sheet1", "A4", &[]any{"Late", 1.5e6, -2}))
	})
	got, err := rows(t, content)
	if err != nil || len(got) != 3 {
		t.Fatalf("%v, %d rows", err, len(got))
	}
	want := []string{"Café & <b>", "2023-01-01", "0.3", "TRUE", ""}
	if fmt.Sprint(got[1].Cells) != fmt.Sprint(want) || !strings.Contains(got[1].Bad[4], "no stored value") {
		t.Errorf("%q, %v", got[1].Cells, got[1].Bad)
	}
	if got[2].Number != 4 || got[2].Cells[1] != "1500000" || got[2].Cells[2] != "-2" {
		t.Errorf("%+v", got[2])
	}
}

func TestABookOfSeveralTablesIsReadBack(t *testing.T) {
	table := func(title, cell string) *sheet.Table {
		return &sheet.Table{Title: title, Header: []string{"What", "Number"}, Rows: func(yield func([]sheet.Cell, error) bool) {
			yield([]sheet.Cell{{Text: cell}, {Text: "7", Number: true}}, nil)
		}}
	}
	var b bytes.Buffer
	must(t, sheet.WriteBook(&b, table("Entries", "=SUM(A1)"), table("Months", "Željko")))
	f, err := sheet.Open(bytes.NewReader(b.Bytes()), int64(b.Len()), "book.xlsx")
	must(t, err)
	if book, err := excelize.OpenReader(bytes.NewReader(b.Bytes())); err != nil {
		t.Error(err)
	} else if says, err := book.GetDocProps(); err != nil || says.Creator != "Cairn" {
		t.Errorf("made by %+v, %v", says, err)
	}
	if len(f.Sheets) != 2 || f.Sheets[0].Name != "Entries" || f.Sheets[1].Name != "Months" {
		t.Fatalf("%+v", f.Sheets)
	}
	for name, want := range map[string]string{"Entries": "=SUM(A1)", "Months": "Željko"} {
		var got []sheet.Row
		for row, err := range f.Rows(name) {
			must(t, err)
			got = append(got, row)
		}
		if len(got) != 2 || got[1].Cells[0] != want || got[1].Cells[1] != "7" || len(got[1].Bad) > 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestDaysSince1904(t *testing.T) {
	content := workbook(t, func(b *excelize.File) {
		since := true
		must(t, b.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &since}))
		day, err := b.NewStyle(&excelize.Style{NumFmt: 14})
		must(t, err)
		must(t, b.SetSheetRow("Sheet1", "A1", &[]any{"When", 43465}))
		must(t, b.SetCellStyle("Sheet1", "B1", "B1", day))
	})
	got, err := rows(t, content)
	if err != nil || got[0].Cells[1] != "2023-01-01" {
		t.Errorf("%v, %v", got, err)
	}
	for n, want := range map[float64]string{1: "1900-01-01", 59: "1900-02-28", 61: "1900-03-01", 45000.75: "2023-03-15"} {
		if day, ok := sheet.DayOfSerial(n, false); !ok || day != want {
			t.Errorf("%v is %s, want %s", n, day, want)
		}
	}
}

func TestMergedCellsSpeakForThoseBelow(t *testing.T) {
	content := workbook(t, func(b *excelize.File) {
		for i, row := range [][]any{{"Department", "Name"}, {"Works", "A"}, {nil, "B"}, {nil, "C"}} {
			must(t, b.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
		}
		must(t, b.MergeCell("Sheet1", "A2", "A3"))
	})
	got, err := rows(t, content)
	if err != nil || len(got) != 4 || got[2].Cells[0] != "Works" || got[3].Cells[0] != "" {
		t.Errorf("%v, %v", got, err)
	}
}

func TestSheetsAreChosenAndHiddenOnesMarked(t *testing.T) {
	content := workbook(t, func(b *excelize.File) {
		for _, name := range []string{"Kept & safe", "Away"} {
			_, err := b.NewSheet(name)
			must(t, err)
			must(t, b.SetCellStr(name, "A1", "in "+name))
		}
		must(t, b.SetSheetVisible("Away", false))
	})
	f, err := sheet.Open(bytes.NewReader(content), int64(len(content)), "x.xlsx")
	must(t, err)
	if len(f.Sheets) != 3 || f.Sheets[1].Name != "Kept & safe" || f.Sheets[1].Hidden || !f.Sheets[2].Hidden {
		t.Errorf("%+v", f.Sheets)
	}
	for row, err := range f.Rows("Away") {
		if err != nil || row.Cells[0] != "in Away" {
			t.Errorf("%v, %v", row, err)
		}
	}
	for _, err := range f.Rows("Nowhere") {
		if errs.KindOf(err) != errs.Invalid {
			t.Errorf("a sheet that there is not: %v", err)
		}
	}
}

// packed is a workbook of the given parts, written by hand.
func packed(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, body := range parts {
		w, err := z.Create(name)
		must(t, err)
		_, err = w.Write([]byte(body))
		must(t, err)
	}
	must(t, z.Close())
	return b.Bytes()
}

// bomb is a small file that says it unfolds to more than is read.
func bomb(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	_, err := z.CreateRaw(&zip.FileHeader{Name: "xl/workbook.xml", Method: zip.Deflate, CompressedSize64: 0, UncompressedSize64: 600 << 20})
	must(t, err)
	must(t, z.Close())
	return b.Bytes()
}

func parts(cells string) map[string]string {
	return map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<worksheet><sheetData>` + cells + `</sheetData></worksheet>`,
	}
}

func TestWorkbooksThatAreNone(t *testing.T) {
	deep := parts(`<row><c t="s"><v>7</v></c><c t="e"><v>#REF!</v></c></row>`)
	got, err := rows(t, packed(t, deep))
	if err != nil || len(got) != 1 || len(got[0].Bad) != 2 {
		t.Errorf("cells without a value: %+v, %v", got, err)
	}
	for name, content := range map[string][]byte{
		"a bomb":          bomb(t),
		"no parts":        packed(t, map[string]string{"word/document.xml": "<x/>"}),
		"a binary one":    packed(t, map[string]string{"xl/workbook.bin": ""}),
		"an OpenDocument": packed(t, map[string]string{"content.xml": "", "mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
		"a cut tag":       packed(t, parts(`<row><c`)),
		"a document type": packed(t, parts(`<!DOCTYPE x [<!ENTITY a "b">]>`)),
		"many columns":    packed(t, parts(`<row><c r="XFD1"><v>1</v></c></row>`)),
	} {
		if _, err := rows(t, content); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzWorkbook(f *testing.F) {
	for _, s := range []string{
		`<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>`, `<row><c t="s"><v>-1</v></c></row>`, `<row r="9999999999"><c r="ZZZZZ1"><v>1e999</v></c></row>`,
		`<row><c s="99999"><f/></c></row>`, `<row><c><v>&#x110000;&amp;</v></c></row>`, `<!-- > --><row/>`, `<row><c a='"'><v><![CDATA[]]></v></c></row>`, `</row></row><mergeCell ref="A1:A9"/>`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, cells string) {
		got, err := rows(t, packed(t, parts(cells)))
		if err != nil && errs.KindOf(err) != errs.Invalid {
			t.Errorf("%v is no clear error", err)
		}
		for _, row := range got {
			if row.Number < 1 || strings.ContainsRune(strings.Join(row.Cells, ""), 0) {
				t.Errorf("row %+v", row)
			}
		}
	})
}
