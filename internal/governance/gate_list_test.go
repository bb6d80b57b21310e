package governance

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

func TestTheListOfGatesPagesByKeyAndFilters(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		var all []string
		for i := range 40 {
			p := w.project(t, method.M, "plan", 400_000)
			day := clock.AddDays("2026-04-01", i/3) // several on one day
			if _, err := w.PlanGate(ctx, actor("pm"), p, "g3", day, "", 0); err != nil {
				t.Fatal(err)
			}
			all = append(all, fmt.Sprintf("%s %s", day, p))
		}
		slices.Sort(all)
		var got []string
		for q := (GateQuery{}); ; {
			page, err := w.Coming(ctx, actor("out"), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range page.Gates {
				got = append(got, c.Plan.Planned+" "+c.Project)
				if c.Ready.Musts == 0 || c.GateName == "" {
					t.Fatalf("without its method: %+v", c)
				}
			}
			if q.After = page.Next; q.After == "" {
				break
			}
		}
		if !slices.Equal(got, all) {
			t.Errorf("pages give\n%v\nwant\n%v", got, all)
		}
		count := func(who string, q GateQuery) int {
			page, err := w.Coming(ctx, actor(who), q)
			if err != nil {
				t.Fatal(err)
			}
			return len(page.Gates)
		}
		if n := count("out", GateQuery{Gate: "g4"}); n != 0 {
			t.Errorf("%d gates of another kind", n)
		}
		if n := count("out", GateQuery{Month: "2026-05"}); n != 0 {
			t.Errorf("%d gates of another month", n)
		}
		if mine, others := count("pm", GateQuery{Mine: true}), count("out", GateQuery{Mine: true}); mine != gatesPerPage || others != 0 {
			t.Errorf("mine: %d, of somebody else %d", mine, others)
		}
		w.exec(t, `INSERT INTO control_segment (project_id, control_id, from_on, to_on, tier, state, via, ref) VALUES ('p7', 'bc-01', '2025-01-01', '9999-12-31', 2, 'gap', '', '')`)
		w.exec(t, `UPDATE node SET confidential = TRUE WHERE id = 'p7'`)
		for _, c := range walk(t, w, GateQuery{NotReady: true}) {
			if c.Project == "p7" {
				t.Errorf("a confidential project is listed")
			}
		}
		if _, err := w.Coming(ctx, actor("out"), GateQuery{After: "nonsense"}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a place that cannot be read: %v", err)
		}
	})
}

// walk reads a list of gates to its end.
func walk(t *testing.T, w *gateWorld, q GateQuery) (out []Coming) {
	t.Helper()
	for {
		page, err := w.Coming(context.Background(), actor("out"), q)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, page.Gates...)
		if q.After = page.Next; q.After == "" {
			return out
		}
	}
}

// What the list says of a gate is what it filters by: those that are not ready are
// those that it shows as such, and no others.
func TestTheListFiltersByTheReadinessThatItShows(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		for i := range 70 {
			p := w.project(t, method.S, "plan", 100_000)
			if _, err := w.PlanGate(ctx, actor("pm"), p, "g3", clock.AddDays("2026-04-01", i/3), "", 0); err != nil {
				t.Fatal(err)
			}
			switch i % 3 {
			case 0: // nothing is known of its case and its end
				continue
			case 1:
				w.exec(t, `INSERT INTO control_segment (project_id, control_id, from_on, to_on, tier, state, via, ref) VALUES ($1, 'bc-01', '2025-01-01', '9999-12-31', 1, 'gap', '', '')`, p)
			}
			w.exec(t, `UPDATE project_version SET forecast_end = '2026-12-01' WHERE project_id = $1`, p)
			w.exec(t, `INSERT INTO control_word (id, project_id, control_id, kind, name, detail, verdict, words, finding_id, on_day, said_by, said_at, taken_back_at, taken_back_by) VALUES ($1, $2, 'bc-01', 'noted', 'case.approved', '', '', '', '', '2026-01-05', 'pm', 1, 0, '')`, "w"+p, p)
		}
		var want, got []string
		ready := 0
		for _, c := range walk(t, w, GateQuery{}) {
			if c.Ready.Ready() {
				ready++
				continue
			}
			want = append(want, c.Key())
		}
		for _, c := range walk(t, w, GateQuery{NotReady: true}) {
			got = append(got, c.Key())
		}
		if !slices.Equal(got, want) {
			t.Errorf("not ready are\n%v\nshown as not ready are\n%v", got, want)
		}
		t.Logf("%d ready, %d not", ready, len(want))
		if ready == 0 || len(want) == 0 {
			t.Error("all are the same: the filter is not tried")
		}
	})
}

// The page of a project that ended without a dial does not ask for it any more.
func TestAClosedProjectIsNotAskedForItsDial(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		p := w.project(t, method.M, "shape", 400_000)
		w.exec(t, `DELETE FROM governed WHERE project_id = $1`, p)
		for status, over := range map[string]bool{"Live": false, "Cancelled": true} {
			w.exec(t, `UPDATE project_version SET status = $1 WHERE project_id = $2`, status, p)
			if sheaf, _, err := w.Overview(ctx, actor("spo"), p); err != nil || sheaf.Governed != nil || sheaf.Over != over {
				t.Errorf("%s: over %t, %v, %v", status, sheaf.Over, sheaf.Governed, err)
			}
		}
	})
}

func TestTheDeskHasWhatGatesAskOfAPerson(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		p := w.project(t, method.M, "shape", 400_000)
		g2 := w.open(t, p, "g2", "rev reviewer")
		desk := func(who string) GateDesk {
			d, err := w.GatesDesk(ctx, actor(who))
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		if d := desk("rev"); len(d.Reviews) != 1 || d.Reviews[0].Decides {
			t.Errorf("a reviewer's desk: %+v", d)
		}
		if d := desk("spo"); len(d.Reviews) != 1 || !d.Reviews[0].Decides {
			t.Errorf("a chair's desk: %+v", d)
		}
		w.opine(t, g2, "rev")
		if d := desk("rev"); len(d.Reviews) != 0 {
			t.Errorf("after the opinion: %+v", d)
		}
		if _, err := w.DecideGate(ctx, actor("spo"), g2, conditional(w.goRuling(t, g2), "g2-case", "2026-04-10")); err != nil {
			t.Fatal(err)
		}
		if d := desk("own"); len(d.Due) != 0 {
			t.Errorf("25 days before it is due: %+v", d.Due)
		}
		head := authz.Actor{Person: "head", Role: authz.HeadOfPMO}
		for left, n := range map[string]int{"": 0, "2026-01-01": 1} {
			w.exec(t, `UPDATE person SET left_on = $1 WHERE id = 'own'`, left)
			if d, err := w.GatesDesk(ctx, head); err != nil || len(d.Left) != n || len(desk("spo").Left) != 0 {
				t.Errorf("the owner left on %q: the head is told of %v, %v", left, d.Left, err)
			}
		}
		w.exec(t, `UPDATE person SET left_on = '' WHERE id = 'own'`)
		w.clock.Advance(11 * 24 * 3600 * 1e9)
		if d := desk("own"); len(d.Due) != 1 {
			t.Errorf("14 days before it is due: %+v", d.Due)
		}
		w.clock.Advance(30 * 24 * 3600 * 1e9)
		d := desk("own")
		if len(d.Due) != 1 || !d.Due[0].Overdue(d.Today) {
			t.Fatalf("overdue: %+v", d.Due)
		}
		late, err := w.Conditions(ctx, actor("out"), ConditionQuery{Show: "overdue"})
		if err != nil || len(late.Conditions) != 1 {
			t.Errorf("overdue: %+v, %v", late, err)
		}
		if _, err := w.GiveProof(ctx, actor("pm"), d.Due[0].ID, 0, "Here"); err != nil {
			t.Fatal(err)
		}
		if d := desk("spo"); len(d.Settle) != 1 {
			t.Errorf("who set it: %+v", d)
		}
		if _, err := w.WaiveCondition(ctx, actor("spo"), d.Due[0].ID, 0, ""); !errs.Is(err, errs.Invalid) {
			t.Errorf("waived without a reason: %v", err)
		}
		if _, err := w.WaiveCondition(ctx, actor("spo"), d.Due[0].ID, 0, "The law changed."); err != nil {
			t.Fatal(err)
		}
		if _, err := w.CloseCondition(ctx, actor("spo"), d.Due[0].ID, 0, "Seen"); !errs.Is(err, errs.Duplicate) {
			t.Errorf("ended twice: %v", err)
		}
	})
}
