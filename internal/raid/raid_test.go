package raid

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// world is a small register: an open project with its manager, and a secret one
// that only its manager sees.
type world struct {
	*Service
	db                          *sqldb.DB
	clock                       *clock.Manual
	head, manager, member, pmo1 authz.Actor
}

func newWorld(t testing.TB, db *sqldb.DB) *world {
	t.Helper()
	ctx := context.Background()
	c := clock.NewManual(kittest.Noon, 1)
	w := &world{Service: NewService(work.New(db, c.Source, authz.NewPolicy(Rules), time.UTC)), db: db, clock: c}
	for _, id := range []string{"h", "m", "x", "p"} {
		run(t, db, `INSERT INTO person (id, name, name_key, email, email_key, job_title, org_unit, left_on, version) VALUES ('`+id+`', 'P `+id+`', 'p `+id+`', '', '', '', '', '', 1)`)
	}
	run(t, db, `INSERT INTO person (id, name, name_key, email, email_key, job_title, org_unit, left_on, version) VALUES ('gone', 'Gone', 'gone', '', '', '', '', '2020-01-01', 1)`)
	for id, secret := range map[string]bool{"open": false, "secret": true} {
		if err := authz.PutNode(ctx, db.Write, authz.Node{ID: id, Confidential: secret}); err != nil {
			t.Fatal(err)
		}
		if err := authz.PutGrant(ctx, db.Write, authz.Grant{Source: "g" + id, Node: id, Person: "m", Role: authz.ProjectManager, From: "2025-01-01"}); err != nil {
			t.Fatal(err)
		}
	}
	w.head, w.pmo1 = authz.Actor{Person: "h", Role: authz.HeadOfPMO}, authz.Actor{Person: "p", Role: authz.PMOMember}
	w.manager, w.member = authz.Actor{Person: "m", Role: authz.Member}, authz.Actor{Person: "x", Role: authz.Member}
	return w
}

func run(t testing.TB, db *sqldb.DB, query string) {
	t.Helper()
	if _, err := db.Write.Exec(query); err != nil {
		t.Fatal(err)
	}
}

func (w *world) raise(t testing.TB, who authz.Actor, a Action) Action {
	t.Helper()
	made, err := w.Raise(context.Background(), who, a)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func is(t *testing.T, what string, err error, k errs.Kind) {
	t.Helper()
	if !errs.Is(err, k) {
		t.Errorf("%s: %v, want %s", what, err, k)
	}
}

func TestAnActionLivesFromRaisedToDone(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		a := w.raise(t, w.manager, Action{Title: "Walk the site", Project: "open", Owner: "x", Due: "2026-03-20"})
		if a.RaisedOn != "2026-03-16" || a.Origin.Kind != ByHand {
			t.Fatalf("%+v", a)
		}
		is(t, "another date without a reason", w.Change(ctx, w.manager, a.ID, 1, Edit{Title: "Walk the site", Due: "2026-03-30"}), errs.Invalid)
		if err := w.Change(ctx, w.manager, a.ID, 1, Edit{Title: "Walk the site twice", Due: "2026-03-18", Why: "rain later"}); err != nil {
			t.Fatal(err)
		}
		is(t, "a stale change", w.Change(ctx, w.manager, a.ID, 1, Edit{Title: "Walk", Due: "2026-03-18"}), errs.Conflict)
		is(t, "the owner moves the date", w.Change(ctx, w.member, a.ID, 0, Edit{Title: "Walk", Due: "2026-03-19", Why: "x"}), errs.Forbidden)
		w.clock.Set(kittest.Noon.AddDate(0, 0, 11))
		sh, err := w.Action(ctx, w.member, a.ID)
		if err != nil || sh.Over(sh.Today) != 9 || sh.Age(sh.Today) != 11 || sh.Moves != 1 || !sh.MayFinish || sh.MayChange {
			t.Fatalf("%+v, %v", sh, err)
		}
		if err := w.HandOver(ctx, w.member, a.ID, sh.Version, "p", "on leave"); err != nil {
			t.Fatal(err)
		}
		is(t, "done by the one who handed it over", w.Done(ctx, w.member, a.ID, 0, "walked"), errs.Forbidden)
		is(t, "done without proof", w.Done(ctx, w.pmo1, a.ID, 0, ""), errs.Invalid)
		if err := w.Done(ctx, w.pmo1, a.ID, 0, "photos in the folder"); err != nil {
			t.Fatal(err)
		}
		is(t, "done twice", w.Done(ctx, w.pmo1, a.ID, 0, "again"), errs.Invalid)
		if err := w.Reopen(ctx, w.manager, a.ID, 0, "the wrong site", "2026-04-10"); err != nil {
			t.Fatal(err)
		}
		if err := w.Drop(ctx, w.manager, a.ID, 0, "the site is sold"); err != nil {
			t.Fatal(err)
		}
		sh, err = w.Action(ctx, w.member, a.ID)
		var what []string
		for _, st := range sh.Steps {
			what = append(what, string(st.What)+" "+st.Was+">"+st.Became)
		}
		want := []string{"raised >2026-03-20", "reworded >", "moved 2026-03-20>2026-03-18", "handed_over P x>P p", "done >", "reopened >", "moved 2026-03-18>2026-04-10", "dropped >"}
		if err != nil || !slices.Equal(what, want) {
			t.Errorf("%v, %v", what, err)
		}
		if _, err := db.Write.Exec(`UPDATE action_step SET words = 'x'`); err == nil {
			t.Error("a step was changed in the database")
		}
		if _, err := activity.Verify(ctx, db.Read, nil); err != nil {
			t.Error(err)
		}
	})
}

func TestActionsOfConfidentialProjectsAreNotThere(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		a := w.raise(t, w.manager, Action{Title: "Secret", Project: "secret", Owner: "m", Due: "2026-03-10"})
		_, err := w.Action(ctx, w.member, a.ID)
		is(t, "a stranger opens it", err, errs.NotFound)
		is(t, "a stranger ends it", w.Done(ctx, w.pmo1, a.ID, 0, "x"), errs.NotFound)
		_, err = w.List(ctx, w.member, Filter{Project: "secret"})
		is(t, "a stranger lists the project", err, errs.NotFound)
		for who, n := range map[authz.Actor]int{w.member: 0, w.pmo1: 0, w.manager: 1, w.head: 1} {
			page, err := w.List(ctx, who, Filter{})
			if err != nil || len(page.Actions) != n || page.Count != n || page.Overdue != n {
				t.Errorf("%s sees %d, counts %d, %v", who.Person, len(page.Actions), page.Count, err)
			}
		}
		_, err = w.Raise(ctx, w.manager, Action{Title: "For somebody who cannot see it", Project: "secret", Owner: "x", Due: "2026-03-10"})
		if f := errs.FieldsOf(err); len(f) != 1 || f[0].Name != "owner" {
			t.Errorf("an owner who does not see the project: %v", err)
		}
		_, err = w.Raise(ctx, w.member, Action{Title: "Not mine to raise", Project: "open", Owner: "x", Due: "2026-03-10"})
		is(t, "a member raises on a project", err, errs.Forbidden)
		_, err = w.Raise(ctx, w.member, Action{Title: "To somebody who left", Owner: "gone", Due: "2026-03-10"})
		is(t, "an owner who left", err, errs.Invalid)
		w.raise(t, w.member, Action{Title: "Outside projects", Owner: "m", Due: "2026-03-10"})
		wait, err := w.Waiting(ctx, w.manager)
		if err != nil || len(wait.Actions) != 2 || wait.Overdue != 2 {
			t.Errorf("waits %+v, %v", wait, err)
		}
		// Whose owner has left, the head of PMO hands over.
		w.raise(t, w.manager, Action{Title: "Of a leaver", Project: "open", Owner: "p", Due: "2026-03-10"})
		run(t, db, `INSERT INTO account (person_id, role, password, active) VALUES ('m', 'member', '', FALSE)`)
		run(t, db, `UPDATE person SET left_on = '2026-03-15' WHERE id = 'p'`)
		for who, n := range map[authz.Actor]int{w.head: 3, w.member: 0, w.pmo1: 0} {
			if wait, err = w.Waiting(ctx, who); err != nil || wait.Left != n {
				t.Errorf("%s is told of %d, not %d: %v", who.Person, wait.Left, n, err)
			}
		}
		if page, err := w.List(ctx, w.member, Filter{Left: true}); err != nil || page.Count != 2 || len(page.Actions) != 2 {
			t.Errorf("of leavers a member sees %+v, %v", page, err)
		}
		run(t, db, `UPDATE person SET left_on = '2026-03-16' WHERE id = 'p'`)
		if wait, err = w.Waiting(ctx, w.head); err != nil || wait.Left != 2 {
			t.Errorf("on the last day of one of them: %d, %v", wait.Left, err)
		}
	})
}

// A list read page by page is the list read at once, in its order, whatever the
// filter: nothing twice, nothing left out.
// Who sees a confidential project by the role of their account can own its actions
// without a role on it.
func TestTheHeadOfPMOOwnsActionsOfAnyProject(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		run(t, db, `INSERT INTO account (person_id, role, password, active) VALUES ('h', 'head_of_pmo', '', TRUE)`)
		run(t, db, `INSERT INTO account (person_id, role, password, active) VALUES ('p', 'pmo_member', '', TRUE)`)
		for owner, may := range map[string]bool{"h": true, "m": true, "p": false, "x": false} {
			_, err := w.Raise(ctx, w.manager, Action{Title: "Change the locks", Project: "secret", Owner: owner, Due: "2026-03-20"})
			if may != (err == nil) || !may && (len(errs.FieldsOf(err)) != 1 || errs.FieldsOf(err)[0].Name != "owner") {
				t.Errorf("%s owns it: %v", owner, err)
			}
		}
	})
}

func TestPagesOfActionsAreTheList(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		for i := range 40 {
			w.clock.Set(kittest.Noon.AddDate(0, 0, -i%7))
			a := w.raise(t, w.manager, Action{Title: fmt.Sprintf("Action %d%%", i), Project: []string{"", "open", "secret"}[i%3], Owner: []string{"m", "x", "m"}[i%3], Due: clock.AddDays("2026-03-10", i%9)})
			if i%5 == 0 {
				if err := w.Drop(ctx, w.manager, a.ID, 0, "not needed"); err != nil {
					t.Fatal(err)
				}
			}
		}
		w.clock.Set(kittest.Noon)
		rapid.Check(t, func(t *rapid.T) {
			f := Filter{
				Mine: rapid.Bool().Draw(t, "mine"), Overdue: rapid.Bool().Draw(t, "overdue"), Project: rapid.SampledFrom([]string{"", "open"}).Draw(t, "project"),
				State: rapid.SampledFrom([]string{"", "all", "dropped", "done"}).Draw(t, "state"), Sort: rapid.SampledFrom([]Sort{"", ByAge}).Draw(t, "sort"),
				Find: rapid.SampledFrom([]string{"", "action 1", "%", "_"}).Draw(t, "find"),
			}
			who := rapid.SampledFrom([]authz.Actor{w.manager, w.head, w.member}).Draw(t, "who")
			f.Limit = 200
			whole, err := w.List(ctx, who, f)
			if err != nil || whole.NextID != "" || whole.Count != len(whole.Actions) {
				t.Fatalf("%d of %d, %v", len(whole.Actions), whole.Count, err)
			}
			f.Limit = rapid.IntRange(1, 9).Draw(t, "limit")
			var pages []Action
			for {
				p, err := w.List(ctx, who, f)
				if err != nil {
					t.Fatal(err)
				}
				pages = append(pages, p.Actions...)
				if p.NextID == "" {
					break
				}
				f.AfterKey, f.AfterID = p.NextKey, p.NextID
			}
			if !slices.Equal(pages, whole.Actions) {
				t.Errorf("%d by pages, %d at once", len(pages), len(whole.Actions))
			}
			over := 0
			for _, a := range whole.Actions {
				if a.Over(whole.Today) > 0 {
					over++
				} else if f.Overdue {
					t.Errorf("%s is not overdue", a.Title)
				}
			}
			if over != whole.Overdue {
				t.Errorf("%d overdue, counted %d", over, whole.Overdue)
			}
		})
	})
}
