package paper

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"cairn/internal/kit/activity"
)

var (
	stream = regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`)
	shown  = regexp.MustCompile(`(?s)\(((?:[^()\\]|\\.)*)\)\s*Tj`)
)

// words reads the text of a PDF as a reader does: letters are numbers of Unicode, which
// the font's map gives back as they are.
func words(t testing.TB, content []byte) (text string, pages int) {
	t.Helper()
	if !bytes.Contains(content, []byte("1 beginbfrange\n<0000> <FFFF> <0000>\nendbfrange")) {
		t.Fatal("the text cannot be copied: no map to Unicode")
	}
	var b strings.Builder
	for _, part := range stream.FindAllSubmatch(content, -1) {
		r, err := zlib.NewReader(bytes.NewReader(part[1]))
		if err != nil {
			continue // the map of the font
		}
		page, err := io.ReadAll(r)
		if err != nil || !bytes.Contains(page, []byte(" Tf")) {
			continue // a font
		}
		pages++
		for _, m := range shown.FindAllSubmatch(page, -1) {
			b.WriteString(letters(m[1]) + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " "), pages
}

func letters(s []byte) string {
	s = []byte(strings.NewReplacer(`\\`, `\`, `\(`, `(`, `\)`, `)`, `\r`, "\r").Replace(string(s)))
	var out []uint16
	for i := 0; i+1 < len(s); i += 2 {
		out = append(out, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return string(utf16.Decode(out))
}

func has(t *testing.T, text string, wanted ...string) {
	t.Helper()
	squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
	for _, w := range wanted {
		if !strings.Contains(squeeze(text), squeeze(w)) {
			t.Errorf("no %q in\n%s", w, text)
		}
	}
}

func TestACVIsPrintedWithItsLetters(t *testing.T) {
	p := full()
	b, err := p.Print()
	if err != nil {
		t.Fatal(err)
	}
	text, pages := words(t, b)
	has(t, text, "Željko Łukasz Ödön", "PMO analyst", "Łódź", "Clean rivers", "since February 2023", "Gates: led it", "Practitioner", "Page 1 of 1")
	if pages != 1 || strings.Contains(text, "Dropped") {
		t.Errorf("%d pages: %s", pages, text)
	}
	// Letters in two parts, beyond the basic plane, and of other alphabets; control characters.
	p.Values["name"] = "Z\u030celjko Ștefan Việt Ωμέγα Ёлка \U0001F600\x00"
	if b, err = p.Print(); err != nil {
		t.Fatal(err)
	}
	text, _ = words(t, b)
	has(t, text, "Željko Ștefan Việt Ωμέγα Ёлка")
	// What is read from right to left is set as it is seen, and no text is taken for a number of pages.
	p.Values["name"], p.Values["summary"] = "שלום (12) עולם", "by שלום 12 עולם, {nb} \ue000 times"
	if b, err = p.Print(); err != nil {
		t.Fatal(err)
	}
	text, _ = words(t, b)
	has(t, text, "םלוע (12) םולש", "by םלוע 12 םולש, {nb} □ times")
}

func TestApplicationEntriesSayWhatCounts(t *testing.T) {
	p := Paper{Kind: Application, Today: today, Values: map[string]string{"name": "Ines", "limit": "500"}, Lines: []Line{
		{ID: "1", Section: "entry", Source: "group/a", Facts: Facts{Role: activity.Led, Leads: true, Grade: "recorded"}, Values: map[string]string{"title": "Quay wall", "from": "2024-01", "to": "2024-06", "objective": "Hold the water", "verifier": "Gwen"}},
		{ID: "2", Section: "entry", Source: "group/b", Facts: Facts{Role: activity.Supported, Grade: "recorded"}, Values: map[string]string{"title": "Pump", "from": "2023-01", "to": "2024-12"}},
		{ID: "3", Section: "entry", Values: map[string]string{"title": "=HYPERLINK(1)", "role_in_work": "led", "from": "2024-06", "to": "2024-08"}},
	}}
	b, err := p.Print()
	if err != nil {
		t.Fatal(err)
	}
	text, _ := words(t, b)
	has(t, text, "Months led and directed, overlapping ones once: 8", "Quay wall", "Hold the water", "Its months do not count: this is support", "Entries of support, which do not count: 1")
	sheets := p.Sheets()
	if len(sheets) != 2 || len(sheets[0].Rows) != 3 || sheets[1].Rows[0][1] != number(8) {
		t.Fatalf("%+v", sheets)
	}
	for i, row := range sheets[0].Rows {
		if len(row) != len(sheets[0].Header) {
			t.Errorf("row %d has %d cells", i, len(row))
		}
	}
	if got := sheets[0].Rows[1]; got[8].Text != "no" || !strings.Contains(got[9].Text, "support") {
		t.Errorf("%+v", got)
	}
}

func TestAMatrixNumbersItsEvidence(t *testing.T) {
	p := Paper{Kind: Matrix, Today: today, Levels: []string{"not yet", "saw it", "helped", "did it", "led it"}, Values: map[string]string{"name": "Ines"}, Lines: []Line{
		{ID: "e1", Section: "evidence", Source: "group/1", Facts: Facts{Grade: "recorded", Leaves: "Ran gates"}, Values: map[string]string{"title": "Ran gates"}},
		{ID: "e2", Section: "evidence", Source: "entry/2", Facts: Facts{Grade: "self_declared", Leaves: "Wrote a guide", Confirmers: []Confirmer{{"Jo", true, false}}}, Values: map[string]string{"title": "Wrote a guide"}},
		{ID: "e3", Section: "evidence", Gone: true, Values: map[string]string{"title": "Dropped work"}},
		{ID: "e4", Section: "evidence", Values: map[string]string{"title": "Nobody refers to it"}},
		{ID: "c1", Section: "competency", Values: map[string]string{"title": "Gates", "level": "3", "statement": "I run them.", "evidence": "e2,e3,e1"}},
		{ID: "c2", Section: "competency", Values: map[string]string{"title": "Guides", "level": "9", "evidence": "e1"}},
	}}
	b, err := p.Print()
	if err != nil {
		t.Fatal(err)
	}
	text, _ := words(t, b)
	has(t, text, "Gates Level: 3, did it I run them. Evidence: E1, E2", "Guides Level: none claimed Evidence: E2", "E1 Wrote a guide", "by link, whose follower nobody checked: Jo", "E2 Ran gates Recorded")
	if strings.Contains(text, "Dropped") || strings.Contains(text, "Nobody refers") {
		t.Errorf("too much leaves: %s", text)
	}
}

// Whatever is typed is printed, or replaced, and never refused.
func TestAnyTextIsPrinted(t *testing.T) {
	p := Paper{Kind: CV, Today: today, Values: map[string]string{"name": "\xff\xfe", "summary": strings.Repeat("W", 5000)}}
	for i, s := range []string{"", "\n\n", "\u200d\ufeff\u0301", "\ufffe\uffff\U0010ffff", "\u202eabc", strings.Repeat("文", 300), "({[\\]})%", "{nb}", "\u2028\u00ad", strings.Repeat("a\u0301", 400), "\r\n\t\v"} {
		p.Lines = append(p.Lines, Line{ID: fmt.Sprint(i), Section: "project", Values: map[string]string{"title": s, "summary": s, "from": s}})
	}
	if _, err := p.Print(); err != nil {
		t.Error(err)
	}
}

func longest(n int) Paper {
	p := Paper{Kind: Application, Today: today, Values: map[string]string{"name": "Ines Calloway", "limit": "500"}}
	for i := range n {
		p.Lines = append(p.Lines, Line{ID: fmt.Sprint(i), Section: "entry", Values: map[string]string{
			"title": fmt.Sprintf("Project %d", i), "role_in_work": "led", "from": "2020-01", "to": "2021-01", "organisation": "Tarn Valley Water",
			"objective": strings.Repeat("Hold the water back. ", 6), "role": strings.Repeat("I led it. ", 12), "responsibilities": strings.Repeat("All of it. ", 12), "outcome": strings.Repeat("It holds. ", 12),
		}})
	}
	return p
}

func TestManyPiecesFillPages(t *testing.T) {
	p := longest(200)
	b, err := p.Print()
	if err != nil {
		t.Fatal(err)
	}
	text, pages := words(t, b)
	if pages < 40 {
		t.Errorf("%d pages", pages)
	}
	has(t, text, fmt.Sprintf("Page %d of %d", pages, pages), "200. Project 199")
	t.Logf("%d pages, %d KB", pages, len(b)>>10)
}

func BenchmarkPrint200(b *testing.B) {
	p := longest(200)
	for b.Loop() {
		if _, err := p.Print(); err != nil {
			b.Fatal(err)
		}
	}
}
