package app

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/web"
)

var (
	href = regexp.MustCompile(`<a [^>]*?href="(/[^"#]*)`)
	// varies is what differs between two addresses of one kind of page.
	varies = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27,}|=[^&]*|\d{4}-\d\d(-\d\d)?|\d+`)
	// named are pages of the framework and of methods, by the names of their parts.
	named = regexp.MustCompile(`/(competencies|roles|options|counters|rules|controls|use|parts)/[a-z_.]+`)
)

// mostPages is how many pages of one kind a reader opens.
const mostPages = 2

// TestEveryLinkThatIsOfferedOpens walks the demonstration as each of its people, from
// page to page: what a page offers them, they may see.
func TestEveryLinkThatIsOfferedOpens(t *testing.T) {
	notUnderRace(t)
	ctx := context.Background()
	a := makeDemo(t, kittest.NewDB(t, sqldb.SQLite), 3, 12, true)
	if err := a.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	a.Log = slog.New(slog.DiscardHandler)
	handler := a.Handler()
	for _, email := range []string{"ines.calloway", "marit.osei", "tomasz.wielandt", "gwen.ashdown-reyes", "rafe.adjei-brandt"} {
		token, err := a.People.EnterDemo(ctx, email+"@demo.invalid")
		if err != nil {
			t.Fatal(email, err)
		}
		opened, from, queue := map[string]int{}, map[string]string{}, []string{"/"}
		pages := 0
		for len(queue) > 0 {
			path := queue[0]
			queue = queue[1:]
			kind := named.ReplaceAllString(varies.ReplaceAllString(path, "*"), "/$1/*")
			if opened[kind] == mostPages {
				continue
			}
			opened[kind]++
			r := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://cairn.example.org"+path, nil)
			r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: token})
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			pages++
			if w.Code != http.StatusOK && w.Code != http.StatusSeeOther {
				t.Errorf("%s is offered %s on %s, and it answers %d", email, path, from[path], w.Code)
			}
			if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
				continue
			}
			for _, m := range href.FindAllStringSubmatch(w.Body.String(), -1) {
				to := strings.ReplaceAll(m[1], "&amp;", "&")
				if _, known := from[to]; !known {
					from[to] = path
					queue = append(queue, to)
				}
			}
		}
		if pages < 80 {
			t.Errorf("%s opened %d pages: the walk ended early", email, pages)
		}
		t.Logf("%s: %d pages of %d kinds", email, pages, len(opened))
	}
}
