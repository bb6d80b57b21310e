// Command pages measures the pages of Cairn against a bare net/http server that
// runs the same queries and writes plain HTML, in the same process and the same
// run, over the demonstration organisation of 10,000 projects
// and a record of 1,000,000 entries. Ratios count; the
// milliseconds are for orientation. With -growth it compares lists of 1,000 and of
// 100,000 projects instead. The organisations are made once and kept.
//
//	make bench
//	make bench-growth
//	scripts/with-postgres.sh go run ./bench/pages -db postgres
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
)

func main() {
	log.SetFlags(0)
	projects := flag.Int("projects", 10_000, "projects in the organisation")
	entries := flag.Int64("entries", 1_000_000, "entries that the record has at least")
	rounds := flag.Int("rounds", 300, "requests of each page to each server")
	program := flag.String("program", "bin/cairn", "the program, for its memory at rest and its requests per second")
	folder := flag.String("folder", "build/bench", "where the organisations are kept")
	grown := flag.Bool("growth", false, "compare lists of 1,000 projects and of -large")
	large := flag.Int("large", 100_000, "projects in the large organisation")
	engine := flag.String("db", "sqlite", "sqlite, or postgres: the server that CAIRN_TEST_POSTGRES names (scripts/with-postgres.sh)")
	queries := flag.Bool("queries", false, "print the time of each query of each page instead")
	only := flag.String("page", "", "the one address whose queries are printed")
	flag.Parse()
	if *engine == "postgres" {
		*folder = os.Getenv("CAIRN_TEST_POSTGRES")
		if *folder == "" {
			log.Fatal("CAIRN_TEST_POSTGRES names no server; run it by scripts/with-postgres.sh")
		}
	}
	ctx := context.Background()
	broken, err := 0, error(nil)
	if *queries {
		err = each(ctx, *folder, *projects, *only)
	} else if *grown {
		broken, err = growth(ctx, *folder, 1000, *large, *rounds)
	} else {
		broken, err = pages(ctx, *folder, *projects, *entries, *rounds, *program)
	}
	if err == nil && broken > 0 {
		err = fmt.Errorf("%d limits are broken", broken)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// each prints the queries of the pages of an organisation that was made before.
func each(ctx context.Context, folder string, projects int, only string) error {
	w, err := open(ctx, folder, projects)
	if err != nil {
		return err
	}
	defer func() { _ = w.Close() }() // only read
	w.only = only
	return showQueries(w)
}

func pages(ctx context.Context, folder string, projects int, entries int64, rounds int, program string) (int, error) {
	w, err := open(ctx, folder, projects)
	if err != nil {
		return 0, err
	}
	defer func() { _ = w.Close() }() // only read from here on
	if err := w.lengthen(ctx, entries); err != nil {
		return 0, err
	}
	if err := w.CatchUp(ctx); err != nil { // or the program would be measured while it does
		return 0, err
	}
	log.Printf("%d projects, %d entries of the record, %d requests of each page", projects, w.entries, rounds)
	broken, err := comparePages(w, rounds)
	if err != nil {
		return broken, err
	}
	site := httptest.NewServer(w.Handler())
	defer site.Close()
	heavy, err1 := weigh(&http.Client{Transport: &http.Transport{DisableCompression: true}}, site.URL, w.token)
	large, err2 := rest(ctx, program, w.file)
	return broken + heavy + large, errors.Join(err1, err2, load(ctx, program, w))
}
