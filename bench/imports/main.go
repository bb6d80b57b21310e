// Command imports measures an import of a register - dry run, apply, then undo -
// against bare prepared inserts of the same rows into the same tables, in one
// run. Ratios count, in the middle one of some rounds; the seconds are for
// orientation. Then the program itself imports the same file, and what it holds is
// measured.
//
//	make bench
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"time"

	"cairn/internal/app"
	"cairn/internal/kit/authz"
)

func main() {
	log.SetFlags(0)
	var m measure
	flag.IntVar(&m.rows, "rows", 27_000, "rows of the register")
	flag.IntVar(&m.width, "columns", 40, "its columns")
	flag.StringVar(&m.kind, "format", "csv", "csv or xlsx")
	flag.StringVar(&m.engine, "db", "sqlite", "sqlite, or postgres: on the server that CAIRN_TEST_POSTGRES names")
	flag.IntVar(&m.rounds, "rounds", 3, "rounds, each in fresh databases; the middle one counts; 0 measures memory alone")
	flag.Float64Var(&m.most, "most", 3, "how many times the bare inserts' time a dry run and an import may take, each")
	flag.StringVar(&m.program, "program", "bin/cairn", "the program whose memory is measured")
	flag.IntVar(&m.memory, "memory", 150, "how much of it that may take while it imports, in MB")
	profile := flag.String("cpuprofile", "", "write a CPU profile to this file")
	flag.Parse()
	if err := m.run(context.Background(), *profile); err != nil {
		log.Fatal(err)
	}
}

// measure is what is measured.
type measure struct {
	rows, width, rounds int
	kind, engine        string
	most                float64
	program             string
	memory              int
	file                string
}

// steps are what is timed in a round, in this order. The ratios are to the first.
var steps = []string{"bare inserts", "in batches", "dry run", "apply", "undo"}

func (m measure) run(ctx context.Context, profile string) (err error) {
	dir, err := os.MkdirTemp("", "cairn-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a temporary folder
	m.file = filepath.Join(dir, "register."+m.kind)
	if err := map[string]func(string, int, int, int) error{"csv": writeCSV, "xlsx": writeXLSX}[m.kind](m.file, m.rows, m.width, 0); err != nil {
		return err
	}
	weight := m.weigh(ctx, dir)
	if m.rounds == 0 {
		return weight
	}
	var rounds [][]time.Duration
	for n := range m.rounds {
		times, err := m.round(ctx, filepath.Join(dir, fmt.Sprint(n)), profile)
		if err != nil {
			return err
		}
		rounds = append(rounds, times)
	}
	log.Printf("%d rows of %d columns, %s, on %s, %d rounds", m.rows, m.width, m.kind, m.engine, m.rounds)
	return errors.Join(weight, m.judge(rounds))
}

// round gives the times of the steps.
func (m measure) round(ctx context.Context, dir, profile string) (times []time.Duration, err error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	at, drop, err := makeDatabases(ctx, m.engine, dir, 3)
	if err != nil {
		return nil, err
	}
	defer func() {
		if e := drop(); err == nil {
			err = e
		}
	}()
	a, err := app.Open(ctx, app.Config{DB: at[0]})
	if err != nil {
		return nil, err
	}
	defer func() { err = closed(err, a) }()
	before, err := head(ctx, a.Store)
	if err != nil {
		return nil, err
	}
	stop, err := profiled(profile)
	if err != nil {
		return nil, err
	}
	defer func() { stop() }()
	id := ""
	times = make([]time.Duration, len(steps))
	for i, step := range []func() error{
		func() error { _, err := m.bring(ctx, a, true); return err },
		func() (err error) { id, err = m.bring(ctx, a, false); return err },
	} {
		if times[2+i], err = timed(step); err != nil {
			return nil, err
		}
	}
	all, err := filled(ctx, a.Store, before)
	if err != nil {
		return nil, err
	}
	for i, batches := range []bool{false, true} {
		if times[i], err = bareInserts(ctx, all, at[1+i], batches); err != nil {
			return nil, err
		}
	}
	clear(all)
	runtime.GC() // what the comparison held is no load of the undo
	times[4], err = timed(func() error { return m.takeBack(ctx, a, id) })
	return times, err
}

// judge prints the middle of each ratio and says whether one is over its limit.
func (m measure) judge(rounds [][]time.Duration) error {
	middle := func(of func(times []time.Duration) float64) float64 {
		var all []float64
		for _, times := range rounds {
			all = append(all, of(times))
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	ratios := make([]float64, len(steps))
	for i, name := range steps {
		took := middle(func(times []time.Duration) float64 { return times[i].Seconds() })
		ratios[i] = middle(func(times []time.Duration) float64 { return times[i].Seconds() / times[0].Seconds() })
		log.Printf("%-14s %7.2fs %9.0f rows/s %6.2fx", name, took, float64(m.rows)/took, ratios[i])
	}
	log.Printf("an undo takes %.2f times as long as its import", middle(func(times []time.Duration) float64 { return times[4].Seconds() / times[3].Seconds() }))
	if max(ratios[2], ratios[3]) > m.most {
		return fmt.Errorf("an import takes more than %.0f times the bare inserts' time", m.most)
	}
	return nil
}

func (m measure) bring(ctx context.Context, a *app.App, dry bool) (id string, err error) {
	rep, err := a.ImportFile(ctx, m.file, app.ImportOptions{Source: "register", DryRun: dry})
	if err == nil && rep.Created != m.rows {
		err = fmt.Errorf("%d of %d rows created: %v", rep.Created, m.rows, rep.Refused)
	}
	return rep.ID, err
}

func (m measure) takeBack(ctx context.Context, a *app.App, id string) error {
	u, err := a.Transfer.Undo(ctx, authz.AtCommandLine(), id)
	if err == nil && u.Withdrawn != m.rows {
		err = fmt.Errorf("%d of %d projects withdrawn", u.Withdrawn, m.rows)
	}
	return err
}

func timed(work func() error) (time.Duration, error) {
	began := time.Now()
	err := work()
	return time.Since(began), err
}

func profiled(path string) (stop func(), err error) {
	if path == "" {
		return func() {}, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	return func() { pprof.StopCPUProfile(); _ = f.Close() }, pprof.StartCPUProfile(f)
}
