package mail_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/mail"
)

const site = "https://cairn.example.org"

// reminded is a fixture with two people, for whom what is in waiting waits.
func reminded(t *testing.T, test func(t *testing.T, ctx context.Context, f *fixture, waiting *[]mail.Matter)) {
	t.Helper()
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		for _, id := range []string{"p", "q", "left", "off", "none"} {
			left, email := "", id+"@example.org"
			switch id {
			case "left":
				left = "2026-01-01"
			case "none":
				email = ""
			}
			for _, query := range []string{
				`INSERT INTO person (id, name, name_key, email, email_key, job_title, org_unit, left_on, version) VALUES ($1, $1, $1, $2, $3, '', '', $4, 1)`,
				`INSERT INTO account (person_id, role, active, password) VALUES ($1, 'member', TRUE, '')`,
			} {
				args := []any{id, email, email, left}[:1+3*strings.Count(query, "$4")]
				if _, err := f.unit.DB.Write.Exec(query, args...); err != nil {
					t.Fatal(err)
				}
			}
		}
		var waiting []mail.Matter
		f.RemindOf(func(context.Context, sqldb.Querier, clock.Day) ([]mail.Matter, error) { return waiting, nil })
		test(t, ctx, f, &waiting)
	})
}

func (f *fixture) remind(t *testing.T) (sent int) {
	t.Helper()
	before := len(f.box.got)
	if err := f.Remind(context.Background(), site, "Tarn"); err != nil {
		t.Fatal(err)
	}
	f.drain(t)
	return len(f.box.got) - before
}

func TestOneMailADayGathersWhatWaits(t *testing.T) {
	reminded(t, func(t *testing.T, ctx context.Context, f *fixture, waiting *[]mail.Matter) {
		if n := f.remind(t); n != 0 {
			t.Errorf("%d mails about nothing", n)
		}
		*waiting = []mail.Matter{
			{Person: "p", Key: "a", Again: 7, Says: "Ada asks you <to confirm>", Path: "/attestations/1"},
			{Person: "p", Key: "place/0199/give", Says: "A period ends", Path: "/cpd"},
			{Person: "left", Key: "c", Says: "x", Path: "/"},
			{Person: "none", Key: "d", Says: "x", Path: "/"},
			{Person: "gone", Key: "e", Says: "x", Path: "/"},
		}
		if n := f.remind(t); n != 1 || f.box.to[0] != "p@example.org" {
			t.Fatalf("%d mails, to %v", n, f.box.to)
		}
		var kept string
		if err := f.unit.DB.Read.QueryRow(`SELECT matters FROM mail_reminder WHERE person_id = 'p'`).Scan(&kept); err != nil || kept == "" || strings.Contains(kept, "0199") {
			t.Errorf("it is kept that they were told of %q, %v", kept, err)
		}
		got := strings.ReplaceAll(f.box.got[0], "=\r\n", "")
		for _, want := range []string{"text/plain", "text/html", "Ada asks you <to confirm>", "&lt;to confirm&gt;", site + "/attestations/1", site + "/cpd", site + "/account"} {
			if !strings.Contains(strings.ReplaceAll(got, "=3D", "="), want) {
				t.Errorf("the mail has no %s", want)
			}
		}
		for _, never := range []string{"<img", "<script", "?utm", "url("} {
			if strings.Contains(got, never) {
				t.Errorf("the mail has %s", never)
			}
		}
		*waiting = append(*waiting, mail.Matter{Person: "p", Key: "new", Says: "Something new", Path: "/"})
		if n := f.remind(t); n != 0 {
			t.Error("two on a day")
		}
		f.clock.Advance(24 * time.Hour)
		if n := f.remind(t); n != 1 || !strings.Contains(f.box.got[1], "Something new") || !strings.Contains(f.box.got[1], "A period ends") {
			t.Errorf("%d on the next day", n)
		}
		for day := 2; day < 8; day++ {
			f.clock.Advance(24 * time.Hour)
			if n := f.remind(t); n != 0 {
				t.Errorf("told again after %d days", day)
			}
		}
		f.clock.Advance(24 * time.Hour)
		if n := f.remind(t); n != 1 {
			t.Errorf("%d a week after", n)
		}
		*waiting = (*waiting)[1:2] // what is told once is never told again
		f.clock.Advance(30 * 24 * time.Hour)
		if n := f.remind(t); n != 0 {
			t.Errorf("%d about what is told once", n)
		}
	})
}

func TestTwoProcessesSendOneMail(t *testing.T) {
	reminded(t, func(t *testing.T, ctx context.Context, f *fixture, waiting *[]mail.Matter) {
		*waiting = []mail.Matter{{Person: "p", Key: "a", Says: "x", Path: "/"}, {Person: "q", Key: "b", Says: "x", Path: "/"}}
		var both sync.WaitGroup
		for range 4 {
			both.Go(func() {
				if err := f.Remind(ctx, site, "Tarn"); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		f.drain(t)
		if len(f.box.got) != 2 {
			t.Errorf("%d mails to %v", len(f.box.got), f.box.to)
		}
	})
}

func TestRemindersAreDeclinedAndComeByDay(t *testing.T) {
	reminded(t, func(t *testing.T, ctx context.Context, f *fixture, waiting *[]mail.Matter) {
		*waiting = []mail.Matter{{Person: "off", Key: "a", Says: "x", Path: "/"}}
		who := authz.Actor{Person: "off", Role: authz.Member}
		choose := func(on bool) {
			if err := f.ChooseReminders(ctx, who, on); err != nil {
				t.Fatal(err)
			}
			if is, err := f.Reminders(ctx, who); err != nil || is != on {
				t.Errorf("%v %v", is, err)
			}
		}
		choose(false)
		if n := f.remind(t); n != 0 {
			t.Error("a mail to who declined")
		}
		choose(true)
		f.clock.Advance(13 * time.Hour) // one in the night
		if n := f.remind(t); n != 0 {
			t.Error("a mail at night")
		}
		f.clock.Advance(7 * time.Hour)
		if n := f.remind(t); n != 1 {
			t.Error("no mail in the morning")
		}
		if _, err := f.Reminders(ctx, authz.Nobody()); !errs.Is(err, errs.Unauthenticated) && !errs.Is(err, errs.NotFound) {
			t.Errorf("a guest: %v", err)
		}
	})
}

func TestWithoutAServerNobodyIsReminded(t *testing.T) {
	reminded(t, func(t *testing.T, ctx context.Context, f *fixture, waiting *[]mail.Matter) {
		*waiting = []mail.Matter{{Person: "p", Key: "a", Says: "x", Path: "/"}}
		none := mail.NewService(f.unit, nil)
		none.RemindOf(func(context.Context, sqldb.Querier, clock.Day) ([]mail.Matter, error) { return *waiting, nil })
		if err := none.Remind(ctx, site, "Tarn"); err != nil {
			t.Fatal(err)
		}
		if on, err := none.Reminders(ctx, authz.Actor{Person: "p", Role: authz.Member}); on || err != nil {
			t.Errorf("on without a server: %v", err)
		}
		if n := f.remind(t); n != 1 {
			t.Error("what no server could send was taken for sent")
		}
	})
}
