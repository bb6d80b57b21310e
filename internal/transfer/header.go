package transfer

import (
	"cmp"
	"regexp"
	"strings"

	"cairn/internal/kit/fold"
	"cairn/internal/kit/reading"
)

// between joins the parts of a header that stands in several rows.
const between = " – "

var (
	notWord  = regexp.MustCompile(`[^\pL\pN]+`)
	brackets = regexp.MustCompile(`\([^()]*\)|\[[^\[\]]*\]`)
	// The marks of footnotes; folded they would be digits of the word.
	footnotes = regexp.MustCompile(`[⁰¹²³⁴⁵⁶⁷⁸⁹*†‡§]+`)
)

// camel is where a word begins in ProjectName.
var camel = regexp.MustCompile(`(\p{Ll})(\p{Lu})`)

func plainWords(s string) string {
	s = camel.ReplaceAllString(s, "$1 $2")
	return strings.TrimSpace(notWord.ReplaceAllString(fold.Key(footnotes.ReplaceAllString(s, " ")), " "))
}

// headerKey is a header as it is compared: its first line, without units and
// signs. Published tables explain themselves in brackets and further lines.
func headerKey(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	s, _, _ = strings.Cut(s, "(")
	return plainWords(s)
}

// headerKeys are the ways in which a header can be compared, the best first: all of
// it without what stands in brackets, since many break their lines; its first line;
// and without the unit at its end.
func headerKeys(s string) []string {
	all := brackets.ReplaceAllString(s, " ")
	return []string{plainWords(all), headerKey(s), plainWords(unitAtEnd.ReplaceAllString(strings.TrimSpace(all), ""))}
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// namer finds the fields that headers name.
type namer struct {
	fields  []Field
	labels  map[string]int
	keys    map[string]int
	words   map[string]int
	phrases []phrase
	known   map[string]named
}

type phrase struct {
	words string
	field int
}

type named struct{ field, score int }

func newNamer(fields []Field) *namer {
	n := &namer{fields: fields, labels: map[string]int{}, keys: map[string]int{}, words: map[string]int{}, known: map[string]named{}}
	first := func(m map[string]int, key string, i int) {
		if _, there := m[key]; !there {
			m[key] = i
		}
	}
	for i, f := range fields {
		if f.Kind == Switch {
			continue
		}
		first(n.labels, f.Label, i)
		first(n.keys, headerKey(f.Label), i)
		first(n.keys, notWord.ReplaceAllString(f.ID, " "), i)
		for _, w := range f.Words {
			first(n.words, w, i)
			if strings.Contains(w, " ") {
				n.phrases = append(n.phrases, phrase{w, i})
			}
		}
	}
	return n
}

// longestHeader is how much of a header is compared, in bytes.
const longestHeader = 1 << 10

// nearest finds the field that a header names: 5 for its own label letter by letter,
// so that two labels may differ in their brackets alone, 4 for the label, 3 for one of
// its words, 2 if it begins with several of its words, 1 if it ends with them.
func (n *namer) nearest(header string) (Field, int) {
	if header == "" || len(header) > longestHeader {
		return Field{}, 0
	}
	best, known := n.known[header]
	if !known {
		best = n.look(header)
		n.known[header] = best
	}
	if best.score == 0 {
		return Field{}, 0
	}
	return n.fields[best.field], best.score
}

// look compares a header, and of one that stands in several rows its lower part, or
// the upper one above a unit.
func (n *namer) look(header string) named {
	best := n.like(header)
	upper, lower, several := cutLast(header, between)
	if several && isUnit(lower) {
		lower = upper
	}
	if several {
		if part := n.look(lower); part.score > best.score {
			best = part
		}
	}
	return best
}

func (n *namer) like(header string) (best named) {
	if i, ok := n.labels[header]; ok {
		return named{i, 5}
	}
	for _, key := range headerKeys(header) {
		if key == "" {
			continue
		}
		if i, ok := n.keys[key]; ok {
			return named{i, 4}
		}
		if i, ok := n.words[key]; ok {
			return named{i, 3}
		}
		for _, p := range n.phrases {
			switch {
			case best.score < 2 && strings.HasPrefix(key, p.words+" "):
				best = named{p.field, 2}
			case best.score < 1 && strings.HasSuffix(key, " "+p.words):
				best = named{p.field, 1}
			}
		}
	}
	return best
}

// score counts the cells that name a field, each field once.
func (n *namer) score(cells []string) (score int) {
	used := map[string]bool{}
	for _, c := range cells {
		if f, s := n.nearest(c); s > 0 && !used[f.ID] {
			used[f.ID] = true
			score += s
		}
	}
	return score
}

// composed are the headers that stand in several rows, from the uppermost: what is
// above a group of columns is said of each of them that has a name of its own.
func composed(rows [][]string) []string {
	last := rows[len(rows)-1]
	width := 0
	for _, r := range rows {
		width = max(width, len(r))
	}
	out := make([]string, width)
	for n, row := range rows {
		above := ""
		for i := range out {
			own, below := at(row, i), at(last, i)
			if own != "" {
				above = own
			}
			says := own
			if own == "" && n < len(rows)-1 && below != "" {
				says = above
			}
			switch {
			case says == "" || out[i] == says || strings.HasSuffix(out[i], between+says): // merged cells say it twice
			case out[i] == "":
				out[i] = says
			default:
				out[i] += between + says
			}
			if own != "" && (below == "" || below == own) {
				above = "" // it stands above no group
			}
		}
	}
	return out
}

func at(cells []string, i int) string {
	if i < len(cells) {
		return cells[i]
	}
	return ""
}

const (
	currencies = `(?:[£€$]|a\$|au\$|nz\$|us\$|c\$|gbp|eur|usd|aud|nzd|cad|chf)`
	apostrophe = `['’‘` + "`´" + `]`
)

var (
	inBillions  = regexp.MustCompile(`(?i)billion|[£€$] ?bn?\b|\bbn\b|\(bn\)`)
	inMillions  = regexp.MustCompile(`(?i)million|[£€$] ?m\b|\(m\)|\bm[£€$]|\bmn\b|\bmio\b|\b(?:gbp|eur|usd|aud|nzd|cad|chf) ?m\b`)
	inThousands = regexp.MustCompile(`(?i)thousand|[£€$] ?k\b|` + apostrophe + `000|\b000` + apostrophe + `?s?\b|\(k\)|\bk[£€$]|\b(?:gbp|eur|usd|aud|nzd|cad|chf) ?k\b|\bt[€£]|\bteur\b`)
	ownAmount   = regexp.MustCompile(`\d{1,3}[, ]000`) // "above £5,000"
	// A row that only says in what the columns above count or are written.
	unitCell  = regexp.MustCompile(`(?i)^[(\[]?(?:` + currencies + ` ?)?(?:m|k|bn|mn|millions?|thousands?|billions?|` + apostrophe + `?000` + apostrophe + `?s?|` + currencies + `|%|days?|months?|years?|hours?|text|number|d{1,2}[/. -]m{2,4}[/. -](?:yy){1,2}|yyyy-mm-dd|mmm[ -](?:yy){1,2}|y/n|yes/no)[)\]]?$`)
	unitAtEnd = regexp.MustCompile(`(?i)[\s,:–-]+(?:in )?(?:` + currencies + `|(?:` + currencies + ` ?)?(?:m|k|bn|mn|millions?|thousands?|billions?|` + apostrophe + `?000` + apostrophe + `?s?))$`)
	// A sentence above the table that says in what its amounts count.
	unitSentence = regexp.MustCompile(`(?i)(?:^|\b(?:in|as|are)\b|[:(])\s*(` + currencies + `\s?(?:m|k|bn|mn)|` + currencies + `?\s?(?:millions?|thousands?|billions?|` + apostrophe + `?000` + apostrophe + `?s?))\b(?:[\s).,;]|$)`)
	// A sentence above the table that says since when its facts hold.
	dateSentence = regexp.MustCompile(`(?i)\b(?:as at|as of|position at|data at|correct at)[\s:]+(.{6,30}?)(?:[).;]|$)`)
)

func isUnit(s string) bool { return unitCell.MatchString(strings.TrimSpace(s)) }

var namedCurrency = regexp.MustCompile(`(?i)(?:a|au|nz|us|c)\$|[£€]|\b(gbp|eur|usd|aud|nzd|cad|chf|sgd|inr|zar|sek|nok|dkk|pln)(?:m|k|bn)?\b`)

// currencyIn finds the currency that a header names: "Budget (£m)", "AUD millions".
func currencyIn(header string) string {
	m := namedCurrency.FindStringSubmatch(header)
	if m == nil {
		return ""
	}
	return currency(cmp.Or(m[1], m[0])).Text
}

// unitOf is what a header says its amounts count in; one if it says nothing.
func unitOf(header string) reading.Unit {
	switch h := ownAmount.ReplaceAllString(header, ""); {
	case inBillions.MatchString(h):
		return reading.Billions
	case inMillions.MatchString(h):
		return reading.Millions
	case inThousands.MatchString(h):
		return reading.Thousands
	}
	return reading.Ones
}

// unitAbove is what the sentences above a table say its amounts count in, and which
// of them says it. Two that disagree say nothing.
func unitAbove(rows [][]string) (unit reading.Unit, says string) {
	for _, row := range rows {
		for _, cell := range row {
			m := unitSentence.FindStringSubmatch(cell)
			if m == nil || len(cell) > longestHeader {
				continue
			}
			switch u := unitOf(m[1]); {
			case u == reading.Ones:
			case unit != 0 && u != unit:
				return 0, ""
			default:
				unit, says = u, cell
			}
		}
	}
	return unit, says
}

// dateAbove is the sentence above a table that says since when its facts hold.
func dateAbove(rows [][]string) string {
	for _, row := range rows {
		for _, cell := range row {
			if m := dateSentence.FindStringSubmatch(cell); m != nil && len(cell) <= longestHeader {
				if _, err := reading.Date(m[1], reading.DayFirst, true); err == nil {
					return m[0]
				}
			}
		}
	}
	return ""
}
