package main

import (
	"context"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// kept is the name of what is backed up to: it says nothing that a refusal says.
const kept = "kept.zip"

// backups kills cairn backup n times at random moments. A file that carries the
// archive's name must be whole, and of what else lies there restore takes only
// what is whole: it is refused, or restores a database that verifies.
func backups(ctx context.Context, program, dsn string, r *rand.Rand, n int) error {
	dir, err := os.MkdirTemp("", "cairn-kill-backup-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a temporary folder
	whole := filepath.Join(dir, "whole.zip")
	began := time.Now()
	if out, err := exec.CommandContext(ctx, program, "backup", whole, "--db", dsn).CombinedOutput(); err != nil {
		return fmt.Errorf("cairn backup: %w\n%s", err, out)
	}
	usual := time.Since(began)
	var finished, torn, nothing int
	for i := range n {
		to := filepath.Join(dir, fmt.Sprintf("%d", i), kept)
		if err := os.Mkdir(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		cmd := exec.CommandContext(ctx, program, "backup", to, "--db", dsn)
		if err := cmd.Start(); err != nil {
			return err
		}
		<-time.After(time.Duration(r.Int64N(int64(usual) * 11 / 10)))
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()         // says that it was killed
		left, err := os.ReadDir(filepath.Dir(to))
		if err != nil {
			return err
		}
		if len(left) == 0 {
			nothing++
		}
		for _, f := range left {
			accepted, err := restores(ctx, program, filepath.Join(filepath.Dir(to), f.Name()))
			switch {
			case err != nil:
				return err
			case accepted:
				finished++
			case f.Name() == kept:
				return fmt.Errorf("after kill %d a torn file carries the archive's name", i+1)
			default:
				torn++
			}
		}
		if err := os.RemoveAll(filepath.Dir(to)); err != nil { // what was restored is as large as the database
			return err
		}
	}
	log.Printf("backup: ok: %d kills left %d whole archives, %d torn files that restore refuses, and %d times nothing", n, finished, torn, nothing)
	return nil
}

// restores reports whether restore accepts a file; what it accepts must verify.
func restores(ctx context.Context, program, file string) (bool, error) {
	db := file + ".db"
	out, err := exec.CommandContext(ctx, program, "restore", file, "--db", db).CombinedOutput()
	if err != nil {
		if !strings.Contains(string(out), "archive") {
			return false, fmt.Errorf("cairn restore fails and does not say that it is the archive: %w\n%s", err, out)
		}
		return false, nil
	}
	if out, err := exec.CommandContext(ctx, program, "verify", "--db", db).CombinedOutput(); err != nil {
		return true, fmt.Errorf("what was restored does not verify: %w\n%s", err, out)
	}
	return true, nil
}
