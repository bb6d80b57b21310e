package governance

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// gateWorld is a small organisation with projects that are governed.
type gateWorld struct {
	*Service
	db       *sqldb.DB
	clock    *clock.Manual
	projects int
	answers  int    // to dials
	full     string // id of the version of the full method
}

// The people of the tests, by their ids.
var gatePeople = map[string]authz.Actor{}

func init() {
	for id, role := range map[string]authz.Role{
		"head": authz.HeadOfPMO, "pmo": authz.PMOMember, "admin": authz.Administrator,
		"spo": authz.Member, "pm": authz.Member, "m1": authz.Member, "m2": authz.Member, "m3": authz.Member, "rev": authz.Member, "rev2": authz.Member, "fin": authz.Member, "dep": authz.Member, "own": authz.Member, "out": authz.Member,
	} {
		gatePeople[id] = authz.Actor{Person: id, Role: role}
	}
}

func actor(id string) authz.Actor { return gatePeople[id] }

func newGateWorld(t testing.TB, db *sqldb.DB) *gateWorld {
	t.Helper()
	c := clock.NewManual(kittest.Noon, 1)
	u := work.New(db, c.Source, authz.NewPolicy(Rules, GateRules), time.UTC, append([]string{"activity_cursor"}, KeepTables...)...)
	w := &gateWorld{Service: NewService(u), db: db, clock: c}
	ctx := context.Background()
	if err := w.EnsureMethods(ctx); err != nil {
		t.Fatal(err)
	}
	for id := range gatePeople {
		w.exec(t, `INSERT INTO person (id, name, name_key, email, email_key, job_title, org_unit, left_on, version) VALUES ($1, $2, $3, '', '', '', '', '', 1)`, id, "Name "+id, fold.Sort("Name "+id))
	}
	if err := db.Read.QueryRow(`SELECT id FROM method_version WHERE method_id = 'cairn-full'`).Scan(&w.full); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *gateWorld) exec(t testing.TB, query string, args ...any) {
	t.Helper()
	if _, err := w.db.Write.Exec(query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// project adds a project that is governed by the full method, with a sponsor, a
// project manager and a forecast in whole units.
func (w *gateWorld) project(t testing.TB, tier method.Tier, phase string, forecast int64, involves ...string) string {
	t.Helper()
	w.projects++
	id := fmt.Sprintf("p%d", w.projects)
	w.exec(t, `INSERT INTO node (id, parent_id, marked, confidential) VALUES ($1, '', FALSE, FALSE)`, id)
	w.exec(t, `INSERT INTO node_closure (ancestor_id, descendant_id) VALUES ($1, $2)`, id, id)
	w.exec(t, `INSERT INTO project (id, confidential, vanished_from, version) VALUES ($1, FALSE, '', 1)`, id)
	texts := strings.Fields(`code parent_id purpose category org_unit phase status baseline_start baseline_end forecast_start forecast_end actual_start actual_end
		rating rating_scale rating_note notes missing code_key category_key org_unit_key phase_key status_key end_key budget_key rating_key`)
	w.exec(t, `INSERT INTO project_version (project_id, valid_from, valid_to, known_from, known_to, is_current, name, name_key, currency, forecast, `+strings.Join(texts, ", ")+`)
		VALUES ($1, '2025-01-01', '9999-12-31', 0, 9223372036854775807, TRUE, $2, $3, 'GBP', $4`+strings.Repeat(", ''", len(texts))+`)`, id, "Project "+id, "project "+id, forecast*100)
	w.assign(t, id, "spo", "sponsor", authz.Sponsor)
	w.assign(t, id, "pm", "project_manager", authz.ProjectManager)
	w.exec(t, `INSERT INTO governed (id, project_id, from_on, to_on, method_version_id, dial_id, tier, involves, phase, why, made_by, made_at) VALUES ($1, $2, '2025-01-01', $3, $4, '', $5, $6, $7, 'answered', 'pmo', 0)`,
		"g-"+id, id, Lasting, w.full, int(tier), strings.Join(involves, " "), phase)
	w.dialled(t, id)
	return id
}

// dialled lets the dial of a project be answered now, with what it gave already.
func (w *gateWorld) dialled(t testing.TB, project string) {
	t.Helper()
	w.answers++
	w.exec(t, `INSERT INTO dial_answer (id, project_id, method_version_id, answers, kind, hands_over, points, by_points, tier, rules, involves, at_gate, answered_on, answered_by, answered_at)
		VALUES ($1, $2, $3, '{}', 'project', TRUE, 0, 1, 1, '', '', '', $4, 'pm', $5)`, fmt.Sprintf("a%d", w.answers), project, w.full, w.Today(), sqldb.Micros(w.clock.Now()))
}

func (w *gateWorld) assign(t testing.TB, project, person, kind string, grant authz.NodeRole) {
	t.Helper()
	id := project + person + kind
	w.exec(t, `INSERT INTO assignment (id, project_id, person_id, kind, for_person_id, work_role, from_on, to_on, origin, source, version) VALUES ($1, $2, $3, $4, '', 'led', '2025-01-01', '', 'recorded', '', 1)`, id, project, person, kind)
	w.exec(t, `INSERT INTO node_grant (source_id, node_id, person_id, role, from_on, to_on) VALUES ($1, $2, $3, $4, '2025-01-01', '')`, id, project, person, string(grant))
}

// open opens the review of a gate and seats people in it: "m1 chair", "rev reviewer".
func (w *gateWorld) open(t testing.TB, project, gate string, seats ...string) string {
	t.Helper()
	ctx := context.Background()
	w.dialled(t, project)
	id, err := w.Open(ctx, actor("pmo"), project, gate, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range seats {
		f := strings.Fields(s)
		n := Naming{Person: f[0], Capacity: Capacity(f[1])}
		switch n.Capacity {
		case DeputyFor:
			n.For, n.Authority = f[2], "to decide"
		case Adviser:
			n.Authority = f[2]
		default:
			if len(f) > 2 {
				n.Side = f[2]
			}
		}
		if err := w.Seat(ctx, actor("pmo"), id, n); err != nil {
			t.Fatalf("seat %s: %v", s, err)
		}
	}
	return id
}

// opine lets a person say that all is met.
func (w *gateWorld) opine(t testing.TB, review, person string) {
	t.Helper()
	if err := w.OpineGate(context.Background(), actor(person), review, []GateOpinion{{Verdict: Met, Words: "As " + person}}); err != nil {
		t.Fatal(err)
	}
}

// goRuling says that every criterion is met.
func (w *gateWorld) goRuling(t testing.TB, review string) Ruling {
	t.Helper()
	sh, err := w.ReviewOf(context.Background(), actor("head"), review)
	if err != nil {
		t.Fatal(err)
	}
	r := Ruling{Decision: method.Go, Rationale: "All is there."}
	for _, c := range sh.Frozen.Criteria {
		r.Verdicts = append(r.Verdicts, Verdict{Criterion: c.ID, Verdict: Met})
	}
	return r
}

// conditional makes a ruling of one in which one must is open and has a condition.
func conditional(r Ruling, must string, due clock.Day) Ruling {
	r.Decision = method.ConditionalGo
	for i := range r.Verdicts {
		if r.Verdicts[i].Criterion == must {
			r.Verdicts[i].Verdict = NotMet
		}
	}
	r.Conditions = []ConditionAsked{{Criterion: must, Words: "The plan is challenged", Owner: "Name own", Due: due, Proof: "The reader's note"}}
	return r
}

func fieldsOf(t testing.TB, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want it to say %q", err, want)
	}
}
