package exchange

import (
	"context"
	"slices"

	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Holdings implements privacy.Holder.
func (s *Service) Holdings(ctx context.Context, q sqldb.Querier, p privacy.Subject) ([]privacy.Holding, error) {
	var n [4]int
	for i, query := range []string{
		`SELECT COUNT(*) FROM case_study WHERE author_id = $1`, `SELECT COUNT(*) FROM case_answer WHERE author_id = $1`,
		`SELECT COUNT(*) FROM case_mark WHERE person_id = $1`, `SELECT COUNT(*) FROM case_study WHERE organiser_id = $1`,
	} {
		var err error
		if n[i], err = privacy.Count(ctx, q, query, p.ID); err != nil {
			return nil, err
		}
	}
	words, why := privacy.Erased, "They go, with their earlier versions."
	if p.KeepWords {
		words, why = privacy.Anonymised, "They chose to leave them to the others, without their name; drafts go."
	}
	return []privacy.Holding{
		{Data: "cases that they wrote", Private: true, Count: n[0], Fate: words, Why: why},
		{Data: "answers that they gave", Private: true, Count: n[1], Fate: words, Why: why},
		{Data: "marks that an answer was helpful", Private: true, Count: n[2], Fate: privacy.Erased, Why: "A mark is a person's."},
		{Data: "cases that they organised for others", Private: true, Count: n[3], Fate: privacy.Anonymised, Why: "The case is its author's."},
	}, nil
}

// EraseIn implements privacy.Holder.
func (s *Service) EraseIn(ctx context.Context, tx *work.Tx, p privacy.Subject) error {
	err := privacy.Run(ctx, tx, []any{p.ID}, `DELETE FROM case_mark WHERE person_id = $1`, `UPDATE case_answer SET named = FALSE, version = version + 1 WHERE author_id = $1`,
		`UPDATE case_study SET state = 'withdrawn', title = 'Withdrawn', body = '{}', follow_up = '', organiser_view = '', summary = '', consent = '', is_open = FALSE, version = version + 1
			WHERE author_id = $1 AND state <> 'published'`,
		`DELETE FROM case_earlier WHERE case_id IN (SELECT id FROM case_study WHERE author_id = $1)`,
		`DELETE FROM case_answer_earlier WHERE answer_id IN (SELECT id FROM case_answer WHERE author_id = $1)`)
	if err != nil || p.KeepWords {
		return err
	}
	return privacy.Run(ctx, tx, []any{p.ID},
		`UPDATE case_answer SET body = '', withdrawn = TRUE WHERE author_id = $1`,
		`UPDATE case_study SET state = 'withdrawn', title = 'Withdrawn', body = '{}', follow_up = '', organiser_view = '', summary = '', consent = '', is_open = FALSE
			WHERE author_id = $1`)
}

// Copy implements privacy.Holder.
func (s *Service) Copy(ctx context.Context, q sqldb.Querier, p privacy.Subject) (map[string]any, error) {
	cases, err := privacy.Rows(ctx, q, `SELECT id, state, title, body, follow_up, published_at FROM case_study WHERE author_id = $1 ORDER BY id`, p.ID)
	if err != nil {
		return nil, err
	}
	answers, err := privacy.Rows(ctx, q, `SELECT case_id, question, label, body, withdrawn, answered_at FROM case_answer WHERE author_id = $1 ORDER BY id`, p.ID)
	return map[string]any{"cases": cases, "answers": answers}, err
}

// Places implements privacy.Holder.
func (*Service) Places() []privacy.Place {
	return slices.Concat(
		privacy.PlacesOf("cases that they wrote", "case_study", "id", privacy.Moves, "author_id"),
		privacy.PlacesOf("cases that they organised for others", "case_study", "id", privacy.Moves, "organiser_id"),
		privacy.PlacesOf("answers that they gave", "case_answer", "id", privacy.Moves, "author_id"),
		[]privacy.Place{{Data: "marks that an answer was helpful", Table: "case_mark", Column: "person_id", Does: privacy.Moves, Key: "answer_id", Once: true}},
	)
}
