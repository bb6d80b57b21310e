package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/portfolio"
)

// radio is the answers of a project of tier M: outstations on a control network.
var radio = governance.Sheet{Kind: "project", HandsOver: true, Phase: "deliver", Answers: method.Answers{
	"size": {"to-1m"}, "duration": {"to-18-months"}, "complexity": {"several"}, "novelty": {"us-alike"}, "dependence": {"one"},
	"regulation": {"critical-system"}, "reputation": {"us"}, "people": {"to-50"}, "suppliers": {"critical"}, "reversibility": {"weeks"},
}}

// portal is the answers of a small one, tier S.
var portal = governance.Sheet{Kind: "project", HandsOver: true, Phase: "deliver", Answers: method.Answers{
	"size": {"to-250k"}, "duration": {"to-9-months"}, "complexity": {"few"}, "novelty": {"us-alike"}, "dependence": {"none"},
	"regulation": {"personal-data"}, "reputation": {"us"}, "people": {"to-50"}, "suppliers": {"ordinary"}, "reversibility": {"same-day"},
}}

func (o *office) methods(t *testing.T, ctx context.Context) {
	t.Helper()
	if err := o.Governance.EnsureMethods(ctx); err != nil {
		t.Fatal(err)
	}
}

func TestADialGivesATierWithReasons(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.methods(t, ctx)
		r, err := o.Governance.Answer(ctx, o.manager, o.project, radio)
		if err != nil {
			t.Fatal(err)
		}
		if r.Tier != method.M || r.Points != 13 || len(r.Decided) == 0 || r.Decided[0].Points < r.Decided[1].Points {
			t.Fatalf("the dial gives %+v", r)
		}
		sheaf, err := o.Governance.Controls(ctx, o.partner, o.project, "")
		if err != nil {
			t.Fatal(err)
		}
		if len(sheaf.Controls)+len(sheaf.Later) != 16 || sheaf.Governed.Tier != method.M || sheaf.Governed.Phase != "deliver" {
			t.Fatalf("asked now %d, later %d, of %+v", len(sheaf.Controls), len(sheaf.Later), sheaf.Governed)
		}
		if n := sheaf.Count(governance.Gap); n != 0 {
			t.Fatalf("%d gaps on the day of the answer: what is new has its days of grace", n)
		}
		wrong := radio
		wrong.Answers = method.Answers{"size": {"enormous"}}
		if _, err := o.Governance.Answer(ctx, o.manager, o.project, wrong); !errs.Is(err, errs.Invalid) || len(errs.FieldsOf(err)) != 10 {
			t.Fatalf("a wrong sheet gives %v with fields %v", err, errs.FieldsOf(err))
		}
		if _, err := o.Governance.Answer(ctx, o.other, o.project, radio); !errs.Is(err, errs.Forbidden) {
			t.Fatalf("somebody else answers: %v", err)
		}
	})
}

func TestAnOverrideHasItsAuthorityAndItsFloor(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.methods(t, ctx)
		if err := o.Governance.Override(ctx, o.head, o.project, method.L, "Because."); !errs.Is(err, errs.Conflict) {
			t.Fatalf("an override before the dial: %v", err)
		}
		if _, err := o.Governance.Answer(ctx, o.manager, o.project, radio); err != nil {
			t.Fatal(err)
		}
		if err := o.Governance.Override(ctx, o.partner, o.project, method.S, "It is small."); !errs.Is(err, errs.Invalid) {
			t.Fatalf("below the floor of a critical system: %v", err)
		}
		if err := o.Governance.Override(ctx, o.partner, o.project, method.L, ""); len(errs.FieldsOf(err)) != 1 {
			t.Fatalf("without a reason: %v", err)
		}
		if err := o.Governance.Override(ctx, o.manager, o.project, method.L, "I want it."); !errs.Is(err, errs.Forbidden) {
			t.Fatalf("by the project manager: %v", err)
		}
		if err := o.Governance.Override(ctx, o.partner, o.project, method.L, "The board asked for an outside look."); err != nil {
			t.Fatal(err)
		}
		sheaf, err := o.Governance.Controls(ctx, o.manager, o.project, "")
		if err != nil || sheaf.Governed.Tier != method.L || sheaf.Override == nil || sheaf.Override.Dialled != method.M {
			t.Fatalf("%+v %v", sheaf.Governed, err)
		}
		over, answered, _, err := o.Governance.Overrides(ctx, o.head)
		if err != nil || over != 1 || answered != 1 {
			t.Fatalf("counted %d of %d, %v", over, answered, err)
		}
	})
}

// Whom the method wants to hear before a tier is lowered is heard; the next answers
// ask anew.
func TestALowerTierWaitsForWhoIsToBeHeard(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.methods(t, ctx)
		sponsor := o.other
		o.assign(t, o.project, sponsor, portfolio.Sponsor, "2025-01-01")
		calm := radio
		calm.Answers = maps.Clone(radio.Answers)
		calm.Answers["regulation"] = []string{"none"}
		r, err := o.Governance.Answer(ctx, o.manager, o.project, calm)
		if err != nil || r.Tier != method.M || r.Floor > method.S {
			t.Fatalf("%+v %v", r, err)
		}
		if err := o.Governance.Override(ctx, o.partner, o.project, method.S, "It is small."); len(errs.FieldsOf(err)) != 1 {
			t.Fatalf("before the sponsor was heard: %v", err)
		}
		if err := o.Governance.OpineTier(ctx, o.manager, o.project, true, ""); !errs.Is(err, errs.Forbidden) {
			t.Fatalf("the project manager is heard: %v", err)
		}
		if err := o.Governance.OpineTier(ctx, sponsor, o.project, false, ""); len(errs.FieldsOf(err)) != 1 {
			t.Fatalf("against it without words: %v", err)
		}
		if d, err := o.Governance.Dial(ctx, sponsor, o.project); err != nil || !d.MayOpine || len(d.Down.Needs) != 1 || d.Down.Who != "pmo-partner" {
			t.Fatalf("the page of the dial: %+v %v", d.Down, err)
		}
		if err := o.Governance.OpineTier(ctx, sponsor, o.project, true, "Nobody depends on it."); err != nil {
			t.Fatal(err)
		}
		if err := o.Governance.Override(ctx, o.partner, o.project, method.S, "It is small."); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Governance.Answer(ctx, o.manager, o.project, calm); err != nil {
			t.Fatal(err)
		}
		if err := o.Governance.Override(ctx, o.partner, o.project, method.S, "It is small."); len(errs.FieldsOf(err)) != 1 {
			t.Fatalf("an opinion on earlier answers counts: %v", err)
		}
	})
}

// stateOf gives how a control of a project stands on a day.
func (o *office) stateOf(t *testing.T, ctx context.Context, project, control string, at clock.Day) governance.Control {
	t.Helper()
	sheaf, err := o.Governance.Controls(ctx, o.head, project, at)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range sheaf.Controls {
		if c.ID == control {
			return c
		}
	}
	t.Fatalf("%s is not asked of the project on %s", control, at)
	return governance.Control{}
}

func TestEvidenceIsFoundAndLapses(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.methods(t, ctx)
		if _, err := o.Governance.Answer(ctx, o.manager, o.project, radio); err != nil {
			t.Fatal(err)
		}
		today := o.Governance.Today()
		grace := clock.AddDays(today, 30)
		if c := o.stateOf(t, ctx, o.project, "ri-02", today); c.State != governance.Open {
			t.Fatalf("before anything: %+v", c)
		}
		line := -1
		for i, a := range o.stateOf(t, ctx, o.project, "ri-02", today).Accepts {
			if a.Kind == method.AnEvent {
				line = i
			}
		}
		if _, err := o.Governance.Speak(ctx, o.manager, o.project, "ri-02", line, "", "Went through all seven."); err != nil {
			t.Fatal(err)
		}
		c := o.stateOf(t, ctx, o.project, "ri-02", today)
		if c.State != governance.Evidenced || c.Until != clock.AddDays(today, 46) {
			t.Fatalf("after the review: %s until %s", c.State, c.Until)
		}
		if c := o.stateOf(t, ctx, o.project, "ri-02", clock.AddDays(today, 46)); c.State != governance.Gap {
			t.Fatalf("46 days later it is %s", c.State)
		}
		if c := o.stateOf(t, ctx, o.project, "mo-02", grace); c.State != governance.Gap {
			t.Fatalf("after the days of grace it is %s", c.State)
		}
		// What Cairn records by itself needs nobody's word.
		o.report(t, o.project, "2026-02", "green", "2026-03-31", 101000)
		if c := o.stateOf(t, ctx, o.project, "go-02", today); c.State != governance.Evidenced || c.Via == "attestation" {
			t.Fatalf("after a report: %+v", c)
		}
	})
}

func TestAnAssessmentOutweighsWhatWasThereBefore(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.methods(t, ctx)
		if _, err := o.Governance.Answer(ctx, o.manager, o.project, radio); err != nil {
			t.Fatal(err)
		}
		today := o.Governance.Today()
		if _, err := o.Governance.Speak(ctx, o.manager, o.project, "ri-02", 0, "", ""); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Governance.Assess(ctx, o.manager, o.project, "ri-02", governance.Partly, "Two of seven.", ""); !errs.Is(err, errs.Forbidden) {
			t.Fatalf("a project manager assesses: %v", err)
		}
		o.clock.Advance(24 * time.Hour)
		if _, err := o.Governance.Assess(ctx, o.partner, o.project, "ri-02", governance.Partly, "Two of seven.", ""); err != nil {
			t.Fatal(err)
		}
		next := clock.AddDays(today, 1)
		if c := o.stateOf(t, ctx, o.project, "ri-02", next); c.State != governance.Gap || c.Via != "assessment" {
			t.Fatalf("assessed as partly: %+v", c)
		}
		id, err := o.Governance.Raise(ctx, o.partner, governance.Finding{Project: o.project, Control: "ri-02", Words: "Five risks were not looked at.", Urgency: governance.DoNow, Owner: o.manager.Person})
		if err != nil {
			t.Fatal(err)
		}
		o.clock.Advance(24 * time.Hour)
		if err := o.Governance.Close(ctx, o.partner, id, governance.NotThere, "Still not.", 1); err != nil {
			t.Fatal(err)
		}
		if list, err := o.Governance.Findings(ctx, o.head, governance.FindingFilter{Project: o.project, Open: true}, 10); err != nil || len(list) != 1 {
			t.Fatalf("a failed re-test closes nothing: %v %v", list, err)
		}
		if err := o.Governance.Close(ctx, o.partner, id, governance.InPlace, "All seven now.", 1); err != nil {
			t.Fatal(err)
		}
		if c := o.stateOf(t, ctx, o.project, "ri-02", clock.AddDays(today, 2)); c.State != governance.Evidenced || len(c.Findings) != 0 {
			t.Fatalf("after the re-test: %+v", c)
		}
	})
}

func TestAWaiverNeedsItsAuthorityAndEndsByItself(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.methods(t, ctx)
		sponsor := o.other
		o.assign(t, o.project, sponsor, portfolio.Sponsor, "2025-01-01")
		if _, err := o.Governance.Answer(ctx, o.manager, o.project, radio); err != nil {
			t.Fatal(err)
		}
		today := o.Governance.Today()
		until := clock.AddDays(today, 20)
		if _, err := o.Governance.AskForWaiver(ctx, o.manager, o.project, "mo-02", "", "", "2030-01-01"); len(errs.FieldsOf(err)) != 3 {
			t.Fatalf("an empty request: %v", errs.FieldsOf(err))
		}
		id, err := o.Governance.AskForWaiver(ctx, o.manager, o.project, "mo-02", "The ledger is moving.", "Weekly figures by mail.", until)
		if err != nil {
			t.Fatal(err)
		}
		if err := o.Governance.Decide(ctx, o.manager, id, true, "", 1); !errs.Is(err, errs.Forbidden) {
			t.Fatalf("one's own request: %v", err)
		}
		if err := o.Governance.Decide(ctx, sponsor, id, true, "", 1); !errs.Is(err, errs.Forbidden) {
			t.Fatalf("beyond the sponsor's authority: %v", err)
		}
		if err := o.Governance.Decide(ctx, o.partner, id, true, "", 1); len(errs.FieldsOf(err)) != 1 {
			t.Fatalf("before the sponsor was heard: %v", err)
		}
		if err := o.Governance.Opine(ctx, sponsor, id, true, "Fine."); err != nil {
			t.Fatal(err)
		}
		if err := o.Governance.Decide(ctx, o.partner, id, true, "Until the new ledger is there.", 1); err != nil {
			t.Fatal(err)
		}
		for at, want := range map[clock.Day]string{today: governance.Waived, clock.AddDays(until, -1): governance.Waived, until: governance.Open, clock.AddDays(today, 31): governance.Gap} {
			if c := o.stateOf(t, ctx, o.project, "mo-02", at); c.State != want {
				t.Errorf("on %s it is %s, not %s", at, c.State, want)
			}
		}
	})
}

// TestSegmentsAreWhatTheRecordSays is the law of the gap: what is kept as the
// record grows equals what is computed from nothing, today and on any other day,
// for projects and for the nodes above them.
func TestSegmentsAreWhatTheRecordSays(t *testing.T) {
	notUnderRace(t)
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		o := newOffice(t, db)
		o.methods(t, ctx)
		sponsor := o.other
		folio, err := o.Portfolio.AddPortfolio(ctx, o.head, portfolio.Portfolio{Name: "Water"})
		if err != nil {
			t.Fatal(err)
		}
		programme, err := o.Portfolio.AddProgramme(ctx, o.head, portfolio.Programme{Portfolio: folio.ID, Name: "Rivers"})
		if err != nil {
			t.Fatal(err)
		}
		projects := []string{o.project}
		for i := range 3 {
			id := o.add(t, fmt.Sprintf("Weir %d", i), i == 2)
			o.assign(t, id, o.manager, portfolio.Manager, "2025-01-01")
			o.assign(t, id, sponsor, portfolio.Sponsor, "2025-06-01")
			projects = append(projects, id)
		}
		controls := []string{"ri-02", "mo-01", "mo-02", "pe-01", "go-02", "ch-01", "bc-01", "su-01", "is-01"}
		rapid.Check(t, func(r *rapid.T) {
			steps := rapid.IntRange(1, 6).Draw(r, "steps")
			for range steps {
				p := rapid.SampledFrom(projects).Draw(r, "project")
				c := rapid.SampledFrom(controls).Draw(r, "control")
				// Whatever is refused changes nothing and so tells nothing here.
				switch rapid.IntRange(0, 8).Draw(r, "what") {
				case 0:
					sheet := rapid.SampledFrom([]governance.Sheet{radio, portal}).Draw(r, "sheet")
					sheet.Phase = rapid.SampledFrom([]string{"", "plan", "deliver", "handover"}).Draw(r, "phase")
					_, _ = o.Governance.Answer(ctx, o.manager, p, sheet)
				case 1:
					_, _ = o.Governance.Speak(ctx, o.manager, p, c, rapid.IntRange(0, 2).Draw(r, "line"), clock.AddDays(o.Governance.Today(), -rapid.IntRange(0, 60).Draw(r, "ago")), "")
				case 2:
					_, _ = o.Governance.Assess(ctx, o.head, p, c, rapid.SampledFrom([]string{governance.InPlace, governance.Partly, governance.NotThere, governance.NotApplicable}).Draw(r, "verdict"), "Seen.", "")
				case 3:
					id, err := o.Governance.AskForWaiver(ctx, o.manager, p, c, "Why.", "How.", clock.AddDays(o.Governance.Today(), rapid.IntRange(1, 40).Draw(r, "until")))
					if err == nil {
						_ = o.Governance.Opine(ctx, sponsor, id, true, "")
						_ = o.Governance.Decide(ctx, o.head, id, true, "", 1)
					}
				case 4:
					o.clock.Advance(time.Duration(rapid.IntRange(1, 20).Draw(r, "days")) * 24 * time.Hour)
				case 5:
					_ = o.Governance.SetPhase(ctx, o.manager, p, rapid.SampledFrom([]string{"shape", "plan", "deliver", "handover"}).Draw(r, "to"))
				case 6:
					_ = o.Governance.Override(ctx, o.head, p, rapid.SampledFrom(method.Tiers()).Draw(r, "tier"), "Because.")
				case 7:
					facts := portfolio.Facts{portfolio.Actual: {Text: fmt.Sprint(rapid.IntRange(50000, 150000).Draw(r, "actual"))}}
					o.change(t, p, facts)
				case 8:
					o.place(t, p, rapid.SampledFrom([]string{programme.ID, folio.ID}).Draw(r, "under"))
				}
			}
			if err := o.CatchUp(ctx); err != nil {
				r.Fatal(err)
			}
			o.compareSegments(r, ctx, projects, []string{folio.ID, programme.ID})
		})
	})
}

// change states facts of a project as at today.
func (o *office) change(t *testing.T, project string, facts portfolio.Facts) {
	t.Helper()
	ctx := context.Background()
	p, err := o.Portfolio.Project(ctx, o.head, project, portfolio.When{})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Portfolio.ChangeProject(ctx, o.head, project, p.Project.Version, o.Governance.Today(), facts); err != nil {
		t.Fatal(err)
	}
}

// place puts a project below a node.
func (o *office) place(t *testing.T, project, under string) {
	t.Helper()
	o.change(t, project, portfolio.Facts{portfolio.Parent: {Text: under}})
}

func (o *office) compareSegments(r *rapid.T, ctx context.Context, projects, nodes []string) {
	type key struct{ node, control, state string }
	for _, at := range []clock.Day{o.Governance.Today(), clock.AddDays(o.Governance.Today(), 33), clock.AddDays(o.Governance.Today(), 200)} {
		want := map[key]int{}
		for _, p := range projects {
			scratch, err := o.Governance.Scratch(ctx, p)
			if err != nil {
				r.Fatal(err)
			}
			stored, err := o.Governance.Stored(ctx, p)
			if err != nil {
				r.Fatal(err)
			}
			if d := cmp.Diff(scratch, stored); d != "" {
				r.Fatalf("stored and from nothing differ for %s:\n%s", p, d)
			}
			var parent, above string
			if err := o.Store.Read.QueryRowContext(ctx, `SELECT p.parent_id, COALESCE(g.portfolio_id, '') FROM v_project p LEFT JOIN v_programme g ON g.id = p.parent_id WHERE p.id = $1`, p).Scan(&parent, &above); err != nil {
				r.Fatal(err)
			}
			for _, s := range scratch {
				if s.From <= at && at < s.To {
					for _, node := range []string{parent, above} {
						if slices.Contains(nodes, node) {
							want[key{node, s.Control, s.State}]++
						}
					}
				}
			}
		}
		got := map[key]int{}
		for _, node := range nodes {
			o.tallied(r, ctx, node, at, func(control, state string, n int) { got[key{node, control, state}] = n })
		}
		if d := cmp.Diff(want, got, cmp.AllowUnexported(key{})); d != "" {
			r.Fatalf("the counts of %s differ from what is counted one by one:\n%s", at, d)
		}
	}
}

// tallied reads what is counted of a node on a day.
func (o *office) tallied(r *rapid.T, ctx context.Context, node string, at clock.Day, put func(control, state string, n int)) {
	rows, err := o.Store.Read.QueryContext(ctx, `SELECT control_id, state, SUM(delta) FROM control_tally WHERE node_id = $1 AND day <= $2 GROUP BY control_id, state HAVING SUM(delta) <> 0`, node, at)
	if err != nil {
		r.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var control, state string
		var n int
		if err := rows.Scan(&control, &state, &n); err != nil {
			r.Fatal(err)
		}
		put(control, state, n)
	}
	if err := rows.Err(); err != nil {
		r.Fatal(err)
	}
}
