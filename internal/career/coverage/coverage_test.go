package coverage

import (
	"testing"

	"pgregory.net/rapid"
)

// person is somebody who is counted, or is not at the moment.
type person struct {
	level   int
	counted bool
}

func count(people []person) (c Counts) {
	for _, p := range people {
		if p.counted {
			c[p.level]++
		}
	}
	return c
}

// Whoever keeps all that was ever shown, and subtracts any of it from any other, is
// told of no group below five: not by a part, not by what is left of it, and not by
// what changed when people joined, left or moved between the months.
func TestNoGroupBelowFiveIsTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := make([]person, rapid.IntRange(0, 60).Draw(t, "people"))
		for i := range people {
			people[i] = person{rapid.IntRange(0, Levels-1).Draw(t, "level"), rapid.Bool().Draw(t, "counted")}
		}
		var shown []Row
		for range rapid.IntRange(1, 12).Draw(t, "months") {
			for range rapid.IntRange(0, 8).Draw(t, "changes") {
				if len(people) == 0 {
					break
				}
				p := &people[rapid.IntRange(0, len(people)-1).Draw(t, "who")]
				if rapid.Bool().Draw(t, "joins or leaves") {
					p.counted = !p.counted
				} else {
					p.level = rapid.IntRange(0, Levels-1).Draw(t, "to")
				}
			}
			c := count(people)
			row, ok := Show(c, shown)
			if !ok {
				continue
			}
			holds(t, row, c)
			for _, old := range shown {
				apart(t, old, row)
			}
			shown = append(shown, row)
		}
	})
}

// holds checks one showing on its own terms: it is true, whole, and each part of it
// and each union of parts is large enough, and so is what is left.
func holds(t *rapid.T, r Row, c Counts) {
	next := 0
	for _, b := range r.Bands {
		n := 0
		for l := b.From; l <= b.To; l++ {
			n += c[l]
		}
		if b.From != next || n != b.People {
			t.Fatalf("%v is not of %v", r, c)
		}
		next = b.To + 1
	}
	if next != Levels || r.People != c.people() {
		t.Fatalf("%v leaves something over of %v", r, c)
	}
	for set := 1; set < 1<<len(r.Bands)-1; set++ { // every union but none and all
		n := 0
		for i, b := range r.Bands {
			if set&(1<<i) != 0 {
				n += b.People
			}
		}
		if n < 5 || r.People-n < 5 {
			t.Fatalf("%v tells of %d and leaves %d", r, n, r.People-n)
		}
	}
}

// apart subtracts everything that one showing tells from everything that the other
// tells, at the same cut and across cuts.
func apart(t *rapid.T, a, b Row) {
	above := func(r Row, from int) (n int) {
		for _, x := range r.Bands[from:] {
			n += x.People
		}
		return n
	}
	for i := range a.Bands {
		for j := range b.Bands {
			up := above(a, i) - above(b, j)
			down := (a.People - above(a, i)) - (b.People - above(b, j))
			for _, d := range []int{up, down} {
				if d != 0 && d > -5 && d < 5 {
					t.Fatalf("%v beside %v tells of %d", a, b, d)
				}
			}
		}
	}
}

func TestSmallTeamsAreNotShown(t *testing.T) {
	for c, want := range map[Counts]int{
		{9}: 0, {5, 4}: 0, {5, 5}: 2, {4, 1, 5}: 2, {5, 3, 6}: 2, {5, 5, 5, 5, 5}: 5, {20}: 0, {17, 3}: 0, {16, 0, 4}: 0, {}: 0,
	} {
		row, ok := Show(c, nil)
		if ok != (want > 0) || len(row.Bands) != want {
			t.Errorf("%v is shown as %v", c, row)
		}
	}
	first, _ := Show(Counts{8, 8}, nil)
	if _, ok := Show(Counts{8, 9}, []Row{first}); ok {
		t.Error("one who joined can be subtracted")
	}
	if _, ok := Show(Counts{7, 9}, []Row{first}); ok {
		t.Error("one who moved can be told")
	}
	if _, ok := Show(Counts{8, 13}, []Row{first}); ok {
		t.Error("13 who are above now, of 16 who were there, leave three")
	}
	if _, ok := Show(Counts{8, 16}, []Row{first}); !ok {
		t.Error("eight who joined are not shown")
	}
}
