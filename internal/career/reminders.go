package career

import (
	"context"

	"cairn/internal/kit/sqldb"
)

// AllAsked reads every request that waits for a colleague's answer, in one query. It
// is for reminders alone, each of which goes to the colleague who was asked.
func (s *Service) AllAsked(ctx context.Context, q sqldb.Querier) ([]Attestation, error) {
	return attestations(ctx, q, `a.state = 'asked' AND a.attester_id <> ''`)
}
