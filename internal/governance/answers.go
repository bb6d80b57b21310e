package governance

import (
	"context"
	"slices"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// What a control did for who fulfilled it.
const (
	Helped   = 1
	Neutral  = 0
	InTheWay = -1
)

// fewest is how many people have to have answered before anything is shown of
// their answers, and how many any part of it has to hold.
const fewest = 5

// Use is one person's answer about one control that they fulfilled.
type Use struct {
	Helped  int // Helped, Neutral, InTheWay
	Minutes int
	Comment string
	Sign    bool // the comment names its writer
}

// AnswerUse takes the answer of a person about a control of a project, one a
// month; a second of the same month replaces the first. A comment is kept apart
// from the answer, without its writer unless they sign it.
func (s *Service) AnswerUse(ctx context.Context, who authz.Actor, project, control string, u Use) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, AnswerControl, authz.On(project)); err != nil {
			return err
		}
		g, _, c, err := s.asks(ctx, tx, project, control)
		if err != nil {
			return err
		}
		var check errs.Check
		check.That(u.Helped >= InTheWay && u.Helped <= Helped, "helped", "Choose helped, neutral or in the way.")
		check.That(u.Minutes >= 0 && u.Minutes <= 2400, "minutes", "Minutes between 0 and 2,400.")
		u.Comment = words(&check, "comment", u.Comment, "", 1000)
		if err := check.Err(); err != nil {
			return err
		}
		month := tx.Today[:7]
		if _, err := tx.ExecContext(ctx, `INSERT INTO control_answer (project_id, control_id, person_id, month, tier, method_version_id, helped, minutes, answered_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (project_id, control_id, person_id, month) DO UPDATE SET tier = excluded.tier, method_version_id = excluded.method_version_id,
			helped = excluded.helped, minutes = excluded.minutes, answered_at = excluded.answered_at`,
			project, control, who.Person, month, int(g.Tier), g.Version, u.Helped, u.Minutes, sqldb.Micros(tx.Now)); err != nil {
			return err
		}
		tx.Record(UseAnswered{Control: c.ID, Project: project, By: who.Person})
		if u.Comment == "" {
			return nil
		}
		return comment(ctx, tx, c, g.Tier, month, u)
	})
}

func comment(ctx context.Context, tx *work.Tx, c *method.Control, tier method.Tier, month string, u Use) error {
	id, by := tx.NewAnonymousID(), ""
	if u.Sign {
		by = tx.Who.Person
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO control_comment (id, control_id, tier, month, words, signed_by) VALUES ($1, $2, $3, $4, $5, $6)`, id, c.ID, int(tier), month, u.Comment, by)
	return err
}

// Balance is what a control gives and costs, from the answers of some months.
// Everything in it is zero unless enough people answered.
type Balance struct {
	Control                   string
	Tier                      method.Tier // NoTier: all together
	From, To                  string      // months, both included
	Answers, People           int
	Helped, Neutral, InTheWay int
	MinutesMedian             float64
	Enough                    bool
}

// InTheWayPct is the share of the answers that say in the way.
func (b Balance) InTheWayPct() float64 {
	if b.Answers == 0 {
		return 0
	}
	return 100 * float64(b.InTheWay) / float64(b.Answers)
}

// answer is a row of control_answer.
type answer struct {
	control, person, month string
	version                string
	tier                   method.Tier
	helped, minutes        int
}

// answersSince reads the answers about one control, or all, of months from one on.
func answersSince(ctx context.Context, q sqldb.Querier, control, from string) (out []answer, err error) {
	var w sqldb.Where
	if control != "" {
		w.And("control_id = ?", control)
	}
	w.And("month >= ?", from)
	rows, err := q.QueryContext(ctx, `SELECT control_id, person_id, month, method_version_id, tier, helped, minutes FROM control_answer`+w.SQL()+` ORDER BY control_id, month, person_id, project_id`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var a answer
		if err := rows.Scan(&a.control, &a.person, &a.month, &a.version, &a.tier, &a.helped, &a.minutes); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, rows.Err()
}

// balance adds answers up. It stays empty below five people.
func balance(control string, tier method.Tier, list []answer) Balance {
	b := Balance{Control: control, Tier: tier}
	people := map[string]bool{}
	var minutes []int
	for _, a := range list {
		people[a.person] = true
		minutes = append(minutes, a.minutes)
		if b.From == "" || a.month < b.From {
			b.From = a.month
		}
		b.To = max(b.To, a.month)
		switch a.helped {
		case Helped:
			b.Helped++
		case Neutral:
			b.Neutral++
		default:
			b.InTheWay++
		}
	}
	b.Answers, b.People = len(list), len(people)
	if b.People < fewest {
		return Balance{Control: control, Tier: tier}
	}
	b.Enough = true
	slices.Sort(minutes)
	if n := len(minutes); n%2 == 1 {
		b.MinutesMedian = float64(minutes[n/2])
	} else {
		b.MinutesMedian = float64(minutes[n/2-1]+minutes[n/2]) / 2
	}
	return b
}

// yearBefore is the month eleven months before the month of a day, so that both
// and those between are twelve.
func yearBefore(d clock.Day) string { return clock.AddDays(d[:8]+"15", -335)[:7] }
