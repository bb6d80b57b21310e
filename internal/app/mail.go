package app

import (
	"context"
	"errors"

	"cairn/internal/identity"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/work"
	"cairn/internal/mail"
	"cairn/internal/mail/smtp"
)

// NewMailer makes the sender of mail by the address of a server; nil for none.
func NewMailer(server, from string) (mail.Sender, error) {
	if server == "" {
		return nil, nil //nolint:nilnil // none is configured
	}
	if from == "" {
		return nil, errors.New("say with --mail-from from whom mail comes, such as \"Cairn <cairn@example.org>\"")
	}
	return smtp.New(server, from)
}

// postedLinks mails invitations and links for a new password.
type postedLinks struct{ a *App }

// On implements identity.Post.
func (p postedLinks) On() bool { return p.a.Mail.On() }

// LinkIn implements identity.Post.
func (p postedLinks) LinkIn(ctx context.Context, tx *work.Tx, l identity.MailedLink) error {
	m := mail.Message{Person: l.Person, Address: l.Email, Kind: "link", Letter: mail.Letter{
		Subject:    "A new password for Cairn",
		Paragraphs: []string{"Hello " + l.Name + ",", "an administrator made you a link with which you choose a new password for Cairn at " + p.a.OrgName() + "."},
		Link:       p.a.URL + "/link/" + l.Token, Does: "Choose a new password",
		Why: "The link works once, until " + ui.DateFull(l.Ends.In(p.a.Unit.Zone()).Format("2006-01-02")) + ". If you did not ask for it, tell an administrator.",
	}}
	if l.Invitation {
		m.Kind, m.Subject, m.Does = "invitation", "You are invited to Cairn at "+p.a.OrgName(), "Choose a password"
		m.Paragraphs[1] = "you have an account for Cairn, the working system of the project management office at " + p.a.OrgName() + ". Choose a password, and it is yours."
		m.Why = "The link works once, until " + ui.DateFull(l.Ends.In(p.a.Unit.Zone()).Format("2006-01-02")) + ". You get this because an administrator invited this address."
	}
	_, err := p.a.Mail.QueueIn(ctx, tx, m)
	return err
}
