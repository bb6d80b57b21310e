package governance

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"cairn/internal/governance/method"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

func TestAConditionalGoBlocksTheNextGateUntilItIsClosed(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		p := w.project(t, method.M, "shape", 400_000)
		if _, err := w.PlanGate(ctx, actor("pm"), p, "g3", "2026-06-01", "", 0); err != nil {
			t.Fatal(err)
		}
		g2 := w.open(t, p, "g2")
		ruling := conditional(w.goRuling(t, g2), "g2-case", "2026-06-15")
		_, err := w.DecideGate(ctx, actor("spo"), g2, ruling)
		fieldsOf(t, err, "before the next gate")
		ruling.Conditions[0].Due = "2026-05-01"
		ruling.Conditions[0].Owner = "Finance"
		_, err = w.DecideGate(ctx, actor("spo"), g2, ruling)
		fieldsOf(t, err, "one person, not a team")
		ruling.Conditions[0].Owner = "Name own"
		d, err := w.DecideGate(ctx, actor("spo"), g2, ruling)
		if err != nil {
			t.Fatal(err)
		}
		if d.SpendPct != 50 || d.SHA256 == "" {
			t.Errorf("decision %+v", d)
		}
		j, err := w.Journey(ctx, actor("out"), p)
		if err != nil {
			t.Fatal(err)
		}
		if j.Governed.Phase != "plan" || j.Next() == nil || j.Next().Gate.ID != "g3" || j.SpendPct != 50 || len(j.Open()) != 1 {
			t.Fatalf("after a conditional go: phase %s, next %+v, spend %d", j.Governed.Phase, j.Next(), j.SpendPct)
		}
		cond := j.Open()[0]
		fieldsOf(t, w.SetPhase(ctx, actor("pm"), p, "deliver"), "G3 lies between")

		g3 := w.open(t, p, "g3", "rev reviewer")
		w.opine(t, g3, "rev")
		_, err = w.DecideGate(ctx, actor("spo"), g3, w.goRuling(t, g3))
		fieldsOf(t, err, "condition “The plan is challenged” of G2 is open")
		_, err = w.DecideGate(ctx, actor("spo"), g3, conditional(w.goRuling(t, g3), "g3-plan", "2026-05-01"))
		fieldsOf(t, err, "of G2 is open")

		if _, err := w.GiveProof(ctx, actor("out"), cond.ID, 0, "mine"); !errs.Is(err, errs.Forbidden) {
			t.Errorf("somebody else hands in a proof: %v", err)
		}
		if _, err := w.GiveProof(ctx, actor("own"), cond.ID, 0, "https://example.org/note"); err != nil {
			t.Fatal(err)
		}
		_, err = w.DecideGate(ctx, actor("spo"), g3, w.goRuling(t, g3))
		fieldsOf(t, err, "of G2 is open") // a proof alone closes nothing
		for _, id := range []string{"own", "pm", "pmo", "head", "rev"} {
			if _, err := w.CloseCondition(ctx, actor(id), cond.ID, 0, "Seen."); !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s closes the condition: %v", id, err)
			}
		}
		if _, err := w.CloseCondition(ctx, actor("spo"), cond.ID, 0, ""); err != nil {
			t.Fatal(err)
		}
		if _, err = w.DecideGate(ctx, actor("spo"), g3, w.goRuling(t, g3)); err != nil {
			t.Fatal(err)
		}
		j, err = w.Journey(ctx, actor("out"), p)
		if err != nil || j.Governed.Phase != "deliver" || j.SpendPct != 100 {
			t.Errorf("after G3: phase %s, spend %d, %v", j.Governed.Phase, j.SpendPct, err)
		}
	})
}

func TestTheQuorumCountsDeputiesByTheRuleAndNobodyWithAConflict(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		p := w.project(t, method.XL, "plan", 30_000_000)
		id := w.open(t, p, "g3", "m1 chair business", "m2 member receiver", "m3 member", "dep deputy m3", "rev reviewer", "rev2 reviewer", "pmo adviser pmo-partner", "fin adviser finance-partner")
		decide := func() error {
			r := w.goRuling(t, id)
			_, err := w.DecideGate(ctx, actor("m1"), id, r)
			return err
		}
		fieldsOf(t, decide(), "1 of 3")
		for _, person := range []string{"m2", "dep"} {
			if err := w.Present(ctx, actor("pmo"), id, person, true); err != nil {
				t.Fatal(err)
			}
		}
		fieldsOf(t, decide(), "The finding of 2 more reviewers is needed")
		for _, person := range []string{"rev", "rev2", "pmo"} {
			w.opine(t, id, person)
		}
		fieldsOf(t, decide(), "finance partner")
		w.opine(t, id, "fin")
		if err := w.Declare(ctx, actor("m2"), id, "My brother's firm bids."); err != nil {
			t.Fatal(err)
		}
		err := decide()
		fieldsOf(t, err, "No quorum")
		fieldsOf(t, err, "nobody speaks for the side receiver")
		if err := w.Unseat(ctx, actor("pmo"), id, "m2", BodyMember); err == nil {
			t.Error("a declared conflict was taken away with the seat")
		}
		if err := w.Seat(ctx, actor("pmo"), id, Naming{Person: "own", Capacity: BodyMember, Side: "receiver"}); err != nil {
			t.Fatal(err)
		}
		if err := w.Present(ctx, actor("pmo"), id, "own", true); err != nil {
			t.Fatal(err)
		}
		if err := decide(); err != nil {
			t.Fatal(err)
		}
		sh, err := w.ReviewOf(ctx, actor("out"), id)
		if err != nil || sh.Decision == nil || sh.Decision.Counted != 3 {
			t.Fatalf("decision %+v, %v", sh.Decision, err)
		}
		w.heldTogether(t, id)
	})
}

// heldTogether checks who is recorded as having taken part in what.
func (w *gateWorld) heldTogether(t *testing.T, review string) {
	t.Helper()
	entries, err := activity.After(context.Background(), w.db.Read, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	roles := map[string]string{}
	for _, e := range entries {
		for _, p := range e.Participants {
			if e.SubjectID == review {
				roles[e.Verb+" "+p.Person] = string(p.Role) + " " + p.For
			}
		}
		if strings.Contains(string(e.Facts), "brother") {
			t.Errorf("%s holds free text: %s", e.Verb, e.Facts)
		}
	}
	for what, want := range map[string]string{
		"gate.decided m1": "led ", "gate.decided dep": "deputised m3", "gate.decided rev": "contributed ", "gate.decided pm": "contributed ", "gate.decided m2": "",
		"gate.facilitated pmo": "led ", "gate.reviewed rev": "contributed ", "gate.chaired m1": "led ", "gate.conflict_declared m2": "contributed ",
	} {
		if roles[what] != want {
			t.Errorf("%s is recorded as %q, want %q", what, roles[what], want)
		}
	}
}

func TestNobodyDecidesOnTheirOwnProject(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		p := w.project(t, method.S, "plan", 50_000)
		w.exec(t, `UPDATE assignment SET person_id = 'pm' WHERE project_id = $1 AND kind = 'sponsor'`, p)
		id := w.open(t, p, "g3")
		sh, err := w.ReviewOf(ctx, actor("out"), id)
		if err != nil || sh.Who != "steering-group" {
			t.Fatalf("decided by %s, %v; the sponsor manages the project, so it goes one row up", sh.Who, err)
		}
		for _, as := range []Capacity{Chair, BodyMember, Reviewer} {
			if err := w.Seat(ctx, actor("pmo"), id, Naming{Person: "pm", Capacity: as}); !errs.Is(err, errs.Invalid) {
				t.Errorf("the project manager as %s: %v", as, err)
			}
		}
		if err := w.Seat(ctx, actor("pmo"), id, Naming{Person: "m1", Capacity: Chair}); err != nil {
			t.Fatal(err)
		}
		w.assign(t, p, "m1", "project_manager", "project_manager") // becomes it afterwards
		if _, err := w.DecideGate(ctx, actor("m1"), id, w.goRuling(t, id)); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a chair who manages the project: %v", err)
		}
		if _, err := w.DecideGate(ctx, actor("head"), id, w.goRuling(t, id)); !errs.Is(err, errs.Forbidden) {
			t.Errorf("the head of PMO without a seat: %v", err)
		}
	})
}

func TestWhatWasFrozenStaysWhateverBecomesOfTheProject(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		p := w.project(t, method.M, "plan", 400_000)
		id := w.open(t, p, "g3", "rev reviewer")
		before, err := w.ReviewOf(ctx, actor("out"), id)
		if err != nil {
			t.Fatal(err)
		}
		w.exec(t, `UPDATE governed SET tier = 4, method_version_id = (SELECT id FROM method_version WHERE method_id = 'cairn-light') WHERE project_id = $1`, p)
		w.exec(t, `UPDATE project_version SET forecast = 9900000000 WHERE project_id = $1`, p)
		after, err := w.ReviewOf(ctx, actor("out"), id)
		if err != nil {
			t.Fatal(err)
		}
		if len(before.Frozen.Criteria) != 5 || len(after.Frozen.Criteria) != 5 || after.Who != "sponsor" || after.Quorum != before.Quorum || after.Tier != method.M || len(after.Criteria) != 5 {
			t.Errorf("frozen: %d criteria, then %d, decided by %s, tier %s", len(before.Frozen.Criteria), len(after.Frozen.Criteria), after.Who, after.Tier)
		}
		w.opine(t, id, "rev")
		if _, err := w.DecideGate(ctx, actor("spo"), id, w.goRuling(t, id)); err != nil {
			t.Fatal(err)
		}
	})
}

func TestOfTwoWhoDecideAtOnceOneDecides(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		for range 5 {
			p := w.project(t, method.M, "shape", 400_000)
			id := w.open(t, p, "g2")
			ruling, hold := w.goRuling(t, id), Ruling{Decision: method.Hold, Rationale: "Not now.", Needs: map[string]string{"until": "the budget", "keeps_people": "two"}}
			var wg sync.WaitGroup
			results := make([]error, 6)
			for i := range results {
				wg.Go(func() {
					r := ruling
					if i%2 == 1 {
						r = hold
					}
					_, results[i] = w.DecideGate(ctx, actor("spo"), id, r)
				})
			}
			wg.Wait()
			decided := 0
			for _, err := range results {
				if err == nil {
					decided++
				} else if !errs.Is(err, errs.Conflict) && !errs.Is(err, errs.Duplicate) {
					t.Errorf("who came second: %v", err)
				}
			}
			var stored int
			if err := db.Read.QueryRow(`SELECT COUNT(*) FROM gate_decision WHERE project_id = $1`, p).Scan(&stored); err != nil || stored != 1 || decided != 1 {
				t.Errorf("%d decided, %d stored, %v", decided, stored, err)
			}
		}
	})
}

func TestAfterAStopNoGateComes(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		p := w.project(t, method.M, "shape", 400_000)
		id := w.open(t, p, "g2")
		stop := Ruling{Decision: method.Stop, Rationale: "It does not pay."}
		_, err := w.DecideGate(ctx, actor("spo"), id, stop)
		fieldsOf(t, err, "need_closes_by")
		stop.Needs = map[string]string{"keeps": "The study", "tells": "Ines tells the team", "closes_by": "2026-04-30"}
		if _, err := w.DecideGate(ctx, actor("spo"), id, stop); err != nil {
			t.Fatal(err)
		}
		j, err := w.Journey(ctx, actor("out"), p)
		if err != nil || j.Next() != nil || j.Stopped == nil || j.Governed.Phase != "shape" {
			t.Errorf("after a stop: next %+v, stopped %v, %v", j.Next(), j.Stopped, err)
		}
		_, err = w.Open(ctx, actor("pmo"), p, "g3", "")
		fieldsOf(t, err, "was stopped at G2")
	})
}

func TestTheSnapshotVerifiesAndIsNeverChanged(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		p := w.project(t, method.M, "shape", 400_000)
		id := w.open(t, p, "g2")
		if _, err := w.DecideGate(ctx, actor("spo"), id, conditional(w.goRuling(t, id), "g2-case", "2026-05-01")); err != nil {
			t.Fatal(err)
		}
		k, err := w.SnapshotOf(ctx, actor("out"), id)
		if err != nil || !k.Sound || k.Snapshot.Decision.Name != "Name spo" || len(k.Conditions) != 1 || k.Facts["role.sponsor_named"] != true {
			t.Errorf("snapshot %+v, %v", k.Snapshot, err)
		}
		for _, query := range []string{`UPDATE gate_decision SET snapshot = '{}'`, `DELETE FROM gate_decision`} {
			if _, err := db.Write.Exec(query); err == nil {
				t.Errorf("%s was let through", query)
			}
		}
		if strings.Contains(string(k.Text), "Name ") {
			t.Errorf("the snapshot names somebody: %s", k.Text)
		}
	})
}

func TestHoldAndRecycleComeBackAsAFurtherRound(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		p := w.project(t, method.M, "shape", 400_000)
		id := w.open(t, p, "g2")
		if _, err := w.Open(ctx, actor("pmo"), p, "g2", ""); !errs.Is(err, errs.Duplicate) {
			t.Errorf("a second review beside the first: %v", err)
		}
		hold := Ruling{Decision: method.Hold, Rationale: "Not now.", Needs: map[string]string{"until": "The licence", "keeps_people": "Two of four"}}
		if _, err := w.DecideGate(ctx, actor("spo"), id, hold); err != nil {
			t.Fatal(err)
		}
		j, err := w.Journey(ctx, actor("out"), p)
		if err != nil || j.Standing == nil || j.Next() == nil || j.Next().Gate.ID != "g2" {
			t.Fatalf("on hold: %+v, %v", j.Standing, err)
		}
		w.clock.Advance(24 * time.Hour)
		again := w.open(t, p, "g2")
		sh, err := w.ReviewOf(ctx, actor("out"), again)
		if err != nil || sh.Round != 2 {
			t.Fatalf("round %d, %v", sh.Round, err)
		}
		if _, err := w.DecideGate(ctx, actor("spo"), again, w.goRuling(t, again)); err != nil {
			t.Fatal(err)
		}
		if _, err := w.DecideGate(ctx, actor("spo"), id, hold); !errs.Is(err, errs.Duplicate) {
			t.Errorf("a decision is made again: %v", err)
		}
	})
}

func TestWhoReadTheReviewBeforeItChangedLearnsOfIt(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		id := w.open(t, w.project(t, method.M, "plan", 400_000), "g3", "rev reviewer")
		w.opine(t, id, "rev")
		r := w.goRuling(t, id)
		sh, err := w.ReviewOf(ctx, actor("spo"), id)
		if err != nil {
			t.Fatal(err)
		}
		r.Version = sh.Version
		if err := w.OpineGate(ctx, actor("rev"), id, []GateOpinion{{Criterion: "g3-plan", Verdict: NotMet, Words: "Nine weeks are too few."}}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.DecideGate(ctx, actor("spo"), id, r); !errs.Is(err, errs.Conflict) {
			t.Errorf("decided over an opinion that was not read: %v", err)
		}
	})
}

func TestDeputiesAreNamedBeforeTheMeeting(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		id := w.open(t, w.project(t, method.L, "plan", 4_000_000), "g3", "m1 chair business", "m2 member receiver")
		if err := w.Meet(ctx, actor("pmo"), id, 0, "2026-03-16"); err != nil {
			t.Fatal(err)
		}
		late := Naming{Person: "dep", Capacity: DeputyFor, For: "m2", Authority: "to decide"}
		fieldsOf(t, w.Seat(ctx, actor("pmo"), id, late), "before the meeting")
		if err := w.Meet(ctx, actor("pmo"), id, 0, "2026-03-20"); err != nil {
			t.Fatal(err)
		}
		if err := w.Seat(ctx, actor("pmo"), id, late); err != nil {
			t.Fatal(err)
		}
		fieldsOf(t, w.Present(ctx, actor("pmo"), id, "dep", true), "on the day")
		fieldsOf(t, w.Meet(ctx, actor("pmo"), id, 0, "2026-03-16"), "before the day")
	})
}

func TestARefusalLeavesNothing(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		p := w.project(t, method.M, "shape", 400_000)
		id := w.open(t, p, "g2")
		r := w.goRuling(t, id)
		r.Verdicts = nil // not assessed counts as unmet
		_, err := w.DecideGate(ctx, actor("spo"), id, r)
		fieldsOf(t, err, "not met: “The case holds")
		var e *errs.Error
		if !errors.As(err, &e) || e.Kind != errs.Invalid {
			t.Errorf("kind of %v", err)
		}
		sh, err := w.ReviewOf(ctx, actor("spo"), id)
		if err != nil || sh.State != ReviewOpen || sh.Decision != nil {
			t.Errorf("after a refusal: %s, %v", sh.State, err)
		}
	})
}
