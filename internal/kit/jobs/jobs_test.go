package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/jobs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

func unit(db *sqldb.DB, src *clock.Source) *work.Unit {
	return work.New(db, src, authz.NewPolicy(), time.UTC, jobs.KeepTables...)
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func enqueue(t *testing.T, u *work.Unit, list ...jobs.Job) {
	t.Helper()
	if err := u.Keep(context.Background(), func(ctx context.Context, k *work.Keeping) error {
		for _, j := range list {
			if err := jobs.Enqueue(ctx, k, j); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, db *sqldb.DB, query string) (n int) {
	t.Helper()
	if err := db.Read.QueryRow(query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSeveralProcessesRunEachJobOnce(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		src := clock.NewManual(kittest.Noon, 1).Source
		var list []jobs.Job
		for i := range 60 {
			list = append(list, jobs.Job{Kind: "count", Payload: fmt.Sprint(i), Lane: []string{"", "a", "b"}[i%3], Place: int64(i)})
		}
		enqueue(t, unit(db, src), list...)
		var mu sync.Mutex
		ran, lanes := map[string]int{}, map[string][]int64{}
		handlers := map[string]jobs.Handler{"count": func(_ context.Context, j jobs.Job) error {
			mu.Lock()
			defer mu.Unlock()
			ran[j.Payload]++
			lanes[j.Lane] = append(lanes[j.Lane], j.Place)
			return nil
		}}
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				r := jobs.NewRunner(unit(db, src), quiet(), handlers)
				for count(t, db, `SELECT COUNT(*) FROM job`) > 0 {
					if err := r.Drain(context.Background()); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		if len(ran) != 60 {
			t.Errorf("%d of 60 jobs ran", len(ran))
		}
		for p, n := range ran {
			if n != 1 {
				t.Errorf("job %s ran %d times", p, n)
			}
		}
		for _, lane := range []string{"a", "b"} {
			if !slices.IsSorted(lanes[lane]) {
				t.Errorf("lane %s ran as %v", lane, lanes[lane])
			}
		}
	})
}

func TestAJobExistsOnlyIfItsTransactionDoes(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		u := unit(db, clock.NewManual(kittest.Noon, 1).Source)
		undo := errors.New("undo")
		if err := u.Keep(context.Background(), func(ctx context.Context, k *work.Keeping) error {
			return errors.Join(jobs.Enqueue(ctx, k, jobs.Job{Kind: "x"}), undo)
		}); !errors.Is(err, undo) {
			t.Fatal(err)
		}
		if n := count(t, db, `SELECT COUNT(*) FROM job`); n != 0 {
			t.Errorf("%d jobs of a transaction that was undone", n)
		}
		enqueue(t, u, jobs.Job{ID: "one", Kind: "x"}, jobs.Job{ID: "one", Kind: "x"})
		if n := count(t, db, `SELECT COUNT(*) FROM job`); n != 1 {
			t.Errorf("%d jobs of one id", n)
		}
	})
}

func TestFailuresPauseLongerAndEnd(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		c := clock.NewManual(kittest.Noon, 1)
		u := unit(db, c.Source)
		tries := 0
		r := jobs.NewRunner(u, quiet(), map[string]jobs.Handler{"bad": func(context.Context, jobs.Job) error {
			if tries++; tries == 3 {
				panic("on the third")
			}
			return errors.New("no")
		}})
		enqueue(t, u, jobs.Job{Kind: "bad"})
		var last time.Duration
		for n := 1; n <= jobs.MostTries; n++ {
			if err := r.Drain(context.Background()); err != nil {
				t.Fatal(err)
			}
			if tries != n {
				t.Fatalf("after try %d there were %d", n, tries)
			}
			var due int64
			if err := db.Read.QueryRow(`SELECT due_at FROM job`).Scan(&due); err != nil {
				t.Fatal(err)
			}
			pause := sqldb.Time(due).Sub(c.Now())
			if pause < last && pause < jobs.LongestPause {
				t.Errorf("pause %v after %v", pause, last)
			}
			last = pause
			c.Set(sqldb.Time(due))
		}
		if n := count(t, db, `SELECT COUNT(*) FROM job WHERE dead = TRUE AND error = 'no'`); n != 1 {
			t.Errorf("%d dead jobs", n)
		}
		c.Advance(time.Hour * 100)
		if err := r.Drain(context.Background()); err != nil || tries != jobs.MostTries {
			t.Errorf("a dead job was tried again: %d, %v", tries, err)
		}
	})
}

// TestHangingWorker is the process that TestAKilledWorkerLosesItsJob kills.
func TestHangingWorker(t *testing.T) {
	dsn := os.Getenv("CAIRN_TEST_HANG")
	if dsn == "" {
		t.Skip("only as a process of its own")
	}
	db, err := sqldb.Open(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	r := jobs.NewRunner(unit(db, clock.System()), quiet(), map[string]jobs.Handler{"hang": func(ctx context.Context, _ jobs.Job) error {
		fmt.Println("begun")
		<-ctx.Done()
		return ctx.Err()
	}})
	_ = r.Drain(context.Background())
}

func TestAKilledWorkerLosesItsJob(t *testing.T) {
	for name, dsn := range map[string]string{"sqlite": t.TempDir() + "/cairn.db", "postgres": ""} {
		t.Run(name, func(t *testing.T) {
			if dsn == "" {
				dsn = kittest.PostgresURL(t)
			}
			db := kittest.OpenDB(t, dsn)
			now := clock.NewManual(clock.System().Now(), 1)
			u := unit(db, now.Source)
			enqueue(t, u, jobs.Job{Kind: "hang", Lane: "l", Place: 1}, jobs.Job{Kind: "hang", Lane: "l", Place: 2})
			cmd := exec.Command(os.Args[0], "-test.run=^TestHangingWorker$")
			cmd.Env = append(os.Environ(), "CAIRN_TEST_HANG="+dsn)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			said := make([]byte, 5)
			if _, err := out.Read(said); err != nil || !strings.HasPrefix(string(said), "begun") {
				t.Errorf("the worker said %q, %v", said, err)
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // it was killed
			var ran []int64
			r := jobs.NewRunner(u, quiet(), map[string]jobs.Handler{"hang": func(_ context.Context, j jobs.Job) error {
				ran = append(ran, j.Place*10+int64(j.Tries))
				return nil
			}})
			if err := r.Drain(context.Background()); err != nil || len(ran) != 0 {
				t.Errorf("its lease was not kept: %v, %v", ran, err)
			}
			now.Set(clock.System().Now().Add(jobs.Lease + time.Minute))
			if err := r.Drain(context.Background()); err != nil || !slices.Equal(ran, []int64{12, 21}) {
				t.Errorf("taken over: %v (want the first again, then the second), %v", ran, err)
			}
		})
	}
}

func TestRunEndsWithItsContextAndLetsJobsEnd(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		u := unit(db, clock.NewManual(kittest.Noon, 1).Source)
		begun, end, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
		r := jobs.NewRunner(u, quiet(), map[string]jobs.Handler{"slow": func(ctx context.Context, _ jobs.Job) error {
			close(begun)
			<-end
			return ctx.Err()
		}})
		enqueue(t, u, jobs.Job{Kind: "slow"})
		ctx, stop := context.WithCancel(context.Background())
		go func() { defer close(ended); r.Run(ctx, time.Minute) }()
		<-begun
		stop()
		close(end)
		<-ended
		if n := count(t, db, `SELECT COUNT(*) FROM job`); n != 0 {
			t.Errorf("the job under way was not finished: %d left", n)
		}
	})
}

func TestAJobWakesTheWorkersOfItsProcess(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		u := unit(db, clock.NewManual(kittest.Noon, 1).Source)
		woken := func() bool {
			select {
			case <-u.Later():
				return true
			default:
				return false
			}
		}
		enqueue(t, u)
		if woken() {
			t.Error("woken for nothing")
		}
		enqueue(t, u, jobs.Job{Kind: "count"})
		if !woken() {
			t.Error("a job that was enqueued woke nobody")
		}
		if err := jobs.NewRunner(u, quiet(), map[string]jobs.Handler{"count": func(context.Context, jobs.Job) error { return nil }}).Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
		if woken() {
			t.Error("a job that was done woke somebody")
		}
	})
}
