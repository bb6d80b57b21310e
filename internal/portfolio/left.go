package portfolio

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/directory"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Unled is a live project all of whose project managers have left.
type Unled struct {
	Project, Name string
	Manager       string // the name of one; empty for somebody who was erased
}

// mostUnled is how many of them a desk names.
const mostUnled = 10

// Unled lists the live projects whose manager has left, by name, for the head of PMO:
// nobody reports on them, and nobody is reminded.
func (s *Service) Unled(ctx context.Context, who authz.Actor) (out []Unled, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeRegister, authz.Instance); err != nil || who.Role != authz.HeadOfPMO {
			return err
		}
		w := &sqldb.Where{}
		w.And(`q.is_current = TRUE AND q.status_key NOT IN ('closed', 'cancelled')`)
		w.And(`a.kind = 'project_manager' AND a.from_on <= ? AND (a.to_on = '' OR a.to_on >= ?) AND a.person_id`+directory.Gone, v.Today, v.Today, v.Today)
		w.And(`NOT EXISTS (SELECT 1 FROM assignment b WHERE b.project_id = a.project_id AND b.kind = 'project_manager' AND b.from_on <= ? AND (b.to_on = '' OR b.to_on >= ?) AND b.person_id NOT`+directory.Gone+`)`,
			v.Today, v.Today, v.Today)
		v.Scope(w, "q.project_id")
		out, err = unled(ctx, v, w)
		return err
	})
	return out, err
}

func unled(ctx context.Context, v *work.View, w *sqldb.Where) (out []Unled, err error) {
	rows, err := v.QueryContext(ctx, `SELECT q.project_id, MIN(q.name), COALESCE(MIN(m.name), '') FROM assignment a JOIN project_version q ON q.project_id = a.project_id
		LEFT JOIN v_person m ON m.id = a.person_id`+w.SQL()+` GROUP BY q.project_id, q.name_key ORDER BY q.name_key, q.project_id LIMIT `+w.Add(mostUnled), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var u Unled
		if err := rows.Scan(&u.Project, &u.Name, &u.Manager); err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	return out, rows.Err()
}
