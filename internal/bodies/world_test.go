package bodies

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

// world is a programme with an open project and a secret one, and people: the
// head of PMO, a PMO member, the open project's manager and sponsor, a chair and
// two members of bodies, and a stranger.
type world struct {
	*Service
	db                                                     *sqldb.DB
	unit                                                   *work.Unit
	clock                                                  *clock.Manual
	head, pmo, manager, sponsor, chair, one, two, stranger authz.Actor
	raised                                                 []ActionAsked
}

// RaiseIn stands for the register of actions: it remembers, and writes nothing.
func (w *world) RaiseIn(_ context.Context, tx *work.Tx, a ActionAsked) (string, error) {
	w.raised = append(w.raised, a)
	tx.Record(OfferEvent{Meeting: a.Origin.ID, What: "test.raised"})
	return "a", nil
}

func newWorld(t testing.TB, db *sqldb.DB) *world {
	t.Helper()
	ctx := context.Background()
	c := clock.NewManual(kittest.Noon, 1)
	w := &world{db: db, clock: c, unit: work.New(db, c.Source, authz.NewPolicy(Rules), time.UTC)}
	w.Service = NewService(w.unit, w)
	for _, id := range []string{"head", "pmo", "manager", "sponsor", "chair", "one", "two", "stranger"} {
		exec(t, db, `INSERT INTO person (id, name, name_key, email, email_key, job_title, org_unit, left_on, version) VALUES ('`+id+`', 'P `+id+`', 'p `+id+`', '', '', '', '', '', 1)`)
	}
	exec(t, db, `INSERT INTO portfolio (id, name, name_key, code, purpose, version) VALUES ('folio', 'Folio', 'folio', '', '', 1)`)
	exec(t, db, `INSERT INTO programme (id, portfolio_id, name, name_key, code, purpose, version) VALUES ('prog', 'folio', 'Rivers', 'rivers', '', '', 1)`)
	for _, n := range []authz.Node{{ID: "folio"}, {ID: "prog", Parent: "folio"}, {ID: "open", Parent: "prog"}, {ID: "secret", Parent: "prog", Confidential: true}} {
		if err := authz.PutNode(ctx, db.Write, n); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []string{"open", "secret"} {
		exec(t, db, `INSERT INTO project (id, confidential, vanished_from, version, withdrawn_at) VALUES ('`+p+`', `+map[string]string{"open": "FALSE", "secret": "TRUE"}[p]+`, '', 1, 0)`)
		exec(t, db, `INSERT INTO project_version (project_id, valid_from, valid_to, known_from, known_to, is_current, name, code, parent_id, purpose, category, org_unit, phase, status,
			baseline_start, baseline_end, forecast_start, forecast_end, actual_start, actual_end, currency, rating, rating_scale, rating_note, notes, missing,
			name_key, code_key, category_key, org_unit_key, phase_key, status_key, end_key, budget_key, rating_key) VALUES ('`+p+`', '2025-01-01', '9999-12-31', 0, 1, TRUE, 'Project `+p+`', '', 'prog',
			'', '', '', '', 'Live', '', '', '', '', '', '', 'GBP', '', '', '', '', '', 'project `+p+`', '', '', '', '', '', '', '', '')`)
	}
	w.assign(t, "open", "manager", "project_manager", "")
	w.assign(t, "open", "sponsor", "sponsor", "")
	w.assign(t, "secret", "manager", "project_manager", "")
	actor := func(id string, r authz.Role) authz.Actor { return authz.Actor{Person: id, Role: r} }
	w.head, w.pmo, w.manager, w.sponsor = actor("head", authz.HeadOfPMO), actor("pmo", authz.PMOMember), actor("manager", authz.Member), actor("sponsor", authz.Member)
	w.chair, w.one, w.two, w.stranger = actor("chair", authz.Member), actor("one", authz.Member), actor("two", authz.Member), actor("stranger", authz.Member)
	return w
}

func (w *world) assign(t testing.TB, project, person, kind, instead string) {
	t.Helper()
	role := map[string]authz.NodeRole{"project_manager": authz.ProjectManager, "deputy": authz.ProjectManager, "sponsor": authz.Sponsor}[kind]
	id := project + person + kind
	exec(t, w.db, `INSERT INTO assignment (id, project_id, person_id, kind, for_person_id, work_role, from_on, to_on, origin, source, version)
		VALUES ('`+id+`', '`+project+`', '`+person+`', '`+kind+`', '`+instead+`', 'led', '2025-01-01', '', 'recorded', '', 1)`)
	if err := authz.PutGrant(context.Background(), w.db.Write, authz.Grant{Source: id, Node: project, Person: person, Role: role, From: "2025-01-01"}); err != nil {
		t.Fatal(err)
	}
}

func exec(t testing.TB, db *sqldb.DB, query string) {
	t.Helper()
	if _, err := db.Write.Exec(query); err != nil {
		t.Fatal(err)
	}
}

// steering is a steering group over the programme: a chair and two members, and
// a quorum of two, at least half.
func (w *world) steering(t testing.TB) Body {
	t.Helper()
	ctx := context.Background()
	b, err := w.Found(ctx, w.head, Body{Name: "Rivers steering group", Kind: SteeringGroup, Node: "prog", Quorum: Quorum{Count: 2, Share: 50}}, Terms{Words: "Steers rivers.", ApprovedOn: "2025-12-01"})
	must(t, err)
	for _, s := range []Seat{{Person: "chair", Kind: Chair, Side: Business}, {Person: "one", Kind: Member, Side: Receiver}, {Person: "two", Kind: Member, Side: Supplier}, {Person: "pmo", Kind: Secretariat}} {
		s.Body, s.From = b.ID, "2026-01-01"
		_, err := w.GiveSeat(ctx, w.head, s)
		must(t, err)
	}
	return b
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t testing.TB, what string, err error, k errs.Kind) {
	t.Helper()
	if !errs.Is(err, k) {
		t.Errorf("%s: %v, want %s", what, err, k)
	}
}

func atField(t testing.TB, what string, err error, field string) {
	t.Helper()
	if f := errs.FieldsOf(err); len(f) == 0 || f[0].Name != field {
		t.Errorf("%s: %v, want an error at %s", what, err, field)
	}
}
