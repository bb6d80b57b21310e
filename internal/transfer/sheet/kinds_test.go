package sheet_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"cairn/internal/kit/errs"
	"cairn/internal/transfer/sheet"
)

func archive(t *testing.T, parts map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestWhatIsNoTableIsRefusedByWhatItIs gives files that people take for a table.
func TestWhatIsNoTableIsRefusedByWhatItIs(t *testing.T) {
	for content, want := range map[string]string{
		"\ufeff <!DOCTYPE html><table><tr><td>Name</td></tr></table>":                           "web page",
		"<html><body><table></table></body></html>":                                             "web page",
		`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>`: "XML spreadsheet",
		`[{"name":"A"},{"name":"B"}]`:                                                           "JSON",
		"\x89PNG\r\n\x1a\n":                                                                     "picture",
		`{\rtf1\ansi Name}`:                                                                     "text document",
		"\x1f\x8b\x08\x00":                                                                      "packed file",
		archive(t, map[string]string{"data/register.csv": "Name\nA\n"}):                         "such as register.csv",
		archive(t, map[string]string{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>"}):       "document or a presentation",
		archive(t, map[string]string{"[Content_Types].xml": "<Types/>", "xl/worksheets/sheet1.xml": "<worksheet/>"}): "no workbook",
	} {
		_, err := sheet.Open(strings.NewReader(content), int64(len(content)), "register.xls")
		fields := errs.FieldsOf(err)
		if errs.KindOf(err) != errs.Invalid || len(fields) != 1 || !strings.Contains(fields[0].Message, want) {
			t.Errorf("%.40q: %v, want %s", content, err, want)
		}
	}
}

// TestPartsOfAWorkbookAreFoundByTheirRelations reads one in which only the relations
// say what the parts are called.
func TestPartsOfAWorkbookAreFoundByTheirRelations(t *testing.T) {
	const kind = `Type="http://purl.oclc.org/ooxml/officeDocument/relationships/`
	content := archive(t, map[string]string{
		"_rels/.rels":                 `<Relationships><Relationship Id="a" ` + kind + `officeDocument" Target="/xl/workbook2.xml"/></Relationships>`,
		"xl/workbook2.xml":            `<workbook><sheets><sheet name="R" r:id="x"/></sheets></workbook>`,
		"xl/_rels/workbook2.xml.rels": `<Relationships><Relationship Id="x" ` + kind + `worksheet" Target="worksheets/one.xml"/><Relationship Id="y" ` + kind + `sharedStrings" Target="texts.xml"/></Relationships>`,
		"xl/texts.xml":                `<sst><si><t>Name</t></si></sst>`,
		"xl/worksheets/one.xml":       `<worksheet><sheetData><row r="1" hidden="1"><c t="s"><v>0</v></c></row></sheetData></worksheet>`,
	})
	f, err := sheet.Open(strings.NewReader(content), int64(len(content)), "r.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	for row, err := range f.Rows("R") {
		if err != nil || len(row.Cells) != 1 || row.Cells[0] != "Name" || !row.Hidden {
			t.Errorf("%+v, %v", row, err)
		}
	}
}

// TestAQuotationMarkThatIsNotClosedIsFound gives rows that would otherwise swallow
// cells, or the rows after them, and badly written ones that do not.
func TestAQuotationMarkThatIsNotClosedIsFound(t *testing.T) {
	const head = "Id,Name,Unit,Note\n1,Road,North,fine\n2,Wall,South,fine\n"
	for tail, odd := range map[string]int{
		"3,\"Pier,East,\"a, b\"\n4,Gate,West,fine\n": 1, // closed in the same row
		"3,\"Pier,East,x\n4,Gate,West,y\n5,Dam,,\n":  1, // never closed
		"3,\"Pier,East,x\n4,\"Gate\",West,fine\n":    1, // closed in the next row
		"3,the \"big\" pier,East,fine\n":             0,
		"3,\"the \"big\" pier\",East,fine\n":         0,
		"3,Pier,East,\"two\nlines, \"\"so\"\"\"\n":   0,
	} {
		f, err := sheet.Open(strings.NewReader(head+tail), int64(len(head+tail)), "f.csv")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for row, err := range f.Rows("") {
			if err != nil {
				t.Fatal(err)
			}
			if row.Odd != "" {
				n++
			}
		}
		if n != odd {
			t.Errorf("%q: %d rows with broken quotation marks, want %d", tail, n, odd)
		}
	}
}

// TestRowsOfOldMacsMayHoldLineBreaks reads rows that end with a carriage return, with
// the line ends of others within their cells.
func TestRowsOfOldMacsMayHoldLineBreaks(t *testing.T) {
	const content = "Id,Name,Note\r1,Road,\"two\nlines\"\r2,Wall,\"two\nlines\"\r3,Dam,bare\nbreak\r"
	f, err := sheet.Open(strings.NewReader(content), int64(len(content)), "f.csv")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for row, err := range f.Rows("") {
		if err != nil || row.Odd != "" {
			t.Fatal(row.Odd, err)
		}
		got = append(got, strings.Join(row.Cells, "|"))
	}
	if strings.Join(got, "/") != "Id|Name|Note/1|Road|two\nlines/2|Wall|two\nlines/3|Dam|bare/break" {
		t.Errorf("%q", got)
	}
}
