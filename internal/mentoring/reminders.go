package mentoring

import (
	"context"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// lookDays is how long it is kept on which days a mentor opened a pair.
const lookDays = 365

// Sweep forgets who looked when its year is over.
func (s *Service) Sweep(ctx context.Context, k *work.Keeping) error {
	_, err := k.ExecContext(ctx, `DELETE FROM mentoring_look WHERE looked_on <= $1`, clock.AddDays(k.Today, -lookDays))
	return err
}

// Waits is something that waits for somebody: an answer, or a meeting of theirs.
type Waits struct {
	Person, Other, Pair string
	Next                clock.Day // of a meeting; empty for an answer
}

// AllWaiting reads what waits on a day, for everybody, in one query. It is for
// reminders alone, each of which goes to the person whom it concerns.
func (s *Service) AllWaiting(ctx context.Context, q sqldb.Querier, today clock.Day) (out []Waits, err error) {
	list, err := pairs(ctx, q, `SELECT `+pairColumns+` WHERE p.state IN ('asked', 'proposed', 'agreed') ORDER BY p.id`)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		for _, person := range []string{p.Mentor, p.Mentee} {
			switch {
			case p.Waits(person):
				out = append(out, Waits{Person: person, Other: p.Other(person), Pair: p.ID})
			case p.Due(today):
				out = append(out, Waits{Person: person, Other: p.Other(person), Pair: p.ID, Next: p.Next()})
			}
		}
	}
	return out, nil
}
