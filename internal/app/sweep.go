package app

import (
	"context"
	"errors"
	"maps"
	"time"

	"cairn/internal/document"
	"cairn/internal/identity"
	"cairn/internal/kit/blob"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/jobs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
	"cairn/internal/mail"
)

// sweepJob is the kind of the job that removes what has run out. It enqueues its
// next run, under an id that names the hour, so that one runs for all processes.
const sweepJob = "sweep"

const sweepEvery = time.Hour

// jobRunner runs the jobs of all features.
func (a *App) jobRunner() *jobs.Runner {
	handlers := a.Webhooks.Handlers()
	maps.Copy(handlers, a.Transfer.Handlers())
	maps.Copy(handlers, a.Mail.Handlers())
	handlers[sweepJob] = a.sweep
	return jobs.NewRunner(a.Unit, a.Log, handlers)
}

// startSweeping enqueues the next sweep, unless another process did.
func (a *App) startSweeping(ctx context.Context) error {
	return a.Unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error { return enqueueSweep(ctx, k) })
}

func enqueueSweep(ctx context.Context, k *work.Keeping) error {
	next := k.Now.Truncate(sweepEvery).Add(sweepEvery)
	return jobs.Enqueue(ctx, k, jobs.Job{ID: sweepJob + next.Format("/2006-01-02T15"), Kind: sweepJob, Due: next})
}

// sweep removes what nobody needs any more: answers to requests after a day,
// counts of attempts, uses of tokens that are gone, deliveries and mail after a month,
// files that no document refers to after a day, what a merge moved when it can no
// longer be undone, who was asked about paired opposites when the round is over.
func (a *App) sweep(ctx context.Context, _ jobs.Job) error {
	if err := errors.Join(a.remind(ctx), a.Career.CountTeam(ctx)); err != nil { // tried again with the job
		return err
	}
	return a.Unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		day, month := sqldb.Micros(k.Now.Add(-work.OnceLife)), sqldb.Micros(k.Now.AddDate(0, -1, 0))
		for _, old := range []struct {
			query string
			since int64
		}{
			{`DELETE FROM api_once WHERE made_at < $1`, day},
			{`DELETE FROM rate_limit WHERE began_at < $1`, day},
			{`DELETE FROM api_token_use WHERE token_id IN (SELECT t.id FROM api_token t WHERE t.expires_at < $1)`, month},
			{`DELETE FROM webhook_delivery WHERE made_at < $1 AND state IN ('delivered', 'withheld')`, month},
			{`DELETE FROM person_moved WHERE merge_id IN (SELECT m.id FROM person_merged m WHERE m.merged_at < $1)`, sqldb.Micros(k.Now.AddDate(0, 0, -identity.MergeDays-2))},
			{`DELETE FROM mail WHERE queued_at < $1 AND state <> 'queued'`, month},
			{`DELETE FROM job WHERE dead = TRUE AND due_at < $1`, month},
		} {
			if _, err := k.ExecContext(ctx, old.query, old.since); err != nil {
				return err
			}
		}
		if _, err := k.ExecContext(ctx, `DELETE FROM mail_reminder WHERE sent_on <= $1`, clock.AddDays(k.Today, -mail.ReminderDays)); err != nil {
			return err
		}
		if err := blob.Sweep(ctx, k, document.Referred); err != nil {
			return err
		}
		for _, sweep := range []func(context.Context, *work.Keeping) error{a.Opposites.Sweep, a.Career.Sweep, a.Development.Sweep, a.Mentoring.Sweep} {
			if err := sweep(ctx, k); err != nil {
				return err
			}
		}
		return enqueueSweep(ctx, k)
	})
}
