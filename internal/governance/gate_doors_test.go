package governance

import (
	"context"
	"errors"
	"slices"
	"testing"

	"cairn/internal/governance/method"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// table is a steering group of four as another feature would tell of it.
type table struct {
	asked []string // what it was asked, in order
	seats []BodySeat
	none  bool
}

func (b *table) For(_ context.Context, _ sqldb.Querier, project, role string) (string, string, error) {
	b.asked = append(b.asked, "for "+project+" "+role)
	if b.none {
		return "", "", nil
	}
	return "b1", "Water steering group", nil
}

func (b *table) Seats(_ context.Context, _ sqldb.Querier, body string, day clock.Day) ([]BodySeat, error) {
	b.asked = append(b.asked, "seats "+body+" "+day)
	return b.seats, nil
}

func (b *table) Names(_ context.Context, _ sqldb.Querier, ids []string) (map[string]string, error) {
	out := map[string]string{}
	for _, id := range ids {
		out[id] = "Name of " + id
	}
	return out, nil
}

// ledger is a register of decisions that keeps or refuses what it is given.
type ledger struct {
	got     []Decided
	refuses error
}

func (l *ledger) DecideIn(_ context.Context, _ *work.Tx, d Decided) (string, error) {
	l.got = append(l.got, d)
	return "entry-1", l.refuses
}

func aTable() *table {
	return &table{seats: []BodySeat{{Person: "m1", Side: "business", Chair: true}, {Person: "m2", Side: "user"}, {Person: "m3", Side: "supplier"}, {Person: "pm", Side: "user"}}}
}

// The body above a project is asked who sits in it, and its members are invited;
// who manages the project is not among those who decide.
func TestABodyOfAnotherFeatureIsInvited(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		bodies := aTable()
		w.GatesWith(GateDoors{Bodies: bodies})
		p := w.project(t, method.M, "plan", 4_000_000)
		id := w.open(t, p, "g3")
		if want := []string{"for " + p + " steering-group", "seats b1 " + w.Today()}; !slices.Equal(bodies.asked, want) {
			t.Errorf("asked %v, want %v", bodies.asked, want)
		}
		sh, err := w.ReviewOf(ctx, actor("head"), id)
		if err != nil {
			t.Fatal(err)
		}
		as := map[string]Capacity{}
		for _, s := range sh.Seats {
			if as[s.Person] == "" || s.Capacity == Chair || s.Capacity == BodyMember {
				as[s.Person] = s.Capacity
			}
		}
		if sh.Body != "b1" || as["m1"] != Chair || as["m2"] != BodyMember || as["m3"] != BodyMember || as["pm"] != Presenter {
			t.Errorf("body %q seats %v", sh.Body, as)
		}
		if j, err := w.Journey(ctx, actor("head"), p); err != nil || j.Step("g3").Open == nil {
			t.Errorf("%+v %v", j.Steps, err)
		}
	})
}

// A planned body goes before the one that lies above; where there is none, people
// are named by hand.
func TestAPlannedBodyGoesFirstAndNoneIsFine(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		bodies := aTable()
		w.GatesWith(GateDoors{Bodies: bodies})
		p := w.project(t, method.M, "plan", 4_000_000)
		if _, err := w.PlanGate(ctx, actor("pm"), p, "g3", "2026-05-01", "b7", 0); err != nil {
			t.Fatal(err)
		}
		if id := w.open(t, p, "g3"); bodies.asked[len(bodies.asked)-1] != "seats b7 "+w.Today() {
			t.Errorf("%s asked %v", id, bodies.asked)
		}
		page, err := w.Coming(ctx, actor("out"), GateQuery{})
		if err != nil || len(page.Gates) != 1 || page.Bodies["b7"] != "Name of b7" {
			t.Errorf("%+v %v", page.Bodies, err)
		}
		bodies.none = true
		id := w.open(t, w.project(t, method.M, "plan", 4_000_000), "g3", "m1 chair")
		if sh, err := w.ReviewOf(ctx, actor("head"), id); err != nil || sh.Body != "" {
			t.Errorf("body %q, %v", sh.Body, err)
		}
	})
}

// A decision goes into the register of decisions in the same unit of work: where
// that refuses, nothing was decided.
func TestADecisionGoesIntoTheRegisterOrIsNone(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		l := &ledger{refuses: errors.New("the register is shut")}
		w.GatesWith(GateDoors{Decisions: l})
		p := w.project(t, method.S, "plan", 100_000)
		id := w.open(t, p, "g3")
		if _, err := w.DecideGate(ctx, actor("spo"), id, w.goRuling(t, id)); err == nil {
			t.Fatal("decided though the register refused")
		}
		if j, err := w.Journey(ctx, actor("head"), p); err != nil || len(j.Step("g3").Decisions) != 0 || j.Step("g3").Open == nil {
			t.Fatalf("something stayed of what was refused: %v", err)
		}
		l.refuses = nil
		d, err := w.DecideGate(ctx, actor("spo"), id, w.goRuling(t, id))
		if err != nil {
			t.Fatal(err)
		}
		got := l.got[len(l.got)-1]
		if d.Entry != "entry-1" || got.Project != p || got.Review != id || got.By != "spo" || got.Body != "" || got.On != w.Today() || got.Path != "/gates/reviews/"+id {
			t.Errorf("entry %q of %+v", d.Entry, got)
		}
	})
}
