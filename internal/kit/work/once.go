package work

import (
	"context"
	"time"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
)

// OnceLife is how long the key of a request keeps it from being done again.
const OnceLife = 24 * time.Hour

type onceKey struct{}

// onceOnly is the key of a request that must not be done twice.
type onceOnly struct {
	person, key string
	request     []byte
	committed   bool
}

// Once marks a request: the first unit of work that changes anything within it
// commits its key too. A unit that finds the key committed by another is a
// Duplicate and changes nothing.
func Once(ctx context.Context, person, key string, request []byte) context.Context {
	return context.WithValue(ctx, onceKey{}, &onceOnly{person: person, key: key, request: request})
}

func (tx *Tx) once(ctx context.Context) error {
	o, ok := ctx.Value(onceKey{}).(*onceOnly)
	if !ok || o.committed {
		return nil
	}
	res, err := tx.db.ExecContext(ctx, `INSERT INTO api_once (person_id, request_key, request, made_at, status, media_type, etag, body)
		VALUES ($1, $2, $3, $4, 0, '', '', '') ON CONFLICT (person_id, request_key) DO UPDATE SET request = excluded.request,
		made_at = excluded.made_at, status = 0, media_type = '', etag = '', body = '' WHERE api_once.made_at <= $5`,
		o.person, o.key, o.request, sqldb.Micros(tx.Now), sqldb.Micros(tx.Now.Add(-OnceLife)))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errs.Because(errs.Duplicate, err, "This was done before, with the same Idempotency-Key.")
	}
	o.committed = true
	return nil
}
