// Package blob keeps files in the database by their content: each content once,
// in parts, so that nobody holds a file whole, and so that one backup has all.
package blob

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"io"
	"time"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// KeepTables are the tables of this package: a file alone changes nothing, what
// refers to it does.
var KeepTables = []string{"blob", "blob_part"}

// Life is how long a file stays that nothing refers to.
const Life = 24 * time.Hour

// partBytes is how much of a file is held at a time, on its way in and out.
const partBytes = 512 << 10

// Store keeps files.
type Store struct{ unit *work.Unit }

// New makes a store.
func New(u *work.Unit) *Store { return &Store{u} }

// Put keeps a file of at most so many bytes. Before it counts, accept looks at
// it; a file that is refused, or that does not arrive whole, leaves nothing.
func (s *Store) Put(ctx context.Context, content io.Reader, most int64, accept func(*File) error) (*File, error) {
	f := &File{id: s.unit.Clock.NewID(), ctx: ctx, q: s.unit.DB.Read}
	err := s.exec(ctx, `INSERT INTO blob (id, sha256, size, put_at) VALUES ($1, '', 0, $2)`, f.id, sqldb.Micros(s.unit.Clock.Now()))
	if err == nil {
		err = s.arrive(ctx, f, content, most)
	}
	if err == nil {
		err = accept(f)
	}
	if err == nil {
		if err = s.settle(ctx, f); sqldb.IsDuplicate(err) { // the same content came at the same moment
			err = s.settle(ctx, f)
		}
	}
	if err != nil {
		return nil, errors.Join(err, s.exec(context.WithoutCancel(ctx), dropped, f.id))
	}
	return f, nil
}

const dropped = `DELETE FROM blob WHERE id = $1`

func (s *Store) exec(ctx context.Context, query string, args ...any) error {
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		_, err := k.ExecContext(ctx, query, args...)
		return err
	})
}

func (s *Store) arrive(ctx context.Context, f *File, content io.Reader, most int64) error {
	sum, part := sha256.New(), make([]byte, partBytes)
	for {
		n, err := io.ReadFull(content, part)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		if f.Size+int64(n) > most {
			return errs.OnField("file", "The file has more than %d MB, which is the limit here.", most>>20)
		}
		if n > 0 {
			_, _ = sum.Write(part[:n]) // a hash takes everything
			if err := s.exec(ctx, `INSERT INTO blob_part (blob_id, starts_at, content) VALUES ($1, $2, $3)`, f.id, f.Size, part[:n]); err != nil {
				return err
			}
		}
		if f.Size += int64(n); n < partBytes {
			f.SHA256 = hex.EncodeToString(sum.Sum(nil))
			return nil
		}
	}
}

// settle names the file by its content; if that is here already, it is that one.
func (s *Store) settle(ctx context.Context, f *File) error {
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		res, err := k.ExecContext(ctx, `UPDATE blob SET put_at = $1 WHERE sha256 = $2`, sqldb.Micros(k.Now), f.SHA256)
		if err != nil {
			return err
		}
		there, err := res.RowsAffected()
		if err == nil && there > 0 {
			_, err = k.ExecContext(ctx, dropped, f.id)
		} else if err == nil {
			_, err = k.ExecContext(ctx, `UPDATE blob SET sha256 = $1, size = $2 WHERE id = $3`, f.SHA256, f.Size, f.id)
		}
		return err
	})
}

// Open opens a file by its hash. Who may is settled by what refers to it.
func (s *Store) Open(ctx context.Context, hash string) (*File, error) {
	f := &File{SHA256: hash, ctx: ctx, q: s.unit.DB.Read}
	err := f.q.QueryRowContext(ctx, `SELECT id, size FROM blob WHERE sha256 = $1 AND sha256 <> ''`, hash).Scan(&f.id, &f.Size)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errs.Missing("file")
	}
	return f, sqldb.Translate(err)
}

// Erase removes files within a unit of work; their hashes stay where they stand.
func Erase(ctx context.Context, tx *work.Tx, hashes []string) error {
	var args sqldb.Args
	_, err := tx.ExecContext(ctx, `DELETE FROM blob WHERE sha256 IN (`+args.List(hashes)+`)`, args.Values()...)
	return err
}

// Sweep removes files that were put a day ago and that nothing refers to.
// Referred is a query of the code that lists the hashes in use.
func Sweep(ctx context.Context, k *work.Keeping, referred string) error {
	_, err := k.ExecContext(ctx, `DELETE FROM blob WHERE put_at < $1 AND (sha256 = '' OR sha256 NOT IN (`+referred+`))`, sqldb.Micros(k.Now.Add(-Life)))
	return err
}
