package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cairn/internal/document"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/jobs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/web"
)

// session signs somebody in and gives the cookie's token.
func (o *office) session(t *testing.T, who authz.Actor) string {
	t.Helper()
	ctx := context.Background()
	link, err := o.People.Invite(ctx, authz.AtCommandLine(), who.Person, who.Role)
	check(t, err)
	token, err := o.People.FollowLink(ctx, link, "", "", "a sentence that is easy to keep")
	check(t, err)
	return token
}

// send sends a form with a file as a browser does, and gives the answer.
func send(t *testing.T, site http.Handler, token, to string, fields map[string]string, name, content string) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for k, v := range fields {
		check(t, form.WriteField(k, v))
	}
	f, err := form.CreateFormFile("file", name)
	check(t, err)
	_, err = f.Write([]byte(content))
	check(t, err)
	check(t, form.Close())
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, to, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return ask(site, r, token)
}

func ask(site http.Handler, r *http.Request, token string) *httptest.ResponseRecorder {
	r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: token})
	answer := httptest.NewRecorder()
	site.ServeHTTP(answer, r)
	return answer
}

func (o *office) get(site http.Handler, token, at string) *httptest.ResponseRecorder {
	return ask(site, httptest.NewRequestWithContext(context.Background(), http.MethodGet, at, nil), token)
}

func TestAnUploadComesBackAsAFileAndNothingElse(t *testing.T) {
	eachOffice(t, func(t *testing.T, _ context.Context, o *office) {
		o.Log = slog.New(slog.DiscardHandler)
		site, token := o.Handler(), o.session(t, o.manager)
		to := "/projects/" + o.project + "/documents/upload"
		refused := send(t, site, token, to, map[string]string{"name": "Costs of the pump", "purpose": "To see them"}, "costs.html", "<html><script>alert(1)</script>")
		if said := refused.Body.String(); refused.Code != http.StatusUnprocessableEntity || !strings.Contains(said, `value="Costs of the pump"`) || !strings.Contains(said, `value="To see them"`) || !strings.Contains(said, "Files of this type are not kept") {
			t.Errorf("a page is answered %d, with what was typed: %t", refused.Code, strings.Contains(said, "Costs of the pump"))
		}
		nothing := send(t, site, token, to, map[string]string{"name": "Costs"}, "", "")
		if nothing.Code != http.StatusUnprocessableEntity || !strings.Contains(nothing.Body.String(), "Choose a file.") {
			t.Errorf("no file is answered %d", nothing.Code)
		}
		content := strings.Repeat("pump;5\n", 200_000)
		taken := send(t, site, token, to, map[string]string{"name": "Costs"}, `C:\Users\m\cö"sts.csv`, content)
		if taken.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", taken.Code, taken.Body)
		}
		at := taken.Header().Get("Location")
		if page := o.get(site, token, at); page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "1.3 MB, table") {
			t.Errorf("its page is answered %d", page.Code)
		}
		file := o.get(site, token, at+"/versions/1/file")
		for name, want := range map[string]string{
			"Content-Type": "text/csv", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
			"Content-Disposition": `attachment; filename*=utf-8''c%C3%B6%22sts.csv`, "Content-Encoding": "",
		} {
			if got := file.Header().Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		if file.Body.String() != content {
			t.Errorf("%d bytes came back, want %d", file.Body.Len(), len(content))
		}
		for _, bad := range []string{"/versions/2/file", "/versions/0/file", "/versions/x/file", "/versions/2", "/compare", "/compare?from=1&to=9"} {
			if answer := o.get(site, token, at+bad); answer.Code != http.StatusNotFound {
				t.Errorf("%s is answered %d", bad, answer.Code)
			}
		}
		o.Documents.Limit = 1 << 20
		large := send(t, site, token, at+"/upload", map[string]string{"base": "1"}, "large.csv", strings.Repeat("pump;5\n", 300_000))
		if large.Code != http.StatusUnprocessableEntity || !strings.Contains(large.Body.String(), "more than 1 MB") {
			t.Errorf("a large one is answered %d", large.Code)
		}
	})
}

// answer is what an operation answered, but for its body.
type answer struct {
	status int
	header http.Header
}

func TestDocumentsByTheAPI(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		base, _ := o.api(t)
		call := func(token, method, to, media, key, body string) (answer, []byte) {
			req, err := http.NewRequestWithContext(ctx, method, base+"/api/v1"+to, strings.NewReader(body))
			check(t, err)
			req.Header.Set("Authorization", "Bearer "+token)
			req.Header.Set("Content-Type", media)
			if key != "" {
				req.Header.Set("Idempotency-Key", key)
			}
			res, err := http.DefaultClient.Do(req)
			check(t, err)
			defer res.Body.Close()
			said, err := io.ReadAll(res.Body)
			check(t, err)
			return answer{res.StatusCode, res.Header}, said
		}
		manager, head := o.token(t, o.manager), o.token(t, o.head)
		sheet := "a;b\n" + strings.Repeat("1;2\n", 200_000)
		begin := "/projects/" + o.project + "/documents/upload?name=Costs&file=costs.csv"
		var d struct {
			ID       string `json:"id"`
			Approved int    `json:"approved"`
			Versions []struct {
				SHA256 string `json:"sha256"`
			} `json:"versions"`
		}
		for _, key := range []string{"one", "one"} { // the second time it is answered from what was kept
			res, said := call(manager, http.MethodPost, begin, "application/octet-stream", key, sheet)
			if res.status != http.StatusCreated {
				t.Fatalf("%d %s", res.status, said)
			}
			check(t, json.Unmarshal(said, &d))
		}
		sum := sha256.Sum256([]byte(sheet))
		if len(d.Versions) != 1 || d.Versions[0].SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%+v", d)
		}
		if res, said := call(manager, http.MethodPost, "/documents/"+d.ID+"/upload?base=1&file=x.exe", "application/octet-stream", "", "MZ"); res.status != http.StatusUnprocessableEntity || !bytes.Contains(said, []byte(`"location":"query.file"`)) {
			t.Errorf("a program is answered %d %s", res.status, said)
		}
		at := "/documents/" + d.ID + "/versions/1"
		if res, said := call(manager, http.MethodPost, at+"/submit", "application/json", "", `{"asked":"sponsor"}`); res.status != http.StatusOK {
			t.Errorf("%d %s", res.status, said)
		}
		sign := `{"sha256":"` + d.Versions[0].SHA256 + `"}`
		if res, _ := call(manager, http.MethodPost, at+"/approve", "application/json", "", sign); res.status != http.StatusForbidden {
			t.Errorf("the writer's approval is answered %d", res.status)
		}
		if res, said := call(head, http.MethodPost, at+"/approve", "application/json", "", sign); res.status != http.StatusOK || json.Unmarshal(said, &d) != nil || d.Approved != 1 {
			t.Errorf("%d %s", res.status, said)
		}
		res, said := call(head, http.MethodGet, at+"/file", "", "", "")
		if string(said) != sheet || res.header.Get("Content-Type") != "text/csv" || !strings.Contains(res.header.Get("Content-Security-Policy"), "sandbox") || res.header.Get("Content-Disposition") != "attachment; filename=costs.csv" {
			t.Errorf("%d, %d bytes, %v", res.status, len(said), res.header)
		}
	})
}

func TestAnArchiveCarriesFilesAndASweepTakesWhatNobodyNeeds(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		content := strings.Repeat("a line of the plan\n", 60_000)
		v, err := o.Documents.Upload(ctx, o.manager, document.Writing{Project: o.project, Name: "Plan"}, "plan.txt", strings.NewReader(content))
		check(t, err)
		for _, there := range []sqldb.Engine{sqldb.SQLite, sqldb.Postgres} {
			back := build(Config{Clock: o.clock.Source, Zone: time.UTC}, restored(t, there, written(t, o.Store)))
			_, f, err := back.Documents.Open(ctx, o.manager, v.Document, 1)
			check(t, err)
			got, err := io.ReadAll(f.Reader())
			check(t, err)
			if string(got) != content {
				t.Errorf("restored into %s it has %d bytes, want %d", there, len(got), len(content))
			}
		}
		// A second version that broke off leaves its first parts to the sweep.
		_, err = o.Store.Write.ExecContext(ctx, `INSERT INTO blob (id, sha256, size, put_at) VALUES ('lost', '', 0, $1)`, sqldb.Micros(o.clock.Now()))
		check(t, err)
		o.clock.Advance(25 * time.Hour)
		check(t, o.sweep(ctx, jobs.Job{}))
		var n int
		check(t, o.Store.Read.QueryRowContext(ctx, `SELECT COUNT(*) FROM blob`).Scan(&n))
		if _, _, err := o.Documents.Open(ctx, o.manager, v.Document, 1); err != nil || n != 1 {
			t.Errorf("after the sweep: %v, %d files", err, n)
		}
	})
}

// asks is a method that asks for two documents.
type asks struct{}

func (asks) Documents(context.Context, sqldb.Querier, string) ([]document.Required, error) {
	return []document.Required{
		{ID: "doc-case", Name: "Business case", Purpose: "Why it is worth it", DueGate: "G2", DueOn: "2026-03-01", Pages: 4, Hours: 6, Fields: []string{"Why", "Money"}, WrittenBy: "project manager"},
		{ID: "doc-handover", Name: "Handover sheet", Purpose: "What operations takes over", DueGate: "G5", Pages: 1, Fields: []string{"What"}},
	}, nil
}

func TestWhatTheMethodAsksForStandsOnTheProject(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.Log, o.Documents.Asked = slog.New(slog.DiscardHandler), asks{}
		site, token := o.Handler(), o.session(t, o.manager)
		says := func(at string, words ...string) {
			t.Helper()
			page := o.get(site, token, at)
			for _, w := range words {
				if !strings.Contains(page.Body.String(), w) {
					t.Errorf("%s, %d, does not say %q", at, page.Code, w)
				}
			}
		}
		at := "/projects/" + o.project
		says(at, "0 of 2 documents approved; next: Business case for G2", at+"/documents/new?kind=doc-case")
		says(at+"/documents", "0 of 2 required documents approved; next: Business case for G2.", "G2, 1 Mar, 15 days ago", "not begun", "Write it")
		says(at+"/documents/new?kind=doc-case", "## Why\n\n\n## Money", "At most 4 pages, some 6 hours. Usually written by the project manager.")
		if page := o.get(site, token, at+"/documents/new?kind=doc-none"); page.Code != http.StatusNotFound {
			t.Errorf("a document that nobody asks for is answered %d", page.Code)
		}
		v, err := o.Documents.Write(ctx, o.manager, document.Writing{Project: o.project, Kind: "doc-case", Form: document.Text, Body: "## Why\n\nIt floods."})
		check(t, err)
		check(t, o.Documents.Submit(ctx, o.manager, v.Document, 1, "sponsor"))
		check(t, o.Documents.Approve(ctx, o.head, v.Document, 1, v.SHA256))
		says(at, "1 of 2 documents approved; next: Handover sheet for G5")
		says("/documents?kind=doc-case&state=approved", "Business case", "Pump")
		if page := o.get(site, token, at+"/documents/new?kind=doc-case"); page.Header().Get("Location") != "/documents/"+v.Document {
			t.Errorf("what has begun is answered %d", page.Code)
		}
	})
}

// Two who upload the same at once keep it once, and both have it.
func TestTheSameFileAtTheSameMomentIsKeptOnce(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		content := strings.Repeat("the same\n", 100_000)
		done := make(chan error)
		for range 4 {
			go func() {
				_, err := o.Documents.Upload(ctx, o.manager, document.Writing{Project: o.project, Name: "Plan"}, "plan.txt", strings.NewReader(content))
				done <- err
			}()
		}
		for range 4 {
			check(t, <-done)
		}
		var files, parts int
		check(t, o.Store.Read.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM blob), (SELECT COUNT(*) FROM blob_part)`).Scan(&files, &parts))
		if files != 1 || parts != 2 {
			t.Errorf("%d files in %d parts", files, parts)
		}
	})
}
