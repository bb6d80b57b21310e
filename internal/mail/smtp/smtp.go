// Package smtp hands mail to a server that speaks SMTP.
package smtp

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"

	cairn "cairn/internal/mail"
)

// Sender sends by one server.
type Sender struct {
	address *url.URL
	from    string
}

// New reads an address of a server:
//
//	smtp://name:password@host:587   TLS begun within the connection (STARTTLS), required
//	smtps://name:password@host:465  TLS from the first byte
//	smtp+plain://host:25            without TLS: for a server on this machine
//
// From is the sender, such as "Cairn <cairn@example.org>".
func New(address, from string) (*Sender, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("the mail server's address cannot be read") //nolint:err113,perfsprint // what url.Parse says would show the password
	}
	switch u.Scheme {
	case "smtp", "smtps", "smtp+plain":
	default:
		return nil, fmt.Errorf("the mail server's address begins with %q; smtp, smtps and smtp+plain are known", u.Scheme)
	}
	if u.Hostname() == "" {
		return nil, fmt.Errorf("the mail server's address names no host")
	}
	s := &Sender{u, from}
	if _, err := s.client(); err != nil {
		return nil, err
	}
	return s, mail.NewMsg().From(from)
}

// Server implements mail.Sender.
func (s *Sender) Server() string { return s.address.Scheme + "://" + s.address.Host }

const patience = 30 * time.Second

func (s *Sender) client() (*mail.Client, error) {
	options := []mail.Option{mail.WithTimeout(patience)}
	port := 587
	switch s.address.Scheme {
	case "smtps":
		port = 465
		options = append(options, mail.WithSSL())
	case "smtp+plain":
		port = 25
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if text := s.address.Port(); text != "" {
		var err error
		if port, err = strconv.Atoi(text); err != nil {
			return nil, err
		}
	}
	options = append(options, mail.WithPort(port))
	if name := s.address.User.Username(); name != "" {
		password, _ := s.address.User.Password() // none is an empty one
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(name), mail.WithPassword(password))
	}
	return mail.NewClient(s.address.Hostname(), options...)
}

// Send implements mail.Sender. The same message tried again has the same id, so
// that a receiver who has it already can tell.
func (s *Sender) Send(ctx context.Context, m cairn.Out) error {
	msg := mail.NewMsg()
	if err := msg.From(s.from); err != nil {
		return err
	}
	if err := msg.To(m.To); err != nil {
		return err
	}
	msg.Subject(m.Subject)
	msg.SetMessageIDWithValue(m.ID + "@" + s.address.Hostname())
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no answer by machines
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	c, err := s.client()
	if err != nil {
		return err
	}
	return c.DialAndSendWithContext(ctx, msg)
}
