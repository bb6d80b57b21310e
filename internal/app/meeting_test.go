package app

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"cairn/internal/identity"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/web"
)

// Requests of many readers and writers meet in one process while the readers of
// the record work: what the race detector is for.
func TestRequestsMeet(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		a := makeDemo(t, db, 9, 3, true)
		a.Log = slog.New(slog.DiscardHandler)
		session, err := a.People.EnterDemo(ctx, "marit.osei@demo.invalid")
		if err != nil {
			t.Fatal(err)
		}
		head, err := a.People.BySession(ctx, session)
		if err != nil {
			t.Fatal(err)
		}
		token, err := a.People.MakeToken(ctx, authz.Actor{Person: head.Actor.Person, Role: authz.HeadOfPMO}, identity.NewToken{Name: "meeting", Scopes: []string{"read", "projects:write", "people:write"}, Days: 90})
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Career.TurnOn(ctx, head.Actor); err != nil {
			t.Fatal(err)
		}
		site := a.Handler()
		ask := func(method, at, body string, want int) {
			r := httptest.NewRequestWithContext(ctx, method, at, bytes.NewBufferString(body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+token)
			r.Header.Set("Accept-Encoding", "gzip")
			r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: session})
			answer := httptest.NewRecorder()
			site.ServeHTTP(answer, r)
			if answer.Code != want {
				t.Errorf("%s %s answers %d: %.200s", method, at, answer.Code, answer.Body)
			}
		}
		var wg sync.WaitGroup
		for w := range 6 {
			wg.Go(func() {
				for i := range 5 {
					switch w % 3 {
					case 0:
						ask(http.MethodPost, "/api/v1/people", fmt.Sprintf(`{"name": "Meeting %d %d"}`, w, i), http.StatusCreated)
					case 1:
						ask(http.MethodGet, []string{"/", "/projects", "/portfolio", "/career", "/people"}[i], "", http.StatusOK)
					default:
						if err := a.CatchUp(ctx); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		wg.Wait()
		if err := a.CatchUp(ctx); err != nil {
			t.Fatal(err)
		}
		report, err := activity.Verify(ctx, db.Read, nil)
		if err != nil {
			t.Fatal(err)
		}
		var behind int
		if err := db.Read.QueryRowContext(ctx, `SELECT COUNT(*) FROM activity_cursor WHERE position <> $1`, report.Head.Seq).Scan(&behind); err != nil || behind != 0 {
			t.Errorf("%d readers are not at the end, %v", behind, err)
		}
	})
}
