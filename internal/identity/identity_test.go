package identity

import (
	"context"
	"errors"
	"testing"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

const secret = "a sentence that is easy to keep"

type fixture struct {
	*Service
	clock *clock.Manual
	db    *sqldb.DB
	admin authz.Actor
}

func each(t *testing.T, test func(t *testing.T, ctx context.Context, f *fixture)) {
	t.Helper()
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		c := clock.NewManual(kittest.Noon, 1)
		f := &fixture{Service: NewService(work.New(db, c.Source, authz.NewPolicy(Rules), time.UTC, KeepTables...)), clock: c, db: db}
		f.admin = authz.Actor{Person: f.account(t, "Ada Admin", "ada@example.org", authz.Administrator), Role: authz.Administrator}
		test(t, context.Background(), f)
	})
}

// account makes a person with an account and a password.
func (f *fixture) account(t *testing.T, name, email string, role authz.Role) string {
	t.Helper()
	ctx, operator := context.Background(), authz.AtCommandLine()
	p, err := f.AddPerson(ctx, operator, Person{Name: name, Email: email})
	if err != nil {
		t.Fatal(err)
	}
	link, err := f.Invite(ctx, operator, p.ID, role)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.FollowLink(ctx, link, "", "", secret); err != nil {
		t.Fatal(err)
	}
	return p.ID
}

func TestSignInNeverTellsWhetherThereIsAnAccount(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		token, err := f.SignIn(ctx, " ADA@example.org ", secret, "here")
		if err != nil {
			t.Fatal(err)
		}
		if s, err := f.BySession(ctx, token); err != nil || s.Actor != f.admin || s.Name != "Ada Admin" {
			t.Errorf("session %+v, %v", s, err)
		}
		_, wrong := f.SignIn(ctx, "ada@example.org", "not the password at all", "there")
		_, nobody := f.SignIn(ctx, "nobody@example.org", "not the password at all", "there")
		if wrong == nil || nobody == nil || wrong.Error() != nobody.Error() {
			t.Errorf("a wrong password says %v, an unknown account %v", wrong, nobody)
		}
		if s, err := f.BySession(ctx, "made up"); err != nil || s.Actor.SignedIn() {
			t.Errorf("a made up token gives %+v, %v", s, err)
		}
	})
}

func TestSignInIsLimited(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		limited := false
		for range 60 {
			if _, err := f.SignIn(ctx, "ada@example.org", "guess after guess", "here"); errs.Is(err, errs.TooMany) {
				limited = true
				break
			}
		}
		if !limited {
			t.Fatal("sixty guesses were not too many")
		}
		if _, err := f.SignIn(ctx, "ada@example.org", secret, "here"); !errs.Is(err, errs.TooMany) {
			t.Errorf("the right password at that moment: %v", err)
		}
		f.clock.Advance(wait + time.Minute)
		if _, err := f.SignIn(ctx, "ada@example.org", secret, "here"); err != nil {
			t.Errorf("after the wait: %v", err)
		}
	})
}

func TestAPasswordChangeEndsOtherSessions(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		one, err1 := f.SignIn(ctx, "ada@example.org", secret, "a")
		two, err2 := f.SignIn(ctx, "ada@example.org", secret, "b")
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if err := f.ChangePassword(ctx, f.admin, one, "not the old one", "another long sentence"); !errs.Is(err, errs.Invalid) {
			t.Errorf("with a wrong old password: %v", err)
		}
		if err := f.ChangePassword(ctx, f.admin, one, secret, "short"); !errs.Is(err, errs.Invalid) {
			t.Errorf("with a short password: %v", err)
		}
		if err := f.ChangePassword(ctx, f.admin, one, secret, "another long sentence"); err != nil {
			t.Fatal(err)
		}
		mine, _ := f.BySession(ctx, one)
		other, _ := f.BySession(ctx, two)
		if !mine.Actor.SignedIn() || other.Actor.SignedIn() {
			t.Errorf("mine %+v, other %+v", mine, other)
		}
	})
}

func TestLinksWorkOnceAndForSevenDays(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		id := f.account(t, "Mia Member", "mia@example.org", authz.Member)
		link, err := f.ResetLink(ctx, f.admin, id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.FollowLink(ctx, link, "", "", "tiny"); !errs.Is(err, errs.Invalid) {
			t.Errorf("a short password: %v", err)
		}
		if _, err := f.FollowLink(ctx, link, "", "", "a fresh long sentence"); err != nil {
			t.Fatalf("after the refusal the link still works: %v", err)
		}
		if _, err := f.FollowLink(ctx, link, "", "", "a fresh long sentence"); err == nil {
			t.Error("the link worked twice")
		}
		late, err := f.ResetLink(ctx, f.admin, id)
		if err != nil {
			t.Fatal(err)
		}
		f.clock.Advance(LinkLife + time.Minute)
		if _, err := f.FollowLink(ctx, late, "", "", "a fresh long sentence"); err == nil {
			t.Error("the link worked after its life")
		}
		_, gone := f.FollowLink(ctx, late, "", "", "a fresh long sentence")
		_, made := f.FollowLink(ctx, "made-up", "", "", "a fresh long sentence")
		if gone == nil || made == nil || gone.Error() != made.Error() {
			t.Errorf("an expired link says %v, a made up one %v", gone, made)
		}
	})
}

func TestRolesAndDeactivationTakeHoldAtOnce(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		id := f.account(t, "Mia Member", "mia@example.org", authz.Member)
		mia := authz.Actor{Person: id, Role: authz.Member}
		session, err := f.SignIn(ctx, "mia@example.org", secret, "a")
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetRole(ctx, mia, id, authz.Administrator, true); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a member made herself administrator: %v", err)
		}
		token, err := f.MakeToken(ctx, mia, NewToken{Name: "export", Scopes: []string{"read"}, Days: 90})
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetRole(ctx, f.admin, id, authz.PMOMember, false); err != nil {
			t.Fatal(err)
		}
		if s, _ := f.BySession(ctx, session); s.Actor.SignedIn() {
			t.Error("a deactivated account is still signed in")
		}
		if _, err := f.ByToken(ctx, token); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("its token: %v", err)
		}
		if _, err := f.SignIn(ctx, "mia@example.org", secret, "a"); err == nil {
			t.Error("a deactivated account signed in")
		}
	})
}

func TestTokensAreHashedAndRevoked(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		token, err := f.MakeToken(ctx, f.admin, NewToken{Name: "monthly export", Scopes: []string{"read", "people:write"}, Days: 90})
		if err != nil {
			t.Fatal(err)
		}
		if who, err := f.ByToken(ctx, token); err != nil || who.Actor != f.admin {
			t.Errorf("token gives %+v, %v", who, err)
		}
		var plain int
		if err := f.db.Read.QueryRow(`SELECT COUNT(*) FROM api_token WHERE CAST(hash AS TEXT) LIKE '%' || $1 || '%'`, token).Scan(&plain); err != nil || plain != 0 {
			t.Errorf("%d tokens lie in plain text, %v", plain, err)
		}
		list, err := f.Tokens(ctx, f.admin)
		if err != nil || len(list) != 1 {
			t.Fatalf("tokens %v, %v", list, err)
		}
		other := authz.Actor{Person: f.account(t, "Mia Member", "mia@example.org", authz.Member), Role: authz.Member}
		if err := f.RevokeToken(ctx, other, list[0].ID); err == nil {
			t.Error("somebody else revoked it")
		}
		if err := f.RevokeToken(ctx, f.admin, list[0].ID); err != nil {
			t.Fatal(err)
		}
		if _, err := f.ByToken(ctx, token); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("a revoked token: %v", err)
		}
	})
}

func TestTheFirstAdministratorIsMadeOnce(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		s := NewService(work.New(db, clock.NewManual(kittest.Noon, 1).Source, authz.NewPolicy(Rules), time.UTC, KeepTables...))
		link, err := s.SetupLink(ctx)
		if err != nil || link == "" {
			t.Fatalf("link %q, %v", link, err)
		}
		session, err := s.FollowLink(ctx, link, "Ada Admin", "ada@example.org", secret)
		if err != nil {
			t.Fatal(err)
		}
		if who, err := s.BySession(ctx, session); err != nil || who.Actor.Role != authz.Administrator {
			t.Errorf("session %+v, %v", who, err)
		}
		if link, err := s.SetupLink(ctx); err != nil || link != "" {
			t.Errorf("a second link %q, %v", link, err)
		}
	})
}
