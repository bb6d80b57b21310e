package identity

import (
	"context"
	"sync"
	"time"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// UsualRate is how many requests a token may make in a minute.
const UsualRate = 1200

// rateWindow is what the rate is counted over; a block of the window's requests
// is taken from the database at a time, so that counting costs one write in
// twenty requests and several processes share one count.
const (
	rateWindow = time.Minute
	rateBlock  = 20
)

// shares are the parts of the tokens' counts that this process has taken and not
// yet used. Losing them costs their callers at most a block.
type shares struct {
	mu   sync.Mutex
	most int // a minute; 0 is without limit
	of   map[string]share
}

type share struct {
	left int
	ends time.Time // of the window
}

// mostShares bounds the memory of many tokens.
const mostShares = 10_000

// LimitRate sets how many requests a token may make in a minute; 0 is no limit.
func (s *Service) LimitRate(most int) { s.shares.most = most }

// take uses up one request of what was taken before.
func (s *shares) take(token string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	one, ok := s.of[token]
	if !ok || one.left == 0 || !now.Before(one.ends) {
		return false
	}
	one.left--
	s.of[token] = one
	return true
}

func (s *shares) put(token string, one share) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.of) >= mostShares {
		clear(s.of)
	}
	s.of[token] = one
}

// used counts a request of a token, and notes the time if that is due.
func (s *Service) used(ctx context.Context, token string, note bool) error {
	now := s.unit.Clock.Now()
	unlimited := s.shares.most == 0
	if !note && (unlimited || s.shares.take(token, now)) {
		return nil
	}
	var got share
	err := s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) (err error) {
		if note {
			if _, err := k.ExecContext(ctx, `INSERT INTO api_token_use (token_id, used_at) VALUES ($1, $2)
				ON CONFLICT (token_id) DO UPDATE SET used_at = excluded.used_at`, token, sqldb.Micros(k.Now)); err != nil {
				return err
			}
		}
		if !unlimited {
			got, err = takeBlock(ctx, k, bucketOf("token", token), s.shares.most)
		}
		return err
	})
	if err != nil || unlimited {
		return err
	}
	if got.left == 0 {
		e := errs.New(errs.TooMany, "This token made more than %d requests within a minute.", s.shares.most)
		e.Wait = got.ends.Sub(now)
		return e
	}
	got.left--
	s.shares.put(token, got)
	return nil
}

// takeBlock takes the next block of requests out of a window, or begins a new one.
func takeBlock(ctx context.Context, k *work.Keeping, bucket []byte, most int) (share, error) {
	now, from := sqldb.Micros(k.Now), sqldb.Micros(k.Now.Add(-rateWindow))
	block := min(rateBlock, most)
	var began int64
	var tries int
	err := k.QueryRowContext(ctx, `SELECT began_at, tries FROM rate_limit WHERE bucket = $1`, bucket).Scan(&began, &tries)
	switch {
	case isNoRow(err), err == nil && began <= from:
		began, tries = now, 0
		_, err = k.ExecContext(ctx, `INSERT INTO rate_limit (bucket, began_at, tries) VALUES ($1, $2, $3)
			ON CONFLICT (bucket) DO UPDATE SET began_at = excluded.began_at, tries = excluded.tries`, bucket, now, block)
	case err == nil && tries < most:
		_, err = k.ExecContext(ctx, `UPDATE rate_limit SET tries = tries + $1 WHERE bucket = $2`, block, bucket)
	}
	return share{left: max(0, min(block, most-tries)), ends: sqldb.Time(began).Add(rateWindow)}, err
}
