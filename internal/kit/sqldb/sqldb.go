// Package sqldb opens a SQLite file or a PostgreSQL address behind one door:
// a pool that writes and a pool that reads. It alone, with migrate, knows which
// engine is behind.
package sqldb

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx"
	_ "modernc.org/sqlite"             // registers "sqlite"
)

// Engine names the database behind a DB.
type Engine string

// The two engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Querier reads. Both pools' transactions and the pools themselves are one.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// DB is an open database. On SQLite the writer has one connection, so writers
// queue in the process instead of failing as busy; readers are query-only.
type DB struct {
	Engine Engine
	Write  *sql.DB
	Read   *sql.DB
	path   string
	looked atomic.Int64 // pages of the SQLite file when it was last looked at
}

// EngineOf tells by its address which engine a database has.
func EngineOf(dsn string) Engine {
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		return Postgres
	}
	return SQLite
}

// Open opens a database by its address: a postgres:// URL, or the path of a
// SQLite file, which is made if it is not there.
func Open(ctx context.Context, dsn string) (*DB, error) {
	db := &DB{Engine: EngineOf(dsn)}
	var err error
	if db.Engine == Postgres {
		err = db.openPostgres(dsn)
	} else {
		err = db.openSQLite(dsn)
	}
	if err != nil {
		return nil, err
	}
	if err := db.Write.PingContext(ctx); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	return db, nil
}

// writerCache is what the writer keeps of a SQLite file, in KiB and negative.
const writerCache = "-8000"

func (db *DB) openPostgres(dsn string) (err error) {
	if db.Write, err = sql.Open("pgx", dsn); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	db.Write.SetMaxOpenConns(20)
	db.Write.SetMaxIdleConns(10)
	db.Write.SetConnMaxIdleTime(5 * time.Minute)
	db.Read = db.Write
	return nil
}

func (db *DB) openSQLite(path string) (err error) {
	db.path = path
	// Foreign keys on; WAL so that readers never wait for the writer; FULL so
	// that an answered write survives a power cut; recursive triggers so that
	// REPLACE cannot pass the triggers that protect the activity record.
	common := []string{"busy_timeout(10000)", "foreign_keys(1)", "journal_mode(WAL)", "temp_store(memory)"}
	write := sqliteDSN(path, "immediate", append(common, "synchronous(FULL)", "recursive_triggers(1)", "cache_size("+writerCache+")"))
	read := sqliteDSN(path, "deferred", append(common, "query_only(1)", "cache_size(-4000)"))
	if db.Write, err = sql.Open("sqlite", write); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	db.Write.SetMaxOpenConns(1)
	if db.Read, err = openKeeping(read); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	db.Read.SetMaxOpenConns(readers)
	db.Read.SetMaxIdleConns(readers)
	// A reader nobody needs gives its cache back; one that lives on opens anew now
	// and then, because it knows how the tables were filled when it was opened.
	db.Read.SetConnMaxIdleTime(5 * time.Minute)
	db.Read.SetConnMaxLifetime(time.Hour)
	return nil
}

func sqliteDSN(path, lock string, pragmas []string) string {
	q := url.Values{"_txlock": {lock}, "_pragma": pragmas}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
}

// Widen lets the writer of a SQLite file keep far more of it in memory and carry
// its log over less often, while very much is written; narrow brings it back. On
// PostgreSQL that is the server's own affair.
func (db *DB) Widen(ctx context.Context) (narrow func() error, err error) {
	if db.Engine == Postgres {
		return func() error { return nil }, nil
	}
	_, err = db.Write.ExecContext(ctx, `PRAGMA cache_size = -128000; PRAGMA wal_autocheckpoint = 20000`)
	return func() error {
		_, err := db.Write.ExecContext(context.WithoutCancel(ctx), `PRAGMA cache_size = `+writerCache+`; PRAGMA wal_autocheckpoint = 1000; PRAGMA shrink_memory; PRAGMA wal_checkpoint(TRUNCATE)`)
		return err
	}, err
}

// Optimise lets SQLite look at how its tables are filled, where it has not done
// so or they have grown much since, and choose its indexes by that. PostgreSQL
// does it by itself.
func (db *DB) Optimise(ctx context.Context) error {
	if db.Engine == Postgres {
		return nil
	}
	if _, err := db.Write.ExecContext(ctx, `PRAGMA optimize = 0x10002; PRAGMA shrink_memory`); err != nil {
		return err
	}
	db.forget()
	time.AfterFunc(time.Minute, db.forget)
	pages, err := db.pages(ctx)
	db.looked.Store(pages)
	return err
}

// fewPages is a size, 4 MB, under which any plan is quick.
const fewPages = 1000

// Outgrown reports whether a SQLite file is more than twice as large as when it
// was last looked at.
func (db *DB) Outgrown(ctx context.Context) bool {
	if db.Engine == Postgres {
		return false
	}
	pages, err := db.pages(ctx)
	return err == nil && pages > 2*db.looked.Load() && pages > fewPages
}

func (db *DB) pages(ctx context.Context) (n int64, err error) {
	err = db.Read.QueryRowContext(ctx, `PRAGMA page_count`).Scan(&n)
	return n, err
}

// readers is how many connections read a SQLite file at a time.
const readers = 8

// forget lets the readers go: a connection knows how the tables were filled when
// it was opened, and chooses its indexes by that for as long as it lives. Those
// that are reading now are idle by the second time.
func (db *DB) forget() {
	db.Read.SetMaxIdleConns(-1)
	db.Read.SetMaxIdleConns(readers)
}

// Path is the file of a SQLite database, empty on PostgreSQL.
func (db *DB) Path() string { return db.path }

// Close closes both pools.
func (db *DB) Close() error {
	err := db.Write.Close()
	if db.Read != nil && db.Read != db.Write {
		if e := db.Read.Close(); err == nil {
			err = e
		}
	}
	return err
}

// Micros is how times are stored: microseconds since 1970, UTC.
func Micros(t time.Time) int64 { return t.UnixMicro() }

// Time reads a stored time.
func Time(micros int64) time.Time { return time.UnixMicro(micros).UTC() }
