package development

import (
	"context"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/work"
)

// lookDays is how long it is kept who looked at a shared step.
const lookDays = 365

// Sweep forgets who looked when its year is over.
func (s *Service) Sweep(ctx context.Context, k *work.Keeping) error {
	_, err := k.ExecContext(ctx, `DELETE FROM plan_look WHERE looked_on <= $1`, clock.AddDays(k.Today, -lookDays))
	return err
}
