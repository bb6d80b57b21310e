package cpd

import (
	"context"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
)

// metVerb begins the source of a proposal that is a meeting of two.
const metVerb = "mentoring.met/"

// meetings reads the meetings of a mentor and the one whom they mentor, as either of
// them, newest first: of one source, or those since a day that were neither added nor
// dropped. Only the two know of them, and each is proposed their own side,
// without the name of the other: a log outlives a pair.
func meetings(ctx context.Context, q sqldb.Querier, person, source string, since clock.Day) (out []Proposal, err error) {
	var w sqldb.Where
	w.And("m.held_on >= ?", since)
	w.And("(m.mentor_id = ? OR m.mentee_id = ?)", person, person)
	open(&w, person, source, "'"+metVerb+"' || m.id")
	rows, err := q.QueryContext(ctx, `SELECT m.id, m.mentor_id, m.held_on, m.minutes FROM v_mentoring_met m`+w.SQL()+` ORDER BY m.held_on DESC, m.id DESC LIMIT `+w.Add(mostProposals), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, mentor string
		var p Proposal
		if err := rows.Scan(&id, &mentor, &p.On, &p.Minutes); err != nil {
			return nil, err
		}
		p.Source, p.Href = metVerb+id, "/mentoring"
		p.Kind, p.Title = "mentoring.received", "A talk with my mentor"
		if mentor == person {
			p.Kind, p.Title = "mentoring.given", "Mentored a colleague"
		}
		p.Words = p.Title
		p.Minutes = quarters(p.Minutes)
		out = append(out, p)
	}
	return out, rows.Err()
}

// quarters rounds minutes to quarters of an hour, at least one.
func quarters(minutes int) int { return max(Quarter, (minutes+Quarter/2)/Quarter*Quarter) }
