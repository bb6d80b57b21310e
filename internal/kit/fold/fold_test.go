package fold

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzKey: folding what is folded changes nothing, and case, accents and white
// space make no difference.
func FuzzKey(f *testing.F) {
	for _, seed := range []string{"Kovařík – PM", "KOVARIK - pm", "ſs ß ẞ", "İstanbul ı", "ﬁ ﬂ Ⅷ", "a\u0301\u0327", "“quoted” ’s", "  \t\n ", "\u202eabc", "٣", "Ǆ", "ᾳ", "%_!", strings.Repeat("ü", 300)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return // refused at the door
		}
		k := Key(s)
		if !utf8.ValidString(k) || strings.TrimSpace(k) != k || strings.Contains(k, "  ") {
			t.Fatalf("%q folds to %q", s, k)
		}
		if again := Key(k); again != k {
			t.Fatalf("%q folds to %q and that to %q", s, k, again)
		}
		if wide := Key("  " + s + " "); wide != k {
			t.Fatalf("%q with white space around folds to %q, want %q", s, wide, k)
		}
		if n := utf8.RuneCountInString(Sort(s)); n > 120 {
			t.Fatalf("a sort key of %d characters", n)
		}
	})
}

func TestIdsThatAreWrittenAnew(t *testing.T) {
	for _, same := range [][2]string{{"P-007", "p 7"}, {"000123", "123"}, {"CW - 12", "cw-12"}, {"A/01/B", "a-1-b"}, {"0", "00"}} {
		if ID(same[0]) != ID(same[1]) {
			t.Errorf("%q and %q: %q, %q", same[0], same[1], ID(same[0]), ID(same[1]))
		}
	}
	for _, other := range [][2]string{{"P-1-1", "P-11"}, {"P10", "P1"}, {"P100", "P1000"}, {"1.10", "1.1"}, {"C#", "C++"}, {"***", "?"}, {"--", "/"}, {"--", ""}} {
		if ID(other[0]) == ID(other[1]) {
			t.Errorf("%q and %q are %q", other[0], other[1], ID(other[0]))
		}
	}
}
