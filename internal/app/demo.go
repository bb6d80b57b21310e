package app

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"cairn/internal/app/demo"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

// OpenDemo opens the demonstration organisation, making it if the database is
// new. A database that the demonstration did not make is refused. Progress is
// told as it goes.
func OpenDemo(ctx context.Context, cfg Config, projects int, say func(string)) (*App, error) {
	cfg.Demo = true
	a, err := Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	made, err := a.setting(ctx, "demo")
	if err == nil && made == "" {
		err = a.seed(ctx, projects, say)
	}
	if err != nil {
		_ = a.Close() // the first error is the one to tell
		return nil, err
	}
	return a, nil
}

// seedMemory is from how many bytes on memory is collected more eagerly while the
// demonstration is made; what SQLite keeps comes on top.
const seedMemory = 192 << 20

// seed makes the demonstration through the services, on a clock that walks
// through three years and ends now.
func (a *App) seed(ctx context.Context, projects int, say func(string)) error {
	var people, unfinished int
	if err := a.Store.Read.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM person) + (SELECT seq FROM activity_head), (SELECT COUNT(*) FROM instance)`).Scan(&people, &unfinished); err != nil {
		return err
	}
	if people > 0 {
		if unfinished > 0 {
			return errs.New(errs.Invalid, "The demonstration in this database was not finished. Delete it, or name another with --db.")
		}
		return errs.New(errs.Invalid, "This database was not made by the demonstration. Name another with --db; nothing was changed.")
	}
	if err := a.set(ctx, "organisation", demo.Organisation); err != nil {
		return err
	}
	began := a.Clock.Now()
	past := clock.NewManual(a.Clock.Now(), demo.Seed)
	cfg := a.Config
	cfg.Clock = past.Source
	b := build(cfg, a.Store)
	narrow, err := a.Store.Widen(ctx)
	if err != nil {
		return err
	}
	// Much is made and little kept: seldom collected, but for what a large one keeps.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(seedMemory))
	w := b.world(past, a.Clock.Now(), projects)
	w.Say = say
	err = demo.Make(ctx, w)
	if err = errors.Join(err, narrow(), a.Store.Optimise(ctx)); err != nil {
		return fmt.Errorf("make the demonstration: %w", err)
	}
	if err := settle(ctx, a); err != nil { // its own, which then knows them at once
		return err
	}
	if err := a.CatchUp(ctx); err != nil {
		return err
	}
	say(fmt.Sprintf("ready after %s", a.Clock.Now().Sub(began).Round(100*time.Millisecond)))
	return a.set(ctx, "demo", "1")
}

// world is what the demonstration is made with: all features, on a clock that can
// be set.
func (a *App) world(at *clock.Manual, now time.Time, projects int) demo.World {
	return demo.World{
		Clock: at, Now: now, Zone: a.Zone, Projects: projects, Say: func(string) {}, Together: a.Unit.Batch,
		People: a.People, Portfolio: a.Portfolio, Reporting: a.Reporting, Exchange: a.Exchange,
		Documents:     a.Documents,
		Raid:          a.Raid,
		Bodies:        a.Bodies,
		Opportunities: a.Opportunities,
		Development:   a.Development,
		Mentoring:     a.Mentoring,
		Career:        a.Career,
		Transfer:      a.Transfer,
		Governance:    a.Governance,
		Opposites:     a.Opposites,
		CPD:           a.CPD,
	}
}

// settle says what the demonstration organisation has settled.
func settle(ctx context.Context, a *App) error {
	s, err := a.Organisation.Settings(ctx, authz.AtCommandLine())
	if err != nil {
		return err
	}
	s.Name, s.Currency = demo.Organisation, "GBP"
	_, err = a.Organisation.Change(ctx, authz.AtCommandLine(), s)
	return err
}
