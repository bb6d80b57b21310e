package bodies

import (
	"context"
	"slices"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Holdings implements privacy.Holder.
func (s *Service) Holdings(ctx context.Context, q sqldb.Querier, p privacy.Subject) ([]privacy.Holding, error) {
	like := privacy.Containing(p.Name)
	var n [5]int
	for i, c := range []struct {
		query string
		args  []any
	}{
		{`SELECT (SELECT COUNT(*) FROM seat WHERE person_id = $1) + (SELECT COUNT(*) FROM seat_deputy WHERE person_id = $2) + (SELECT COUNT(*) FROM body_terms WHERE person_id = $3)`, []any{p.ID, p.ID, p.ID}},
		{`SELECT (SELECT COUNT(*) FROM attendance WHERE person_id = $1 OR for_person_id = $2 OR confirmed_by = $3) + (SELECT COUNT(*) FROM meeting WHERE called_by = $4)
			+ (SELECT COUNT(*) FROM meeting_minutes WHERE confirmed_by = $5)`, []any{p.ID, p.ID, p.ID, p.ID, p.ID}},
		{`SELECT COUNT(*) FROM seat_offer WHERE person_id = $1 OR deputy_id = $2`, []any{p.ID, p.ID}},
		{`SELECT COUNT(*) FROM decision WHERE person_id = $1 OR owner_id = $2 OR recorded_by = $3`, []any{p.ID, p.ID, p.ID}},
		{`SELECT (SELECT COUNT(*) FROM meeting WHERE lower(subject) LIKE $1 ESCAPE '!' OR lower(minutes) LIKE $2 ESCAPE '!')
			+ (SELECT COUNT(*) FROM meeting_minutes WHERE lower(words) LIKE $3 ESCAPE '!') + (SELECT COUNT(*) FROM body_terms WHERE lower(words) LIKE $4 ESCAPE '!')
			+ (SELECT COUNT(*) FROM decision WHERE lower(title) LIKE $5 ESCAPE '!' OR lower(words) LIKE $6 ESCAPE '!' OR lower(dissent) LIKE $7 ESCAPE '!')`, []any{like, like, like, like, like, like, like}},
	} {
		var err error
		if n[i], err = privacy.Count(ctx, q, c.query, c.args...); err != nil {
			return nil, err
		}
	}
	return []privacy.Holding{
		{Data: "seats in governing bodies, and deputies", Private: true, Count: n[0], Fate: privacy.Anonymised, Why: "That a body had a chair stays; it no longer says who."},
		{Data: "meetings that they called, attended or deputised at", Private: true, Count: n[1], Fate: privacy.Anonymised, Why: "That a meeting was quorate stays; it no longer says by whom."},
		{Data: "seats offered to a deputy", Private: true, Count: n[2], Fate: privacy.Erased, Why: "What came of it stands in the meeting."},
		{Data: "decisions, who took, recorded and carried them out", Private: true, Count: n[3], Fate: privacy.Anonymised, Why: "What was decided is the record of the work and is never changed."},
		{Data: "words of others that name a person: meetings and decisions", Count: n[4], Fate: privacy.Kept, Why: "What was confirmed or decided is never edited."},
	}, nil
}

// EraseIn implements privacy.Holder: offers go; with the directory entry gone,
// the ids that the rest holds lead to nobody.
func (s *Service) EraseIn(ctx context.Context, tx *work.Tx, p privacy.Subject) error {
	return privacy.Run(ctx, tx, []any{p.ID, p.ID}, `DELETE FROM seat_offer WHERE person_id = $1 OR deputy_id = $2`)
}

// Copy implements privacy.Holder.
func (s *Service) Copy(ctx context.Context, q sqldb.Querier, p privacy.Subject) (map[string]any, error) {
	out := map[string]any{}
	for _, c := range []struct {
		name, query string
		args        []any
	}{
		{"seats", `SELECT b.name AS body, s.seat, s.side, s.from_on, s.to_on FROM seat s JOIN body b ON b.id = s.body_id WHERE s.person_id = $1 ORDER BY s.from_on, s.id`, []any{p.ID}},
		{"deputy_for", `SELECT b.name AS body, d.authority, d.from_on, d.to_on FROM seat_deputy d JOIN seat s ON s.id = d.seat_id JOIN body b ON b.id = s.body_id
			WHERE d.person_id = $1 ORDER BY d.from_on, d.id`, []any{p.ID}},
		{"meetings", `SELECT m.subject, m.held_on, m.state, a.seat, a.capacity, a.authority, a.there, a.work_role, a.confirmed_at FROM attendance a JOIN meeting m ON m.id = a.meeting_id
			WHERE a.person_id = $1 ORDER BY m.held_on, m.id`, []any{p.ID}},
		{"seat_offers", `SELECT m.subject, m.held_on, o.authority, o.state, CASE WHEN o.person_id = $1 THEN 'offered' ELSE 'asked' END AS part FROM seat_offer o JOIN meeting m ON m.id = o.meeting_id
			WHERE o.person_id = $2 OR o.deputy_id = $3 ORDER BY o.id`, []any{p.ID, p.ID, p.ID}},
		{"decisions", `SELECT d.title, d.words, d.state, d.decided_on, d.dissent, d.due_on, d.carried_on FROM decision d WHERE d.person_id = $1 OR d.owner_id = $2 OR d.recorded_by = $3
			ORDER BY d.dated_on, d.id`, []any{p.ID, p.ID, p.ID}},
	} {
		rows, err := privacy.Rows(ctx, q, c.query, c.args...)
		if err != nil {
			return nil, err
		}
		out[c.name] = rows
	}
	return out, nil
}

// Places implements privacy.Holder.
func (*Service) Places() []privacy.Place {
	return slices.Concat(
		privacy.PlacesOf("seats in governing bodies, and deputies", "seat", "id", privacy.Moves, "person_id"),
		privacy.PlacesOf("seats in governing bodies, and deputies", "seat_deputy", "id", privacy.Moves, "person_id"),
		privacy.PlacesOf("seats in governing bodies, and deputies", "body_terms", "", privacy.Stays, "person_id"),
		privacy.PlacesOf("meetings that they called, attended or deputised at", "meeting", "id", privacy.Moves, "called_by"),
		[]privacy.Place{{Data: "meetings that they called, attended or deputised at", Table: "attendance", Column: "person_id", Does: privacy.Moves, Key: "meeting_id", Once: true}},
		privacy.PlacesOf("meetings that they called, attended or deputised at", "attendance", "meeting_id, person_id", privacy.Moves, "for_person_id", "confirmed_by"),
		privacy.PlacesOf("meetings that they called, attended or deputised at", "meeting_minutes", "", privacy.Stays, "confirmed_by", "present"),
		privacy.PlacesOf("seats offered to a deputy", "seat_offer", "id", privacy.Moves, "person_id", "deputy_id"),
		privacy.PlacesOf("decisions, who took, recorded and carried them out", "decision", "id", privacy.Moves, "owner_id", "recorded_by"),
		[]privacy.Place{{Data: "decisions, who took, recorded and carried them out", Table: "decision", Column: "person_id", Does: privacy.Moves, Key: "id", When: "state = 'asked'"}},
	)
}

// Apart says why two people must not become one now: where both count towards a
// quorum, one person would count twice.
func (s *Service) Apart(ctx context.Context, q sqldb.Querier, a, b string, today clock.Day) (string, error) {
	n, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM seat s JOIN seat o ON o.body_id = s.body_id WHERE s.person_id = $1 AND o.person_id = $2
		AND (s.to_on = '' OR s.to_on >= $3) AND (o.to_on = '' OR o.to_on >= $4)`, a, b, today, today)
	if err != nil || n > 0 {
		return "Both have a seat in the same governing body. End one of the two seats first.", err
	}
	n, err = privacy.Count(ctx, q, `SELECT COUNT(*) FROM meeting m JOIN attendance s ON s.meeting_id = m.id JOIN attendance o ON o.meeting_id = m.id
		WHERE s.person_id = $1 AND o.person_id = $2 AND m.state IN ('planned', 'held')`, a, b)
	if err != nil || n > 0 {
		return "Both are named in a meeting whose minutes are not confirmed. Take one of the two from it, or confirm it first.", err
	}
	return "", nil
}
