package governance

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"cairn/internal/governance/method"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Actions raises an action within the unit of work of a finding. The register of
// actions implements it.
type Actions interface {
	RaiseIn(ctx context.Context, tx *work.Tx, a Task) (id string, err error)
}

// Task is an action that a finding or a condition asks for.
type Task struct {
	Project, Title, Detail, Owner string
	Due                           clock.Day
	From                          string // finding, condition
	FromID, FromTitle, FromPath   string
}

// Service is what people can do with governance.
type Service struct {
	unit    *work.Unit
	actions Actions // nil: findings raise none
	bodies  Bodies  // nil: nobody decides for a body
	doors   GateDoors
	papers  Papers // nil: no documents and meetings

	mu      sync.RWMutex
	methods map[string]*method.Method // by id of their version; a version never changes
	asked   map[string]*method.Requirement
	feeds   sync.Map // *method.Fed by version
	needed  sync.Map // map[string]need by version
}

// NewService makes the service.
func NewService(u *work.Unit) *Service {
	return &Service{unit: u, methods: map[string]*method.Method{}, asked: map[string]*method.Requirement{}}
}

// ActionsTo lets findings raise actions.
func (s *Service) ActionsTo(a Actions) { s.actions = a }

// Today is the organisation's calendar date.
func (s *Service) Today() clock.Day { return s.unit.Today() }

// method gives a published version, read once in the life of the process.
func (s *Service) method(ctx context.Context, q sqldb.Querier, version string) (*method.Method, error) {
	s.mu.RLock()
	m := s.methods[version]
	s.mu.RUnlock()
	if m != nil {
		return m, nil
	}
	var text string
	err := q.QueryRowContext(ctx, `SELECT content FROM method_version WHERE id = $1`, version).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errs.Missing("version of the method")
	}
	if err != nil {
		return nil, err
	}
	if m, err = method.Load([]byte(text)); err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.methods[version] = m
	s.mu.Unlock()
	return m, nil
}

// require gives what a version asks of a tier that involves these things.
func (s *Service) require(version string, m *method.Method, tier method.Tier, involves []string) *method.Requirement {
	key := version + " " + m.RequireKey(tier, involves)
	s.mu.RLock()
	r := s.asked[key]
	s.mu.RUnlock()
	if r != nil {
		return r
	}
	r = m.Require(tier, involves)
	s.mu.Lock()
	s.asked[key] = r
	s.mu.Unlock()
	return r
}

// current gives the row that lasts of a project, and its method; nil for both if
// nobody has answered its dial.
func (s *Service) current(ctx context.Context, q sqldb.Querier, project string) (*Governed, *method.Method, error) {
	g, err := governedOn(ctx, q, project)
	if err != nil || g == nil {
		return nil, nil, err
	}
	m, err := s.method(ctx, q, g.Version)
	return g, m, err
}
