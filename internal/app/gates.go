package app

import (
	"context"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/work"
	"cairn/internal/portfolio"
)

// registerPhase lets the register follow the phase that a gate opens.
type registerPhase struct{ projects *portfolio.Service }

// PhaseIn implements governance.Phases.
func (r registerPhase) PhaseIn(ctx context.Context, tx *work.Tx, project string, from clock.Day, phase string) error {
	return r.projects.PhasedIn(ctx, tx, project, from, phase)
}
