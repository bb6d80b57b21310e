package main

import (
	"context"
	"log"
	"maps"
	"net/url"
	"slices"
	"strings"

	"cairn/internal/kit/web"
	"cairn/internal/portfolio"
)

// mostGrowth is how much more the page of a list may cost among a hundred times
// as many projects.
const mostGrowth = 1.3

// usualFilters are what people narrow a list by; nothing is all of it.
var usualFilters = []string{"", "live=yes", "live=yes&rating=red"}

// growth compares the pages of the list, the first and one in the middle, by every
// indexed sort in both directions and under the usual filters, in a small
// organisation and a large one.
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
			for _, filter := range usualFilters {
				for _, deep := range []bool{false, true} {
					over, err := grows(ctx, few, many, order+sort, filter, deep, rounds)
					if err != nil {
						return broken, err
					}
					broken += over
				}
			}
		}
	}
	return broken, nil
}

// grows measures one page on both sides, in turn; a page over its limit is measured
// once more, because a disturbance looks like growth.
func grows(ctx context.Context, few, many side, sort, filter string, deep bool, rounds int) (over int, err error) {
	address := "/projects?sort=" + sort
	if filter != "" {
		address += "&" + filter
	}
	paths := [2]string{address, address}
	where := "first"
	if deep {
		where = "deep"
		for i, s := range []side{few, many} {
			if paths[i], err = s.w.middle(ctx, address, sort); err != nil {
				return 0, err
			}
		}
	}
	for try := range 2 {
		x, y, err := compareTwo(few, many, paths, rounds)
		if err != nil {
			return 0, err
		}
		ratio, note := float64(y.p50)/float64(x.p50), ""
		if ratio > mostGrowth {
			if try == 0 {
				continue
			}
			over, note = 1, "  over its limit"
		}
		log.Printf("%-10s %-6s %-24s %7.2fms %7.2fms %6.2fx%s", sort, where, filter, ms(x.p50), ms(y.p50), ratio, note)
		break
	}
	return over, nil
}

// middle gives the address of the page that begins behind the project in the middle.
func (w world) middle(ctx context.Context, address, sort string) (string, error) {
	name, desc := strings.CutPrefix(sort, "-")
	order, list := "", "projects  "+name
	if desc {
		order, list = " DESC", list+" down"
	}
	column, c := portfolio.Sorts[name], web.Cursor{List: list}
	err := w.Store.Read.QueryRowContext(ctx, `SELECT `+column+`, v.project_id FROM project_version v WHERE v.is_current = TRUE ORDER BY `+column+order+`, v.project_id`+order+
		` LIMIT 1 OFFSET (SELECT COUNT(*) / 2 FROM project)`).Scan(&c.Key, &c.ID)
	return address + "&after=" + url.QueryEscape(c.String()), err
}
