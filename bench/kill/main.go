// Command kill kills Cairn at random moments while eight writers work, starts it
// again and looks: every id that was answered with 201 is there, no import is there
// by half, and the activity record verifies. Then it kills backups, and one of
// three processes over one database. It runs on SQLite and, where
// CAIRN_TEST_POSTGRES names a server, on PostgreSQL.
//
//	make kill N=100
package main

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx"
)

const writers = 8

func main() {
	log.SetFlags(0)
	n := flag.Int("n", 100, "how often to kill, on each engine")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "seed of the moments")
	program := flag.String("program", "bin/cairn", "the program")
	flag.Parse()
	log.Printf("seed %d", *seed)

	ctx := context.Background()
	dir, err := os.MkdirTemp("", "cairn-kill-")
	if err != nil {
		log.Fatal(err)
	}
	engines := map[string]string{"sqlite": filepath.Join(dir, "kill.db")}
	if admin := os.Getenv("CAIRN_TEST_POSTGRES"); admin != "" {
		if engines["postgres"], err = freshDatabase(ctx, admin); err != nil {
			log.Fatal(err)
		}
	} else {
		log.Print("PostgreSQL is left out: CAIRN_TEST_POSTGRES names no server")
	}
	failed := false
	for name, dsn := range engines {
		r := run{program: *program, dsn: dsn, rand: rand.New(rand.NewPCG(*seed, 1))}
		if err := r.all(ctx, name, *n); err != nil {
			log.Printf("%s: FAILED: %v\n  the database is kept: %s", name, err, dsn)
			failed = true
		}
	}
	if dsn := engines["postgres"]; dsn != "" {
		s := several{program: *program, dsn: dsn, rand: rand.New(rand.NewPCG(*seed, 2))}
		if err := s.checks(ctx, max(nodes, *n/10)); err != nil {
			log.Printf("several processes: FAILED: %v\n  the database is kept: %s", err, dsn)
			failed = true
		}
	}
	if failed {
		os.Exit(1)
	}
	if err := os.RemoveAll(dir); err != nil {
		log.Fatal(err)
	}
}

// all kills writes and imports n times, and backups a fifth as often: while the
// database is small yet, because each is restored and verified.
func (r *run) all(ctx context.Context, name string, n int) error {
	before := max(1, n/20)
	if err := r.kills(ctx, name, before); err != nil {
		return err
	}
	if err := backups(ctx, r.program, r.dsn, r.rand, max(3, n/5)); err != nil {
		return err
	}
	return r.kills(ctx, name, n-before)
}

func freshDatabase(ctx context.Context, admin string) (string, error) {
	db, err := sql.Open("pgx", admin)
	if err != nil {
		return "", err
	}
	defer db.Close()
	name := fmt.Sprintf("cairn_kill_%d", os.Getpid())
	if _, err := db.ExecContext(ctx, `CREATE DATABASE `+name); err != nil {
		return "", err
	}
	u, err := url.Parse(admin)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}
