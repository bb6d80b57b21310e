package mail

import (
	"context"

	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Holdings implements privacy.Holder.
func (s *Service) Holdings(ctx context.Context, q sqldb.Querier, p privacy.Subject) ([]privacy.Holding, error) {
	n, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM mail WHERE person_id = $1`, p.ID)
	return []privacy.Holding{{Data: "mail that was sent to them", Count: n, Fate: privacy.Erased, Why: "It has done what it was for."}}, err
}

// EraseIn implements privacy.Holder.
func (s *Service) EraseIn(ctx context.Context, tx *work.Tx, p privacy.Subject) error {
	return privacy.Run(ctx, tx, []any{p.ID}, `DELETE FROM mail WHERE person_id = $1`)
}

// Copy implements privacy.Holder.
func (s *Service) Copy(ctx context.Context, q sqldb.Querier, p privacy.Subject) (map[string]any, error) {
	list, err := privacy.Rows(ctx, q, `SELECT to_address, kind, subject, state, queued_at, sent_at FROM mail WHERE person_id = $1 ORDER BY id`, p.ID)
	return map[string]any{"mail": list}, err
}

// Places implements privacy.Holder.
func (s *Service) Places() []privacy.Place {
	return privacy.PlacesOf("mail that was sent to them", "mail", "id", privacy.Moves, "person_id")
}
