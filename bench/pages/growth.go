package main

import (
	"context"
	"log"
	"maps"
	"slices"

	"cairn/internal/portfolio"
)

// mostGrowth is how much more the page of a list may cost among a hundred times
// as many projects.
const mostGrowth = 1.3

// growth compares the first page of the list, by every indexed sort in both
// directions, in a small organisation and a large one.
func growth(ctx context.Context, folder string, small, large, rounds int) (broken int, err error) {
	a, err := open(ctx, folder, small)
	if err != nil {
		return 0, err
	}
	defer func() { _ = a.Close() }() // only read
	b, err := open(ctx, folder, large)
	if err != nil {
		return 0, err
	}
	defer func() { _ = b.Close() }() // only read
	few, many := side{a.Handler(), a}, side{b.Handler(), b}
	log.Printf("from %d projects to %d (%d entries of the record), the list by", small, large, b.entries)
	for _, sort := range slices.Sorted(maps.Keys(portfolio.Sorts)) {
		for _, order := range []string{"", "-"} {
			x, y, err := compare(few, many, page{sort, "/projects?sort=" + order + sort}, rounds)
			if err != nil {
				return broken, err
			}
			ratio, note := float64(y.p50)/float64(x.p50), ""
			if ratio > mostGrowth {
				broken++
				note = "  over its limit"
			}
			log.Printf("%-14s %7.2fms %7.2fms %6.2fx%s", order+sort, ms(x.p50), ms(y.p50), ratio, note)
		}
	}
	return broken, nil
}
