// Command imports measures an import of a register - dry run, then apply -
// against bare batched prepared inserts of the same rows into the same tables,
// in one run. Ratios count; the seconds are for orientation.
//
//	make bench
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime/pprof"
	"syscall"
	"time"

	"cairn/internal/app"
	"cairn/internal/kit/sqldb"
)

func main() {
	log.SetFlags(0)
	rows := flag.Int("rows", 27_000, "rows of the register")
	width := flag.Int("columns", 40, "its columns")
	kind := flag.String("format", "csv", "csv or xlsx")
	profile := flag.String("cpuprofile", "", "write a CPU profile to this file")
	most := flag.Float64("most", 3, "how many times the bare inserts' time a dry run and an import may take, each")
	two := flag.String("db", "", "two empty PostgreSQL databases, separated by a comma; SQLite files by default")
	flag.Parse()
	if err := run(context.Background(), *rows, *width, *kind, *profile, *two, *most); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, rows, width int, kind, profile, two string, most float64) (err error) {
	dir, err := os.MkdirTemp("", "cairn-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a temporary folder
	ours, theirs, err := databases(dir, two)
	if err != nil {
		return err
	}
	file := filepath.Join(dir, "register."+kind)
	if err := map[string]func(string, int, int, int) error{"csv": writeCSV, "xlsx": writeXLSX}[kind](file, rows, width, 0); err != nil {
		return err
	}
	a, err := app.Open(ctx, app.Config{DB: ours})
	if err != nil {
		return err
	}
	defer func() { err = closed(err, a) }()
	stop, err := profiled(profile)
	if err != nil {
		return err
	}
	dry, err := timed(func() error { return bring(ctx, a, file, true, rows) })
	if err != nil {
		return err
	}
	apply, err := timed(func() error { return bring(ctx, a, file, false, rows) })
	if err != nil {
		return err
	}
	stop()
	held := peak()
	bare, err := bareInserts(ctx, a.Store, theirs)
	if err != nil {
		return err
	}
	log.Printf("%d rows of %d columns, %s, on %s; most memory held: %d MB", rows, width, kind, sqldb.EngineOf(ours), held)
	for _, m := range []struct {
		name string
		took time.Duration
	}{{"bare inserts", bare}, {"dry run", dry}, {"apply", apply}} {
		log.Printf("%-14s %7.2fs %9.0f rows/s %6.2fx", m.name, m.took.Seconds(), float64(rows)/m.took.Seconds(), m.took.Seconds()/bare.Seconds())
	}
	if max(dry, apply).Seconds() > most*bare.Seconds() {
		return fmt.Errorf("an import takes more than %.0f times the bare inserts' time", most)
	}
	return nil
}

func bring(ctx context.Context, a *app.App, file string, dry bool, rows int) error {
	rep, err := a.ImportFile(ctx, file, app.ImportOptions{Source: "register", DryRun: dry})
	if err == nil && rep.Created != rows {
		err = fmt.Errorf("%d of %d rows created: %v", rep.Created, rows, rep.Refused)
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

// peak is the most memory that this process held, in MB.
func peak() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return u.Maxrss >> 10
}
