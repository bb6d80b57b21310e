package governance

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

const governedColumns = `id, project_id, from_on, to_on, method_version_id, dial_id, tier, involves, phase, why, made_by, made_at`

func scanGoverned(row interface{ Scan(...any) error }) (g Governed, err error) {
	var involves string
	err = row.Scan(&g.ID, &g.Project, &g.From, &g.To, &g.Version, &g.Dial, &g.Tier, &involves, &g.Phase, &g.Why, &g.By, &g.At)
	g.Involves = strings.Fields(involves)
	return g, err
}

// governedOn gives the row that lasts of a project; nil if there is none.
func governedOn(ctx context.Context, q sqldb.Querier, project string) (*Governed, error) {
	g, err := scanGoverned(q.QueryRowContext(ctx, `SELECT `+governedColumns+` FROM governed WHERE project_id = $1 AND to_on = $2`, project, Lasting))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &g, nil
}

// succeed ends the row that lasts on the day on which the next begins, and adds
// the next. The row that lasts is the lock: of two that try, one finds none.
func succeed(ctx context.Context, tx *work.Tx, before *Governed, next Governed) error {
	next.ID, next.From, next.To, next.By, next.At = tx.NewID(), tx.Today, Lasting, tx.Who.Person, sqldb.Micros(tx.Now)
	if before != nil {
		next.From = max(next.From, before.From)
		res, err := tx.ExecContext(ctx, `UPDATE governed SET to_on = $1 WHERE id = $2 AND to_on = $3`, next.From, before.ID, Lasting)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil {
			return err
		} else if n == 0 {
			return stale("This project's tier, phase or method was changed meanwhile. Look again.")
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO governed (`+governedColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		next.ID, next.Project, next.From, next.To, next.Version, next.Dial, int(next.Tier), strings.Join(next.Involves, " "), next.Phase, next.Why, next.By, next.At)
	if sqldb.IsDuplicate(err) {
		return stale("This project's dial was answered meanwhile. Look again.")
	}
	return err
}
