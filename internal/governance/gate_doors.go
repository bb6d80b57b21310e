package governance

import (
	"context"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// GateDoors are what gates take from other features. Each may be nil: then people
// are named by hand, and what cannot be read is said to be unknown.
type GateDoors struct {
	Bodies    GateBodies
	Decisions Decisions
	Phases    Phases
}

// GatesWith gives gates what they take from other features.
func (s *Service) GatesWith(d GateDoors) { s.doors = d }

// BodySeat is a place in a governing body on a day.
type BodySeat struct {
	Person, Side string
	Chair        bool
}

// GateBodies knows who decides for a project.
type GateBodies interface {
	// For gives the body that plays a role of the method for a project (its
	// steering group, the portfolio board above it); empty if there is none.
	For(ctx context.Context, q sqldb.Querier, project, role string) (id, name string, err error)
	// Seats gives who sits in a body on a day.
	Seats(ctx context.Context, q sqldb.Querier, body string, day clock.Day) ([]BodySeat, error)
	// Names gives the names of bodies.
	Names(ctx context.Context, q sqldb.Querier, bodies []string) (map[string]string, error)
}

// Decided is a gate decision for the register of decisions.
type Decided struct {
	Project, Review, Body, By string
	Title, Words              string
	On                        clock.Day
	Path                      string
}

// Decisions is the register of all decisions.
type Decisions interface {
	DecideIn(ctx context.Context, tx *work.Tx, d Decided) (id string, err error)
}

// Phases lets the register follow the phase that a gate opens.
type Phases interface {
	PhaseIn(ctx context.Context, tx *work.Tx, project string, from clock.Day, phase string) error
}

// bodyFor finds the body that decides and who sits in it; nothing when bodies are
// not known.
func (s *Service) bodyFor(ctx context.Context, q sqldb.Querier, project, role, planned string, day clock.Day) (id string, seats []BodySeat, err error) {
	if s.doors.Bodies == nil {
		return planned, nil, nil
	}
	if id = planned; id == "" {
		if id, _, err = s.doors.Bodies.For(ctx, q, project, role); err != nil || id == "" {
			return "", nil, err
		}
	}
	seats, err = s.doors.Bodies.Seats(ctx, q, id, day)
	return id, seats, err
}

// bodyNames names bodies; without a source none has a name.
func (s *Service) bodyNames(ctx context.Context, q sqldb.Querier, bodies []string) (map[string]string, error) {
	if s.doors.Bodies == nil || len(bodies) == 0 {
		return map[string]string{}, nil
	}
	return s.doors.Bodies.Names(ctx, q, bodies)
}
