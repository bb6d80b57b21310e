package opportunity

import (
	"context"
	"slices"

	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Holdings implements privacy.Holder. Applications concern the person alone.
func (s *Service) Holdings(ctx context.Context, q sqldb.Querier, p privacy.Subject) ([]privacy.Holding, error) {
	asked, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM opportunity_place WHERE person_id = $1 AND state IN ('applied', 'given')`, p.ID)
	if err != nil {
		return nil, err
	}
	part, err := privacy.Count(ctx, q, `SELECT (SELECT COUNT(*) FROM opportunity_place WHERE state NOT IN ('applied', 'given') AND (person_id = $1 OR line_id = $2)) + (SELECT COUNT(*) FROM opportunity WHERE offered_by = $3)`, p.ID, p.ID, p.ID)
	return []privacy.Holding{
		{Data: "applications for opportunities that are not agreed", Private: true, Count: asked, Fate: privacy.Erased, Why: "Nothing came of them."},
		{Data: "opportunities offered, agreed and done", Count: part, Fate: privacy.Anonymised, Why: "What was agreed is the record of the work; the debrief's words go, and it no longer says whose it was."},
	}, err
}

// EraseIn implements privacy.Holder.
func (s *Service) EraseIn(ctx context.Context, tx *work.Tx, p privacy.Subject) error {
	return privacy.Run(ctx, tx, []any{p.ID}, `DELETE FROM opportunity_place WHERE person_id = $1 AND state IN ('applied', 'given')`,
		`UPDATE opportunity_place SET words = '', done = '', learned = '' WHERE person_id = $1`)
}

// Copy implements privacy.Holder.
func (s *Service) Copy(ctx context.Context, q sqldb.Querier, p privacy.Subject) (map[string]any, error) {
	places, err := privacy.Rows(ctx, q, `SELECT o.title, n.name AS project, o.form, o.from_on, o.to_on, p.words, p.state, p.done, p.learned, p.hours
		FROM opportunity_place p JOIN opportunity o ON o.id = p.opportunity_id LEFT JOIN v_project_name n ON n.id = o.project_id WHERE p.person_id = $1 ORDER BY p.id`, p.ID)
	if err != nil {
		return nil, err
	}
	offers, err := privacy.Rows(ctx, q, `SELECT o.title, o.need, o.form, o.from_on, o.to_on FROM opportunity o WHERE o.offered_by = $1 ORDER BY o.id`, p.ID)
	return map[string]any{"opportunities_taken": places, "opportunities_offered": offers}, err
}

// Places implements privacy.Holder.
func (s *Service) Places() []privacy.Place {
	return slices.Concat(
		privacy.PlacesOf("opportunities offered, agreed and done", "opportunity", "id", privacy.Moves, "offered_by"),
		[]privacy.Place{{Data: "opportunities offered, agreed and done", Table: "opportunity_place", Column: "person_id", Does: privacy.Moves, Key: "opportunity_id", Once: true}},
		privacy.PlacesOf("opportunities offered, agreed and done", "opportunity_place", "id", privacy.Moves, "line_id", "given_by", "confirmed_by"),
	)
}
