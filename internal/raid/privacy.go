package raid

import (
	"context"
	"slices"

	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Holdings implements privacy.Holder.
func (s *Service) Holdings(ctx context.Context, q sqldb.Querier, p privacy.Subject) ([]privacy.Holding, error) {
	own, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM action_item WHERE owner_id = $1 OR raised_by = $2
		OR EXISTS (SELECT 1 FROM action_step s WHERE s.action_id = action_item.id AND (s.person_id = $3 OR s.was = $4 OR s.became = $5))`, p.ID, p.ID, p.ID, p.ID, p.ID)
	if err != nil {
		return nil, err
	}
	like := privacy.Containing(p.Name)
	named, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM action_item WHERE lower(title) LIKE $1 ESCAPE '!' OR lower(detail) LIKE $2 ESCAPE '!' OR lower(ended_words) LIKE $3 ESCAPE '!'`, like, like, like)
	if err != nil {
		return nil, err
	}
	return []privacy.Holding{
		{Data: "actions, who raised and owned them", Private: true, Count: own, Fate: privacy.Anonymised, Why: "What was to be done stays the record of the work; it no longer says by whom."},
		{Data: "words of others that name a person: actions", Count: named, Fate: privacy.Kept, Why: "They are others' words; an open action can be reworded."},
	}, nil
}

// EraseIn implements privacy.Holder: with the directory entry gone, the ids that
// actions hold lead to nobody.
func (s *Service) EraseIn(context.Context, *work.Tx, privacy.Subject) error { return nil }

// Copy implements privacy.Holder.
func (s *Service) Copy(ctx context.Context, q sqldb.Querier, p privacy.Subject) (map[string]any, error) {
	list, err := privacy.Rows(ctx, q, `SELECT a.id, a.title, a.detail, n.name AS project, a.due_on, a.state, a.raised_on, a.ended_on, a.ended_words,
		CASE WHEN a.owner_id = $1 THEN 'owner' ELSE 'raised it' END AS part
		FROM action_item a LEFT JOIN v_project_name n ON n.id = a.project_id WHERE a.owner_id = $2 OR a.raised_by = $3 ORDER BY a.id`, p.ID, p.ID, p.ID)
	return map[string]any{"actions": list}, err
}

// Places implements privacy.Holder.
func (*Service) Places() []privacy.Place {
	return slices.Concat(
		privacy.PlacesOf("actions, who raised and owned them", "action_item", "id", privacy.Moves, "owner_id", "raised_by"),
		privacy.PlacesOf("actions, who raised and owned them", "action_step", "", privacy.Stays, "person_id", "was", "became"),
	)
}
