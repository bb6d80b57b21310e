// Command gaps measures how fast gaps are computed: those of every project of the
// demonstration organisation of 10,000 from nothing, those of one project after
// one event, and the map of gaps as a page. The limits are orientation for two
// cores; each figure stands beside the time that reading the same rows takes.
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
	"runtime/pprof"
	"slices"
	"time"

	"cairn/internal/app"
	"cairn/internal/kit/sqldb"
)

// limits in milliseconds, as the product promises them.
const (
	scratchLimit = 5000
	oneLimit     = 5
	pageLimit    = 100
)

func main() {
	log.SetFlags(0)
	projects := flag.Int("projects", 10_000, "projects in the organisation")
	folder := flag.String("folder", "build/bench", "where the organisation is kept")
	rounds := flag.Int("rounds", 300, "events, and requests of the page")
	flag.StringVar(&profile, "cpuprofile", "", "where to write a profile of the gaps from nothing")
	flag.Parse()
	if err := measure(context.Background(), *folder, *projects, *rounds); err != nil {
		log.Fatal(err)
	}
}

func measure(ctx context.Context, folder string, projects, rounds int) error {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	file := filepath.Join(folder, fmt.Sprintf("bench-%d.db", projects))
	a, err := app.OpenDemo(ctx, app.Config{DB: file}, projects, func(s string) { log.Print("  ", s) })
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }() // what was measured is kept
	if err := a.CatchUp(ctx); err != nil {
		return err
	}
	broken := 0
	for _, step := range []func(context.Context, *app.App, int) (bool, error){fromNothing, afterOne, asPage} {
		ok, err := step(ctx, a, rounds)
		if err != nil {
			return err
		}
		if !ok {
			broken++
		}
	}
	if broken > 0 {
		return fmt.Errorf("%d limits are broken", broken)
	}
	return nil
}

// profile is where a CPU profile goes; empty for none.
var profile string

// profiled runs something under the profiler where one is wanted.
func profiled(run func() error) error {
	if profile == "" {
		return run()
	}
	f, err := os.Create(profile) // #nosec G304 -- a path of whoever measures
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	if err := pprof.StartCPUProfile(f); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return run()
}

func took(run func() error) (time.Duration, error) {
	began := time.Now()
	err := run()
	return time.Since(began), err
}

func say(what string, d time.Duration, limit float64, more string) bool {
	ms := float64(d.Microseconds()) / 1000
	ok := ms <= limit
	log.Printf("%-44s %9.2f ms   limit %6.0f ms   %s%s", what, ms, limit, more, map[bool]string{false: "   BROKEN"}[ok])
	return ok
}

// fromNothing computes the gaps of every project and writes them, beside a reading
// of all rows that come out.
func fromNothing(ctx context.Context, a *app.App, _ int) (bool, error) {
	computed, err := took(func() error { return profiled(func() error { return a.Governance.Compute(ctx) }) })
	if err != nil {
		return false, err
	}
	written, err := took(func() error { return a.Governance.Rebuild(ctx) })
	if err != nil {
		return false, err
	}
	var n, governed int
	read, err := took(func() error {
		rows, err := a.Store.Read.QueryContext(ctx, `SELECT project_id, control_id, from_on, to_on, state FROM control_segment`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for ; rows.Next(); n++ {
			var p, c, from, to, state string
			if err := rows.Scan(&p, &c, &from, &to, &state); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	if err != nil {
		return false, err
	}
	if err := a.Store.Read.QueryRowContext(ctx, `SELECT COUNT(DISTINCT project_id) FROM governed`).Scan(&governed); err != nil {
		return false, err
	}
	ok := say(fmt.Sprintf("gaps of %d projects from nothing", governed), computed, scratchLimit, fmt.Sprintf("%.1f times a reading of their %d rows", ratio(computed, read), n))
	log.Printf("%-44s %9.2f ms", "  the same, written with their counts", float64(written.Microseconds())/1000)
	return ok, nil
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(max(b, 1)) }

// afterOne computes the gaps of a project after one event of its record.
func afterOne(ctx context.Context, a *app.App, rounds int) (bool, error) {
	ids, err := some(ctx, a.Store, rounds)
	if err != nil {
		return false, err
	}
	var all, head []time.Duration
	for _, id := range ids {
		if err := a.Governance.Mark(ctx, id); err != nil {
			return false, err
		}
		d, err := took(func() error { _, err := a.Governance.Freshen(ctx); return err })
		if err != nil {
			return false, err
		}
		all = append(all, d)
		if d, err = took(func() error {
			return a.Store.Read.QueryRowContext(ctx, `SELECT COUNT(*) FROM control_segment WHERE project_id = $1`, id).Scan(new(int))
		}); err != nil {
			return false, err
		}
		head = append(head, d)
	}
	slices.Sort(all)
	slices.Sort(head)
	return say("gaps of one project after one event, median", all[len(all)/2], oneLimit, fmt.Sprintf("%.1f times a count of its rows; p99 %.2f ms", ratio(all[len(all)/2], head[len(head)/2]), float64(all[len(all)*99/100].Microseconds())/1000)), nil
}

func some(ctx context.Context, db *sqldb.DB, n int) (out []string, err error) {
	rows, err := db.Read.QueryContext(ctx, `SELECT project_id FROM governed WHERE to_on = '9999-12-31' ORDER BY id LIMIT $1`, n)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// asPage asks for the map of gaps as a member of the PMO, in process.
func asPage(ctx context.Context, a *app.App, rounds int) (bool, error) {
	token, err := a.People.EnterDemo(ctx, "ines.calloway@demo.invalid")
	if err != nil {
		return false, err
	}
	handler := a.Handler()
	ok := true
	for _, path := range []string{"/governance", "/governance?group=ri", "/governance?mine=yes"} {
		var all []time.Duration
		for range rounds {
			req := httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil)
			req.AddCookie(&http.Cookie{Name: "cairn_session", Value: token})
			res := httptest.NewRecorder()
			d, _ := took(func() error { handler.ServeHTTP(res, req); return nil })
			if res.Code != http.StatusOK {
				return false, fmt.Errorf("%s answers %d", path, res.Code)
			}
			all = append(all, d)
		}
		slices.Sort(all)
		ok = say("page "+path+", p99", all[len(all)*99/100], pageLimit, fmt.Sprintf("median %.2f ms", float64(all[len(all)/2].Microseconds())/1000)) && ok
	}
	return ok, nil
}
