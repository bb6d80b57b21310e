package organisation

import (
	"context"
	"sync"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/work"
)

// Service is what people can settle.
type Service struct {
	unit  *work.Unit
	start *time.Location

	mu   sync.Mutex
	held Settings
	zone *time.Location
	read time.Time
}

// NewService makes the service. Start is the zone until one is chosen.
func NewService(u *work.Unit, start *time.Location) *Service {
	return &Service{unit: u, start: start, zone: start}
}

// fresh is how long a process may go on with what it read: so long it takes
// until it sees what another process changed.
const fresh = 2 * time.Second

// current gives the settings and their zone, read again when they are older
// than fresh. While the database does not answer, the last ones stand.
func (s *Service) current() (Settings, *time.Location) {
	now := s.unit.Clock.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.read.IsZero() && now.Sub(s.read).Abs() < fresh {
		return s.held, s.zone
	}
	ctx, cancel := context.WithTimeout(context.Background(), fresh)
	defer cancel()
	found, err := get(ctx, s.unit.DB.Read)
	if err != nil {
		return s.held, s.zone
	}
	s.held, s.read, s.zone = found, now, s.start
	if zone, err := time.LoadLocation(found.Zone); err == nil && found.Zone != "" {
		s.zone = zone
	}
	return s.held, s.zone
}

// Name is the organisation's name, for the corner of the page.
func (s *Service) Name() string {
	held, _ := s.current()
	return held.Name
}

// Zone is the time zone that decides what "today" is.
func (s *Service) Zone() *time.Location {
	_, zone := s.current()
	return zone
}

// Settings shows what is settled.
func (s *Service) Settings(ctx context.Context, who authz.Actor) (out Settings, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeSettings, authz.Instance); err != nil {
			return err
		}
		out, err = get(ctx, v)
		return err
	})
	return out, err
}

// Change settles anew; a stale version is a Conflict. What is the same already
// is not recorded.
func (s *Service) Change(ctx context.Context, who authz.Actor, next Settings) (Settings, error) {
	next = next.tidy()
	err := s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, ChangeSettings, authz.Instance); err != nil {
			return err
		}
		if err := next.check(); err != nil {
			return err
		}
		old, err := get(ctx, tx)
		if err != nil {
			return err
		}
		if old.Version != next.Version {
			return changedMeanwhile()
		}
		changed := next.fields(old)
		if len(changed) == 0 {
			return nil
		}
		tx.Record(Settled{Fields: changed, Zone: next.Zone, Currency: next.Currency, RatingScale: next.RatingScale, WorkingDays: digits(next.WorkingDays), ReportDay: next.ReportDay})
		ok, err := put(ctx, tx, next)
		if err == nil && !ok {
			return changedMeanwhile()
		}
		next.Version++
		return err
	})
	s.mu.Lock()
	s.read = time.Time{}
	s.mu.Unlock()
	return next, err
}

func changedMeanwhile() error {
	return errs.New(errs.Conflict, "Somebody changed the settings meanwhile. Theirs are shown beside yours.")
}

// Clock tells the time in the zone that holds: "24 Nov 2026, 22:05 (UTC)".
func (s *Service) Clock() string {
	now := s.unit.Clock.Now().In(s.Zone())
	return now.Format("2 Jan 2006, 15:04") + " (" + s.Zone().String() + ")"
}
