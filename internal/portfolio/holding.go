package portfolio

import (
	"context"
	"maps"
	"slices"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Holding says that a person is something to a project on a date.
type Holding struct {
	Project, Person string
	Kind            Kind
	On              clock.Day
}

// post is what there is to be held: one kind on one project.
type post struct {
	project string
	kind    Kind
}

// held is an assignment under the hands of AssignImportedIn.
type held struct {
	Assignment
	was            Assignment // as it stood before
	isNew, changed bool
}

// AssignImportedIn makes assignments of a file's person columns, from the date
// of the file on, unless the person holds it already. Whoever held it by an
// import until then holds it until the day before. It gives for each whether
// anything was stored.
func (s *Service) AssignImportedIn(ctx context.Context, tx *work.Tx, source, batch string, list []Holding) ([]bool, error) {
	projects := map[string]bool{}
	for _, h := range list {
		projects[h.Project] = true
	}
	posts := map[post][]*held{}
	var args sqldb.Args
	err := each(ctx, tx, `SELECT id, project_id, kind, person_id, work_role, for_person_id, from_on, to_on, origin, source, version FROM assignment
		WHERE project_id IN (`+args.List(slices.Sorted(maps.Keys(projects)))+`) ORDER BY from_on, id`, args.Values(), func(scan func(...any) error) error {
		var a held
		err := scan(&a.ID, &a.Project, &a.Kind, &a.Person, &a.Role, &a.For, &a.From, &a.To, &a.Origin, &a.Source, &a.Version)
		a.was = a.Assignment
		p := post{a.Project, a.Kind}
		posts[p] = append(posts[p], &a)
		return err
	})
	if err != nil {
		return nil, err
	}
	made := make([]bool, len(list))
	var all []*held
	for i, h := range list {
		p := post{h.Project, h.Kind}
		var touched []*held
		posts[p], touched = fitIn(tx, posts[p], Assignment{
			Project: h.Project, Person: h.Person, Kind: h.Kind, Role: usual(h.Kind), From: h.On, Origin: Imported, Source: source,
		})
		made[i] = len(touched) > 0
		all = append(all, touched...)
	}
	return made, writeHeld(ctx, tx, batch, all)
}

// fitIn fits "holds it on that date" between what is known already, and gives
// what that touched.
func fitIn(tx *work.Tx, list []*held, a Assignment) (now, touched []*held) {
	var later *held // the first that begins after this date
	for _, h := range list {
		switch {
		case h.On(a.From) && h.Person == a.Person:
			return list, nil
		case h.From > a.From && (later == nil || h.From < later.From):
			later = h
		}
	}
	if later != nil && later.Person == a.Person && later.Origin == Imported {
		later.From, later.changed = a.From, true // known since an earlier file
		return list, []*held{later}
	}
	if later != nil {
		a.To = clock.AddDays(later.From, -1)
	}
	for _, h := range list {
		if h.On(a.From) && h.Origin == Imported && h.From < a.From {
			h.To, h.changed = clock.AddDays(a.From, -1), true
			touched = append(touched, h)
		}
	}
	a.ID, a.Version = tx.NewID(), 1
	one := &held{Assignment: a, isNew: true}
	return append(list, one), append(touched, one)
}

// writeHeld writes each touched assignment once, with its grant, its event and
// what an undo of the batch needs to know.
func writeHeld(ctx context.Context, tx *work.Tx, batch string, all []*held) error {
	var rows, effects [][]any
	var grants []authz.Grant
	done := map[*held]bool{}
	for _, h := range all {
		if done[h] {
			continue
		}
		done[h] = true
		a := h.Assignment
		if !h.isNew {
			if err := redate(ctx, tx, batch, h.was, a); err != nil {
				return err
			}
			continue
		}
		_, role, _ := kindInfo(a.Kind)
		rows = append(rows, []any{a.ID, a.Project, a.Person, string(a.Kind), a.For, string(a.Role), a.From, a.To, string(a.Origin), a.Source, 1})
		grants = append(grants, authz.Grant{Source: a.ID, Node: a.Project, Person: a.Person, Role: role, From: a.From, To: a.To})
		tx.Record(assigned(a, VerbAssigned))
		effects = append(effects, batchEffect{project: a.Project, kind: madeAssignment, subject: a.ID, became: assignedDates(a), version: a.Version}.row(batch))
	}
	if err := sqldb.Insert(ctx, tx, assignmentInto, ``, rows); err != nil {
		return err
	}
	if batch != "" {
		if err := sqldb.Insert(ctx, tx, effectInto, ``, effects); err != nil {
			return err
		}
	}
	return authz.AddGrants(ctx, tx, grants)
}
