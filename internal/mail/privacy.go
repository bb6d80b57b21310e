package mail

import (
	"context"
	"slices"

	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

const dataReminders = "reminders by mail"

// Holdings implements privacy.Holder.
func (s *Service) Holdings(ctx context.Context, q sqldb.Querier, p privacy.Subject) ([]privacy.Holding, error) {
	n, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM mail WHERE person_id = $1`, p.ID)
	if err != nil {
		return nil, err
	}
	told, err := privacy.Count(ctx, q, `SELECT (SELECT COUNT(*) FROM mail_choice WHERE person_id = $1) + (SELECT COUNT(*) FROM mail_reminder WHERE person_id = $2)`, p.ID, p.ID)
	return []privacy.Holding{
		{Data: "mail that was sent to them", Count: n, Fate: privacy.Erased, Why: "It has done what it was for."},
		{Data: dataReminders, Count: told, Fate: privacy.Erased, Why: "Nobody is reminded any more.", Private: true},
	}, err
}

// EraseIn implements privacy.Holder.
func (s *Service) EraseIn(ctx context.Context, tx *work.Tx, p privacy.Subject) error {
	return privacy.Run(ctx, tx, []any{p.ID}, `DELETE FROM mail WHERE person_id = $1`, `DELETE FROM mail_choice WHERE person_id = $1`, `DELETE FROM mail_reminder WHERE person_id = $1`)
}

// Copy implements privacy.Holder.
func (s *Service) Copy(ctx context.Context, q sqldb.Querier, p privacy.Subject) (map[string]any, error) {
	list, err := privacy.Rows(ctx, q, `SELECT to_address, kind, subject, state, queued_at, sent_at FROM mail WHERE person_id = $1 ORDER BY id`, p.ID)
	if err != nil {
		return nil, err
	}
	days, err := privacy.Rows(ctx, q, `SELECT sent_on FROM mail_reminder WHERE person_id = $1 ORDER BY sent_on`, p.ID)
	return map[string]any{"mail": list, "reminded_on": days}, err
}

// Places implements privacy.Holder.
func (s *Service) Places() []privacy.Place {
	return slices.Concat(
		privacy.PlacesOf("mail that was sent to them", "mail", "id", privacy.Moves, "person_id"),
		privacy.PlacesOf(dataReminders, "mail_choice", "", privacy.Own, "person_id"),
		privacy.PlacesOf(dataReminders, "mail_reminder", "", privacy.Own, "person_id"),
	)
}
