package portfolio

import (
	"context"
	"database/sql"
	"errors"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/work"
)

// Columns gives the columns that the reader wants when an address names none;
// empty if they never chose.
func (s *Service) Columns(ctx context.Context, who authz.Actor) (columns string, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeRegister, authz.Instance); err != nil {
			return err
		}
		err := v.QueryRowContext(ctx, `SELECT columns FROM project_columns WHERE person_id = $1`, who.Person).Scan(&columns)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return columns, err
}

// KeepColumns remembers the columns that a person wants; empty forgets them. It
// is how a page looks to one person, and no change of the register.
func (s *Service) KeepColumns(ctx context.Context, who authz.Actor, columns string) error {
	if err := s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error { return v.May(ctx, SeeRegister, authz.Instance) }); err != nil {
		return err
	}
	if len(columns) > maxText*10 {
		return errs.OnField("cols", "These are too many columns.")
	}
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		_, err := k.ExecContext(ctx, `INSERT INTO project_columns (person_id, columns) VALUES ($1, $2) ON CONFLICT (person_id) DO UPDATE SET columns = excluded.columns`, who.Person, columns)
		return err
	})
}
