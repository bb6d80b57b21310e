package app

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"cairn/internal/app/demo"
	"cairn/internal/career"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/web"
)

// queryCounter opens connections of another driver and counts what they are asked.
type queryCounter struct {
	of  driver.Driver
	dsn string
	n   atomic.Int64
}

func (c *queryCounter) Driver() driver.Driver { return c.of }

func (c *queryCounter) Connect(context.Context) (driver.Conn, error) {
	conn, err := c.of.Open(c.dsn)
	return &counting{conn, c}, err
}

type counting struct {
	driver.Conn
	c *queryCounter
}

func (c *counting) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return c.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
}

func (c *counting) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.c.n.Add(1)
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
}

// asked counts the queries of each page of a demonstration of some size.
func asked(t *testing.T, projects int) map[string]int64 {
	t.Helper()
	ctx := context.Background()
	db := kittest.NewDB(t, sqldb.SQLite)
	a := makeDemo(t, db, 12, projects, true)
	a.Log = slog.New(slog.DiscardHandler)
	if err := a.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	who := authz.Actor{Role: authz.PMOMember}
	var project string
	if err := db.Read.QueryRowContext(ctx, `SELECT p.id, (SELECT s.project_id FROM project_statement s GROUP BY s.project_id ORDER BY COUNT(*) DESC LIMIT 1) FROM person p WHERE p.name = $1`, demo.Analyst).Scan(&who.Person, &project); err != nil {
		t.Fatal(err)
	}
	subjects := subjectsOf(t, db, project)
	if err := a.Career.TurnOn(ctx, who); err != nil {
		t.Fatal(err)
	}
	session, err := a.People.EnterDemo(ctx, "ines.calloway@demo.invalid")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := a.Career.Framework(ctx, who, career.InForce); err != nil { // its text is read once in the life of a process
		t.Fatal(err)
	}
	c := &queryCounter{of: db.Read.Driver(), dsn: "file:" + db.Path() + "?_pragma=query_only(1)"}
	usual := db.Read
	db.Read = sql.OpenDB(c)
	t.Cleanup(func() { _ = db.Read.Close(); db.Read = usual })
	site, out := a.Handler(), map[string]int64{}
	for path := range mostQueries {
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, subjects.Replace(path), nil)
		r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: session})
		answer := httptest.NewRecorder()
		c.n.Store(0)
		if site.ServeHTTP(answer, r); answer.Code != http.StatusOK {
			t.Fatalf("%s answers %d: %.300s", path, answer.Code, answer.Body)
		}
		out[path] = c.n.Load()
	}
	return out
}

// subjectsOf names what the pages are about: the project of the most reports,
// the one of the most controls and a control of it, and the review and the meeting of which there is most to show.
func subjectsOf(t *testing.T, db *sqldb.DB, project string) *strings.Replacer {
	t.Helper()
	var governed string
	one := func(query string) (id string) {
		if err := db.Read.QueryRowContext(context.Background(), strings.ReplaceAll(query, "GOVERNED", governed)).Scan(&id); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		return id
	}
	governed = one(`SELECT project_id FROM control_segment WHERE control_id <> '' AND to_on = '9999-12-31' GROUP BY project_id ORDER BY COUNT(*) DESC, project_id LIMIT 1`)
	return strings.NewReplacer(
		"PROJECT", project, "GOVERNED", governed,
		"CONTROL", one(`SELECT MIN(control_id) FROM control_segment WHERE control_id <> '' AND to_on = '9999-12-31' AND project_id = 'GOVERNED'`),
		"REVIEW", one(`SELECT r.id FROM gate_review r JOIN gate_seat s ON s.review_id = r.id GROUP BY r.id ORDER BY COUNT(*) DESC, r.id LIMIT 1`),
		"MEETING", one(`SELECT m.id FROM v_meeting m JOIN attendance a ON a.meeting_id = m.id WHERE m.body_id <> '' GROUP BY m.id ORDER BY COUNT(*) DESC, m.id LIMIT 1`),
	)
}

// mostQueries is how many queries a page asks when it has something of everything
// to show; where a list is empty, what belongs to its rows is not asked for.
var mostQueries = map[string]int64{
	"/projects": 21, "/projects?sort=-end": 21, "/projects?find=re": 21,
	"/portfolio": 17, "/portfolio?show=all": 20, "/reports": 6, "/career": 13, "/career/options?plan=yes": 11, "/career/roles": 11, "/career/counters/projects_seen": 11, "/career/evidence": 11, "/career/documents": 4, "/career/documents/application": 14, "/career/documents/matrix/pieces": 14,
	"/framework": 3, "/framework/competencies": 3, "/framework/versions": 3, "/framework/versions/in-force": 7, "/framework/draft": 4,
	// A project's page has a panel of each feature: gates, controls, documents, actions,
	// decisions and meetings among them, each with a fixed number.
	"/projects/PROJECT": 72, "/projects/PROJECT/history": 8, "/projects/PROJECT/history?field=rating": 8,
	// Governance, bodies, documents and actions. The list of gates that are not ready weighs
	// some hundred projects at a time, and asks again for each hundred that it looks through.
	"/governance": 10, "/governance?group=ri": 8, "/governance?mine=yes": 4, "/waivers": 4, "/findings": 3, "/controls": 11, "/controls/ri-02": 11,
	"/projects/GOVERNED": 72, "/projects/GOVERNED/controls": 25, "/projects/GOVERNED/controls/CONTROL": 27, "/projects/GOVERNED/dial": 9, "/methods": 8,
	"/gates": 17, "/gates?not_ready=yes": 17, "/projects/GOVERNED/gates": 23, "/gates/reviews/REVIEW": 31, "/conditions": 2,
	"/meetings": 3, "/meetings/MEETING": 17, "/bodies": 2, "/decisions": 3, "/actions": 3, "/documents": 3, "/projects/GOVERNED/documents": 6,
	"/portfolio/compare": 6, "/portfolio/compare?from=2024-01-01": 6, "/portfolio/compare?from=2024-01-01&known=then": 7, "/portfolio/compare?from=2024-01-01&only=slipped": 6,
}

// A page asks a fixed number of queries: however many projects there are, and
// however much of them a history or a comparison tells. The services ask both
// engines the same, so one is enough.
func TestPagesAskAFixedNumberOfQueries(t *testing.T) {
	notUnderRace(t)
	few, many := asked(t, 10), asked(t, 150)
	for path, most := range mostQueries {
		t.Logf("%s: %d and %d queries", path, few[path], many[path])
		if few[path] > most || many[path] > most || many[path] < 2 {
			t.Errorf("%s asks %d queries about 10 projects and %d about 150, at most %d are allowed", path, few[path], many[path], most)
		}
	}
}
