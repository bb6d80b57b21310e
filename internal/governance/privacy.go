package governance

import (
	"context"
	"slices"
	"strings"

	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Holdings implements privacy.Holder.
func (s *Service) Holdings(ctx context.Context, q sqldb.Querier, p privacy.Subject) ([]privacy.Holding, error) {
	var out []privacy.Holding
	for _, h := range []struct {
		query string
		privacy.Holding
	}{
		{`SELECT COUNT(*) FROM control_answer WHERE person_id = $1`, privacy.Holding{Data: "answers whether a control helped", Private: true, Fate: privacy.Anonymised, Why: "What a control costs stays counted; who answered, and of which project, goes."}},
		{`SELECT COUNT(*) FROM control_comment WHERE signed_by = $1`, privacy.Holding{Data: "comments on controls that they signed", Private: true, Fate: privacy.Anonymised, Why: "The comment stays, without their name."}},
		{`SELECT COUNT(*) FROM control_word WHERE said_by = $1`, privacy.Holding{Data: "notes, attestations and assessments of controls", Fate: privacy.Anonymised, Why: "They are part of the project's record; the name goes."}},
		{`SELECT COUNT(*) FROM waiver WHERE asked_by = $1 OR decided_by = $2`, privacy.Holding{Data: "waivers asked for or decided", Fate: privacy.Anonymised, Why: "They are part of the project's record; the name goes."}},
		{`SELECT COUNT(*) FROM finding WHERE raised_by = $1 OR owner_id = $2`, privacy.Holding{Data: "findings raised or owned", Fate: privacy.Anonymised, Why: "They are part of the project's record; the name goes."}},
		{`SELECT (SELECT COUNT(*) FROM dial_answer WHERE answered_by = $1) + (SELECT COUNT(*) FROM tier_opinion WHERE person_id = $2)`, privacy.Holding{Data: "answers to the dial of projects, and opinions on their tier", Fate: privacy.Anonymised, Why: "They are part of the project's record; the name goes."}},
	} {
		args := []any{p.ID}
		if strings.Contains(h.query, "$2") {
			args = append(args, p.ID)
		}
		n, err := privacy.Count(ctx, q, h.query, args...)
		if err != nil {
			return nil, err
		}
		h.Count = n
		out = append(out, h.Holding)
	}
	return out, nil
}

// EraseIn implements privacy.Holder. What is of the project keeps the person's id,
// which says nothing once the person's own row holds nothing.
//
// Answers of months that are over stay without the person and the project: if they
// went, figures of before and after would tell them. Each control has a number of its
// own for the person, so that no two rows of different controls belong together.
func (s *Service) EraseIn(ctx context.Context, tx *work.Tx, p privacy.Subject) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM control_answer WHERE person_id = $1 AND month = $2`, p.ID, tx.Today[:7]); err != nil {
		return err
	}
	said, err := saidAbout(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	nobody := map[string]string{}
	for _, x := range said {
		if nobody[x.control] == "" {
			nobody[x.control] = tx.NewAnonymousID()
		}
		if _, err := tx.ExecContext(ctx, `UPDATE control_answer SET person_id = $1, project_id = $2 WHERE person_id = $3 AND control_id = $4 AND project_id = $5`,
			nobody[x.control], tx.NewAnonymousID(), p.ID, x.control, x.project); err != nil {
			return err
		}
	}
	return privacy.Run(ctx, tx, []any{p.ID},
		`UPDATE control_comment SET signed_by = '' WHERE signed_by = $1`)
}

type about struct{ control, project string }

// saidAbout lists the controls and projects about which a person answered.
func saidAbout(ctx context.Context, q sqldb.Querier, person string) (out []about, err error) {
	rows, err := q.QueryContext(ctx, `SELECT DISTINCT control_id, project_id FROM control_answer WHERE person_id = $1 ORDER BY control_id, project_id`, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var x about
		if err := rows.Scan(&x.control, &x.project); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, rows.Err()
}

// Copy implements privacy.Holder.
func (s *Service) Copy(ctx context.Context, q sqldb.Querier, p privacy.Subject) (map[string]any, error) {
	out := map[string]any{}
	for name, query := range map[string]string{
		"control_answers":  `SELECT project_id, control_id, month, helped, minutes FROM control_answer WHERE person_id = $1 ORDER BY month, control_id`,
		"control_comments": `SELECT control_id, month, words FROM control_comment WHERE signed_by = $1 ORDER BY month, id`,
		"control_words":    `SELECT project_id, control_id, kind, verdict, words, on_day FROM control_word WHERE said_by = $1 ORDER BY said_at, id`,
		"waivers":          `SELECT project_id, control_id, reason, to_on, state FROM waiver WHERE asked_by = $1 ORDER BY asked_at, id`,
		"findings":         `SELECT project_id, control_id, words, raised_on FROM finding WHERE raised_by = $1 ORDER BY raised_at, id`,
	} {
		rows, err := privacy.Rows(ctx, q, query, p.ID)
		if err != nil {
			return nil, err
		}
		out[name] = rows
	}
	return out, nil
}

// Places implements privacy.Holder.
func (*Service) Places() []privacy.Place {
	return slices.Concat(
		[]privacy.Place{{Data: "answers whether a control helped", Table: "control_answer", Column: "person_id", Does: privacy.Moves, Key: "project_id, control_id, month", Once: true}},
		privacy.PlacesOf("comments on controls that they signed", "control_comment", "id", privacy.Moves, "signed_by"),
		privacy.PlacesOf("notes, attestations and assessments of controls", "control_word", "id", privacy.Moves, "said_by", "taken_back_by"),
		privacy.PlacesOf("waivers asked for or decided", "waiver", "id", privacy.Moves, "asked_by", "decided_by"),
		privacy.PlacesOf("waivers asked for or decided", "waiver_opinion", "waiver_id, role", privacy.Moves, "person_id"),
		privacy.PlacesOf("findings raised or owned", "finding", "id", privacy.Moves, "raised_by", "owner_id", "closed_by"),
		privacy.PlacesOf("answers to the dial of projects, and opinions on their tier", "dial_answer", "", privacy.Stays, "answered_by"),
		privacy.PlacesOf("answers to the dial of projects, and opinions on their tier", "tier_override", "id", privacy.Moves, "decided_by"),
		privacy.PlacesOf("answers to the dial of projects, and opinions on their tier", "tier_opinion", "dial_id, role", privacy.Moves, "person_id"),
		privacy.PlacesOf("answers to the dial of projects, and opinions on their tier", "governed", "id", privacy.Moves, "made_by"),
		privacy.PlacesOf("notes, attestations and assessments of controls", "control_proposal", "id", privacy.Moves, "proposed_by", "decided_by"),
		privacy.PlacesOf("notes, attestations and assessments of controls", "method_version", "", privacy.Stays, "published_by"),
		privacy.PlacesOf("notes, attestations and assessments of controls", "method_draft", "method_id", privacy.Moves, "changed_by"),
	)
}
