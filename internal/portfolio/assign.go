package portfolio

import (
	"context"
	"database/sql"
	"errors"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Assign puts a person on a project. Without a role in the work it is the usual
// one of the kind; without a first day it is today.
func (s *Service) Assign(ctx context.Context, who authz.Actor, a Assignment) (Assignment, error) {
	err := s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		return s.assignAuthorisedIn(ctx, tx, &a)
	})
	return a, err
}

func (s *Service) assignAuthorisedIn(ctx context.Context, tx *work.Tx, a *Assignment) error {
	if err := tx.May(ctx, AssignPeople, authz.On(a.Project)); err != nil {
		return err
	}
	return s.AssignIn(ctx, tx, a)
}

// AssignIn puts a person on a project within another feature's unit of work,
// which has authorised what it follows from.
func (s *Service) AssignIn(ctx context.Context, tx *work.Tx, a *Assignment) error {
	if err := inForce(ctx, tx, a.Project); err != nil {
		return err
	}
	a.Origin = Recorded
	if a.From == "" {
		a.From = tx.Today
	}
	return assignIn(ctx, tx, a)
}

func assignIn(ctx context.Context, tx *work.Tx, a *Assignment) error {
	if a.Role == "" {
		a.Role, _, _ = kindInfo(a.Kind)
	}
	if err := checkAssignment(ctx, tx, *a); err != nil {
		return err
	}
	a.ID, a.Version = tx.NewID(), 1
	if err := insertAssignment(ctx, tx, *a); err != nil {
		return err
	}
	tx.Record(assigned(*a, VerbAssigned))
	return grant(ctx, tx, *a)
}

// grant gives what the assignment allows. What a file of the past says gives
// nothing after its last day.
func grant(ctx context.Context, tx *work.Tx, a Assignment) error {
	_, role, _ := kindInfo(a.Kind)
	return authz.PutGrant(ctx, tx, authz.Grant{Source: a.ID, Node: a.Project, Person: a.Person, Role: role, From: a.From, To: a.To})
}

func checkAssignment(ctx context.Context, q sqldb.Querier, a Assignment) error {
	var c errs.Check
	_, _, known := kindInfo(a.Kind)
	c.That(known, "kind", "Choose what the person is to the project.")
	c.That(validRole(a.Role), "role", "Choose the role in the work.")
	c.That(a.From == "" || clock.ValidDay(a.From), "from", "Enter a date such as 2026-11-24.")
	c.That(a.To == "" || clock.ValidDay(a.To), "to", "Enter a date such as 2026-11-24.")
	c.That(a.To == "" || a.To >= a.From, "to", "The last day comes before the first.")
	c.That(a.Kind != Deputy || a.For != "", "for", "Say whom the person deputises for.")
	c.That(a.Kind == Deputy || a.For == "", "for", "Only a deputy stands in for somebody.")
	c.That(a.For == "" || a.For != a.Person, "for", "Nobody deputises for themselves.")
	for _, p := range []struct{ id, field string }{{a.Person, "person"}, {a.For, "for"}} {
		if p.id == "" && p.field == "for" {
			continue
		}
		ok, err := personExists(ctx, q, p.id)
		if err != nil {
			return err
		}
		c.That(ok, p.field, "Choose a person from the directory.")
	}
	return c.Err()
}

func personExists(ctx context.Context, q sqldb.Querier, id string) (bool, error) {
	var one int
	err := q.QueryRowContext(ctx, `SELECT 1 FROM v_person WHERE id = $1 AND NOT erased`, id).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// ChangeAssignment changes kind, role in the work and dates; a stale version is
// a Conflict. The person stays: another person is another assignment.
func (s *Service) ChangeAssignment(ctx context.Context, who authz.Actor, a Assignment) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error { return s.changeAssignmentIn(ctx, tx, a) })
}

func (s *Service) changeAssignmentIn(ctx context.Context, tx *work.Tx, a Assignment) error {
	old, err := getAssignment(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	if err := tx.May(ctx, AssignPeople, authz.On(old.Project)); err != nil {
		return err
	}
	a.Project, a.Person, a.Origin, a.Source = old.Project, old.Person, old.Origin, old.Source
	if err := checkAssignment(ctx, tx, a); err != nil {
		return err
	}
	ok, err := updateAssignment(ctx, tx, a)
	if err != nil {
		return err
	}
	if !ok {
		return errs.New(errs.Conflict, "Somebody changed this assignment meanwhile. Theirs is shown; repeat your change if it still holds.")
	}
	tx.Record(assigned(a, VerbAssignmentChange))
	return grant(ctx, tx, a)
}

// Unassign removes an assignment that was made by mistake. One that came to its
// end gets a last day instead.
func (s *Service) Unassign(ctx context.Context, who authz.Actor, id string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		a, err := getAssignment(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := tx.May(ctx, AssignPeople, authz.On(a.Project)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM assignment WHERE id = $1`, id); err != nil {
			return err
		}
		tx.Record(assigned(a, VerbAssignmentGone))
		return authz.DropGrant(ctx, tx, id)
	})
}

// Assignment reads one assignment.
func (s *Service) Assignment(ctx context.Context, who authz.Actor, id string) (a Assignment, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if a, err = getAssignment(ctx, v, id); err != nil {
			return err
		}
		return v.May(ctx, SeeProject, authz.On(a.Project))
	})
	return a, err
}

// Assignments lists who is or was on a project, or where a person is or was.
func (s *Service) Assignments(ctx context.Context, who authz.Actor, project, person string) (out []Assignment, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeRegister, authz.Instance); err != nil {
			return err
		}
		var w sqldb.Where
		v.Scope(&w, "a.project_id")
		if project != "" {
			w.And("a.project_id = ?", project)
		}
		if person != "" {
			w.And("a.person_id = ?", person)
		}
		if project == "" && person == "" {
			return errs.OnField("project", "Name a project or a person.")
		}
		out, err = listAssignments(ctx, v, &w, "a.from_on, a.id LIMIT 1000")
		return err
	})
	return out, err
}

// Place is where a person is or was assigned.
type Place struct {
	Project, Name string
	Kind          Kind
	From, To      clock.Day
	Origin        Origin
}

// maxPlaces is how many assignments the page of a person shows.
const maxPlaces = 100

// PlacesOf lists the assignments of a person as far as the reader sees the
// projects, those that last first.
func (s *Service) PlacesOf(ctx context.Context, who authz.Actor, person string) (out []Place, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeRegister, authz.Instance); err != nil {
			return err
		}
		var w sqldb.Where
		w.And("a.person_id = ?", person)
		v.Scope(&w, "a.project_id")
		rows, err := v.QueryContext(ctx, `SELECT a.project_id, n.name, a.kind, a.from_on, a.to_on, a.origin FROM assignment a
			JOIN v_project_name n ON n.id = a.project_id`+w.SQL()+` ORDER BY CASE WHEN a.to_on = '' THEN 0 ELSE 1 END, a.from_on DESC, a.id LIMIT `+w.Add(maxPlaces), w.Values()...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var p Place
			if err := rows.Scan(&p.Project, &p.Name, &p.Kind, &p.From, &p.To, &p.Origin); err != nil {
				return err
			}
			out = append(out, p)
		}
		return rows.Err()
	})
	return out, err
}

func getAssignment(ctx context.Context, q sqldb.Querier, id string) (Assignment, error) {
	var w sqldb.Where
	w.And("a.id = ?", id)
	list, err := listAssignments(ctx, q, &w, "a.id")
	if err != nil {
		return Assignment{}, err
	}
	if len(list) == 0 {
		return Assignment{}, errs.Missing("assignment")
	}
	return list[0], nil
}

// usual is the role in the work that a kind of assignment stands for.
func usual(k Kind) activity.RoleInWork {
	r, _, _ := kindInfo(k)
	return r
}

// assignBatch makes an assignment of a batch.
func assignBatch(ctx context.Context, tx *work.Tx, batch string, a *Assignment) error {
	if err := assignIn(ctx, tx, a); err != nil {
		return err
	}
	return effect(ctx, tx, batch, batchEffect{project: a.Project, kind: madeAssignment, subject: a.ID, became: assignedDates(*a), version: a.Version})
}

// redate gives an assignment other dates and remembers those that it had.
func redate(ctx context.Context, tx *work.Tx, batch string, was, now Assignment) error {
	if err := effectDates(ctx, tx, batch, was, now); err != nil {
		return err
	}
	return rewriteAssignment(ctx, tx, now)
}

func rewriteAssignment(ctx context.Context, tx *work.Tx, a Assignment) error {
	if _, err := updateAssignment(ctx, tx, a); err != nil {
		return err
	}
	tx.Record(assigned(a, VerbAssignmentChange))
	return grant(ctx, tx, a)
}
