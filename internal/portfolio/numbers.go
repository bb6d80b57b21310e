package portfolio

import (
	"context"
	"strconv"
	"strings"

	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// The texts that hold numbers of people are the facts of projects, where a field
// of the organisation's own names somebody, and the addresses of kept lists. A key
// says which text it was, and how far it had come.
const (
	factsKey = "facts"
	listKey  = "list"
)

// MoveTextsIn writes the number of one person in the place of another's, within
// a merge of two entries of the directory. It gives the keys of the texts that
// can be given back: those that did not name both.
func (s *Service) MoveTextsIn(ctx context.Context, tx *work.Tx, from, into string) (keys []string, err error) {
	theirs, mine := "%"+from+"%", "%"+into+"%"
	for _, t := range []struct{ kind, query string }{
		{factsKey, `SELECT s.project_id, MAX(s.seq) FROM project_statement s WHERE s.project_id IN (SELECT f.project_id FROM project_statement f WHERE f.facts LIKE $1)
			AND s.project_id NOT IN (SELECT b.project_id FROM project_statement b WHERE b.facts LIKE $2) GROUP BY s.project_id ORDER BY 1`},
		{listKey, `SELECT id, version FROM project_view WHERE query LIKE $1 AND query NOT LIKE $2 ORDER BY id`},
	} {
		err := each(ctx, tx, t.query, []any{theirs, mine}, func(scan func(...any) error) error {
			var id string
			var at int64
			err := scan(&id, &at)
			keys = append(keys, t.kind+" "+id+" "+strconv.FormatInt(at, 10))
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	for _, q := range []string{
		`UPDATE project_words SET words = replace(words, $1, $2) WHERE words LIKE $3`,
		`UPDATE project_version SET custom = replace(custom, $1, $2) WHERE custom LIKE $3`,
		`UPDATE project_statement SET facts = replace(facts, $1, $2) WHERE facts LIKE $3`,
		`UPDATE project_view SET query = replace(query, $1, $2) WHERE query LIKE $3`,
	} {
		if _, err := tx.ExecContext(ctx, q, from, into, theirs); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// ReturnTextsIn undoes MoveTextsIn in the texts of these keys. A project of which
// something was stated since, and a list that was changed, keep the number that
// they have; left counts the projects.
func (s *Service) ReturnTextsIn(ctx context.Context, tx *work.Tx, from, into string, keys []string) (left int, err error) {
	for _, k := range keys {
		part := strings.Split(k, " ")
		if len(part) != 3 {
			continue
		}
		kind, id := part[0], part[1]
		at, err := strconv.ParseInt(part[2], 10, 64)
		if err != nil {
			return 0, err
		}
		switch kind {
		case listKey:
			_, err = tx.ExecContext(ctx, `UPDATE project_view SET query = replace(query, $1, $2) WHERE id = $3 AND version = $4`, into, from, id, at)
		case factsKey:
			var last int64
			if err := tx.QueryRowContext(ctx, `SELECT MAX(seq) FROM project_statement WHERE project_id = $1`, id).Scan(&last); err != nil {
				return 0, err
			}
			if last != at {
				left++
				continue
			}
			err = returnFacts(ctx, tx, from, into, id)
		}
		if err != nil {
			return 0, err
		}
	}
	return left, nil
}

func returnFacts(ctx context.Context, tx sqldb.Execer, from, into, project string) error {
	for _, q := range []string{
		`UPDATE project_statement SET facts = replace(facts, $1, $2) WHERE project_id = $3`,
		`UPDATE project_version SET custom = replace(custom, $1, $2) WHERE project_id = $3`,
		`UPDATE project_words SET words = replace(words, $1, $2) WHERE project_id = $3`,
	} {
		if _, err := tx.ExecContext(ctx, q, into, from, project); err != nil {
			return err
		}
	}
	return nil
}
