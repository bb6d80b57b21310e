package cpd

import (
	"cmp"
	"slices"

	"cairn/internal/kit/clock"
)

// Series is a scheme over the years: what it asks from which day on. A period keeps
// what held when it began, so that a new edition alters no total of the past.
type Series struct {
	ID       string
	Owner    string    // the person whose own it is; empty: it is the office's, for everybody
	Ended    clock.Day // no period begins after it; empty if it goes on
	Version  int64     // 0 as long as it is as it came with Cairn
	Editions []Scheme  // oldest first
}

// At is what a scheme asks of a period that begins on a day: its first edition for what
// is older than that.
func (s Series) At(day clock.Day) Scheme {
	at := s.Editions[0]
	for _, e := range s.Editions {
		if e.Edition <= day {
			at = e
		}
	}
	return at
}

// Latest is the newest edition, which may lie ahead.
func (s Series) Latest() Scheme { return s.Editions[len(s.Editions)-1] }

// Shipped reports whether it came with Cairn.
func (s Series) Shipped() bool {
	return slices.ContainsFunc(Schemes(), func(x Scheme) bool { return x.ID == s.ID })
}

// Open reports whether a period can begin on a day.
func (s Series) Open(day clock.Day) bool { return s.Ended == "" || day <= s.Ended }

// Catalogue is the schemes that a person may keep a log for, with those periods in
// which they do.
type Catalogue struct {
	Series       []Series // of the office first, by name
	MayConfigure bool     // whether the reader may change the office's
	cycles       []Cycle
}

// Find finds a scheme.
func (c Catalogue) Find(id string) (Series, bool) {
	for _, s := range c.Series {
		if s.ID == id {
			return s, true
		}
	}
	return Series{}, false
}

// On is what a scheme asks on a day: in the person's own period if one runs then,
// otherwise by the edition of that day.
func (c Catalogue) On(id string, day clock.Day) (Scheme, bool) {
	for _, p := range c.cycles {
		if p.Scheme.ID == id && p.From <= day && day <= p.To {
			return p.Scheme, true
		}
	}
	if s, ok := c.Find(id); ok {
		return s.At(day), true
	}
	return Scheme{}, false
}

// Kept are the schemes that a person keeps on a day, and those that are named besides.
func (c Catalogue) Kept(day clock.Day, named map[string]string) (out []Scheme) {
	ids := map[string]bool{}
	for id := range named {
		ids[id] = true
	}
	for _, p := range c.cycles {
		ids[p.Scheme.ID] = true
	}
	for id := range ids {
		if s, ok := c.On(id, day); ok {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b Scheme) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return out
}

// sorted puts the office's before one's own, by name.
func sorted(list []Series) []Series {
	slices.SortFunc(list, func(a, b Series) int {
		return cmp.Or(cmp.Compare(min(1, len(a.Owner)), min(1, len(b.Owner))), cmp.Compare(a.Latest().Name, b.Latest().Name), cmp.Compare(a.ID, b.ID))
	})
	return list
}

// merged lays what was changed here over what came with Cairn.
func merged(changed []Series) []Series {
	out := changed
	for _, s := range Schemes() {
		i := slices.IndexFunc(out, func(x Series) bool { return x.ID == s.ID })
		if i < 0 {
			out = append(out, Series{ID: s.ID, Editions: []Scheme{s}})
			continue
		}
		out[i].Editions = append([]Scheme{s}, out[i].Editions...)
	}
	return sorted(out)
}
