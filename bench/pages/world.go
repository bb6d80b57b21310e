package main

import (
	"context"
	"fmt"
	"log"
	"net/url"
	"os"
	"path/filepath"

	"cairn/internal/app"
	"cairn/internal/app/demo"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/sqldb"
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
	only     string // the one address that is asked for instead of the usual ones
}

// open opens the organisation of that many projects kept in the folder, or makes
// it, as cairn demo --projects does.
func open(ctx context.Context, folder string, projects int) (w world, err error) {
	if w.file, err = place(ctx, folder, fmt.Sprintf("bench-%d", projects)); err != nil {
		return w, err
	}
	if w.App, err = app.OpenDemo(ctx, app.Config{DB: w.file}, projects, func(s string) { log.Print("  ", s) }); err != nil {
		return w, err
	}
	if w.Store.Engine == sqldb.Postgres { // the server would do it by itself, a while later
		if _, err := w.Store.Write.ExecContext(ctx, `VACUUM ANALYZE`); err != nil {
			return w, err
		}
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

// place gives the address of a database in a folder, or on a PostgreSQL server,
// where it is made if it is not there.
func place(ctx context.Context, folder, name string) (string, error) {
	if sqldb.EngineOf(folder) == sqldb.SQLite {
		return filepath.Join(folder, name+".db"), os.MkdirAll(folder, 0o750)
	}
	server, err := url.Parse(folder)
	if err != nil {
		return "", err
	}
	db, err := sqldb.Open(ctx, folder)
	if err != nil {
		return "", err
	}
	defer func() { _ = db.Close() }() // it made what it made
	var there int
	if err := db.Read.QueryRowContext(ctx, `SELECT COUNT(*) FROM pg_database WHERE datname = $1`, name).Scan(&there); err != nil {
		return "", err
	}
	if there == 0 { // without its compiler, as docs/operations.md advises
		for _, query := range []string{`CREATE DATABASE "` + name + `"`, `ALTER DATABASE "` + name + `" SET jit = off`} {
			if _, err := db.Write.ExecContext(ctx, query); err != nil {
				return "", err
			}
		}
	}
	server.Path = "/" + name
	return server.String(), nil
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
	if w.only != "" {
		return []page{{w.only, w.only}}
	}
	return []page{
		{"list", "/projects"},
		{"list, by end", "/projects?sort=-end"},
		{"search", "/projects?find=reservoir"},
		{"portfolio", "/portfolio"},
		{"project", "/projects/" + w.projects[len(w.projects)-1]},
		{"standing", "/career"},
	}
}
