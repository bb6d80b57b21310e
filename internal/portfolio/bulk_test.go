package portfolio

import (
	"context"
	"slices"
	"testing"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

func count(rows []Change) map[Became]int {
	out := map[Became]int{}
	for _, c := range rows {
		out[c.Outcome]++
	}
	return out
}

// bulkWorld has three projects; the member manages the first.
func bulkWorld(t *testing.T, db *sqldb.DB) (w *world, ids []string) {
	t.Helper()
	w = newWorld(t, db)
	for _, name := range []string{"Alpha", "Beta", "Gamma"} {
		ids = append(ids, w.add(t, "2026-01-01", Facts{Name: text(name), Status: text("Live"), Category: text("Water")}, name == "Gamma"))
	}
	if _, err := w.Assign(context.Background(), w.head, Assignment{Project: ids[0], Person: "m", Kind: Manager, From: "2026-01-01"}); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(time.Hour)
	return w, ids
}

func TestBulkEditShowsThenChangesThenUndoes(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		w, ids := bulkWorld(t, db)
		b := Bulk{Projects: append([]string{"nothing"}, ids...), Field: Category, Value: "Power", AsAt: "2026-02-01"}
		p, err := w.PlanBulk(ctx, w.head, b)
		if err != nil || p.Changed != 3 || p.Hidden != 1 || p.Rows[0].Name != "Alpha" || p.Rows[0].Before.Text != "Water" {
			t.Fatalf("plan %+v, %v", p, err)
		}
		b.Seen = p.Seen
		if err := w.ChangeProject(ctx, w.head, ids[1], 1, "2026-03-01", Facts{Category: text("Heat")}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.ApplyBulk(ctx, w.head, b); errs.KindOf(err) != errs.Conflict {
			t.Fatalf("one was changed meanwhile: %v", err)
		}
		if d, err := w.Project(ctx, w.head, ids[0], When{}); err != nil || d.Facts.Text(Category) != "Water" {
			t.Errorf("nothing is applied on a conflict: %+v, %v", d.Facts, err)
		}
		w.clock.Advance(time.Hour)
		p, err = w.PlanBulk(ctx, w.head, b)
		if err != nil || p.Changed != 3 || p.Rows[1].Note == "" {
			t.Fatalf("plan again %+v, %v", p, err)
		}
		b.Seen = p.Seen
		id, err := w.ApplyBulk(ctx, w.head, b)
		if err != nil {
			t.Fatal(err)
		}
		e, err := w.BulkEdit(ctx, w.head, id, "")
		if err != nil || e.Changed != 3 || count(e.Diff.Rows)[Changed] != 3 || !e.MayUndo() {
			t.Errorf("applied %+v, %v", e, err)
		}
		if again, err := w.PlanBulk(ctx, w.head, b); err != nil || again.Unchanged != 3 {
			t.Errorf("the same again: %+v, %v", again, err)
		}
		w.clock.Advance(time.Hour)
		if err := w.ChangeProject(ctx, w.head, ids[0], 2, "2026-03-10", Facts{Category: text("Gas")}); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Hour)
		preview, err := w.UndoBulkPreview(ctx, w.head, id, "")
		if err != nil || preview.Undo.Restored != 1 || preview.Undo.Kept != 2 {
			t.Errorf("preview %+v, %v", preview, err)
		}
		u, err := w.UndoBulk(ctx, w.head, id)
		if err != nil || u.Restored != 1 || u.Kept != 2 {
			t.Errorf("undo %+v, %v", u, err)
		}
		for i, want := range []string{"Gas", "Heat", "Water"} {
			if d, err := w.Project(ctx, w.head, ids[i], When{}); err != nil || d.Facts.Text(Category) != want {
				t.Errorf("%d: %s, want %s, %v", i, d.Facts.Text(Category), want, err)
			}
		}
		if _, err := w.UndoBulk(ctx, w.head, id); errs.KindOf(err) != errs.Conflict {
			t.Errorf("undone twice: %v", err)
		}
	})
}

func TestBulkEditChangesWhatOneMayChangeAndShowsTheRest(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		w, ids := bulkWorld(t, db)
		b := Bulk{Projects: ids, Field: Phase, Value: "Deliver", AsAt: "2026-02-01"}
		p, err := w.PlanBulk(ctx, w.member, b)
		if err != nil || p.Changed != 1 || p.Refused != 1 || p.Hidden != 1 || p.Rows[1].Note == "" {
			t.Fatalf("plan %+v, %v", p, err)
		}
		id, err := w.ApplyBulk(ctx, w.member, b)
		if err != nil {
			t.Fatal(err)
		}
		if d, _ := w.Project(ctx, w.head, ids[1], When{}); d.Facts.Text(Phase) != "" {
			t.Error("a project that the member may not change was changed")
		}
		mine, err := w.BulkEdits(ctx, w.member, "", 10)
		if err != nil || len(mine) != 1 || mine[0].ID != id {
			t.Errorf("one's own: %+v, %v", mine, err)
		}
		analyst := authz.Actor{Person: "p", Role: authz.PMOMember}
		if all, err := w.BulkEdits(ctx, analyst, "", 10); err != nil || len(all) != 1 {
			t.Errorf("the PMO's: %+v, %v", all, err)
		}
		if none, err := w.BulkEdits(ctx, w.admin, "", 10); err != nil || len(none) != 0 {
			t.Errorf("another's: %+v, %v", none, err)
		}
		if _, err := w.BulkEdit(ctx, w.admin, id, ""); errs.KindOf(err) != errs.NotFound {
			t.Errorf("another opens it: %v", err)
		}
		if _, err := w.UndoBulk(ctx, w.admin, id); errs.KindOf(err) != errs.NotFound {
			t.Errorf("another undoes it: %v", err)
		}
		secret, err := w.ApplyBulk(ctx, w.head, Bulk{Projects: ids[1:], Field: Confidential, Value: "yes", AsAt: "2026-03-16"})
		if err != nil {
			t.Fatal(err)
		}
		if p, err := w.PlanBulk(ctx, analyst, Bulk{Projects: ids, Field: Confidential, Value: "no", AsAt: "2026-03-16"}); err != nil || p.Changed != 0 || p.Hidden != 2 {
			t.Errorf("the analyst opens nothing: %+v, %v", p, err)
		}
		if all, err := w.BulkEdits(ctx, analyst, "", 10); err != nil || len(all) != 1 {
			t.Errorf("an edit of projects that one does not see: %+v, %v", all, err)
		}
		if _, err := w.UndoBulk(ctx, analyst, secret); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("the analyst undoes what the head marked: %v", err)
		}
		if u, err := w.UndoBulk(ctx, w.head, secret); err != nil || u.Restored != 1 {
			t.Errorf("%+v, %v", u, err)
		}
		if d, err := w.Project(ctx, w.admin, ids[1], When{}); err != nil || d.Confidential {
			t.Errorf("open again: %+v, %v", d.Project, err)
		}
	})
}

func TestBulkEditHandsOver(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		w, ids := bulkWorld(t, db)
		b := Bulk{Projects: ids, Field: Field(Manager), Value: "p", AsAt: "2026-03-01"}
		if p, err := w.PlanBulk(ctx, w.head, b); err != nil || p.Changed != 3 || p.Rows[0].Before.Text != "Mara Member" || p.Rows[0].After.Text != "Pia Planner" {
			t.Fatalf("plan %+v, %v", p, err)
		}
		id, err := w.ApplyBulk(ctx, w.head, b)
		if err != nil {
			t.Fatal(err)
		}
		who := func(day clock.Day) string {
			d, err := w.Project(ctx, w.head, ids[0], When{AsAt: day})
			if err != nil || len(d.Who(Manager)) != 1 {
				t.Fatalf("%s: %+v, %v", day, d.People, err)
			}
			return d.Who(Manager)[0]
		}
		if who("2026-02-28") != "Mara Member" || who("2026-03-01") != "Pia Planner" {
			t.Error("handed over on 1 March")
		}
		if err := w.ChangeProject(ctx, w.member, ids[0], 1, "2026-03-02", Facts{Phase: text("x")}); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("the former project manager: %v", err)
		}
		u, err := w.UndoBulk(ctx, w.head, id)
		if err != nil || u.Assignments != 4 || who("2026-03-10") != "Mara Member" {
			t.Errorf("undo %+v, %v", u, err)
		}
		if err := w.ChangeProject(ctx, w.member, ids[0], 1, "2026-03-02", Facts{Phase: text("x")}); err != nil {
			t.Errorf("the project manager again: %v", err)
		}
	})
}

func TestBulkEditNamesWhatIsWrong(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		w, ids := bulkWorld(t, db)
		many := make([]string, MaxBulk+1)
		for i := range many {
			many[i] = ids[0]
		}
		for _, c := range []struct {
			b     Bulk
			field string
		}{
			{Bulk{Projects: many, Field: Phase, AsAt: "2026-01-01"}, "projects"},
			{Bulk{Field: Phase, AsAt: "2026-01-01"}, "projects"},
			{Bulk{Projects: ids, Field: "colour", AsAt: "2026-01-01"}, "field"},
			{Bulk{Projects: ids, Field: Name, Value: "x", AsAt: "2026-01-01"}, "field"},
			{Bulk{Projects: ids, Field: Phase, Value: "x", AsAt: "2030-01-01"}, "as_at"},
			{Bulk{Projects: ids, Field: BaselineEnd, Value: "soon", AsAt: "2026-01-01"}, "value"},
			{Bulk{Projects: ids, Field: Parent, AsAt: "2026-01-01"}, "value"},
			{Bulk{Projects: ids, Field: Field(Sponsor), Value: "nobody", AsAt: "2026-01-01"}, "value"},
			{Bulk{Projects: ids, Field: Confidential, Value: "perhaps", AsAt: "2026-01-01"}, "value"},
		} {
			_, err := w.ApplyBulk(context.Background(), w.head, c.b)
			if f := errs.FieldsOf(err); len(f) == 0 || f[0].Name != c.field {
				t.Errorf("%s %q: %v", c.b.Field, c.b.Value, err)
			}
		}
	})
}

// Whatever narrows a list narrows what is chosen of it: more chosen than shown would
// change projects that nobody asked for.
func TestChosenIsTheListInItsOrder(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		w, ids := bulkWorld(t, db)
		w.add(t, "2026-01-01", Facts{Name: text("Delta"), Status: text("Closed")}, false)
		pumps, err := w.DefineField(ctx, w.head, Definition{FieldInfo: FieldInfo{Label: "Pumps", Type: Number, Sortable: true}})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.ChangeProject(ctx, w.head, ids[1], 1, "2026-01-01", Facts{pumps.Field: text("7")}); err != nil {
			t.Fatal(err)
		}
		for _, f := range []Filter{
			{},
			{Status: "live"},
			{Find: "a", Desc: true},
			{Where: "status is Live"},
			{Where: "x_pumps > 5 or name is Alpha"},
			{Where: "name is nothing"},
			{Sort: "x_pumps", Desc: true},
			{Group: "status", Where: "x_pumps is empty"},
		} {
			page, err := w.List(ctx, w.member, f)
			if err != nil {
				t.Fatal(err)
			}
			var shown []string
			for _, p := range page.Projects {
				shown = append(shown, p.ID)
			}
			got, err := w.Chosen(ctx, w.member, f)
			if f.Group != "" { // rows stand by group there
				slices.Sort(got)
				slices.Sort(shown)
			}
			if err != nil || !slices.Equal(got, shown) {
				t.Errorf("%+v shows %v and chooses %v, %v", f, shown, got, err)
			}
		}
		if _, err := w.Chosen(ctx, w.member, Filter{Where: "colour is blue"}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("a filter that nobody can read chooses: %v", err)
		}
	})
}
