package document

import (
	"context"
	"database/sql"
	"errors"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

const documentColumns = `d.id, d.project_id, d.kind_id, d.name, d.purpose, d.latest, d.state, d.approved, d.changed_at`

func (d *Document) scan(scan func(...any) error, more ...any) error {
	return scan(append([]any{&d.ID, &d.Project, &d.Kind, &d.Name, &d.Purpose, &d.Latest, &d.State, &d.Approved, &d.ChangedAt}, more...)...)
}

// getDocument reads a document with its project's name.
func getDocument(ctx context.Context, q sqldb.Querier, id string) (d Document, err error) {
	err = d.scan(q.QueryRowContext(ctx, `SELECT `+documentColumns+`, COALESCE(p.name, '') FROM document d LEFT JOIN v_project_name p ON p.id = d.project_id WHERE d.id = $1`, id).Scan, &d.ProjectName)
	if errors.Is(err, sql.ErrNoRows) {
		err = errs.Missing("document")
	}
	return d, err
}

// getKind reads the document of a project that is of a kind.
func getKind(ctx context.Context, q sqldb.Querier, project, kind string) (d Document, err error) {
	err = d.scan(q.QueryRowContext(ctx, `SELECT `+documentColumns+` FROM document d WHERE d.project_id = $1 AND d.kind_id = $2`, project, kind).Scan)
	return d, sqldb.Translate(err)
}

// projectThere looks that a node is a project that has not been withdrawn.
func projectThere(ctx context.Context, q sqldb.Querier, id string) error {
	var n int
	if err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM v_project WHERE id = $1`, id).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return errs.Missing("project")
	}
	return nil
}

func insertDocument(ctx context.Context, tx *work.Tx, d Document) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO document (id, project_id, kind_id, name, purpose, latest, state, approved, changed_at) VALUES ($1, $2, $3, $4, $5, 0, $6, 0, $7)`,
		d.ID, d.Project, d.Kind, d.Name, d.Purpose, string(d.State), d.ChangedAt)
	if sqldb.IsDuplicate(err) {
		return errs.New(errs.Conflict, "Somebody began this document meanwhile.")
	}
	return err
}

// touch writes what lists ask of a document, unless another version came meanwhile.
func touch(ctx context.Context, tx *work.Tx, d Document, latest int) error {
	res, err := tx.ExecContext(ctx, `UPDATE document SET latest = $1, state = $2, approved = CASE WHEN approved > $3 THEN approved ELSE $3 END, changed_at = $4 WHERE id = $5 AND latest = $6`,
		d.Latest, string(d.State), d.Approved, d.ChangedAt, d.ID, latest)
	return changed(res, err)
}

func changed(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, errs.New(errs.Conflict, "Somebody changed this document meanwhile. Look at it again."))
	}
	return nil
}

func insertVersion(ctx context.Context, tx *work.Tx, v Version) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO document_version (id, document_id, number, form, body, file_name, media_type, size, sha256, checked, writer_id, written_at, state,
		asked, submitted_by, submitted_at, decided_by, decided_at, reason, erased) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', '', 0, '', 0, '', FALSE)`,
		v.ID, v.Document, v.Number, string(v.Form), v.Body, v.FileName, v.MediaType, v.Size, v.SHA256, v.Checked, v.Writer, v.WrittenAt, string(v.State))
	if sqldb.IsDuplicate(err) {
		return errs.New(errs.Conflict, "Somebody wrote a version meanwhile. Look at it again.")
	}
	return err
}

// saveState writes how a version stands, if it still stands as it did.
func saveState(ctx context.Context, tx *work.Tx, v Version, before State) error {
	res, err := tx.ExecContext(ctx, `UPDATE document_version SET state = $1, asked = $2, submitted_by = $3, submitted_at = $4, decided_by = $5, decided_at = $6, reason = $7 WHERE id = $8 AND state = $9`,
		string(v.State), v.Asked, v.SubmittedBy, v.SubmittedAt, v.DecidedBy, v.DecidedAt, v.Reason, v.ID, string(before))
	return changed(res, err)
}

const versionSelect = `SELECT v.id, v.document_id, v.number, v.form, v.body, v.file_name, v.media_type, v.size, v.sha256, v.checked, v.writer_id, COALESCE(w.name, ''), v.written_at, v.state,
	v.asked, v.submitted_by, COALESCE(s.name, ''), v.submitted_at, v.decided_by, COALESCE(b.name, ''), v.decided_at, v.reason, v.erased
	FROM document_version v LEFT JOIN v_person w ON w.id = v.writer_id LEFT JOIN v_person s ON s.id = v.submitted_by LEFT JOIN v_person b ON b.id = v.decided_by`

func (v *Version) scan(scan func(...any) error) error {
	return scan(&v.ID, &v.Document, &v.Number, &v.Form, &v.Body, &v.FileName, &v.MediaType, &v.Size, &v.SHA256, &v.Checked, &v.Writer, &v.WriterName, &v.WrittenAt, &v.State,
		&v.Asked, &v.SubmittedBy, &v.SubmittedByName, &v.SubmittedAt, &v.DecidedBy, &v.DecidedByName, &v.DecidedAt, &v.Reason, &v.Erased)
}

func getVersion(ctx context.Context, q sqldb.Querier, document string, number int) (v Version, err error) {
	err = v.scan(q.QueryRowContext(ctx, versionSelect+` WHERE v.document_id = $1 AND v.number = $2`, document, number).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = errs.Missing("version")
	}
	return v, err
}

// versionsOf reads the versions of a document, newest first.
func versionsOf(ctx context.Context, q sqldb.Querier, document string) (out []Version, err error) {
	rows, err := q.QueryContext(ctx, versionSelect+` WHERE v.document_id = $1 ORDER BY v.number DESC`, document)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var v Version
		if err := v.scan(rows.Scan); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// holds tells whether a person has the role that was asked on the project today.
func holds(ctx context.Context, q sqldb.Querier, project, role, person string, today clock.Day) (bool, error) {
	var n int
	err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM v_assignment a WHERE a.project_id = $1 AND a.kind = $2 AND a.person_id = $3 AND a.from_on <= $4 AND (a.to_on = '' OR a.to_on >= $5)`,
		project, role, person, today, today).Scan(&n)
	return n > 0 && person != "", err
}

func listDocuments(ctx context.Context, q sqldb.Querier, w *sqldb.Where, order string) (out []Document, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+documentColumns+`, p.name FROM document d JOIN v_project p ON p.id = d.project_id`+w.SQL()+` ORDER BY `+order, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var d Document
		if err := d.scan(rows.Scan, &d.ProjectName); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}
