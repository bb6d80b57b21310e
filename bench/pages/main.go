// Command pages measures the pages of Cairn against a bare net/http server that
// runs the same queries and writes plain HTML, in the same process and the same
// run, over 10,000 projects and 1,000,000 activity entries. Ratios count; the
// milliseconds are for orientation.
//
//	make bench
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"time"

	"cairn/internal/app"
)

// most is how many times the bare server's time a page may take.
const most = 3.0

func main() {
	log.SetFlags(0)
	projects := flag.Int("projects", 10_000, "projects in the register")
	entries := flag.Int("entries", 1_000_000, "entries in the activity record")
	rounds := flag.Int("rounds", 60, "requests of each page to each server")
	program := flag.String("program", "bin/cairn", "the program, for its memory at rest")
	keep := flag.String("db", "", "keep the database in this file, or use the one that is there")
	large := flag.Int("scale", 0, "instead: compare the lists of a register of 1,000 projects with those of one of so many")
	flag.Parse()
	if *large > 0 {
		if err := scale(context.Background(), 1000, *large, *rounds); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := run(context.Background(), *projects, *entries, *rounds, *program, *keep); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, projects, entries, rounds int, program, keep string) error {
	path := keep
	if path == "" {
		dir, err := os.MkdirTemp("", "cairn-bench-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }() // a temporary folder
		path = filepath.Join(dir, "bench.db")
	}
	a, err := app.Open(ctx, app.Config{DB: path, Demo: true})
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }() // only read from here on
	w, err := generate(ctx, a, projects, entries)
	if err != nil {
		return err
	}
	site := httptest.NewServer(a.Handler())
	defer site.Close()
	plain := httptest.NewServer(bare(a, w))
	defer plain.Close()

	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	log.Printf("%d projects, %d entries, %d requests of each page", projects, entries, rounds)
	log.Printf("%-14s %10s %10s %7s", "page", "Cairn", "bare", "ratio")
	over := false
	for _, page := range []string{"/projects", "/portfolio", "/projects/" + w.project, "/career"} {
		ours, theirs, err := compare(client, site.URL+page, plain.URL+page, w.token, rounds)
		if err != nil {
			return err
		}
		ratio := float64(ours) / float64(theirs)
		over = over || ratio > most
		name := page
		if len(name) > 14 {
			name = "/projects/{id}"
		}
		log.Printf("%-14s %8.2fms %8.2fms %6.2fx", name, ms(ours), ms(theirs), ratio)
	}
	if err := weigh(client, site.URL, w.token); err != nil {
		return err
	}
	if err := rest(ctx, program, path); err != nil {
		return err
	}
	if over {
		return fmt.Errorf("a page takes more than %.0f times the bare server's time", most)
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// compare asks both servers in turn, so that what else the machine does falls
// on both, and gives the medians.
func compare(c *http.Client, ours, theirs, token string, rounds int) (a, b time.Duration, err error) {
	return compareAs(c, ours, token, theirs, token, rounds)
}

func compareAs(c *http.Client, ours, token, theirs, token2 string, rounds int) (a, b time.Duration, err error) {
	var as, bs []time.Duration
	for i := range rounds + 5 {
		x, err := timed(c, ours, token)
		if err != nil {
			return 0, 0, err
		}
		y, err := timed(c, theirs, token2)
		if err != nil {
			return 0, 0, err
		}
		if i >= 5 { // the first few warm up
			as, bs = append(as, x), append(bs, y)
		}
	}
	slices.Sort(as)
	slices.Sort(bs)
	return as[len(as)/2], bs[len(bs)/2], nil
}

func timed(c *http.Client, url, token string) (time.Duration, error) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	req.AddCookie(&http.Cookie{Name: "cairn_session", Value: token})
	began := time.Now()
	n, err := fetch(c, req)
	if err == nil && n < 500 {
		err = fmt.Errorf("%s answered %d bytes", url, n)
	}
	return time.Since(began), err
}
