package identity

import (
	"context"
	"errors"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Kinds of one-time links.
const (
	linkSetup  = "setup"
	linkInvite = "invitation"
	linkReset  = "reset"
)

// Invite gives a person an account and a one-time link to set its password.
// The token is shown once and stored hashed. Inviting again makes a new link and
// ends the one before.
func (s *Service) Invite(ctx context.Context, who authz.Actor, person string, role authz.Role) (token string, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, ManageAccounts, authz.Instance); err != nil {
			return err
		}
		if token, err = inviteIn(ctx, tx, person, role); err != nil {
			return err
		}
		return s.mailLink(ctx, tx, linkInvite, person, token)
	})
	return token, err
}

func inviteIn(ctx context.Context, tx *work.Tx, person string, role authz.Role) (string, error) {
	p, err := getPerson(ctx, tx, person)
	if err != nil {
		return "", err
	}
	var c errs.Check
	c.That(validRole(role), "role", "Choose a role.")
	c.That(p.Email != "", "email", "An account needs an address to sign in with. Add it first.")
	c.That(!p.HasAccount || p.Active, "role", "This account is deactivated. Reactivate it first.")
	c.That(!p.HasAccount || !p.Active || p.Invited, "role", "This person has an account already. Make a link for a new password instead.")
	c.That(person != tx.Who.Person || role == p.Role, "role", "Ask another administrator to change your own role.")
	c.That(!p.Erased, "name", "This person was erased.")
	if err := c.Err(); err != nil {
		return "", err
	}
	if err := putAccount(ctx, tx, person, role, true); err != nil {
		return "", err
	}
	if err := keepAnAdministrator(ctx, tx); err != nil {
		return "", err
	}
	tx.Record(Changed{Person: person, What: accountInvited, Role: string(role)})
	return makeLink(ctx, tx, linkInvite, person)
}

// keepAnAdministrator refuses what would leave nobody who manages accounts. The
// update takes the rows' locks, so that two administrators who demote each other
// at once do not both pass.
func keepAnAdministrator(ctx context.Context, tx *work.Tx) error {
	if tx.Who.Role == authz.Operator {
		return nil // who holds the database can make another
	}
	if _, err := tx.ExecContext(ctx, `UPDATE account SET active = active WHERE role = $1`, string(authz.Administrator)); err != nil {
		return err
	}
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM account WHERE role = $1 AND active = TRUE`, string(authz.Administrator)).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return errs.OnField("role", "This is the last administrator who can sign in. Make another one first.")
	}
	return nil
}

// ResetLink makes a one-time link with which a person sets a new password.
func (s *Service) ResetLink(ctx context.Context, who authz.Actor, person string) (token string, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, ManageAccounts, authz.Instance); err != nil {
			return err
		}
		p, err := getPerson(ctx, tx, person)
		if err != nil {
			return err
		}
		if !p.HasAccount || !p.Active {
			return errs.OnField("role", "This person has no account that can sign in. Invite or reactivate them first.")
		}
		tx.Record(Changed{Person: person, What: resetMade})
		if token, err = makeLink(ctx, tx, linkReset, person); err != nil {
			return err
		}
		return s.mailLink(ctx, tx, linkReset, person, token)
	})
	return token, err
}

// LinkEnds is the last moment of a link that is made now.
func (s *Service) LinkEnds() time.Time { return s.unit.Clock.Now().Add(LinkLife) }

// SetRole changes what an account is in the instance, and whether it can sign
// in. Without a role it keeps the one it has.
func (s *Service) SetRole(ctx context.Context, who authz.Actor, person string, role authz.Role, active bool) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, ManageAccounts, authz.Instance); err != nil {
			return err
		}
		old, err := getPerson(ctx, tx, person)
		if err != nil {
			return err
		}
		if role == "" {
			role = old.Role
		}
		var c errs.Check
		c.That(old.HasAccount, "role", "This person has no account.")
		c.That(validRole(role), "role", "Choose a role.")
		c.That(person != who.Person || (role == old.Role && active), "role", "Ask another administrator to change your own role.")
		if err := c.Err(); err != nil {
			return err
		}
		if err := putAccount(ctx, tx, person, role, active); err != nil {
			return err
		}
		if err := keepAnAdministrator(ctx, tx); err != nil {
			return err
		}
		if !active || role != old.Role {
			if err := endSessions(ctx, tx, person, []byte{}); err != nil {
				return err
			}
		}
		if !active { // tokens and links do not come back with the account
			if err := endTokens(ctx, tx, person); err != nil {
				return err
			}
		}
		what := accountRole
		if active != old.Active {
			what = map[bool]string{true: accountOpened, false: accountClosed}[active]
		}
		tx.Record(Changed{Person: person, What: what, Role: string(role)})
		return nil
	})
}

func makeLink(ctx context.Context, tx *work.Tx, kind, person string) (string, error) {
	token := tx.NewToken()
	if _, err := tx.ExecContext(ctx, `UPDATE one_time_link SET used_at = $1 WHERE person_id = $2 AND used_at = 0`, sqldb.Micros(tx.Now), person); err != nil {
		return "", err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM one_time_link WHERE expires_at < $1`, sqldb.Micros(tx.Now)); err != nil {
		return "", err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO one_time_link (hash, kind, person_id, expires_at, used_at) VALUES ($1, $2, $3, $4, 0)`,
		hashToken(token), kind, person, sqldb.Micros(tx.Now.Add(LinkLife)))
	return token, err
}

// useLink takes a link for good; of two that use it at once, one finds it gone.
func useLink(ctx context.Context, tx *work.Tx, token string) error {
	res, err := tx.ExecContext(ctx, `UPDATE one_time_link SET used_at = $1 WHERE hash = $2 AND used_at = 0`, sqldb.Micros(tx.Now), hashToken(token))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, linkGone())
	}
	return nil
}

func endTokens(ctx context.Context, tx *work.Tx, person string) error {
	if _, err := tx.ExecContext(ctx, `UPDATE api_token SET revoked_at = $1 WHERE person_id = $2 AND revoked_at = 0`, sqldb.Micros(tx.Now), person); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE one_time_link SET used_at = $1 WHERE person_id = $2 AND used_at = 0`, sqldb.Micros(tx.Now), person)
	return err
}

// linkGone is the one answer for a link that is unknown, used or expired.
func linkGone() error {
	return errs.New(errs.NotFound, "This link does not work any more. Links are for one use and for seven days; ask your administrator for a new one.")
}

// FollowLink sets the password of the account that a one-time link is for, ends
// its other sessions and signs in. For the set-up link, name and email make the
// first administrator.
func (s *Service) FollowLink(ctx context.Context, token, name, email, password string) (session string, err error) {
	var person string
	hash := hashPassword(password) // outside the transaction, and always, so that it tells nothing
	err = s.unit.Do(ctx, authz.Nobody(), func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, UseLink, authz.Instance); err != nil {
			return err
		}
		var kind string
		var expires, used int64
		err := tx.QueryRowContext(ctx, `SELECT kind, person_id, expires_at, used_at FROM one_time_link WHERE hash = $1`, hashToken(token)).
			Scan(&kind, &person, &expires, &used)
		if isNoRow(err) || (err == nil && (used != 0 || tx.Now.After(sqldb.Time(expires)))) {
			return linkGone()
		}
		if err != nil {
			return err
		}
		var c errs.Check
		checkPassword(password, &c)
		if kind == linkSetup {
			c.That(email != "", "email", "Enter the address that you will sign in with.")
			p := Person{Name: name, Email: email}
			checkPerson(p, &c)
			if err := c.Err(); err != nil {
				return err
			}
			if err := addIn(ctx, tx, &p); err != nil {
				return err
			}
			person = p.ID
			if err := putAccount(ctx, tx, person, authz.Administrator, true); err != nil {
				return err
			}
		}
		if err := c.Err(); err != nil {
			return err
		}
		if err := setPassword(ctx, tx, person, hash); err != nil {
			return err
		}
		if err := useLink(ctx, tx, token); err != nil {
			return err
		}
		tx.Record(Changed{Person: person, What: passwordSet})
		return endSessions(ctx, tx, person, []byte{})
	})
	if err != nil {
		return "", err
	}
	return s.begin(ctx, person)
}

// LinkKind tells what a link is for; a link that does not work is NotFound.
func (s *Service) LinkKind(ctx context.Context, token string) (kind string, err error) {
	err = s.unit.View(ctx, authz.Nobody(), func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, UseLink, authz.Instance); err != nil {
			return err
		}
		var expires, used int64
		err := v.QueryRowContext(ctx, `SELECT kind, expires_at, used_at FROM one_time_link WHERE hash = $1`, hashToken(token)).Scan(&kind, &expires, &used)
		if isNoRow(err) || (err == nil && (used != 0 || v.Now.After(sqldb.Time(expires)))) {
			return linkGone()
		}
		return err
	})
	return kind, err
}

// SetupLink gives a one-time link for the first administrator while there is
// no account; an empty token says that there is one already.
func (s *Service) SetupLink(ctx context.Context) (token string, err error) {
	err = s.unit.Do(ctx, authz.AtCommandLine(), func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, ManageAccounts, authz.Instance); err != nil {
			return err
		}
		var accounts int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM account`).Scan(&accounts); err != nil || accounts > 0 {
			return err
		}
		tx.Record(Changed{Person: "", What: resetMade})
		token, err = makeLink(ctx, tx, linkSetup, "")
		return err
	})
	return token, err
}

// wait is how long a bucket of tries lasts.
const wait = 15 * time.Minute
