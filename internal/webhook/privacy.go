package webhook

import (
	"context"

	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Holdings implements privacy.Holder.
func (s *Service) Holdings(ctx context.Context, q sqldb.Querier, p privacy.Subject) ([]privacy.Holding, error) {
	n, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM webhook WHERE person_id = $1`, p.ID)
	return []privacy.Holding{
		{Data: "webhooks that they registered", Count: n, Fate: privacy.Erased, Why: "They tell what the person may see; nothing is sent any more."},
	}, err
}

// EraseIn implements privacy.Holder.
func (s *Service) EraseIn(ctx context.Context, tx *work.Tx, p privacy.Subject) error {
	return privacy.Run(ctx, tx, []any{p.ID},
		`DELETE FROM webhook_delivery WHERE hook_id IN (SELECT h.id FROM webhook h WHERE h.person_id = $1)`,
		`DELETE FROM webhook WHERE person_id = $1`)
}

// Copy implements privacy.Holder.
func (s *Service) Copy(ctx context.Context, q sqldb.Querier, p privacy.Subject) (map[string]any, error) {
	list, err := privacy.Rows(ctx, q, `SELECT id, address, verbs, made_at FROM webhook WHERE person_id = $1 ORDER BY made_at`, p.ID)
	return map[string]any{"webhooks": list}, err
}

// Places implements privacy.Holder.
func (*Service) Places() []privacy.Place {
	return privacy.PlacesOf("webhooks that they registered", "webhook", "", privacy.Own, "person_id")
}
