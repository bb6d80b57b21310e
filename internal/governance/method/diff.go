package method

import "slices"

// ChangeKind says what happened to a part.
type ChangeKind string

// The kinds of changes.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
)

// Change is one difference between two methods, in words.
type Change struct {
	Kind     ChangeKind
	Part     string // control, gate, criterion, role, phase, document, question, answer, authority, ...
	ID       string // of the part
	Of       string // id of the gate of a criterion, or of the question of an answer
	Name     string // of the newer one
	What     string // Changed: which of its statements, in words: "minutes, M"
	From, To string // Changed: as the files say it; "" when it was not, or is not any more, stated
}

// Diff lists what differs, part by part in the order of a file; added and removed
// parts once, without everything inside them. Schema, version and examples are left
// out: they are different, or serve to check, without anything being asked anew.
func Diff(before, after *Method) []Change {
	old, now := before.parts(), after.parts()
	byKey := func(list []part) map[string]*part {
		out := map[string]*part{}
		for i := range list {
			out[list[i].key()] = &list[i]
		}
		return out
	}
	was, is := byKey(old), byKey(now)
	var out []Change
	for i := range old {
		p := &old[i]
		other, stays := is[p.key()]
		switch {
		case stays:
			out = append(out, p.changes(other)...)
		case p.within == "" || is[p.within] != nil:
			out = append(out, Change{Kind: Removed, Part: p.kind, ID: p.id, Of: p.of, Name: p.name})
		}
	}
	for i := range now {
		p := &now[i]
		if was[p.key()] == nil && (p.within == "" || was[p.within] != nil) {
			out = append(out, Change{Kind: Added, Part: p.kind, ID: p.id, Of: p.of, Name: p.name})
		}
	}
	slices.SortStableFunc(out, func(a, b Change) int { return slices.Index(partKinds, a.Part) - slices.Index(partKinds, b.Part) })
	return out
}

// changes lists the statements in which two versions of a part differ.
func (p *part) changes(other *part) []Change {
	var out []Change
	add := func(what, from, to string) {
		if from != to {
			out = append(out, Change{Changed, p.kind, p.id, p.of, other.name, what, from, to})
		}
	}
	for _, what := range append(slices.Clone(p.order), other.order...) {
		if len(out) > 0 && slices.ContainsFunc(out, func(c Change) bool { return c.What == what }) {
			continue
		}
		add(what, p.says[what], other.says[what])
	}
	return allTiers(out)
}

// allTiers puts the same change of all four tiers into one.
func allTiers(changes []Change) []Change {
	var out []Change
	for i := 0; i < len(changes); i++ {
		c := changes[i]
		if what, ok := cutTier(c.What, S); ok && i+3 < len(changes) {
			same := true
			for j, t := range []Tier{M, L, XL} {
				next := changes[i+1+j]
				w, ok := cutTier(next.What, t)
				same = same && ok && w == what && next.From == c.From && next.To == c.To
			}
			if same {
				c.What = what
				i += 3
			}
		}
		out = append(out, c)
	}
	return out
}
