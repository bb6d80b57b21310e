package document

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"cairn/internal/document/scan"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/blob"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

const project, secret = "project-1", "project-2"

// world is two projects, one of them confidential, with their people.
type world struct {
	*Service
	unit                                *work.Unit
	clock                               *clock.Manual
	db                                  *sqldb.DB
	head, sponsor, manager, team, other authz.Actor
}

// method is an Asked of two documents.
type method struct{}

func (method) Documents(_ context.Context, _ sqldb.Querier, p string) ([]Required, error) {
	if p != project {
		return nil, nil
	}
	return []Required{
		{ID: "doc-case", Name: "Business case", Purpose: "Why it is worth it", DueGate: "G2", DueOn: "2026-02-01", Pages: 4, Hours: 6, Fields: []string{"Why", "Options", "Money"}, WrittenBy: "project manager"},
		{ID: "doc-close", Name: "Closing page", Purpose: "What it left", DueGate: "G5", Pages: 1, Hours: 1, Fields: []string{"Left"}},
	}, nil
}

func eachWorld(t *testing.T, test func(t *testing.T, ctx context.Context, w *world)) {
	t.Helper()
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		test(t, context.Background(), newWorld(t, db, Options{Asked: method{}}))
	})
}

func newWorld(t *testing.T, db *sqldb.DB, o Options) *world {
	t.Helper()
	c := clock.NewManual(kittest.Noon, 1)
	u := work.New(db, c.Source, authz.NewPolicy(Rules), time.UTC, blob.KeepTables...)
	w := &world{unit: u, clock: c, db: db, Service: NewService(u, o)}
	run := func(query string, args ...any) {
		if _, err := db.Write.Exec(query, args...); err != nil {
			t.Fatal(err)
		}
	}
	person := func(id, name string, role authz.Role) authz.Actor {
		run(`INSERT INTO person (id, name, name_key, email, email_key, job_title, org_unit, left_on, version) VALUES ($1, $2, $3, '', '', '', '', '', 1)`, id, name, fold.Sort(name))
		return authz.Actor{Person: id, Role: role}
	}
	w.head, w.sponsor, w.manager = person("h", "Hana Head", authz.HeadOfPMO), person("s", "Sue Sponsor", authz.Member), person("m", "Mara Manager", authz.Member)
	w.team, w.other = person("t", "Tom Team", authz.Member), person("o", "Ola Other", authz.Member)
	for _, id := range []string{project, secret} {
		addProject(t, db, id, "Pump "+id, id == secret)
		for who, kind := range map[string]string{"s": "sponsor", "m": "project_manager", "t": "team"} {
			assign(t, db, id, who, kind)
		}
	}
	return w
}

func (w *world) write(t *testing.T, who authz.Actor, wr Writing) Version {
	t.Helper()
	v, err := w.Write(context.Background(), who, wr)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (w *world) text(t *testing.T, body string) Version {
	t.Helper()
	return w.write(t, w.manager, Writing{Project: project, Kind: "doc-case", Form: Text, Body: body})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wants(t *testing.T, err error, k errs.Kind, what string) {
	t.Helper()
	if !errs.Is(err, k) {
		t.Errorf("%s: %v, want %s", what, err, k)
	}
}

func TestADocumentIsWrittenAndApproved(t *testing.T) {
	eachWorld(t, func(t *testing.T, ctx context.Context, w *world) {
		blank, err := w.Blank(ctx, w.manager, project, "doc-case")
		must(t, err)
		if got := blank.Required.Template(); got != "## Why\n\n\n## Options\n\n\n## Money" {
			t.Errorf("the template is %q", got)
		}
		v := w.text(t, "## Why\n\nIt floods.")
		wants(t, w.Approve(ctx, w.sponsor, v.Document, 1, v.SHA256), errs.Duplicate, "a draft is approved")
		wants(t, w.Submit(ctx, w.manager, v.Document, 1, "anybody"), errs.Invalid, "an unknown role is asked")
		wants(t, w.Submit(ctx, w.other, v.Document, 1, "sponsor"), errs.Forbidden, "somebody else submits")
		must(t, w.Submit(ctx, w.manager, v.Document, 1, "sponsor"))
		wants(t, w.Submit(ctx, w.manager, v.Document, 1, "sponsor"), errs.Duplicate, "twice")
		for who, n := range map[*authz.Actor]int{&w.sponsor: 1, &w.manager: 0, &w.head: 0, &w.other: 0} {
			if list, err := w.Waits(ctx, *who); err != nil || len(list) != n {
				t.Errorf("%s has %d on the desk (%v), want %d", who.Person, len(list), err, n)
			}
		}
		wants(t, w.Approve(ctx, w.team, v.Document, 1, v.SHA256), errs.Forbidden, "the team approves")
		wants(t, w.Approve(ctx, w.sponsor, v.Document, 1, "other words"), errs.Conflict, "what was not read is approved")
		must(t, w.Approve(ctx, w.sponsor, v.Document, 1, v.SHA256))
		wants(t, w.Approve(ctx, w.head, v.Document, 1, v.SHA256), errs.Duplicate, "twice")

		w.write(t, w.team, Writing{Document: v.Document, Base: 1, Form: Text, Body: "## Why\n\nIt floods each May."})
		sh, err := w.Document(ctx, w.other, v.Document)
		must(t, err)
		if sh.Approved != 1 || sh.Latest != 2 || sh.State != Draft || sh.Versions[1].State != Approved || sh.Versions[1].DecidedByName != "Sue Sponsor" || sh.Versions[1].DecidedAt != sqldb.Micros(kittest.Noon) {
			t.Errorf("a newer draft: %+v", sh)
		}
		var state, by, hash string
		var version int
		must(t, w.db.Read.QueryRow(`SELECT version, state, approved_by, sha256 FROM v_document WHERE project_id = $1 AND kind_id = 'doc-case'`, project).Scan(&version, &state, &by, &hash))
		if version != 1 || state != "approved" || by != "s" || hash != v.SHA256 {
			t.Errorf("v_document says %d %s by %s", version, state, by)
		}
		shelf, err := w.Shelf(ctx, w.other, project)
		must(t, err)
		if shelf.Approved() != 1 || shelf.Next().Kind != "doc-close" || len(shelf.Required) != 2 || shelf.MayWrite {
			t.Errorf("%+v", shelf)
		}
	})
}

func TestNobodyApprovesTheirOwn(t *testing.T) {
	eachWorld(t, func(t *testing.T, ctx context.Context, w *world) {
		v := w.write(t, w.sponsor, Writing{Project: project, Kind: "doc-case", Form: Text, Body: "Mine."})
		must(t, w.Submit(ctx, w.sponsor, v.Document, 1, "sponsor"))
		wants(t, w.Approve(ctx, w.sponsor, v.Document, 1, v.SHA256), errs.Forbidden, "the sponsor approves their own")
		wants(t, w.SendBack(ctx, w.sponsor, v.Document, 1, "No."), errs.Forbidden, "the sponsor sends back their own")
		if list, err := w.Waits(ctx, w.head); err != nil || len(list) != 1 {
			t.Errorf("it goes one up: %v, %v", list, err)
		}
		must(t, w.Approve(ctx, w.head, v.Document, 1, v.SHA256))

		v = w.write(t, w.head, Writing{Project: project, Name: "Note", Form: Link, Body: "https://example.org/note"})
		must(t, w.Submit(ctx, w.head, v.Document, 1, "project_manager"))
		wants(t, w.Approve(ctx, w.head, v.Document, 1, v.SHA256), errs.Forbidden, "the head of PMO approves their own")
		if list, err := w.Waits(ctx, w.manager); err != nil || len(list) != 1 || list[0].WriterName != "Hana Head" {
			t.Errorf("the role that was asked: %v, %v", list, err)
		}
		must(t, w.Approve(ctx, w.manager, v.Document, 1, v.SHA256))

		v = w.write(t, w.head, Writing{Project: project, Name: "Rule", Form: Text, Body: "Mine too."})
		must(t, w.Submit(ctx, w.head, v.Document, 1, "head_of_pmo"))
		if list, err := w.Waits(ctx, w.sponsor); err != nil || len(list) != 1 || list[0].Asked != "sponsor" {
			t.Errorf("above the head of PMO is the sponsor: %v, %v", list, err)
		}
		v = w.write(t, w.manager, Writing{Project: project, Name: "Orphan", Form: Text, Body: "Nobody is the partner."})
		must(t, w.Submit(ctx, w.manager, v.Document, 1, "pmo_partner"))
		if list, err := w.Waits(ctx, w.head); err != nil || len(list) != 1 || list[0].Name != "Orphan" {
			t.Errorf("a role that nobody has: %v, %v", list, err)
		}
	})
}

func TestSentBackAndSuperseded(t *testing.T) {
	eachWorld(t, func(t *testing.T, ctx context.Context, w *world) {
		v := w.text(t, "One.")
		must(t, w.Submit(ctx, w.manager, v.Document, 1, "sponsor"))
		wants(t, w.SendBack(ctx, w.sponsor, v.Document, 1, ""), errs.Invalid, "without a reason")
		must(t, w.SendBack(ctx, w.sponsor, v.Document, 1, "Where is the money?"))
		_, err := w.Write(ctx, w.manager, Writing{Document: v.Document, Base: 1, Form: Text, Body: "One."})
		wants(t, err, errs.Duplicate, "the same words again")
		_, err = w.Write(ctx, w.manager, Writing{Document: v.Document, Base: 0, Form: Text, Body: "Two."})
		wants(t, err, errs.Conflict, "over what was not read")
		w.write(t, w.manager, Writing{Document: v.Document, Base: 1, Form: Text, Body: "Two."})
		must(t, w.Submit(ctx, w.manager, v.Document, 2, "sponsor"))
		three := w.write(t, w.manager, Writing{Document: v.Document, Base: 2, Form: Text, Body: "Three."})
		wants(t, w.Submit(ctx, w.manager, v.Document, 2, "sponsor"), errs.Conflict, "an older one")
		must(t, w.Submit(ctx, w.manager, v.Document, 3, "sponsor"))
		must(t, w.Approve(ctx, w.sponsor, v.Document, 3, three.SHA256))
		sh, err := w.Document(ctx, w.manager, v.Document)
		must(t, err)
		var states []string
		for _, x := range sh.Versions {
			states = append(states, string(x.State))
		}
		if got := strings.Join(states, " "); got != "approved superseded sent_back" {
			t.Error(got)
		}
		entries, err := activity.After(ctx, w.db.Read, 0, 100)
		must(t, err)
		for _, e := range entries {
			if bytes.Contains(e.Facts, []byte("money")) || e.Project != project || len(e.Participants) == 0 || e.Participants[0].Role != activity.Led {
				t.Errorf("%s: %s %+v", e.Verb, e.Facts, e.Participants)
			}
		}
		_, err = activity.Verify(ctx, w.db.Read, nil)
		must(t, err)
	})
}

func TestWhatMayNotBeSeenIsNotThere(t *testing.T) {
	eachWorld(t, func(t *testing.T, ctx context.Context, w *world) {
		v := w.write(t, w.manager, Writing{Project: secret, Name: "Plan", Form: Text, Body: "Quiet."})
		_, err := w.Document(ctx, w.other, v.Document)
		wants(t, err, errs.NotFound, "a document of a confidential project")
		_, err = w.Compare(ctx, w.other, v.Document, 1, 1)
		wants(t, err, errs.NotFound, "its versions")
		_, _, err = w.Open(ctx, w.other, v.Document, 1)
		wants(t, err, errs.NotFound, "its file")
		wants(t, w.Submit(ctx, w.other, v.Document, 1, "sponsor"), errs.NotFound, "submitting it")
		_, err = w.Shelf(ctx, w.other, secret)
		wants(t, err, errs.NotFound, "its shelf")
		_, err = w.Write(ctx, w.other, Writing{Project: project, Name: "Mine", Form: Text, Body: "x"})
		wants(t, err, errs.Forbidden, "writing without a role")
		_, err = w.Write(ctx, w.head, Writing{Project: "nothing", Name: "Mine", Form: Text, Body: "x"})
		wants(t, err, errs.NotFound, "on no project")
		_, err = w.Write(ctx, w.head, Writing{Name: "Mine", Form: Text, Body: "x"})
		wants(t, err, errs.NotFound, "on none at all")
		for who, n := range map[*authz.Actor]int{&w.other: 0, &w.manager: 1, &w.head: 1} {
			if page, err := w.List(ctx, *who, Filter{}); err != nil || len(page.Documents) != n {
				t.Errorf("%s lists %d (%v), want %d", who.Person, len(page.Documents), err, n)
			}
		}
	})
}

func TestBadInputNamesItsField(t *testing.T) {
	eachWorld(t, func(t *testing.T, ctx context.Context, w *world) {
		for field, wr := range map[string]Writing{
			"name": {Project: project, Form: Text, Body: "x"}, "text": {Project: project, Kind: "doc-case", Form: Text, Body: " \n"},
			"url": {Project: project, Name: "x", Form: Link, Body: "javascript:alert(1)"}, "form": {Project: project, Name: "x", Form: "stone", Body: "x"},
			"kind": {Project: project, Kind: "doc-none", Form: Text, Body: "x"}, "purpose": {Project: project, Name: "x", Purpose: strings.Repeat("x", 501), Form: Text, Body: "x"},
		} {
			_, err := w.Write(ctx, w.manager, wr)
			if f := errs.FieldsOf(err); len(f) != 1 || f[0].Name != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		_, err := w.List(ctx, w.manager, Filter{State: "odd"})
		wants(t, err, errs.Invalid, "an unknown state")
	})
}

func TestTheListPages(t *testing.T) {
	eachWorld(t, func(t *testing.T, ctx context.Context, w *world) {
		for i := range perPage + 7 {
			w.write(t, w.manager, Writing{Project: project, Name: "Note", Form: Text, Body: strings.Repeat("x", i+1)})
			w.clock.Advance(time.Minute)
		}
		first, err := w.List(ctx, w.other, Filter{Project: project, State: Draft})
		must(t, err)
		rest, err := w.List(ctx, w.other, Filter{Project: project, State: Draft, AfterAt: first.NextAt, AfterID: first.NextID})
		must(t, err)
		if len(first.Documents) != perPage || len(rest.Documents) != 7 || rest.NextID != "" || rest.Documents[0].ChangedAt >= first.Documents[perPage-1].ChangedAt {
			t.Errorf("%d and %d", len(first.Documents), len(rest.Documents))
		}
	})
}

func TestVersionsAreCompared(t *testing.T) {
	eachWorld(t, func(t *testing.T, ctx context.Context, w *world) {
		v := w.text(t, "## Why\n\nIt floods.\n\n## Money\n\nLittle.")
		w.write(t, w.manager, Writing{Document: v.Document, Base: 1, Form: Text, Body: "## Why\n\nIt floods each May.\n\n## Money\n\nLittle."})
		c, err := w.Compare(ctx, w.other, v.Document, 1, 2)
		must(t, err)
		var got strings.Builder
		for _, l := range c.Blocks[0].Lines {
			got.WriteString(l.Op + l.Text + "|")
		}
		if want := "## Why||-It floods.|+It floods each May.||## Money|"; len(c.Blocks) != 1 || got.String() != want {
			t.Errorf("%q, want %q", got.String(), want)
		}
		_, err = w.Compare(ctx, w.other, v.Document, 1, 3)
		wants(t, err, errs.NotFound, "a version that is not there")
	})
}

// fakeScanner says what it is told to.
type fakeScanner struct {
	says scan.Verdict
	err  error
}

func (f fakeScanner) Scan(_ context.Context, content io.Reader) (scan.Verdict, error) {
	_, err := io.Copy(io.Discard, content)
	return f.says, errors.Join(f.err, err)
}

func (w *world) blobs(t *testing.T) (n int) {
	t.Helper()
	must(t, w.db.Read.QueryRow(`SELECT COUNT(*) FROM blob`).Scan(&n))
	return n
}

func (w *world) upload(who authz.Actor, wr Writing, name, content string) (Version, error) {
	return w.Upload(context.Background(), who, wr, name, strings.NewReader(content))
}

func TestFilesAreKeptOnceAndSwept(t *testing.T) {
	eachWorld(t, func(t *testing.T, ctx context.Context, w *world) {
		body := strings.Repeat("a,b\n", 300_000) // three parts
		v, err := w.upload(w.manager, Writing{Project: project, Name: "Costs"}, "costs.csv", body)
		must(t, err)
		_, err = w.upload(w.manager, Writing{Project: secret, Name: "The same"}, "same.csv", body)
		must(t, err)
		_, f, err := w.Open(ctx, w.other, v.Document, 1)
		must(t, err)
		var out bytes.Buffer
		_, err = io.Copy(&out, f.Reader())
		must(t, err)
		if out.String() != body || w.blobs(t) != 1 || v.MediaType != "text/csv" || v.SHA256 != hashOf(body) || v.Size != int64(len(body)) {
			t.Errorf("%d bytes came back, %d files are kept, %+v", out.Len(), w.blobs(t), v)
		}
		_, err = w.upload(w.other, Writing{Project: project, Name: "x"}, "x.csv", "a")
		wants(t, err, errs.Forbidden, "an upload without a role")
		_, err = w.upload(w.manager, Writing{Project: project, Name: "x"}, "x.html", "<html>")
		wants(t, err, errs.Invalid, "a page")
		_, err = w.Upload(ctx, w.manager, Writing{Project: project, Name: "x"}, "x.csv", io.MultiReader(strings.NewReader("a"), brokenReader{}))
		if err == nil || w.blobs(t) != 1 {
			t.Errorf("what broke off: %v, %d files", err, w.blobs(t))
		}
		// Nothing refers to what was put for a version that then was not added.
		_, err = blob.New(w.unit).Put(ctx, strings.NewReader("lost"), 10, func(*blob.File) error { return nil })
		must(t, err)
		w.sweep(t)
		if w.blobs(t) != 2 {
			t.Error("it was swept within the day")
		}
		w.clock.Advance(25 * time.Hour)
		w.sweep(t)
		if _, _, err := w.Open(ctx, w.other, v.Document, 1); err != nil || w.blobs(t) != 1 {
			t.Errorf("after a day: %v, %d files", err, w.blobs(t))
		}
	})
}

func TestChangedFilesAreFound(t *testing.T) {
	eachWorld(t, func(t *testing.T, ctx context.Context, w *world) {
		for _, name := range []string{"whole", "changed", "cut", "gone"} {
			_, err := w.upload(w.manager, Writing{Project: project, Name: name}, name+".txt", strings.Repeat(name, 200_000))
			must(t, err)
		}
		if n, bad, err := w.CheckFiles(ctx); n != 4 || len(bad) != 0 || err != nil {
			t.Fatalf("%d, %v, %v", n, bad, err)
		}
		of := func(name string) string { return hashOf(strings.Repeat(name, 200_000)) }
		for query, name := range map[string]string{
			`UPDATE blob_part SET content = $1 WHERE starts_at = 0 AND blob_id = (SELECT b.id FROM blob b WHERE b.sha256 = $2)`:       "changed",
			`DELETE FROM blob_part WHERE content <> $1 AND starts_at > 0 AND blob_id = (SELECT b.id FROM blob b WHERE b.sha256 = $2)`: "cut",
		} {
			_, err := w.db.Write.Exec(query, bytes.Repeat([]byte("x"), 512<<10), of(name))
			must(t, err)
		}
		_, err := w.db.Write.Exec(`DELETE FROM blob WHERE sha256 = $1`, of("gone"))
		must(t, err)
		n, bad, err := w.CheckFiles(ctx)
		must(t, err)
		said := map[string]string{}
		for _, b := range bad {
			said[b.SHA256] = b.Why
		}
		if n != 1 || len(bad) != 3 || !strings.Contains(said[of("changed")], "hash") || !strings.Contains(said[of("cut")], "end") || !strings.Contains(said[of("gone")], "not there") {
			t.Errorf("%d, %v", n, bad)
		}
	})
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("the connection is gone") }

func (w *world) sweep(t *testing.T) {
	t.Helper()
	must(t, w.unit.Keep(context.Background(), func(ctx context.Context, k *work.Keeping) error { return blob.Sweep(ctx, k, Referred) }))
}

func TestLimitAndScannerRefuse(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db, Options{Limit: 1 << 20, Scanner: fakeScanner{says: scan.Clean}})
		v, err := w.upload(w.manager, Writing{Project: project, Name: "Small"}, "a.txt", "clean")
		must(t, err)
		if v.Checked != "clean" {
			t.Errorf("%+v", v)
		}
		_, err = w.upload(w.manager, Writing{Project: project, Name: "Large"}, "a.txt", strings.Repeat("x", 1<<20+1))
		if f := errs.FieldsOf(err); len(f) != 1 || f[0].Message != "The file has more than 1 MB, which is the limit here." {
			t.Errorf("too large: %v", err)
		}
		for _, s := range []fakeScanner{{says: scan.Infected}, {err: errors.New("no answer")}} {
			w.Scanner = s
			_, err = w.upload(w.manager, Writing{Project: project, Name: "Bad"}, "b.txt", "bad")
			if f := errs.FieldsOf(err); len(f) != 1 || f[0].Name != "file" || !strings.Contains(f[0].Message, "scanner") {
				t.Errorf("%+v: %v", s, err)
			}
		}
		if w.blobs(t) != 1 {
			t.Errorf("%d files are kept", w.blobs(t))
		}
	})
}

func TestErasureTakesDraftsAndLeavesTheRecord(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db, Options{})
		rules := append([]authz.Rule{{Action: "erase", Roles: []authz.Role{authz.HeadOfPMO}}}, Rules...)
		w.unit = work.New(db, w.clock.Source, authz.NewPolicy(rules), time.UTC, blob.KeepTables...)
		v, err := w.upload(w.manager, Writing{Project: project, Name: "Own"}, "own.txt", "mine alone")
		must(t, err)
		shared, err := w.upload(w.manager, Writing{Project: project, Name: "Shared"}, "shared.txt", "of both")
		must(t, err)
		_, err = w.upload(w.team, Writing{Project: project, Name: "Theirs"}, "theirs.txt", "of both")
		must(t, err)
		kept := w.write(t, w.manager, Writing{Project: project, Name: "Sent", Form: Text, Body: "For the record."})
		must(t, w.Submit(ctx, w.manager, kept.Document, 1, "sponsor"))
		who := privacy.Subject{ID: "m", Name: "Mara Manager"}
		list, err := w.Holdings(ctx, db.Read, who)
		must(t, err)
		if list[0].Count != 3 || list[1].Count != 2 {
			t.Errorf("%+v", list)
		}
		must(t, w.unit.Do(ctx, w.head, func(ctx context.Context, tx *work.Tx) error {
			must(t, tx.May(ctx, "erase", authz.Instance))
			tx.Record(Event{What: "person.erased", Writer: "m", By: "m"})
			return w.EraseIn(ctx, tx, who)
		}))
		sh, err := w.Document(ctx, w.team, v.Document)
		must(t, err)
		if x := sh.Versions[0]; !x.Erased || x.FileName != "" || x.SHA256 != v.SHA256 {
			t.Errorf("the draft: %+v", x)
		}
		_, _, err = w.Open(ctx, w.team, v.Document, 1)
		wants(t, err, errs.NotFound, "the erased file")
		_, _, err = w.Open(ctx, w.team, shared.Document, 1)
		wants(t, err, errs.NotFound, "the erased draft of a file that is another's too")
		if w.blobs(t) != 1 {
			t.Errorf("%d files are kept, want that of the other", w.blobs(t))
		}
		if sh, err := w.Document(ctx, w.team, kept.Document); err != nil || sh.Versions[0].Body != "For the record." {
			t.Errorf("what was submitted: %+v, %v", sh, err)
		}
		wants(t, w.Submit(ctx, w.team, v.Document, 1, "sponsor"), errs.Invalid, "an erased draft is submitted")
	})
}
