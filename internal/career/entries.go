package career

import (
	"context"
	"strings"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

func entriesOf(ctx context.Context, q sqldb.Querier, person string) (out []Entry, err error) {
	rows, err := q.QueryContext(ctx, `SELECT id, kind, work_role, words, from_on, to_on, project_name, tier, is_finished, is_outside, pieces, hours, projects, people, bodies, about, leaves, hides, version
		FROM career_entry WHERE person_id = $1 ORDER BY from_on DESC, id`, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var e Entry
		var about, hides string
		if err := rows.Scan(&e.ID, &e.Kind, &e.Role, &e.Words, &e.From, &e.To, &e.ProjectName, &e.Tier, &e.Finished, &e.Outside, &e.Pieces, &e.Hours, &e.Projects, &e.People, &e.Bodies,
			&about, &e.Leaves, &hides, &e.Version); err != nil {
			return nil, err
		}
		e.About, e.Hides = split(about), split(hides)
		out = append(out, e)
	}
	return out, rows.Err()
}

// Enter adds work elsewhere, or before Cairn; with an id it changes an entry. What was
// confirmed of it is no longer confirmed when it is changed.
func (s *Service) Enter(ctx context.Context, who authz.Actor, e Entry) (id string, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		by, err := s.inForce(ctx, tx)
		if err != nil {
			return err
		}
		if err := e.check(by, tx.Today); err != nil {
			return err
		}
		tx.Record(Keeping{Person: who.Person})
		if id = e.ID; id != "" {
			return changeEntry(ctx, tx, who.Person, e)
		}
		var have int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM career_entry WHERE person_id = $1`, who.Person).Scan(&have); err != nil {
			return err
		}
		if have >= maxEntries {
			return errs.OnField("words", "There is room for %d entries.", maxEntries)
		}
		id = tx.NewID()
		_, err = tx.ExecContext(ctx, `INSERT INTO career_entry (id, person_id, kind, work_role, words, from_on, to_on, project_name, tier, is_finished, is_outside, pieces, hours, projects, people, bodies, about, leaves, hides, version)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 1)`,
			id, who.Person, e.Kind, string(e.Role), e.Words, e.From, e.To, e.ProjectName, e.Tier, e.Finished, e.Outside, e.Pieces, e.Hours, e.Projects, e.People, e.Bodies,
			strings.Join(e.About, ","), e.Leaves, strings.Join(e.Hides, ","))
		return err
	})
	return id, err
}

func changeEntry(ctx context.Context, tx *work.Tx, person string, e Entry) error {
	res, err := tx.ExecContext(ctx, `UPDATE career_entry SET kind = $1, work_role = $2, words = $3, from_on = $4, to_on = $5, project_name = $6, tier = $7, is_finished = $8, is_outside = $9,
		pieces = $10, hours = $11, projects = $12, people = $13, bodies = $14, about = $15, leaves = $16, hides = $17, version = version + 1 WHERE id = $18 AND person_id = $19 AND version = $20`,
		e.Kind, string(e.Role), e.Words, e.From, e.To, e.ProjectName, e.Tier, e.Finished, e.Outside, e.Pieces, e.Hours, e.Projects, e.People, e.Bodies,
		strings.Join(e.About, ","), e.Leaves, strings.Join(e.Hides, ","), e.ID, person, e.Version)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		if err != nil {
			return err
		}
		return lapse(ctx, tx, person, AboutEntry, e.ID, "")
	}
	var version int64
	if err := tx.QueryRowContext(ctx, `SELECT version FROM career_entry WHERE id = $1 AND person_id = $2`, e.ID, person).Scan(&version); err != nil {
		return errs.Missing("entry")
	}
	return errs.New(errs.Conflict, "You changed this meanwhile, perhaps in another window. Look again.")
}

// TakeBack removes an entry, with what others said to it.
func (s *Service) TakeBack(ctx context.Context, who authz.Actor, id string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `DELETE FROM career_entry WHERE id = $1 AND person_id = $2`, id, who.Person)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errs.Missing("entry")
		}
		tx.Record(Keeping{Person: who.Person})
		_, err = tx.ExecContext(ctx, `DELETE FROM career_attestation WHERE person_id = $1 AND about_kind = 'entry' AND about_id = $2`, who.Person, id)
		return err
	})
}
