// Package coverage says how many people of a team stand where, so that nobody can tell
// of fewer than five where they stand. It is pure: it knows numbers and no people.
//
// What is shown of a competency is a partition of its levels into bands. Within one
// showing every band, and all that is not in it, holds at least Least people. Across
// showings any two numbers "at this level or above", and any two numbers "below it",
// are equal or at least Least apart, whatever their levels: whoever subtracts one
// showing from another learns of no group below Least, be it who joined, who left,
// who moved, or who stands between two cuts. What cannot be shown so is not shown.
package coverage

import "slices"

// Least is the smallest group of which anything is told.
const Least = 5

// Levels is how many levels there are, the lowest of which is 0.
const Levels = 5

// Band is a run of levels with how many stand on one of them.
type Band struct {
	From, To int // both count
	People   int
}

// Row is what is shown of one competency at one time.
type Row struct {
	People int // of all bands
	Bands  []Band
}

// Counts is how many stand on each level.
type Counts [Levels]int

func (c Counts) people() (n int) {
	for _, k := range c {
		n += k
	}
	return n
}

// bands cuts the levels below each of the levels given.
func (c Counts) bands(cuts []int) (out []Band) {
	from := 0
	for _, cut := range append(slices.Clone(cuts), Levels) {
		b := Band{From: from, To: cut - 1}
		for l := from; l < cut; l++ {
			b.People += c[l]
		}
		out = append(out, b)
		from = cut
	}
	return out
}

// Show gives the finest row that can be shown after all that was shown before; ok is
// false if there is none.
func Show(c Counts, before []Row) (row Row, ok bool) {
	for _, cuts := range finest {
		r := Row{People: c.people(), Bands: c.bands(cuts)}
		if r.safe() && !slices.ContainsFunc(before, func(old Row) bool { return tells(old, r) }) {
			return r, true
		}
	}
	return Row{}, false
}

// finest are the ways to cut the levels, those into most bands first.
var finest = func() (out [][]int) {
	for set := 1; set < 1<<(Levels-1); set++ {
		var cuts []int
		for l := 1; l < Levels; l++ {
			if set&(1<<(l-1)) != 0 {
				cuts = append(cuts, l)
			}
		}
		out = append(out, cuts)
	}
	slices.SortStableFunc(out, func(a, b []int) int { return len(b) - len(a) })
	return out
}()

// safe reports whether every band, and all that is not in it, holds enough people.
func (r Row) safe() bool {
	for _, b := range r.Bands {
		if b.People < Least || r.People-b.People < Least {
			return false
		}
	}
	return len(r.Bands) > 1
}

// tells reports whether two rows, set beside each other, tell of a group below Least.
func tells(a, b Row) bool {
	upA, downA := a.numbers()
	upB, downB := b.numbers()
	return near(upA, upB) || near(downA, downB)
}

// numbers are all that a row tells: how many stand at the beginning of a band or
// above it, and how many below.
func (r Row) numbers() (up, down []int) {
	below := 0
	for _, b := range r.Bands {
		up, down = append(up, r.People-below), append(down, below)
		below += b.People
	}
	return up, append(down, below)
}

// near reports whether a number of one list is close to one of the other, and not
// the same.
func near(a, b []int) bool {
	for _, x := range a {
		for _, y := range b {
			if d := max(x-y, y-x); d > 0 && d < Least {
				return true
			}
		}
	}
	return false
}
