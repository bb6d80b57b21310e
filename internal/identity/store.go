package identity

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

const personColumns = `p.id, p.name, p.email, p.job_title, p.org_unit, p.left_on, p.version,
	COALESCE(a.role, ''), COALESCE(a.active, FALSE), COALESCE(a.password, 'x') = '', p.erased_at <> 0`

func scanPerson(scan func(...any) error) (p Person, err error) {
	var role string
	err = scan(&p.ID, &p.Name, &p.Email, &p.JobTitle, &p.OrgUnit, &p.LeftOn, &p.Version, &role, &p.Active, &p.Invited, &p.Erased)
	p.Role, p.HasAccount = authz.Role(role), role != ""
	return p, err
}

// getPerson finds nobody under the number of an entry that was merged into another.
func getPerson(ctx context.Context, q sqldb.Querier, id string) (Person, error) {
	return scanPerson(q.QueryRowContext(ctx, `SELECT `+personColumns+` FROM person p LEFT JOIN account a ON a.person_id = p.id WHERE p.id = $1 AND p.merged_into = ''`, id).Scan)
}

// nowIs is the number under which a person is found today.
func nowIs(ctx context.Context, q sqldb.Querier, id string) (now string, err error) {
	err = q.QueryRowContext(ctx, `SELECT CASE WHEN merged_into = '' THEN id ELSE merged_into END FROM person WHERE id = $1`, id).Scan(&now)
	return now, err
}

func insertPerson(ctx context.Context, tx *work.Tx, p Person) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO person (id, name, name_key, email, email_key, job_title, org_unit, left_on, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)`, p.ID, p.Name, fold.Sort(p.Name), p.Email, fold.Key(p.Email), p.JobTitle, p.OrgUnit, p.LeftOn)
	return err
}

func updatePerson(ctx context.Context, tx *work.Tx, p Person) (bool, error) {
	res, err := tx.ExecContext(ctx, `UPDATE person SET name = $1, name_key = $2, email = $3, email_key = $4, job_title = $5, org_unit = $6,
		left_on = $7, version = version + 1 WHERE id = $8 AND version = $9 AND erased_at = 0 AND merged_into = ''`,
		p.Name, fold.Sort(p.Name), p.Email, fold.Key(p.Email), p.JobTitle, p.OrgUnit, p.LeftOn, p.ID, p.Version)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	if err != nil || n == 0 {
		return false, err
	}
	// Entries that were merged into this one bear its name.
	_, err = tx.ExecContext(ctx, `UPDATE person SET name = $1, name_key = $2, job_title = $3, org_unit = $4, left_on = $5 WHERE merged_into = $6`,
		p.Name, fold.Sort(p.Name), p.JobTitle, p.OrgUnit, p.LeftOn, p.ID)
	return true, err
}

func listPeople(ctx context.Context, q sqldb.Querier, w *sqldb.Where, limit int) ([]Person, error) {
	query := `SELECT ` + personColumns + ` FROM person p LEFT JOIN account a ON a.person_id = p.id` + w.SQL() +
		` ORDER BY p.name_key, p.id LIMIT ` + w.Add(limit)
	rows, err := q.QueryContext(ctx, query, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Person
	for rows.Next() {
		p, err := scanPerson(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

func putAccount(ctx context.Context, tx *work.Tx, person string, role authz.Role, active bool) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO account (person_id, role, password, active) VALUES ($1, $2, '', $3)
		ON CONFLICT (person_id) DO UPDATE SET role = excluded.role, active = excluded.active`, person, string(role), active)
	return err
}

func setPassword(ctx context.Context, tx *work.Tx, person, hash string) error {
	_, err := tx.ExecContext(ctx, `UPDATE account SET password = $1 WHERE person_id = $2`, hash, person)
	return err
}

func endSessions(ctx context.Context, tx *work.Tx, person string, except []byte) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM session WHERE person_id = $1 AND hash <> $2`, person, except)
	return err
}

type credentials struct {
	person, password string
	active           bool
}

// findCredentials gives empty credentials when there is no such account.
func findCredentials(ctx context.Context, q sqldb.Querier, email string) (c credentials, err error) {
	err = q.QueryRowContext(ctx, `SELECT a.person_id, a.password, a.active FROM person p JOIN account a ON a.person_id = p.id WHERE p.email_key = $1`,
		fold.Key(email)).Scan(&c.person, &c.password, &c.active)
	if errors.Is(err, sql.ErrNoRows) || email == "" {
		return credentials{}, nil
	}
	return c, err
}

// tooMany counts a try in a bucket and tells whether there were more than most
// within the window.
func tooMany(ctx context.Context, k *work.Keeping, bucket []byte, most int, window time.Duration) (bool, error) {
	now := sqldb.Micros(k.Now)
	from := sqldb.Micros(k.Now.Add(-window))
	var tries int
	err := k.QueryRowContext(ctx, `SELECT tries FROM rate_limit WHERE bucket = $1 AND began_at > $2`, bucket, from).Scan(&tries)
	if errors.Is(err, sql.ErrNoRows) {
		_, err = k.ExecContext(ctx, `INSERT INTO rate_limit (bucket, began_at, tries) VALUES ($1, $2, 1)
			ON CONFLICT (bucket) DO UPDATE SET began_at = excluded.began_at, tries = 1`, bucket, now)
		return false, err
	}
	if err != nil {
		return false, err
	}
	_, err = k.ExecContext(ctx, `UPDATE rate_limit SET tries = tries + 1 WHERE bucket = $1`, bucket)
	return tries >= most, err
}
