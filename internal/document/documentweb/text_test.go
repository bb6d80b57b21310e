package documentweb

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cairn/internal/document"
)

func TestATextIsHeadingsListsAndParagraphs(t *testing.T) {
	got := blocks("## Why\nIt floods.\nEach May.\n\n- one\n* two\n3. three\n##\n\n\nEnd  \n### Last ###")
	want := []block{
		{"h", []string{"Why"}},
		{"p", []string{"It floods.", "Each May."}},
		{"ul", []string{"one", "two"}},
		{"ol", []string{"three"}},
		{"p", []string{"##"}},
		{"p", []string{"End"}},
		{"h", []string{"Last"}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestNamesOfFilesAreCleaned(t *testing.T) {
	for name, want := range map[string]string{
		`C:\Users\x\plan.pdf`: "plan.pdf", "../../etc/passwd": "passwd", "a\x00\nb.txt": "ab.txt", "invoice\u202efdp.exe": "invoicefdp.exe", "/": "",
		strings.Repeat("x", 200) + ".pdf": strings.Repeat("x", 116) + ".pdf",
	} {
		if got := cleanName(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}

// FuzzText: no word of a text is lost, and none of it becomes markup or script.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "## Why\n\n- a\n1. b\nc", "<script>alert(1)</script>", "## <img src=x onerror=alert(1)>", "- [x](javascript:alert(1))", "#\n##\n-\n1.", "\r\n\u2028"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var lines int
		for _, b := range blocks(text) {
			lines += len(b.Lines)
		}
		said := 0
		for _, l := range strings.Split(text, "\n") {
			if strings.TrimRight(l, " \t\r") != "" {
				said++
			}
		}
		if lines != said {
			t.Fatalf("%d lines are shown of %d", lines, said)
		}
		var page bytes.Buffer
		if err := content(document.Version{Form: document.Text, Body: text}).Render(context.Background(), &page); err != nil {
			t.Fatal(err)
		}
		rest := page.String()
		for _, ours := range []string{`<div class="words prose">`, "</div>", "<h3>", "</h3>", "<ul>", "</ul>", "<ol>", "</ol>", "<li>", "</li>", `<p class="pre">`, "</p>"} {
			rest = strings.ReplaceAll(rest, ours, "")
		}
		if strings.ContainsAny(rest, "<>") {
			t.Fatalf("markup in %q", rest)
		}
	})
}
