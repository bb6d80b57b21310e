package exchange

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Ask is what a case wants of somebody.
type Ask string

// What a case can want.
const (
	ToConsent  Ask = "consent"   // written for the reader, who has not said yes
	ToRead     Ask = "read"      // a case of the reader's with answers of the last days that they marked none of
	ToFollowUp Ask = "follow_up" // answered a while ago: what did they do in the end?
	ToHelp     Ask = "help"      // organised by the reader, and nobody has answered yet
)

// The days after which a case wants something, and until when new answers are new.
const (
	newDays      = 14
	followUpDays = 60
	helpDays     = 7
)

// Waiting is a case that waits for the reader.
type Waiting struct {
	Case
	Asks Ask
	New  int // answers that are new, where that is what it is about
}

// Waiting lists the cases that wait for the reader: their own, and those that they
// organise. Questions to everybody wait for nobody in particular.
func (s *Service) Waiting(ctx context.Context, who authz.Actor) (out []Waiting, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeCases, authz.Instance); err != nil {
			return err
		}
		days := func(n int) int64 { return sqldb.Micros(v.Now.AddDate(0, 0, -n)) }
		rows, err := v.QueryContext(ctx, `SELECT `+caseColumns+`, (SELECT COUNT(*) FROM case_answer w WHERE w.case_id = c.id AND w.withdrawn <> TRUE),
			(SELECT COUNT(*) FROM case_answer w WHERE w.case_id = c.id AND w.withdrawn <> TRUE AND w.author_id <> $1 AND w.answered_at >= $2
				AND NOT EXISTS (SELECT 1 FROM case_mark m JOIN case_answer x ON x.id = m.answer_id WHERE x.case_id = c.id AND x.answered_at >= $2 AND m.person_id = $1))`+caseFrom+`
			WHERE c.author_id = $1 AND c.state IN ('asked', 'published') OR c.organiser_id = $1 AND c.state = 'published' AND c.published_at < $3 ORDER BY c.id DESC LIMIT 50`,
			who.Person, days(newDays), days(helpDays))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var x Waiting
			var answers int
			if x.Case, err = scanCase(rows.Scan, &answers, &x.New); err != nil {
				return err
			}
			x.Count = answers
			if x.Asks = x.asks(who.Person, days(followUpDays)); x.Asks != "" {
				out = append(out, x)
			}
		}
		return rows.Err()
	})
	return out, err
}

// asks says what a case wants of a reader; old is the moment before which a case
// that was answered wants its end told.
func (x *Waiting) asks(reader string, old int64) Ask {
	own := x.Author == reader
	switch {
	case own && x.State == Asked:
		return ToConsent
	case own && x.New > 0:
		return ToRead
	case own && x.Count > 0 && x.FollowUp == "" && x.PublishedAt < old:
		return ToFollowUp
	case !own && x.Count == 0:
		return ToHelp
	}
	return ""
}
