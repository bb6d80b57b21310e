package career

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Colleague finds the person of a typed name or id; nobody for no name.
func (s *Service) Colleague(ctx context.Context, who authz.Actor, name string) (id string, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil || name == "" {
			return err
		}
		var n int
		err := v.QueryRowContext(ctx, `SELECT COALESCE(MIN(id), ''), COUNT(*) FROM v_person WHERE NOT erased AND (name_key = $1 OR id = $2)`, fold.Sort(name), name).Scan(&id, &n)
		switch {
		case err == nil && n == 0:
			return errs.OnField("colleague", "There is nobody of this name in the directory. Ask them by a link.")
		case err == nil && n > 1:
			return errs.OnField("colleague", "%d people have this name. Open the one you mean under People and use the id in the address.", n)
		}
		return err
	})
	return id, err
}

// Near are people who were near a piece of work, for the form that asks one of them:
// who sponsored and managed its project, who chairs its body, with what they are.
func (s *Service) Near(ctx context.Context, who authz.Actor, project, body string) (out []Nearby, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		out, err = near(ctx, v, who.Person, project, body)
		return err
	})
	return out, err
}

// Nearby is somebody who was near a piece of work.
type Nearby struct{ Name, Is string }

func near(ctx context.Context, q sqldb.Querier, person, project, body string) (out []Nearby, err error) {
	rows, err := q.QueryContext(ctx, `SELECT p.name, a.kind FROM v_assignment a JOIN v_person p ON p.id = a.person_id AND NOT p.erased JOIN v_account u ON u.person_id = p.id AND u.active = TRUE
		WHERE a.project_id = $1 AND a.person_id <> $2 AND a.kind IN ('sponsor', 'project_manager')
		UNION SELECT p.name, 'chair' FROM v_seat t JOIN v_person p ON p.id = t.person_id AND NOT p.erased JOIN v_account u ON u.person_id = p.id AND u.active = TRUE WHERE t.body_id = $3 AND t.seat = 'chair' AND t.person_id <> $4 ORDER BY 2, 1`,
		project, person, body, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n Nearby
		if err := rows.Scan(&n.Name, &n.Is); err != nil {
			return nil, err
		}
		switch n.Is {
		case "project_manager":
			n.Is = "project manager"
		case "chair":
			n.Is = "chair of the body"
		}
		out = append(out, n)
	}
	return out, rows.Err()
}
