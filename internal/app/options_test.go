package app

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cairn/internal/career"
	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
)

// What is asked of the planner is answered with words, by the page and by the API,
// and never with a server's error.
func TestThePlannerAnswersWhatCannotBeMeant(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.Log = slog.New(slog.DiscardHandler)
		check(t, o.CatchUp(ctx))
		if _, err := o.Career.Plan(ctx, o.partner, career.PlanQuery{}); !errs.Is(err, errs.NotFound) {
			t.Errorf("while the career is off: %v", err)
		}
		check(t, o.Career.TurnOn(ctx, o.partner))
		site, token, key := o.Handler(), o.session(t, o.partner), o.key(t, o.partner)
		for query, want := range map[string]string{
			"role=emperor":                "Choose a role of the framework in force.",
			"hours=-5":                    "Enter hours from 1",
			"hours=many":                  "Enter hours from 1",
			"hours_week=-1":               "Enter hours a week from 1",
			"hours_week=200":              "Enter hours a week from 1",
			"weeks=999999999":             "Enter weeks from 1",
			"weeks=99999999999999999999":  "Enter weeks from 1",
			"from=2027-13-40":             "Enter a date",
			"without=nothing-of-the-sort": "Leave out only options",
			"role=emperor&do=x&do=,,&a=b": "Choose a role",
		} {
			page := o.get(site, token, "/career/options?plan=yes&"+query)
			if page.Code != http.StatusUnprocessableEntity || !strings.Contains(page.Body.String(), want) {
				t.Errorf("page, %s: %d, %q is there: %v", query, page.Code, want, strings.Contains(page.Body.String(), want))
			}
			if answer := o.callAPI(site, key, "/api/v1/plans?"+query); answer.Code != http.StatusUnprocessableEntity {
				t.Errorf("API, %s: %d %s", query, answer.Code, answer.Body)
			}
		}
		if page := o.get(site, token, "/career/options?plan=yes&hours=-5"); !strings.Contains(page.Body.String(), `value="-5"`) {
			t.Error("what was typed is not kept")
		}
		if page := o.get(site, token, "/career/roles?a=emperor"); page.Code != http.StatusUnprocessableEntity {
			t.Errorf("an unknown role to compare: %d", page.Code)
		}
	})
}

func TestOptionsAndPlansAreThePersonsOwn(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.Log = slog.New(slog.DiscardHandler)
		check(t, o.CatchUp(ctx))
		for _, who := range []authz.Actor{o.partner, o.manager} {
			check(t, o.Career.TurnOn(ctx, who))
		}
		site, key := o.Handler(), o.key(t, o.partner)
		var options struct {
			Items []struct {
				ID    string
				Hours int
				First []string
			}
			Together struct{ Hours int }
		}
		get(t, o, site, key, "/api/v1/options", &options)
		if len(options.Items) < 2 {
			t.Fatal("no options")
		}
		sum, ask := 0, ""
		for _, one := range options.Items[:2] {
			sum, ask = sum+one.Hours, ask+"&do="+one.ID
		}
		get(t, o, site, key, "/api/v1/options?"+ask[1:], &options)
		if options.Together.Hours != sum {
			t.Errorf("%d hours together, want %d", options.Together.Hours, sum)
		}
		for _, role := range mine(t, ctx, o) {
			var plans struct {
				Already, Proven bool
				Items           []struct{ Opens []string }
				Why             struct{ Never, Limits []string }
			}
			get(t, o, site, key, "/api/v1/plans?role="+role, &plans)
			if !plans.Already && len(plans.Items) == 0 && len(plans.Why.Never) == 0 || !plans.Proven {
				t.Errorf("%s: neither a plan nor a reason: %+v", role, plans)
			}
			var asked struct {
				State  string
				WhyNot [][]struct{ Says string } `json:"why_not"`
			}
			get(t, o, site, key, "/api/v1/standing/roles/"+role, &asked)
			if (asked.State == "qualified") != (len(asked.WhyNot) == 0) {
				t.Errorf("%s is %s and kept closed by %v", role, asked.State, asked.WhyNot)
			}
		}
	})
}

func mine(t *testing.T, ctx context.Context, o *office) (ids []string) {
	t.Helper()
	st, err := o.Career.Standing(ctx, o.partner)
	check(t, err)
	for _, r := range st.Roles {
		ids = append(ids, r.ID)
	}
	return ids
}

// key makes a token that may read one's own career.
func (o *office) key(t *testing.T, who authz.Actor) string {
	t.Helper()
	key, err := o.People.MakeToken(context.Background(), who, identity.NewToken{Name: "career", Scopes: []string{"career:read"}, Days: 1})
	check(t, err)
	return key
}

func (o *office) callAPI(site http.Handler, key, at string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, at, nil)
	r.Header.Set("Authorization", "Bearer "+key)
	answer := httptest.NewRecorder()
	site.ServeHTTP(answer, r)
	return answer
}

func get(t *testing.T, o *office, site http.Handler, key, at string, into any) {
	t.Helper()
	answer := o.callAPI(site, key, at)
	if answer.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", at, answer.Code, answer.Body)
	}
	check(t, json.Unmarshal(answer.Body.Bytes(), into))
}
