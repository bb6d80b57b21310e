package opposites

import (
	"context"
	"slices"
	"time"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Holdings implements privacy.Holder. What a person answered about others is not
// among it: nothing leads from a person to it.
func (s *Service) Holdings(ctx context.Context, q sqldb.Querier, p privacy.Subject) ([]privacy.Holding, error) {
	own, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM opposites_round WHERE person_id = $1`, p.ID)
	if err != nil {
		return nil, err
	}
	asked, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM opposites_invited WHERE person_id = $1`, p.ID)
	return []privacy.Holding{
		{Data: "paired opposites", Private: true, Count: own, Fate: privacy.Erased, Why: "They are the person's own, with what colleagues answered about them."},
		{Data: "requests to answer about a colleague", Private: true, Count: asked, Fate: privacy.Erased, Why: "Nobody waits for it any more. What they answered before was only counted and leads to nobody."},
	}, err
}

// EraseIn implements privacy.Holder.
func (s *Service) EraseIn(ctx context.Context, tx *work.Tx, p privacy.Subject) error {
	if err := forgetDealing(ctx, tx, p.ID); err != nil {
		return err
	}
	return privacy.Run(ctx, tx, []any{p.ID},
		`DELETE FROM opposites_invited WHERE person_id = $1`,
		`DELETE FROM opposites_invited WHERE round_id IN (SELECT id FROM opposites_round WHERE person_id = $1)`,
		`DELETE FROM opposites_box WHERE round_id IN (SELECT id FROM opposites_round WHERE person_id = $1)`,
		`DELETE FROM opposites_round WHERE person_id = $1`,
		`DELETE FROM opposites_shown WHERE person_id = $1`)
}

// Copy implements privacy.Holder. Of what colleagues said it holds what the person
// is shown, and not what has come in and is not shown.
func (s *Service) Copy(ctx context.Context, q sqldb.Querier, p privacy.Subject) (map[string]any, error) {
	// The zone is a setting that is not read within a reading: by the latest of all
	// zones a round is over here no sooner than on its page.
	today := clock.DayOf(s.unit.Clock.Now(), time.FixedZone("", -12*60*60))
	rounds, err := roundsOf(ctx, q, p.ID, today)
	if err != nil {
		return nil, err
	}
	list := make([]map[string]any, 0, len(rounds))
	for _, r := range rounds {
		list = append(list, map[string]any{
			"rated_on": r.RatedOn, "marks": r.Marks, "note": r.Note, "asked_on": r.AskedOn, "until": r.Until, "closed_on": r.ClosedOn,
			"state": string(r.State), "colleagues": r.Others,
		})
	}
	asked, err := privacy.Rows(ctx, q, `SELECT p.name AS asked_by, r.until_on FROM opposites_invited i JOIN opposites_round r ON r.id = i.round_id
		JOIN v_person p ON p.id = r.person_id WHERE i.person_id = $1 ORDER BY r.until_on, r.id`, p.ID)
	return map[string]any{"opposites": list, "opposites_asked": asked}, err
}

// forgetDealing takes out of the boxes of rounds that go on that a person has dealt
// with them. What they answered stays counted.
func forgetDealing(ctx context.Context, tx *work.Tx, person string) error {
	list, err := roundsAsking(ctx, tx, person)
	if err != nil {
		return err
	}
	for _, round := range list {
		b, err := takeBox(ctx, tx.QueryContext, round)
		if err != nil {
			return err
		}
		b.dealt = slices.DeleteFunc(b.dealt, func(h string) bool { return h == b.mark(round, person) })
		if err := putBox(ctx, tx, round, b); err != nil {
			return err
		}
	}
	return nil
}

// Places implements privacy.Holder. Only somebody with an account is asked.
func (*Service) Places() []privacy.Place {
	return slices.Concat(
		privacy.PlacesOf("paired opposites", "opposites_round", "", privacy.Own, "person_id"),
		privacy.PlacesOf("paired opposites", "opposites_shown", "", privacy.Own, "person_id"),
		privacy.PlacesOf("requests to answer about a colleague", "opposites_invited", "", privacy.Own, "person_id"),
	)
}
