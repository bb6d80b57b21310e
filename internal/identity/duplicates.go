package identity

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Pair is two entries that may be one person, with the one to keep first.
type Pair struct {
	Keep, Other Person
	SameName    bool // otherwise initial and surname agree
}

// pairs are suggested at most.
const pairs = 3

// Twins are the few pairs of entries that may be one person: their names are the
// same, or one has only the initial of the other's first name. Two who both have an
// account are two people.
func (s *Service) Twins(ctx context.Context, who authz.Actor) (out []Pair, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, MergePeople, authz.Instance); err != nil {
			return err
		}
		out, err = twins(ctx, v, who.Person)
		return err
	})
	return out, err
}

// An initial and a surname are "j. smith" or "j smith": what follows the initial
// is what the whole name ends with.
const twinNames = `SELECT s.id, l.id, TRUE FROM person s JOIN person l ON l.name_key = s.name_key AND l.id > s.id
	WHERE s.erased_at = 0 AND s.merged_into = '' AND l.erased_at = 0 AND l.merged_into = ''
	AND NOT (EXISTS (SELECT 1 FROM account a WHERE a.person_id = s.id) AND EXISTS (SELECT 1 FROM account b WHERE b.person_id = l.id))
	UNION ALL
	SELECT s.id, l.id, FALSE FROM person s JOIN person l ON l.name_key >= substr(s.name_key, 1, 1) AND l.name_key < substr(s.name_key, 1, 1) || '~'
		AND l.name_key LIKE substr(s.name_key, 1, 1) || '_%' || substr(s.name_key, CASE WHEN s.name_key LIKE '_. %' THEN 3 ELSE 2 END) AND NOT (l.name_key LIKE '_. %' OR l.name_key LIKE '_ %')
	WHERE (s.name_key LIKE '_. _%' OR s.name_key LIKE '_ _%') AND s.erased_at = 0 AND s.merged_into = '' AND l.erased_at = 0 AND l.merged_into = ''
	AND NOT (EXISTS (SELECT 1 FROM account a WHERE a.person_id = s.id) AND EXISTS (SELECT 1 FROM account b WHERE b.person_id = l.id))
	LIMIT $1`

func twins(ctx context.Context, q sqldb.Querier, me string) ([]Pair, error) {
	rows, err := q.QueryContext(ctx, twinNames, pairs+1)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found [][2]string
	var same []bool
	var ids []string
	for rows.Next() {
		var a, b string
		var whole bool
		if err := rows.Scan(&a, &b, &whole); err != nil {
			return nil, err
		}
		if a == me || b == me || len(found) == pairs { // nobody merges themselves
			continue
		}
		found, same, ids = append(found, [2]string{a, b}), append(same, whole), append(ids, a, b)
	}
	if err := rows.Err(); err != nil || len(found) == 0 {
		return nil, err
	}
	_ = rows.Close() // the snapshot's one connection is needed for the next query
	people, err := peopleByID(ctx, q, ids)
	var out []Pair
	for i, f := range found {
		a, b := people[f[0]], people[f[1]]
		if a.HasAccount || !b.HasAccount && same[i] { // of a name and its initial, the whole name
			out = append(out, Pair{a, b, same[i]})
			continue
		}
		out = append(out, Pair{b, a, same[i]})
	}
	return out, err
}

func peopleByID(ctx context.Context, q sqldb.Querier, ids []string) (map[string]Person, error) {
	var w sqldb.Where
	w.AndIn("p.id", ids)
	list, err := listPeople(ctx, q, &w, len(ids))
	out := map[string]Person{}
	for _, p := range list {
		out[p.ID] = p
	}
	return out, err
}
