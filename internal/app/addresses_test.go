package app

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/web"
)

// An address that no database can take is the reader's error and not ours.
func TestBrokenAddressesAreRefused(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		a := makeDemo(t, db, 3, 2, true)
		a.Log = slog.New(slog.DiscardHandler)
		token, err := a.People.EnterDemo(context.Background(), "ines.calloway@demo.invalid")
		if err != nil {
			t.Fatal(err)
		}
		site := a.Handler()
		nul := func(list string) string { return web.Cursor{List: list, Key: "a\x00", ID: "b"}.String() }
		for _, at := range []string{
			"/projects?find=%00", "/projects?find=%ff", "/projects?find=a%00b&sort=end", "/projects?under=%c3%28", "/projects/%00", "/projects/%ff", "/projects?%00=1",
			"/projects?after=" + nul("projects  "), "/people?after=" + nul("people"), "/people?find=%00", "/cases?after=" + nul("cases"), "/projects/x?as_at=%00", "/sign-in?next=%00",
			// A choice that there is none of is refused, and not left out in silence.
			"/decisions?origin=nope", "/decisions?state=nope", "/meetings?show=nope", "/actions?state=nope", "/actions?sort=nope", "/actions?origin=nope",
			"/projects?sort=nope", "/projects?rating=nope", "/projects?group=nope", "/projects?where=nope", "/portfolio?show=nope", "/portfolio/compare?field=nope",
			"/portfolio/compare?known=nope", "/portfolio/compare?only=nope", "/reports?show=nope", "/reports?period=nope", "/waivers?state=nope", "/findings?show=nope",
			"/conditions?show=nope", "/people?state=nope", "/opportunities?form=nope", "/imports/new?kind=nope", "/framework?version=nope", "/career?on=nope",
		} {
			r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, at, nil)
			r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: token})
			answer := httptest.NewRecorder()
			site.ServeHTTP(answer, r)
			if answer.Code != http.StatusUnprocessableEntity && answer.Code != http.StatusNotFound {
				t.Errorf("%s answers %d", at, answer.Code)
			}
		}
	})
}
