package career

import (
	"context"
	"sync"

	"cairn/internal/career/framework"
	"cairn/internal/kit/sqldb"
)

// shipped is the framework that comes with Cairn, read when it is first needed.
var shipped = sync.OnceValues(framework.Default)

// inForce is the framework by which standings are computed.
func (s *Service) inForce(context.Context, sqldb.Querier) (*framework.Framework, error) {
	return shipped()
}
