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
