package identity

import (
	"context"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/work"
)

// Try counts a try at something that can be guessed, such as another feature's link,
// as a try to sign in is counted, and gives the error of too many.
func (s *Service) Try(ctx context.Context, kind, value string) error {
	var limited bool
	err := s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) (err error) {
		limited, err = tooMany(ctx, k, bucketOf(kind, value), mostFromPlace, wait)
		return err
	})
	if err == nil && limited {
		err = errs.New(errs.TooMany, "Too many attempts. Please wait a quarter of an hour.")
	}
	return err
}
