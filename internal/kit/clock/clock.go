// Package clock is where time and chance enter Cairn. Everything that needs the
// hour or a new id is handed a Source, so that tests and the demonstration
// organisation are repeatable.
package clock

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"io"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Source gives the time and fresh randomness. It is safe for concurrent use.
type Source struct {
	mu   sync.Mutex
	now  func() time.Time
	rand io.Reader
	last int64 // last milliseconds used in an id, so that ids of one source ascend
	seq  uint16
}

// System reads the machine's clock and random source.
func System() *Source { return Ahead(0) }

// Ahead is the machine's clock and random source, ahead by some time: for a
// demonstration in which weeks have passed.
func Ahead(by time.Duration) *Source {
	return &Source{now: func() time.Time { return time.Now().UTC().Add(by) }, rand: rand.Reader}
}

// Now is the present, in UTC, cut to microseconds: the precision that both databases keep.
func (s *Source) Now() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// NewID gives a UUIDv7 (RFC 9562) in text form: ids sort by the time of their making.
func (s *Source) NewID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ms := s.now().UnixMilli()
	if ms <= s.last {
		ms = s.last
		if s.seq++; s.seq >= 1<<12 {
			ms, s.seq = ms+1, 0
		}
	} else {
		s.seq = 0
	}
	s.last = ms
	var u uuid.UUID
	s.fill(u[8:])
	binary.BigEndian.PutUint64(u[:8], uint64(ms)<<16|0x7000|uint64(s.seq))
	u[8] = u[8]&0x3f | 0x80
	return u.String()
}

// NewAnonymousID gives a UUIDv4: it says nothing about when it was made.
func (s *Source) NewAnonymousID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var u uuid.UUID
	s.fill(u[:])
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	return u.String()
}

// NewSecret gives 32 random bytes, for tokens (shown once, stored hashed) and salts.
func (s *Source) NewSecret() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := make([]byte, 32)
	s.fill(b)
	return b
}

// NewToken is NewSecret as text that survives an address or a header.
func (s *Source) NewToken() string { return base64.RawURLEncoding.EncodeToString(s.NewSecret()) }

func (s *Source) fill(b []byte) {
	if _, err := io.ReadFull(s.rand, b); err != nil {
		panic("clock: no randomness: " + err.Error()) // the process must not go on without it
	}
}
