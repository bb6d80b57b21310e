package clock

import (
	"math/rand/v2"
	"sync"
	"time"
)

// Manual is a Source whose time moves only when it is told to, and whose chance
// comes from a seed: for tests and for the demonstration organisation.
type Manual struct {
	*Source
	mu sync.Mutex
	at time.Time
}

// NewManual starts a manual source at a time, with a seed.
func NewManual(at time.Time, seed uint64) *Manual {
	m := &Manual{at: at.UTC()}
	m.Source = &Source{now: m.read, rand: rand.NewChaCha8(seedBytes(seed))}
	return m
}

// Set moves the time to a moment. Ids still ascend when time is moved back.
func (m *Manual) Set(at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at = at.UTC()
}

// Advance moves the time on.
func (m *Manual) Advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at = m.at.Add(d)
}

func (m *Manual) read() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.at
}

func seedBytes(seed uint64) (b [32]byte) {
	for i := range 8 {
		b[i] = byte(seed >> (8 * i))
	}
	return b
}
