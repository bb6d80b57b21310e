package sqldb

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"cairn/internal/kit/errs"
)

// SQLite's extended result codes (sqlite.org/rescode.html) and PostgreSQL's
// SQLSTATE classes that mean something to a caller.
const (
	sqliteBusy       = 5
	sqliteUnique     = 2067
	sqlitePrimaryKey = 1555
	pgUnique         = "23505"
	pgSerialization  = "40001"
	pgDeadlock       = "40P01"
)

// Translate turns a driver's error into one of the vocabulary: no row is
// NotFound, a broken unique index is Duplicate, a busy database Unavailable.
// Anything else stays as it is, which is Internal.
func Translate(err error) error {
	var e *errs.Error
	if err == nil || errors.As(err, &e) || errors.Is(err, context.Canceled) {
		return err
	}
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return errs.Because(errs.NotFound, err, "There is no such thing, or it is not yours to see.")
	case IsDuplicate(err):
		return errs.Because(errs.Duplicate, err, "This already exists.")
	case isBusy(err):
		return errs.Because(errs.Unavailable, err, "The database is busy. Please try again.")
	}
	return err
}

// IsDuplicate reports whether the error comes from a unique index or primary key.
func IsDuplicate(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == pgUnique
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() == sqliteUnique || lite.Code() == sqlitePrimaryKey
	}
	return false
}

func isBusy(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == pgSerialization || pg.Code == pgDeadlock
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && lite.Code()&0xff == sqliteBusy
}
