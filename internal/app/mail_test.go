package app

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cairn/internal/career"
	"cairn/internal/cpd"
	"cairn/internal/development"
	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/mail"
	"cairn/internal/mentoring"
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

// What waits for somebody in each feature stands in one mail, without a word that
// anybody wrote for themselves.
func TestOneMailSaysWhatWaitsEverywhere(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		box := &tray{}
		a := build(Config{Clock: o.clock.Source, Zone: time.UTC, Mailer: box, URL: "https://cairn.example.org"}, o.Store)
		a.Org = "Tarn"
		waitForPartner(t, ctx, o)
		if err := a.remind(ctx); err != nil {
			t.Fatal(err)
		}
		if err := a.jobRunner().Drain(ctx); err != nil {
			t.Fatal(err)
		}
		found := false
		for _, m := range box.got {
			if !strings.Contains(m.Text, "A step of your plan") {
				continue
			}
			found = true
			for _, want := range []string{"asks you to confirm a piece of work", "waits for your answer", "A step of your plan has come to its date", "ends on 31 December 2026"} {
				if !strings.Contains(m.Text, want) {
					t.Errorf("the mail does not say: %s\n%s", want, m.Text)
				}
			}
			for _, secret := range []string{"Ask the sponsor", "for the raise", "quay wall"} {
				if strings.Contains(m.Text+m.HTML, secret) {
					t.Errorf("the mail says %s", secret)
				}
			}
		}
		if !found {
			t.Errorf("none of %d mails is about the plan", len(box.got))
		}
		before := len(box.got)
		if err := a.remind(ctx); err != nil {
			t.Fatal(err)
		}
		if err := a.jobRunner().Drain(ctx); err != nil || len(box.got) != before {
			t.Errorf("told twice: %v", err)
		}
		// The year has ended and its deadline has not: that is another matter than a year that ends.
		scheme, err := o.CPD.AddScheme(ctx, o.partner, true, "2025-08-01", cpd.Scheme{
			Name: "Own hours", Unit: "hours", HoursPerUnit: 1, PeriodMonths: 12, Target: 4, HandInDays: 180, RemindMonths: []int{1}, Categories: []cpd.Category{{Name: "Learning"}},
		})
		check(t, err)
		_, err = o.CPD.Follow(ctx, o.partner, scheme.ID, "2025-08-01")
		check(t, err)
		o.clock.Advance(24 * time.Hour)
		check(t, a.remind(ctx))
		check(t, a.jobRunner().Drain(ctx))
		if !slices.ContainsFunc(box.got, func(m mail.Out) bool {
			return strings.Contains(m.Text, "Own hours ended on 31 July 2026 and is not complete; the deadline is 27 January 2027")
		}) {
			t.Error("nothing is said of a year that has ended")
		}
	})
}

// waitForPartner lets something of each feature wait for the PMO partner.
func waitForPartner(t *testing.T, ctx context.Context, o *office) {
	t.Helper()
	check(t, o.Career.TurnOn(ctx, o.head))
	id, err := o.Career.Enter(ctx, o.head, led("Managed the quay wall"))
	check(t, err)
	_, _, err = o.Career.Ask(ctx, o.head, career.Asking{AboutKind: career.AboutEntry, AboutID: id, Colleague: o.partner.Person})
	check(t, err)
	offer, err := o.Mentoring.SaveOffer(ctx, o.partner, 0, mentoring.Offer{Words: "anything", Weeks: 4, Places: 1})
	check(t, err)
	_, err = o.Mentoring.Ask(ctx, o.manager, offer.ID, 4, "for the raise")
	check(t, err)
	_, err = o.Development.Add(ctx, o.partner, development.Step{Title: "Ask the sponsor", Due: o.Development.Today()})
	check(t, err)
	_, err = o.CPD.Follow(ctx, o.partner, "yearly_hours", "2026-01-01")
	check(t, err)
	o.clock.Advance(200 * 24 * time.Hour)
}

// The choice stands on one's account where a mail server is configured, and nowhere else.
func TestRemindersAreChosenOnTheAccount(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		pages := func(m mail.Sender) func(path string) (int, string) {
			a := build(Config{Clock: o.clock.Source, Zone: time.UTC, Mailer: m, Demo: true, URL: "https://cairn.example.org", Log: slog.New(slog.DiscardHandler)}, o.Store)
			l := &lives{App: a, ctx: ctx, db: o.Store}
			ask := l.asks(t, map[string]string{"p": "partner@example.org"})
			return func(path string) (int, string) { return ask("p", path) }
		}
		with, without := pages(&tray{}), pages(nil)
		for ask, want := range map[*func(string) (int, string)]bool{&with: true, &without: false} {
			if code, page := (*ask)("/account"); code != http.StatusOK || strings.Contains(page, "Reminders by mail") != want {
				t.Errorf("the account, %d, offers the choice: %v", code, !want)
			}
			if code, answer := (*ask)("/api/v1/account/reminders"); code != http.StatusOK || strings.Contains(answer, `"on":true`) != want {
				t.Errorf("%d %s", code, answer)
			}
		}
		check(t, o.Mail.ChooseReminders(ctx, o.partner, false))
		if _, answer := with("/api/v1/account/reminders"); !strings.Contains(answer, `"on":false`) {
			t.Error(answer)
		}
	})
}
