package cpd

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Proposal is something in the record in which the person took part and which could
// stand in their log. The record does not know how long it took.
type Proposal struct {
	Source string // what it is told apart by
	Kind   string // an experience kind of the framework
	Title  string
	On     clock.Day
	Href   string // the record itself
}

// seen are the entries of the record that a log can be fed from: what happened, as
// what, which kind of experience that is, and what it is called. Courses, sessions
// and events come when the record holds them.
var seen = []struct{ verb, role, kind, title, page string }{
	{"deputising.confirmed", "deputised", "body.deputised", "Deputised at a meeting", "/meetings/"},
	{"case.concluded", "led", "case.concluded", "Concluded a case and said how it went", "/cases/"},
	{"answer.helpful", "contributed", "advice.helped", "Gave an answer that helped somebody", "/cases/"},
	{"assignment.made", "led", "project.managed", "Took a project on as its manager", "/projects/"},
}

const mostProposals = 30

// took is the query for all that the record knows of a person in this way, by kind
// and thing, newest first.
func took(person, source string) (string, []any) {
	var w sqldb.Where
	w.And("t.person_id = ?", person)
	kinds := ""
	for i, s := range seen {
		if i > 0 {
			kinds += " OR "
		}
		kinds += "(t.verb = '" + s.verb + "' AND t.role = '" + s.role + "')" // constants of the code
	}
	w.And("(" + kinds + ")")
	w.And("NOT EXISTS (SELECT 1 FROM cpd_entry e WHERE e.person_id = ? AND e.source = t.verb || '/' || t.subject_id)", person)
	w.And("EXISTS (SELECT 1 FROM v_career_on c WHERE c.person_id = ?)", person)
	if source != "" {
		w.And("t.verb || '/' || t.subject_id = ?", source)
	} else {
		w.And("NOT EXISTS (SELECT 1 FROM cpd_dropped d WHERE d.person_id = ? AND d.source = t.verb || '/' || t.subject_id)", person)
	}
	return `SELECT t.verb, t.subject_id, MAX(t.project_id), MAX(t.at), COALESCE(MAX(a.case_id), '') FROM v_took_part t
		LEFT JOIN v_case_answer a ON a.id = t.subject_id` + w.SQL() + ` GROUP BY t.verb, t.subject_id ORDER BY MAX(t.at) DESC, t.verb, t.subject_id LIMIT ` + w.Add(mostProposals), w.Values()
}

// proposals reads what the record proposes to a person who turned their career on.
func proposals(ctx context.Context, v *work.View, person string) (out []Proposal, off bool, err error) {
	var on int
	if err := v.QueryRowContext(ctx, `SELECT COUNT(*) FROM v_career_on WHERE person_id = $1`, person).Scan(&on); err != nil || on == 0 {
		return nil, on == 0, err
	}
	query, args := took(person, "")
	rows, err := v.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	for rows.Next() {
		var verb, subject, project, inCase string
		var at int64
		if err := rows.Scan(&verb, &subject, &project, &at, &inCase); err != nil {
			return nil, false, err
		}
		out = append(out, proposal(verb, subject, project, inCase, at))
	}
	return out, false, rows.Err()
}

func proposal(verb, subject, project, inCase string, at int64) Proposal {
	p := Proposal{Source: verb + "/" + subject, On: sqldb.Time(at).Format("2006-01-02")}
	for _, s := range seen {
		if s.verb != verb {
			continue
		}
		p.Kind, p.Title = s.kind, s.title
		switch verb {
		case "answer.helpful":
			subject = inCase
		case "assignment.made":
			subject = project
		}
		if subject != "" {
			p.Href = s.page + subject
		}
	}
	return p
}

// Proposal is one of the proposals, for the form that it fills in.
func (s *Service) Proposal(ctx context.Context, who authz.Actor, source string) (p Proposal, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, Own, authz.Of(who.Person)); err != nil {
			return err
		}
		query, args := took(who.Person, source)
		var verb, subject, project, inCase string
		var at int64
		if err := v.QueryRowContext(ctx, query, args...).Scan(&verb, &subject, &project, &at, &inCase); err != nil {
			return err
		}
		p = proposal(verb, subject, project, inCase, at)
		return nil
	})
	if errs.Is(err, errs.NotFound) || source == "" && err == nil {
		err = errs.Missing("proposal")
	}
	return p, err
}

// proposed makes sure that the record proposes a source to a person.
func proposed(ctx context.Context, tx *work.Tx, person, source string) error {
	query, args := took(person, source)
	var verb, subject, project, inCase string
	var at int64
	err := tx.QueryRowContext(ctx, query, args...).Scan(&verb, &subject, &project, &at, &inCase)
	if err = sqldb.Translate(err); errs.Is(err, errs.NotFound) {
		return errs.OnField("source", "The record proposes nothing like this, or it is in your log already.")
	}
	return err
}

// Drop takes a proposal away. Nobody else learns of it.
func (s *Service) Drop(ctx context.Context, who authz.Actor, source string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, Own, authz.Of(who.Person)); err != nil {
			return err
		}
		if err := proposed(ctx, tx, who.Person, source); err != nil {
			return err
		}
		tx.Record(Logged{who.Person, "cpd.proposal_dropped"})
		_, err := tx.ExecContext(ctx, `INSERT INTO cpd_dropped (person_id, source) VALUES ($1, $2) ON CONFLICT DO NOTHING`, who.Person, source)
		return err
	})
}
