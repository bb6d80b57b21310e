package opposites

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// world is a person who asks, and colleagues c0 to c11 with accounts.
type world struct {
	*Service
	db    *sqldb.DB
	clock *clock.Manual
	owner authz.Actor
}

func newWorld(t testing.TB, db *sqldb.DB) *world {
	t.Helper()
	c := clock.NewManual(kittest.Noon, 1)
	u := work.New(db, c.Source, authz.NewPolicy(Rules), time.UTC, KeepTables...)
	w := &world{Service: NewService(u), db: db, clock: c, owner: authz.Actor{Person: "owner", Role: authz.PMOMember}}
	for _, id := range append([]string{"owner", "noaccount"}, names(12)...) {
		run(t, db, `INSERT INTO person (id, name, name_key, email, email_key, job_title, org_unit, left_on, version) VALUES ('`+id+`', 'Name `+id+`', 'name `+id+`', '', '', '', '', '', 1)`)
		if id != "noaccount" {
			run(t, db, `INSERT INTO account (person_id, role, password, active) SELECT '`+id+`', 'member', '', `+truth(db))
		}
	}
	return w
}

func truth(db *sqldb.DB) string {
	if db.Engine == sqldb.Postgres {
		return "TRUE"
	}
	return "1"
}

func run(t testing.TB, db *sqldb.DB, query string) {
	t.Helper()
	if _, err := db.Write.Exec(query); err != nil {
		t.Fatal(err)
	}
}

func names(n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf("c%d", i))
	}
	return out
}

func colleague(id string) authz.Actor { return authz.Actor{Person: id, Role: authz.Member} }

// all gives every end the same mark.
func all(n int) Marks {
	m := Marks{}
	for _, e := range Ends() {
		m[e.ID] = n
	}
	return m
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t *testing.T, what string, err error, k errs.Kind) {
	t.Helper()
	if !errs.Is(err, k) {
		t.Errorf("%s: %v, want %s", what, err, k)
	}
}

// asking begins a round and asks some colleagues.
func (w *world) asking(t testing.TB, people []string) Round {
	t.Helper()
	r, err := w.Rate(context.Background(), w.owner, all(3))
	must(t, err)
	must(t, w.Ask(context.Background(), w.owner, r.ID, people, ""))
	return r
}

func (w *world) newest(t testing.TB) Round {
	t.Helper()
	p, err := w.Profile(context.Background(), w.owner)
	must(t, err)
	return p.Rounds[0]
}

func TestARoundFromOwnMarksToWhatColleaguesSay(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		r := w.asking(t, []string{"Name c0", "c1", "name C2", "c3", "c4", "c5"})
		if got := w.newest(t); got.State != Asking || got.Answered != 0 || len(got.Asked) != 6 || got.Until != "2026-04-06" {
			t.Fatalf("%+v", got)
		}
		for i, n := range []int{1, 2, 4, 5} {
			must(t, w.Reply(ctx, colleague(fmt.Sprintf("c%d", i)), r.ID, all(n)))
			if got := w.newest(t); got.Answered != i+1 || got.Others != nil {
				t.Fatalf("after %d: %+v", i+1, got)
			}
		}
		must(t, w.Decline(ctx, colleague("c4"), r.ID))
		if got := w.newest(t); got.Answered != 4 {
			t.Fatalf("a refusal was counted: %+v", got)
		}
		must(t, w.Reply(ctx, colleague("c5"), r.ID, Marks{"detail": 4, "leading": 2}))
		for _, who := range []string{"c0", "c4", "c5"} {
			is(t, who+" again", w.Reply(ctx, colleague(who), r.ID, all(1)), errs.NotFound)
			is(t, who+" declines after all", w.Decline(ctx, colleague(who), r.ID), errs.NotFound)
		}
		must(t, w.Close(ctx, w.owner, r.ID))
		got := w.newest(t)
		want := map[string]Spread{"detail": {2, 4, 4, 4}, "leading": {2, 4, 2, 2}}
		if d := cmp.Diff(want, got.Others); d != "" || got.State != Shown || got.Answered != 5 || got.Asked != nil {
			t.Fatalf("%+v\n%s", got, d)
		}
		is(t, "correct what stands beside", w.Correct(ctx, w.owner, r.ID, 0, all(5)), errs.Duplicate)
		must(t, w.Note(ctx, w.owner, r.ID, got.Version, "I lead more than I think."))
		is(t, "a stale note", w.Note(ctx, w.owner, r.ID, got.Version, "x"), errs.Conflict)
	})
}

func TestWhatIsAskedIsChecked(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		some := all(3)
		delete(some, "detail")
		for what, m := range map[string]Marks{"an end left out": some, "too high": all(6), "below": all(-1), "unknown end": {"kind": 3}} {
			_, err := w.Rate(ctx, w.owner, m)
			is(t, what, err, errs.Invalid)
		}
		r, err := w.Rate(ctx, w.owner, all(3))
		must(t, err)
		_, err = w.Rate(ctx, w.owner, all(4))
		is(t, "twice a day", err, errs.Duplicate)
		five := names(5)
		for what, try := range map[string]struct {
			people []string
			until  string
		}{
			"four":            {five[:4], ""},
			"oneself":         {append(names(5), "owner"), ""},
			"nobody known":    {append(names(5), "Nobody"), ""},
			"without account": {append(names(5), "noaccount"), ""},
			"too many":        {names(61), ""},
			"in the past":     {five, "2026-03-15"},
			"too long":        {five, "2026-06-01"},
			"no date":         {five, "soon"},
		} {
			is(t, what, w.Ask(ctx, w.owner, r.ID, try.people, try.until), errs.Invalid)
		}
		if got := w.newest(t); got.State != Alone {
			t.Fatalf("something was kept: %+v", got)
		}
		must(t, w.Ask(ctx, w.owner, r.ID, five, "2026-03-20"))
		must(t, w.Ask(ctx, w.owner, r.ID, []string{"c5"}, ""))
		_, err = w.Rate(ctx, w.owner, all(4))
		is(t, "a round beside one that goes on", err, errs.Duplicate)
		is(t, "an empty answer", w.Reply(ctx, colleague("c1"), r.ID, Marks{}), errs.Invalid)
		w.clock.Advance(5 * 24 * time.Hour)
		is(t, "after the day", w.Reply(ctx, colleague("c1"), r.ID, all(1)), errs.NotFound)
		if got := w.newest(t); got.State != Few {
			t.Fatalf("%+v", got)
		}
		must(t, w.Remove(ctx, w.owner, r.ID))
	})
}

func TestNobodyElseGetsAnything(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		r := w.asking(t, names(6))
		for _, role := range append([]authz.Role{authz.Guest, authz.Operator}, authz.Accounts...) {
			who := authz.Actor{Person: "c11", Role: role}
			if role == authz.Guest || role == authz.Operator {
				who.Person = ""
			}
			for what, err := range map[string]error{
				"correct": w.Correct(ctx, who, r.ID, 0, all(1)), "note": w.Note(ctx, who, r.ID, 0, "x"), "ask": w.Ask(ctx, who, r.ID, names(6), ""),
				"close": w.Close(ctx, who, r.ID), "remove": w.Remove(ctx, who, r.ID),
				"reply": w.Reply(ctx, who, r.ID, all(1)), "decline": w.Decline(ctx, who, r.ID),
			} {
				if k := errs.KindOf(err); k != errs.NotFound && k != errs.Unauthenticated {
					t.Errorf("%s by %s: %v", what, role, err)
				}
			}
			if p, err := w.Profile(ctx, who); err == nil && len(p.Rounds) > 0 {
				t.Errorf("%s reads rounds: %+v", role, p)
			}
		}
		list, err := w.Requests(ctx, colleague("c1"))
		if err != nil || len(list) != 1 || list[0].By.ID != "owner" {
			t.Errorf("%+v, %v", list, err)
		}
		is(t, "the owner answers about themself", w.Reply(ctx, w.owner, r.ID, all(5)), errs.NotFound)
	})
}

func TestAskingAgainHasToWait(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		r := w.asking(t, names(5))
		for _, id := range names(5) {
			must(t, w.Reply(ctx, colleague(id), r.ID, all(4)))
		}
		must(t, w.Close(ctx, w.owner, r.ID))
		for _, step := range []string{"with the round there", "with the round deleted"} {
			next, err := w.Rate(ctx, w.owner, all(2))
			must(t, err)
			is(t, step, w.Ask(ctx, w.owner, next.ID, names(6), ""), errs.Invalid)
			must(t, w.Remove(ctx, w.owner, next.ID))
			if step == "with the round there" {
				must(t, w.Remove(ctx, w.owner, r.ID))
			}
		}
		p, err := w.Profile(ctx, w.owner)
		if err != nil || p.AskFrom != "2026-05-15" {
			t.Fatalf("%+v, %v", p, err)
		}
		w.clock.Advance(60 * 24 * time.Hour)
		w.asking(t, names(6))
	})
}

func TestThePairsAreThoseOfTheFramework(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "career", "framework", "full.yaml"))
	must(t, err)
	var f struct {
		Opposites []Pair `yaml:"opposites"`
	}
	must(t, yaml.Unmarshal(text, &f))
	mine := append([]Pair{}, Pairs()...)
	for i := range mine {
		for _, list := range [][]string{mine[i].Both, mine[i].Neither, mine[i].First, mine[i].Second} {
			if len(list) < 2 || !strings.HasSuffix(list[0], "?") {
				t.Errorf("%s lacks questions for a shape", mine[i].ID)
			}
		}
		mine[i].Both, mine[i].Neither, mine[i].First, mine[i].Second = nil, nil, nil, nil
	}
	if d := cmp.Diff(f.Opposites, mine); d != "" || len(mine) != 6 {
		t.Errorf("(-framework +here)\n%s", d)
	}
}

func ownTarget(w *world) authz.Target { return authz.Of(w.owner.Person) }
