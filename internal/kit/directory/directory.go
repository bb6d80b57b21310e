// Package directory finds people for features that let others name them: in a form,
// as an owner, for a seat. It reads the view that identity publishes, and asks nobody
// whether the reader may: the feature does.
package directory

import (
	"context"
	"database/sql"
	"errors"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
)

// Person is somebody of the directory.
type Person struct{ ID, Name string }

// proposed bounds the list that a form proposes; a name beyond it can be typed.
const proposed = 1000

// List gives the people whom a form proposes, by name.
func List(ctx context.Context, q sqldb.Querier) (out []Person, err error) {
	rows, err := q.QueryContext(ctx, `SELECT id, name FROM v_person WHERE left_on = '' AND NOT erased ORDER BY name_key, id LIMIT $1`, proposed)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p Person
		if err := rows.Scan(&p.ID, &p.Name); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// Named finds the person of a typed name or id; nobody for no name. The field is
// named in the error when there is none, or more than one.
func Named(ctx context.Context, q sqldb.Querier, field, name string) (id string, err error) {
	if name == "" {
		return "", nil
	}
	var n int
	err = q.QueryRowContext(ctx, `SELECT COALESCE(MIN(id), ''), COUNT(*) FROM v_person WHERE NOT erased AND (name_key = $1 OR id = $2)`, fold.Sort(name), name).Scan(&id, &n)
	switch {
	case err != nil:
		return "", err
	case n == 0:
		return "", errs.OnField(field, "There is nobody of this name in the directory. Add them under People first.")
	case n > 1:
		return "", errs.OnField(field, "%d people have this name. Open the one you mean under People and use the id in the address.", n)
	}
	return id, nil
}

// Gone is the condition, after a column, that it names somebody who is not there to act
// any more: who left before a day, its one value, was erased, or has a deactivated account.
const Gone = ` IN (SELECT p.id FROM v_person p WHERE p.erased OR p.left_on <> '' AND p.left_on < ? UNION SELECT c.person_id FROM v_account c WHERE c.active = FALSE)`

// Present gives a person who has not left as the one who acts: with the role of
// their account, or a member's where they have none that is active. False if there is
// nobody.
func Present(ctx context.Context, q sqldb.Querier, person string, today clock.Day) (who authz.Actor, there bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT COALESCE(a.role, $1) FROM v_person p LEFT JOIN v_account a ON a.person_id = p.id AND a.active = TRUE
		WHERE p.id = $2 AND NOT p.erased AND (p.left_on = '' OR p.left_on >= $3)`, string(authz.Member), person, today).Scan(&who.Role)
	if errors.Is(err, sql.ErrNoRows) {
		return authz.Actor{}, false, nil
	}
	who.Person = person
	return who, err == nil, err
}
