package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"cairn/internal/app"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/migrate"
	"cairn/internal/kit/sqldb"
)

type demoCmd struct {
	DB       string `help:"Database of the demonstration: a SQLite file, or a postgres:// address. One that the demonstration did not make is refused." env:"CAIRN_DEMO_DB" default:"cairn-demo.db" placeholder:"FILE|URL"`
	Listen   string `help:"Address to listen on." env:"CAIRN_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Projects int    `help:"How many projects the organisation has." default:"210"`
	Later    int    `help:"How many days have passed since: to live through what takes weeks. It only goes forward with a demonstration that is kept." name:"days-later" default:"0"`
	Zone     string `help:"Time zone that decides what today is." name:"tz" env:"CAIRN_TZ" default:"UTC" placeholder:"AREA/CITY"`
	Log      string `help:"Least level of the log." env:"CAIRN_LOG" default:"warn" enum:"debug,info,warn,error"`
	calling
	keeping
}

// mostLater is three years, as far as the demonstration reaches back.
const mostLater = 1096

// Run starts the demonstration.
func (c demoCmd) Run(ctx context.Context, out io.Writer) error {
	cfg, err := common{DB: c.DB, Zone: c.Zone, Log: c.Log}.config()
	if err != nil {
		return err
	}
	if c.Later < 0 || c.Later > mostLater {
		return fmt.Errorf("--days-later goes from 0 to %d", mostLater)
	}
	cfg.Listen, cfg.Clock = c.Listen, clock.Ahead(time.Duration(c.Later)*24*time.Hour)
	if err := errors.Join(c.calling.put(&cfg), c.keeping.put(&cfg)); err != nil {
		return err
	}
	a, err := app.OpenDemo(ctx, cfg, c.Projects, func(s string) { _, _ = fmt.Fprintln(out, "  "+s) })
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }() // everything is committed by then
	return a.Serve(ctx, func(address string) {
		_, _ = fmt.Fprintf(out, "Cairn is at %s\nStop it with Ctrl C. The demonstration is kept in %s.\n", address, c.DB)
	})
}

type serveCmd struct {
	common
	listening
	calling
	keeping
	Org string `help:"Name of the organisation, for the corner of the page." env:"CAIRN_ORG" placeholder:"NAME"`
}

// Run serves an organisation.
func (c serveCmd) Run(ctx context.Context, out io.Writer) error {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	cfg.Listen, cfg.URL, cfg.Metrics = c.Listen, c.URL, c.Metrics
	if err := errors.Join(c.calling.put(&cfg), c.keeping.put(&cfg)); err != nil {
		return err
	}
	a, err := app.Open(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }() // everything is committed by then
	if c.Org != "" {
		a.Org = c.Org
	}
	setup, err := a.People.SetupLink(ctx)
	if err != nil {
		return err
	}
	return a.Serve(ctx, func(address string) {
		_, _ = fmt.Fprintln(out, "Cairn is at", address)
		if setup != "" {
			_, _ = fmt.Fprintf(out, "There is no account yet. Make the administrator's here (works once, for seven days):\n%s/link/%s\n", a.URL, setup)
		}
	})
}

type migrateCmd struct{ common }

// Run migrates.
func (c migrateCmd) Run(ctx context.Context, out io.Writer) error {
	db, err := sqldb.Open(ctx, c.DB)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // everything is committed by then
	now, err := migrate.Up(ctx, db)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "The database is at schema %d.\n", now)
	return err
}
