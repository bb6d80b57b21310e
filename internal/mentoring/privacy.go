package mentoring

import (
	"context"
	"slices"

	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

const (
	dataOffer = "offers to mentor"
	dataAsked = "questions for a mentor that are not agreed"
	dataPairs = "mentoring pairs and meetings"
	dataNotes = "notes on mentoring meetings"
)

// Holdings implements privacy.Holder. All but the offer concerns the two alone.
func (s *Service) Holdings(ctx context.Context, q sqldb.Querier, p privacy.Subject) ([]privacy.Holding, error) {
	out := []privacy.Holding{
		{Data: dataOffer, Fate: privacy.Erased, Why: "Nobody can ask them any more."},
		{Data: dataAsked, Fate: privacy.Erased, Why: "Nothing came of them.", Private: true},
		{Data: dataPairs, Fate: privacy.Anonymised, Why: "It is the other one's experience too; it no longer says with whom.", Private: true},
		{Data: dataNotes, Fate: privacy.Erased, Why: "They are the person's own.", Private: true},
	}
	for i, query := range []string{
		`SELECT COUNT(*) FROM mentoring_offer WHERE person_id = $1`,
		`SELECT COUNT(*) FROM mentoring_pair WHERE (mentor_id = $1 OR mentee_id = $1) AND state IN ('asked', 'proposed')`,
		`SELECT COUNT(*) FROM mentoring_pair WHERE (mentor_id = $1 OR mentee_id = $1) AND state NOT IN ('asked', 'proposed')`,
		`SELECT COUNT(*) FROM mentoring_note WHERE person_id = $1`,
	} {
		var err error
		if out[i].Count, err = privacy.Count(ctx, q, query, p.ID); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// EraseIn implements privacy.Holder.
func (s *Service) EraseIn(ctx context.Context, tx *work.Tx, p privacy.Subject) error {
	if err := privacy.Run(ctx, tx, []any{p.ID}, `DELETE FROM mentoring_offer WHERE person_id = $1`,
		`DELETE FROM mentoring_pair WHERE (mentor_id = $1 OR mentee_id = $1) AND state IN ('asked', 'proposed')`,
		`UPDATE mentoring_pair SET words = '' WHERE mentee_id = $1`,
		`DELETE FROM mentoring_note WHERE person_id = $1`, `DELETE FROM mentoring_look WHERE person_id = $1`,
		`DELETE FROM mentoring_look WHERE pair_id IN (SELECT id FROM mentoring_pair WHERE mentee_id = $1)`); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE mentoring_pair SET state = 'ended', ended_on = $1, version = version + 1 WHERE (mentor_id = $2 OR mentee_id = $2) AND state = 'agreed'`, tx.Today, p.ID)
	return err
}

// Copy implements privacy.Holder.
func (s *Service) Copy(ctx context.Context, q sqldb.Querier, p privacy.Subject) (map[string]any, error) {
	out := map[string]any{}
	for name, query := range map[string]string{
		"mentoring_offers": `SELECT topics, words, every_weeks, places, until_on FROM mentoring_offer WHERE person_id = $1`,
		"mentoring_pairs": `SELECT a.name AS mentor, b.name AS mentee, CASE WHEN p.mentee_id = $1 THEN p.words ELSE '' END AS words, p.every_weeks, p.state, p.began_on, p.ended_on
			FROM mentoring_pair p LEFT JOIN v_person a ON a.id = p.mentor_id LEFT JOIN v_person b ON b.id = p.mentee_id WHERE p.mentor_id = $1 OR p.mentee_id = $1 ORDER BY p.id`,
		"mentoring_meetings": `SELECT m.held_on, m.minutes, COALESCE(n.words, '') AS own_note FROM mentoring_meeting m JOIN mentoring_pair p ON p.id = m.pair_id
			LEFT JOIN mentoring_note n ON n.meeting_id = m.id AND n.person_id = $1 WHERE p.mentor_id = $1 OR p.mentee_id = $1 ORDER BY m.held_on, m.id`,
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
func (s *Service) Places() []privacy.Place {
	return slices.Concat(
		[]privacy.Place{
			{Data: dataOffer, Table: "mentoring_offer", Column: "person_id", Does: privacy.Own},
			{Data: dataPairs, Table: "mentoring_pair", Column: "mentor_id", Does: privacy.Own},
			{Data: dataPairs, Table: "mentoring_pair", Column: "mentee_id", Does: privacy.Own},
			{Data: dataPairs, Table: "mentoring_look", Column: "person_id", Does: privacy.Own},
			{Data: dataNotes, Table: "mentoring_note", Column: "person_id", Does: privacy.Own},
		},
		privacy.PlacesOf(dataPairs, "mentoring_meeting", "", privacy.Own, "noted_by"),
	)
}
