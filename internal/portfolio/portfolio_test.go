package portfolio

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

type world struct {
	*Service
	clock  *clock.Manual
	db     *sqldb.DB
	head   authz.Actor
	member authz.Actor
	admin  authz.Actor
}

func newWorld(t *testing.T, db *sqldb.DB) *world {
	t.Helper()
	c := clock.NewManual(kittest.Noon, 1)
	w := &world{clock: c, db: db, Service: NewService(work.New(db, c.Source, authz.NewPolicy(Rules), time.UTC, KeepTables...))}
	for id, name := range map[string]string{"h": "Hana Head", "m": "Mara Member", "a": "Ada Admin", "p": "Pia Planner"} {
		if _, err := db.Write.Exec(`INSERT INTO person (id, name, name_key, email, email_key, job_title, org_unit, left_on, version) VALUES ($1, $2, $3, '', '', '', '', '', 1)`, id, name, fold.Sort(name)); err != nil {
			t.Fatal(err)
		}
	}
	w.head, w.member, w.admin = authz.Actor{Person: "h", Role: authz.HeadOfPMO}, authz.Actor{Person: "m", Role: authz.Member}, authz.Actor{Person: "a", Role: authz.Administrator}
	return w
}

func (w *world) add(t *testing.T, asAt clock.Day, f Facts, confidential bool) string {
	t.Helper()
	id, err := w.AddProject(context.Background(), w.head, asAt, f, confidential)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func text(s string) Value { return Value{Text: s} }

func TestHistoryAsAtAndKnownAt(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		id := w.add(t, "2025-01-31", Facts{Name: text("Pump"), Budget: text("100000"), Status: text("Live")}, false)
		learnt := sqldb.Micros(w.clock.Now())
		w.clock.Advance(time.Hour)
		if err := w.ChangeProject(ctx, w.head, id, 1, "2025-06-30", Facts{Budget: text("200000")}); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Hour)
		// An older fact that came late changes the past and never what a later one says.
		if err := w.ChangeProject(ctx, w.head, id, 2, "2025-03-31", Facts{Budget: text("150000"), Phase: text("Design")}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			when   When
			budget string
			phase  string
		}{
			{When{}, "200000", "Design"},
			{When{AsAt: "2025-04-01"}, "150000", "Design"},
			{When{AsAt: "2025-02-01"}, "100000", ""},
			{When{AsAt: "2025-07-01", KnownAt: learnt}, "100000", ""},
			{When{AsAt: "2025-04-01", KnownAt: sqldb.Micros(w.clock.Now()) - 1}, "100000", ""},
		} {
			page, err := w.List(ctx, w.member, Filter{When: c.when})
			if err != nil || len(page.Projects) != 1 {
				t.Fatalf("%+v: %v, %d projects", c.when, err, len(page.Projects))
			}
			f := page.Projects[0].Facts
			if f.Text(Budget) != c.budget || f.Text(Phase) != c.phase {
				t.Errorf("%+v: budget %s phase %q, want %s %q", c.when, f.Text(Budget), f.Text(Phase), c.budget, c.phase)
			}
		}
		if page, err := w.List(ctx, w.member, Filter{When: When{AsAt: "2024-12-31"}}); err != nil || len(page.Projects) != 0 {
			t.Errorf("before its first fact there is a project: %v, %v", page.Projects, err)
		}
		if _, err := w.List(ctx, w.member, Filter{When: When{AsAt: "2030-01-01"}}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("a future date gave %v", err)
		}
	})
}

func TestStaleVersionIsAConflictAndBadFactsNameTheirField(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		id := w.add(t, "2026-01-01", Facts{Name: text("Pump")}, false)
		if err := w.ChangeProject(ctx, w.head, id, 7, "2026-01-02", Facts{Phase: text("x")}); errs.KindOf(err) != errs.Conflict {
			t.Errorf("stale version: %v", err)
		}
		err := w.ChangeProject(ctx, w.head, id, 1, "2026-01-02", Facts{BaselineEnd: text("soon"), Name: text("")})
		if errs.KindOf(err) != errs.Invalid || len(errs.FieldsOf(err)) != 2 {
			t.Errorf("bad facts: %v", err)
		}
		d, err := w.Project(ctx, w.head, id, When{})
		if err != nil || d.Version != 1 || d.Facts.Text(Name) != "Pump" {
			t.Errorf("a refused change changed something: %+v, %v", d.Project, err)
		}
	})
}

func TestConfidentialProjectsAreSeenByTheAssignedAndTheHead(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		id := w.add(t, "2026-01-01", Facts{Name: text("Secret")}, true)
		sees := func(who authz.Actor) bool {
			page, err := w.List(ctx, who, Filter{})
			if err != nil {
				t.Fatal(err)
			}
			_, one := w.Project(ctx, who, id, When{})
			if (one == nil) != (page.Count == 1) || (one != nil && !errs.Is(one, errs.NotFound)) {
				t.Errorf("list says %d, page says %v", page.Count, one)
			}
			return one == nil
		}
		if !sees(w.head) || sees(w.member) || sees(w.admin) {
			t.Error("before the assignment the head alone sees it")
		}
		a, err := w.Assign(ctx, w.head, Assignment{Project: id, Person: "m", Kind: Manager})
		if err != nil || a.Role != "led" || a.From != "2026-03-16" {
			t.Fatalf("assignment %+v, %v", a, err)
		}
		if !sees(w.member) || sees(w.admin) {
			t.Error("the project manager sees it, the administrator does not")
		}
		if err := w.ChangeProject(ctx, w.member, id, 1, "2026-03-01", Facts{Phase: text("Deliver")}); err != nil {
			t.Errorf("the project manager may change it: %v", err)
		}
		if err := w.Unassign(ctx, w.head, a.ID); err != nil || sees(w.member) {
			t.Errorf("after the assignment it is closed again: %v", err)
		}
	})
}

func TestTheHeadIsToldOfProjectsWhoseManagerLeft(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		assign := func(a Assignment) {
			t.Helper()
			if _, err := w.Assign(ctx, w.head, a); err != nil {
				t.Fatal(err)
			}
		}
		pump, weir := w.add(t, "2026-01-01", Facts{Name: text("Pump"), Status: text("Live")}, true), w.add(t, "2026-01-01", Facts{Name: text("Weir"), Status: text("Live")}, false)
		done := w.add(t, "2026-01-01", Facts{Name: text("Done"), Status: text("Closed")}, false)
		for _, id := range []string{pump, weir, done} {
			assign(Assignment{Project: id, Person: "m", Kind: Manager, From: "2026-01-01"})
		}
		told := func(who authz.Actor, want ...string) {
			t.Helper()
			list, err := w.Unled(ctx, who)
			var got []string
			for _, u := range list {
				got = append(got, u.Name+" "+u.Manager)
			}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%s is told of %q, want %q: %v", who.Person, got, want, err)
			}
		}
		told(w.head)
		if _, err := db.Write.Exec(`INSERT INTO account (person_id, role, password, active) VALUES ('m', 'member', '', FALSE)`); err != nil {
			t.Fatal(err)
		}
		told(w.head, "Pump Mara Member", "Weir Mara Member")
		told(w.admin)
		told(authz.Actor{Person: "p", Role: authz.PMOMember})
		assign(Assignment{Project: weir, Person: "p", Kind: Manager, From: "2026-03-01"})
		told(w.head, "Pump Mara Member")
	})
}

func TestADeputySaysForWhom(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		id := w.add(t, "2026-01-01", Facts{Name: text("Pump")}, false)
		for _, a := range []Assignment{{Kind: Deputy, Person: "p"}, {Kind: Deputy, Person: "p", For: "p"}, {Kind: Team, Person: "nobody"}, {Kind: "boss", Person: "p"}, {Kind: Team, Person: "p", From: "2026-02-02", To: "2026-02-01"}} {
			a.Project = id
			if _, err := w.Assign(context.Background(), w.head, a); errs.KindOf(err) != errs.Invalid {
				t.Errorf("%+v: %v", a, err)
			}
		}
	})
}

func TestListPagesByKeyOverMissingValues(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		for i, budget := range []string{"", "5", "", "-700", "90000000000", "5", ""} {
			f := Facts{Name: text("P" + string(rune('a'+i))), Budget: Value{Text: budget}, Currency: text("GBP")}
			w.add(t, "2026-01-01", f, false)
		}
		for sort := range Sorts {
			for _, desc := range []bool{false, true} {
				seen := map[string]bool{}
				f := Filter{Sort: sort, Desc: desc, Limit: 2}
				for {
					page, err := w.List(ctx, w.member, f)
					if err != nil || page.Count != 7 {
						t.Fatalf("%s: %v, count %d", sort, err, page.Count)
					}
					for _, p := range page.Projects {
						seen[p.ID] = true
					}
					if page.NextID == "" {
						break
					}
					f.AfterKey, f.AfterID = page.NextKey, page.NextID
				}
				if len(seen) != 7 {
					t.Errorf("%s desc %t: %d of 7 projects", sort, desc, len(seen))
				}
			}
		}
		page, err := w.List(ctx, w.member, Filter{Sort: "budget"})
		if err != nil || page.Totals[0].WithBudget != 4 || page.Totals[0].Budget != 90000000000-700+10 || page.Projects[3].Facts.Text(Budget) != "-700" {
			t.Errorf("total %+v, %v", page.Totals, err)
		}
	})
}

func TestStatementsInAnyOrderTellOneHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "n")
		list := make([]statement, n)
		for i := range list {
			list[i] = statement{seq: int64(i), knownAt: int64(i), asAt: clock.AddDays("2025-01-01", rapid.IntRange(0, 20).Draw(t, "day")*10+i), facts: Facts{Name: text("x")}}
			for _, f := range []Field{Budget, Phase} {
				if rapid.Bool().Draw(t, "states") {
					list[i].facts[f] = text(rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "value"))
				}
			}
		}
		shuffled := rapid.Permutation(list).Draw(t, "order")
		a, b := periods(append([]statement{}, list...)), periods(append([]statement{}, shuffled...))
		if len(a) != len(b) {
			t.Fatalf("%d and %d periods", len(a), len(b))
		}
		for i := range a {
			if a[i].from != b[i].from || a[i].to != b[i].to || !a[i].facts.Same(b[i].facts) {
				t.Fatalf("period %d: %+v and %+v", i, a[i], b[i])
			}
			if i > 0 && (a[i-1].to != a[i].from || a[i-1].facts.Same(a[i].facts)) {
				t.Fatalf("periods %d and %d do not join: %+v, %+v", i-1, i, a[i-1], a[i])
			}
		}
	})
}
