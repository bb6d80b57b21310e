// Package work is the one way to change Cairn: authorise, change, record - or
// nothing. A service method hands Do a function; Do commits only what was
// authorised and recorded.
package work

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
)

// Unit makes units of work over one database.
type Unit struct {
	DB     *sqldb.DB
	Clock  *clock.Source
	policy *authz.Policy
	zone   func() *time.Location
	keeps  map[string]bool
	wake   chan struct{}
	later  chan struct{}
}

// New makes a Unit. The zone decides what "today" is for the organisation;
// keeps names the tables whose rows are no changes of state (sessions, cursors,
// projections) and may be written through Keep.
func New(db *sqldb.DB, src *clock.Source, policy *authz.Policy, zone *time.Location, keeps ...string) *Unit {
	u := &Unit{DB: db, Clock: src, policy: policy, zone: func() *time.Location { return zone }, keeps: map[string]bool{}, wake: make(chan struct{}, 1), later: make(chan struct{}, 1)}
	for _, t := range keeps {
		u.keeps[t] = true
	}
	return u
}

// ZoneFrom lets the zone be asked for at each use, because it is a setting. The
// function is called outside transactions and must not begin a unit of work.
func (u *Unit) ZoneFrom(zone func() *time.Location) { u.zone = zone }

// Policy is the table of all rules.
func (u *Unit) Policy() *authz.Policy { return u.policy }

// Zone is the organisation's time zone.
func (u *Unit) Zone() *time.Location { return u.zone() }

// Today is the organisation's calendar date.
func (u *Unit) Today() clock.Day { return clock.DayOf(u.Clock.Now(), u.zone()) }

// Wake has a signal after each commit, for the readers of the record.
func (u *Unit) Wake() <-chan struct{} { return u.wake }

// Later has a signal after each commit that may have left a job, for the workers
// of this process.
func (u *Unit) Later() <-chan struct{} { return u.later }

type insideKey struct{}

var errInside = errors.New("work: a unit of work was begun inside another")

func enter(ctx context.Context) (context.Context, error) {
	if ctx.Value(insideKey{}) != nil {
		return nil, errInside
	}
	return context.WithValue(ctx, insideKey{}, true), nil
}

// Do runs a change in one transaction. The function must call Tx.May before it
// ends and Tx.Record for what it changed; otherwise nothing is committed. The
// context that it is given marks the unit, so that a Do inside a Do is an error
// at once and never a wait on the one connection.
func (u *Unit) Do(ctx context.Context, who authz.Actor, change func(context.Context, *Tx) error) error {
	zone := u.zone() // outside the transaction
	alone, err := u.within(ctx, func(ctx context.Context, db *sqldb.Tx) error {
		now := u.Clock.Now()
		tx := &Tx{Now: now, Today: clock.DayOf(now, zone), Who: who, db: db, unit: u}
		if err := change(ctx, tx); err != nil {
			return err
		}
		if err := tx.end(ctx); err != nil {
			return err
		}
		if tx.wrote && (!tx.authorised || len(tx.events) == 0) {
			return fmt.Errorf("work: a change without authorisation (%t) or record (%d) is not committed", tx.authorised, len(tx.events))
		}
		if tx.wrote {
			if err := tx.once(ctx); err != nil {
				return err
			}
		}
		return activity.Append(ctx, db, u.Clock, now, who.Person, tx.events)
	})
	if alone && err == nil {
		u.signal()
	}
	return err
}

func (u *Unit) signal() {
	tell(u.wake)
	tell(u.later)
}

func tell(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // a signal is waiting already
	}
}

// Tx is a change under way.
type Tx struct {
	Now   time.Time
	Today clock.Day
	Who   authz.Actor

	db         *sqldb.Tx
	unit       *Unit
	authorised bool
	wrote      bool
	events     []activity.Event
	endings    []keyedEnding
}

// Ending is what a change gathers while it is under way and writes once at its
// end: counts that many writers share are locked as late and as shortly as the
// head of the record is.
type Ending interface {
	End(ctx context.Context, tx *Tx) error
}

type keyedEnding struct {
	key any
	Ending
}

// AtEnd gives the ending of a key, made when it is asked for first. Endings run
// in that order after the change and before its entries are appended.
func (tx *Tx) AtEnd(key any, first func() Ending) Ending {
	for _, e := range tx.endings {
		if e.key == key {
			return e.Ending
		}
	}
	e := first()
	tx.endings = append(tx.endings, keyedEnding{key, e})
	return e
}

func (tx *Tx) end(ctx context.Context) error {
	for _, e := range tx.endings {
		if err := e.End(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// May authorises the change, or gives the error to return.
func (tx *Tx) May(ctx context.Context, act authz.Action, on authz.Target) error {
	if err := tx.unit.policy.Check(ctx, tx.db, tx.Who, act, on, tx.Today); err != nil {
		return err
	}
	tx.authorised = true
	return nil
}

// Each decides about many nodes at once: which the actor sees, and on which the
// action is allowed. It authorises the change of those alone.
func (tx *Tx) Each(ctx context.Context, act authz.Action, nodes []string) (sees, may map[string]bool, err error) {
	sees, may, err = tx.unit.policy.Each(ctx, tx.db, tx.Who, act, nodes, tx.Today)
	tx.authorised = tx.authorised || len(may) > 0
	return sees, may, err
}

// Record collects an event; it is appended when the function has ended well.
func (tx *Tx) Record(ev activity.Event) { tx.events = append(tx.events, ev) }

// NewID gives a fresh id.
func (tx *Tx) NewID() string { return tx.unit.Clock.NewID() }

// NewAnonymousID gives a fresh id that says nothing about its time.
func (tx *Tx) NewAnonymousID() string { return tx.unit.Clock.NewAnonymousID() }

// NewToken gives a fresh secret as text.
func (tx *Tx) NewToken() string { return tx.unit.Clock.NewToken() }

// ExecContext changes rows.
func (tx *Tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	tx.wrote = true
	return tx.db.ExecContext(ctx, query, args...)
}

// PerInsert is how many values one statement of sqldb.Insert should have.
func (tx *Tx) PerInsert() int { return tx.db.PerInsert() }

// PrepareContext prepares a statement that is run many times.
func (tx *Tx) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	tx.wrote = true
	return tx.db.PrepareContext(ctx, query)
}

// QueryContext reads rows within the change.
func (tx *Tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return tx.db.QueryContext(ctx, query, args...)
}

// QueryRowContext reads one row within the change.
func (tx *Tx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return tx.db.QueryRowContext(ctx, query, args...)
}
