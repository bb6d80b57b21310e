package app

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"cairn/internal/career"
	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/portfolio"
)

// better is the answers of a small improvement, which the dial sends to the light method.
var better = governance.Sheet{Kind: "improvement", Phase: "light-agree", Answers: method.Answers{
	"size": {"to-50k"}, "duration": {"to-3-months"}, "complexity": {"one"}, "novelty": {"us-often"}, "dependence": {"none"},
	"regulation": {"none"}, "reputation": {"us"}, "people": {"to-50"}, "suppliers": {"none"}, "reversibility": {"same-day"},
}}

// The option to run an improvement as a project closes its requirements from the record:
// whoever led one to its end is proposed an improvement delivered, besides the project
// that was managed. It is the same from scratch, and gone when it is dropped.
func TestAnImprovementThatIsLedToItsEndIsProposed(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.methods(t, ctx)
		check(t, o.Career.TurnOn(ctx, o.manager))
		_, err := o.Governance.Answer(ctx, o.manager, o.project, better)
		check(t, err)
		check(t, o.CatchUp(ctx))
		count := func(what string, want int) career.Standing {
			t.Helper()
			st, err := o.Career.Standing(ctx, o.manager)
			check(t, err)
			if got := kind(st, "improvement.delivered"); got != want {
				t.Errorf("%s: %d improvements delivered, want %d", what, got, want)
			}
			return st
		}
		count("while it runs", 0)
		o.change(t, o.project, portfolio.Facts{portfolio.Status: {Text: "Closed"}})
		check(t, o.CatchUp(ctx))
		incremental := count("closed", 1)
		for _, it := range incremental.Items {
			if it.Kind == "improvement.delivered" && (it.Tier != "S" || !it.Closed || it.Role != "led" || it.Origin != career.Recorded) {
				t.Errorf("%+v", it)
			}
		}
		check(t, o.Unit.Rewind(ctx, "career"))
		check(t, o.CatchUp(ctx))
		if again := count("from scratch", 1); !reflect.DeepEqual(again.Items, incremental.Items) {
			t.Errorf("from scratch: %+v\nbefore: %+v", again.Items, incremental.Items)
		}
		if st, err := o.Career.StandingOn(ctx, o.manager, career.When{On: "2025-12-31"}); err != nil || kind(st, "improvement.delivered") != 0 {
			t.Errorf("before it was one: %v", err)
		}

		l, err := o.Career.Ledger(ctx, o.manager)
		check(t, err)
		id := ""
		for _, g := range l.Groups {
			if strings.HasPrefix(g.Says(l.By), "Led the delivery of the improvement Pump, ") {
				id = g.ID
			}
		}
		check(t, o.Career.Claim(ctx, o.manager, id, 0, career.Claim{State: career.Dropped}))
		if st := count("dropped", 0); kind(st, "project.managed") != 1 {
			t.Error("the project that was managed went with it")
		}
		check(t, o.Career.Claim(ctx, o.manager, id, 1, career.Claim{State: career.Accepted}))

		plain := better
		plain.Kind, plain.Phase = "project", "start"
		if _, err := o.Governance.Answer(ctx, o.manager, o.project, plain); err == nil {
			count("said to be none", 0)
		}
	})
}

// Who handed an improvement over did not lead it to its end.
func TestAnImprovementIsDeliveredByWhoLedItToItsEnd(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.methods(t, ctx)
		check(t, o.Career.TurnOn(ctx, o.manager))
		check(t, o.Career.TurnOn(ctx, o.other))
		_, err := o.Governance.Answer(ctx, o.manager, o.project, better)
		check(t, err)
		team, err := o.Portfolio.Assignments(ctx, o.head, o.project, "")
		check(t, err)
		for _, a := range team {
			if a.Person == o.manager.Person {
				a.To = "2026-03-10"
				check(t, o.Portfolio.ChangeAssignment(ctx, o.head, a))
			}
		}
		_, err = o.Portfolio.Assign(ctx, o.head, portfolio.Assignment{Project: o.project, Person: o.other.Person, Kind: portfolio.Manager, From: "2026-03-11"})
		check(t, err)
		o.change(t, o.project, portfolio.Facts{portfolio.Status: {Text: "Closed"}})
		check(t, o.CatchUp(ctx))
		for who, want := range map[string]int{o.manager.Person: 0, o.other.Person: 1} {
			actor := o.manager
			if who == o.other.Person {
				actor = o.other
			}
			st, err := o.Career.Standing(ctx, actor)
			check(t, err)
			if got := kind(st, "improvement.delivered"); got != want || kind(st, "project.managed") != 1 {
				t.Errorf("%s: %d improvements, %d projects", actor.Person, got, kind(st, "project.managed"))
			}
		}
	})
}

// What was stopped came to its end and was not delivered: the project counts as one
// that was managed, and as no improvement.
func TestAnImprovementThatIsStoppedIsNotDelivered(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.methods(t, ctx)
		o.assign(t, o.project, o.other, portfolio.Sponsor, "2025-01-01")
		check(t, o.Career.TurnOn(ctx, o.manager))
		_, err := o.Governance.Answer(ctx, o.manager, o.project, better)
		check(t, err)
		review, err := o.Governance.Open(ctx, o.partner, o.project, "l1", "")
		check(t, err)
		sheet, err := o.Governance.ReviewOf(ctx, o.head, review)
		check(t, err)
		stop := governance.Ruling{Decision: method.Stop, Rationale: "Not worth it.", Needs: map[string]string{"keeps": "The figures", "tells": "The staff", "closes_by": "2026-06-01"}}
		for _, c := range sheet.Frozen.Criteria {
			stop.Verdicts = append(stop.Verdicts, governance.Verdict{Criterion: c.ID, Verdict: governance.NotMet})
		}
		_, err = o.Governance.DecideGate(ctx, o.other, review, stop)
		check(t, err)
		o.change(t, o.project, portfolio.Facts{portfolio.Status: {Text: "Closed"}})
		check(t, o.CatchUp(ctx))
		st, err := o.Career.Standing(ctx, o.manager)
		check(t, err)
		if kind(st, "improvement.delivered") != 0 || kind(st, "project.managed") != 1 || !st.Items[0].Closed {
			t.Errorf("stopped: %d improvements delivered, %d projects managed: %+v", kind(st, "improvement.delivered"), kind(st, "project.managed"), st.Items)
		}
	})
}
