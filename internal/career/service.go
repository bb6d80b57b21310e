package career

import (
	"context"
	"database/sql"
	"errors"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Service is what a person can do with their own career.
type Service struct {
	unit   *work.Unit
	limit  Limiter
	takers Takers // nil: nothing is said of others

	sheets       Sheets
	organisation func() string
}

// NewService makes the service.
func NewService(u *work.Unit) *Service { return &Service{unit: u} }

// Today is the organisation's calendar date.
func (s *Service) Today() clock.Day { return s.unit.Today() }

// On reports whether the person has turned their career on.
func (s *Service) On(ctx context.Context, who authz.Actor) (on bool, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		on, err = isOn(ctx, v, who.Person)
		return err
	})
	return on, err
}

func isOn(ctx context.Context, q sqldb.Querier, person string) (bool, error) {
	var one int
	err := q.QueryRowContext(ctx, `SELECT 1 FROM career_choice WHERE person_id = $1`, person).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// TurnOn lets Cairn derive the person's experience from the record, from its
// beginning. Doing so twice changes nothing.
func (s *Service) TurnOn(ctx context.Context, who authz.Actor) error {
	err := s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		if on, err := isOn(ctx, tx, who.Person); err != nil || on {
			return err
		}
		tx.Record(Chosen{Person: who.Person, On: true})
		_, err := tx.ExecContext(ctx, `INSERT INTO career_choice (person_id, since) VALUES ($1, $2)`, who.Person, sqldb.Micros(tx.Now))
		return err
	})
	if err != nil {
		return err
	}
	return s.derivePerson(ctx, who.Person)
}

// TurnOff deletes everything that was derived, with what the person made of it, their
// drafts of documents too, and what others confirmed of it. What the person typed about past years and entered
// themselves stays theirs until they remove it.
func (s *Service) TurnOff(ctx context.Context, who authz.Actor) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		for _, query := range []string{
			`DELETE FROM career_counted WHERE person_id = $1`,
			`DELETE FROM career_choice WHERE person_id = $1`, `DELETE FROM career_pack WHERE person_id = $1`, `DELETE FROM career_place WHERE person_id = $1`,
			`DELETE FROM career_claim WHERE person_id = $1`, `DELETE FROM career_attestation WHERE person_id = $1 AND about_kind = 'group'`,
			`DELETE FROM career_paper_line WHERE person_id = $1`, `DELETE FROM career_paper WHERE person_id = $1`,
		} {
			if _, err := tx.ExecContext(ctx, query, who.Person); err != nil {
				return err
			}
		}
		tx.Record(Chosen{Person: who.Person, On: false})
		return nil
	})
}

// StatePast adds lines about years before Cairn. One bad line keeps all out;
// its fields are named with the line's number.
func (s *Service) StatePast(ctx context.Context, who authz.Actor, lines []Past) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		var c errs.Check
		c.That(len(lines) > 0, "lines", "Enter at least one line.")
		for i, l := range lines {
			for _, f := range errs.FieldsOf(l.check(tx.Today)) {
				if len(lines) == 1 {
					c.Add(f.Name, "%s", f.Message)
					continue
				}
				c.Add("lines", "Line %d, %s: %s", i+1, f.Name, f.Message)
			}
		}
		var have int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM career_past WHERE person_id = $1`, who.Person).Scan(&have); err != nil {
			return err
		}
		c.That(have+len(lines) <= maxPastLines, "lines", "There is room for %d lines.", maxPastLines)
		if err := c.Err(); err != nil {
			return err
		}
		for _, l := range lines {
			if _, err := tx.ExecContext(ctx, `INSERT INTO career_past (id, person_id, organisation, post, from_on, to_on, projects, scale, work_role) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
				tx.NewID(), who.Person, l.Organisation, l.Post, l.From, l.To, l.Projects, l.Scale, string(l.Role)); err != nil {
				return err
			}
		}
		tx.Record(PastStated{Person: who.Person, Lines: len(lines)})
		return nil
	})
}

// RemovePast takes a line back.
func (s *Service) RemovePast(ctx context.Context, who authz.Actor, id string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `DELETE FROM career_past WHERE id = $1 AND person_id = $2`, id, who.Person)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errs.Missing("line")
		}
		tx.Record(PastStated{Person: who.Person, Lines: 1, Removed: true})
		return nil
	})
}

// listPast reads the lines about past years, newest first.
func listPast(ctx context.Context, q sqldb.Querier, person string) (out []Past, err error) {
	rows, err := q.QueryContext(ctx, `SELECT id, organisation, post, from_on, to_on, projects, scale, work_role FROM career_past WHERE person_id = $1 ORDER BY from_on DESC, id`, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p Past
		if err := rows.Scan(&p.ID, &p.Organisation, &p.Post, &p.From, &p.To, &p.Projects, &p.Scale, &p.Role); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}
