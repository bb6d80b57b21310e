package identity

import (
	"context"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/work"
)

// MailedLink is a one-time link that goes to somebody by mail.
type MailedLink struct {
	Person, Name, Email string
	Invitation          bool // or else for a new password
	Token               string
	Ends                time.Time
}

// Post sends one-time links by mail, within the unit of work that makes them. The
// feature of mail implements it.
type Post interface {
	On() bool
	LinkIn(ctx context.Context, tx *work.Tx, l MailedLink) error
}

// PostBy lets one-time links be mailed too; without it they are handed over.
func (s *Service) PostBy(p Post) { s.post = p }

// Mails reports whether one-time links are mailed.
func (s *Service) Mails() bool { return s.post != nil && s.post.On() }

// mailLink sends a link that was just made, if mail is configured. Who made it at
// the command line holds the database and gets it there.
func (s *Service) mailLink(ctx context.Context, tx *work.Tx, kind, person, token string) error {
	if !s.Mails() || tx.Who.Role == authz.Operator {
		return nil
	}
	p, err := getPerson(ctx, tx, person)
	if err != nil || p.Email == "" {
		return err
	}
	return s.post.LinkIn(ctx, tx, MailedLink{Person: person, Name: p.Name, Email: p.Email, Invitation: kind == linkInvite, Token: token, Ends: tx.Now.Add(LinkLife)})
}
