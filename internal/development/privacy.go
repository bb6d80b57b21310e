package development

import (
	"context"

	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Holdings implements privacy.Holder.
func (s *Service) Holdings(ctx context.Context, q sqldb.Querier, p privacy.Subject) ([]privacy.Holding, error) {
	n, err := privacy.Count(ctx, q, `SELECT (SELECT COUNT(*) FROM plan_step WHERE person_id = $1) + (SELECT COUNT(*) FROM plan_review WHERE person_id = $2)`, p.ID, p.ID)
	return []privacy.Holding{{Data: "development plan", Count: n, Fate: privacy.Erased, Why: "It is the person's own.", Private: true}}, err
}

// EraseIn implements privacy.Holder.
func (s *Service) EraseIn(ctx context.Context, tx *work.Tx, p privacy.Subject) error {
	return privacy.Run(ctx, tx, []any{p.ID},
		`DELETE FROM plan_look WHERE step_id IN (SELECT id FROM plan_step WHERE person_id = $1)`,
		`DELETE FROM plan_share WHERE step_id IN (SELECT id FROM plan_step WHERE person_id = $1)`,
		`DELETE FROM plan_step WHERE person_id = $1`, `DELETE FROM plan_review WHERE person_id = $1`,
		`UPDATE plan_step SET mentor_id = '' WHERE mentor_id = $1`, `DELETE FROM plan_share WHERE person_id = $1`, `DELETE FROM plan_look WHERE person_id = $1`)
}

// Copy implements privacy.Holder.
func (s *Service) Copy(ctx context.Context, q sqldb.Querier, p privacy.Subject) (map[string]any, error) {
	steps, err := privacy.Rows(ctx, q, `SELECT s.title, s.why, s.source_kind, s.source_id, COALESCE(w.name, '') AS mentor, s.due_on, s.state, s.ended_on, s.words_before, s.words_after
		FROM plan_step s LEFT JOIN v_person w ON w.id = s.mentor_id WHERE s.person_id = $1 ORDER BY s.id`, p.ID)
	if err != nil {
		return nil, err
	}
	shared, err := privacy.Rows(ctx, q, `SELECT s.title, COALESCE(w.name, '') AS reader, COALESCE(l.looked_on, '') AS looked_on FROM plan_share h JOIN plan_step s ON s.id = h.step_id
		LEFT JOIN v_person w ON w.id = h.person_id LEFT JOIN plan_look l ON l.step_id = h.step_id AND l.person_id = h.person_id WHERE s.person_id = $1 ORDER BY s.id, h.person_id, l.looked_on`, p.ID)
	if err != nil {
		return nil, err
	}
	reviews, err := privacy.Rows(ctx, q, `SELECT held_on, words FROM plan_review WHERE person_id = $1 ORDER BY held_on`, p.ID)
	return map[string]any{"development_steps": steps, "development_shared": shared, "development_reviews": reviews}, err
}

// Places implements privacy.Holder.
func (*Service) Places() []privacy.Place {
	const data = "development plan"
	return []privacy.Place{
		{Data: data, Table: "plan_step", Column: "person_id", Does: privacy.Own},
		{Data: data, Table: "plan_step", Column: "mentor_id", Key: "id", Does: privacy.Moves},
		{Data: data, Table: "plan_review", Column: "person_id", Does: privacy.Own},
		{Data: data, Table: "plan_share", Column: "person_id", Key: "step_id", Does: privacy.Moves, Once: true},
		{Data: data, Table: "plan_look", Column: "person_id", Key: "step_id, looked_on", Does: privacy.Moves, Once: true},
	}
}
