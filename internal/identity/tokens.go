package identity

import (
	"context"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// The longest and the usual life of an API token, in days.
const (
	MostTokenDays  = 365
	UsualTokenDays = 90
)

// Token is an API token as its owner sees it later: never the secret.
type Token struct {
	ID, Name               string
	Scopes                 []string
	Created, Expires, Used time.Time // Used to five minutes; zero if never
	Revoked, Expired       bool
}

// NewToken is what a person asks for.
type NewToken struct {
	Name   string
	Scopes []string
	Days   int64 // of its life
}

var scopeShape = regexp.MustCompile(`^[a-z_]+(:[a-z]+)?$`)

func (n NewToken) check() error {
	var c errs.Check
	c.That(n.Name != "" && utf8.RuneCountInString(n.Name) <= 80, "token_name", "Name what the token is for, in at most 80 characters.")
	c.That(len(n.Scopes) > 0 && len(n.Scopes) <= 50, "scope", "Choose at least one thing that the token is good for.")
	for _, s := range n.Scopes {
		c.That(scopeShape.MatchString(s), "scope", "Choose from the list.")
	}
	c.That(n.Days >= 1 && n.Days <= MostTokenDays, "days", "Choose a life of 1 to %d days.", MostTokenDays)
	return c.Err()
}

// MakeToken makes an API token with no more than the person's own rights. The
// secret is shown once and stored hashed.
func (s *Service) MakeToken(ctx context.Context, who authz.Actor, n NewToken) (secret string, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnAccount, authz.Of(who.Person)); err != nil {
			return err
		}
		if err := n.check(); err != nil {
			return err
		}
		id := tx.NewID()
		secret = "cairn_" + tx.NewToken()
		tx.Record(Changed{Person: who.Person, What: tokenMade, Token: id})
		_, err := tx.ExecContext(ctx, `INSERT INTO api_token (id, hash, person_id, name, scopes, created_at, expires_at, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
			id, hashToken(secret), who.Person, n.Name, strings.Join(n.Scopes, " "), sqldb.Micros(tx.Now), sqldb.Micros(tx.Now.Add(time.Duration(n.Days)*24*time.Hour)))
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
		rows, err := v.QueryContext(ctx, `SELECT t.id, t.name, t.scopes, t.created_at, t.expires_at, t.revoked_at <> 0, COALESCE(u.used_at, 0)
			FROM api_token t LEFT JOIN api_token_use u ON u.token_id = t.id WHERE t.person_id = $1 ORDER BY t.id DESC LIMIT 100`, who.Person)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var t Token
			var scopes string
			var created, expires, used int64
			if err := rows.Scan(&t.ID, &t.Name, &scopes, &created, &expires, &t.Revoked, &used); err != nil {
				return err
			}
			t.Scopes, t.Created, t.Expires = strings.Fields(scopes), sqldb.Time(created), sqldb.Time(expires)
			if used > 0 {
				t.Used = sqldb.Time(used)
			}
			t.Expired = !t.Expires.After(v.Now)
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

// Bearer is whom an API token acts for, and what it is good for.
type Bearer struct {
	Actor  authz.Actor
	Scopes []string
}

// ByToken finds whom an API token acts for. When it was last used is written at
// most every five minutes; more requests a minute than its share are TooMany.
func (s *Service) ByToken(ctx context.Context, secret string) (b Bearer, err error) {
	var id, role, scopes string
	var used int64
	now := s.unit.Clock.Now()
	err = s.unit.DB.Read.QueryRowContext(ctx, `SELECT t.id, t.person_id, a.role, t.scopes, COALESCE(u.used_at, 0) FROM api_token t
		JOIN account a ON a.person_id = t.person_id LEFT JOIN api_token_use u ON u.token_id = t.id
		WHERE t.hash = $1 AND t.revoked_at = 0 AND t.expires_at > $2 AND a.active = TRUE`,
		hashToken(secret), sqldb.Micros(now)).Scan(&id, &b.Actor.Person, &role, &scopes, &used)
	if isNoRow(err) {
		return b, errs.New(errs.Unauthenticated, "This token is unknown, revoked or expired.")
	}
	if err != nil {
		return b, sqldb.Translate(err)
	}
	b.Actor.Role, b.Scopes = authz.Role(role), strings.Fields(scopes)
	return b, s.used(ctx, id, after(used, seenEvery, now))
}
