package mail_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	server "github.com/emersion/go-smtp"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/jobs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
	"cairn/internal/mail"
	"cairn/internal/mail/smtp"
)

// postbox is a real SMTP server that keeps what it is given, and first refuses as
// often as it is told.
type postbox struct {
	mu     sync.Mutex
	refuse int
	got    []string
	to     []string
}

func (b *postbox) NewSession(*server.Conn) (server.Session, error) { return b, nil }
func (b *postbox) Reset()                                          {}
func (b *postbox) Logout() error                                   { return nil }
func (b *postbox) Mail(string, *server.MailOptions) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refuse > 0 {
		b.refuse--
		return &server.SMTPError{Code: 451, EnhancedCode: server.EnhancedCode{4, 7, 1}, Message: "later"}
	}
	return nil
}

func (b *postbox) Rcpt(to string, _ *server.RcptOptions) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.to = append(b.to, to)
	return nil
}

func (b *postbox) Data(r io.Reader) error {
	all, err := io.ReadAll(r)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.got = append(b.got, string(all))
	return err
}

// serve starts the server and gives its address.
func (b *postbox) serve(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := server.NewServer(b)
	s.Domain, s.AllowInsecureAuth = "localhost", true
	go func() { _ = s.Serve(l) }() // ends with the test
	t.Cleanup(func() { _ = s.Close() })
	return "smtp+plain://" + l.Addr().String()
}

type fixture struct {
	*mail.Service
	unit   *work.Unit
	clock  *clock.Manual
	runner *jobs.Runner
	box    *postbox
}

var admin = authz.Actor{Person: "a", Role: authz.Administrator}

func each(t *testing.T, test func(t *testing.T, ctx context.Context, f *fixture)) {
	t.Helper()
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		c, box := clock.NewManual(kittest.Noon, 1), &postbox{}
		sender, err := smtp.New(box.serve(t), "Cairn <cairn@example.org>")
		if err != nil {
			t.Fatal(err)
		}
		u := work.New(db, c.Source, authz.NewPolicy(mail.Rules), time.UTC, append(jobs.KeepTables, mail.KeepTables...)...)
		s := mail.NewService(u, sender)
		f := &fixture{s, u, c, jobs.NewRunner(u, slog.New(slog.DiscardHandler), s.Handlers()), box}
		test(t, context.Background(), f)
	})
}

// queue queues a letter as a feature does.
func (f *fixture) queue(t *testing.T, m mail.Message) {
	t.Helper()
	err := f.unit.Do(context.Background(), admin, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, mail.Manage, authz.Instance); err != nil {
			return err
		}
		tx.Record(mail.Tested{Mail: "x"}) // stands for what the letter tells of
		queued, err := f.QueueIn(ctx, tx, m)
		if err == nil && !queued {
			err = errors.New("not queued")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) drain(t *testing.T) {
	t.Helper()
	if err := f.runner.Drain(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) row(t *testing.T) mail.Row {
	t.Helper()
	sh, err := f.Mail(context.Background(), admin)
	if err != nil || len(sh.Rows) != 1 {
		t.Fatalf("%v %v", sh, err)
	}
	return sh.Rows[0]
}

var invitation = mail.Message{Person: "p", Address: "pia@example.org", Kind: "invitation", Letter: mail.Letter{
	Subject: "You are invited – café", Paragraphs: []string{"Hello <Pia> & all,", "you have an account."}, Link: "https://cairn.example.org/link/secret-token", Does: "Choose a password", Why: "You were invited.",
}}

func TestALetterArrivesAsTextAndAsAPage(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		f.queue(t, invitation)
		f.drain(t)
		if len(f.box.got) != 1 || f.box.to[0] != "pia@example.org" {
			t.Fatalf("got %d letters for %v", len(f.box.got), f.box.to)
		}
		m, err := netmail.ReadMessage(strings.NewReader(f.box.got[0]))
		if err != nil {
			t.Fatal(err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil || subject != invitation.Subject {
			t.Errorf("subject %q %v", subject, err)
		}
		if m.Header.Get("Auto-Submitted") != "auto-generated" {
			t.Error("a machine may answer")
		}
		_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		parts := multipart.NewReader(m.Body, params["boundary"])
		for _, want := range []struct{ kind, has, hasNot string }{
			{"text/plain", "Choose a password:\r\nhttps://cairn.example.org/link/secret-token", "<p"},
			{"text/html", `href="https://cairn.example.org/link/secret-token"`, "<img"},
		} {
			p, err := parts.NextPart()
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(p)
			text := string(body)
			if err != nil || !strings.HasPrefix(p.Header.Get("Content-Type"), want.kind) || !strings.Contains(text, want.has) || strings.Contains(text, want.hasNot) {
				t.Errorf("%s: %v %s", p.Header.Get("Content-Type"), err, text)
			}
			if want.kind == "text/html" && !strings.Contains(text, "&lt;Pia&gt; &amp; all") {
				t.Error("markup of a name is taken for markup")
			}
		}
		if r := f.row(t); r.State != mail.Sent || r.SentAt == 0 {
			t.Errorf("%+v", r)
		}
		f.drain(t)
		if len(f.box.got) != 1 {
			t.Error("sent twice")
		}
	})
}

func TestWhatIsSentOrGivenUpIsForgotten(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		left := func() (n int) {
			if err := f.unit.DB.Read.QueryRow(`SELECT COUNT(*) FROM mail WHERE body_text <> '' OR body_html <> ''`).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		f.box.refuse = 1
		f.queue(t, invitation)
		f.drain(t)
		if r := f.row(t); r.State != mail.Queued || r.Tries != 1 || !strings.Contains(r.Error, "later") {
			t.Errorf("after a refusal: %+v", r)
		}
		if left() != 1 {
			t.Error("what is to be tried again was forgotten")
		}
		f.clock.Advance(time.Hour)
		f.drain(t)
		if r := f.row(t); r.State != mail.Sent || r.Tries != 2 || left() != 0 {
			t.Errorf("after the second try: %+v, %d kept", r, left())
		}
	})
}

func TestItIsGivenUpAfterItsLastTry(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		f.box.refuse = 1000
		f.queue(t, invitation)
		for range jobs.MostTries {
			f.drain(t)
			f.clock.Advance(12 * time.Hour)
		}
		if r := f.row(t); r.State != mail.Failed || r.Tries != jobs.MostTries {
			t.Errorf("%+v", r)
		}
	})
}

func TestOnlyAdministratorsAndOnlyAddresses(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		for _, r := range []authz.Role{authz.Member, authz.PMOMember, authz.HeadOfPMO} {
			if _, err := f.Mail(ctx, authz.Actor{Person: "x", Role: r}); !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s: %v", r, err)
			}
		}
		for _, bad := range []string{"", "pia", "a@b\r\nBcc: c@d", "Pia <pia@example.org>"} {
			if list := errs.FieldsOf(f.Test(ctx, admin, bad, "Org")); len(list) != 1 || list[0].Name != "to" {
				t.Errorf("%q: %v", bad, list)
			}
		}
		if err := f.Test(ctx, admin, "ada@example.org", "Org"); err != nil {
			t.Error(err)
		}
	})
}

func TestAnAddressOfAServerIsRead(t *testing.T) {
	for _, bad := range []string{"http://host", "smtp://", "host:25", "smtp://u:p%zz@host"} {
		_, err := smtp.New(bad, "Cairn <cairn@example.org>")
		if err == nil || strings.Contains(err.Error(), "p%zz") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if _, err := smtp.New("smtps://u:secret@mail.example.org", "nobody"); err == nil {
		t.Error("a sender without an address passes")
	}
	s, err := smtp.New("smtps://u:secret@mail.example.org", "Cairn <cairn@example.org>")
	if err != nil || strings.Contains(s.Server(), "secret") {
		t.Errorf("%v %v", s, err)
	}
}
