package portfolio

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"cairn/internal/kit/errs"
)

// The bounds of a filter's text: length in characters, conditions, groups within groups.
const maxFilter, maxConditions, maxDepth = 4000, 50, 12

// token is a word, a quoted text or a sign of a filter's text.
type token struct {
	text   string
	quoted bool
	at     int // first character, counted from 1
}

func (t token) is(word string) bool { return !t.quoted && strings.EqualFold(t.text, word) }

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || strings.ContainsRune("_.-", r)
}

// tokens cuts a text up. The error names the place.
func tokens(s string) ([]token, error) {
	if utf8.RuneCountInString(s) > maxFilter {
		return nil, errs.OnField("where", "The filter is longer than %d characters.", maxFilter)
	}
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return nil, errs.OnField("where", "The filter contains bytes that are no text. Please type it again.")
	}
	in := []rune(s)
	var out []token
	for i := 0; i < len(in); {
		r, from := in[i], i
		switch {
		case unicode.IsSpace(r):
			i++
		case r == '"':
			text, end := quotedAt(in, i)
			if end < 0 {
				return nil, errs.OnField("where", "At character %d a quotation begins that does not end.", from+1)
			}
			out, i = append(out, token{text, true, from + 1}), end
		case strings.ContainsRune("<>", r) && i+1 < len(in) && in[i+1] == '=':
			out, i = append(out, token{string(in[i : i+2]), false, from + 1}), i+2
		case strings.ContainsRune("(),<>=", r):
			out, i = append(out, token{string(r), false, from + 1}), i+1
		case inWord(r):
			for i < len(in) && inWord(in[i]) {
				i++
			}
			out = append(out, token{string(in[from:i]), false, from + 1})
		default:
			return nil, errs.OnField("where", "At character %d stands “%c”, which means nothing here. Put texts in quotation marks.", from+1, r)
		}
	}
	return out, nil
}

// quotedAt reads a quoted text from its opening mark; end is -1 if it does not end.
func quotedAt(in []rune, i int) (text string, end int) {
	var b strings.Builder
	for i++; i < len(in); i++ {
		switch {
		case in[i] == '"':
			return b.String(), i + 1
		case in[i] == '\\' && i+1 < len(in):
			i++
			b.WriteRune(in[i])
		default:
			b.WriteRune(in[i])
		}
	}
	return "", -1
}

// parser reads tokens from left to right; "and" binds closer than "or".
type parser struct {
	list   []token
	next   int
	fields Askables
	conds  int
}

// Parse reads the text of a filter over the given fields.
func (l Askables) Parse(s string) (Expr, error) {
	list, err := tokens(s)
	if err != nil || len(list) == 0 {
		return Expr{}, err
	}
	p := &parser{list: list, fields: l}
	e, err := p.group(Any, 0)
	if err == nil && p.next < len(p.list) {
		err = p.wrong("Here “and” or “or” is missing.")
	}
	if err != nil {
		return Expr{}, err
	}
	return e, nil
}

// wrong is an error at the next token.
func (p *parser) wrong(format string, args ...any) error {
	if p.next >= len(p.list) {
		return errs.OnField("where", "At the end: "+format, args...)
	}
	t := p.list[p.next]
	return errs.OnField("where", "At character %d, “%s”: "+format, append([]any{t.at, t.text}, args...)...)
}

func (p *parser) take(word string) bool {
	if p.next < len(p.list) && p.list[p.next].is(word) {
		p.next++
		return true
	}
	return false
}

// group reads parts that are joined: alternatives of sequences of factors.
func (p *parser) group(join Join, depth int) (Expr, error) {
	var parts []Expr
	for {
		e, err := p.part(join, depth)
		if err != nil {
			return Expr{}, err
		}
		parts = append(parts, e)
		if !p.take(string(join)) {
			return Group(join, parts...), nil
		}
	}
}

func (p *parser) part(join Join, depth int) (Expr, error) {
	if join == Any {
		return p.group(All, depth)
	}
	if !p.take("(") {
		return p.cond()
	}
	if depth >= maxDepth {
		return Expr{}, p.wrong("There are more than %d groups within groups.", maxDepth)
	}
	e, err := p.group(Any, depth+1)
	if err == nil && !p.take(")") {
		err = p.wrong("A closing bracket is missing.")
	}
	return e, err
}

func (p *parser) cond() (Expr, error) {
	if p.conds++; p.conds > maxConditions {
		return Expr{}, p.wrong("A filter has at most %d conditions.", maxConditions)
	}
	if p.next >= len(p.list) {
		return Expr{}, p.wrong("A field is missing.")
	}
	name := strings.ToLower(p.list[p.next].text)
	field, ok := p.fields.find(name)
	if !ok || p.list[p.next].quoted {
		return Expr{}, p.wrong("There is no field of this name.")
	}
	p.next++
	op, ok := p.operator(field)
	if !ok {
		return Expr{}, p.wrong("After %s comes one of: %s.", field.Name, opList(field))
	}
	at := p.next
	c, wrong := field.checked(op, p.values(op))
	if wrong != "" {
		p.next = min(at, len(p.list))
		return Expr{}, p.wrong("%s", wrong)
	}
	return Expr{Cond: c}, nil
}

func opList(a Askable) string {
	out := make([]string, len(a.Ops()))
	for i, o := range a.Ops() {
		out[i] = string(o)
	}
	return strings.Join(out, ", ")
}

// operator takes the longest operator that fits.
func (p *parser) operator(a Askable) (Op, bool) {
	ops := append([]Op(nil), a.Ops()...)
	sort.SliceStable(ops, func(i, j int) bool { return strings.Count(string(ops[i]), " ") > strings.Count(string(ops[j]), " ") })
	for _, op := range ops {
		words := strings.Fields(string(op))
		if p.next+len(words) > len(p.list) {
			continue
		}
		fits := true
		for i, w := range words {
			fits = fits && p.list[p.next+i].is(w)
		}
		if fits {
			p.next += len(words)
			return op, true
		}
	}
	return "", false
}

// values takes what stands after an operator; how many there must be, and what
// they may be, is the field's to say.
func (p *parser) values(op Op) (out []string) {
	for {
		if _, most := places(op); len(out) >= most || p.next >= len(p.list) {
			return out
		}
		t := p.list[p.next]
		if !t.quoted && (strings.ContainsAny(t.text, "(),<>=") || t.is("and") || t.is("or")) {
			return out
		}
		p.next++
		out = append(out, t.text)
		switch {
		case op == InNext || op == InLast:
			_ = p.take("days") || p.take("day")
			return out
		case op == Between && len(out) == 1:
			if !p.take("and") {
				return out
			}
		case op == AnyOf:
			if !p.take(",") {
				return out
			}
		default:
			return out
		}
	}
}
