package development

import (
	"context"
	"testing"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

type world struct {
	*Service
	db    *sqldb.DB
	clock *clock.Manual
}

var (
	ines   = authz.Actor{Person: "i", Role: authz.PMOMember}
	mentor = authz.Actor{Person: "m", Role: authz.Member}
	head   = authz.Actor{Person: "h", Role: authz.HeadOfPMO}
	admin  = authz.Actor{Person: "a", Role: authz.Administrator}
)

func each(t *testing.T, test func(t *testing.T, ctx context.Context, w *world)) {
	t.Helper()
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		c := clock.NewManual(kittest.Noon, 1)
		w := &world{NewService(work.New(db, c.Source, authz.NewPolicy(Rules), time.UTC, KeepTables...)), db, c}
		for _, id := range []string{"i", "m", "h", "a", "n"} {
			run(t, db, `INSERT INTO person (id, name, name_key, email, email_key, job_title, org_unit, left_on, version) VALUES ($1, $2, $3, $4, $5, '', '', '', 1)`, id, "P "+id, "p "+id, id+"@x", id+"@x")
			if id != "n" {
				run(t, db, `INSERT INTO account (person_id, role, active, password) VALUES ($1, 'member', TRUE, '')`, id)
			}
		}
		test(t, context.Background(), w)
	})
}

func run(t *testing.T, db *sqldb.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.Write.Exec(query, args...); err != nil {
		t.Fatal(err)
	}
}

func ok(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func is(t *testing.T, what string, err error, k errs.Kind) {
	t.Helper()
	if !errs.Is(err, k) {
		t.Errorf("%s: %v, want %s", what, err, k)
	}
}

func TestAPlanIsItsOwnersAlone(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, w *world) {
		st, err := w.Add(ctx, ines, Step{Title: "Lead the small flood wall", Why: "PM small", Due: "2026-09-01", Before: "afraid of the site"})
		ok(t, "add", err)
		for _, who := range []authz.Actor{mentor, head, admin} {
			p, err := w.Plan(ctx, who)
			ok(t, "read", err)
			if len(p.Steps) != 0 {
				t.Errorf("%s reads %v", who.Role, p.Steps)
			}
			is(t, "change", w.Change(ctx, who, st.ID, 1, Step{Title: "x", State: Done, Source: OwnIdea}), errs.NotFound)
			is(t, "remove", w.Remove(ctx, who, st.ID), errs.NotFound)
			is(t, "share", w.Share(ctx, who, st.ID, "m"), errs.NotFound)
			shared, err := w.Shared(ctx, who)
			ok(t, "shared", err)
			if len(shared) != 0 {
				t.Errorf("%s is shown %v", who.Role, shared)
			}
		}
		var others int
		ok(t, "record", w.db.Read.QueryRow(`SELECT COUNT(*) FROM activity WHERE audience <> 'i'`).Scan(&others))
		if others != 0 {
			t.Errorf("%d entries are readable by others", others)
		}
		var payload string
		ok(t, "record", w.db.Read.QueryRow(`SELECT payload FROM activity_payload ORDER BY seq LIMIT 1`).Scan(&payload))
		for _, word := range []string{"flood", "afraid"} {
			if contains(payload, word) {
				t.Errorf("the record says %s", payload)
			}
		}
	})
}

func contains(s, part string) bool {
	for i := 0; i+len(part) <= len(s); i++ {
		if s[i:i+len(part)] == part {
			return true
		}
	}
	return false
}

func TestSharingStepByStepIsTakenBack(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, w *world) {
		st, err := w.Add(ctx, ines, Step{Title: "Deputise twice", Before: "shy", After: "less so"})
		ok(t, "add", err)
		_, err = w.Add(ctx, ines, Step{Title: "Something else"})
		ok(t, "add", err)
		is(t, "with oneself", w.Share(ctx, ines, st.ID, "i"), errs.Invalid)
		run(t, w.db, `UPDATE account SET active = FALSE WHERE person_id = 'h'`)
		is(t, "with somebody who cannot sign in", w.Share(ctx, ines, st.ID, "h"), errs.Invalid)
		run(t, w.db, `UPDATE account SET active = TRUE WHERE person_id = 'h'`)
		is(t, "with somebody without an account", w.Share(ctx, ines, st.ID, "n"), errs.Invalid)
		ok(t, "share", w.Share(ctx, ines, st.ID, "m"))
		ok(t, "share again", w.Share(ctx, ines, st.ID, "m"))
		for range 2 { // twice on one day is one look
			list, err := w.Shared(ctx, mentor)
			ok(t, "shared", err)
			if len(list) != 1 || list[0].Title != "Deputise twice" || list[0].Before+list[0].After != "" || list[0].OwnerName != "P i" {
				t.Fatalf("%+v", list)
			}
		}
		w.clock.Advance(24 * time.Hour)
		_, err = w.Shared(ctx, mentor)
		ok(t, "shared", err)
		p, err := w.Plan(ctx, ines)
		ok(t, "plan", err)
		for _, x := range p.Steps {
			if x.ID == st.ID && (len(x.Shared) != 1 || len(x.Shared[0].Looks) != 2) {
				t.Errorf("%+v", x.Shared)
			}
		}
		ok(t, "take back", w.TakeBack(ctx, ines, st.ID, "m"))
		list, err := w.Shared(ctx, mentor)
		ok(t, "shared", err)
		if len(list) != 0 {
			t.Errorf("still shown: %v", list)
		}
		ok(t, "remove", w.Remove(ctx, ines, st.ID))
	})
}

func TestAReviewSaysWhatMovedSinceTheOneBefore(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, w *world) {
		a, err := w.Add(ctx, ines, Step{Title: "A"})
		ok(t, "add", err)
		b, err := w.Add(ctx, ines, Step{Title: "B"})
		ok(t, "add", err)
		a.State, b.State = Done, Dropped
		ok(t, "done", w.Change(ctx, ines, a.ID, 1, a))
		is(t, "stale", w.Change(ctx, ines, a.ID, 1, a), errs.Conflict)
		ok(t, "review", w.Review(ctx, ines, "On my way"))
		w.clock.Advance(48 * time.Hour)
		ok(t, "dropped", w.Change(ctx, ines, b.ID, 1, b))
		if p, err := w.Plan(ctx, ines); err != nil || len(p.Reviews) != 1 || len(p.Reviews[0].Moved) != 1 || p.Reviews[0].Moved[0] != "A: Done" {
			t.Errorf("%v %+v", err, p.Reviews)
		} else if _, moved := p.Since(); len(moved) != 1 || moved[0] != "B: Dropped" {
			t.Errorf("since: %v", moved)
		}
		is(t, "empty", w.Review(ctx, ines, ""), errs.Invalid)
	})
}

func TestAStepSaysWhatIsWrong(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, w *world) {
		for field, st := range map[string]Step{"title": {}, "due": {Title: "x", Due: "2026-13-01"}, "state": {Title: "x", State: "soon"}, "source": {Title: "x", Source: "stars"}} {
			_, err := w.Add(ctx, ines, st)
			if list := errs.FieldsOf(err); len(list) != 1 || list[0].Name != field {
				t.Errorf("%s: %v %v", field, err, list)
			}
		}
	})
}
