package identity

import (
	"context"
	"strings"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/work"
)

// Invitation is one line of a list of people to invite, and its link once made.
type Invitation struct {
	Name, Email string
	Role        authz.Role
	Person      string
	Token       string
}

// maxInvitations is how many lines one list may have.
const maxInvitations = 200

// ReadInvitations reads lines "name, e-mail address, role"; without a role it is
// a member. Errors name the line.
func ReadInvitations(text string) (out []Invitation, err error) {
	var c errs.Check
	for i, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		sep := ","
		if strings.Contains(line, "\t") {
			sep = "\t" // pasted from a spreadsheet
		}
		parts := strings.Split(line, sep)
		for j := range parts {
			parts[j] = strings.TrimSpace(parts[j])
		}
		if len(parts) < 2 || len(parts) > 3 {
			c.Add("lines", "Line %d: write name, e-mail address and role, with commas between.", i+1)
			continue
		}
		in := Invitation{Name: parts[0], Email: parts[1], Role: authz.Member}
		if len(parts) == 3 && parts[2] != "" {
			in.Role = roleNamed(parts[2])
		}
		var l errs.Check
		checkPerson(Person{Name: in.Name, Email: in.Email}, &l)
		l.That(in.Email != "", "email", "An account needs an address.")
		l.That(validRole(in.Role), "role", "There is no such role: write Member, PMO member, Head of PMO or Administrator.")
		for _, f := range errs.FieldsOf(l.Err()) {
			c.Add("lines", "Line %d: %s", i+1, f.Message)
		}
		out = append(out, in)
	}
	c.That(len(out) > 0, "lines", "Write at least one line.")
	c.That(len(out) <= maxInvitations, "lines", "Invite at most %d people at once.", maxInvitations)
	return out, c.Err()
}

func roleNamed(text string) authz.Role {
	for _, r := range authz.Accounts {
		if fold.Key(text) == fold.Key(r.Label()) || text == string(r) {
			return r
		}
	}
	return ""
}

// InviteAll invites a list of people, all or none. Somebody of the directory who
// has the address already is invited and not added again.
func (s *Service) InviteAll(ctx context.Context, who authz.Actor, list []Invitation) (out []Invitation, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, ManageAccounts, authz.Instance); err != nil {
			return err
		}
		var c errs.Check
		for i, in := range list {
			if in, err = inviteLine(ctx, tx, in); errs.Is(err, errs.Invalid) {
				for _, f := range errs.FieldsOf(err) {
					c.Add("lines", "%s (number %d): %s", in.Name, i+1, f.Message)
				}
				continue
			}
			if err == nil {
				err = s.mailLink(ctx, tx, linkInvite, in.Person, in.Token)
			}
			if err != nil {
				return err
			}
			out = append(out, in)
		}
		return c.Err()
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func inviteLine(ctx context.Context, tx *work.Tx, in Invitation) (Invitation, error) {
	err := tx.QueryRowContext(ctx, `SELECT id FROM person WHERE email_key = $1`, fold.Key(in.Email)).Scan(&in.Person)
	if isNoRow(err) {
		p := Person{Name: in.Name, Email: in.Email}
		err = addIn(ctx, tx, &p)
		in.Person = p.ID
	}
	if err == nil {
		in.Token, err = inviteIn(ctx, tx, in.Person, in.Role)
	}
	return in, err
}
