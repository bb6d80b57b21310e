package webhook

import (
	"context"
	"encoding/base64"
	"net/netip"
	"strings"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/jobs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Service is what people can do with webhooks.
type Service struct {
	unit    *work.Unit
	sender  Sender
	allowed []netip.Prefix
}

// NewService makes the service. Allowed are the private networks that the
// operator lets webhooks reach.
func NewService(u *work.Unit, s Sender, allowed []netip.Prefix) *Service {
	return &Service{u, s, allowed}
}

// Register keeps an address, to be told of what happens from now on. The secret
// that signs is shown once.
func (s *Service) Register(ctx context.Context, who authz.Actor, n New) (id, secret string, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, RegisterHook, authz.Instance); err != nil {
			return err
		}
		if err := n.check(s.allowed); err != nil {
			return err
		}
		var have int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM webhook WHERE person_id = $1`, who.Person).Scan(&have); err != nil {
			return err
		}
		if have >= mostHooks {
			return errs.OnField("address", "You have %d webhooks. Remove one first.", mostHooks)
		}
		raw, err := base64.RawURLEncoding.DecodeString(tx.NewToken())
		if err != nil {
			return err
		}
		id, secret = tx.NewID(), "whsec_"+base64.StdEncoding.EncodeToString(raw)
		tx.Record(Changed{Hook: id, What: registered})
		_, err = tx.ExecContext(ctx, `INSERT INTO webhook (id, person_id, address, verbs, secret, from_seq, made_at, paused_at, paused_why, version)
			SELECT $1, $2, $3, $4, $5, h.seq, $6, 0, '', 1 FROM activity_head h WHERE h.id = 1`,
			id, who.Person, n.Address, strings.Join(n.Verbs, " "), secret, sqldb.Micros(tx.Now))
		return err
	})
	return id, secret, err
}

// Hooks lists one's own webhooks, newest first.
func (s *Service) Hooks(ctx context.Context, who authz.Actor) (out []Hook, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, RegisterHook, authz.Instance); err != nil {
			return err
		}
		var w sqldb.Where
		w.And("h.person_id = ?", who.Person)
		out, err = listHooks(ctx, v, &w)
		return err
	})
	return out, err
}

// deliveriesPage is how many deliveries a page shows.
const deliveriesPage = 50

// Hook shows one webhook with its deliveries, newest first, before an id, of one
// state or of all; next is the id to go on before.
func (s *Service) Hook(ctx context.Context, who authz.Actor, id string, state State, before string) (h Hook, list []Delivery, next string, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if h, err = getHook(ctx, v, id); err != nil {
			return err
		}
		if err := v.May(ctx, OwnHook, authz.Of(h.Owner)); err != nil {
			return err
		}
		var w sqldb.Where
		w.And("d.hook_id = ?", id)
		if state != "" {
			w.And("d.state = ?", string(state))
		}
		if before != "" {
			w.And("d.id < ?", before)
		}
		list, err = listDeliveries(ctx, v, &w, "d.id DESC", deliveriesPage+1)
		if len(list) > deliveriesPage {
			list = list[:deliveriesPage]
			next = list[deliveriesPage-1].ID
		}
		return err
	})
	return h, list, next, err
}

// step changes one of one's own webhooks.
func (s *Service) step(ctx context.Context, who authz.Actor, id, verb string, change func(context.Context, *work.Tx, Hook) error) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		h, err := getHook(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := tx.May(ctx, OwnHook, authz.Of(h.Owner)); err != nil {
			return err
		}
		tx.Record(Changed{Hook: id, What: verb})
		return change(ctx, tx, h)
	})
}

// Remove ends a webhook and forgets its deliveries.
func (s *Service) Remove(ctx context.Context, who authz.Actor, id string) error {
	return s.step(ctx, who, id, removed, func(ctx context.Context, tx *work.Tx, h Hook) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM webhook WHERE id = $1`, h.ID)
		return err
	})
}

// Pause holds what would be delivered until the webhook is resumed.
func (s *Service) Pause(ctx context.Context, who authz.Actor, id string) error {
	return s.step(ctx, who, id, paused, func(ctx context.Context, tx *work.Tx, h Hook) error {
		return pause(ctx, tx, h.ID, "Paused by its owner.")
	})
}

func pause(ctx context.Context, tx *work.Tx, id, why string) error {
	_, err := tx.ExecContext(ctx, `UPDATE webhook SET paused_at = $1, paused_why = $2, version = version + 1 WHERE id = $3 AND paused_at = 0`, sqldb.Micros(tx.Now), why, id)
	return err
}

// Resume delivers what was held, in order, and goes on.
func (s *Service) Resume(ctx context.Context, who authz.Actor, id string) error {
	return s.step(ctx, who, id, resumed, func(ctx context.Context, tx *work.Tx, h Hook) error {
		if _, err := tx.ExecContext(ctx, `UPDATE webhook SET paused_at = 0, paused_why = '', version = version + 1 WHERE id = $1`, h.ID); err != nil {
			return err
		}
		var w sqldb.Where
		w.And("d.hook_id = ?", h.ID)
		w.And("d.state = ?", string(Held))
		held, err := listDeliveries(ctx, tx, &w, "d.seq", 10_000)
		if err != nil {
			return err
		}
		for _, d := range held {
			if err := again(ctx, tx, d, sqldb.Micros(tx.Now)); err != nil {
				return err
			}
		}
		return nil
	})
}

// SendAgain delivers an entry once more, ahead of what waits behind it.
func (s *Service) SendAgain(ctx context.Context, who authz.Actor, hook, delivery string) error {
	return s.step(ctx, who, hook, sentAgain, func(ctx context.Context, tx *work.Tx, h Hook) error {
		var w sqldb.Where
		w.And("d.id = ?", delivery)
		w.And("d.hook_id = ?", h.ID)
		list, err := listDeliveries(ctx, tx, &w, "d.id", 1)
		switch {
		case err != nil:
			return err
		case len(list) == 0:
			return errs.Missing("delivery")
		case list[0].State == Waiting:
			return errs.New(errs.Invalid, "This delivery is under way already.")
		case h.Paused > 0:
			return errs.New(errs.Invalid, "The webhook is paused. Resume it first.")
		}
		return again(ctx, tx, list[0], sqldb.Micros(tx.Now))
	})
}

func again(ctx context.Context, tx *work.Tx, d Delivery, now int64) error {
	if _, err := tx.ExecContext(ctx, `UPDATE webhook_delivery SET state = $1, tries = 0 WHERE id = $2`, string(Waiting), d.ID); err != nil {
		return err
	}
	return jobs.Enqueue(ctx, tx, jobs.Job{Kind: SendJob, Lane: "webhook/" + d.Hook, Place: d.Seq, Payload: d.ID, Due: sqldb.Time(now)})
}
