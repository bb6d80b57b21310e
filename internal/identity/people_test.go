package identity

import (
	"context"
	"strings"
	"testing"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
)

// TestSignInTakesTheSameWhoeverIsAsked counts the derivations of a password,
// which take all the time of an answer, for everything that an address can be.
func TestSignInTakesTheSameWhoeverIsAsked(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		closed := f.account(t, "Cleo Closed", "cleo@example.org", authz.Member)
		if err := f.SetRole(ctx, f.admin, closed, authz.Member, false); err != nil {
			t.Fatal(err)
		}
		waiting, err := f.AddPerson(ctx, f.admin, Person{Name: "Wes Waiting", Email: "wes@example.org"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Invite(ctx, f.admin, waiting.ID, authz.Member); err != nil {
			t.Fatal(err)
		}
		if _, err := f.AddPerson(ctx, f.admin, Person{Name: "Nora None", Email: "nora@example.org"}); err != nil {
			t.Fatal(err)
		}
		words := map[string]bool{}
		for _, address := range []string{"ada@example.org", "cleo@example.org", "wes@example.org", "nora@example.org", "nobody@example.org", "", "not an address"} {
			before := derived.Load()
			_, err := f.SignIn(ctx, address, "a wrong password", address)
			if n := derived.Load() - before; n != 1 {
				t.Errorf("%q: %d derivations", address, n)
			}
			if err == nil {
				t.Fatalf("%q signed in", address)
			}
			words[err.Error()] = true
		}
		if len(words) != 1 {
			t.Errorf("different answers: %v", words)
		}
	})
}

// TestLinksTellNothing counts the same for links that never were, were used, and
// are of a person who was erased or deactivated meanwhile.
func TestLinksTellNothing(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		id := f.account(t, "Mia Member", "mia@example.org", authz.Member)
		used, err := f.ResetLink(ctx, f.admin, id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.FollowLink(ctx, used, "", "", "a fresh long sentence"); err != nil {
			t.Fatal(err)
		}
		replaced, err1 := f.ResetLink(ctx, f.admin, id)
		ended, err2 := f.ResetLink(ctx, f.admin, id)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if err := f.SetRole(ctx, f.admin, id, "", false); err != nil {
			t.Fatal(err)
		}
		words := map[string]bool{}
		for _, token := range []string{used, replaced, ended, "made-up", ""} {
			before := derived.Load()
			_, err := f.FollowLink(ctx, token, "Eve", "ada@example.org", "a fresh long sentence")
			if n := derived.Load() - before; n != 1 {
				t.Errorf("%d derivations", n)
			}
			if !errs.Is(err, errs.NotFound) {
				t.Fatalf("a link that does not work: %v", err)
			}
			words[err.Error()] = true
			if _, err := f.LinkKind(ctx, token); !errs.Is(err, errs.NotFound) {
				t.Errorf("its page: %v", err)
			}
		}
		if len(words) != 1 {
			t.Errorf("different answers: %v", words)
		}
	})
}

func TestDeactivationEndsEverythingForGood(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		id := f.account(t, "Mia Member", "mia@example.org", authz.Member)
		mia := authz.Actor{Person: id, Role: authz.Member}
		session, err := f.SignIn(ctx, "mia@example.org", secret, "a")
		if err != nil {
			t.Fatal(err)
		}
		token, err := f.MakeToken(ctx, mia, NewToken{Name: "export", Scopes: []string{"read"}, Days: 90})
		if err != nil {
			t.Fatal(err)
		}
		for _, active := range []bool{false, true} {
			if err := f.SetRole(ctx, f.admin, id, "", active); err != nil {
				t.Fatal(err)
			}
			if s, err := f.BySession(ctx, session); err != nil || s.Actor.SignedIn() {
				t.Errorf("active %t: the session still holds, %v", active, err)
			}
			if _, err := f.ByToken(ctx, token); !errs.Is(err, errs.Unauthenticated) {
				t.Errorf("active %t: the token still works: %v", active, err)
			}
		}
		if _, err := f.SignIn(ctx, "mia@example.org", secret, "a"); err != nil {
			t.Errorf("after the reactivation: %v", err)
		}
	})
}

func TestSomebodyAlwaysManagesAccounts(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		second := authz.Actor{Person: f.account(t, "Bo Admin", "bo@example.org", authz.Administrator), Role: authz.Administrator}
		if err := f.SetRole(ctx, f.admin, f.admin.Person, authz.Member, true); !errs.Is(err, errs.Invalid) {
			t.Errorf("an administrator demotes themself: %v", err)
		}
		if _, err := f.Invite(ctx, f.admin, f.admin.Person, authz.Member); !errs.Is(err, errs.Invalid) {
			t.Errorf("an invitation demotes them: %v", err)
		}
		if err := f.SetRole(ctx, f.admin, second.Person, authz.Member, true); err != nil {
			t.Fatalf("one of two is demoted: %v", err)
		}
		// Bo's session still says administrator for as long as this request runs.
		if err := f.SetRole(ctx, second, f.admin.Person, "", false); !errs.Is(err, errs.Invalid) {
			t.Errorf("the last one is deactivated: %v", err)
		}
		if err := f.Erase(ctx, second, f.admin.Person, RemoveWords, "Ada Admin"); !errs.Is(err, errs.Invalid) {
			t.Errorf("the last one is erased: %v", err)
		}
		if _, err := f.SignIn(ctx, "ada@example.org", secret, "x"); err != nil {
			t.Errorf("the last one signs in: %v", err)
		}
	})
}

func TestDevicesAreOnesOwnAndCanBeEnded(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		here, err1 := f.SignIn(ctx, "ada@example.org", secret, "a")
		there, err2 := f.SignIn(ctx, "ada@example.org", secret, "b")
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if err := f.NoteDevice(ctx, there, "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"); err != nil {
			t.Fatal(err)
		}
		list, err := f.Devices(ctx, f.admin, here)
		if err != nil || len(list) != 3 { // the one of the set-up too
			t.Fatalf("devices %+v, %v", list, err)
		}
		other := ""
		for _, d := range list {
			if d.Words == "Edge on Windows" && !d.Present {
				other = d.ID
			}
		}
		mia := authz.Actor{Person: f.account(t, "Mia Member", "mia@example.org", authz.Member), Role: authz.Member}
		if err := f.EndDevice(ctx, mia, "x", other); !errs.Is(err, errs.NotFound) {
			t.Errorf("somebody else ended it: %v", err)
		}
		if err := f.EndDevice(ctx, f.admin, here, other); err != nil {
			t.Fatal(err)
		}
		if s, _ := f.BySession(ctx, there); s.Actor.SignedIn() {
			t.Error("the ended device is still signed in")
		}
		if err := f.EndDevice(ctx, f.admin, here, ""); err != nil {
			t.Fatal(err)
		}
		if list, err = f.Devices(ctx, f.admin, here); err != nil || len(list) != 1 || !list[0].Present {
			t.Errorf("afterwards %+v, %v", list, err)
		}
	})
}

func TestOldSessionsAndTriesAreDeleted(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		if _, err := f.SignIn(ctx, "ada@example.org", "a wrong one", "a"); err == nil {
			t.Fatal("signed in")
		}
		f.clock.Advance(SessionLife + time.Hour)
		if _, err := f.SignIn(ctx, "ada@example.org", secret, "b"); err != nil {
			t.Fatal(err)
		}
		var sessions, tries int
		if err := f.db.Read.QueryRow(`SELECT (SELECT COUNT(*) FROM session), (SELECT COUNT(*) FROM rate_limit)`).Scan(&sessions, &tries); err != nil {
			t.Fatal(err)
		}
		if sessions != 1 || tries != 1 { // this session, and the try from this place
			t.Errorf("%d sessions and %d buckets are left", sessions, tries)
		}
	})
}

func TestAListIsInvitedWholeOrNotAtAll(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		known, err := f.AddPerson(ctx, f.admin, Person{Name: "Kim Known", Email: "kim@example.org"})
		if err != nil {
			t.Fatal(err)
		}
		list, err := ReadInvitations("Nia New, nia@example.org, PMO member\n\nKim K.\tkim@example.org\n")
		if err != nil {
			t.Fatal(err)
		}
		made, err := f.InviteAll(ctx, f.admin, list)
		if err != nil || len(made) != 2 || made[1].Person != known.ID || made[0].Token == "" {
			t.Fatalf("made %+v, %v", made, err)
		}
		if _, err := f.FollowLink(ctx, made[0].Token, "", "", secret); err != nil {
			t.Fatal(err)
		}
		list, err = ReadInvitations("Zoe Zed, zoe@example.org\nNia New, nia@example.org, member")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.InviteAll(ctx, f.admin, list); len(errs.FieldsOf(err)) != 1 || !strings.Contains(err.Error(), "Nia New") {
			t.Errorf("somebody who has an account already: %v", err)
		}
		page, err := f.People(ctx, f.admin, Filter{Find: "Zoe"})
		if err != nil || len(page.People) != 0 {
			t.Errorf("part of the list was added: %+v, %v", page, err)
		}
		for text, want := range map[string]string{
			"": "at least one", "only a name": "Line 1", "A, a@example.org\nB, broken, member": "Line 2", "A, a@example.org, emperor": "no such role",
		} {
			if _, err := ReadInvitations(text); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%q: %v", text, err)
			}
		}
	})
}

func TestTheDirectoryIsFilteredAndPaged(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		mia := f.account(t, "Mia Member", "mia@example.org", authz.Member)
		if _, err := f.AddPerson(ctx, f.admin, Person{Name: "Lou Left", LeftOn: "2020-01-01"}); err != nil {
			t.Fatal(err)
		}
		if err := f.SetRole(ctx, f.admin, mia, "", false); err != nil {
			t.Fatal(err)
		}
		for state, want := range map[State]string{WithAccount: "Ada Admin", Closed: "Mia Member", NoAccount: "Lou Left", Left: "Lou Left", Waiting: "", Asked: ""} {
			page, err := f.People(ctx, f.admin, Filter{State: state})
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, p := range page.People {
				names = append(names, p.Name)
			}
			if strings.Join(names, ", ") != want {
				t.Errorf("%s: %v, want %s", state, names, want)
			}
		}
		member := authz.Actor{Person: mia, Role: authz.Member}
		if _, err := f.People(ctx, member, Filter{State: Asked}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a member sees who asks to be erased: %v", err)
		}
		if page, err := f.People(ctx, member, Filter{Find: "example.org"}); err != nil || len(page.People) != 0 {
			t.Errorf("a member finds by address: %+v, %v", page, err)
		}
		if page, err := f.People(ctx, f.admin, Filter{Find: "MIA@"}); err != nil || len(page.People) != 1 {
			t.Errorf("the administrator finds by address: %+v, %v", page, err)
		}
	})
}
