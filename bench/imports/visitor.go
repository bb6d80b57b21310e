package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"cairn/internal/app"
	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/web"
)

// visitor is an analyst at the running program.
type visitor struct {
	client                *http.Client
	base, session, secret string
}

// throughServe starts the program, lets somebody upload the file and import it,
// waits until all that follows from it is done, and reads what the program held.
func (m measure) throughServe(ctx context.Context, db string, upload func(visitor, context.Context, string) error) (peak int, err error) {
	v, err := newVisitor(ctx, db)
	if err != nil {
		return 0, err
	}
	at, pid, stop, err := m.serve(ctx, db)
	if err != nil {
		return 0, err
	}
	defer stop()
	v.base = at
	if err := upload(v, ctx, m.file); err != nil {
		return 0, err
	}
	if _, _, err := v.ask(ctx, http.MethodGet, "/projects", "", nil); err != nil {
		return 0, err
	}
	err = m.followed(ctx, db)
	return mostHeld(pid), err
}

// newVisitor makes the database and an account, with a session and a token.
func newVisitor(ctx context.Context, db string) (v visitor, err error) {
	a, err := app.Open(ctx, app.Config{DB: db})
	if err != nil {
		return v, err
	}
	defer func() { err = closed(err, a) }()
	p, err := a.People.AddPerson(ctx, authz.AtCommandLine(), identity.Person{Name: "Ada", Email: "ada@example.org"})
	if err != nil {
		return v, err
	}
	link, err := a.People.Invite(ctx, authz.AtCommandLine(), p.ID, authz.PMOMember)
	if err != nil {
		return v, err
	}
	if v.session, err = a.People.FollowLink(ctx, link, "", "", "a long sentence to enter by"); err != nil {
		return v, err
	}
	s, err := a.People.BySession(ctx, v.session)
	if err != nil {
		return v, err
	}
	v.secret, err = a.People.MakeToken(ctx, s.Actor, identity.NewToken{Name: "bench", Scopes: []string{"read", "imports:write"}, Days: 1})
	v.client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return v, err
}

// ask gives the answer's body and where it sends one.
func (v visitor) ask(ctx context.Context, method, path, media string, body io.Reader) (text []byte, to string, err error) {
	req, err := http.NewRequestWithContext(ctx, method, v.base+path, body)
	if err != nil {
		return nil, "", err
	}
	if media != "" {
		req.Header.Set("Content-Type", media)
	}
	if strings.HasPrefix(path, "/api/") {
		req.Header.Set("Authorization", "Bearer "+v.secret)
	} else {
		req.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: v.session})
	}
	res, err := v.client.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	text, err = io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= 400 {
		err = fmt.Errorf("%s %s answers %s: %.2000s", method, path, res.Status, text)
	}
	return text, res.Header.Get("Location"), err
}

// between is how long a visitor waits before looking again.
const between = 100 * time.Millisecond

// until looks again and again until something is so.
func until(ctx context.Context, so func() (bool, error)) error {
	tick := time.NewTicker(between)
	defer tick.Stop()
	for {
		if done, err := so(); done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// uploadAsBrowser uploads by the form, looks at the dry run and presses the button.
func (v visitor) uploadAsBrowser(ctx context.Context, file string) error {
	body, media := form(file)
	_, staged, err := v.ask(ctx, http.MethodPost, "/imports", media, body)
	if err != nil {
		return err
	}
	if err := until(ctx, func() (bool, error) {
		page, _, err := v.ask(ctx, http.MethodGet, staged, "", nil)
		return strings.Contains(string(page), staged+"/apply"), err
	}); err != nil {
		return err
	}
	if _, _, err := v.ask(ctx, http.MethodPost, staged+"/apply", "application/x-www-form-urlencoded", strings.NewReader("good_only=yes")); err != nil {
		return err
	}
	return until(ctx, func() (bool, error) {
		_, to, err := v.ask(ctx, http.MethodGet, staged, "", nil)
		return strings.HasPrefix(to, "/imports/done/"), err
	})
}

// form is the upload form, filled in as it is sent.
func form(file string) (body io.Reader, media string) {
	r, w := io.Pipe()
	parts := multipart.NewWriter(w)
	go func() {
		part, err := parts.CreateFormFile("file", file)
		if err == nil {
			err = pour(part, file)
		}
		w.CloseWithError(errors.Join(err, parts.Close()))
	}()
	return r, parts.FormDataContentType()
}

func pour(to io.Writer, file string) (err error) {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { err = closed(err, f) }()
	_, err = io.Copy(to, f)
	return err
}

// uploadByAPI stages the file, waits for the dry run and applies it.
func (v visitor) uploadByAPI(ctx context.Context, file string) (err error) {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { err = closed(err, f) }()
	const all = "/api/v1/staged-imports"
	text, _, err := v.ask(ctx, http.MethodPost, all+"?source=register&file="+url.QueryEscape("register"), "application/octet-stream", io.NopCloser(f))
	if err != nil {
		return err
	}
	var staged struct{ ID, State, Problem string }
	if err := json.Unmarshal(text, &staged); err != nil {
		return err
	}
	at := all + "/" + staged.ID
	come := func(to string) func() (bool, error) {
		return func() (bool, error) {
			text, _, err := v.ask(ctx, http.MethodGet, at, "", nil)
			if err == nil {
				err = json.Unmarshal(text, &staged)
			}
			if err == nil && staged.State == "failed" {
				err = errors.New(staged.Problem)
			}
			return staged.State == to, err
		}
	}
	if err := until(ctx, come("tried")); err != nil {
		return err
	}
	if _, _, err := v.ask(ctx, http.MethodPost, at+"/apply", "", nil); err != nil {
		return err
	}
	return until(ctx, come("done"))
}

// followed waits until the readers of the record have read all of it.
func (m measure) followed(ctx context.Context, at string) (err error) {
	db, err := sqldb.Open(ctx, at)
	if err != nil {
		return err
	}
	defer func() { err = closed(err, db) }()
	return until(ctx, func() (bool, error) {
		var behind, rows int
		err := db.Read.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM activity_cursor WHERE position < (SELECT seq FROM activity_head)), (SELECT COUNT(*) FROM project)`).Scan(&behind, &rows)
		if err == nil && rows != m.rows {
			err = fmt.Errorf("%d of %d rows are projects", rows, m.rows)
		}
		return behind == 0, err
	})
}
