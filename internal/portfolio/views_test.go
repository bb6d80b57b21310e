package portfolio

import (
	"context"
	"strings"
	"testing"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

func TestAViewIsItsOwnersUntilItIsShared(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		planner := authz.Actor{Person: "p", Role: authz.PMOMember}
		v, err := w.SaveView(ctx, planner, View{Name: "Amber", Query: "sort=end&after=xyz&where=status+is+%22Live%22+AND+rating+is+any+of+AMBER"})
		if err != nil {
			t.Fatal(err)
		}
		if want := "sort=end&where=status+is+Live+and+rating+is+any+of+amber"; v.Query != want {
			t.Errorf("kept as %s, want %s", v.Query, want)
		}
		for _, who := range []authz.Actor{w.member, w.head, w.admin} {
			if _, err := w.View(ctx, who, v.ID); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s reads another's view: %v", who.Person, err)
			}
			if list, err := w.Views(ctx, who); err != nil || len(list) != 0 {
				t.Errorf("%s finds %v, %v", who.Person, list, err)
			}
			if err := w.DeleteView(ctx, who, v.ID); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s deletes another's view: %v", who.Person, err)
			}
		}
		v.Shared = true
		if err := w.ChangeView(ctx, planner, v); err != nil {
			t.Fatal(err)
		}
		if err := w.ChangeView(ctx, planner, v); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a stale version: %v", err)
		}
		got, err := w.View(ctx, w.member, v.ID)
		if err != nil || got.MayChange || got.Query != v.Query || got.OwnerName != "Pia Planner" {
			t.Errorf("a reader has %+v, %v", got, err)
		}
		got.Name = "Mine now"
		if err := w.ChangeView(ctx, w.member, got); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("a reader changes a shared view: %v", err)
		}
		if _, err := w.SaveView(ctx, w.member, View{Name: "For all", Shared: true}); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("a member shares a view: %v", err)
		}
		if err := w.DeleteView(ctx, w.head, v.ID); err != nil {
			t.Errorf("the head of PMO deletes a shared view: %v", err)
		}
	})
}

func TestWhatIsNoListIsNotKept(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		if _, err := w.SaveView(ctx, w.member, View{Name: "One"}); err != nil {
			t.Fatal(err)
		}
		for name, v := range map[string]View{
			"name":  {Query: "live=yes"},
			"where": {Name: "x", Query: "where=nonsense"},
			"query": {Name: "x", Query: strings.Repeat("a", maxViewQuery+1)},
			"taken": {Name: " ONE "},
		} {
			_, err := w.SaveView(ctx, w.member, v)
			f := errs.FieldsOf(err)
			if errs.KindOf(err) != errs.Invalid || len(f) != 1 || name != "taken" && f[0].Name != name || name == "taken" && f[0].Name != "name" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if list, err := w.Views(ctx, w.member); err != nil || len(list) != 1 {
			t.Errorf("%v, %v", list, err)
		}
	})
}

func TestGroupsCountTheWholeListAndPagesFollowThem(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		w.someProjects(t, 40, 5)
		whole, err := w.List(ctx, w.member, Filter{Limit: maxPage})
		if err != nil {
			t.Fatal(err)
		}
		for _, by := range whole.Fields.Groupings() {
			for _, desc := range []bool{false, true} {
				f := Filter{Group: by.Name, Limit: 7, Desc: desc}
				seen, counted := map[string]bool{}, map[string]int{}
				var sums []GroupSum
				last := ""
				for {
					page, err := w.List(ctx, w.member, f)
					if err != nil {
						t.Fatalf("%s: %v", by.Name, err)
					}
					sums = page.Groups
					for _, p := range page.Projects {
						if seen[p.ID] || p.GroupKey < last {
							t.Fatalf("%s: %s again, or %q after %q", by.Name, p.ID, p.GroupKey, last)
						}
						seen[p.ID], last = true, p.GroupKey
						counted[p.GroupKey]++
					}
					if page.NextID == "" {
						break
					}
					f.AfterGroup, f.AfterKey, f.AfterID = page.NextGroup, page.NextKey, page.NextID
				}
				if len(seen) != len(whole.Projects) || len(sums) != len(counted) {
					t.Errorf("%s: %d of %d projects, %d groups of %d", by.Name, len(seen), len(whole.Projects), len(sums), len(counted))
				}
				for _, g := range sums {
					if counted[g.Key] != g.Projects {
						t.Errorf("%s %q: %d counted, %d there", by.Name, g.Label, g.Projects, counted[g.Key])
					}
					w.groupIsAList(t, g)
				}
			}
		}
		if _, err := w.List(ctx, w.member, Filter{Group: "notes"}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("grouped by notes: %v", err)
		}
		if _, err := w.List(ctx, w.member, Filter{Group: "pmo_partner", When: When{AsAt: "2026-01-05"}}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("people counted at a past date: %v", err)
		}
	})
}

// groupIsAList opens the number of a group.
func (w *world) groupIsAList(t *testing.T, g GroupSum) {
	t.Helper()
	if g.Where == "" {
		return
	}
	page, err := w.List(context.Background(), w.member, Filter{Where: g.Where})
	if err != nil || page.Count != g.Projects {
		t.Errorf("%s: %d projects, the group has %d; %v", g.Where, page.Count, g.Projects, err)
	}
}
