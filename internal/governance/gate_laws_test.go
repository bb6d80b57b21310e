package governance

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cairn/internal/governance/method"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

// gateLife is one project whose gates are opened, staffed and decided at random.
type gateLife struct {
	*gateWorld
	t       *testing.T
	project string
	frozen  map[string]string // what each review asked when it was opened
}

// TestNoPathLetsAGatePassOverAnOpenCondition lives many projects at random and
// holds after each step what must always be so.
func TestNoPathLetsAGatePassOverAnOpenCondition(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		w := newGateWorld(t, db)
		rapid.Check(t, func(rt *rapid.T) {
			tier := rapid.SampledFrom(method.Tiers()).Draw(rt, "tier")
			phase := rapid.SampledFrom([]string{"explore", "shape", "plan"}).Draw(rt, "phase")
			l := &gateLife{gateWorld: w, t: t, frozen: map[string]string{}}
			l.project = w.project(t, tier, phase, rapid.Int64Range(1, 20_000_000).Draw(rt, "cost"), "handover", "safety")
			for range rapid.IntRange(5, 25).Draw(rt, "steps") {
				w.clock.Advance(time.Minute)
				l.step(rt)
				l.holds(rt, db)
			}
		})
		if testing.Short() {
			return // the race detector's run draws a fifth of the lives: not all that can happen does
		}
		// A law over lives in which nothing happens would say nothing.
		for _, decision := range []string{method.Go, method.ConditionalGo, method.Hold, method.Stop} {
			var n int
			if err := db.Read.QueryRow(`SELECT COUNT(*) FROM gate_decision WHERE decision = $1`, decision).Scan(&n); err != nil || n == 0 {
				t.Errorf("%s was never decided: %v", decision, err)
			}
			t.Logf("%s: %d", decision, n)
		}
		var over int
		if err := db.Read.QueryRow(`SELECT COUNT(*) FROM gate_review r JOIN gate_condition c ON c.project_id = r.project_id WHERE r.state = 'open' AND c.state IN ('open', 'given')`).Scan(&over); err != nil || over == 0 {
			t.Errorf("no review stood before an open condition: %v", err)
		}
	})
}

func (l *gateLife) step(rt *rapid.T) {
	ctx := context.Background()
	anybody := func(label string) string {
		return rapid.SampledFrom([]string{"spo", "pm", "m1", "m2", "m3", "rev", "dep", "own", "pmo", "fin", "head"}).Draw(rt, label)
	}
	review := l.openReview()
	if review == "" {
		if j, err := l.Journey(ctx, actor("head"), l.project); err == nil && j.Next() != nil {
			if _, err := l.Open(ctx, actor("pmo"), l.project, j.Next().Gate.ID, ""); err != nil {
				rt.Fatalf("open: %v", err)
			}
			l.freeze(rt)
			if rapid.IntRange(0, 5).Draw(rt, "dialled") > 0 {
				l.dialled(l.t, l.project)
			}
		}
		l.endSome(rt, anybody("settler"))
		return
	}
	switch rapid.IntRange(0, 9).Draw(rt, "what") {
	case 0, 1:
		n := Naming{Person: anybody("who"), Capacity: rapid.SampledFrom([]Capacity{Chair, BodyMember, DeputyFor, Reviewer, Adviser}).Draw(rt, "as"), For: anybody("for"), Authority: "pmo-partner", Side: rapid.SampledFrom([]string{"business", "receiver"}).Draw(rt, "side")}
		_ = l.Seat(ctx, actor("pmo"), review, n) // most are refused
	case 2:
		_ = l.Present(ctx, actor("pmo"), review, anybody("there"), rapid.Bool().Draw(rt, "present"))
	case 3:
		_ = l.Declare(ctx, actor(anybody("conflicted")), review, "A conflict")
	case 4:
		_ = l.OpineGate(ctx, actor(anybody("speaker")), review, []GateOpinion{{Verdict: Met}})
	case 5:
		l.endSome(rt, anybody("settler"))
	default:
		l.staff(rt, review)
		decider := rapid.SampledFrom([]string{"spo", "spo", "m1", "m1", "m2", "pm", "dep"}).Draw(rt, "decider")
		_, _ = l.DecideGate(ctx, actor(decider), review, l.ruling(rt, review))
	}
}

// staff fills a review as it should be, so that some decisions are taken.
func (l *gateLife) staff(rt *rapid.T, review string) {
	if rapid.IntRange(0, 4).Draw(rt, "staffed") == 0 {
		return
	}
	ctx := context.Background()
	for _, n := range []Naming{
		{Person: "m1", Capacity: Chair, Side: "business"},
		{Person: "m2", Capacity: BodyMember, Side: "receiver"},
		{Person: "m3", Capacity: BodyMember},
		{Person: "rev", Capacity: Reviewer},
		{Person: "rev2", Capacity: Reviewer},
		{Person: "pmo", Capacity: Adviser, Authority: "pmo-partner"},
		{Person: "fin", Capacity: Adviser, Authority: "finance-partner"},
	} {
		_ = l.Seat(ctx, actor("pmo"), review, n) // some are there already
		_ = l.Present(ctx, actor("pmo"), review, n.Person, true)
		_ = l.OpineGate(ctx, actor(n.Person), review, []GateOpinion{{Verdict: Met}})
	}
}

// ruling draws a decision that may or may not be possible.
func (l *gateLife) ruling(rt *rapid.T, review string) Ruling {
	sh, err := l.ReviewOf(context.Background(), actor("head"), review)
	if err != nil {
		rt.Fatal(err)
	}
	r := Ruling{
		Decision: rapid.SampledFrom([]string{"go", "go", "go", "conditional-go", "conditional-go", "conditional-go", "hold", "recycle", "stop"}).Draw(rt, "decision"), Rationale: "So it is.",
		Needs: map[string]string{"until": "x", "keeps_people": "x", "what": "x", "by": "2027-01-01", "keeps": "x", "tells": "x", "closes_by": "2027-01-01"},
	}
	for _, c := range sh.Frozen.Criteria {
		v := Met
		if rapid.IntRange(0, 9).Draw(rt, "verdict") == 0 {
			v = rapid.SampledFrom([]string{PartlyMet, NotMet, CannotSay, ""}).Draw(rt, "unmet")
		}
		r.Verdicts = append(r.Verdicts, Verdict{Criterion: c.ID, Verdict: v})
		if v != Met && r.Decision == method.ConditionalGo && rapid.IntRange(0, 4).Draw(rt, "covered") > 0 {
			r.Conditions = append(r.Conditions, ConditionAsked{Criterion: c.ID, Words: "Do it", Owner: "own", Due: "2026-12-01", Proof: "See it"})
		}
	}
	if r.Decision == method.ConditionalGo && len(r.Conditions) == 0 {
		for range rapid.IntRange(0, 6).Draw(rt, "conditions") {
			r.Conditions = append(r.Conditions, ConditionAsked{Words: "Do it", Owner: "own", Due: "2026-12-01", Proof: "See it"})
		}
	}
	return r
}

// endSome lets somebody prove, close or waive a condition.
func (l *gateLife) endSome(rt *rapid.T, who string) {
	ctx := context.Background()
	page, err := l.Conditions(ctx, actor("head"), ConditionQuery{Project: l.project})
	if err != nil {
		rt.Fatal(err)
	}
	if len(page.Conditions) == 0 {
		return
	}
	c := page.Conditions[0]
	switch rapid.IntRange(0, 3).Draw(rt, "end") {
	case 0:
		_, _ = l.GiveProof(ctx, actor(who), c.ID, 0, "Here")
	case 1:
		_, _ = l.WaiveCondition(ctx, actor(who), c.ID, 0, "Not any more")
	case 2:
		_, _ = l.CloseCondition(ctx, actor(c.SetBy), c.ID, 0, "Seen")
	}
}

func (l *gateLife) openReview() (id string) {
	_ = l.db.Read.QueryRow(`SELECT id FROM gate_review WHERE project_id = $1 AND state = 'open'`, l.project).Scan(&id) // none is the empty id
	return id
}

func (l *gateLife) freeze(rt *rapid.T) {
	id := l.openReview()
	l.frozen[id] = l.asked(rt, id)
}

func (l *gateLife) asked(rt *rapid.T, id string) string {
	r, err := getReview(context.Background(), l.db.Read, id)
	if err != nil {
		rt.Fatal(err)
	}
	text, err := json.Marshal([]any{r.Frozen, r.Who, r.Quorum, r.Reviewers, r.Amount, r.Tier, r.MethodVersion})
	if err != nil {
		rt.Fatal(err)
	}
	return string(text)
}

// holds checks what must always be so.
func (l *gateLife) holds(rt *rapid.T, db *sqldb.DB) {
	ctx := context.Background()
	for id, was := range l.frozen {
		if now := l.asked(rt, id); now != was {
			rt.Fatalf("what was frozen changed from %s to %s", was, now)
		}
	}
	decisions, err := gateDecisions(ctx, db.Read, l.project)
	if err != nil {
		rt.Fatal(err)
	}
	conditions, err := conditionsOf(ctx, db.Read, l.project)
	if err != nil {
		rt.Fatal(err)
	}
	stopped := false
	for _, d := range decisions {
		if stopped {
			rt.Fatalf("%s was decided at %s after a stop", d.Decision, d.Gate)
		}
		stopped = d.Decision == method.Stop
		l.sound(rt, d, conditions)
	}
}

// sound checks one decision.
func (l *gateLife) sound(rt *rapid.T, d GateDecision, conditions []Condition) {
	r, err := getReview(context.Background(), l.db.Read, d.Review)
	if err != nil {
		rt.Fatal(err)
	}
	l.asks(rt, d)
	var own []Condition
	for _, c := range conditions {
		if c.Review == d.Review {
			own = append(own, c)
		} else if passes(d.Decision) && c.SetAt < d.DecidedAt && (c.EndedAt == 0 || c.EndedAt > d.DecidedAt) {
			rt.Fatalf("%s was passed over the open condition %s of %s", d.Gate, c.ID, c.Gate)
		}
	}
	covered := func(id string) bool {
		return slices.ContainsFunc(own, func(c Condition) bool { return c.Criterion == id })
	}
	for _, v := range d.Verdicts {
		c := r.Frozen.Criterion(v.Criterion)
		unmet := c.Must && v.Verdict != Met && passes(d.Decision)
		if unmet && (d.Decision == method.Go || c.KnockOut || !covered(c.ID)) {
			rt.Fatalf("%s at %s over the unmet must %s", d.Decision, d.Gate, c.ID)
		}
	}
	if len(own) > 5 || (d.Decision == method.ConditionalGo) != (len(own) > 0) {
		rt.Fatalf("%s has %d conditions", d.Decision, len(own))
	}
	m, err := l.method(context.Background(), l.db.Read, r.MethodVersion)
	if err != nil {
		rt.Fatal(err)
	}
	if n := r.count(m, d.DecidedBy); !n.Quorate() || n.Counted != d.Counted || d.DecidedBy == "pm" || n.Deputies*2 > n.Counted {
		rt.Fatalf("decided by %s with %+v, stored %d", d.DecidedBy, n, d.Counted)
	}
	if k, err := l.SnapshotOf(context.Background(), actor("out"), d.Review); err != nil || !k.Sound {
		rt.Fatalf("the snapshot of %s does not verify: %v", d.Review, err)
	}
}

// asks checks that the dial was asked between a gate that was passed and the decision
// before it.
func (l *gateLife) asks(rt *rapid.T, d GateDecision) {
	if !passes(d.Decision) {
		return
	}
	var n int
	if err := l.db.Read.QueryRow(`SELECT COUNT(*) FROM dial_answer WHERE project_id = $1 AND answered_at <= $2
		AND answered_at >= (SELECT COALESCE(MAX(b.decided_at), 0) FROM gate_decision b WHERE b.project_id = $1 AND b.decided_at < $2)`, d.Project, d.DecidedAt).Scan(&n); err != nil || n == 0 {
		rt.Fatalf("%s was passed without asking the dial: %v", d.Gate, err)
	}
}

// TestAConditionThatClosesWhileTheNextGateIsDecided lets the two race: whenever
// the gate was passed, the condition was closed.
func TestAConditionThatClosesWhileTheNextGateIsDecided(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		for range 6 {
			p := w.project(t, method.M, "shape", 400_000)
			g2 := w.open(t, p, "g2")
			if _, err := w.DecideGate(ctx, actor("spo"), g2, conditional(w.goRuling(t, g2), "g2-case", clock.AddDays(w.Today(), 20))); err != nil {
				t.Fatal(err)
			}
			g3 := w.open(t, p, "g3", "rev reviewer")
			w.opine(t, g3, "rev")
			j, err := w.Journey(ctx, actor("out"), p)
			if err != nil {
				t.Fatal(err)
			}
			ruling := w.goRuling(t, g3)
			var wg sync.WaitGroup
			var decided error
			wg.Go(func() { _, decided = w.DecideGate(ctx, actor("spo"), g3, ruling) })
			wg.Go(func() {
				if _, err := w.CloseCondition(ctx, actor("spo"), j.Open()[0].ID, 0, "Seen"); err != nil {
					t.Error(err)
				}
			})
			wg.Wait()
			if decided != nil && !errs.Is(decided, errs.Invalid) {
				t.Errorf("decided: %v", decided)
			}
			decisions, err := gateDecisions(ctx, db.Read, p)
			if err != nil {
				t.Fatal(err)
			}
			if (decided == nil) != (len(decisions) == 2) {
				t.Errorf("%d decisions, %v", len(decisions), decided)
			}
		}
	})
}
