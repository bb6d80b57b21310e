package webhook

import (
	"context"
	"strings"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/jobs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Reader turns entries of the record into deliveries. Each is made in the
// transaction that moves the cursor on, so that none is lost and none made twice.
func (s *Service) Reader() work.Reader { return work.Reader{Name: "webhook", Apply: s.apply} }

type told struct {
	Hook
	owner authz.Actor
	from  int64
}

func (s *Service) apply(ctx context.Context, k *work.Keeping, entries []activity.Entry) error {
	hooks, err := hooksToTell(ctx, k)
	if err != nil {
		return err
	}
	for _, h := range hooks {
		seen, err := visibleTo(ctx, k, h.owner, k.Today, entries)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if e.Seq <= h.from || !h.wants(e, h.owner.Role) || !seen[e.Project] {
				continue
			}
			if err := tell(ctx, k, h.Hook, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// hooksToTell reads the webhooks whose owners may still have any.
func hooksToTell(ctx context.Context, q sqldb.Querier) (out []told, err error) {
	rows, err := q.QueryContext(ctx, `SELECT h.id, h.person_id, h.verbs, h.paused_at, h.from_seq, a.role FROM webhook h
		JOIN v_account a ON a.person_id = h.person_id WHERE a.active = TRUE AND a.role IN ('head_of_pmo', 'administrator') ORDER BY h.id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var h told
		var verbs, role string
		if err := rows.Scan(&h.ID, &h.Owner, &verbs, &h.Paused, &h.from, &role); err != nil {
			return nil, err
		}
		h.Verbs, h.owner = strings.Fields(verbs), authz.Actor{Person: h.Owner, Role: authz.Role(role)}
		out = append(out, h)
	}
	return out, rows.Err()
}

// visibleTo tells which projects of some entries somebody may see, in one query;
// what has no project is visible.
func visibleTo(ctx context.Context, q sqldb.Querier, who authz.Actor, today clock.Day, entries []activity.Entry) (map[string]bool, error) {
	seen := map[string]bool{"": true}
	var nodes []string
	asked := map[string]bool{"": true}
	for _, e := range entries {
		if !asked[e.Project] {
			asked[e.Project] = true
			nodes = append(nodes, e.Project)
		}
	}
	if len(nodes) == 0 {
		return seen, nil
	}
	var w sqldb.Where
	w.AndIn("n.id", nodes)
	authz.Scope(&w, who, "n.id", today)
	rows, err := q.QueryContext(ctx, `SELECT n.id FROM node n`+w.SQL(), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		seen[id] = true
	}
	return seen, rows.Err()
}

func tell(ctx context.Context, k *work.Keeping, h Hook, e activity.Entry) error {
	id, state := k.NewID(), Waiting
	if h.Paused > 0 {
		state = Held
	}
	if _, err := k.ExecContext(ctx, `INSERT INTO webhook_delivery (id, hook_id, seq, verb, state, tries, status, error, made_at, tried_at)
		VALUES ($1, $2, $3, $4, $5, 0, 0, '', $6, 0)`, id, h.ID, e.Seq, e.Verb, string(state), sqldb.Micros(k.Now)); err != nil || state == Held {
		return err
	}
	return jobs.Enqueue(ctx, k, jobs.Job{Kind: SendJob, Lane: "webhook/" + h.ID, Place: e.Seq, Payload: id, Due: k.Now})
}
