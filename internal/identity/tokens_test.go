package identity

import (
	"context"
	"slices"
	"testing"
	"time"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/work"
)

func (f *fixture) token(t *testing.T, n NewToken) string {
	t.Helper()
	secret, err := f.MakeToken(context.Background(), f.admin, n)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func TestTokensSayWhatTheyAreGoodForAndEnd(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		token := f.token(t, NewToken{Name: "export", Scopes: []string{"read", "people:write"}, Days: 7})
		b, err := f.ByToken(ctx, token)
		if err != nil || !slices.Equal(b.Scopes, []string{"read", "people:write"}) {
			t.Fatalf("bearer %+v, %v", b, err)
		}
		f.clock.Advance(7*24*time.Hour + time.Second)
		if _, err := f.ByToken(ctx, token); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("after its last day: %v", err)
		}
		if list, err := f.Tokens(ctx, f.admin); err != nil || !list[0].Expired {
			t.Errorf("list %+v, %v", list, err)
		}
		for name, n := range map[string]NewToken{
			"token_name": {Scopes: []string{"read"}, Days: 1}, "scope": {Name: "x", Days: 1},
			"days": {Name: "x", Scopes: []string{"read"}, Days: MostTokenDays + 1},
		} {
			_, err := f.MakeToken(ctx, f.admin, n)
			if fields := errs.FieldsOf(err); len(fields) != 1 || fields[0].Name != name {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestLastUseIsWrittenAtMostEveryFiveMinutes(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		token := f.token(t, NewToken{Name: "export", Scopes: []string{"read"}, Days: 7})
		used := func() time.Time {
			t.Helper()
			if _, err := f.ByToken(ctx, token); err != nil {
				t.Fatal(err)
			}
			list, err := f.Tokens(ctx, f.admin)
			if err != nil {
				t.Fatal(err)
			}
			return list[0].Used
		}
		first := used()
		if !first.Equal(f.clock.Now()) {
			t.Fatalf("first use %v", first)
		}
		f.clock.Advance(4 * time.Minute)
		if again := used(); !again.Equal(first) {
			t.Errorf("after four minutes %v", again)
		}
		f.clock.Advance(2 * time.Minute)
		if later := used(); !later.Equal(f.clock.Now()) {
			t.Errorf("after six minutes %v", later)
		}
	})
}

// Two services over one database are two processes: they share one count.
func TestRequestsOfATokenAreLimitedOverAllProcesses(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		token := f.token(t, NewToken{Name: "export", Scopes: []string{"read"}, Days: 7})
		other := NewService(work.New(f.db, f.clock.Source, f.unit.Policy(), time.UTC, KeepTables...))
		f.LimitRate(100)
		other.LimitRate(100)
		passed := 0
		var refused error
		for i := range 300 {
			s := []*Service{f.Service, other}[i%2]
			if _, err := s.ByToken(ctx, token); err == nil {
				passed++
			} else {
				refused = err
			}
		}
		if passed != 100 || !errs.Is(refused, errs.TooMany) || errs.WaitOf(refused) <= 0 || errs.WaitOf(refused) > rateWindow {
			t.Errorf("%d requests passed; then %v, wait %v", passed, refused, errs.WaitOf(refused))
		}
		f.clock.Advance(rateWindow + time.Second)
		if _, err := f.ByToken(ctx, token); err != nil {
			t.Errorf("in the next minute: %v", err)
		}
	})
}
