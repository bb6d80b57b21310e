package app

import (
	"context"
	"testing"
	"time"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/portfolio"
	"cairn/internal/transfer"
)

// eachMoving is eachApp with a clock that the test moves.
func eachMoving(t *testing.T, test func(t *testing.T, a *App, c *clock.Manual)) {
	t.Helper()
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		c := clock.NewManual(kittest.Noon, 1)
		test(t, build(Config{Clock: c.Source, Zone: time.UTC}, db), c)
	})
}

var operator = authz.AtCommandLine()

// byName reads the register; a name is there once.
func byName(t *testing.T, a *App) map[string]portfolio.Project {
	t.Helper()
	out := map[string]portfolio.Project{}
	for _, p := range register(t, a, "").Projects {
		out[p.Facts.Text(portfolio.Name)] = p
	}
	return out
}

func outcomes(d transfer.Changes) map[string]int {
	out := map[string]int{}
	for _, c := range d.Rows {
		out[c.Outcome]++
	}
	return out
}

const (
	firstFile  = "id,name,department,rating,budget,pm\n1,Alpha,X,Red,100,Una\n2,Beta,X,Green,200,Tom\n"
	secondFile = "id,name,department,rating,budget,pm\n1,Alpha,X,Green,150,Zoe\n3,Gamma,X,Amber,300,Zoe\n"
)

func TestUndoPutsBackWhatTheImportStillHolds(t *testing.T) {
	eachMoving(t, func(t *testing.T, a *App, c *clock.Manual) {
		ctx := context.Background()
		bring(t, a, "r.csv", firstFile, "reg", "2026-01-31", nil)
		c.Advance(time.Hour)
		rep := bring(t, a, "r.csv", secondFile, "reg", "2026-02-28", nil)
		believed := sqldb.Micros(c.Now())
		c.Advance(time.Hour)
		alpha := byName(t, a)["Alpha"]
		if err := a.Portfolio.ChangeProject(ctx, operator, alpha.ID, alpha.Version, "2026-03-01", portfolio.Facts{portfolio.Budget: {Text: "17500"}}); err != nil {
			t.Fatal(err)
		}
		c.Advance(time.Hour)

		applied, err := a.Transfer.Applied(ctx, operator, rep.ID, "")
		if got := outcomes(applied.Diff); err != nil || got["added"] != 1 || got["changed"] != 2 || got["assigned"] != 2 || got["dates changed"] != 1 || got["flagged as gone"] != 1 {
			t.Fatalf("applied: %v, %v, %+v", err, got, applied.Diff.Rows)
		}
		preview, err := a.Transfer.UndoPreview(ctx, operator, rep.ID, "")
		if err != nil || preview.Undo.Restored != 2 || preview.Undo.Kept != 1 || preview.Undo.Withdrawn != 1 || preview.Undo.WithWork != 0 || preview.Undo.Assignments != 3 || !preview.MayUndo() || preview.Until != "2026-04-15" {
			t.Fatalf("preview: %v, %+v", err, preview)
		}
		u, err := a.Transfer.Undo(ctx, operator, rep.ID)
		if u.At, preview.Undo.At = 0, 0; err != nil || u != preview.Undo {
			t.Fatalf("undo: %v, %+v, the preview said %+v", err, u, preview.Undo)
		}
		now := byName(t, a)
		alpha = now["Alpha"]
		if len(now) != 2 || alpha.Facts.Text(portfolio.Rating) != "red" || alpha.Facts.Text(portfolio.Budget) != "17500" || alpha.Who(portfolio.Manager)[0] != "Una" || now["Beta"].VanishedFrom != "" {
			t.Errorf("after: %+v", now)
		}
		then, err := a.Portfolio.List(ctx, operator, portfolio.Filter{When: portfolio.When{KnownAt: believed}})
		if err != nil || then.Count != 3 {
			t.Errorf("known before the undo: %d projects, %v", then.Count, err)
		}
		done, err := a.Transfer.UndoPreview(ctx, operator, rep.ID, "")
		if got := outcomes(done.Diff); err != nil || got["withdrawn"] != 1 || got["put back"] != 2 || got["left as it is"] != 1 || got["taken off"] != 2 || done.Undo.Restored != 2 || done.MayUndo() {
			t.Errorf("what the undo did: %v, %v, %+v", err, got, done)
		}
		if _, err := a.Transfer.Undo(ctx, operator, rep.ID); errs.KindOf(err) != errs.Conflict {
			t.Errorf("undone twice: %v", err)
		}
		if _, err := activity.Verify(ctx, a.Store.Read, nil); err != nil {
			t.Error(err)
		}
	})
}

func TestAComparisonTellsWhatWasWithdrawn(t *testing.T) {
	eachMoving(t, func(t *testing.T, a *App, c *clock.Manual) {
		ctx := context.Background()
		rep := bring(t, a, "r.csv", firstFile, "reg", "2026-01-31", nil)
		there := a.Portfolio.Today()
		c.Advance(48 * time.Hour)
		if _, err := a.Transfer.Undo(ctx, operator, rep.ID); err != nil {
			t.Fatal(err)
		}
		c.Advance(48 * time.Hour)
		for _, x := range []struct {
			known string
			only  portfolio.Shift
			field portfolio.Field
			list  int
		}{{"then", "", "", 2}, {"then", portfolio.Withdrew, "", 2}, {"then", portfolio.Closed, "", 0}, {"then", "", portfolio.Rating, 0}, {"now", "", "", 0}} {
			got, err := a.Portfolio.Compare(ctx, operator, portfolio.Span{From: there, To: a.Portfolio.Today(), Known: x.known, Only: x.only, Field: x.field})
			if err != nil || len(got.List) != x.list || got.Count != x.list || x.list > 0 && (got.Counts[portfolio.Withdrew] != 2 || got.List[0].Name != "Alpha") {
				t.Errorf("%+v: %+v, %v", x, got, err)
			}
		}
		_, rows, err := a.Portfolio.ExportComparison(ctx, operator, portfolio.Span{From: there, To: a.Portfolio.Today(), Known: "then"})
		if err != nil || len(rows) != 2 || rows[1][2].Text != "Beta" || rows[1][4].Text != "withdrawn" {
			t.Errorf("the file: %+v, %v", rows, err)
		}
	})
}

func TestTheSameFileAfterAnUndoIsAsTheFirstTime(t *testing.T) {
	eachMoving(t, func(t *testing.T, a *App, c *clock.Manual) {
		ctx := context.Background()
		bring(t, a, "r.csv", firstFile, "reg", "2026-01-31", nil)
		for _, file := range []string{secondFile, "name,department,rating,budget,pm\nAlpha,X,Green,150,Zoe\nDelta,X,Amber,300,Zoe\n"} {
			c.Advance(time.Hour)
			first := bring(t, a, "r.csv", file, "reg", "2026-02-28", nil)
			before := byName(t, a)
			c.Advance(time.Hour)
			if _, err := a.Transfer.Undo(ctx, operator, first.ID); err != nil {
				t.Fatal(err)
			}
			c.Advance(time.Hour)
			again := bring(t, a, "r.csv", file, "reg", "2026-02-28", nil)
			if again.Created != first.Created || again.Changed != first.Changed || again.Unchanged != first.Unchanged || again.Vanished != first.Vanished || again.ID == first.ID {
				t.Errorf("again %+v, first %+v", again, first)
			}
			after := byName(t, a)
			for name, p := range before {
				q := after[name]
				if q.ID != p.ID || !q.Facts.Same(p.Facts) || q.VanishedFrom != p.VanishedFrom || len(q.People) != len(p.People) {
					t.Errorf("%s: %+v, was %+v", name, q, p)
				}
			}
			if len(after) != len(before) {
				t.Errorf("%d projects, were %d", len(after), len(before))
			}
			c.Advance(time.Hour)
			if _, err := a.Transfer.Undo(ctx, operator, again.ID); err != nil || len(byName(t, a)) != 2 {
				t.Errorf("undone again: %v", err)
			}
		}
	})
}

func TestAWithdrawnProjectKeepsItsPageAndItsWork(t *testing.T) {
	eachMoving(t, func(t *testing.T, a *App, c *clock.Manual) {
		ctx := context.Background()
		rep := bring(t, a, "r.csv", firstFile, "reg", "2026-01-31", nil)
		c.Advance(time.Hour)
		beta := byName(t, a)["Beta"]
		people, err := a.Portfolio.Directory(ctx, operator)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Portfolio.Assign(ctx, operator, portfolio.Assignment{Project: beta.ID, Person: people[0].ID, Kind: portfolio.Team}); err != nil {
			t.Fatal(err)
		}
		c.Advance(time.Hour)
		u, err := a.Transfer.Undo(ctx, operator, rep.ID)
		if err != nil || u.Withdrawn != 2 || u.WithWork != 1 {
			t.Fatalf("%+v, %v", u, err)
		}
		d, err := a.Portfolio.Project(ctx, operator, beta.ID, portfolio.When{})
		if err != nil || d.Withdrawn == nil || d.Withdrawn.Batch != rep.ID || d.Withdrawn.Work != "1 assignment" || d.Facts.Text(portfolio.Name) != "Beta" || d.MayChange {
			t.Errorf("its page: %+v, %v", d, err)
		}
		if page := register(t, a, ""); page.Count != 0 || len(page.Totals) != 0 {
			t.Errorf("the register: %+v", page)
		}
		var name string
		if err := a.Store.Read.QueryRow(`SELECT name FROM v_project_name WHERE id = $1`, beta.ID).Scan(&name); err != nil || name != "Beta" {
			t.Errorf("its name in history: %q, %v", name, err)
		}
		if err := a.Portfolio.ChangeProject(ctx, operator, beta.ID, d.Version, "2026-03-01", portfolio.Facts{portfolio.Phase: {Text: "x"}}); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a change of it: %v", err)
		}
	})
}

func TestAnUndoHasItsThirtyDays(t *testing.T) {
	eachMoving(t, func(t *testing.T, a *App, c *clock.Manual) {
		ctx := context.Background()
		rep := bring(t, a, "r.csv", firstFile, "reg", "2026-01-31", nil)
		if n, err := a.Transfer.Newest(ctx, operator); err != nil || n == nil || n.ID != rep.ID {
			t.Errorf("the notice: %+v, %v", n, err)
		}
		if n, err := a.Transfer.Newest(ctx, authz.Actor{Person: "m", Role: authz.Member}); err != nil || n != nil {
			t.Errorf("the notice for a member: %+v, %v", n, err)
		}
		c.Advance(31 * 24 * time.Hour)
		if _, err := a.Transfer.Undo(ctx, operator, rep.ID); errs.KindOf(err) != errs.Conflict || len(byName(t, a)) != 2 {
			t.Errorf("on the 31st day: %v", err)
		}
		if s, err := a.Transfer.UndoPreview(ctx, operator, rep.ID, ""); err != nil || s.MayUndo() || !s.Expired {
			t.Errorf("its page: %+v, %v", s, err)
		}
		if n, err := a.Transfer.Newest(ctx, operator); err != nil || n != nil {
			t.Errorf("the notice after a day: %+v, %v", n, err)
		}
	})
}
