package identity

import (
	"bytes"
	"testing"
)

// FuzzTokens: two secrets have one stored form only if they are the same, which
// never holds the secret itself; a stored password matches itself alone.
func FuzzTokens(f *testing.F) {
	for _, pair := range [][2]string{{"", ""}, {"cairn_a", "cairn_b"}, {"a\x00b", "a"}, {"ü", "u\u0308"}, {"Bearer x", "x"}, {"a ", "a"}} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := hashToken(a), hashToken(b)
		if bytes.Equal(x, y) != (a == b) || len(x) != 32 {
			t.Fatalf("%q and %q: %x, %x", a, b, x, y)
		}
		if len(a) > 8 && bytes.Contains(x, []byte(a)) {
			t.Fatalf("the stored form of %q holds it", a)
		}
		if bytes.Equal(bucketOf(a, b), bucketOf(b, a)) && a != b {
			t.Fatalf("one bucket for %q of %q and %q of %q", a, b, b, a)
		}
		for _, broken := range []string{a, "$argon2id$" + a, b + "$" + a} {
			if matches(broken, b) {
				t.Fatalf("a password matches the broken hash %q", broken)
			}
		}
	})
}
