package governance

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Snapshot is what the record held about a project when its gate was decided.
// People are in it by id, so that a person can be erased and it still verifies.
type Snapshot struct {
	Schema     string            `json:"schema"`
	Review     string            `json:"review"`
	Gate       string            `json:"gate"`
	Round      int               `json:"round"`
	Day        clock.Day         `json:"day"`
	Method     string            `json:"method_version"`
	Tier       string            `json:"tier"`
	Who        string            `json:"who"`
	Asked      Frozen            `json:"asked"`
	Project    []SnapshotField   `json:"project"`
	People     []SnapshotPerson  `json:"people"`
	Seats      []SnapshotSeat    `json:"seats"`
	Opinions   []SnapshotOpinion `json:"opinions"`
	Reports    []SnapshotReport  `json:"reports"`
	Controls   []SnapshotControl `json:"controls"`
	Documents  map[string]string `json:"documents"` // by id: draft or approved; null when nothing keeps documents
	Conditions []SnapshotTerm    `json:"conditions"`
	Facts      map[string]any    `json:"facts"`
	Decision   SnapshotDecision  `json:"decision"`
}

// SnapshotField is a field of the register.
type SnapshotField struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// SnapshotPerson is somebody's part in the project.
type SnapshotPerson struct {
	Person string `json:"person"`
	Kind   string `json:"kind"`
	For    string `json:"for,omitempty"`
	Name   string `json:"-"`
}

// SnapshotSeat is a seat in the review.
type SnapshotSeat struct {
	Person   string `json:"person"`
	Capacity string `json:"capacity"`
	For      string `json:"for,omitempty"`
	Side     string `json:"side,omitempty"`
	Conflict bool   `json:"conflict"`
	Present  bool   `json:"present"`
	Name     string `json:"-"`
}

// SnapshotOpinion is what somebody said of a criterion.
type SnapshotOpinion struct {
	Person    string `json:"person"`
	Criterion string `json:"criterion"`
	Verdict   string `json:"verdict"`
	Words     string `json:"words,omitempty"`
	Name      string `json:"-"`
}

// SnapshotReport is one of the last reports.
type SnapshotReport struct {
	Period   string `json:"period"`
	Number   int    `json:"number"`
	Declared string `json:"declared"`
	Computed string `json:"computed"`
}

// SnapshotControl is how a control stood.
type SnapshotControl struct {
	Control string `json:"control"`
	State   string `json:"state"`
}

// SnapshotTerm is a condition as it stood.
type SnapshotTerm struct {
	Condition string    `json:"condition"`
	Gate      string    `json:"gate"`
	Criterion string    `json:"criterion,omitempty"`
	Words     string    `json:"words"`
	Owner     string    `json:"owner"`
	Due       clock.Day `json:"due"`
	Proof     string    `json:"proof"`
	State     string    `json:"state"`
	Name      string    `json:"-"`
}

// SnapshotDecision is the decision itself.
type SnapshotDecision struct {
	Decision  string            `json:"decision"`
	Rationale string            `json:"rationale"`
	Needs     map[string]string `json:"needs"`
	Verdicts  []Verdict         `json:"verdicts"`
	Dissent   string            `json:"dissent,omitempty"`
	Counted   int               `json:"counted"`
	By        string            `json:"by"`
	As        string            `json:"as"`
	Name      string            `json:"-"`
}

const snapshotSchema = "cairn/gate-snapshot/1"

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// snapshot writes down what the record holds now.
func (s *Service) snapshot(ctx context.Context, tx *work.Tx, r *Review, d *GateDecision, made []Condition) ([]byte, error) {
	out := Snapshot{
		Schema: snapshotSchema, Review: r.ID, Gate: r.Gate, Round: r.Round, Day: tx.Today, Method: r.MethodVersion, Tier: r.Tier.String(), Who: r.Who, Asked: r.Frozen,
		Decision: SnapshotDecision{Decision: d.Decision, Rationale: d.Rationale, Needs: d.Needs, Verdicts: d.Verdicts, Dissent: d.Dissent, Counted: d.Counted, By: d.DecidedBy, As: d.DecidedAs},
	}
	var err error
	if out.Project, err = registerFields(ctx, tx, r.Project); err != nil {
		return nil, err
	}
	if out.People, err = peopleOn(ctx, tx, r.Project, tx.Today); err != nil {
		return nil, err
	}
	for _, seat := range r.Seats {
		out.Seats = append(out.Seats, SnapshotSeat{Person: seat.Person, Capacity: string(seat.Capacity), For: seat.For, Side: seat.Side, Conflict: seat.Conflicted(), Present: seat.Present})
	}
	said, err := saidOf(ctx, tx, r.ID)
	if err != nil {
		return nil, err
	}
	for _, o := range said {
		out.Opinions = append(out.Opinions, SnapshotOpinion{Person: o.Person, Criterion: o.Criterion, Verdict: o.Verdict, Words: o.Words})
	}
	if out.Reports, err = lastReports(ctx, tx, r.Project); err != nil {
		return nil, err
	}
	if out.Controls, err = controlsOn(ctx, tx, r.Project, tx.Today); err != nil {
		return nil, err
	}
	before, err := conditionsOf(ctx, tx, r.Project)
	if err != nil {
		return nil, err
	}
	for _, c := range append(before, made...) {
		out.Conditions = append(out.Conditions, SnapshotTerm{Condition: c.ID, Gate: c.Gate, Criterion: c.Criterion, Words: c.Words, Owner: c.Owner, Due: c.Due, Proof: c.Proof, State: c.State})
	}
	seen, err := s.seenOf(ctx, tx, []string{r.Project}, tx.Today)
	if err != nil {
		return nil, err
	}
	out.Documents, out.Facts = seen[r.Project].documents, seen[r.Project].facts
	return json.Marshal(out)
}

// registerFields reads the register as it stands, in the order of its view.
func registerFields(ctx context.Context, q sqldb.Querier, project string) ([]SnapshotField, error) {
	names := []string{"name", "code", "org_unit", "phase", "status", "category", "baseline_start", "baseline_end", "forecast_start", "forecast_end", "actual_start", "actual_end", "currency", "budget", "forecast", "actual", "rating"}
	values := make([]sql.NullString, len(names))
	dest := make([]any, len(names))
	for i := range values {
		dest[i] = &values[i]
	}
	err := q.QueryRowContext(ctx, `SELECT name, code, org_unit, phase, status, category, baseline_start, baseline_end, forecast_start, forecast_end, actual_start, actual_end, currency, budget, forecast, actual, rating
		FROM v_project WHERE id = $1`, project).Scan(dest...)
	if err != nil {
		return nil, err
	}
	out := make([]SnapshotField, 0, len(names))
	for i, name := range names {
		if values[i].Valid && values[i].String != "" {
			out = append(out, SnapshotField{name, values[i].String})
		}
	}
	return out, nil
}

func peopleOn(ctx context.Context, q sqldb.Querier, project string, day clock.Day) (out []SnapshotPerson, err error) {
	rows, err := q.QueryContext(ctx, `SELECT person_id, kind, for_person_id FROM v_assignment WHERE project_id = $1 AND from_on <= $2 AND (to_on = '' OR to_on >= $3) ORDER BY kind, person_id`, project, day, day)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p SnapshotPerson
		if err := rows.Scan(&p.Person, &p.Kind, &p.For); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// lastReports reads the last three reports, the newest first.
func lastReports(ctx context.Context, q sqldb.Querier, project string) (out []SnapshotReport, err error) {
	rows, err := q.QueryContext(ctx, `SELECT period, number, declared, computed FROM v_report WHERE project_id = $1 ORDER BY period DESC, number DESC LIMIT 3`, project)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r SnapshotReport
		if err := rows.Scan(&r.Period, &r.Number, &r.Declared, &r.Computed); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

func controlsOn(ctx context.Context, q sqldb.Querier, project string, day clock.Day) (out []SnapshotControl, err error) {
	rows, err := q.QueryContext(ctx, `SELECT control_id, state FROM control_segment WHERE project_id = $1 AND from_on <= $2 AND to_on > $3 ORDER BY control_id`, project, day, day)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c SnapshotControl
		if err := rows.Scan(&c.Control, &c.State); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// Kept is a snapshot as it is kept: its text, whether that is still what was
// decided upon, and what it says.
type Kept struct {
	Snapshot
	Text    []byte
	SHA256  string
	Sound   bool
	Review  Review
	Decided GateDecision
}

// SnapshotOf reads the snapshot of a decision, and verifies it.
func (s *Service) SnapshotOf(ctx context.Context, who authz.Actor, id string) (k Kept, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if k.Review, err = getReview(ctx, v, id); err != nil {
			return err
		}
		if err := v.May(ctx, SeeGates, authz.On(k.Review.Project)); err != nil {
			return err
		}
		d, err := decisionOf(ctx, v, id)
		if err != nil {
			return err
		}
		if d == nil {
			return errs.Missing("decision")
		}
		k.Decided = *d
		var text string
		err = v.QueryRowContext(ctx, `SELECT snapshot, snapshot_sha256 FROM gate_decision WHERE review_id = $1`, id).Scan(&text, &k.SHA256)
		if errors.Is(err, sql.ErrNoRows) {
			return errs.Missing("decision")
		}
		if err != nil {
			return err
		}
		k.Text = []byte(text)
		k.Sound = digest(k.Text) == k.SHA256
		if err := json.Unmarshal(k.Text, &k.Snapshot); err != nil {
			return err
		}
		return k.name(ctx, v)
	})
	return k, err
}

// name puts the names of people beside their ids, as far as they still have one.
func (k *Kept) name(ctx context.Context, q sqldb.Querier) error {
	var ids []string
	for _, p := range k.People {
		ids = append(ids, p.Person)
	}
	for _, p := range k.Seats {
		ids = append(ids, p.Person)
	}
	for _, t := range k.Conditions {
		ids = append(ids, t.Owner)
	}
	for _, o := range k.Opinions {
		ids = append(ids, o.Person)
	}
	named, err := peopleNamed(ctx, q, append(ids, k.Decision.By))
	if err != nil {
		return err
	}
	for i := range k.People {
		k.People[i].Name = named[k.People[i].Person]
	}
	for i := range k.Seats {
		k.Seats[i].Name = named[k.Seats[i].Person]
	}
	for i := range k.Conditions {
		k.Conditions[i].Name = named[k.Conditions[i].Owner]
	}
	for i := range k.Opinions {
		k.Opinions[i].Name = named[k.Opinions[i].Person]
	}
	k.Decision.Name = named[k.Decision.By]
	return nil
}

func peopleNamed(ctx context.Context, q sqldb.Querier, ids []string) (map[string]string, error) {
	var w sqldb.Where
	w.AndIn("id", ids)
	rows, err := q.QueryContext(ctx, `SELECT id, name FROM v_person`+w.SQL(), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		out[id] = name
	}
	return out, rows.Err()
}
