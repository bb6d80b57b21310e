package governance

import (
	"context"
	"slices"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// GateHolder answers for what gates hold about people.
func (s *Service) GateHolder() privacy.Holder { return gateHolder{} }

type gateHolder struct{}

// Holdings implements privacy.Holder.
func (gateHolder) Holdings(ctx context.Context, q sqldb.Querier, p privacy.Subject) (out []privacy.Holding, err error) {
	const record = "It is part of the project's record and is never changed; it no longer says who."
	containing := privacy.Containing(p.Name)
	for _, h := range []struct {
		query string
		args  []any
		privacy.Holding
	}{
		{`SELECT COUNT(*) FROM gate_seat WHERE person_id = $1 OR for_person_id = $2`, []any{p.ID, p.ID}, privacy.Holding{Data: "seats in gate reviews", Fate: privacy.Anonymised, Why: record}},
		{`SELECT COUNT(*) FROM gate_seat WHERE person_id = $1 AND conflict <> ''`, []any{p.ID}, privacy.Holding{Data: "conflicts of interest that they declared", Private: true, Fate: privacy.Erased, Why: "That there was one stays; what it was goes."}},
		{`SELECT COUNT(*) FROM gate_opinion WHERE person_id = $1`, []any{p.ID}, privacy.Holding{Data: "opinions at gate reviews", Fate: privacy.Anonymised, Why: record}},
		{`SELECT COUNT(*) FROM gate_decision WHERE decided_by = $1`, []any{p.ID}, privacy.Holding{Data: "gate decisions", Fate: privacy.Anonymised, Why: record}},
		{`SELECT COUNT(*) FROM gate_condition WHERE owner_id = $1 OR set_by = $2 OR given_by = $3 OR ended_by = $4`, []any{p.ID, p.ID, p.ID, p.ID}, privacy.Holding{Data: "conditions of gates owned, set or closed", Fate: privacy.Anonymised, Why: record}},
		{
			`SELECT COUNT(*) FROM gate_decision WHERE lower(rationale) LIKE $1 ESCAPE '!' OR lower(dissent) LIKE $2 ESCAPE '!' OR lower(needs) LIKE $3 ESCAPE '!' OR lower(snapshot) LIKE $4 ESCAPE '!'`,
			[]any{containing, containing, containing, containing},
			privacy.Holding{Data: "words of others that name a person: gate decisions", Fate: privacy.Kept, Why: "What was decided is never edited."},
		},
		{`SELECT COUNT(*) FROM past_gate WHERE lower(body_words) LIKE $1 ESCAPE '!'`, []any{containing}, privacy.Holding{Data: "past gate decisions whose file names a person as the body", Fate: privacy.Erased, Why: "That the gate was passed stays; the file's word for who decided goes."}},
	} {
		if h.Count, err = privacy.Count(ctx, q, h.query, h.args...); err != nil {
			return nil, err
		}
		out = append(out, h.Holding)
	}
	return out, nil
}

// EraseIn implements privacy.Holder. The random id stays where the record needs
// to tell one person from another, and leads to nobody.
func (gateHolder) EraseIn(ctx context.Context, tx *work.Tx, p privacy.Subject) error {
	if err := privacy.Run(ctx, tx, []any{privacy.Containing(p.Name)}, `UPDATE past_gate SET body_words = '', body_key = '' WHERE lower(body_words) LIKE $1 ESCAPE '!'`); err != nil {
		return err
	}
	return privacy.Run(ctx, tx, []any{p.ID}, `UPDATE gate_seat SET conflict = '' WHERE person_id = $1`)
}

// Copy implements privacy.Holder.
func (gateHolder) Copy(ctx context.Context, q sqldb.Querier, p privacy.Subject) (map[string]any, error) {
	out := map[string]any{}
	for name, query := range map[string]string{
		"gate_seats":      `SELECT s.review_id, r.project_id, r.gate_id, s.capacity, s.authority, s.side, s.conflict, s.present FROM gate_seat s JOIN gate_review r ON r.id = s.review_id WHERE s.person_id = $1 ORDER BY s.review_id, s.capacity`,
		"gate_opinions":   `SELECT review_id, criterion_id, verdict, words, said_at FROM gate_opinion WHERE person_id = $1 ORDER BY said_at, id`,
		"gate_decisions":  `SELECT review_id, project_id, gate_id, decision, rationale, dissent, decided_as, decided_on FROM gate_decision WHERE decided_by = $1 ORDER BY decided_at, review_id`,
		"gate_conditions": `SELECT id, project_id, gate_id, words, due_on, proof, state, proof_given, ended_words FROM gate_condition WHERE owner_id = $1 ORDER BY due_on, id`,
	} {
		rows, err := privacy.Rows(ctx, q, query, p.ID)
		if err != nil {
			return nil, err
		}
		out[name] = rows
	}
	return out, nil
}

// Places implements privacy.Holder.
func (gateHolder) Places() []privacy.Place {
	return slices.Concat(
		privacy.PlacesOf("seats in gate reviews", "gate_review", "id", privacy.Moves, "opened_by"),
		[]privacy.Place{{Data: "seats in gate reviews", Table: "gate_seat", Column: "person_id", Does: privacy.Moves, Key: "review_id, capacity", Once: true}},
		privacy.PlacesOf("seats in gate reviews", "gate_seat", "review_id, person_id, capacity", privacy.Moves, "for_person_id"),
		privacy.PlacesOf("opinions at gate reviews", "gate_opinion", "id", privacy.Moves, "person_id"),
		privacy.PlacesOf("bulk edits and undos, and who made them", "past_undone", "batch", privacy.Moves, "person_id"),
		privacy.PlacesOf("gate decisions", "gate_decision", "", privacy.Stays, "decided_by", "snapshot"),
		privacy.PlacesOf("conditions of gates owned, set or closed", "gate_condition", "id", privacy.Moves, "owner_id", "set_by", "given_by", "ended_by"),
	)
}

// Apart says why two people must not become one now: in an open review each of the
// two counts.
func (gateHolder) Apart(ctx context.Context, q sqldb.Querier, a, b string, _ clock.Day) (string, error) {
	n, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM gate_review r JOIN gate_seat s ON s.review_id = r.id JOIN gate_seat o ON o.review_id = r.id
		WHERE r.state = 'open' AND s.person_id = $1 AND o.person_id = $2`, a, b)
	if err != nil || n > 0 {
		return "Both have a seat in the same open gate review. Decide it first.", err
	}
	return "", nil
}
