package main

import (
	"context"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"testing"

	"cairn/internal/kit/kittest"
)

// program builds Cairn for a test.
func program(t *testing.T) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "cairn")
	if out, err := exec.CommandContext(context.Background(), "go", "build", "-o", to, "cairn/cmd/cairn").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return to
}

// The short forms of what make kill does at length.
func TestSeveralProcessesOverOneDatabase(t *testing.T) {
	dsn := kittest.PostgresURL(t)
	s := several{program: program(t), dsn: dsn, rand: rand.New(rand.NewPCG(1, 1))}
	if err := s.checks(context.Background(), 2); err != nil {
		t.Fatal(err)
	}
}

func TestKilledWritesImportsAndBackups(t *testing.T) {
	cairn, dsn := program(t), filepath.Join(t.TempDir(), "kill.db")
	r := run{program: cairn, dsn: dsn, rand: rand.New(rand.NewPCG(1, 1))}
	if err := r.kills(context.Background(), "sqlite", 3); err != nil {
		t.Error(err)
	}
	if err := backups(context.Background(), cairn, dsn, r.rand, 3); err != nil {
		t.Error(err)
	}
}

// Processes that start at the same moment on an empty database wait for each
// other's migration, and each finds the schema made.
func TestMigrationsWaitForEachOther(t *testing.T) {
	cairn, dsn := program(t), kittest.PostgresURL(t)
	failed := make(chan error, nodes)
	for range nodes {
		go func() { failed <- exec.CommandContext(context.Background(), cairn, "migrate", "--db", dsn).Run() }()
	}
	for range nodes {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	p, err := start(context.Background(), cairn, dsn)
	if err != nil {
		t.Fatal(err)
	}
	p.kill()
}
