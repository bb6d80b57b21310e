package work

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
)

// View is a reading under way: one consistent snapshot.
type View struct {
	sqldb.Querier
	Now   time.Time
	Today clock.Day
	Who   authz.Actor

	unit       *Unit
	authorised bool
	sights     map[string]authz.Sight // by node: a snapshot does not change
}

// View reads in one snapshot. The function must call May or Scope before it
// ends: what was read without asking is not given out.
func (u *Unit) View(ctx context.Context, who authz.Actor, read func(context.Context, *View) error) error {
	zone := u.zone()
	var db sqldb.Querier
	if b := batchOf(ctx); b != nil {
		db = b.tx // sees what the batch has done so far
	} else {
		tx, err := u.DB.Read.BeginTx(ctx, u.readOptions())
		if err != nil {
			return sqldb.Translate(err)
		}
		defer func() { _ = tx.Rollback() }() // a reading has nothing to commit
		db = tx
	}
	now := u.Clock.Now()
	v := &View{Querier: db, Now: now, Today: clock.DayOf(now, zone), Who: who, unit: u}
	if err := read(ctx, v); err != nil {
		return sqldb.Translate(err)
	}
	if !v.authorised {
		return fmt.Errorf("work: a reading without authorisation is not given out")
	}
	return nil
}

func (u *Unit) readOptions() *sql.TxOptions {
	if u.DB.Engine == sqldb.Postgres {
		return &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
	}
	return nil // the readers' pool is query-only already
}

// May authorises the reading, or gives the error to return.
func (v *View) May(ctx context.Context, act authz.Action, on authz.Target) error {
	if err := v.check(ctx, act, on); err != nil {
		return err
	}
	v.authorised = true
	return nil
}

// check looks at each node once.
func (v *View) check(ctx context.Context, act authz.Action, on authz.Target) error {
	sight, seen := v.sights[on.Node]
	if on.Node != "" && !seen {
		var err error
		if sight, err = authz.See(ctx, v.Querier, v.Who, on.Node, v.Today); err != nil {
			return err
		}
		if v.sights == nil {
			v.sights = map[string]authz.Sight{}
		}
		v.sights[on.Node] = sight
	}
	return v.unit.policy.Decide(v.Who, act, on, sight)
}

// Can asks whether something could be done, for a page that offers it.
func (v *View) Can(ctx context.Context, act authz.Action, on authz.Target) bool {
	return v.check(ctx, act, on) == nil
}

// Each decides about many nodes at once: which the reader sees, and on which
// the action is allowed.
func (v *View) Each(ctx context.Context, act authz.Action, nodes []string) (sees, may map[string]bool, err error) {
	return v.unit.policy.Each(ctx, v.Querier, v.Who, act, nodes, v.Today)
}

// Scope limits a list to the nodes that the reader may see, after the action
// was authorised by role.
func (v *View) Scope(w *sqldb.Where, nodeColumn string) {
	authz.Scope(w, v.Who, nodeColumn, v.Today)
	v.authorised = v.authorised || v.Who.SignedIn() || v.Who.Role == authz.Operator
}

// Confidential limits a list to the confidential nodes that the reader sees by a
// role on them: what Scope adds to what is open to everybody.
func (v *View) Confidential(w *sqldb.Where, nodeColumn string) {
	authz.Confidential(w, v.Who, nodeColumn, v.Today)
}
