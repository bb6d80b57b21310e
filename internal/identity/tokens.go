package identity

import (
	"context"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// TokenLife is how long an API token works.
const TokenLife = 365 * 24 * time.Hour

// Token is an API token as its owner sees it later: never the secret.
type Token struct {
	ID, Name         string
	Created, Expires time.Time
	Revoked          bool
}

// MakeToken makes an API token with the person's own rights. The secret is
// shown once and stored hashed.
func (s *Service) MakeToken(ctx context.Context, who authz.Actor, name string) (secret string, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnAccount, authz.Of(who.Person)); err != nil {
			return err
		}
		if name == "" || len(name) > 80 {
			return errs.OnField("token_name", "Name what the token is for, in at most 80 characters.")
		}
		id := tx.NewID()
		secret = "cairn_" + tx.NewToken()
		tx.Record(Changed{Person: who.Person, What: tokenMade, Token: id})
		_, err := tx.ExecContext(ctx, `INSERT INTO api_token (id, hash, person_id, name, created_at, expires_at, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, 0)`,
			id, hashToken(secret), who.Person, name, sqldb.Micros(tx.Now), sqldb.Micros(tx.Now.Add(TokenLife)))
		return err
	})
	return secret, err
}

// Tokens lists the person's own tokens, newest first.
func (s *Service) Tokens(ctx context.Context, who authz.Actor) (out []Token, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnAccount, authz.Of(who.Person)); err != nil {
			return err
		}
		rows, err := v.QueryContext(ctx, `SELECT id, name, created_at, expires_at, revoked_at <> 0 FROM api_token WHERE person_id = $1 ORDER BY id DESC LIMIT 100`, who.Person)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var t Token
			var created, expires int64
			if err := rows.Scan(&t.ID, &t.Name, &created, &expires, &t.Revoked); err != nil {
				return err
			}
			t.Created, t.Expires = sqldb.Time(created), sqldb.Time(expires)
			out = append(out, t)
		}
		return rows.Err()
	})
	return out, err
}

// RevokeToken ends a token at once.
func (s *Service) RevokeToken(ctx context.Context, who authz.Actor, id string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnAccount, authz.Of(who.Person)); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE api_token SET revoked_at = $1 WHERE id = $2 AND person_id = $3 AND revoked_at = 0`, sqldb.Micros(tx.Now), id, who.Person)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errs.Missing("token")
		}
		tx.Record(Changed{Person: who.Person, What: tokenRevoked, Token: id})
		return nil
	})
}

// ByToken finds who an API token acts for.
func (s *Service) ByToken(ctx context.Context, secret string) (authz.Actor, error) {
	var a authz.Actor
	var role string
	err := s.unit.DB.Read.QueryRowContext(ctx, `SELECT t.person_id, a.role FROM api_token t JOIN account a ON a.person_id = t.person_id
		WHERE t.hash = $1 AND t.revoked_at = 0 AND t.expires_at > $2 AND a.active = TRUE`,
		hashToken(secret), sqldb.Micros(s.unit.Clock.Now())).Scan(&a.Person, &role)
	if isNoRow(err) {
		return a, errs.New(errs.Unauthenticated, "This token is unknown, revoked or expired.")
	}
	a.Role = authz.Role(role)
	return a, sqldb.Translate(err)
}
