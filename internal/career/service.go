package career

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Service is what a person can do with their own career.
type Service struct{ unit *work.Unit }

// NewService makes the service.
func NewService(u *work.Unit) *Service { return &Service{unit: u} }

// Today is the organisation's calendar date.
func (s *Service) Today() clock.Day { return s.unit.Today() }

// On reports whether the person has turned their career on.
func (s *Service) On(ctx context.Context, who authz.Actor) (on bool, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		on, err = isOn(ctx, v, who.Person)
		return err
	})
	return on, err
}

func isOn(ctx context.Context, q sqldb.Querier, person string) (bool, error) {
	var one int
	err := q.QueryRowContext(ctx, `SELECT 1 FROM career_choice WHERE person_id = $1`, person).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// TurnOn lets Cairn derive the person's experience from the record, from its
// beginning. Doing so twice changes nothing.
func (s *Service) TurnOn(ctx context.Context, who authz.Actor) error {
	err := s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		if on, err := isOn(ctx, tx, who.Person); err != nil || on {
			return err
		}
		tx.Record(Chosen{Person: who.Person, On: true})
		_, err := tx.ExecContext(ctx, `INSERT INTO career_choice (person_id, since) VALUES ($1, $2)`, who.Person, sqldb.Micros(tx.Now))
		return err
	})
	if err != nil {
		return err
	}
	return s.derivePerson(ctx, who.Person)
}

// TurnOff deletes everything that was derived. What the person typed about past
// years stays theirs until they remove it.
func (s *Service) TurnOff(ctx context.Context, who authz.Actor) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		for _, query := range []string{`DELETE FROM career_choice WHERE person_id = $1`, `DELETE FROM career_item WHERE person_id = $1`} {
			if _, err := tx.ExecContext(ctx, query, who.Person); err != nil {
				return err
			}
		}
		tx.Record(Chosen{Person: who.Person, On: false})
		return nil
	})
}

// StatePast adds lines about years before Cairn. One bad line keeps all out;
// its fields are named with the line's number.
func (s *Service) StatePast(ctx context.Context, who authz.Actor, lines []Past) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		var c errs.Check
		c.That(len(lines) > 0, "lines", "Enter at least one line.")
		for i, l := range lines {
			for _, f := range errs.FieldsOf(l.check(tx.Today)) {
				if len(lines) == 1 {
					c.Add(f.Name, "%s", f.Message)
					continue
				}
				c.Add("lines", "Line %d, %s: %s", i+1, f.Name, f.Message)
			}
		}
		var have int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM career_past WHERE person_id = $1`, who.Person).Scan(&have); err != nil {
			return err
		}
		c.That(have+len(lines) <= maxPastLines, "lines", "There is room for %d lines.", maxPastLines)
		if err := c.Err(); err != nil {
			return err
		}
		for _, l := range lines {
			if _, err := tx.ExecContext(ctx, `INSERT INTO career_past (id, person_id, organisation, post, from_on, to_on, projects, scale, work_role) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
				tx.NewID(), who.Person, l.Organisation, l.Post, l.From, l.To, l.Projects, l.Scale, string(l.Role)); err != nil {
				return err
			}
		}
		tx.Record(PastStated{Person: who.Person, Lines: len(lines)})
		return nil
	})
}

// RemovePast takes a line back.
func (s *Service) RemovePast(ctx context.Context, who authz.Actor, id string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `DELETE FROM career_past WHERE id = $1 AND person_id = $2`, id, who.Person)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errs.Missing("line")
		}
		tx.Record(PastStated{Person: who.Person, Lines: 1, Removed: true})
		return nil
	})
}

// listPast reads the lines about past years, newest first.
func listPast(ctx context.Context, q sqldb.Querier, person string) (out []Past, err error) {
	rows, err := q.QueryContext(ctx, `SELECT id, organisation, post, from_on, to_on, projects, scale, work_role FROM career_past WHERE person_id = $1 ORDER BY from_on DESC, id`, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p Past
		if err := rows.Scan(&p.ID, &p.Organisation, &p.Post, &p.From, &p.To, &p.Projects, &p.Scale, &p.Role); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// sumItems reads what a standing counts: what was derived, without what is only
// shown when a counter is opened. Pieces that differ in their days alone come in one
// row, because somebody has many of them. In the order of their beginning, in three queries.
func sumItems(ctx context.Context, q sqldb.Querier, person string) (out []Item, err error) {
	rows, err := q.QueryContext(ctx, `SELECT i.kind, i.work_role, i.origin, i.project_id,
		string_agg(i.from_on || ',' || i.to_on || ',' || CASE WHEN i.kind = 'report.submitted' THEN '' ELSE i.item_key END, ';')
		FROM career_item i WHERE i.person_id = $1 GROUP BY i.kind, i.work_role, i.origin, i.project_id`, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var it Item
		var days string
		if err := rows.Scan(&it.Kind, &it.Role, &it.Origin, &it.Project, &days); err != nil {
			return nil, err
		}
		for one := range strings.SplitSeq(days, ";") {
			it.From, one, _ = strings.Cut(one, ",")
			it.To, it.Key, _ = strings.Cut(one, ",")
			if it.Key == "" {
				it.Key = "report/" + it.Project + "/" + it.From
			}
			out = append(out, it)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	_ = rows.Close() // the snapshot's one connection is needed for the next query
	out = inOrder(out)
	if err := markClosed(ctx, q, person, out); err != nil {
		return nil, err
	}
	return out, addManagers(ctx, q, person, out)
}

// inOrder sorts items by their beginning. Their places are sorted and not they
// themselves, which are large.
func inOrder(list []Item) []Item {
	places := make([]int, len(list))
	for i := range places {
		places[i] = i
	}
	slices.SortFunc(places, func(i, j int) int {
		a, b := &list[i], &list[j]
		if a.From != b.From {
			return strings.Compare(a.From, b.From)
		}
		return strings.Compare(a.Key, b.Key)
	})
	out := make([]Item, len(list))
	for to, from := range places {
		out[to] = list[from]
	}
	return out
}

// markClosed marks the pieces whose project has come to its end.
func markClosed(ctx context.Context, q sqldb.Querier, person string, items []Item) error {
	rows, err := q.QueryContext(ctx, `SELECT v.id FROM v_project_name v WHERE v.id IN (SELECT i.project_id FROM career_item i WHERE i.person_id = $1) AND lower(v.status) = 'closed'`, person)
	if err != nil {
		return err
	}
	defer rows.Close()
	closed := map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		closed[id] = true
	}
	for i := range items {
		items[i].Closed = closed[items[i].Project]
	}
	return rows.Err()
}

// listItems reads what was derived, in the order of its beginning, with the
// projects' names and the project managers one worked with, in three queries.
func listItems(ctx context.Context, q sqldb.Querier, person string) (out []Item, err error) {
	rows, err := q.QueryContext(ctx, `SELECT i.item_key, i.kind, i.work_role, i.origin, i.project_id, i.from_on, i.to_on, i.subject_kind, i.subject_id, i.detail
		FROM career_item i WHERE i.person_id = $1 ORDER BY i.from_on, i.item_key`, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var it Item
		if err := rows.Scan(&it.Key, &it.Kind, &it.Role, &it.Origin, &it.Project, &it.From, &it.To, &it.SubjectKind, &it.SubjectID, &it.Detail); err != nil {
			return nil, err
		}
		out = append(out, it)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	_ = rows.Close() // the snapshot's one connection is needed for the next query
	if err := addProjects(ctx, q, person, out); err != nil {
		return nil, err
	}
	return out, addManagers(ctx, q, person, out)
}

// addProjects fills in the names of the projects, each read once: somebody has
// many pieces of work on one project.
func addProjects(ctx context.Context, q sqldb.Querier, person string, items []Item) error {
	rows, err := q.QueryContext(ctx, `SELECT v.id, v.name, v.status FROM v_project_name v WHERE v.id IN (SELECT i.project_id FROM career_item i WHERE i.person_id = $1)`, person)
	if err != nil {
		return err
	}
	defer rows.Close()
	type project struct {
		name   string
		closed bool
	}
	projects := map[string]project{}
	for rows.Next() {
		var id, name, status string
		if err := rows.Scan(&id, &name, &status); err != nil {
			return err
		}
		projects[id] = project{name, strings.EqualFold(status, "closed")}
	}
	for i := range items {
		p := projects[items[i].Project]
		items[i].ProjectName, items[i].Closed = p.name, p.closed
	}
	return rows.Err()
}

// addManagers fills in whom the person worked with: the project managers of the
// same projects at the same time.
func addManagers(ctx context.Context, q sqldb.Querier, person string, items []Item) error {
	rows, err := q.QueryContext(ctx, `SELECT a.project_id, a.person_id, a.from_on, a.to_on FROM v_assignment a
		WHERE a.kind = 'project_manager' AND a.person_id <> $1 AND a.project_id IN (SELECT i.project_id FROM career_item i WHERE i.person_id = $2 AND i.kind = 'project.supported')`, person, person)
	if err != nil {
		return err
	}
	defer rows.Close()
	type held struct{ person, from, to string }
	byProject := map[string][]held{}
	for rows.Next() {
		var project string
		var h held
		if err := rows.Scan(&project, &h.person, &h.from, &h.to); err != nil {
			return err
		}
		byProject[project] = append(byProject[project], h)
	}
	for i := range items {
		it := &items[i]
		if it.Kind != "project.supported" {
			continue
		}
		for _, h := range byProject[it.Project] {
			if (it.To == "" || h.from <= it.To) && (h.to == "" || h.to >= it.From) {
				it.People = append(it.People, h.person)
			}
		}
	}
	return rows.Err()
}

// pastItems turns a line about past years into experience: so many projects,
// each over the whole time, on the person's own word.
func pastItems(p Past) (out []Item) {
	kind, role := "project.supported", atMost(p.Role, activity.Contributed)
	if p.Role == activity.Led || p.Role == activity.Deputised {
		kind, role = "project.managed", p.Role
	}
	for i := range p.Projects {
		key := "past/" + p.ID + "/" + strconv.FormatInt(i, 10)
		out = append(out, Item{
			Key: key, Kind: kind, Role: role, Origin: OwnWord, Project: key,
			From: p.From, To: p.To, Closed: p.To != "", SubjectKind: "past", SubjectID: p.ID, Scale: p.Scale, Label: p.Post + ", " + p.Organisation,
		})
	}
	return out
}
