package document

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"

	"cairn/internal/kit/errs"
)

// BrokenFile is a file that is not what a version of a document says.
type BrokenFile struct{ SHA256, Why string }

// CheckFiles reads every file that a version refers to and compares it with its
// hash. It is for the operator, and asks nobody.
func (s *Service) CheckFiles(ctx context.Context) (checked int, broken []BrokenFile, err error) {
	hashes, err := s.referred(ctx)
	if err != nil {
		return 0, nil, err
	}
	for _, h := range hashes {
		f, err := s.blobs.Open(ctx, h)
		if errs.Is(err, errs.NotFound) {
			broken = append(broken, BrokenFile{h, "it is not there"})
			continue
		}
		if err != nil {
			return checked, broken, err
		}
		sum := sha256.New()
		switch _, err := io.Copy(sum, f.Reader()); {
		case errs.Is(err, errs.Internal) && ctx.Err() != nil:
			return checked, broken, err
		case err != nil:
			broken = append(broken, BrokenFile{h, "it cannot be read to its end"})
		case hex.EncodeToString(sum.Sum(nil)) != h:
			broken = append(broken, BrokenFile{h, "its content is not what its hash says"})
		default:
			checked++
		}
	}
	return checked, broken, nil
}

func (s *Service) referred(ctx context.Context) (out []string, err error) {
	rows, err := s.unit.DB.Read.QueryContext(ctx, `SELECT DISTINCT v.sha256 FROM document_version v WHERE v.form = 'file' AND v.erased <> TRUE ORDER BY v.sha256`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var h string
		if err := rows.Scan(&h); err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, rows.Err()
}
