package reporting

import (
	"context"
	"slices"

	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Holdings implements privacy.Holder.
func (s *Service) Holdings(ctx context.Context, q sqldb.Querier, p privacy.Subject) ([]privacy.Holding, error) {
	signed, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM report_version WHERE submitted_by = $1 OR drafted_by = $2 OR for_person_id = $3`, p.ID, p.ID, p.ID)
	if err != nil {
		return nil, err
	}
	drafts, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM report_draft WHERE drafted_by = $1`, p.ID)
	if err != nil {
		return nil, err
	}
	named, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM report_version WHERE lower(body) LIKE $1 ESCAPE '!'`, privacy.Containing(p.Name))
	if err != nil {
		return nil, err
	}
	return []privacy.Holding{
		{Data: "reports and who made them", Private: true, Count: signed, Fate: privacy.Anonymised, Why: "A submitted report is the project's record and is never changed; it no longer says who."},
		{Data: "drafts of reports", Private: true, Count: drafts, Fate: privacy.Anonymised, Why: "The project's next report may need them."},
		{Data: "words of others that name a person: submitted reports", Count: named, Fate: privacy.Kept, Why: "What was submitted is never edited."},
	}, nil
}

// EraseIn implements privacy.Holder: with the directory entry gone, the ids that
// reports hold lead to nobody.
func (s *Service) EraseIn(context.Context, *work.Tx, privacy.Subject) error { return nil }

// Copy implements privacy.Holder.
func (s *Service) Copy(ctx context.Context, q sqldb.Querier, p privacy.Subject) (map[string]any, error) {
	list, err := privacy.Rows(ctx, q, `SELECT r.project_id, v.name AS project, r.period, r.number, r.work_role, r.submitted_at, r.body
		FROM report_version r LEFT JOIN v_project_name v ON v.id = r.project_id WHERE r.submitted_by = $1 OR r.drafted_by = $2
		ORDER BY r.period, r.project_id, r.number`, p.ID, p.ID)
	return map[string]any{"reports": list}, err
}

// Places implements privacy.Holder.
func (*Service) Places() []privacy.Place {
	return slices.Concat(
		privacy.PlacesOf("reports and who made them", "report", "project_id, period", privacy.Moves, "submitted_by"),
		privacy.PlacesOf("reports and who made them", "report_version", "", privacy.Stays, "submitted_by", "drafted_by", "for_person_id"),
		privacy.PlacesOf("drafts of reports", "report_draft", "project_id, period", privacy.Moves, "drafted_by"),
	)
}
