package main

import (
	"log"
	"strings"
	"time"
)

// showQueries prints each query of each page with its time, the best of three: what
// to look at when a page is slow.
func showQueries(w world) error {
	recorded, err := w.record()
	if err != nil {
		return err
	}
	for _, p := range w.pages() {
		log.Printf("%s: %d queries", p.name, len(recorded[p.path]))
		for _, q := range recorded[p.path] {
			took, rows, err := w.timed(q)
			if err != nil {
				return err
			}
			log.Printf("%9.2fms %6d rows  %s", ms(took), rows, strings.Join(strings.Fields(q.query), " "))
		}
	}
	return nil
}

func (w world) timed(q asked) (best time.Duration, n int, err error) {
	for range 3 {
		began := time.Now()
		if n, err = w.count(q); err != nil {
			return 0, 0, err
		}
		if took := time.Since(began); best == 0 || took < best {
			best = took
		}
	}
	return best, n, nil
}

func (w world) count(q asked) (n int, err error) {
	rows, err := w.Store.Read.Query(q.query, q.args...) //nolint:noctx // nobody cancels it
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}
