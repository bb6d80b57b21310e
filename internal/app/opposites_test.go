package app

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"cairn/internal/kit/authz"
	"cairn/internal/opposites"
)

// everyEnd marks all ends alike.
func everyEnd(n int) opposites.Marks {
	m := opposites.Marks{}
	for _, e := range opposites.Ends() {
		m[e.ID] = n
	}
	return m
}

// TestPairedOppositesAreOnePersonsAlone holds each role to each address, in pages
// and in the API: the owner has it, the invited colleague can answer, and to
// everybody else, the head of PMO and the administrator too, nothing is there.
func TestPairedOppositesAreOnePersonsAlone(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.Log = slog.New(slog.DiscardHandler)
		owner := o.partner
		r, err := o.Opposites.Rate(ctx, owner, everyEnd(2))
		check(t, err)
		check(t, o.Opposites.Note(ctx, owner, r.ID, 1, "a note for nobody"))
		her := live(t, ctx, o) // the sixth account of the office
		check(t, o.Opposites.Ask(ctx, owner, r.ID, []string{o.head.Person, o.manager.Person, o.other.Person, o.adm.Person, her.Person}, ""))
		site := o.Handler()
		base, _ := o.api(t)
		round, request := "/opposites/rounds/"+r.ID, "/opposites/requests/"+r.ID
		for name, who := range map[string]authz.Actor{"owner": owner, "head of PMO": o.head, "administrator": o.adm, "manager": o.manager, "member": o.other} {
			session, token := o.session(t, who), o.token(t, who)
			mine := name == "owner"
			for at, want := range map[string]bool{round: mine, round + "/ask": mine, request: !mine} {
				if got := o.get(site, session, at); (got.Code == http.StatusOK) != want || !want && got.Code != http.StatusNotFound {
					t.Errorf("%s reads %s: %d", name, at, got.Code)
				}
			}
			if page := o.get(site, session, "/opposites").Body.String(); strings.Contains(page, "a note for nobody") != mine {
				t.Errorf("%s reads the note: %t", name, !mine)
			}
			for call, want := range map[string]int{
				"PUT " + round + "/note": http.StatusOK, "POST " + round + "/ask": http.StatusUnprocessableEntity,
			} {
				method, at, _ := strings.Cut(call, " ")
				body := map[string]string{"PUT": `{"note":"a note for nobody"}`, "POST": `{"people":["nobody"]}`}[method]
				if !mine {
					want = http.StatusNotFound
				}
				version := `"` + map[bool]string{true: "3", false: "1"}[mine] + `"`
				if got := callAPI(t, base, token, method, at, body, version); got.code != want {
					t.Errorf("%s %s: %d %s", name, call, got.code, got.body)
				}
			}
			if got := callAPI(t, base, token, http.MethodGet, "/opposites", "", ""); got.code != http.StatusOK || strings.Contains(got.body, "a note for nobody") != mine {
				t.Errorf("%s reads by the API: %d %s", name, got.code, got.body)
			}
		}
		if got := o.get(site, "", round); got.Code != http.StatusSeeOther && got.Code != http.StatusNotFound {
			t.Errorf("a guest: %d", got.Code)
		}
	})
}

type apiAnswer struct {
	code int
	body string
}

// callAPI calls the API with a token.
func callAPI(t *testing.T, base, token, method, at, body, version string) apiAnswer {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, base+"/api/v1"+at, strings.NewReader(body))
	check(t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	if version != "" {
		r.Header.Set("If-Match", version)
	}
	got, err := http.DefaultClient.Do(r)
	check(t, err)
	defer got.Body.Close()
	var b strings.Builder
	_, err = io.Copy(&b, got.Body)
	check(t, err)
	return apiAnswer{got.StatusCode, b.String()}
}
