package portfolio

import (
	"context"
	"testing"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

func TestARoleOnAProgrammeHoldsForAllBelowAndForItsTime(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		p, err := w.AddProgramme(ctx, w.head, Programme{Name: "Pumps"})
		if err != nil {
			t.Fatal(err)
		}
		below := w.add(t, "2025-01-31", Facts{Name: text("Secret pump"), Parent: text(p.ID)}, true)
		beside := w.add(t, "2025-01-31", Facts{Name: text("Secret valve")}, true)
		pia := authz.Actor{Person: "p", Role: authz.Member}
		sees := func(project string) bool {
			_, err := w.Project(ctx, pia, project, When{})
			return err == nil
		}
		change := func() error {
			d, err := w.Project(ctx, w.head, below, When{})
			if err != nil {
				t.Fatal(err)
			}
			return w.ChangeProject(ctx, pia, below, d.Version, w.Today(), Facts{Phase: text("Build")})
		}
		if sees(below) {
			t.Fatal("she sees it before")
		}
		for _, who := range []authz.Actor{w.member, w.admin, {Person: "p", Role: authz.PMOMember}} {
			if _, err := w.GiveRole(ctx, who, HeldRole{Node: p.ID, Person: "p", Role: authz.Viewer}); !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s gives a role: %v", who.Role, err)
			}
		}
		r, err := w.GiveRole(ctx, w.head, HeldRole{Node: p.ID, Person: "p", Role: authz.ProjectManager})
		if err != nil {
			t.Fatal(err)
		}
		if !sees(below) || sees(beside) {
			t.Errorf("below %t, beside %t", sees(below), sees(beside))
		}
		if err := change(); err != nil {
			t.Errorf("a programme's manager changes a project below: %v", err)
		}
		if err := w.EndRole(ctx, w.head, p.ID, r.ID); err != nil {
			t.Fatal(err)
		}
		if sees(below) || change() == nil {
			t.Error("the role still holds after its end")
		}
		tomorrow := clock.AddDays(w.Today(), 1)
		if _, err := w.GiveRole(ctx, w.head, HeldRole{Node: p.ID, Person: "p", Role: authz.Viewer, From: tomorrow}); err != nil {
			t.Fatal(err)
		}
		if sees(below) {
			t.Error("a role of tomorrow holds today")
		}
		list, err := w.NodeRoles(ctx, w.head, p.ID)
		if err != nil || len(list.Roles) != 2 || list.Name != "Pumps" || !list.MayGive {
			t.Errorf("roles %+v, %v", list, err)
		}
		if _, err := w.NodeRoles(ctx, w.head, below); !errs.Is(err, errs.NotFound) {
			t.Errorf("a project is no programme: %v", err)
		}
		for field, bad := range map[string]HeldRole{
			"role": {Person: "p", Role: "emperor"}, "person": {Person: "nobody", Role: authz.Viewer},
			"to": {Person: "p", Role: authz.Viewer, From: "2026-02-01", To: "2026-01-01"},
		} {
			bad.Node = p.ID
			_, err := w.GiveRole(ctx, w.head, bad)
			if f := errs.FieldsOf(err); len(f) != 1 || f[0].Name != field {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}

func TestTheSettledCurrencyIsWhatANewProjectIsIn(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		if _, err := db.Write.Exec(`UPDATE organisation SET currency = 'EUR', rating_scale = '3'`); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			facts Facts
			want  string
		}{
			"says nothing":       {Facts{Name: text("A"), Budget: text("100")}, "EUR"},
			"has no money":       {Facts{Name: text("B")}, ""},
			"says another":       {Facts{Name: text("C"), Budget: text("100"), Currency: text("GBP")}, "GBP"},
			"says it small":      {Facts{Name: text("E"), Budget: text("100"), Currency: text("gbp")}, "GBP"},
			"says there is none": {Facts{Name: text("D"), Budget: text("100"), Currency: text("")}, ""},
		} {
			d, err := w.Project(ctx, w.head, w.add(t, "2025-01-31", c.facts, false), When{})
			if err != nil || d.Facts.Text(Currency) != c.want {
				t.Errorf("%s: %q, %v", name, d.Facts.Text(Currency), err)
			}
		}
		// Sums are kept apart by currency: what is none would make a sum of its own.
		if _, err := w.AddProject(ctx, w.head, "2025-01-31", Facts{Name: text("F"), Currency: text("pounds")}, false); len(errs.FieldsOf(err)) != 1 {
			t.Errorf("pounds are a currency: %v", err)
		}
		s, err := w.Settled(ctx, w.member)
		if err != nil || len(OnScale(s.RatingScale)) != 3 || len(OnScale("")) != 5 {
			t.Errorf("settled %+v, %v", s, err)
		}
	})
}
