package framework

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// ChangeKind says what happened to a part.
type ChangeKind string

// The kinds of changes.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
)

// Change is one difference between two frameworks, as a sentence.
type Change struct {
	Kind     ChangeKind
	Part     string // role, competency, option, kind, counter, area, rule, scale, scheme
	ID, Name string
	Says     string // PMO analyst now asks for 3 × gate facilitated instead of 2.
	From, To string // of texts: what they were and are; otherwise empty
}

// statement is one thing that a part says: of the same key there is one before and
// one after, and what differs in it is told.
type statement struct {
	key, words string
	verb       string   // asks for, takes, leaves behind
	amounts    []amount // the numbers in the words
	rest       string   // the words without the numbers
	what       string   // of what the amounts are
	text       string   // instead of all this: the name of a text, told as it was and is
}

// part is a piece of a framework that is compared by itself.
type part struct {
	kind, id, name string
	subject        string // of the sentences; otherwise the name
	says           []statement
}

func (p *part) key() string { return p.kind + " " + p.id }

// Diff lists what differs, in sentences: roles first, since they are what people
// read, then competencies, options and the rest. Examples are left out.
func Diff(before, after *Framework) (out []Change) {
	old, now := before.parts(), after.parts()
	for i := range now {
		p := &now[i]
		j := slices.IndexFunc(old, func(o part) bool { return o.key() == p.key() })
		if j < 0 {
			out = append(out, Change{Kind: Added, Part: p.kind, ID: p.id, Name: p.name, Says: fmt.Sprintf("The %s “%s” is new.", p.kind, p.name)})
			continue
		}
		out = append(out, compare(&old[j], p)...)
	}
	for i := range old {
		p := &old[i]
		if !slices.ContainsFunc(now, func(n part) bool { return n.key() == p.key() }) {
			out = append(out, Change{Kind: Removed, Part: p.kind, ID: p.id, Name: p.name, Says: fmt.Sprintf("The %s “%s” is no more.", p.kind, p.name)})
		}
	}
	slices.SortStableFunc(out, func(a, b Change) int { return slices.Index(partKinds, a.Part) - slices.Index(partKinds, b.Part) })
	return out
}

// compare tells the difference between two states of a part.
func compare(old, now *part) (out []Change) {
	subject := now.subject
	if subject == "" {
		subject = now.name
	}
	say := func(from, to, format string, args ...any) {
		out = append(out, Change{Changed, now.kind, now.id, now.name, subject + " " + fmt.Sprintf(format, args...) + ".", from, to})
	}
	left := slices.Clone(old.says)
	var fresh []statement
	for _, s := range now.says {
		i := slices.IndexFunc(left, func(o statement) bool { return o.key == s.key })
		if i < 0 {
			fresh = append(fresh, s)
			continue
		}
		was := left[i]
		left = slices.Delete(left, i, i+1)
		switch {
		case was.words == s.words:
		case s.text != "":
			say(was.words, s.words, "has another text: %s", s.text)
		case len(s.amounts) > 0 && was.rest == s.rest && sameUnits(was.amounts, s.amounts):
			for k, a := range s.amounts {
				if b := was.amounts[k]; a.n != b.n {
					say("", "", "now %s %s instead of %d", s.verb, a.of(s.what), b.n)
				}
			}
		default:
			say("", "", "now %s %s instead of %s", s.verb, s.words, was.words)
		}
	}
	for _, s := range left {
		if s.text == "" {
			say("", "", "no longer %s %s", s.verb, s.words)
		} else if s.words != "" {
			say(s.words, "", "has lost a text: %s", s.text)
		}
	}
	for _, s := range fresh {
		if s.text == "" {
			say("", "", "now also %s %s", s.verb, s.words)
		} else if s.words != "" {
			say("", s.words, "has a new text: %s", s.text)
		}
	}
	return out
}

func (a amount) of(what string) string {
	switch {
	case what == "":
		return a.String()
	case a.many == "pieces of work":
		return fmt.Sprintf("%d × %s", a.n, what)
	}
	return fmt.Sprintf("%s %s", what, a.String())
}

func sameUnits(a, b []amount) bool {
	return slices.EqualFunc(a, b, func(x, y amount) bool { return x.one == y.one && x.with == y.with })
}

// signature is a rule without its numbers, so that one is found again whose number
// was changed.
func signature(x Expr) string {
	switch {
	case x.Experience != nil:
		return signature(*x.Experience)
	case len(x.AllOf)+len(x.AnyOf) > 0:
		var out []string
		for _, y := range append(slices.Clone(x.AllOf), x.AnyOf...) {
			out = append(out, signature(y))
		}
		return "(" + strings.Join(out, "|") + ")"
	case x.Counter != "":
		return "counter " + x.Counter
	case len(x.Kinds) > 0:
		return "kinds " + strings.Join(x.Kinds, "+")
	case x.Knowledge > 0 && x.Application == 0:
		return "knowledge " + x.Competency
	}
	return "competency " + x.Competency
}

// asks is a rule as a statement, with its numbers if it is one clause or counter.
func (f *Framework) asks(x Expr, d Defaults) statement {
	s := statement{key: signature(x), words: f.Words(x, d), verb: "asks for"}
	inner := x
	if x.Experience != nil {
		inner = *x.Experience
	}
	switch {
	case inner.Counter != "":
		s.amounts, s.rest, s.what = []amount{{inner.AtLeast, "", "", ""}}, inner.Counter, ""
		s.amounts[0].one, s.amounts[0].many = lowerFirst(f.counterName(inner.Counter)), lowerFirst(f.counterName(inner.Counter))
	case len(inner.Kinds) > 0:
		s.amounts, s.rest, s.what = amounts(inner), f.conditions(inner, d), f.kindWords(inner.Kinds)
	case len(inner.AllOf)+len(inner.AnyOf) == 0:
		s.words = f.levelWords(inner)
	}
	return s
}

// all lists the statements of a rule: those of its parts if all of them have to hold.
func (f *Framework) all(x Expr, d Defaults) (out []statement) {
	if len(x.AllOf) == 0 {
		return []statement{f.asks(x, d)}
	}
	for _, y := range x.AllOf {
		out = append(out, f.asks(y, d))
	}
	return out
}

func text(what, words string) statement {
	return statement{key: "text " + what, text: what, words: words}
}

func number(key, verb string, n int, one, many string) statement {
	s := statement{key: key, verb: verb, amounts: []amount{{n, one, many, ""}}}
	s.words = s.amounts[0].String()
	return s
}

// plainly is anything else, told as it is written.
func plainly(key string, v any) statement {
	words := fmt.Sprintf("%+v", v)
	if reflect.ValueOf(v).Kind() == reflect.Slice {
		words = strings.Trim(words, "[]")
	}
	return statement{key: key, verb: "says " + key + ":", words: words}
}
