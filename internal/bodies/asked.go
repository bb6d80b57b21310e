package bodies

import (
	"context"
	"regexp"
	"strings"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Question is something that a body asked, in the words of its minutes.
type Question struct {
	Words   string
	Meeting string
	On      clock.Day
}

// AskedBefore is what a body asked and decided before: for somebody who is to stand
// before it, or in for one of its members.
type AskedBefore struct {
	Body      Body
	Terms     *Terms // in force; nil if none were approved
	Questions []Question
	Decisions []Decision // the newest first
	Today     clock.Day
}

// How far back it reaches, and how much is shown.
const askedMeetings, askedShown, askedDecisions = 24, 12, 6

// Asked reads what a body asked before, the newest first.
func (s *Service) Asked(ctx context.Context, who authz.Actor, body string) (a AskedBefore, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if a.Body, _, err = bodyTarget(ctx, v, who, body, v.Today, func(t authz.Target) error { return v.May(ctx, SeeMeetings, t) }); err != nil {
			return err
		}
		a.Today = v.Today
		terms, err := termsOf(ctx, v, body)
		if err != nil {
			return err
		}
		if len(terms) > 0 {
			a.Terms = &terms[0]
		}
		if a.Questions, err = questionsOf(ctx, v, body); err != nil {
			return err
		}
		page := DecisionPage{}
		err = page.read(ctx, v, DecisionFilter{Body: body, Limit: askedDecisions})
		a.Decisions = page.Decisions
		return err
	})
	return a, err
}

func questionsOf(ctx context.Context, q sqldb.Querier, body string) (out []Question, err error) {
	rows, err := q.QueryContext(ctx, `SELECT id, held_on, minutes FROM meeting WHERE body_id = $1 AND state IN ('held', 'confirmed') AND minutes <> '' ORDER BY held_on DESC, id DESC LIMIT $2`, body, askedMeetings)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	said := map[string]bool{} // what is asked each time stands once, with the last time
	for rows.Next() {
		var one Question
		var minutes string
		if err := rows.Scan(&one.Meeting, &one.On, &minutes); err != nil {
			return nil, err
		}
		for _, words := range questions(minutes) {
			if one.Words = words; len(out) < askedShown && !said[words] {
				said[words] = true
				out = append(out, one)
			}
		}
	}
	return out, rows.Err()
}

var (
	sentenceEnd = regexp.MustCompile(`[.!?]+["”’)]*\s+|\n+`)
	asking      = regexp.MustCompile(`(?i)\?|\b(asked|wanted to know|wished to know|questioned)\b`)
)

// questions are the sentences of minutes that ask something or say that it was asked.
func questions(minutes string) (out []string) {
	for len(minutes) > 0 {
		end := len(minutes)
		if at := sentenceEnd.FindStringIndex(minutes); at != nil {
			end = at[1]
		}
		if one := strings.TrimSpace(minutes[:end]); asking.MatchString(one) {
			out = append(out, one)
		}
		minutes = minutes[end:]
	}
	return out
}
