package main

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"sync"
	"time"
)

// The limits that the product sets itself, against the bare server.
const (
	mostTime   = 3.0 // times its time
	mostSpread = 1.5 // times its p99/p50
	leastGain  = 0.8 // of its gain from one core to two
)

// spread is the middle and the tail of some times.
type spread struct{ p50, p99 time.Duration }

func (s spread) ratio() float64 { return float64(s.p99) / float64(s.p50) }

func spreadOf(times []time.Duration) spread {
	slices.Sort(times)
	return spread{times[len(times)/2], times[len(times)*99/100]}
}

// side is one of the two servers, called in process.
type side struct {
	site http.Handler
	w    world
}

// ask asks for a page and gives the time that the server took.
func (s side) ask(path string) (time.Duration, error) {
	req, answer := s.w.request(path), httptest.NewRecorder()
	began := time.Now()
	s.site.ServeHTTP(answer, req)
	took := time.Since(began)
	if answer.Code != http.StatusOK || answer.Body.Len() < 500 {
		return 0, fmt.Errorf("%s answers %d with %d bytes", path, answer.Code, answer.Body.Len())
	}
	return took, nil
}

// compare asks both in turn, so that what else the machine does falls on both.
func compare(ours, theirs side, p page, rounds int) (a, b spread, err error) {
	return compareTwo(ours, theirs, [2]string{p.path, p.path}, rounds)
}

func compareTwo(ours, theirs side, paths [2]string, rounds int) (a, b spread, err error) {
	times := make([][]time.Duration, 2)
	for i := range rounds + 10 {
		for j, s := range []side{ours, theirs} {
			took, err := s.ask(paths[j])
			if err != nil {
				return a, b, err
			}
			if i >= 10 { // the first few warm up
				times[j] = append(times[j], took)
			}
		}
	}
	return spreadOf(times[0]), spreadOf(times[1]), nil
}

// quietest compares three times and gives the run in which the machine disturbed
// the bare server least.
func quietest(ours, theirs side, p page, rounds int) (a, b spread, err error) {
	for range 3 {
		x, y, err := compare(ours, theirs, p, rounds)
		if err != nil {
			return a, b, err
		}
		if b.p50 == 0 || y.ratio() < b.ratio() {
			a, b = x, y
		}
	}
	return a, b, nil
}

// gain tells how many times more pages a server gives with two cores than with
// one: the best of some tries each, in turn.
func gain(s side, p page, rounds int) (float64, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	best := map[int]time.Duration{}
	for range 3 {
		for _, cores := range []int{1, 2} {
			runtime.GOMAXPROCS(cores)
			took, err := s.many(p, rounds, 2)
			if err != nil {
				return 0, err
			}
			if best[cores] == 0 || took < best[cores] {
				best[cores] = took
			}
		}
	}
	return float64(best[1]) / float64(best[2]), nil
}

// many asks for a page so many times from several goroutines.
func (s side) many(p page, rounds, at int) (time.Duration, error) {
	var wg sync.WaitGroup
	failed := make([]error, at)
	began := time.Now()
	for g := range at {
		wg.Go(func() {
			for range rounds / at {
				if _, failed[g] = s.ask(p.path); failed[g] != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	for _, err := range failed {
		if err != nil {
			return 0, err
		}
	}
	return time.Since(began), nil
}

// comparePages prints the table and says how many limits were broken.
func comparePages(w world, rounds int) (broken int, err error) {
	recorded, err := w.record()
	if err != nil {
		return 0, err
	}
	ours, theirs := side{w.Handler(), w}, side{bare(w.Store.Read, recorded), w}
	log.Printf("%-14s %8s %9s %9s %7s %8s %8s %7s %7s", "page", "queries", "Cairn", "bare", "ratio", "p99/p50", "bare's", "gain", "bare's")
	for _, p := range w.pages() {
		a, b, err := quietest(ours, theirs, p, rounds)
		if err != nil {
			return broken, err
		}
		mine, err := gain(ours, p, rounds)
		if err != nil {
			return broken, err
		}
		its, err := gain(theirs, p, rounds)
		if err != nil {
			return broken, err
		}
		ratio, notes := float64(a.p50)/float64(b.p50), ""
		for _, limit := range []struct {
			name string
			hold bool
		}{{"time", ratio <= mostTime}, {"spread", a.ratio() <= mostSpread*b.ratio()}, {"gain", mine >= leastGain*its}} {
			if !limit.hold {
				broken++
				notes += "  over its limit: " + limit.name
			}
		}
		log.Printf("%-14s %8d %7.2fms %7.2fms %6.2fx %8.2f %8.2f %6.2fx %6.2fx%s", p.name, len(recorded[p.path]), ms(a.p50), ms(b.p50), ratio, a.ratio(), b.ratio(), mine, its, notes)
	}
	return broken, nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
