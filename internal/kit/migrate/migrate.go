// Package migrate brings a database to the schema of this program. Each engine
// has its own folder of migrations with the same numbers.
package migrate

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"cairn/internal/kit/sqldb"
)

//go:embed sqlite/*.sql postgres/*.sql
var files embed.FS

// Up applies what is missing, in order, and gives the version reached. Several
// processes over one PostgreSQL database wait for each other.
func Up(ctx context.Context, db *sqldb.DB) (int64, error) {
	p, err := provider(db)
	if err != nil {
		return 0, err
	}
	if _, err := p.Up(ctx); err != nil {
		return 0, fmt.Errorf("migrate: %w", err)
	}
	return p.GetDBVersion(ctx)
}

// Version gives the version of the database and that of this program.
func Version(ctx context.Context, db *sqldb.DB) (have, want int64, err error) {
	p, err := provider(db)
	if err != nil {
		return 0, 0, err
	}
	if have, err = p.GetDBVersion(ctx); err != nil {
		return 0, 0, fmt.Errorf("migrate: read version: %w", err)
	}
	sources := p.ListSources()
	return have, sources[len(sources)-1].Version, nil
}

// Sum names what an engine's migrations say, in 16 hex digits: two programs with the
// same sum make the same schema.
func Sum(e sqldb.Engine) string {
	h := sha256.New()
	// Reading what is embedded does not fail, nor does writing to a hash.
	names, _ := fs.Glob(files, string(e)+"/*.sql")
	for _, name := range names {
		body, _ := files.ReadFile(name)
		fmt.Fprintf(h, "%s %d\n%s", name, len(body), body)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func provider(db *sqldb.DB) (*goose.Provider, error) {
	folder, err := fs.Sub(files, string(db.Engine))
	if err != nil {
		return nil, err
	}
	var opts []goose.ProviderOption
	dialect := goose.DialectSQLite3
	if db.Engine == sqldb.Postgres {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300)) // asked every second, for five minutes
		if err != nil {
			return nil, err
		}
		opts = append(opts, goose.WithSessionLocker(locker))
	}
	return newProvider(dialect, db.Write, folder, opts)
}

func newProvider(d goose.Dialect, w *sql.DB, folder fs.FS, opts []goose.ProviderOption) (*goose.Provider, error) {
	p, err := goose.NewProvider(d, w, folder, opts...)
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	return p, nil
}
