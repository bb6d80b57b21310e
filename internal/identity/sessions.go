package identity

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Most tries to sign in within a quarter of an hour, for one address and from one place.
const mostForAddress, mostFromPlace = 8, 40

// Session is somebody who is signed in.
type Session struct {
	Actor authz.Actor
	Name  string
}

// SignIn checks a password and begins a session. Unknown address, wrong
// password and closed account give one answer in one time.
func (s *Service) SignIn(ctx context.Context, email, password, place string) (token string, err error) {
	var c credentials
	var limited bool
	err = s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		if c, err = findCredentials(ctx, k, email); err != nil {
			return err
		}
		if _, err := k.ExecContext(ctx, `DELETE FROM rate_limit WHERE began_at < $1`, sqldb.Micros(k.Now.Add(-wait))); err != nil {
			return err
		}
		a, err := tooMany(ctx, k, bucketOf("address", fold.Key(email)), mostForAddress, wait)
		if err != nil {
			return err
		}
		b, err := tooMany(ctx, k, bucketOf("place", place), mostFromPlace, wait)
		limited = a || b
		return err
	})
	if err != nil {
		return "", err
	}
	if limited {
		return "", errs.New(errs.TooMany, "Too many attempts. Please wait a quarter of an hour, or ask your administrator for a reset link.")
	}
	if !matches(c.password, password) || !c.active {
		return "", errs.New(errs.Invalid, "Address and password do not fit together.")
	}
	if err := s.forget(ctx, bucketOf("address", fold.Key(email))); err != nil {
		return "", err
	}
	return s.begin(ctx, c.person)
}

func (s *Service) forget(ctx context.Context, bucket []byte) error {
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		_, err := k.ExecContext(ctx, `DELETE FROM rate_limit WHERE bucket = $1`, bucket)
		return err
	})
}

// begin starts a session for a person and gives its token.
func (s *Service) begin(ctx context.Context, person string) (token string, err error) {
	err = s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		if _, err := k.ExecContext(ctx, `DELETE FROM session WHERE created_at < $1 OR seen_at < $2`,
			sqldb.Micros(k.Now.Add(-SessionLife)), sqldb.Micros(k.Now.Add(-SessionIdle))); err != nil {
			return err
		}
		token = k.NewToken()
		now := sqldb.Micros(k.Now)
		_, err := k.ExecContext(ctx, `INSERT INTO session (hash, person_id, created_at, seen_at) VALUES ($1, $2, $3, $4)`, hashToken(token), person, now, now)
		return err
	})
	return token, err
}

// EnterDemo signs in as somebody without a password. Only the demonstration
// organisation offers it: the caller must know that it is one.
func (s *Service) EnterDemo(ctx context.Context, email string) (string, error) {
	c, err := findCredentials(ctx, s.unit.DB.Read, email)
	if err != nil {
		return "", err
	}
	if c.person == "" || !c.active {
		return "", errs.Missing("person")
	}
	return s.begin(ctx, c.person)
}

// SignOut ends a session.
func (s *Service) SignOut(ctx context.Context, token string) error {
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		_, err := k.ExecContext(ctx, `DELETE FROM session WHERE hash = $1`, hashToken(token))
		return err
	})
}

// BySession finds who a session's token belongs to; a guest if it has ended.
// When it was last seen is written at most every five minutes.
func (s *Service) BySession(ctx context.Context, token string) (Session, error) {
	guest := Session{Actor: authz.Nobody()}
	var out Session
	var created, seen int64
	var role string
	err := s.unit.DB.Read.QueryRowContext(ctx, `SELECT p.id, p.name, a.role, s.created_at, s.seen_at FROM session s
		JOIN person p ON p.id = s.person_id JOIN account a ON a.person_id = p.id
		WHERE s.hash = $1 AND a.active = TRUE`, hashToken(token)).Scan(&out.Actor.Person, &out.Name, &role, &created, &seen)
	if isNoRow(err) {
		return guest, nil
	}
	if err != nil {
		return guest, sqldb.Translate(err)
	}
	out.Actor.Role = authz.Role(role)
	now := s.unit.Clock.Now()
	if after(created, SessionLife, now) || after(seen, SessionIdle, now) {
		return guest, nil
	}
	if after(seen, seenEvery, now) {
		err = s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
			_, err := k.ExecContext(ctx, `UPDATE session SET seen_at = $1 WHERE hash = $2`, sqldb.Micros(now), hashToken(token))
			return err
		})
	}
	return out, err
}

// ChangePassword sets a new password for the person and ends their other sessions.
func (s *Service) ChangePassword(ctx context.Context, who authz.Actor, session, old, fresh string) error {
	var stored string
	err := s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnAccount, authz.Of(who.Person)); err != nil {
			return err
		}
		return v.QueryRowContext(ctx, `SELECT password FROM account WHERE person_id = $1`, who.Person).Scan(&stored)
	})
	if err != nil {
		return err
	}
	var c errs.Check
	c.That(matches(stored, old), "old", "This is not your present password.")
	checkPassword(fresh, &c)
	if err := c.Err(); err != nil {
		return err
	}
	hash := hashPassword(fresh)
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnAccount, authz.Of(who.Person)); err != nil {
			return err
		}
		if err := setPassword(ctx, tx, who.Person, hash); err != nil {
			return err
		}
		tx.Record(Changed{Person: who.Person, What: passwordChanged})
		return endSessions(ctx, tx, who.Person, hashToken(session))
	})
}
