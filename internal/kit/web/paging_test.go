package web

import (
	"strings"
	"testing"
	"unicode/utf8"

	"cairn/internal/kit/errs"
)

// FuzzCursor: what stands in an address is a place that can be written again, or
// an error that names its field; never text that a database refuses.
func FuzzCursor(f *testing.F) {
	for _, seed := range []string{
		"", "e30", "eyJrIjoiYSIsImkiOiJiIn0", "eyJsIjoidG93bnMiLCJrIjoiYSIsImkiOiJiIn0", "!", "eyJrIjoiXHUwMDAwIn0", "bnVsbA", "W10", Cursor{List: "towns", Key: "zürich", ID: "p1", Back: true}.String(), "eyJrIjoi/yJ9", strings.Repeat("A", 5000),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCursor("towns", s)
		switch {
		case err != nil:
			if !errs.Is(err, errs.Invalid) || len(errs.FieldsOf(err)) != 1 {
				t.Fatalf("%q: %v", s, err)
			}
		case c != nil:
			if other, err := ParseCursor("rivers", s); !errs.Is(err, errs.Invalid) {
				t.Fatalf("%q is a place among the rivers too: %+v, %v", s, other, err)
			}
			if strings.ContainsRune(c.Key+c.ID, 0) || !utf8.ValidString(c.Key+c.ID) {
				t.Fatalf("%q gives %+v, which no database takes", s, c)
			}
			if again, err := ParseCursor("towns", c.String()); err != nil || *again != *c {
				t.Fatalf("%q: %+v becomes %+v, %v", s, c, again, err)
			}
		}
	})
}

// FuzzLocalPath: what counts as a path of this site has no host in it.
func FuzzLocalPath(f *testing.F) {
	for _, seed := range []string{"/", "/projects?x=1", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nSet-Cookie: x", "", "/\t/evil.example"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if LocalPath(s) && (s[0] != '/' || len(s) > 1 && (s[1] == '/' || s[1] == '\\') || strings.ContainsAny(s, "\r\n\\")) {
			t.Fatalf("%q", s)
		}
	})
}
