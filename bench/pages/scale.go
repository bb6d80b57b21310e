package main

import (
	"context"
	"fmt"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"

	"cairn/internal/app"
	"cairn/internal/portfolio"
)

// most a list of the larger register may take of what the smaller one takes.
const mostScale = 1.3

// scale asks two registers, one a hundred times as large, for the same lists in
// turn: each sort that has an index, up and down.
func scale(ctx context.Context, small, large, rounds int) error {
	dir, err := os.MkdirTemp("", "cairn-scale-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a temporary folder
	a, err := app.Open(ctx, app.Config{DB: filepath.Join(dir, "small.db"), Demo: true})
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }() // only read from here on
	b, err := app.Open(ctx, app.Config{DB: filepath.Join(dir, "large.db"), Demo: true})
	if err != nil {
		return err
	}
	defer func() { _ = b.Close() }() // only read from here on
	wa, err := generate(ctx, a, small, 1000)
	if err != nil {
		return err
	}
	wb, err := generate(ctx, b, large, 1000)
	if err != nil {
		return err
	}
	one, other := httptest.NewServer(a.Handler()), httptest.NewServer(b.Handler())
	defer one.Close()
	defer other.Close()
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	log.Printf("lists of %d and of %d projects", small, large)
	over := false
	for _, sort := range slices.Sorted(maps.Keys(portfolio.Sorts)) {
		for _, dir := range []string{"", "-"} {
			page := "/projects?sort=" + dir + sort
			x, y, err := compareAs(client, one.URL+page, wa.token, other.URL+page, wb.token, rounds)
			if err != nil {
				return err
			}
			ratio := float64(y) / float64(x)
			over = over || ratio > mostScale
			log.Printf("%-28s %8.2fms %8.2fms %6.2fx", page, ms(x), ms(y), ratio)
		}
	}
	if over {
		return fmt.Errorf("a list of %d projects takes more than %.1f times what one of %d takes", large, mostScale, small)
	}
	return nil
}
