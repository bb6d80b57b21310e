package governance

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

func plansOf(ctx context.Context, q sqldb.Querier, project string) (map[string]GatePlan, error) {
	rows, err := q.QueryContext(ctx, `SELECT gate_id, first_planned_on, planned_on, body_id, version FROM gate_plan WHERE project_id = $1`, project)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]GatePlan{}
	for rows.Next() {
		p := GatePlan{Project: project}
		if err := rows.Scan(&p.Gate, &p.First, &p.Planned, &p.Body, &p.Version); err != nil {
			return nil, err
		}
		out[p.Gate] = p
	}
	return out, rows.Err()
}

// savePlan writes a plan over the version that it is based on; 0 is none yet.
func savePlan(ctx context.Context, tx *work.Tx, p GatePlan) error {
	res, err := tx.ExecContext(ctx, `INSERT INTO gate_plan (project_id, gate_id, first_planned_on, planned_on, body_id, version) VALUES ($1, $2, $3, $4, $5, 1)
		ON CONFLICT (project_id, gate_id) DO UPDATE SET planned_on = excluded.planned_on, body_id = excluded.body_id, version = gate_plan.version + 1 WHERE gate_plan.version = $6`,
		p.Project, p.Gate, p.First, p.Planned, p.Body, p.Version)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return stale("Somebody moved this gate meanwhile. Look again.")
	}
	return err
}

const decisionColumns = `d.review_id, d.project_id, d.gate_id, d.decision, d.rationale, d.needs, d.verdicts, d.dissent, d.counted, d.spend_limit_pct,
	d.decided_by, COALESCE(p.name, ''), d.decided_as, d.decided_on, d.decided_at, d.decision_id, d.snapshot_sha256,
	d.released, d.spent_then, d.currency`

func scanDecision(row interface{ Scan(...any) error }) (d GateDecision, err error) {
	var needs, verdicts string
	if err = row.Scan(&d.Review, &d.Project, &d.Gate, &d.Decision, &d.Rationale, &needs, &verdicts, &d.Dissent, &d.Counted, &d.SpendPct,
		&d.DecidedBy, &d.DecidedByName, &d.DecidedAs, &d.DecidedOn, &d.DecidedAt, &d.Entry, &d.SHA256, &d.Amount, &d.Spent, &d.Currency); err != nil {
		return d, err
	}
	if err = json.Unmarshal([]byte(needs), &d.Needs); err == nil {
		err = json.Unmarshal([]byte(verdicts), &d.Verdicts)
	}
	return d, err
}

// gateDecisions lists the decisions at the gates of a project, the first first.
func gateDecisions(ctx context.Context, q sqldb.Querier, project string) (out []GateDecision, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+decisionColumns+` FROM gate_decision d LEFT JOIN v_person p ON p.id = d.decided_by
		WHERE d.project_id = $1 ORDER BY d.decided_at, d.review_id`, project)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		d, err := scanDecision(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// decisionOf gives the decision of a review; nil while there is none.
func decisionOf(ctx context.Context, q sqldb.Querier, review string) (*GateDecision, error) {
	d, err := scanDecision(q.QueryRowContext(ctx, `SELECT `+decisionColumns+` FROM gate_decision d LEFT JOIN v_person p ON p.id = d.decided_by WHERE d.review_id = $1`, review))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &d, nil
}

func insertDecision(ctx context.Context, tx *work.Tx, d GateDecision, snapshot []byte) error {
	needs, err := json.Marshal(d.Needs)
	if err != nil {
		return err
	}
	verdicts, err := json.Marshal(d.Verdicts)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO gate_decision (review_id, project_id, gate_id, decision, rationale, needs, verdicts, dissent, counted, spend_limit_pct,
		decided_by, decided_as, decided_on, decided_at, decision_id, snapshot, snapshot_sha256, released, spent_then, currency)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		d.Review, d.Project, d.Gate, d.Decision, d.Rationale, string(needs), string(verdicts), d.Dissent, d.Counted, d.SpendPct,
		d.DecidedBy, d.DecidedAs, d.DecidedOn, d.DecidedAt, d.Entry, string(snapshot), d.SHA256, d.Amount, d.Spent, d.Currency)
	if sqldb.IsDuplicate(err) {
		return stale("This review was decided meanwhile.")
	}
	return err
}

const conditionColumns = `c.id, c.review_id, c.project_id, COALESCE(n.name, ''), c.gate_id, c.criterion_id, c.words, c.owner_id, COALESCE(o.name, ''), c.due_on, c.proof,
	c.set_by, COALESCE(b.name, ''), c.set_at, c.state, c.proof_given, c.given_by, COALESCE(g.name, ''), c.given_at, c.ended_by, COALESCE(e.name, ''), c.ended_on, c.ended_at, c.ended_words, c.version, r.method_version_id`

const conditionFrom = ` FROM gate_condition c JOIN gate_review r ON r.id = c.review_id LEFT JOIN v_project_name n ON n.id = c.project_id LEFT JOIN v_person o ON o.id = c.owner_id
	LEFT JOIN v_person b ON b.id = c.set_by LEFT JOIN v_person g ON g.id = c.given_by LEFT JOIN v_person e ON e.id = c.ended_by`

func scanCondition(row interface{ Scan(...any) error }) (c Condition, err error) {
	err = row.Scan(&c.ID, &c.Review, &c.Project, &c.ProjectName, &c.Gate, &c.Criterion, &c.Words, &c.Owner, &c.OwnerName, &c.Due, &c.Proof,
		&c.SetBy, &c.SetByName, &c.SetAt, &c.State, &c.ProofGiven, &c.GivenBy, &c.GivenByName, &c.GivenAt, &c.EndedBy, &c.EndedByName, &c.EndedOn, &c.EndedAt, &c.EndedWords, &c.Version, &c.MethodVersion)
	return c, err
}

func getCondition(ctx context.Context, q sqldb.Querier, id string) (Condition, error) {
	c, err := scanCondition(q.QueryRowContext(ctx, `SELECT `+conditionColumns+conditionFrom+` WHERE c.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return c, errs.Missing("condition")
	}
	return c, err
}

func listConditions(ctx context.Context, q sqldb.Querier, w *sqldb.Where, order string) (out []Condition, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+conditionColumns+conditionFrom+w.SQL()+` ORDER BY `+order, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		c, err := scanCondition(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// conditionsOf lists the conditions of a project, by date.
func conditionsOf(ctx context.Context, q sqldb.Querier, project string) ([]Condition, error) {
	var w sqldb.Where
	w.And("c.project_id = ?", project)
	return listConditions(ctx, q, &w, "c.due_on, c.id")
}

func openOf(list []Condition) (out []Condition) {
	for _, c := range list {
		if c.Open() {
			out = append(out, c)
		}
	}
	return out
}

func insertCondition(ctx context.Context, tx *work.Tx, c Condition) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO gate_condition (id, review_id, project_id, gate_id, criterion_id, words, owner_id, due_on, proof, set_by, set_at, state,
		proof_given, given_by, given_at, ended_by, ended_on, ended_at, ended_words, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', '', '', 0, '', '', 0, '', 1)`,
		c.ID, c.Review, c.Project, c.Gate, c.Criterion, c.Words, c.Owner, c.Due, c.Proof, c.SetBy, c.SetAt)
	return err
}

func saveCondition(ctx context.Context, tx *work.Tx, c Condition) error {
	res, err := tx.ExecContext(ctx, `UPDATE gate_condition SET state = $1, proof_given = $2, given_by = $3, given_at = $4, ended_by = $5, ended_on = $6, ended_at = $7, ended_words = $8,
		version = version + 1 WHERE id = $9 AND version = $10`, c.State, c.ProofGiven, c.GivenBy, c.GivenAt, c.EndedBy, c.EndedOn, c.EndedAt, c.EndedWords, c.ID, c.Version)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return stale("Somebody changed this condition meanwhile. Look again.")
	}
	return err
}

// onePerson finds the one person of a name, or of an id, who has not left.
func onePerson(ctx context.Context, q sqldb.Querier, field, name string, today clock.Day) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" {
		return "", errs.OnField(field, "Name one person.")
	}
	rows, err := q.QueryContext(ctx, `SELECT id FROM v_person WHERE (id = $1 OR name_key = $2) AND erased = FALSE AND (left_on = '' OR left_on > $3) ORDER BY id LIMIT 2`, name, fold.Sort(name), today)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return "", err
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		return "", err
	}
	switch len(ids) {
	case 1:
		return ids[0], nil
	case 0:
		return "", errs.OnField(field, "Name one person, not a team: nobody of this name is in the directory.")
	}
	return "", errs.OnField(field, "More than one person has this name. Choose one by their page’s address.")
}
