package transfer

import (
	"context"
	"slices"

	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Holdings implements privacy.Holder.
func (s *Service) Holdings(ctx context.Context, q sqldb.Querier, p privacy.Subject) ([]privacy.Holding, error) {
	uploads, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM transfer_upload WHERE person_id = $1`, p.ID)
	if err != nil {
		return nil, err
	}
	imports, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM transfer_import WHERE person_id = $1`, p.ID)
	if err != nil {
		return nil, err
	}
	refused, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM transfer_import WHERE lower(refused_rows) LIKE $1 ESCAPE '!'`, privacy.Containing(p.Name))
	if err != nil {
		return nil, err
	}
	fixed, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM transfer_fix WHERE lower(said) LIKE $1 ESCAPE '!' OR lower(value) LIKE $1 ESCAPE '!'`, privacy.Containing(p.Name))
	if err != nil {
		return nil, err
	}
	return []privacy.Holding{
		{Data: "uploaded files that were not applied", Count: uploads, Fate: privacy.Erased, Why: "They are the uploader's alone. Files that others staged go by themselves within 48 hours."},
		{Data: "imports and who applied them", Private: true, Count: imports, Fate: privacy.Anonymised, Why: "What a file changed is the register's history."},
		{Data: "refused rows of imports that name a person", Count: refused, Fate: privacy.Erased, Why: "They were kept to be corrected; the whole list of that import goes."},
		{Data: "corrected cells of imports that name a person", Count: fixed, Fate: privacy.Erased, Why: "That a cell was corrected stays; what it said goes."},
	}, nil
}

// EraseIn implements privacy.Holder.
func (s *Service) EraseIn(ctx context.Context, tx *work.Tx, p privacy.Subject) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM transfer_upload WHERE person_id = $1`, p.ID); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE transfer_fix SET said = '', value = '' WHERE lower(said) LIKE $1 ESCAPE '!' OR lower(value) LIKE $1 ESCAPE '!'`, privacy.Containing(p.Name)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE transfer_import SET refused_rows = '' WHERE lower(refused_rows) LIKE $1 ESCAPE '!'`, privacy.Containing(p.Name))
	return err
}

// Copy implements privacy.Holder.
func (s *Service) Copy(ctx context.Context, q sqldb.Querier, p privacy.Subject) (map[string]any, error) {
	list, err := privacy.Rows(ctx, q, `SELECT id, file_name, source, as_at, rows_read, created, changed, applied_at FROM transfer_import WHERE person_id = $1 ORDER BY applied_at`, p.ID)
	return map[string]any{"imports": list}, err
}

// Places implements privacy.Holder.
func (*Service) Places() []privacy.Place {
	return slices.Concat(
		privacy.PlacesOf("uploaded files that were not applied", "transfer_upload", "id", privacy.Moves, "person_id"),
		privacy.PlacesOf("imports and who applied them", "transfer_import", "id", privacy.Moves, "person_id"),
	)
}
