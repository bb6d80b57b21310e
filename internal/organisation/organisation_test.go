package organisation

import (
	"context"
	"testing"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

func settings(db *sqldb.DB, c *clock.Manual) (*Service, *work.Unit) {
	u := work.New(db, c.Source, authz.NewPolicy(Rules), time.UTC)
	s := NewService(u, time.UTC)
	u.ZoneFrom(s.Zone)
	return s, u
}

func TestTheZoneIsReadAtUseByEveryProcess(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, head := context.Background(), authz.Actor{Person: "h", Role: authz.HeadOfPMO}
		late := time.Date(2026, 11, 24, 23, 30, 0, 0, time.UTC)
		c := clock.NewManual(late, 1)
		one, unit := settings(db, c)
		_, other := settings(db, c)
		if unit.Today() != "2026-11-24" || other.Today() != "2026-11-24" {
			t.Fatalf("before: %s, %s", unit.Today(), other.Today())
		}
		s, err := one.Settings(ctx, head)
		if err != nil {
			t.Fatal(err)
		}
		s.Zone = "Australia/Melbourne"
		if s, err = one.Change(ctx, head, s); err != nil {
			t.Fatal(err)
		}
		if unit.Today() != "2026-11-25" {
			t.Errorf("the process that changed it says %s", unit.Today())
		}
		c.Advance(fresh)
		if other.Today() != "2026-11-25" {
			t.Errorf("another process says %s", other.Today())
		}
		if err := unit.View(ctx, head, func(ctx context.Context, v *work.View) error {
			if v.Today != "2026-11-25" {
				t.Errorf("a reading says %s", v.Today)
			}
			return v.May(ctx, SeeSettings, authz.Instance)
		}); err != nil {
			t.Fatal(err)
		}
		if s.Version != 2 {
			t.Errorf("version %d", s.Version)
		}
	})
}

func TestSettingsRefuseWhatIsWrong(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, head := context.Background(), authz.Actor{Person: "h", Role: authz.HeadOfPMO}
		one, _ := settings(db, clock.NewManual(kittest.Noon, 1))
		was, err := one.Settings(ctx, head)
		if err != nil {
			t.Fatal(err)
		}
		for field, bad := range map[string]func(*Settings){
			"zone":         func(s *Settings) { s.Zone = "Mars/Olympus" },
			"currency":     func(s *Settings) { s.Currency = "POUND" },
			"rating_scale": func(s *Settings) { s.RatingScale = "4" },
			"working_days": func(s *Settings) { s.WorkingDays = nil },
			"holidays":     func(s *Settings) { s.Holidays = []string{"2026-02-30"} },
			"report_day":   func(s *Settings) { s.ReportDay = 0 },
		} {
			s := was
			bad(&s)
			_, err := one.Change(ctx, head, s)
			if f := errs.FieldsOf(err); len(f) != 1 || f[0].Name != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		s := was
		s.Currency, s.Holidays = "eur", []string{"2026-12-25", "2026-01-01", "2026-12-25"}
		if _, err := one.Change(ctx, head, s); err != nil {
			t.Fatal(err)
		}
		if _, err := one.Change(ctx, head, s); !errs.Is(err, errs.Conflict) {
			t.Errorf("a stale version: %v", err)
		}
		now, err := one.Settings(ctx, head)
		if err != nil || now.Currency != "EUR" || len(now.Holidays) != 2 || now.Holidays[0] != "2026-01-01" {
			t.Errorf("stored %+v, %v", now, err)
		}
		if _, err := one.Settings(ctx, authz.Actor{Person: "m", Role: authz.Member}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a member: %v", err)
		}
	})
}

func TestEveryZoneOfTheListIsOne(t *testing.T) {
	if len(Zones()) < 300 {
		t.Fatalf("%d zones", len(Zones()))
	}
	for _, z := range Zones() {
		if _, err := time.LoadLocation(z); err != nil {
			t.Errorf("%s: %v", z, err)
		}
	}
}
