package filetype

import (
	"archive/zip"
	"bytes"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"

	"cairn/internal/kit/errs"
)

// packed makes a zip of parts, in order: name, content, name, content.
func packed(t testing.TB, parts ...string) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for pair := range slices.Chunk(parts, 2) {
		name, content := pair[0], strings.Join(pair[1:], "")
		h := &zip.FileHeader{Name: name, Method: zip.Deflate}
		if name == "mimetype" {
			h.Method = zip.Store
		}
		f, err := z.CreateHeader(h)
		if err == nil {
			_, err = f.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func types(media string) string {
	return `<?xml version="1.0"?><Types><Override PartName="/x" ContentType="` + media + `"/></Types>`
}

func drawing(t testing.TB) string {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func docx(t testing.TB, more ...string) string {
	t.Helper()
	return packed(t, append([]string{"[Content_Types].xml", types(word + ".main+xml"), "word/document.xml", "<w/>"}, more...)...)
}

func TestWhatIsKeptAndWhatIsNot(t *testing.T) {
	pdf := "%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF"
	for _, c := range []struct{ name, content, media, says string }{
		{"a.pdf", pdf, "application/pdf", ""},
		{"A.PDF", pdf, "application/pdf", ""},
		{"a.docx", docx(t), word, ""},
		{"a.xlsx", packed(t, "[Content_Types].xml", types(excel+".main+xml"), "xl/workbook.xml", "<w/>"), excel, ""},
		{"a.pptx", packed(t, "[Content_Types].xml", types(point+".main+xml"), "ppt/presentation.xml", "<w/>"), point, ""},
		{"a.odt", packed(t, "mimetype", odf+"text", "content.xml", "<x/>"), odf + "text", ""},
		{"a.ods", packed(t, "mimetype", odf+"spreadsheet", "content.xml", "<x/>"), odf + "spreadsheet", ""},
		{"a.odp", packed(t, "mimetype", odf+"presentation", "content.xml", "<x/>"), odf + "presentation", ""},
		{"a.png", drawing(t), "image/png", ""},
		{"a.jpeg", "\xff\xd8\xff\xe0\x00\x10JFIF\x00", "image/jpeg", ""},
		{"a.csv", "name;cost\nPump;5\n", "text/csv", ""},
		{"a.txt", "\xef\xbb\xbfIn UTF-8 with a mark: ä", "text/plain", ""},
		{"a.md", "# Heading\n", "text/markdown", ""},
		{"a.txt", "Windows-1252: \xe4\xf6", "text/plain", ""},

		{"a.docm", docx(t), "", "macros"},
		{"a.docx", docx(t, "word/vbaProject.bin", "x"), "", "macros"},
		{"a.docx", packed(t, "[Content_Types].xml", types("application/vnd.ms-word.document.macroEnabled.main+xml"), "word/document.xml", "<w/>"), "", "macros"},
		{"a.xlsx", packed(t, "[Content_Types].xml", types(excel+".main+xml"), "xl/workbook.xml", "<w/>", "xl/macrosheets/sheet1.xml", "x"), "", "macros"},
		{"a.xlsx", docx(t), "", "something else"},
		{"a.docx", packed(t, "[Content_Types].xml", types("text/plain"), "notes.txt", "x"), "", "not what the name says"},
		{"a.docx", packed(t, "word/document.xml", "<w/>"), "", "damaged"},
		{"a.docx", docx(t)[:60], "", "damaged"},
		{"a.odt", packed(t, "mimetype", odf+"text", "Basic/script-lb.xml", "x"), "", "macros"},
		{"a.odt", packed(t, "mimetype", odf+"text", "Scripts/python/x.py", "x"), "", "macros"},
		{"a.pdf", "MZ\x90\x00", "", "something else"},
		{"a.pdf", pdf + strings.Repeat(" ", 65_530) + "<< /JavaScript (x) >>", "", "scripts"},
		{"a.html", "<html>", "", "this type"},
		{"a.svg", "<svg/>", "", "this type"},
		{"a.exe", "MZ", "", "this type"},
		{"pdf", pdf, "", "this type"},
		{"a.txt", "  <!DOCTYPE html><script>alert(1)</script>", "", "page or a program"},
		{"a.md", "\xef\xbb\xbf<svg onload=alert(1)>", "", "page or a program"},
		{"a.txt", "#!/bin/sh\n", "", "page or a program"},
		{"a.csv", "MZ\x90\x00\x03", "", "is none"},
		{"a.csv", strings.Repeat("a", 70_000) + "\x00", "", "is none"},
		{"a.png", "<svg/>", "", "something else"},
		{"a.jpg", drawing(t), "", "something else"},
		{"a.txt", "", "", "empty"},
	} {
		media, err := Check(c.name, strings.NewReader(c.content), int64(len(c.content)))
		if c.says == "" && (err != nil || media != c.media) {
			t.Errorf("%s: %q, %v, want %s", c.name, media, err, c.media)
		}
		if f := errs.FieldsOf(err); c.says != "" && (len(f) != 1 || f[0].Name != "file" || !strings.Contains(f[0].Message, c.says)) {
			t.Errorf("%s of %.20q: %v, want %q", c.name, c.content, err, c.says)
		}
	}
}

// FuzzCheck: whatever comes, a file is of a kind that is kept or an Invalid error
// on the field says why not, and what is kept as text holds no page.
func FuzzCheck(f *testing.F) {
	for _, name := range []string{"a.pdf", "a.docx", "a.odt", "a.txt", "a.png", "a.exe", "a.csv"} {
		for _, content := range []string{"", "%PDF-1.7", docx(f), docx(f)[:80], packed(f, "mimetype", odf+"text"), drawing(f), "a;b\n", "<svg/>", "MZ\x00", "PK\x03\x04", "\xff\xd8\xff"} {
			f.Add(name, content)
		}
	}
	allowed := map[string]bool{}
	for _, k := range kinds {
		allowed[k.media] = true
	}
	f.Fuzz(func(t *testing.T, name, content string) {
		media, err := Check(name, strings.NewReader(content), int64(len(content)))
		switch {
		case err != nil:
			if !errs.Is(err, errs.Invalid) || media != "" {
				t.Fatalf("%q: %q, %v", name, media, err)
			}
		case !allowed[media]:
			t.Fatalf("%q is %q", name, media)
		case strings.HasPrefix(media, "text/") && strings.Contains(content, "\x00"):
			t.Fatalf("%q with NUL is %s", name, media)
		}
	})
}
