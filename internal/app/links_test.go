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
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		a := makeDemo(t, db, 3, 12, true)
		a.Log = slog.New(slog.DiscardHandler)
		if err := a.CatchUp(context.Background()); err != nil {
			t.Fatal(err)
		}
		handler := a.Handler()
		for _, name := range []string{"ines.calloway", "marit.osei", "tomasz.wielandt", "gwen.ashdown-reyes", "rafe.adjei-brandt"} {
			token, err := a.People.EnterDemo(context.Background(), name+"@demo.invalid")
			if err != nil {
				t.Fatal(name, err)
			}
			if pages := walk(t, handler, name, token); pages < 80 {
				t.Errorf("%s opened %d pages: the walk ended early", name, pages)
			}
		}
	})
}

// walk opens what is linked from the first page and from there on, and counts it.
func walk(t *testing.T, site http.Handler, name, token string) (pages int) {
	t.Helper()
	opened, from, queue := map[string]int{}, map[string]string{}, []string{"/"}
	for ; len(queue) > 0; queue = queue[1:] {
		path := queue[0]
		kind := named.ReplaceAllString(varies.ReplaceAllString(path, "*"), "/$1/*")
		if opened[kind] == mostPages {
			continue
		}
		opened[kind]++
		pages++
		r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "http://cairn.example.org"+path, nil)
		r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: token})
		answer := httptest.NewRecorder()
		site.ServeHTTP(answer, r)
		if answer.Code != http.StatusOK && answer.Code != http.StatusSeeOther {
			t.Errorf("%s is offered %s on %s, and it answers %d", name, path, from[path], answer.Code)
		}
		if !strings.HasPrefix(answer.Header().Get("Content-Type"), "text/html") {
			continue
		}
		for _, link := range href.FindAllStringSubmatch(answer.Body.String(), -1) {
			to := strings.ReplaceAll(link[1], "&amp;", "&")
			if _, known := from[to]; !known {
				from[to], queue = path, append(queue, to)
			}
		}
	}
	return pages
}
