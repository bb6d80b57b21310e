package cpd

import (
	"cmp"
	"context"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
)

// enteredVerb begins the source of a proposal that is an entry of one's own evidence.
const enteredVerb = "evidence.entered/"

// learned are the kinds of own evidence that a log asks for: the record holds no
// sessions, events, courses and examinations, and whoever entered one there need not
// write it twice.
var learned = []struct{ kind, title, place string }{
	{"session.given", "Gave a session", "a session given"},
	{"session.attended", "Took part in a session", "a session attended"},
	{"event.run", "Ran a community event", "a community event run"},
	{"event.attended", "Took part in a community event", "a community event attended"},
	{"course.completed", "Completed a course", "a course"},
	{"exam.passed", "Passed an examination", "an examination"},
}

// entered reads the entries of a person's own evidence that are learning, by their end,
// newest first: of one source, or those since a day that were neither added nor dropped.
// Into the log go the words that may leave, or what kind of thing it was.
func entered(ctx context.Context, q sqldb.Querier, person, source string, since clock.Day) (out []Proposal, err error) {
	var w sqldb.Where
	w.And("o.person_id = ?", person)
	w.And("CASE WHEN o.to_on = '' THEN o.from_on ELSE o.to_on END >= ?", since)
	kinds := make([]string, len(learned))
	for i, l := range learned {
		kinds[i] = l.kind
	}
	w.AndIn("o.kind", kinds)
	open(&w, person, source, "'"+enteredVerb+"' || o.id")
	rows, err := q.QueryContext(ctx, `SELECT o.id, o.kind, o.from_on, o.to_on, o.hours, o.leaves FROM v_own_entry o`+w.SQL()+
		` ORDER BY CASE WHEN o.to_on = '' THEN o.from_on ELSE o.to_on END DESC, o.id DESC LIMIT `+w.Add(mostProposals), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, from, to, leaves string
		var hours int
		var p Proposal
		if err := rows.Scan(&id, &p.Kind, &from, &to, &hours, &leaves); err != nil {
			return nil, err
		}
		for _, l := range learned {
			if l.kind == p.Kind {
				p.Title = l.title
			}
		}
		p.Source, p.Href, p.On = enteredVerb+id, "/career/entries/"+id, cmp.Or(to, from)
		p.Words, p.Minutes = cmp.Or(leaves, p.Title), min(hours*60, maxMinutes)
		if leaves != "" {
			p.Title += ": " + leaves
		}
		out = append(out, p)
	}
	return out, rows.Err()
}
