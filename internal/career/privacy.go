package career

import (
	"context"
	"slices"

	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Holdings implements privacy.Holder. How much there is concerns the person
// alone, and so does whether there is any.
func (s *Service) Holdings(ctx context.Context, q sqldb.Querier, p privacy.Subject) ([]privacy.Holding, error) {
	n, err := privacy.Count(ctx, q, `SELECT (SELECT COUNT(*) FROM career_choice WHERE person_id = $1) + (SELECT COUNT(*) FROM career_item WHERE person_id = $2)
		+ (SELECT COUNT(*) FROM career_past WHERE person_id = $3)`, p.ID, p.ID, p.ID)
	return []privacy.Holding{{Data: "career", Count: n, Fate: privacy.Erased, Why: "It is the person's own.", Private: true}}, err
}

// EraseIn implements privacy.Holder.
func (s *Service) EraseIn(ctx context.Context, tx *work.Tx, p privacy.Subject) error {
	return privacy.Run(ctx, tx, []any{p.ID}, `DELETE FROM career_item WHERE person_id = $1`, `DELETE FROM career_past WHERE person_id = $1`,
		`DELETE FROM career_choice WHERE person_id = $1`)
}

// Copy implements privacy.Holder.
func (s *Service) Copy(ctx context.Context, q sqldb.Querier, p privacy.Subject) (map[string]any, error) {
	past, err := privacy.Rows(ctx, q, `SELECT organisation, post, from_on, to_on, projects, scale, work_role FROM career_past WHERE person_id = $1 ORDER BY from_on, id`, p.ID)
	if err != nil {
		return nil, err
	}
	items, err := privacy.Rows(ctx, q, `SELECT kind, work_role, origin, project_id, from_on, to_on, subject_kind, subject_id, detail FROM career_item
		WHERE person_id = $1 ORDER BY from_on, item_key`, p.ID)
	return map[string]any{"career_past": past, "career_items": items}, err
}

// Places implements privacy.Holder.
func (*Service) Places() []privacy.Place {
	return slices.Concat(
		privacy.PlacesOf("career", "career_choice", "", privacy.Own, "person_id"),
		privacy.PlacesOf("career", "career_past", "", privacy.Own, "person_id"),
		privacy.PlacesOf("career", "career_item", "", privacy.Own, "person_id"),
	)
}
