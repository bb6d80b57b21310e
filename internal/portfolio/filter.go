package portfolio

import (
	"slices"
	"strings"

	"cairn/internal/kit/fold"
)

// Join is how the parts of a group go together.
type Join string

// The joins: all of the parts, or any of them.
const (
	All Join = "and"
	Any Join = "or"
)

// Expr is a filter: a group of parts, or one condition. The zero Expr is no filter.
type Expr struct {
	Join  Join // of a group; empty for a condition
	Parts []Expr
	Cond  Cond
}

// Cond compares one fact of the register. The values have the form that the
// text of a filter has: dates in ISO form, amounts in decimals, names as typed.
type Cond struct {
	Field  string
	Op     Op
	Values []string
}

// None reports whether there is no filter.
func (e Expr) None() bool { return e.Join == "" && e.Cond.Field == "" }

// Group joins filters. Groups of one part, and groups within groups of the same
// join, are no groups of their own: each filter has one shape.
func Group(join Join, parts ...Expr) Expr {
	var flat []Expr
	for _, p := range parts {
		switch {
		case p.None():
		case p.Join == join:
			flat = append(flat, p.Parts...)
		default:
			flat = append(flat, p)
		}
	}
	switch len(flat) {
	case 0:
		return Expr{}
	case 1:
		return flat[0]
	}
	return Expr{Join: join, Parts: flat}
}

// String is the filter as it stands in an address. Reading it again gives the
// same filter.
func (e Expr) String() string {
	if e.Join == "" {
		return e.Cond.String()
	}
	out := make([]string, len(e.Parts))
	for i, p := range e.Parts {
		out[i] = p.String()
		if p.Join != "" {
			out[i] = "(" + out[i] + ")"
		}
	}
	return strings.Join(out, " "+string(e.Join)+" ")
}

// String is the condition as it stands in an address.
func (c Cond) String() string {
	if c.Field == "" {
		return ""
	}
	values := make([]string, len(c.Values))
	for i, v := range c.Values {
		values[i] = printed(v)
	}
	s := c.Field + " " + string(c.Op)
	switch {
	case len(values) == 0:
		return s
	case c.Op == Between:
		return s + " " + strings.Join(values, " and ")
	case c.Op == InNext || c.Op == InLast:
		return s + " " + values[0] + " days"
	}
	return s + " " + strings.Join(values, ", ")
}

// printed quotes what would not be read back as one word.
func printed(v string) string {
	if v != "" && !slices.Contains(keywords, strings.ToLower(v)) && strings.IndexFunc(v, func(r rune) bool { return !inWord(r) }) < 0 {
		return v
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(v) + `"`
}

// keywords mean something where a value could stand, and are quoted as values.
var keywords = []string{"and", "or", "is", "not", "empty", "any", "of", "in", "the", "next", "last", "days", "day", "under"}

// conditions lists the conditions of a filter, in order.
func (e Expr) conditions() []Cond {
	if e.Join == "" {
		if e.None() {
			return nil
		}
		return []Cond{e.Cond}
	}
	var out []Cond
	for _, p := range e.Parts {
		out = append(out, p.conditions()...)
	}
	return out
}

// Size is how many conditions a filter has.
func (e Expr) Size() int { return len(e.conditions()) }

// isMe reports whether the value of a person means the reader.
func isMe(v string) bool { return fold.Key(v) == "me" }
