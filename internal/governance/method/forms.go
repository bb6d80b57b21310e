package method

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

func (p *PerTier[T]) decode(d *decoder, n *yaml.Node, path string) {
	if isNull(n) {
		return
	}
	if n.Kind == yaml.MappingNode && isByTier(n) {
		d.pairs(n, path, func(key, value *yaml.Node, at string) {
			tier, err := ParseTier(key.Value)
			if err != nil || tier == NoTier {
				d.add(key, at, "%q is not a tier; use S, M, L or XL", key.Value)
				return
			}
			var v T
			d.value(value, reflect.ValueOf(&v).Elem(), at)
			p.set(tier, v)
		})
		return
	}
	var v T
	d.value(n, reflect.ValueOf(&v).Elem(), path)
	*p = PerTier[T]{v, v, v, v}
}

// isByTier tells {S: .., M: ..} from a value that is itself a mapping, {folded: g3}.
func isByTier(n *yaml.Node) bool {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == string(FoldedIn) {
			return false
		}
	}
	return true
}

func (t *Tier) decode(d *decoder, n *yaml.Node, path string) {
	read, err := ParseTier(n.Value)
	if err != nil || n.Kind != yaml.ScalarNode || read == NoTier {
		d.add(n, path, "%q is not a tier; use S, M, L or XL", n.Value)
		return
	}
	*t = read
}

func (e *Expr) decode(d *decoder, n *yaml.Node, path string) {
	if !isNull(n) {
		d.scalar(n, reflect.ValueOf(&e.Text).Elem(), path)
	}
}

func (f *Form) decode(d *decoder, n *yaml.Node, path string) {
	switch {
	case n.Kind == yaml.MappingNode && len(n.Content) == 2 && n.Content[0].Value == string(FoldedIn) && n.Content[1].Kind == yaml.ScalarNode:
		*f = Form{FoldedIn, n.Content[1].Value}
	case n.Kind == yaml.ScalarNode && slices.Contains([]FormKind{ByReview, ByNote, NotHeld}, FormKind(n.Value)):
		*f = Form{Kind: FormKind(n.Value)}
	default:
		d.add(n, path, "a gate is held as review, note or none, or as {folded: <gate>}")
	}
}

func (p *Passage) decode(d *decoder, n *yaml.Node, path string) {
	switch {
	case isNull(n):
	case n.Kind == yaml.ScalarNode:
		d.scalar(n, reflect.ValueOf(&p.Words).Elem(), path)
	default:
		d.structure(n, reflect.ValueOf(p).Elem(), path)
	}
}

func (s *Share) decode(d *decoder, n *yaml.Node, path string) {
	if isNull(n) {
		return
	}
	if _, err := fmt.Sscanf(n.Value, "%d/%d", &s.Of, &s.In); err != nil || s.Of < 1 || s.In < s.Of || s.String() != n.Value {
		d.add(n, path, `a share is written as "1/2" or "2/3"`)
		*s = Share{}
	}
}

// String gives the share as 2/3, and nothing for none.
func (s Share) String() string {
	if s.In == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.Of, s.In)
}

// of gives the share of a number, rounded up.
func (s Share) of(n int) int {
	if s.In == 0 {
		return 0
	}
	return (n*s.Of + s.In - 1) / s.In
}

func (r *Range) decode(d *decoder, n *yaml.Node, path string) {
	var both []int
	if isNull(n) {
		return
	}
	before := len(d.problems)
	d.list(n, reflect.ValueOf(&both).Elem(), path)
	switch {
	case len(d.problems) > before:
	case len(both) != 2 || both[0] > both[1]:
		d.add(n, path, "a range is written as [from, to]")
	default:
		*r = Range{both[0], both[1]}
	}
}

// String gives the range as 6 to 9.
func (r Range) String() string { return fmt.Sprintf("%d to %d", r.From, r.To) }

func (w *Words) decode(d *decoder, n *yaml.Node, path string) {
	switch {
	case isNull(n):
	case n.Kind == yaml.ScalarNode:
		*w = Words{n.Value}
	default:
		d.list(n, reflect.ValueOf((*[]string)(w)).Elem(), path)
	}
}

// maybe proposes the known word that is nearest to an unknown one.
func maybe(word string, known []string) string {
	best, least := "", 1+len(word)/3
	for _, k := range known {
		if n := distance(word, k); n <= least && (best == "" || n < least) {
			best, least = k, n
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; perhaps %q is meant", best)
}

// distance counts the letters to change, add or take away.
func distance(a, b string) int {
	if len(a) > 60 || len(b) > 60 || strings.EqualFold(a, b) {
		return min(len(a), len(b)) / 60 * 60
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		left := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := left
			if a[i] != b[j] {
				cost++
			}
			left = row[j+1]
			row[j+1] = min(cost, row[j]+1, left+1)
		}
	}
	return row[len(b)]
}
