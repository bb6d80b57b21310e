package career

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// facts are what the events of other features say that matters here. They are
// read by their stable names and never by their Go types.
type facts struct {
	Assignment string              `json:"assignment"`
	Project    string              `json:"project"`
	Person     string              `json:"person"`
	Kind       string              `json:"kind"`
	Role       activity.RoleInWork `json:"role"`
	From       string              `json:"from"`
	To         string              `json:"to"`
	Origin     string              `json:"origin"`
	Period     string              `json:"period"`
	Report     string              `json:"report"`
}

// Reader derives items from the record, for those who turned their career on.
func (s *Service) Reader() work.Reader {
	return work.Reader{Name: "career", Apply: func(ctx context.Context, k *work.Keeping, entries []activity.Entry) error {
		on, err := everybodyOn(ctx, k)
		if err != nil {
			return err
		}
		is, err := mergedInto(ctx, k)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if e.Verb == "person.merged" || e.Verb == "person.parted" {
				err = again(ctx, k, e, on, is)
			} else {
				err = apply(ctx, k, e, func(p string) string { return whose(p, on, is) })
			}
			if err != nil {
				return err
			}
		}
		return nil
	}}
}

// whose is the person whose career an entry's participant is: the one whom they
// were merged into, if that one turned it on; otherwise nobody.
func whose(person string, on map[string]bool, is map[string]string) string {
	if into := is[person]; into != "" {
		person = into
	}
	if !on[person] {
		return ""
	}
	return person
}

// mergedInto gives the entries of the directory that were merged into another.
func mergedInto(ctx context.Context, q sqldb.Querier) (map[string]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT person_id, into_id FROM v_merged`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var id, into string
		if err := rows.Scan(&id, &into); err != nil {
			return nil, err
		}
		out[id] = into
	}
	return out, rows.Err()
}

// again derives a career anew when two entries of its person became one, or two
// again: what the record says of the other one counts from then on, or no longer.
func again(ctx context.Context, k *work.Keeping, e activity.Entry, on map[string]bool, is map[string]string) error {
	person := whose(e.SubjectID, on, is)
	if person == "" {
		return nil
	}
	if _, err := k.ExecContext(ctx, `DELETE FROM career_item WHERE person_id = $1`, person); err != nil {
		return err
	}
	return derivePerson(ctx, k, person, is)
}

func everybodyOn(ctx context.Context, q sqldb.Querier) (map[string]bool, error) {
	rows, err := q.QueryContext(ctx, `SELECT person_id FROM career_choice`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out[id] = true
	}
	return out, rows.Err()
}

// apply turns one entry into items; applying it again changes nothing.
func apply(ctx context.Context, k *work.Keeping, e activity.Entry, whose func(participant string) string) error {
	if e.Facts == nil || !strings.HasPrefix(e.Verb, "assignment.") && !strings.HasPrefix(e.Verb, "report.") {
		return nil
	}
	var f facts
	if err := json.Unmarshal(e.Facts, &f); err != nil {
		return fmt.Errorf("career: entry %d: %w", e.Seq, err)
	}
	for _, p := range e.Participants {
		person := whose(p.Person)
		if person == "" {
			continue
		}
		it, ok := derive(e, f, p)
		var err error
		switch {
		case e.Verb == "assignment.removed" || !ok:
			_, err = k.ExecContext(ctx, `DELETE FROM career_item WHERE person_id = $1 AND item_key = $2`, person, it.Key)
		default:
			err = putItem(ctx, k, person, it, e.Seq)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// derive says what an entry is for one of its participants.
func derive(e activity.Entry, f facts, p activity.Participant) (it Item, ok bool) {
	it = Item{Role: p.Role, Origin: Recorded, Project: f.Project, SubjectKind: e.SubjectKind, SubjectID: e.SubjectID}
	if e.SubjectKind == "report" {
		it.Key, it.Kind, it.Detail = "report/"+f.Project+"/"+f.Period, "report.submitted", f.Period
		day := e.At.Format("2006-01-02")
		it.From, it.To = day, day
		return it, true
	}
	it.Key, it.From, it.To = "assignment/"+f.Assignment, f.From, f.To
	if f.Origin == string(Imported) {
		it.Origin = Imported
	}
	it.Kind, it.Role, ok = experience(f.Kind, p.Role)
	return it, ok
}

// experience maps a kind of assignment to a kind of experience. A sponsor
// answers for the money and not for the work: that is no experience of a PMO role.
func experience(assignment string, role activity.RoleInWork) (kind string, as activity.RoleInWork, ok bool) {
	switch assignment {
	case "project_manager", "deputy":
		if role == activity.Supported {
			return "project.supported", role, true
		}
		return "project.managed", role, true
	case "pmo_partner":
		if role == activity.Supported {
			role = activity.Contributed // was the named partner of the project
		}
		return "project.supported", atMost(role, activity.Contributed), true
	case "support":
		return "project.supported", atMost(role, activity.Contributed), true
	case "team":
		if role == activity.Deputised {
			role = activity.Contributed
		}
		return "delivery.worked", role, true
	}
	return "", role, false
}

// atMost caps a role in the work at the highest that its kind can have.
func atMost(role, most activity.RoleInWork) activity.RoleInWork {
	if role == activity.Led || role == activity.Deputised {
		return most
	}
	return role
}

// putItem keeps an item unless a later entry has spoken already.
func putItem(ctx context.Context, k *work.Keeping, person string, it Item, seq int64) error {
	_, err := k.ExecContext(ctx, `INSERT INTO career_item (person_id, item_key, kind, work_role, origin, project_id, from_on, to_on, subject_kind, subject_id, detail, seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (person_id, item_key) DO UPDATE SET kind = excluded.kind, work_role = excluded.work_role, origin = excluded.origin, from_on = excluded.from_on,
		to_on = excluded.to_on, subject_id = excluded.subject_id, seq = excluded.seq WHERE career_item.seq <= excluded.seq`,
		person, it.Key, it.Kind, string(it.Role), string(it.Origin), it.Project, it.From, it.To, it.SubjectKind, it.SubjectID, it.Detail, seq)
	return err
}

// derivePerson reads the whole record for one person who has just turned their
// career on.
func (s *Service) derivePerson(ctx context.Context, person string) error {
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		is, err := mergedInto(ctx, k)
		if err != nil {
			return err
		}
		return derivePerson(ctx, k, person, is)
	})
}

func derivePerson(ctx context.Context, k *work.Keeping, person string, is map[string]string) error {
	numbers := []string{person}
	for id, into := range is {
		if into == person {
			numbers = append(numbers, id)
		}
	}
	slices.Sort(numbers)
	entries, err := activity.OfPerson(ctx, k, numbers...)
	if err != nil {
		return err
	}
	on := map[string]bool{person: true}
	for _, e := range entries {
		if err := apply(ctx, k, e, func(p string) string { return whose(p, on, is) }); err != nil {
			return err
		}
	}
	return nil
}
