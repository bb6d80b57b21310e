package app

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cairn/internal/identity"
	"cairn/internal/kit/authz"
)

// caller asks the API as one person.
type caller struct {
	t     *testing.T
	url   string
	token string
}

func (c caller) ask(method, path, ifMatch, body string, into any) (status int, etag string) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, c.url+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Content-Type", "application/json")
	if ifMatch != "" {
		req.Header.Set("If-Match", ifMatch)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if into != nil {
		if err := json.Unmarshal(got, into); err != nil {
			c.t.Fatalf("%s %s: %d %s", method, path, res.StatusCode, got)
		}
	}
	return res.StatusCode, res.Header.Get("ETag")
}

func TestOwnFieldsAndHistoryOverTheAPI(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.Log = slog.New(slog.DiscardHandler)
		server := httptest.NewServer(o.Handler())
		defer server.Close()
		as := func(who authz.Actor) caller {
			secret, err := o.People.MakeToken(ctx, who, identity.NewToken{Name: "test", Scopes: []string{"read", "projects:write", "fields:write"}, Days: 90})
			if err != nil {
				t.Fatal(err)
			}
			return caller{t, server.URL, secret}
		}
		head, other := as(o.head), as(o.other)
		var field struct{ ID, Label string }
		const driver = `{"label":"Driver","type":"choice","choices":["Growth","Resilience"],"sortable":true}`
		if status, _ := other.ask("POST", "/custom-fields", "", driver, nil); status != http.StatusForbidden {
			t.Errorf("somebody else defines a field: %d", status)
		}
		if status, _ := head.ask("POST", "/custom-fields", "", driver, &field); status != http.StatusCreated || field.ID != "x_driver" {
			t.Fatalf("defined: %d, %+v", status, field)
		}
		if status, _ := head.ask("POST", "/custom-fields", "", driver, nil); status != http.StatusUnprocessableEntity {
			t.Errorf("the same label again: %d", status)
		}
		_, etag := head.ask("GET", "/custom-fields/x_driver", "", "", &field)
		if status, _ := head.ask("PATCH", "/custom-fields/x_driver", etag, `{"label":"What drives it"}`, &field); status != http.StatusOK || field.ID != "x_driver" || field.Label != "What drives it" {
			t.Errorf("changed: %d, %+v", status, field)
		}
		if status, _ := head.ask("PATCH", "/custom-fields/x_driver", etag, `{"retired":true}`, nil); status != http.StatusPreconditionFailed {
			t.Errorf("with a stale version: %d", status)
		}
		_, etag = head.ask("GET", "/projects/"+o.project, "", "", nil)
		if status, _ := head.ask("PATCH", "/projects/"+o.project, etag, `{"facts":{"x_driver":{"value":"Fun"}}}`, nil); status != http.StatusUnprocessableEntity {
			t.Errorf("a value that is no choice: %d", status)
		}
		var project struct {
			Facts map[string]struct{ Value string }
		}
		if status, _ := head.ask("PATCH", "/projects/"+o.project, etag, `{"facts":{"x_driver":{"value":"growth"}}}`, &project); status != http.StatusOK || project.Facts["x_driver"].Value != "Growth" {
			t.Errorf("stated: %d, %+v", status, project)
		}
		var history struct {
			Items []struct {
				Door, By string
				Changes  []struct{ Field string }
			}
			Count int
		}
		if status, _ := other.ask("GET", "/projects/"+o.project+"/history?field=x_driver", "", "", &history); status != http.StatusOK || history.Count != 1 ||
			history.Items[0].Door != "api" || history.Items[0].By != o.head.Person || history.Items[0].Changes[0].Field != "x_driver" {
			t.Errorf("history: %d, %+v", status, history)
		}
		var changes struct {
			Items []struct{ Project string }
			Count int
		}
		if status, _ := other.ask("GET", "/changes?from=2026-03-01", "", "", &changes); status != http.StatusOK || changes.Count != 1 || changes.Items[0].Project != o.project {
			t.Errorf("changes: %d, %+v", status, changes)
		}
		if status, _ := other.ask("GET", "/changes?from=2026-02-30", "", "", nil); status != http.StatusUnprocessableEntity {
			t.Errorf("a date that there is not: %d", status)
		}
	})
}
