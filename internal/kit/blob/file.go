package blob

import (
	"context"
	"io"
	"sync"

	"cairn/internal/kit/sqldb"
)

// File is a file that is here. It is read a part at a time.
type File struct {
	SHA256 string
	Size   int64 // bytes

	id  string
	ctx context.Context //nolint:containedctx // io.ReaderAt takes none, and what is read belongs to one call
	q   sqldb.Querier

	mu    sync.Mutex
	start int64
	part  []byte
}

// Reader reads the file from its beginning.
func (f *File) Reader() io.Reader { return io.NewSectionReader(f, 0, f.Size) }

// ReadAt implements io.ReaderAt.
func (f *File) ReadAt(p []byte, off int64) (n int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for n < len(p) {
		at := off + int64(n)
		if at >= f.Size {
			return n, io.EOF
		}
		if at < f.start || at >= f.start+int64(len(f.part)) {
			f.part = nil // before the next one comes
			err := f.q.QueryRowContext(f.ctx, `SELECT starts_at, content FROM blob_part WHERE blob_id = $1 AND starts_at <= $2 ORDER BY starts_at DESC LIMIT 1`, f.id, at).Scan(&f.start, &f.part)
			if err == nil && at >= f.start+int64(len(f.part)) {
				err = io.ErrUnexpectedEOF
			}
			if err != nil {
				return n, sqldb.Translate(err)
			}
		}
		n += copy(p[n:], f.part[at-f.start:])
	}
	return n, nil
}
