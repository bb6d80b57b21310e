package webhook

import (
	"context"
	"strings"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
)

const hookColumns = `h.id, h.person_id, h.address, h.verbs, h.made_at, h.paused_at, h.paused_why, h.version`

func (h *Hook) fields(verbs *string) []any {
	return []any{&h.ID, &h.Owner, &h.Address, verbs, &h.Made, &h.Paused, &h.Why, &h.Version}
}

// listHooks reads webhooks with the counts of their deliveries.
func listHooks(ctx context.Context, q sqldb.Querier, w *sqldb.Where) (out []Hook, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+hookColumns+`, COALESCE(SUM(CASE WHEN d.state IN ('waiting', 'held') THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN d.state = 'failed' THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN d.state = 'delivered' THEN 1 ELSE 0 END), 0)
		FROM webhook h LEFT JOIN webhook_delivery d ON d.hook_id = h.id`+w.SQL()+`
		GROUP BY `+hookColumns+` ORDER BY h.id DESC`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var h Hook
		var verbs string
		if err := rows.Scan(append(h.fields(&verbs), &h.Waiting, &h.Failed, &h.Delivered)...); err != nil {
			return nil, err
		}
		h.Verbs = strings.Fields(verbs)
		out = append(out, h)
	}
	return out, rows.Err()
}

func getHook(ctx context.Context, q sqldb.Querier, id string) (Hook, error) {
	var w sqldb.Where
	w.And("h.id = ?", id)
	list, err := listHooks(ctx, q, &w)
	if err != nil {
		return Hook{}, err
	}
	if len(list) == 0 {
		return Hook{}, errs.Missing("webhook")
	}
	return list[0], nil
}

func listDeliveries(ctx context.Context, q sqldb.Querier, w *sqldb.Where, order string, limit int) (out []Delivery, err error) {
	rows, err := q.QueryContext(ctx, `SELECT d.id, d.hook_id, d.seq, d.verb, d.state, d.tries, d.status, d.error, d.made_at, d.tried_at
		FROM webhook_delivery d`+w.SQL()+` ORDER BY `+order+` LIMIT `+w.Add(limit), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var d Delivery
		if err := rows.Scan(&d.ID, &d.Hook, &d.Seq, &d.Verb, &d.State, &d.Tries, &d.Status, &d.Error, &d.Made, &d.Tried); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}
