package career

import (
	"context"
	"strings"

	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// shelf gathers what entries leave and puts it away many at a time: a rebuild reads
// the whole record, and a statement for each item would cost more than all else.
type shelf struct {
	k     *work.Keeping
	place map[[2]string]int // of a person's item
	items []laid
}

type laid struct {
	person string
	Item
	seq int64
}

func newShelf(k *work.Keeping) *shelf { return &shelf{k: k, place: map[[2]string]int{}} }

// lay takes an item unless a later entry, or the same one, has spoken already.
func (s *shelf) lay(person string, it Item, seq int64) {
	at, there := s.place[[2]string{person, it.Key}]
	switch {
	case !there:
		s.place[[2]string{person, it.Key}] = len(s.items)
		s.items = append(s.items, laid{person, it, seq})
	case s.items[at].seq < seq:
		s.items[at] = laid{person, it, seq}
	}
}

// atOnce is how many items one statement puts away. Each has fourteen values, and SQLite looks
// for the name of each along all of them.
const atOnce = 20

// put writes what was laid, each unless a later entry has spoken in the database.
func (s *shelf) put(ctx context.Context) error {
	for from := 0; from < len(s.items); from += atOnce {
		if err := s.write(ctx, s.items[from:min(from+atOnce, len(s.items))]); err != nil {
			return err
		}
	}
	s.items = s.items[:0]
	clear(s.place)
	return nil
}

func (s *shelf) write(ctx context.Context, items []laid) error {
	var a sqldb.Args
	var rows strings.Builder
	for i := range items {
		it := &items[i]
		if i > 0 {
			rows.WriteString(", ")
		}
		rows.WriteString("(" + a.List([]string{it.person, it.Key, it.Kind, string(it.Role), string(it.Origin), it.Project, it.From, it.To, it.SubjectKind, it.SubjectID, it.Detail, it.Body, it.Tier}) + ", " + a.Add(it.seq) + ")")
	}
	_, err := s.k.ExecContext(ctx, `INSERT INTO career_item (person_id, item_key, kind, work_role, origin, project_id, from_on, to_on, subject_kind, subject_id, detail, body_id, tier, seq)
		VALUES `+rows.String()+`
		ON CONFLICT (person_id, item_key) DO UPDATE SET kind = excluded.kind, work_role = excluded.work_role, origin = excluded.origin, project_id = excluded.project_id,
		from_on = excluded.from_on, to_on = excluded.to_on, subject_kind = excluded.subject_kind, subject_id = excluded.subject_id, detail = excluded.detail,
		body_id = excluded.body_id, tier = excluded.tier, seq = excluded.seq WHERE career_item.seq < excluded.seq`, a.Values()...)
	return err
}
