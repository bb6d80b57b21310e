package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// ways are the ways in which a file comes into the program.
var ways = []struct {
	name string
	take func(m measure, ctx context.Context, db string) (peak int, err error)
}{
	{"command line", measure.atCommandLine},
	{"browser", func(m measure, ctx context.Context, db string) (int, error) {
		return m.throughServe(ctx, db, visitor.uploadAsBrowser)
	}},
	{"API", func(m measure, ctx context.Context, db string) (int, error) {
		return m.throughServe(ctx, db, visitor.uploadByAPI)
	}},
}

// weigh imports the file with the program itself, in every way, into an empty
// database each time. It prints the most memory that the process held and says
// whether that is over the limit.
func (m measure) weigh(ctx context.Context, dir string) error {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		log.Printf("what the program holds is not measured here: %v", err)
		return nil
	}
	var broken []error
	for i, way := range ways {
		peak, took, err := m.weighOne(ctx, filepath.Join(dir, fmt.Sprint("way", i)), way.take)
		if err != nil {
			return fmt.Errorf("%s: %w", way.name, err)
		}
		log.Printf("the program, %d rows of %d columns, %s, %-12s %7.2fs   most memory %d MB", m.rows, m.width, m.kind, way.name, took.Seconds(), peak)
		if peak > m.memory {
			broken = append(broken, fmt.Errorf("%s, %s: the program held %d MB, more than %d", m.kind, way.name, peak, m.memory))
		}
	}
	return errors.Join(broken...)
}

func (m measure) weighOne(ctx context.Context, dir string, take func(measure, context.Context, string) (int, error)) (peak int, took time.Duration, err error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return 0, 0, err
	}
	at, drop, err := makeDatabases(ctx, m.engine, dir, 1)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, drop()) }()
	took, err = timed(func() (err error) { peak, err = take(m, ctx, at[0]); return err })
	return peak, took, err
}

// atCommandLine imports as cairn import does.
func (m measure) atCommandLine(ctx context.Context, db string) (peak int, err error) {
	cmd := exec.CommandContext(ctx, m.program, "import", "projects", m.file, "--db", db, "--source", "register")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	watched := watch(cmd.Process.Pid)
	err = cmd.Wait()
	peak = watched()
	if want := fmt.Sprintf("%d created", m.rows); err == nil && !strings.Contains(said.String(), want) {
		err = errors.New("it did not say " + want)
	}
	if err != nil {
		return 0, fmt.Errorf("%w: %s", err, said.String())
	}
	return peak, nil
}

// watch looks at what a process holds until it is told to stop: a process that
// has ended can no longer be asked.
func watch(pid int) (stop func() int) {
	ask, peak := make(chan bool), make(chan int)
	go func() {
		most := 0
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			most = max(most, mostHeld(pid))
			select {
			case <-tick.C:
			case <-ask:
				peak <- most
				return
			}
		}
	}()
	return func() int { close(ask); return <-peak }
}

var highWater = regexp.MustCompile(`(?m)^VmHWM:\s*([0-9]+) kB$`)

// mostHeld is the most memory that a process held until now, in MB; 0 for one
// that has ended.
func mostHeld(pid int) int {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	m := highWater.FindSubmatch(status)
	if err != nil || m == nil {
		return 0
	}
	kb, _ := strconv.Atoi(string(m[1])) // these are digits
	return kb >> 10
}

var address = regexp.MustCompile(`http://127\.0\.0\.1:[1-9][0-9]*`)

// serve starts the program on a database; stop ends it.
func (m measure) serve(ctx context.Context, db string) (at string, pid int, stop func(), err error) {
	cmd := exec.CommandContext(ctx, m.program, "serve", "--db", db, "--listen", "127.0.0.1:0", "--log", "error")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", 0, nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", 0, nil, err
	}
	stop = func() { _ = cmd.Process.Kill(); _ = cmd.Wait() } // its database is thrown away
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if at := address.FindString(lines.Text()); at != "" {
			go io.Copy(io.Discard, out) //nolint:errcheck // what it says afterwards goes nowhere
			return at, cmd.Process.Pid, stop, nil
		}
	}
	stop()
	return "", 0, nil, errors.New("the program ended before it listened")
}
