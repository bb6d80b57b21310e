package cpd

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Proposal is something in the record in which the person took part and which could
// stand in their log. The record rarely knows how long it took.
type Proposal struct {
	Source string // what it is told apart by
	Kind   string // an experience kind of the framework
	Title  string
	Words  string // for the log, which leaves: without the name of a project or body
	On     clock.Day
	Href   string // the record itself
	// Minutes are known of meetings of two and of own evidence, and of nothing else.
	Minutes int
}

// seen are the entries of the record that a log can be fed from: what happened, as
// what, which kind of experience that is, and what it is called. Meetings of two
// and what people entered as their own evidence are read beside them.
var seen = []struct{ verb, role, kind, title, page string }{
	{"deputising.confirmed", "deputised", "body.deputised", "Deputised at a meeting", "/meetings/"},
	{"case.concluded", "led", "case.concluded", "Concluded a case and said how it went", "/cases/"},
	{"answer.helpful", "contributed", "advice.helped", "Gave an answer that helped somebody", "/cases/"},
	{"gate.facilitated", "led", "gate.facilitated", "Facilitated a gate review", "/gates/reviews/"},
	{"gate.reviewed", "contributed", "gate.reviewed", "Reviewed at a gate", "/gates/reviews/"},
	{"opportunity.done", "observed", "", "Shadowed somebody, as an opportunity offered", "/opportunities/"},
	{"assignment.made", "led", "project.managed", "Took a project on as its manager", "/projects/"},
}

// Proposes are the kinds of experience that the record proposes to a log, in words.
func Proposes() []Place {
	out := []Place{
		{"mentoring.received", "being mentored"},
		{"mentoring.given", "mentoring somebody"},
		{"advice.helped", "an answer that helped"},
		{"case.concluded", "a case that was concluded"},
		{"body.deputised", "deputising at a meeting"},
		{"gate.facilitated", "facilitating a gate review"},
		{"gate.reviewed", "reviewing at a gate"},
		{"project.managed", "taking a project on as its manager"},
	}
	for _, l := range learned {
		out = append(out, Place{l.kind, l.place})
	}
	return out
}

const mostProposals = 30

// open keeps what is still to be answered by a person whose career is on: of one source,
// which may have been dropped before, or of all that is neither in the log nor dropped.
// Named is the SQL that names a row's source.
func open(w *sqldb.Where, person, source, named string) {
	w.And("NOT EXISTS (SELECT 1 FROM cpd_entry e WHERE e.person_id = ? AND e.source = "+named+")", person)
	w.And("EXISTS (SELECT 1 FROM v_career_on c WHERE c.person_id = ?)", person)
	if source != "" {
		w.And(named+" = ?", source)
		return
	}
	w.And("NOT EXISTS (SELECT 1 FROM cpd_dropped d WHERE d.person_id = ? AND d.source = "+named+")", person)
}

// took is the query for all that the record knows of a person in this way, by kind
// and thing, newest first: of one source, or what came since a moment and was
// neither added nor dropped.
func took(person, source string, since int64) (string, []any) {
	var w sqldb.Where
	w.And("t.person_id = ? AND t.at >= ?", person, since)
	kinds := ""
	for i, s := range seen {
		if i > 0 {
			kinds += " OR "
		}
		kinds += "(t.verb = '" + s.verb + "' AND t.role = '" + s.role + "')" // constants of the code
	}
	w.And("(" + kinds + ")")
	open(&w, person, source, "t.verb || '/' || t.subject_id")
	return `SELECT t.verb, t.subject_id, MAX(t.project_id), MAX(t.at), COALESCE(MAX(a.case_id), ''), COALESCE(MAX(m.held_on), ''), COALESCE(MAX(m.subject), ''),
		COALESCE(MAX(b.name), ''), COALESCE(MAX(n.name), '') FROM v_took_part t
		LEFT JOIN v_case_answer a ON a.id = t.subject_id LEFT JOIN v_meeting m ON m.id = t.subject_id LEFT JOIN v_body b ON b.id = m.body_id
		LEFT JOIN v_project_name n ON n.id = t.project_id` + w.SQL() + ` GROUP BY t.verb, t.subject_id ORDER BY MAX(t.at) DESC, t.verb, t.subject_id LIMIT ` + w.Add(mostProposals), w.Values()
}

// part is a row of took.
type part struct {
	verb, subject, node, inCase, held, about, body, project string
	at                                                      int64
}

func scanPart(scan func(...any) error) (p part, err error) {
	err = scan(&p.verb, &p.subject, &p.node, &p.at, &p.inCase, &p.held, &p.about, &p.body, &p.project)
	return p, err
}

// proposals reads what the record proposes to a person who turned their career on.
func proposals(ctx context.Context, v *work.View, person string, since int64, in *time.Location) (out []Proposal, off bool, err error) {
	var on int
	if err := v.QueryRowContext(ctx, `SELECT COUNT(*) FROM v_career_on WHERE person_id = $1`, person).Scan(&on); err != nil || on == 0 {
		return nil, on == 0, err
	}
	query, args := took(person, "", since)
	if out, err = read(ctx, v, in, query, args); err != nil {
		return nil, false, err
	}
	for _, more := range beside {
		list, err := more(ctx, v, person, "", clock.DayOf(sqldb.Time(since), in))
		if err != nil {
			return nil, false, err
		}
		out = append(out, list...)
	}
	slices.SortStableFunc(out, func(a, b Proposal) int { return cmp.Compare(b.On, a.On) })
	return out[:min(len(out), mostProposals)], false, nil
}

// beside are the proposals that are no entries of the record.
var beside = []func(ctx context.Context, q sqldb.Querier, person, source string, since clock.Day) ([]Proposal, error){meetings, entered}

// besides finds one of them by its source.
func besides(ctx context.Context, q sqldb.Querier, person, source string) (list []Proposal, err error) {
	for _, more := range beside {
		if list, err = more(ctx, q, person, source, ""); err != nil || len(list) > 0 {
			return list, err
		}
	}
	return nil, nil
}

// read reads proposals, each on its day in a time zone: a period ends by that of the
// organisation. Names of what lies on a project that the person no longer sees are left
// out.
func read(ctx context.Context, v *work.View, in *time.Location, query string, args []any) (out []Proposal, err error) {
	rows, err := v.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var parts []part
	var nodes []string
	for rows.Next() {
		p, err := scanPart(rows.Scan)
		if err != nil {
			return nil, err
		}
		parts, nodes = append(parts, p), append(nodes, p.node)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	sees, _, err := v.Each(ctx, Own, nodes)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		out = append(out, p.proposal(clock.DayOf(sqldb.Time(p.at), in), p.node == "" || sees[p.node]))
	}
	return out, nil
}

func (p part) proposal(on clock.Day, named bool) Proposal {
	out := Proposal{Source: p.verb + "/" + p.subject, On: on}
	for _, s := range seen {
		if s.verb != p.verb {
			continue
		}
		out.Kind, out.Title, out.Words = s.kind, s.title, s.title
		to := p.subject
		switch p.verb {
		case "answer.helpful":
			to = p.inCase
		case "assignment.made":
			to = p.node
			if p.project != "" && named {
				out.Title = "Took on " + p.project + " as its manager"
			}
		case "gate.facilitated", "gate.reviewed":
			if p.project != "" && named {
				out.Title += " of " + p.project
			}
		case "deputising.confirmed":
			if p.held != "" {
				out.On = p.held
			}
			if name := cmp.Or(p.body, p.about); name != "" && named {
				out.Title = "Deputised at a meeting: " + name
			}
		}
		if to != "" && named {
			out.Href = s.page + to
		}
	}
	return out
}

// Proposal is one of the proposals, for the form that it fills in.
func (s *Service) Proposal(ctx context.Context, who authz.Actor, source string) (p Proposal, err error) {
	in := s.unit.Zone()
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, Own, authz.Of(who.Person)); err != nil {
			return err
		}
		if source == "" {
			return errs.Missing("proposal")
		}
		list, err := besides(ctx, v, who.Person, source)
		if err == nil && len(list) == 0 {
			query, args := took(who.Person, source, 0)
			list, err = read(ctx, v, in, query, args)
		}
		if err != nil {
			return err
		}
		if len(list) != 1 {
			return errs.Missing("proposal")
		}
		p = list[0]
		return nil
	})
	return p, err
}

// proposed makes sure that the record proposes a source to a person.
func proposed(ctx context.Context, tx *work.Tx, person, source string) error {
	if one, err := besides(ctx, tx, person, source); err != nil || len(one) > 0 {
		return err
	}
	query, args := took(person, source, 0)
	_, err := scanPart(tx.QueryRowContext(ctx, query, args...).Scan)
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
