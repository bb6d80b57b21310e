package identity

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Texter is a holder that keeps numbers of people inside texts, and moves them itself.
type Texter interface {
	// MoveTextsIn writes one number in the place of another and gives the keys of
	// the texts in which that can be undone.
	MoveTextsIn(ctx context.Context, tx *work.Tx, from, into string) ([]string, error)
	// ReturnTextsIn undoes it in the texts of these keys, and says how many stay
	// because they were changed since.
	ReturnTextsIn(ctx context.Context, tx *work.Tx, from, into string, keys []string) (left int, err error)
}

// Aparter is a holder that can say why two people must not become one now.
type Aparter interface {
	Apart(ctx context.Context, q sqldb.Querier, a, b string, today clock.Day) (why string, err error)
}

// ownPlaces are the places of this feature and of the record.
var ownPlaces = slices.Concat(
	privacy.PlacesOf("password", "account", "", privacy.Own, "person_id"),
	privacy.PlacesOf("sessions and API tokens", "one_time_link", "", privacy.Own, "person_id"),
	privacy.PlacesOf("sessions and API tokens", "session", "", privacy.Own, "person_id"),
	privacy.PlacesOf("sessions and API tokens", "api_token", "", privacy.Own, "person_id"),
	privacy.PlacesOf("sessions and API tokens", "api_once", "", privacy.Own, "person_id"),
	privacy.PlacesOf("a request to be erased", "erasure_request", "", privacy.Own, "person_id"),
	privacy.PlacesOf("names under which a person was entered before", "person_merged", "id", privacy.Moves, "merged_by", "ended_by"),
	privacy.PlacesOf("entries of the record of work in which a person took part", "activity_participant", "", privacy.Stays, "person_id", "for_person_id"),
	privacy.PlacesOf("entries of the record of work in which a person took part", "activity", "", privacy.Stays, "actor_id"),
	privacy.PlacesOf("entries of the record about a person", "activity", "", privacy.Stays, "subject_id", "audience"),
)

// Places lists every column that holds numbers of people.
func (s *Service) Places() []privacy.Place { return s.places() }

func (s *Service) places() []privacy.Place {
	out := slices.Clone(ownPlaces)
	for _, h := range s.holders {
		out = append(out, h.Places()...)
	}
	return out
}

// held says of each place whether it holds a person, in one query.
func held(ctx context.Context, q sqldb.Querier, places []privacy.Place, person string) ([]bool, error) {
	parts := make([]string, len(places))
	var args sqldb.Args
	is, inside := args.Add(person), ""
	for i, p := range places {
		parts[i] = `EXISTS (SELECT 1 FROM ` + p.Table + ` WHERE ` + p.Column + ` = ` + is + `)`
		if p.Does != privacy.ByHand {
			continue
		}
		if inside == "" {
			inside = args.Add("%" + person + "%")
		}
		parts[i] = `EXISTS (SELECT 1 FROM ` + p.Table + ` WHERE ` + p.Column + ` LIKE ` + inside + `)`
	}
	out, dest := make([]bool, len(places)), make([]any, len(places))
	for i := range out {
		dest[i] = &out[i]
	}
	return out, q.QueryRowContext(ctx, `SELECT `+strings.Join(parts, ", "), args.Values()...).Scan(dest...)
}

func (s *Service) apart(ctx context.Context, q sqldb.Querier, a, b string, today clock.Day) (string, error) {
	for _, h := range s.holders {
		if x, ok := h.(Aparter); ok {
			if why, err := x.Apart(ctx, q, a, b, today); err != nil || why != "" {
				return why, err
			}
		}
	}
	return "", nil
}

// keyOf is a row's key as one text.
func keyOf(table, key string) string {
	parts := strings.Split(key, ", ")
	for i, k := range parts {
		parts[i] = table + "." + k
	}
	return strings.Join(parts, ` || '|' || `) + ` || ''`
}

// moving is the condition on the rows that a merge moves.
func moving(p privacy.Place, args *sqldb.Args, from, into string) string {
	cond := p.Table + `.` + p.Column + ` = ` + args.Add(from)
	if p.When != "" {
		cond += ` AND ` + p.When
	}
	if p.Once {
		cond += ` AND NOT EXISTS (SELECT 1 FROM ` + p.Table + ` o WHERE o.` + p.Column + ` = ` + args.Add(into)
		for k := range strings.SplitSeq(p.Key, ", ") {
			cond += ` AND o.` + k + ` = ` + p.Table + `.` + k
		}
		cond += `)`
	}
	return cond
}

// texts is the place under which the keys of texts are kept.
const textPlace = "texts"

// move makes the rows of one entry the other's and notes which they were. The
// names of tables and columns are constants of the features.
func (s *Service) move(ctx context.Context, tx *work.Tx, merge, from, into string) error {
	for _, p := range s.places() {
		if p.Does != privacy.Moves {
			continue
		}
		var note, to sqldb.Args
		if _, err := tx.ExecContext(ctx, `INSERT INTO person_moved (merge_id, place, row_key) SELECT `+note.Add(merge)+`, `+note.Add(p.Table+"."+p.Column)+`, `+keyOf(p.Table, p.Key)+
			` FROM `+p.Table+` WHERE `+moving(p, &note, from, into), note.Values()...); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE `+p.Table+` SET `+p.Column+` = `+to.Add(into)+` WHERE `+moving(p, &to, from, into), to.Values()...); err != nil {
			return err
		}
	}
	var rows [][]any
	for _, h := range s.holders {
		if x, ok := h.(Texter); ok {
			keys, err := x.MoveTextsIn(ctx, tx, from, into)
			if err != nil {
				return err
			}
			for _, k := range keys {
				rows = append(rows, []any{merge, textPlace, k})
			}
		}
	}
	return sqldb.Insert(ctx, tx, `person_moved (merge_id, place, row_key)`, ``, rows)
}

// moveBack gives the rows back that a merge moved and that still are where it put them.
func (s *Service) moveBack(ctx context.Context, tx *work.Tx, m merge) (left int, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT row_key FROM person_moved WHERE merge_id = $1 AND place = $2 ORDER BY row_key`, m.id, textPlace)
	if err != nil {
		return 0, err
	}
	keys, err := texts(rows)
	if err != nil {
		return 0, err
	}
	for _, h := range s.holders {
		if x, ok := h.(Texter); ok {
			n, err := x.ReturnTextsIn(ctx, tx, m.from, m.into, keys)
			if err != nil {
				return 0, err
			}
			left += n
		}
	}
	places := s.places()
	slices.Reverse(places) // keys were read after what was moved before
	for _, p := range places {
		if p.Does != privacy.Moves {
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE `+p.Table+` SET `+p.Column+` = $1 WHERE `+p.Column+` = $2 AND `+keyOf(p.Table, p.Key)+
			` IN (SELECT row_key FROM person_moved WHERE merge_id = $3 AND place = $4)`, m.from, m.into, m.id, p.Table+"."+p.Column); err != nil {
			return 0, err
		}
	}
	return left, nil
}

func texts(rows *sql.Rows) (out []string, err error) {
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}
