package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"math/rand/v2"
	"os/exec"
	"sync"
	"time"
)

// run is one database through all its kills.
type run struct {
	program, dsn string
	rand         *rand.Rand
	token        string
	confirmed    []string        // addresses of what was answered with 201
	imports      map[string]bool // files of this round: whether the import was confirmed
	cut, gone    int             // imports that a kill cut off, and those of them that left nothing
}

// kills starts, writes, kills and checks n times, and at the end reads everything
// that was ever confirmed.
func (r *run) kills(ctx context.Context, name string, n int) error {
	for i := range n {
		p, err := start(ctx, r.program, r.dsn)
		if err != nil {
			return err
		}
		if r.token == "" {
			if r.token, err = newToken(ctx, p.url); err != nil {
				p.kill()
				return err
			}
		}
		// What the last kill had confirmed is looked at first, all of it at the end.
		if err := r.missing(ctx, p.url, r.confirmed[max(0, len(r.confirmed)-200):]); err != nil {
			p.kill()
			return fmt.Errorf("after kill %d: %w", i, err)
		}
		if err := r.halfImports(ctx, p.url); err != nil {
			p.kill()
			return fmt.Errorf("after kill %d: %w", i, err)
		}
		if err := r.writeUntilKilled(ctx, p, i); err != nil {
			return fmt.Errorf("before kill %d: %w", i+1, err)
		}
		if err := r.verify(ctx); err != nil {
			return fmt.Errorf("after kill %d: %w", i+1, err)
		}
		if (i+1)%10 == 0 || i+1 == n {
			log.Printf("%s: %d of %d kills, %d confirmed writes", name, i+1, n, len(r.confirmed))
		}
	}
	p, err := start(ctx, r.program, r.dsn)
	if err != nil {
		return err
	}
	defer p.kill()
	if len(r.confirmed) == 0 {
		return fmt.Errorf("no write was confirmed: nothing was tried")
	}
	if err := errors.Join(r.missing(ctx, p.url, r.confirmed), r.halfImports(ctx, p.url)); err != nil {
		return err
	}
	if n >= 20 && r.gone == 0 {
		return fmt.Errorf("no kill cut an import off before its end: nothing was tried")
	}
	log.Printf("%s: ok: %d kills, all %d confirmed writes are there, the record verifies; %d imports were cut off: %d left nothing, %d are there whole", name, n, len(r.confirmed), r.cut, r.gone, r.cut-r.gone)
	return nil
}

// writeUntilKilled lets the writers work and kills the program between 5 and 400
// milliseconds after their first confirmed write. That requests break then is what
// it is for; an answer that refuses a write is an error.
func (r *run) writeUntilKilled(ctx context.Context, p *process, round int) (err error) {
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		once  sync.Once
		first = make(chan struct{})
	)
	r.imports = map[string]bool{}
	for w := range writers {
		wg.Go(func() {
			for i := 0; ; i++ {
				at, broke := "", error(nil)
				if w == 0 { // one of the writers imports files
					file := fmt.Sprintf("Half %dx%dx row", round, i)
					mu.Lock()
					r.imports[file] = false
					mu.Unlock()
					broke = importFile(ctx, p.url, r.token, file)
					mu.Lock()
					r.imports[file] = broke == nil
					mu.Unlock()
				} else {
					at, broke = write(ctx, p.url, r.token, fmt.Sprintf("%d-%d-%d", round, w, i))
				}
				mu.Lock()
				var no refused
				if errors.As(broke, &no) {
					err = no
				}
				if broke == nil && at != "" {
					r.confirmed = append(r.confirmed, at)
				}
				mu.Unlock()
				once.Do(func() { close(first) })
				if broke != nil {
					return
				}
			}
		})
	}
	<-first
	<-time.After(time.Duration(5+r.rand.IntN(395)) * time.Millisecond)
	p.kill()
	wg.Wait()
	return err
}

func (r *run) missing(ctx context.Context, base string, addresses []string) error {
	for _, at := range addresses {
		if err := read(ctx, base+at, r.token); err != nil {
			return fmt.Errorf("a confirmed write is not there: %w", err)
		}
	}
	return nil
}

// halfImports looks at every import of the last round: all of its rows are
// there, or none, and all of them if it was confirmed.
func (r *run) halfImports(ctx context.Context, base string) error {
	for file, done := range r.imports {
		n, err := count(ctx, base, r.token, file)
		if err != nil {
			return err
		}
		if n != 0 && n != importRows || done && n == 0 {
			return fmt.Errorf("of the import %q %d of %d rows are there; confirmed: %t", file, n, importRows, done)
		}
		if !done {
			r.cut++
			if n == 0 {
				r.gone++
			}
		}
	}
	return nil
}

func (r *run) verify(ctx context.Context) error {
	out, err := exec.CommandContext(ctx, r.program, "verify", "--db", r.dsn).CombinedOutput()
	if err != nil {
		return fmt.Errorf("cairn verify: %w\n%s", err, out)
	}
	return nil
}
