package mail

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/jobs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// SendJob is the kind of the job that sends.
const SendJob = "mail.send"

// Out is a message as it leaves.
type Out struct {
	ID, To, Subject, Text, HTML string
}

// Sender hands a message to a mail server.
type Sender interface {
	Send(ctx context.Context, m Out) error
	// Server names it for a page, without its password.
	Server() string
}

// Service queues and sends.
type Service struct {
	unit    *work.Unit
	sender  Sender // nil: no mail server is configured
	sources []Source
}

// NewService makes the service; without a sender nothing is queued.
func NewService(u *work.Unit, s Sender) *Service { return &Service{unit: u, sender: s} }

// On reports whether a mail server is configured.
func (s *Service) On() bool { return s.sender != nil }

// QueueIn queues a message in the unit of work of what it tells of; without a mail
// server, or for somebody without an address, it does nothing and says so.
func (s *Service) QueueIn(ctx context.Context, tx *work.Tx, m Message) (queued bool, err error) {
	if s.sender == nil || m.Address == "" {
		return false, nil
	}
	if err := m.check(); err != nil {
		return false, err
	}
	_, err = queue(ctx, tx, tx.Now, m)
	return true, err
}

// queue writes a message down within a transaction, with the job that sends it.
func queue(ctx context.Context, tx jobs.Writer, now time.Time, m Message) (id string, err error) {
	id = tx.NewID()
	if _, err := tx.ExecContext(ctx, `INSERT INTO mail (id, person_id, to_address, kind, subject, body_text, body_html, state, tries, error, queued_at, sent_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', 0, '', $8, 0)`, id, m.Person, m.Address, m.Kind, m.Subject, m.Text(), m.HTML(), sqldb.Micros(now)); err != nil {
		return "", err
	}
	return id, jobs.Enqueue(ctx, tx, jobs.Job{Kind: SendJob, Payload: id, Due: now})
}

// Handlers do this feature's jobs.
func (s *Service) Handlers() map[string]jobs.Handler { return map[string]jobs.Handler{SendJob: s.send} }

// send sends one message. An error lets the job be tried again.
func (s *Service) send(ctx context.Context, j jobs.Job) error {
	var m Out
	var state State
	err := s.unit.DB.Read.QueryRowContext(ctx, `SELECT id, to_address, subject, body_text, body_html, state FROM mail WHERE id = $1`, j.Payload).Scan(&m.ID, &m.To, &m.Subject, &m.Text, &m.HTML, &state)
	switch {
	case errors.Is(err, sql.ErrNoRows) || err == nil && state != Queued:
		return nil // its receiver was erased, or another worker sent it
	case err != nil:
		return err
	case s.sender == nil:
		return s.note(ctx, m.ID, Failed, "No mail server is configured any more.")
	}
	failed := s.sender.Send(ctx, m)
	switch {
	case failed == nil:
		return s.note(ctx, m.ID, Sent, "")
	case j.Last():
		return errors.Join(s.note(ctx, m.ID, Failed, failed.Error()), failed)
	}
	return errors.Join(s.note(ctx, m.ID, Queued, failed.Error()), failed)
}

// note writes down how a try went; what a message said goes with its end.
func (s *Service) note(ctx context.Context, id string, state State, failed string) error {
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		now := sqldb.Micros(k.Now)
		if state == Queued {
			_, err := k.ExecContext(ctx, `UPDATE mail SET tries = tries + 1, error = $1 WHERE id = $2`, failed, id)
			return err
		}
		_, err := k.ExecContext(ctx, `UPDATE mail SET state = $1, tries = tries + 1, error = $2, sent_at = $3, body_text = '', body_html = '' WHERE id = $4`, string(state), failed, now, id)
		return err
	})
}

// Sheet is all that the page of mail shows.
type Sheet struct {
	Server string // empty: none is configured
	Rows   []Row  // newest first
	Waits  int
	Failed int
}

const listed = 100

// Mail lists the newest messages, without what they said.
func (s *Service) Mail(ctx context.Context, who authz.Actor) (sh Sheet, err error) {
	if s.sender != nil {
		sh.Server = s.sender.Server()
	}
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, Manage, authz.Instance); err != nil {
			return err
		}
		if err := v.QueryRowContext(ctx, `SELECT COALESCE(SUM(CASE WHEN state = 'queued' THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN state = 'failed' THEN 1 ELSE 0 END), 0) FROM mail WHERE state IN ('queued', 'failed')`).Scan(&sh.Waits, &sh.Failed); err != nil {
			return err
		}
		rows, err := v.QueryContext(ctx, `SELECT id, to_address, kind, subject, error, state, tries, queued_at, sent_at FROM mail ORDER BY id DESC LIMIT $1`, listed)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var r Row
			if err := rows.Scan(&r.ID, &r.Address, &r.Kind, &r.Subject, &r.Error, &r.State, &r.Tries, &r.QueuedAt, &r.SentAt); err != nil {
				return err
			}
			sh.Rows = append(sh.Rows, r)
		}
		return rows.Err()
	})
	return sh, err
}

// Test queues a message that says that mail works.
func (s *Service) Test(ctx context.Context, who authz.Actor, address, org string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, Manage, authz.Instance); err != nil {
			return err
		}
		if s.sender == nil {
			return errs.New(errs.Invalid, "No mail server is configured. The operator starts Cairn with --smtp.")
		}
		m := Message{Address: address, Kind: "test", Letter: Letter{
			Subject: "A test from Cairn", Paragraphs: []string{"Mail from Cairn at " + org + " arrives here."}, Why: "An administrator asked for this test.",
		}}
		if err := m.check(); err != nil {
			return err
		}
		id, err := queue(ctx, tx, tx.Now, m)
		tx.Record(Tested{id})
		return err
	})
}
