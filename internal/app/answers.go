package app

import (
	"bytes"
	"context"
	"database/sql"
	"errors"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/web"
	"cairn/internal/kit/work"
)

// answers keeps what the API answered to requests with an Idempotency-Key.
type answers struct{ unit *work.Unit }

// Earlier implements web.Answers.
func (a answers) Earlier(ctx context.Context, who authz.Actor, key string, request []byte) (*web.Answer, error) {
	var out web.Answer
	var asked []byte
	var body string
	err := a.unit.DB.Read.QueryRowContext(ctx, `SELECT request, status, media_type, etag, body FROM api_once
		WHERE person_id = $1 AND request_key = $2 AND made_at > $3`, who.Person, key, sqldb.Micros(a.unit.Clock.Now().Add(-work.OnceLife))).
		Scan(&asked, &out.Status, &out.MediaType, &out.ETag, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	out.Body, out.RequestUnlikeThis = []byte(body), !bytes.Equal(asked, request)
	return &out, sqldb.Translate(err)
}

// Once implements web.Answers.
func (a answers) Once(ctx context.Context, who authz.Actor, key string, request []byte) context.Context {
	return work.Once(ctx, who.Person, key, request)
}

// Keep implements web.Answers.
func (a answers) Keep(ctx context.Context, who authz.Actor, key string, said web.Answer) error {
	return a.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		_, err := k.ExecContext(ctx, `UPDATE api_once SET status = $1, media_type = $2, etag = $3, body = $4 WHERE person_id = $5 AND request_key = $6`,
			said.Status, said.MediaType, said.ETag, string(said.Body), who.Person, key)
		return err
	})
}
