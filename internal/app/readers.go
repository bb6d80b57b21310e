package app

import (
	"context"
	"errors"
	"time"

	"cairn/internal/kit/work"
)

// readBatch is how many entries a reader of the record takes at once.
const readBatch = 500

// readers are the projections of the record.
func (a *App) readers() []work.Reader {
	return []work.Reader{a.Career.Reader(), a.Webhooks.Reader(), a.Governance.Reader()}
}

// CatchUp lets every reader work off the record to its end.
func (a *App) CatchUp(ctx context.Context) error {
	for _, r := range a.readers() {
		if err := a.catchUp(ctx, r); err != nil {
			return err
		}
	}
	for {
		if n, err := a.Governance.Freshen(ctx); err != nil || n == 0 {
			return err
		}
	}
}

// farBehind is after how many full batches in a row a reader is taken to read the whole
// record: it then reads more at a time, and the writer keeps more of the file.
const farBehind, wideBatch = 10, 5000

func (a *App) catchUp(ctx context.Context, r work.Reader) (err error) {
	size := readBatch
	for full := 1; ; full++ {
		var n int
		if n, err = a.Unit.CatchUp(ctx, r, size); err != nil || n == 0 {
			return err
		}
		if full == farBehind && n == size {
			var narrow func() error
			if narrow, err = a.Store.Widen(ctx); err != nil {
				return err
			}
			defer func() { err = errors.Join(err, narrow()) }()
			size = wideBatch
		}
	}
}

// read keeps the projections up with the record: after each commit of this
// process, and every few seconds for those of others. Every hour, and as soon as
// it has outgrown what it knows, the database looks at how its tables are filled:
// a register that began empty would be read by the plans of an empty one until
// the next start.
func (a *App) read(ctx context.Context) {
	tick, hour := time.NewTicker(5*time.Second), time.NewTicker(time.Hour)
	defer tick.Stop()
	defer hour.Stop()
	for {
		if err := a.CatchUp(ctx); err != nil && ctx.Err() == nil {
			a.Log.Error("a reader of the record failed", "error", err.Error())
		}
		if a.Store.Outgrown(ctx) {
			a.look(ctx)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-hour.C:
			a.look(ctx)
		case <-a.Unit.Wake():
		}
	}
}

func (a *App) look(ctx context.Context) {
	if err := a.Store.Optimise(ctx); err != nil && ctx.Err() == nil {
		a.Log.Error("the database could not look at its tables", "error", err.Error())
	}
}
