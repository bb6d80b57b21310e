package career

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// attestations reads those that a condition of the code names, oldest first.
func attestations(ctx context.Context, q sqldb.Querier, cond string, args ...any) (out []Attestation, err error) {
	rows, err := q.QueryContext(ctx, `SELECT a.id, a.person_id, COALESCE(p.name, ''), a.about_kind, a.about_id, a.attester_id, COALESCE(t.name, a.attester_name), a.wording, a.amended, a.reason, a.state,
		a.covers_to, a.expires_at, a.asked_at, a.answered_at, a.version FROM career_attestation a
		LEFT JOIN v_person p ON p.id = a.person_id LEFT JOIN v_person t ON t.id = a.attester_id WHERE `+cond+` ORDER BY a.asked_at, a.id`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var a Attestation
		if err := rows.Scan(&a.ID, &a.Person, &a.PersonName, &a.AboutKind, &a.AboutID, &a.Attester, &a.AttesterName, &a.Wording, &a.Amended, &a.Reason, &a.State,
			&a.CoversTo, &a.Expires, &a.AskedAt, &a.AnsweredAt, &a.Version); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, rows.Err()
}

// oneAttestation finds one, or gives a not-found.
func oneAttestation(ctx context.Context, q sqldb.Querier, cond string, args ...any) (Attestation, error) {
	list, err := attestations(ctx, q, cond, args...)
	if err == nil && len(list) == 0 {
		err = errs.Missing("request")
	}
	if err != nil {
		return Attestation{}, err
	}
	return list[0], nil
}

// hashOf is how a link's token is kept.
func hashOf(token string) string {
	sum := sha256.Sum256([]byte("cairn attestation\x00" + token))
	return hex.EncodeToString(sum[:])
}

// step moves an attestation on from the state in which it was read.
func step(ctx context.Context, tx *work.Tx, was, a Attestation) error {
	res, err := tx.ExecContext(ctx, `UPDATE career_attestation SET state = $1, wording = $2, amended = $3, reason = $4, answered_at = $5, version = version + 1 WHERE id = $6 AND state = $7 AND version = $8`,
		string(a.State), a.Wording, a.Amended, a.Reason, a.AnsweredAt, a.ID, string(was.State), was.Version)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errs.New(errs.Duplicate, "This was answered meanwhile. Look again.")
	}
	return nil
}

// lapse ends what was asked or confirmed of a wording that is no longer the same, but
// for one that confirms what it is now.
func lapse(ctx context.Context, tx *work.Tx, person, kind, id, but string) error {
	_, err := tx.ExecContext(ctx, `UPDATE career_attestation SET state = 'lapsed', version = version + 1 WHERE person_id = $1 AND about_kind = $2 AND about_id = $3 AND id <> $4 AND state IN ('asked', 'amended', 'confirmed')`,
		person, kind, id, but)
	return err
}
