package career

import (
	"context"
	"slices"

	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

const dataCounted = "being counted in the coverage of the team"

// Holdings implements privacy.Holder. How much there is concerns the person
// alone, and so does whether there is any.
func (s *Service) Holdings(ctx context.Context, q sqldb.Querier, p privacy.Subject) ([]privacy.Holding, error) {
	own, err := privacy.Count(ctx, q, `SELECT (SELECT COUNT(*) FROM career_choice WHERE person_id = $1) + (SELECT COUNT(*) FROM career_past WHERE person_id = $2)`, p.ID, p.ID)
	if err != nil {
		return nil, err
	}
	items, err := derived(ctx, q, p.ID)
	if err != nil {
		return nil, err
	}
	evidence, err := privacy.Count(ctx, q, `SELECT (SELECT COUNT(*) FROM career_claim WHERE person_id = $1) + (SELECT COUNT(*) FROM career_entry WHERE person_id = $2)
		+ (SELECT COUNT(*) FROM career_attestation WHERE person_id = $3)`, p.ID, p.ID, p.ID)
	if err != nil {
		return nil, err
	}
	papers, err := privacy.Count(ctx, q, `SELECT (SELECT COUNT(*) FROM career_paper WHERE person_id = $1) + (SELECT COUNT(*) FROM career_paper_line WHERE person_id = $2)`, p.ID, p.ID)
	if err != nil {
		return nil, err
	}
	counted, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM career_counted WHERE person_id = $1`, p.ID)
	if err != nil {
		return nil, err
	}
	given, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM career_attestation WHERE attester_id = $1`, p.ID)
	return []privacy.Holding{
		{Data: "career", Count: own + len(items), Fate: privacy.Erased, Why: "It is the person's own.", Private: true},
		{Data: "evidence", Count: evidence, Fate: privacy.Erased, Why: "It is the person's own, and what others confirmed of it goes with it.", Private: true},
		{Data: "documents of their career", Count: papers, Fate: privacy.Erased, Why: "They are the person's own.", Private: true},
		{Data: dataCounted, Count: counted, Fate: privacy.Erased, Why: "They are counted no more; of what was counted, nothing leads to anybody.", Private: true},
		{Data: "attestations that they gave", Count: given, Fate: privacy.Anonymised, Why: "It is another person's evidence, and stays confirmed; the reason of a refusal goes.", Private: true},
	}, err
}

// EraseIn implements privacy.Holder. What the person confirmed of others stays
// confirmed, by somebody whose name is gone; what they did not answer is taken back.
func (s *Service) EraseIn(ctx context.Context, tx *work.Tx, p privacy.Subject) error {
	return privacy.Run(ctx, tx, []any{p.ID}, `DELETE FROM career_counted WHERE person_id = $1`, `DELETE FROM career_look WHERE person_id = $1`,
		`DELETE FROM career_pack WHERE person_id = $1`, `DELETE FROM career_place WHERE person_id = $1`, `DELETE FROM career_past WHERE person_id = $1`,
		`DELETE FROM career_choice WHERE person_id = $1`, `DELETE FROM career_claim WHERE person_id = $1`, `DELETE FROM career_entry WHERE person_id = $1`,
		`DELETE FROM career_attestation WHERE person_id = $1`, `DELETE FROM career_paper_line WHERE person_id = $1`, `DELETE FROM career_paper WHERE person_id = $1`,
		`UPDATE career_attestation SET state = 'withdrawn', version = version + 1 WHERE attester_id = $1 AND state = 'asked'`,
		`UPDATE career_attestation SET reason = '' WHERE attester_id = $1`)
}

// Copy implements privacy.Holder. What one was asked to confirm is given with one's
// own answer and not with the words of the other.
func (s *Service) Copy(ctx context.Context, q sqldb.Querier, p privacy.Subject) (map[string]any, error) {
	out := map[string]any{}
	for name, query := range map[string]string{
		"career_counted": `SELECT 'counted in the coverage of the team' AS chosen FROM career_counted WHERE person_id = $1`,
		"career_looks": `SELECT l.looked_on, COALESCE(w.name, '') AS who, 'a wording to confirm' AS what FROM career_look l JOIN career_attestation a ON a.id = l.attestation_id
			LEFT JOIN v_person w ON w.id = l.person_id WHERE a.person_id = $1 ORDER BY l.looked_on`,
		"career_past":     `SELECT organisation, post, from_on, to_on, projects, scale, work_role FROM career_past WHERE person_id = $1 ORDER BY from_on, id`,
		"career_evidence": `SELECT group_id, state, words, leaves, hides FROM career_claim WHERE person_id = $1 ORDER BY group_id`,
		"career_entries": `SELECT kind, work_role, words, from_on, to_on, project_name, tier, is_finished, is_outside, pieces, hours, projects, people, bodies, about, leaves, hides
			FROM career_entry WHERE person_id = $1 ORDER BY from_on, id`,
		"career_documents":      `SELECT kind, body FROM career_paper WHERE person_id = $1 ORDER BY kind`,
		"career_document_lines": `SELECT kind, section, source, filled, body FROM career_paper_line WHERE person_id = $1 ORDER BY kind, section, id`,
		"career_attestations": `SELECT a.about_kind, a.about_id, COALESCE(p.name, a.attester_name) AS attester, a.wording, a.amended, a.reason, a.state, a.asked_at, a.answered_at
			FROM career_attestation a LEFT JOIN v_person p ON p.id = a.attester_id WHERE a.person_id = $1 ORDER BY a.asked_at, a.id`,
		"attestations_given": `SELECT state, amended, reason, asked_at, answered_at FROM career_attestation WHERE attester_id = $1 AND state <> 'withdrawn' ORDER BY asked_at, id`,
	} {
		rows, err := privacy.Rows(ctx, q, query, p.ID)
		if err != nil {
			return nil, err
		}
		out[name] = rows
	}
	items, err := derived(ctx, q, p.ID)
	if err != nil {
		return nil, err
	}
	lines := make([]map[string]any, 0, len(items))
	for _, it := range items {
		lines = append(lines, map[string]any{
			"kind": it.Kind, "work_role": it.Role, "origin": it.Origin, "project_id": it.Project, "body_id": it.Body, "tier": it.Tier,
			"from_on": it.From, "to_on": it.To, "subject_kind": it.SubjectKind, "subject_id": it.SubjectID, "detail": it.Detail,
		})
	}
	out["career_items"] = lines
	return out, nil
}

// Places implements privacy.Holder.
func (*Service) Places() []privacy.Place {
	return slices.Concat(
		privacy.PlacesOf("career", "career_choice", "", privacy.Own, "person_id"),
		privacy.PlacesOf("career", "career_past", "", privacy.Own, "person_id"),
		privacy.PlacesOf("career", "career_pack", "", privacy.Own, "person_id"),
		privacy.PlacesOf("career", "career_place", "", privacy.Own, "person_id"),
		privacy.PlacesOf("evidence", "career_claim", "", privacy.Own, "person_id"),
		privacy.PlacesOf("evidence", "career_entry", "", privacy.Own, "person_id"),
		privacy.PlacesOf("evidence", "career_attestation", "", privacy.Own, "person_id"),
		privacy.PlacesOf("documents of their career", "career_paper", "", privacy.Own, "person_id"),
		privacy.PlacesOf("documents of their career", "career_paper_line", "", privacy.Own, "person_id"),
		privacy.PlacesOf(dataCounted, "career_counted", "", privacy.Own, "person_id"),
		[]privacy.Place{{Data: "attestations that they gave", Table: "career_look", Column: "person_id", Key: "attestation_id, looked_on", Does: privacy.Moves, Once: true}},
		privacy.PlacesOf("attestations that they gave", "career_attestation", "id", privacy.Moves, "attester_id"),
	)
}
