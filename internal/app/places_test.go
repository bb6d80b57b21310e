package app

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/web"
	"cairn/internal/webhook"
)

// noPlaces are no place in any list: not a cursor, an empty one, one without an
// id, a number, an address, a place in a list that is not there or is not named.
var noPlaces = []string{
	web.Cursor{List: "rivers", Key: "2026", ID: anID}.String(), web.Cursor{Key: "2026", ID: anID}.String(),
	"!", "nope", "e30", "bnVsbA", "eyJrIjoieCJ9", "MTIz", "-1", "..%2F..", "%00", "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz",
}

const anID = "018b8f42-c680-7132-ac8e-19ab592cd0b5"

// listNames are the names that places in lists have.
var listNames = []string{
	"people", "opportunities", "reports", "cpd", "gates", "conditions", "waivers", "findings", "cases", "mentoring", "decisions", "meetings", "bodies",
	"actions ", "actions age", "actions due", "documents", "projects status ", "projects status name", "projects status name down",
}

// placed lists the operations of the API that take a place in a list, as "path?name".
func placed(t *testing.T, a *App) (out []string) {
	t.Helper()
	doc, err := web.OpenAPI("1", "", a.operations())
	check(t, err)
	var api struct {
		Paths map[string]map[string]struct {
			Parameters []struct{ Name, In string }
		}
	}
	check(t, yaml.Unmarshal(doc, &api))
	for path, methods := range api.Paths {
		for _, o := range methods {
			for _, p := range o.Parameters {
				if p.In == "query" && (p.Name == "after" || p.Name == "before" || p.Name == "cursor") {
					out = append(out, path+"?"+p.Name)
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// What is no place in a list is said to be none: never the first page in silence.
// A place in one list, or in one order of it, is no place in another.
func TestWhatIsNoPlaceInAListIsRefused(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		a := makeDemo(t, db, 3, 2, true)
		a.Log = slog.New(slog.DiscardHandler)
		a.People.LimitRate(0)
		var head authz.Actor
		check(t, db.Read.QueryRowContext(ctx, `SELECT person_id, role FROM v_account WHERE role = 'head_of_pmo' AND active = TRUE ORDER BY person_id`).Scan(&head.Person, &head.Role))
		check(t, a.Career.TurnOn(ctx, head))
		one := func(query string) (id string) {
			check(t, db.Read.QueryRowContext(ctx, query).Scan(&id))
			return id
		}
		project, email := one(`SELECT id FROM v_project ORDER BY id`), one(`SELECT email FROM person WHERE id = '`+head.Person+`'`)
		imported := bring(t, a, "p.csv", "id,name,department\n1,A,B\n", "places", "2026-01-31", nil).ID
		hook, _, err := a.Webhooks.Register(ctx, head, webhook.New{Address: "https://hooks.example.org/cairn"})
		check(t, err)
		n := identity.NewToken{Name: "places", Days: 1}
		for _, s := range web.ScopesOf(a.operations()) {
			n.Scopes = append(n.Scopes, string(s))
		}
		key, err := a.People.MakeToken(ctx, head, n)
		check(t, err)
		session, err := a.People.EnterDemo(ctx, email)
		check(t, err)
		fill := strings.NewReplacer("/projects/{id}", "/projects/"+project, "/imports/{id}", "/imports/"+imported, "/webhooks/{id}", "/webhooks/"+hook)
		site := a.Handler()
		ask := func(at string, with func(*http.Request)) *httptest.ResponseRecorder {
			r := httptest.NewRequestWithContext(ctx, http.MethodGet, at, nil)
			with(r)
			answer := httptest.NewRecorder()
			site.ServeHTTP(answer, r)
			return answer
		}
		refused := func(at string, with func(*http.Request)) {
			t.Helper()
			if answer := ask(at, with); answer.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s answers %d: %.200s", at, answer.Code, answer.Body)
			}
		}
		bearer := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+key) }
		var list []string
		places := map[string]string{} // by the name of the list
		for _, at := range placed(t, a) {
			path, name, _ := strings.Cut(fill.Replace(at), "?")
			list = append(list, path)
			for _, none := range noPlaces {
				refused("/api/v1"+path+"?from=2026-01-31&group=status&"+name+"="+none, bearer)
			}
			taken := ""
			for _, l := range listNames {
				if c := (web.Cursor{List: l, Key: "2026", ID: anID}); ask("/api/v1"+path+"?from=2026-01-31&group=status&"+name+"="+c.String(), bearer).Code == http.StatusOK {
					taken += l + ";"
				}
			}
			if taken != "" && places[taken] != "" || strings.Count(taken, ";") > 1 {
				t.Errorf("%s takes places in the lists %q, as %q does", path, taken, places[taken])
			}
			places[taken] = path
		}
		if len(places) < len(listNames)-5 { // two orders more of the actions, two of the projects, and whatever takes none
			t.Errorf("the lists with places are %v", places)
		}
		if len(list) < 20 || strings.Contains(strings.Join(list, " "), "{") {
			t.Errorf("the lists of the API are %v", list)
		}
		for _, at := range []string{
			"/actions?after=", "/bodies?after=", "/cases?after=", "/conditions?after=", "/decisions?after=", "/documents?after=", "/findings?after=", "/gates?after=",
			"/meetings?after=", "/opportunities?after=", "/people?after=", "/projects?after=", "/reports?after=", "/waivers?after=", "/mentoring?after=", "/cpd?after=",
			"/imports?before=", "/imports/done/" + imported + "?after=", "/imports/done/" + imported + "/undo?after=", "/bulk-edits?before=", "/settings/webhooks/" + hook + "?before=",
			"/projects/" + project + "/history?before=", "/portfolio/compare?from=2026-01-31&after=", "/career/evidence?after=",
		} {
			for _, none := range noPlaces {
				refused(at+none, func(r *http.Request) { r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: session}) })
			}
		}
	})
}
