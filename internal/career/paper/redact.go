package paper

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Hidden is what a person leaves out when something leaves: names with what stands in
// their place, and money.
type Hidden struct {
	Names []Swap
	Money bool
}

// Swap is a name and what stands in its place.
type Swap struct{ Name, By string }

// An amount is a number with a currency before or after it: a number alone is none.
// Between them may stand a space, of those that keep a line together too.
const (
	space  = `[\s\x{00a0}\x{202f}]?`
	signs  = `[£€$¥]`
	codes  = `(?:GBP|EUR|USD|CHF|SEK|NOK|DKK|PLN|CZK|HUF|RON|JPY|AUD|CAD)`
	amount = `\d+(?:[.,'\x{00a0}\x{202f} ]\d{3})*(?:[.,]\d+)?`
	scale  = space + `(?:k|mn?|bn|tn|mio\.?|mrd\.?|thousand|million|billion)`
)

var money = regexp.MustCompile(`(?i)(?:` + signs + `|\b` + codes + `)` + space + amount + `(?:` + scale + `\b)?|` +
	amount + `(?:` + scale + `)?` + space + `(?:` + signs + `|(?:` + codes + `|pounds|euros|dollars|francs)\b)`)

// From takes what is hidden out of a text. Longer names go first: a body is often
// called after its project.
func (h Hidden) From(text string) string { return h.without(text, ReplaceFold) }

// fromName takes what is hidden out of a name, which stands within a sentence.
func (h Hidden) fromName(name string) string { return h.without(name, replaceFold) }

func (h Hidden) without(text string, replace func(text, name, by string) string) string {
	if text == "" {
		return ""
	}
	names := slices.Clone(h.Names)
	slices.SortStableFunc(names, func(a, b Swap) int { return len(b.Name) - len(a.Name) })
	for _, s := range names {
		if s.Name != "" {
			text = replace(text, s.Name, s.By)
		}
	}
	if h.Money {
		text = money.ReplaceAllString(text, "an amount")
	}
	return text
}

// ReplaceFold replaces a name however its letters are written. What stands in its place
// at the beginning of a sentence begins with a capital.
func ReplaceFold(text, name, by string) string { return replaced(text, name, by, begun) }

func replaceFold(text, name, by string) string {
	return replaced(text, name, by, func(_, by string) string { return by })
}

// replaced replaces a name by what words make of what stands before it.
func replaced(text, name, by string, words func(before, by string) string) string {
	text, name = norm.NFC.String(text), norm.NFC.String(name)
	var b strings.Builder
	for at := 0; at < len(text); {
		if n := begins(text[at:], name); n > 0 {
			b.WriteString(text[:at])
			b.WriteString(words(b.String(), by))
			text, at = text[at+n:], 0
			continue
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return b.String() + text
}

// begins gives the length of what a text begins with, if that is a name: however its
// letters are written, and whatever space stands between its words. A letter may be
// several in another case (ß and SS): it is part of the name as a whole or not at all.
// A mark that somebody put on the last letter goes with it.
func begins(text, name string) int {
	rest := text
	var want, got []rune // folded, and not compared yet
	for name != "" || len(want) > 0 || len(got) > 0 && !unicode.Is(unicode.Mn, got[0]) {
		if len(want) == 0 && len(got) == 0 && spaced(&name, &rest) {
			continue
		}
		if len(want) == 0 && !next(&name, &want) || len(got) == 0 && !next(&rest, &got) {
			return 0
		}
		a, b := want[0], got[0]
		if a != b && unicode.ToUpper(a) != unicode.ToUpper(b) {
			return 0
		}
		want, got = want[1:], got[1:]
	}
	return len(text) - len(rest)
}

// spaced goes over the space that both begin with.
func spaced(name, text *string) bool {
	n, t := strings.TrimLeftFunc(*name, unicode.IsSpace), strings.TrimLeftFunc(*text, unicode.IsSpace)
	if len(n) == len(*name) || len(t) == len(*text) {
		return false
	}
	*name, *text = n, t
	return true
}

// dot is what stands above an i where somebody made a small letter of İ.
const dot = "\u0307"

// next takes the first letter of a text with its marks, folded and taken apart: only
// then have the marks one order, whichever of them the letter came with.
func next(text *string, folded *[]rune) bool {
	if *text == "" {
		return false
	}
	n := max(norm.NFC.NextBoundaryInString(*text, true), 1)
	letter := (*text)[:n]
	*text = (*text)[n:]
	if n == 1 {
		*folded = []rune(strings.ToLower(letter))
		return true
	}
	letter = norm.NFD.String(cases.Fold().String(norm.NFD.String(letter)))
	if letter[0] == 'i' {
		letter = strings.ReplaceAll(letter, dot, "")
	}
	*folded = []rune(letter)
	return true
}

// begun gives words a capital if they begin a sentence.
func begun(before, words string) string {
	before = strings.TrimRight(before, " ")
	if words == "" || before != "" && !strings.ContainsAny(before[len(before)-1:], ".!?\n") {
		return words
	}
	first, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(first)) + words[size:]
}

// Sealed is a line as it leaves. Whatever it says of confirmers is taken out with the
// names of people. Who confirmed an entry verifies it, unless somebody else is named:
// that is not kept in the draft, which would outlive an erasure of theirs.
func (l Line) Sealed(h Hidden) Line {
	values := make(map[string]string, len(l.Values))
	for name, v := range l.Values {
		if name == "evidence" || name == "from" || name == "to" || name == "role_in_work" { // ids and days
			values[name] = v
			continue
		}
		values[name] = h.From(v)
	}
	l.Values = values
	l.Facts.Confirmers = slices.Clone(l.Facts.Confirmers)
	for i := range l.Facts.Confirmers {
		l.Facts.Confirmers[i].Name = h.fromName(l.Facts.Confirmers[i].Name)
	}
	if l.Section == "entry" && values["verifier"] == "" {
		values["verifier"] = l.Verifier()
	}
	l.Facts.Leaves, l.Filled = h.From(l.Facts.Leaves), h.From(l.Filled)
	return l
}
