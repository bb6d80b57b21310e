package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"sync"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
	"cairn/internal/transfer/sheet"
)

// A file of up to directRows rows in directBytes is tried and applied within the
// request; a larger one by jobs, whose progress its owner sees.
const (
	directRows  = 2_000
	directBytes = 1 << 20
)

// partBytes is how much of a file is held at a time, on its way in and out.
const partBytes = 512 << 10

// Stage keeps an uploaded file as it arrives, part by part, with the plan that
// Cairn proposes or that of a remembered profile whose source the file seems to
// be of. With a wish it is read as that says, by a job.
func (s *Service) Stage(ctx context.Context, who authz.Actor, kind, name string, content io.Reader, w *Wish) (id string, err error) {
	if err := s.may(ctx, who); err != nil {
		return "", err
	}
	if _, err := s.Fields(ctx, who, kind); err != nil {
		return "", err
	}
	u, err := s.receive(ctx, who, kind, name, content)
	if err != nil {
		return "", err
	}
	if err := s.arrived(ctx, who, u, w); err != nil {
		return "", errors.Join(err, s.drop(context.WithoutCancel(ctx), u.ID))
	}
	return u.ID, nil
}

// Receive keeps a file as it arrives for one who waits until it is read, and opens
// it; forget drops it, and so does time if a process ends before that.
func (s *Service) Receive(ctx context.Context, who authz.Actor, name string, content io.Reader) (src Source, forget func(), err error) {
	if err := s.may(ctx, who); err != nil {
		return src, nil, err
	}
	u, err := s.receive(ctx, who, Projects, name, content)
	if err != nil {
		return src, nil, err
	}
	forget = func() { _ = s.drop(context.WithoutCancel(ctx), u.ID) } // what stays goes with the next that comes
	if src, err = s.Open(ctx, u); err != nil {
		forget()
	}
	return src, forget, err
}

// receive writes down that a file arrives, and its content.
func (s *Service) receive(ctx context.Context, who authz.Actor, kind, name string, content io.Reader) (u Upload, err error) {
	u = Upload{File: name, Plan: Plan{Kind: kind}}
	err = s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		if _, err := k.ExecContext(ctx, `DELETE FROM transfer_upload WHERE uploaded_at < $1`, sqldb.Micros(k.Now.Add(-uploadLife))); err != nil {
			return err
		}
		u.ID = k.NewID()
		_, err := k.ExecContext(ctx, `INSERT INTO transfer_upload (id, person_id, file_name, sha256, plan, uploaded_at, state, kind) VALUES ($1, $2, $3, '', '', $4, 'arriving', $5)`,
			u.ID, who.Person, name, sqldb.Micros(k.Now), kind)
		return err
	})
	if err != nil {
		return u, err
	}
	if err = s.arrive(ctx, &u, content); err == nil && u.Size == 0 {
		err = errs.OnField("file", "The file is empty.")
	}
	if err != nil {
		return u, errors.Join(err, s.drop(context.WithoutCancel(ctx), u.ID))
	}
	return u, nil
}

func (s *Service) drop(ctx context.Context, id string) error {
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		_, err := k.ExecContext(ctx, `DELETE FROM transfer_upload WHERE id = $1`, id)
		return err
	})
}

// arrive writes the content down as it comes.
func (s *Service) arrive(ctx context.Context, u *Upload, content io.Reader) error {
	sum := sha256.New()
	part := make([]byte, partBytes)
	for {
		n, ended, err := fill(content, part)
		if err != nil {
			broken := errs.OnField("file", "The file did not arrive whole. Send it again.")
			broken.Err = err
			return broken
		}
		if n > 0 {
			_, _ = sum.Write(part[:n]) // a hash takes everything
			if err := s.keepPart(ctx, u.ID, u.Size, part[:n]); err != nil {
				return err
			}
		}
		if u.Size += int64(n); u.Size > sheet.MaxBytes {
			return errs.OnField("file", "The file has more than %d MB. Split it, or save the one sheet as .csv.", sheet.MaxBytes>>20)
		}
		if ended {
			u.sha = hex.EncodeToString(sum.Sum(nil))
			return nil
		}
	}
}

// fill reads until the part is full or the file ends. One that breaks off is no
// file that ends: half a register would say that the rest is gone.
func fill(from io.Reader, part []byte) (n int, ended bool, err error) {
	for n < len(part) {
		m, err := from.Read(part[n:])
		if n += m; err == io.EOF {
			return n, true, nil
		}
		if err != nil {
			return n, false, err
		}
	}
	return n, false, nil
}

func (s *Service) keepPart(ctx context.Context, id string, at int64, part []byte) error {
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		_, err := k.ExecContext(ctx, `INSERT INTO transfer_part (upload_id, starts_at, content) VALUES ($1, $2, $3)`, id, at, part)
		return err
	})
}

// arrived decides who sees to a file: the request, or a job.
func (s *Service) arrived(ctx context.Context, who authz.Actor, u Upload, w *Wish) error {
	plan, wish, behind := "", "", w != nil || u.Size > directBytes
	if w != nil {
		b, err := json.Marshal(w)
		if err != nil {
			return err
		}
		wish = string(b)
	}
	if !behind {
		p, rows, err := s.look(ctx, who, u)
		if err != nil {
			return err
		}
		if plan, err = encode(p); err != nil {
			return err
		}
		behind = rows > directRows
	}
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		return s.begin(ctx, k, TryJob, u.ID, `UPDATE transfer_upload SET sha256 = $1, size = $2, plan = $3, wish = $4, behind = $5, run = run + 1,
				state = CASE WHEN $5 = TRUE THEN 'trying' ELSE 'waiting' END
			WHERE id = $6 AND person_id = $7 AND state = 'arriving' RETURNING run, behind`, u.sha, u.Size, plan, wish, behind, u.ID, who.Person)
	})
}

// look proposes a plan for a file and counts its rows, as far as that decides.
func (s *Service) look(ctx context.Context, who authz.Actor, u Upload) (p Plan, rows int, err error) {
	src, err := s.Open(ctx, u)
	if err != nil {
		return p, 0, err
	}
	if p, err = s.planOf(ctx, who, src, u.Plan.Kind, ""); err != nil {
		return p, 0, err
	}
	for _, err := range src.Rows(p.Sheet) {
		if err != nil {
			return p, rows, err
		}
		if rows++; rows > directRows {
			break
		}
	}
	return p, rows, nil
}

// Open opens a staged file, corrected where its owner did. Who may is settled by
// Upload.
func (s *Service) Open(ctx context.Context, u Upload) (src Source, err error) {
	src = Source{SHA256: u.sha, Fixes: u.Fixes}
	src.File, err = sheet.Open(&stored{ctx: ctx, q: s.unit.DB.Read, id: u.ID, size: u.Size}, u.Size, u.File)
	return src, err
}

// stored reads a staged file, a part at a time.
type stored struct {
	ctx  context.Context //nolint:containedctx // io.ReaderAt takes none, and what is read belongs to one call
	q    sqldb.Querier
	id   string
	size int64

	mu    sync.Mutex
	start int64
	part  []byte
}

// ReadAt implements io.ReaderAt.
func (f *stored) ReadAt(p []byte, off int64) (n int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for n < len(p) {
		at := off + int64(n)
		if at >= f.size {
			return n, io.EOF
		}
		if at < f.start || at >= f.start+int64(len(f.part)) {
			if err := f.load(at); err != nil {
				return n, err
			}
		}
		n += copy(p[n:], f.part[at-f.start:])
	}
	return n, nil
}

func (f *stored) load(at int64) error {
	f.part = nil // before the next one comes
	err := f.q.QueryRowContext(f.ctx, `SELECT starts_at, content FROM transfer_part WHERE upload_id = $1 AND starts_at <= $2 ORDER BY starts_at DESC LIMIT 1`, f.id, at).Scan(&f.start, &f.part)
	if err == nil && at >= f.start+int64(len(f.part)) {
		err = io.ErrUnexpectedEOF
	}
	return sqldb.Translate(err)
}

// planOf proposes a plan for a worksheet of an uploaded file, or gives that of a
// remembered profile whose source the file seems to be of.
func (s *Service) planOf(ctx context.Context, who authz.Actor, src Source, kind, sheet string) (Plan, error) {
	source := SourceOf(src.Name)
	var kept *Plan
	if known, err := s.Profile(ctx, who, kind, source); err == nil {
		kept = &known
	} else if !errs.Is(err, errs.Invalid) {
		return Plan{}, err
	}
	fields, err := s.Fields(ctx, who, kind)
	if err != nil {
		return Plan{}, err
	}
	p, err := proposeAs(src.File, sheet, fields, kept)
	if p.Plan.Kind = kind; p.Plan.Source == "" {
		p.Plan.Source = source
	}
	return p.Plan, err
}

func (s *Service) may(ctx context.Context, who authz.Actor) error {
	return s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error { return v.May(ctx, Import, authz.Instance) })
}
