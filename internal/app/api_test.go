package app

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"cairn/internal/identity"
	"cairn/internal/portfolio"
)

var readOnly = identity.NewToken{Name: "read", Scopes: []string{"read"}, Days: 1}

func TestABatchIsAllOrNothingAndDoneOnce(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		base, _ := o.api(t)
		token := o.token(t, o.head)
		call := func(key, body string) (int, string) {
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/api/v1/projects/batch", strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+token)
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Idempotency-Key", key)
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			said, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			return res.StatusCode, string(said)
		}
		count := func() int {
			page, err := o.Portfolio.List(ctx, o.head, portfolio.Filter{Limit: 10})
			if err != nil {
				t.Fatal(err)
			}
			return page.Count
		}
		before := count()
		bad := `{"items":[{"facts":{"name":{"value":"A"}}},{"facts":{"name":{"value":""}}},{"facts":{"name":{"value":"C"},"budget":{"value":"much"}}},{"id":"` + o.project + `","version":99,"facts":{"name":{"value":"D"}}}]}`
		status, said := call("one", bad)
		if status != http.StatusUnprocessableEntity || !strings.Contains(said, `"/items/1/facts/name"`) || !strings.Contains(said, `"/items/2/facts/budget"`) || !strings.Contains(said, `"/items/3"`) {
			t.Errorf("%d %s", status, said)
		}
		if count() != before {
			t.Errorf("%d projects of a batch that was refused", count()-before)
		}
		good := `{"items":[{"facts":{"name":{"value":"A"}}},{"facts":{"name":{"value":"B"}}}]}`
		status, first := call("one", good) // the key of a refused request is free
		if status != http.StatusOK {
			t.Fatalf("%d %s", status, first)
		}
		if status, again := call("one", good); status != http.StatusOK || again != first || count() != before+2 {
			t.Errorf("again: %d %s, want %s; %d more projects", status, again, first, count()-before)
		}
		if status, said := call("one", bad); status != http.StatusUnprocessableEntity || !strings.Contains(said, "belongs to another request") {
			t.Errorf("another request of the key: %d %s", status, said)
		}
		o.clock.Advance(25 * time.Hour)
		if status, _ := call("one", good); status != http.StatusOK || count() != before+4 {
			t.Errorf("after a day: %d, %d more projects", status, count()-before)
		}
	})
}

func TestTokensAreHeldToTheirScopes(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		base, _ := o.api(t)
		all := o.token(t, o.head)
		secret, err := o.People.MakeToken(ctx, o.head, readOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			token, method, path string
			status              int
			says                string
		}{
			{secret, http.MethodGet, "/projects", 200, ""},
			{secret, http.MethodGet, "/standing", 403, "career:read"},
			{secret, http.MethodPost, "/projects", 403, "projects:write"},
			{secret, http.MethodPost, "/assignments/batch", 403, "projects:write"},
			{all, http.MethodPost, "/people/" + o.manager.Person + "/invitation", 403, ""}, // the scope is there, the right is not
			{"cairn_unknown", http.MethodGet, "/projects", 401, ""},
		} {
			req, err := http.NewRequestWithContext(ctx, c.method, base+"/api/v1"+c.path, strings.NewReader(`{"role":"member"}`))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+c.token)
			req.Header.Set("Content-Type", "application/json")
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			said, _ := io.ReadAll(res.Body)
			_ = res.Body.Close()
			if res.StatusCode != c.status || !strings.Contains(string(said), c.says) {
				t.Errorf("%s %s: %d %s", c.method, c.path, res.StatusCode, said)
			}
		}
		o.People.LimitRate(20)
		var last *http.Response
		for range 30 {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/api/v1/account", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+secret)
			if last, err = http.DefaultClient.Do(req); err != nil {
				t.Fatal(err)
			}
			_ = last.Body.Close()
		}
		if last.StatusCode != http.StatusTooManyRequests || last.Header.Get("Retry-After") == "" {
			t.Errorf("thirty requests where twenty are allowed: %d, Retry-After %q", last.StatusCode, last.Header.Get("Retry-After"))
		}
	})
}
