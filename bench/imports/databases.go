package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
)

// makeDatabases gives the addresses of so many empty databases, and what takes
// them away again: files of a folder, or databases of the server that
// CAIRN_TEST_POSTGRES names.
func makeDatabases(ctx context.Context, engine, dir string, n int) (at []string, drop func() error, err error) {
	if engine == "sqlite" {
		for i := range n {
			at = append(at, filepath.Join(dir, fmt.Sprintf("%d.db", i)))
		}
		return at, func() error { return nil }, nil
	}
	address := os.Getenv("CAIRN_TEST_POSTGRES")
	u, err := url.Parse(address)
	if engine != "postgres" || address == "" || err != nil {
		return nil, nil, errors.Join(err, errors.New("say -db sqlite, or -db postgres under scripts/with-postgres.sh"))
	}
	db, err := sql.Open("pgx", address)
	if err != nil {
		return nil, nil, err
	}
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf("cairn_bench_%d_%d", os.Getpid(), i))
		if _, err := db.ExecContext(ctx, `CREATE DATABASE `+names[i]); err != nil {
			return nil, nil, closed(err, db)
		}
		u.Path = "/" + names[i]
		at = append(at, u.String())
	}
	return at, func() (err error) {
		for _, name := range names {
			_, e := db.ExecContext(ctx, `DROP DATABASE `+name+` WITH (FORCE)`)
			err = errors.Join(err, e)
		}
		return closed(err, db)
	}, nil
}
