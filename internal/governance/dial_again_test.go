package governance

import (
	"context"
	"testing"
	"time"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

// depot is the answers of a small project, tier S by points.
func depot(size string) Sheet {
	return Sheet{Kind: "project", HandsOver: true, Phase: "shape", Answers: method.Answers{
		"size": {size}, "duration": {"to-9-months"}, "complexity": {"few"}, "novelty": {"us-alike"}, "dependence": {"none"},
		"regulation": {"none"}, "reputation": {"us"}, "people": {"to-50"}, "suppliers": {"ordinary"}, "reversibility": {"same-day"},
	}}
}

// decideNext opens the gate that comes and lets the sponsor decide it.
func (w *gateWorld) decideNext(t *testing.T, project, decision string) error {
	t.Helper()
	ctx := context.Background()
	j, err := w.Journey(ctx, actor("out"), project)
	if err != nil || j.Next() == nil {
		t.Fatal(j.Next(), err)
	}
	id := ""
	if o := j.Next().Open; o != nil {
		id = o.ID
	} else if id, err = w.Open(ctx, actor("pmo"), project, j.Next().Gate.ID, ""); err != nil {
		t.Fatal(err)
	}
	r := w.goRuling(t, id)
	r.Decision, r.Needs = decision, map[string]string{"until": "x", "keeps_people": "x"}
	w.clock.Advance(time.Hour)
	_, err = w.DecideGate(ctx, actor("spo"), id, r)
	return err
}

func TestTheDialIsAskedAgainAtEachGate(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		p := w.project(t, method.S, "shape", 100_000)
		w.exec(t, `DELETE FROM governed WHERE project_id = $1`, p) // it begins by its dial, and comes by it to its gates
		w.clock.Advance(time.Hour)
		r, err := w.Answer(ctx, actor("pm"), p, depot("to-250k"))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.decideNext(t, p, method.Go); err != nil { // answered since it started
			t.Fatal(err)
		}

		j, err := w.Journey(ctx, actor("pm"), p)
		if err != nil || !j.Dial.Due || !j.MayDial || !j.Ready.Dial || j.Ready.Ready() || j.Dial.Then != r.Tier || j.Dial.ByName != "Name pm" {
			t.Fatalf("after a gate: %+v, ready %+v, %v", j.Dial, j.Ready, err)
		}
		if err := w.decideNext(t, p, method.Hold); err != nil { // needs no dial
			t.Fatal(err)
		}
		fieldsOf(t, w.decideNext(t, p, method.Go), "confirms with one click that nothing has changed")

		for who, want := range map[string]errs.Kind{"out": errs.Forbidden, "m1": errs.Forbidden} {
			if _, err := w.ConfirmDial(ctx, actor(who), p); !errs.Is(err, want) {
				t.Errorf("%s confirms: %v", who, err)
			}
		}
		w.clock.Advance(time.Hour)
		again, err := w.ConfirmDial(ctx, actor("spo"), p)
		if err != nil || again.Tier != r.Tier {
			t.Fatal(again, err)
		}
		if j, err = w.Journey(ctx, actor("out"), p); err != nil || j.Dial.Due || !j.Dial.Confirmed || j.Dial.ByName != "Name spo" || j.MayDial {
			t.Fatalf("after the click: %+v %v", j.Dial, err)
		}
		var events int
		if err := db.Read.QueryRow(`SELECT COUNT(*) FROM activity a JOIN activity_participant q ON q.seq = a.seq WHERE a.verb = 'dial.confirmed' AND a.project_id = $1 AND q.person_id = 'spo'`, p).Scan(&events); err != nil || events != 1 {
			t.Errorf("%d events, %v", events, err)
		}
		if err := w.decideNext(t, p, method.Go); err != nil {
			t.Fatal(err)
		}
		if j, err = w.Journey(ctx, actor("out"), p); err != nil || !j.Dial.Due {
			t.Errorf("the next gate asks again: %+v %v", j.Dial, err)
		}
	})
}

func TestAConfirmedDialEndsAnOverride(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		p := w.project(t, method.S, "shape", 100_000)
		w.clock.Advance(time.Hour)
		r, err := w.Answer(ctx, actor("pm"), p, depot("to-250k"))
		if err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Hour)
		w.assign(t, p, "pmo", "pmo_partner", authz.Viewer)
		if err := w.Override(ctx, actor("pmo"), p, r.Tier+1, "The council looks at it."); err != nil {
			t.Fatal(err)
		}
		j, err := w.Journey(ctx, actor("out"), p)
		if err != nil || j.Governed.Tier != r.Tier+1 {
			t.Fatal(j.Governed, err)
		}
		w.clock.Advance(time.Hour)
		if _, err := w.ConfirmDial(ctx, actor("pm"), p); err != nil {
			t.Fatal(err)
		}
		if j, err = w.Journey(ctx, actor("out"), p); err != nil || j.Governed.Tier != r.Tier || j.Governed.Phase != "shape" {
			t.Errorf("the override outlived the dial: %+v %v", j.Governed, err)
		}
	})
}

func TestWhenTheDialIsDue(t *testing.T) {
	for _, c := range []struct {
		dial                        bool
		answered, decided, imported int64
		due                         bool
		about                       string
	}{
		{true, 0, 0, 0, true, "never answered"},
		{false, 0, 9, 9, false, "a method without a dial asks nobody"},
		{true, 5, 0, 0, false, "answered at the start"},
		{true, 5, 7, 0, true, "a gate was decided since"},
		{true, 8, 7, 0, false, "and answered again"},
		{true, 5, 0, 7, true, "a file put it under the method since"},
		{false, 5, 7, 0, true, "came by a dial to a method that has none"},
	} {
		if got := dialDue(c.dial, c.answered, c.decided, c.imported); got != c.due {
			t.Errorf("%s: due %t", c.about, got)
		}
	}
}
