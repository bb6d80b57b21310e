package opposites

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// tally is how many colleagues gave each mark of each end. It is all that is ever
// kept of answers: who gave them, and which marks came from the same person, is not
// in it.
type tally map[string][Highest]int

// add counts one answer.
func (t tally) add(m Marks) {
	for end, n := range m {
		counts := t[end]
		counts[n-1]++
		t[end] = counts
	}
}

// spread gives what is shown of an end: nothing under five answers to it.
func (t tally) spread(end string) (s Spread, ok bool) {
	counts, n := t[end], 0
	for _, c := range counts {
		n += c
	}
	if n < Fewest {
		return s, false
	}
	return Spread{Low: nth(counts, 1), High: nth(counts, n-2), MidLow: nth(counts, (n-1)/2), MidHigh: nth(counts, n/2)}, true
}

// nth is the mark at a place among all, from the lowest, beginning with 0.
func nth(counts [Highest]int, place int) int {
	for i, c := range counts {
		if place < c {
			return i + Lowest
		}
		place -= c
	}
	return Highest
}

// box is what came in for one round.
type box struct {
	salt    string
	dealt   []string // sorted, so that their order says nothing
	answers int
	tally   tally
}

// mark is the hash under which a person has dealt with a round. Answering and
// declining leave the same.
func (b box) mark(round, person string) string {
	sum := sha256.Sum256([]byte(b.salt + " " + round + " " + person))
	return hex.EncodeToString(sum[:])
}

func (b box) hasDealt(round, person string) bool {
	return slices.Contains(b.dealt, b.mark(round, person))
}

func (b *box) deal(round, person string) {
	b.dealt = append(b.dealt, b.mark(round, person))
	slices.Sort(b.dealt)
}

// seal forgets who dealt with it, and what was said if too few answered.
func (b *box) seal() {
	b.salt, b.dealt = "", nil
	if b.answers < Fewest {
		b.answers, b.tally = 0, nil
	}
}

// show fills in what its owner may see of a box on a day: all is decided here.
func (r *Round) show(b box, today string) {
	switch {
	case r.AskedOn == "":
		r.State = Alone
	case !r.over(today):
		r.State, r.Answered = Asking, min(b.answers, Fewest)
	case b.answers < Fewest:
		r.State = Few
	default:
		r.State, r.Answered, r.Others = Shown, b.answers, map[string]Spread{}
		for _, e := range Ends() {
			if s, ok := b.tally.spread(e.ID); ok {
				r.Others[e.ID] = s
			}
		}
	}
}
