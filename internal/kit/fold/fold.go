// Package fold brings text to the form in which Cairn compares and sorts it.
package fold

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Key folds text for comparing and sorting: compatibility forms (NFKC), case
// folded, accents dropped, curly quotes and dashes made plain, white space
// collapsed. "Kovařík – PM" and "KOVARIK - pm" have one key.
func Key(s string) string {
	if plainASCII(s) {
		return strings.Join(strings.Fields(strings.ToLower(s)), " ")
	}
	s = cases.Fold().String(norm.NFKD.String(s))
	var b strings.Builder
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == '‘' || r == '’' || r == '′' || r == '`':
			b.WriteByte('\'')
		case r == '“' || r == '”':
			b.WriteByte('"')
		case unicode.Is(unicode.Pd, r) || r == '−':
			b.WriteByte('-')
		case unicode.Is(unicode.Cherokee, r): // its capitals came first, and small letters fold to them
			b.WriteRune(unicode.ToUpper(r))
		default:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(norm.NFKC.String(b.String())), " ")
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 || s[i] == '`' {
			return false
		}
	}
	return true
}

var zeros = regexp.MustCompile(`(^|[^0-9])0+([0-9])`)

// ID folds an id as it is written anew: capitals, what separates its parts, and zeros
// before a number do not count. "P-007" and "p 7" have one. Other signs count.
func ID(s string) string {
	parts := strings.FieldsFunc(Key(s), func(r rune) bool { return strings.ContainsRune(" -_./", r) })
	if len(parts) == 0 {
		return s
	}
	return zeros.ReplaceAllString(strings.Join(parts, "-"), "$1$2")
}

// Sort is a key cut to a length that both databases index.
func Sort(s string) string {
	k := []rune(Key(s))
	if len(k) > 120 {
		k = k[:120]
	}
	return string(k)
}
