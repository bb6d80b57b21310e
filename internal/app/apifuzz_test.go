package app

import (
	"bytes"
	"context"
	"flag"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"cairn/internal/app/apifuzz"
	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

var (
	apiRequests = flag.Int("api-requests", 600, "requests that the fuzzer of the API makes on each engine")
	apiSeed     = flag.Uint64("api-seed", 1, "seed of the fuzzer of the API")
)

// token makes a token of somebody with every scope.
func (o *office) token(t *testing.T, who authz.Actor) string {
	t.Helper()
	n := identity.NewToken{Name: "test", Days: 30}
	for _, s := range web.ScopesOf(o.operations()) {
		n.Scopes = append(n.Scopes, string(s))
	}
	secret, err := o.People.MakeToken(context.Background(), who, n)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// api serves the office's API, with a log to look into.
func (o *office) api(t *testing.T) (base string, log *bytes.Buffer) {
	t.Helper()
	log = &bytes.Buffer{}
	o.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelError}))
	o.People.LimitRate(0)
	server := httptest.NewServer(o.Handler())
	t.Cleanup(server.Close)
	return server.URL, log
}

func TestTheAPIIsAsDescribed(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.methods(t, ctx)
		_, err := o.Governance.Answer(ctx, o.manager, o.project, radio)
		check(t, err)
		base, log := o.api(t)
		description, err := web.OpenAPI("1", "", o.operations())
		if err != nil {
			t.Fatal(err)
		}
		// The administrator's tokens come last: what they close stays closed for the run.
		run, err := apifuzz.New(description, base, []string{o.token(t, o.head), o.token(t, o.head), o.token(t, o.partner), o.token(t, o.manager), o.token(t, o.adm)}, *apiSeed)
		if err != nil {
			t.Fatal(err)
		}
		run.Skip = map[string]string{
			"putAccount":  "would close the accounts that the run acts for",
			"erasePerson": "would erase those whom the run acts for",
			"revokeToken": "would end the tokens of the run",
		}
		wrong, err := run.Go(ctx, *apiRequests)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range wrong {
			t.Error(w)
		}
		good := 0
		for status, n := range run.Statuses {
			if strings.Contains(status, " 2") {
				good += n
			}
		}
		if good < *apiRequests/10 {
			t.Errorf("only %d of %d requests were answered well: the fuzzer does not get far", good, *apiRequests)
		}
		if log.Len() > 0 {
			t.Logf("the log says:\n%s", log)
		}
	})
}
