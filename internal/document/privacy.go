package document

import (
	"context"

	"cairn/internal/kit/blob"
	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Holdings implements privacy.Holder.
func (s *Service) Holdings(ctx context.Context, q sqldb.Querier, p privacy.Subject) ([]privacy.Holding, error) {
	signed, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM document_version WHERE writer_id = $1 OR submitted_by = $2 OR decided_by = $3`, p.ID, p.ID, p.ID)
	if err != nil {
		return nil, err
	}
	drafts, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM document_version WHERE writer_id = $1 AND state = 'draft' AND erased <> TRUE`, p.ID)
	if err != nil {
		return nil, err
	}
	like := privacy.Containing(p.Name)
	named, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM document_version v JOIN document d ON d.id = v.document_id
		WHERE (lower(v.body) LIKE $1 ESCAPE '!' OR lower(v.file_name) LIKE $2 ESCAPE '!' OR lower(v.reason) LIKE $3 ESCAPE '!' OR lower(d.name) LIKE $4 ESCAPE '!' OR lower(d.purpose) LIKE $5 ESCAPE '!')`,
		like, like, like, like, like)
	if err != nil {
		return nil, err
	}
	fate, why := privacy.Erased, "Nobody was asked to approve them yet; their hashes stay."
	if p.KeepWords {
		fate, why = privacy.Anonymised, "They chose to leave their words to the others."
	}
	return []privacy.Holding{
		{Data: "documents: who wrote, submitted, approved them", Private: true, Count: signed, Fate: privacy.Anonymised, Why: "What was submitted is the project's record and is never changed; it no longer says who."},
		{Data: "drafts of documents", Private: true, Count: drafts, Fate: fate, Why: why},
		{Data: "words of others that name a person: documents", Count: named, Fate: privacy.Kept, Why: "What a version says is never edited. What stands inside files is not counted."},
	}, nil
}

// EraseIn implements privacy.Holder: drafts go unless they were to stay, files of
// theirs too if nothing else refers to them. With the directory entry gone, the
// ids that versions hold lead to nobody.
func (s *Service) EraseIn(ctx context.Context, tx *work.Tx, p privacy.Subject) error {
	if p.KeepWords {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `UPDATE document_version SET body = '', file_name = '', erased = TRUE WHERE writer_id = $1 AND state = 'draft' AND erased <> TRUE`, p.ID); err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT e.sha256 FROM document_version e WHERE e.writer_id = $1 AND e.form = 'file' AND e.erased = TRUE
		AND NOT EXISTS (SELECT 1 FROM document_version o WHERE o.sha256 = e.sha256 AND o.form = 'file' AND o.erased <> TRUE)`, p.ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	var hashes []string
	for rows.Next() {
		var h string
		if err := rows.Scan(&h); err != nil {
			return err
		}
		hashes = append(hashes, h)
	}
	if err := rows.Err(); err != nil || len(hashes) == 0 {
		return err
	}
	return blob.Erase(ctx, tx, hashes)
}

// Copy implements privacy.Holder.
func (s *Service) Copy(ctx context.Context, q sqldb.Querier, p privacy.Subject) (map[string]any, error) {
	list, err := privacy.Rows(ctx, q, `SELECT d.project_id, p.name AS project, d.name AS document, v.number, v.form, v.body, v.file_name, v.size, v.sha256, v.written_at, v.state,
		v.submitted_at, v.decided_at, CASE WHEN v.decided_by = $1 THEN v.reason ELSE '' END AS reason FROM document_version v JOIN document d ON d.id = v.document_id
		LEFT JOIN v_project_name p ON p.id = d.project_id WHERE v.writer_id = $2 OR v.submitted_by = $3 OR v.decided_by = $4 ORDER BY v.written_at, v.id`, p.ID, p.ID, p.ID, p.ID)
	return map[string]any{"documents": list}, err
}

// Places implements privacy.Holder.
func (*Service) Places() []privacy.Place {
	return privacy.PlacesOf("documents: who wrote, submitted, approved them", "document_version", "id", privacy.Moves, "writer_id", "submitted_by", "decided_by")
}
