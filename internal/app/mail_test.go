package app

import (
	"context"
	"strings"
	"testing"
	"time"

	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/mail"
)

// tray is a mail server that keeps what it is given.
type tray struct{ got []mail.Out }

func (t *tray) Send(_ context.Context, m mail.Out) error { t.got = append(t.got, m); return nil }
func (t *tray) Server() string                           { return "tray" }

func TestInvitationsAndNewPasswordsGoByMail(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, box := context.Background(), &tray{}
		a := build(Config{Clock: clock.NewManual(kittest.Noon, 1).Source, Zone: time.UTC, Mailer: box, URL: "https://cairn.example.org"}, db)
		a.Org = "Tarn"
		drain := func() mail.Out {
			t.Helper()
			before := len(box.got)
			if err := a.jobRunner().Drain(ctx); err != nil {
				t.Fatal(err)
			}
			if len(box.got) != before+1 {
				t.Fatalf("%d letters went out", len(box.got)-before)
			}
			return box.got[before]
		}
		p, err := a.People.AddPerson(ctx, operator, identity.Person{Name: "Ada Admin", Email: "ada@example.org"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.People.Invite(ctx, operator, p.ID, authz.Administrator); err != nil {
			t.Fatal(err)
		}
		if err := a.jobRunner().Drain(ctx); err != nil || len(box.got) != 0 {
			t.Errorf("what the command line makes went out: %v %v", box.got, err)
		}
		ada := authz.Actor{Person: p.ID, Role: authz.Administrator}
		list, err := a.People.InviteAll(ctx, ada, []identity.Invitation{{Name: "Pia Planner", Email: "pia@example.org", Role: authz.Member}})
		if err != nil {
			t.Fatal(err)
		}
		link := "https://cairn.example.org/link/" + list[0].Token
		if m := drain(); m.To != "pia@example.org" || !strings.Contains(m.Text, link) || !strings.Contains(m.HTML, link) || !strings.Contains(m.Subject, "Tarn") {
			t.Errorf("%+v", m)
		}
		token, err := a.People.Invite(ctx, ada, list[0].Person, authz.PMOMember)
		if m := drain(); err != nil || !strings.Contains(m.Text, token) || strings.Contains(m.Text, list[0].Token) {
			t.Errorf("%v %+v", err, m)
		}
		token, err = a.People.ResetLink(ctx, ada, list[0].Person)
		if m := drain(); err != nil || !strings.Contains(m.Text, token) || !strings.Contains(m.Subject, "new password") {
			t.Errorf("%v %+v", err, m)
		}
	})
}
