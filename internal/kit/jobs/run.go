package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"cairn/internal/kit/work"
)

// Handler does a job. It may run more than once for one job: when the process
// ends between its work and the note that it is done.
type Handler func(ctx context.Context, j Job) error

// Runner runs jobs in this process, beside those of other processes.
type Runner struct {
	unit     *work.Unit
	log      *slog.Logger
	handlers map[string]Handler
}

// NewRunner makes a runner that knows some kinds of job.
func NewRunner(u *work.Unit, log *slog.Logger, handlers map[string]Handler) *Runner {
	return &Runner{unit: u, log: log, handlers: handlers}
}

// workers is how many jobs a process runs at a time, and look how often it looks
// for those of others and for those whose time has come.
const (
	workers = 4
	look    = 2 * time.Second
)

// Run works until the context ends, then lets the jobs under way end within the
// grace; what is not done by then is taken over when its lease ends.
func (r *Runner) Run(ctx context.Context, grace time.Duration) {
	hard, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	if err := r.takeBack(ctx); err != nil {
		r.log.Error("jobs", "error", err.Error())
	}
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() { r.worker(ctx, hard) })
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	<-ctx.Done()
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
		stop()
		<-done
	}
}

func (r *Runner) worker(ctx, hard context.Context) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		for ctx.Err() == nil {
			if more, err := r.one(hard); err != nil && hard.Err() == nil {
				r.log.Error("jobs", "error", err.Error())
				break
			} else if !more {
				break
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-r.unit.Later():
		}
	}
}

// Drain runs every job that is due now, for tests and the command line.
func (r *Runner) Drain(ctx context.Context) error {
	for {
		if more, err := r.one(ctx); err != nil || !more {
			return err
		}
	}
}

// one runs the next due job; false if there is none.
func (r *Runner) one(ctx context.Context) (bool, error) {
	j, err := r.claimNext(ctx)
	if err != nil || j == nil {
		return false, err
	}
	running, stop := context.WithCancel(ctx)
	defer stop()
	held := make(chan struct{})
	go func() { defer close(held); r.hold(running, stop, *j) }()
	failed := r.do(running, *j)
	stop()
	<-held
	if failed != nil {
		r.log.Warn("a job failed", "kind", j.Kind, "job", j.ID, "tries", j.Tries, "dead", j.Last(), "error", failed.Error())
	}
	return true, r.finish(context.WithoutCancel(ctx), *j, failed)
}

// hold extends the lease while the job runs, and stops the job if it is lost.
func (r *Runner) hold(ctx context.Context, stop func(), j Job) {
	tick := time.NewTicker(Lease / 4)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if held, err := r.extend(ctx, j); err == nil && !held {
				stop()
				return
			}
		}
	}
}

func (r *Runner) do(ctx context.Context, j Job) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v", v)
		}
	}()
	h, known := r.handlers[j.Kind]
	switch {
	case !known:
		return fmt.Errorf("no handler for %q", j.Kind)
	case j.Tries > MostTries:
		return fmt.Errorf("the job ended its worker %d times", MostTries)
	}
	return h(ctx, j)
}
