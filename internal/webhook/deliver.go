package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/jobs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// SendJob is the kind of the job that delivers.
const SendJob = "webhook.send"

// Message is what goes out: the headers of Standard Webhooks
// (standardwebhooks.com) and a body.
type Message struct {
	Address, ID, Timestamp, Signature string
	Body                              []byte
}

// Sender posts a message and gives the status of the answer; an error when there
// was none.
type Sender interface {
	Send(ctx context.Context, m Message) (status int, err error)
}

// body is what is told of an entry: ids and facts.
type body struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      data      `json:"data"`
}

type data struct {
	Entry        string                 `json:"entry"`
	Seq          int64                  `json:"seq"`
	Version      int                    `json:"version"`
	Actor        string                 `json:"actor,omitempty"`
	SubjectKind  string                 `json:"subject_kind"`
	Subject      string                 `json:"subject"`
	Project      string                 `json:"project,omitempty"`
	Participants []activity.Participant `json:"participants,omitempty"`
	Facts        json.RawMessage        `json:"facts"`
}

// Sign gives the signature of Standard Webhooks: HMAC-SHA256 over id, timestamp
// and body, with the bytes of the secret behind "whsec_".
func Sign(secret, id, timestamp string, body []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return "", fmt.Errorf("webhook: the secret is no base64: %w", err)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}

// outgoing is a delivery with all that sending it needs.
type outgoing struct {
	Delivery
	hook    Hook
	secret  string
	entry   activity.Entry
	visible bool
}

// Handlers do this feature's jobs.
func (s *Service) Handlers() map[string]jobs.Handler { return map[string]jobs.Handler{SendJob: s.send} }

// send delivers one entry, or notes why not. An error lets the job be tried again.
func (s *Service) send(ctx context.Context, j jobs.Job) error {
	o, err := s.load(ctx, j.Payload)
	switch {
	case errs.Is(err, errs.NotFound):
		return nil // the webhook was removed
	case err != nil:
		return err
	case o.hook.Paused > 0:
		return s.note(ctx, o.ID, Held, 0, "")
	case !o.visible:
		return s.note(ctx, o.ID, Withheld, 0, "")
	}
	m, err := s.message(o)
	if err != nil {
		return err
	}
	status, err := s.sender.Send(ctx, m)
	if err == nil && status/100 == 2 {
		return s.note(ctx, o.ID, Delivered, status, "")
	}
	if err == nil {
		err = fmt.Errorf("answered %d", status)
	}
	const gone = 410 // RFC 9110: do not ask again
	state := Waiting
	if j.Last() || status == gone {
		state = Failed
	}
	if e := s.note(ctx, o.ID, state, status, err.Error()); e != nil {
		return e
	}
	if state == Waiting {
		return err
	}
	if e := s.giveUp(ctx, o.hook, status); e != nil || status == gone {
		return e
	}
	return err
}

func (s *Service) message(o outgoing) (m Message, err error) {
	e := o.entry
	m = Message{Address: o.hook.Address, ID: "msg_" + o.ID, Timestamp: strconv.FormatInt(s.unit.Clock.Now().Unix(), 10)}
	m.Body, err = json.Marshal(body{e.Verb, e.At, data{e.ID, e.Seq, e.Version, e.Actor, e.SubjectKind, e.SubjectID, e.Project, e.Participants, e.Facts}})
	if err != nil {
		return m, err
	}
	m.Signature, err = Sign(o.secret, m.ID, m.Timestamp, m.Body)
	return m, err
}

// load reads a delivery as its webhook's owner would: what they may not see any
// more is not visible.
func (s *Service) load(ctx context.Context, delivery string) (o outgoing, err error) {
	var role string
	var active bool
	err = s.unit.DB.Read.QueryRowContext(ctx, `SELECT d.id, d.hook_id, d.seq, h.person_id, h.address, h.secret, h.paused_at, COALESCE(a.role, ''), COALESCE(a.active, FALSE)
		FROM webhook_delivery d JOIN webhook h ON h.id = d.hook_id LEFT JOIN v_account a ON a.person_id = h.person_id WHERE d.id = $1`, delivery).
		Scan(&o.ID, &o.Hook, &o.Seq, &o.hook.Owner, &o.hook.Address, &o.secret, &o.hook.Paused, &role, &active)
	if err != nil {
		return o, sqldb.Translate(err)
	}
	o.hook.ID = o.Hook
	owner := authz.Actor{Person: o.hook.Owner, Role: authz.Role(role)}
	err = s.unit.View(ctx, owner, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnHook, authz.Of(owner.Person)); err != nil {
			return err
		}
		list, err := activity.After(ctx, v, o.Seq-1, 1)
		if err != nil || len(list) == 0 {
			return errors.Join(err, errs.Missing("entry"))
		}
		o.entry = list[0]
		seen, err := visibleTo(ctx, v, owner, v.Today, list)
		o.visible = active && err == nil && seen[o.entry.Project] && Hook{}.wants(o.entry, owner.Role) && v.Can(ctx, RegisterHook, authz.Instance)
		return err
	})
	return o, err
}

// note writes what became of a try.
func (s *Service) note(ctx context.Context, delivery string, state State, status int, why string) error {
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		tried := 1
		if state == Held || state == Withheld {
			tried = 0
		}
		why = strings.ToValidUTF8(strings.ReplaceAll(why, "\x00", ""), "")
		_, err := k.ExecContext(ctx, `UPDATE webhook_delivery SET state = $1, status = $2, error = $3, tries = tries + $4, tried_at = $5 WHERE id = $6`,
			string(state), status, why[:min(len(why), 300)], tried, sqldb.Micros(k.Now), delivery)
		return err
	})
}

// giveUp pauses a webhook whose address did not answer to the last try: what
// comes after is held, and nothing is lost.
func (s *Service) giveUp(ctx context.Context, h Hook, status int) error {
	why := fmt.Sprintf("Paused: one delivery failed %d times.", jobs.MostTries)
	if status == 410 {
		why = "Paused: the address says that it is gone for good (410)."
	}
	return s.unit.Do(ctx, authz.Actor{Person: h.Owner, Role: authz.Member}, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnHook, authz.Of(h.Owner)); err != nil {
			return err
		}
		tx.Record(Changed{Hook: h.ID, What: paused})
		return pause(ctx, tx, h.ID, why)
	})
}
