package cpd

import (
	"context"
	"slices"

	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Holdings implements privacy.Holder. How much there is concerns the person alone.
func (s *Service) Holdings(ctx context.Context, q sqldb.Querier, p privacy.Subject) ([]privacy.Holding, error) {
	n, err := privacy.Count(ctx, q, `SELECT (SELECT COUNT(*) FROM cpd_entry WHERE person_id = $1) + (SELECT COUNT(*) FROM cpd_cycle WHERE person_id = $2)
		+ (SELECT COUNT(*) FROM cpd_dropped WHERE person_id = $3) + (SELECT COUNT(*) FROM cpd_scheme WHERE person_id = $4)`, p.ID, p.ID, p.ID, p.ID)
	return []privacy.Holding{{Data: "CPD and PDU log", Count: n, Fate: privacy.Erased, Why: "It is the person's own.", Private: true}}, err
}

// EraseIn implements privacy.Holder.
func (s *Service) EraseIn(ctx context.Context, tx *work.Tx, p privacy.Subject) error {
	return privacy.Run(ctx, tx, []any{p.ID}, `DELETE FROM cpd_entry WHERE person_id = $1`, `DELETE FROM cpd_cycle WHERE person_id = $1`,
		`DELETE FROM cpd_dropped WHERE person_id = $1`, `DELETE FROM cpd_scheme WHERE person_id = $1`)
}

// Copy implements privacy.Holder.
func (s *Service) Copy(ctx context.Context, q sqldb.Querier, p privacy.Subject) (map[string]any, error) {
	entries, err := privacy.Rows(ctx, q, `SELECT from_on, to_on, minutes, title, provider, proof, reflection, places, source FROM cpd_entry WHERE person_id = $1 ORDER BY to_on, id`, p.ID)
	if err != nil {
		return nil, err
	}
	periods, err := privacy.Rows(ctx, q, `SELECT scheme_id, from_on, to_on, definition, statement FROM cpd_cycle WHERE person_id = $1 ORDER BY from_on, id`, p.ID)
	if err != nil {
		return nil, err
	}
	dropped, err := privacy.Rows(ctx, q, `SELECT source FROM cpd_dropped WHERE person_id = $1 ORDER BY source`, p.ID)
	if err != nil {
		return nil, err
	}
	schemes, err := privacy.Rows(ctx, q, `SELECT e.scheme_id, e.from_on, e.definition, s.ended_on FROM cpd_scheme s JOIN cpd_edition e ON e.scheme_id = s.id WHERE s.person_id = $1
		ORDER BY e.scheme_id, e.from_on`, p.ID)
	return map[string]any{"cpd_entries": entries, "cpd_periods": periods, "cpd_dropped": dropped, "cpd_schemes": schemes}, err
}

// Places implements privacy.Holder.
func (*Service) Places() []privacy.Place {
	return slices.Concat(
		privacy.PlacesOf("CPD and PDU log", "cpd_entry", "", privacy.Own, "person_id"),
		privacy.PlacesOf("CPD and PDU log", "cpd_cycle", "", privacy.Own, "person_id"),
		privacy.PlacesOf("CPD and PDU log", "cpd_dropped", "", privacy.Own, "person_id"),
		privacy.PlacesOf("CPD and PDU log", "cpd_scheme", "", privacy.Own, "person_id"),
	)
}
