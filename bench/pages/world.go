package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"cairn/internal/app"
	"cairn/internal/app/demo"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/work"
	"cairn/internal/portfolio"
)

// world is a demonstration organisation of some size with its analyst signed in.
type world struct {
	*app.App
	file     string
	token    string
	projects []string // ids of a few
	entries  int64
}

// open opens the organisation of that many projects kept in the folder, or makes
// it, as cairn demo --projects does.
func open(ctx context.Context, folder string, projects int) (w world, err error) {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return w, err
	}
	w.file = filepath.Join(folder, fmt.Sprintf("bench-%d.db", projects))
	if w.App, err = app.OpenDemo(ctx, app.Config{DB: w.file}, projects, func(s string) { log.Print("  ", s) }); err != nil {
		return w, err
	}
	const analyst = "ines.calloway@demo.invalid"
	var who authz.Actor
	db := w.Store.Read
	if err := db.QueryRowContext(ctx, `SELECT id, (SELECT seq FROM activity_head) FROM person WHERE name = $1`, demo.Analyst).Scan(&who.Person, &w.entries); err != nil {
		return w, err
	}
	who.Role = authz.PMOMember
	if err := w.Career.TurnOn(ctx, who); err != nil {
		return w, err
	}
	rows, err := db.QueryContext(ctx, `SELECT id FROM project ORDER BY id LIMIT 3`)
	if err != nil {
		return w, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return w, err
		}
		w.projects = append(w.projects, id)
	}
	if err := rows.Err(); err != nil {
		return w, err
	}
	w.token, err = w.People.EnterDemo(ctx, analyst)
	return w, err
}

// perUnit is how many entries lengthen leaves in one unit of work.
const perUnit = 5000

// lengthen lets the record grow to a number of entries, as years of small changes
// would, spread over the projects. They go through a unit of work like every
// other, so the chain holds.
func (w *world) lengthen(ctx context.Context, to int64) error {
	if w.entries >= to {
		return nil
	}
	ids, err := w.everyProject(ctx)
	if err != nil {
		return err
	}
	log.Printf("  the record grows from %d to %d entries", w.entries, to)
	for w.entries < to {
		n := min(perUnit, to-w.entries)
		err := w.Unit.Do(ctx, authz.AtCommandLine(), func(ctx context.Context, tx *work.Tx) error {
			if err := tx.May(ctx, portfolio.AddProject, authz.Instance); err != nil {
				return err
			}
			for i := range n {
				tx.Record(portfolio.ProjectStated{Project: ids[(w.entries+i)%int64(len(ids))], AsAt: tx.Today, Fields: []portfolio.Field{portfolio.Notes}})
			}
			return nil
		})
		if err != nil {
			return err
		}
		w.entries += n
	}
	return nil
}

func (w *world) everyProject(ctx context.Context) (ids []string, err error) {
	rows, err := w.Store.Read.QueryContext(ctx, `SELECT id FROM project ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// page is an address that is measured.
type page struct{ name, path string }

func (w world) pages() []page {
	return []page{
		{"list", "/projects"},
		{"list, by end", "/projects?sort=-end"},
		{"search", "/projects?find=reservoir"},
		{"portfolio", "/portfolio"},
		{"project", "/projects/" + w.projects[len(w.projects)-1]},
		{"standing", "/career"},
	}
}
