package career

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// shelf gathers what entries leave and puts it away in packs, one for each person: a
// rebuild reads the whole record, and a row for each item would cost more than all
// else. What an entry says is added and never changed, so that it does not matter in
// which order entries are read, nor how often (ADR 0042).
type shelf struct {
	k      *work.Keeping
	zone   *time.Location // of the organisation: in which a moment has its day
	people map[string]*unpacking
	order  []string // of the people, as they came
}

func newShelf(k *work.Keeping, zone *time.Location) *shelf {
	return &shelf{k: k, zone: zone, people: map[string]*unpacking{}}
}

// moves goes to the time zone that an entry says was chosen, if it says so: a moment
// can have another day there.
func (s *shelf) moves(e activity.Entry) bool {
	var f struct {
		Fields []string `json:"fields"`
		Zone   string   `json:"zone"`
	}
	if json.Unmarshal(e.Facts, &f) != nil || !slices.Contains(f.Fields, "zone") {
		return false
	}
	if zone, err := time.LoadLocation(f.Zone); err == nil && f.Zone != "" {
		s.zone = zone
	}
	return true
}

// lay takes an item of a person unless a later entry has spoken already.
func (s *shelf) lay(person string, it Item, seq int64) {
	u := s.people[person]
	if u == nil {
		u = &unpacking{place: map[string]int{}}
		s.people[person], s.order = u, append(s.order, person)
	}
	u.lay(lay(it, seq))
}

// put writes what was laid.
func (s *shelf) put(ctx context.Context) error {
	packs, places := make([][]any, 0, len(s.order)), [][]any{}
	for _, person := range s.order {
		u := s.people[person]
		packs = append(packs, packed(person, u.items))
		there := map[string]bool{"": true}
		for i := range u.items {
			for _, place := range [...]string{u.items[i].of.project, u.items[i].of.body} {
				if !there[place] {
					there[place], places = true, append(places, []any{person, place})
				}
			}
		}
	}
	if err := insertPacks(ctx, s.k, packs); err != nil {
		return err
	}
	if err := sqldb.Insert(ctx, s.k, "career_place (person_id, place_id)", " ON CONFLICT DO NOTHING", places); err != nil {
		return err
	}
	if err := s.tidy(ctx); err != nil {
		return err
	}
	s.order = nil
	clear(s.people)
	return nil
}

// packed gives the row of a pack.
func packed(person string, items []laid) []any {
	var b strings.Builder
	first, last := items[0].seq, items[0].seq
	for i := range items {
		items[i].pack(&b)
		first, last = min(first, items[i].seq), max(last, items[i].seq)
	}
	return []any{person, first, last, b.String()}
}

// insertPacks adds to what is there under the same numbers: entries that were read
// twice, and not always the same of them.
func insertPacks(ctx context.Context, k sqldb.Execer, packs [][]any) error {
	return sqldb.Insert(ctx, k, "career_pack (person_id, first_seq, last_seq, items)",
		" ON CONFLICT (person_id, first_seq, last_seq) DO UPDATE SET items = career_pack.items || excluded.items", packs)
}

// Somebody's work comes in a few entries at a time. Beyond mostPacks of them, a
// person's packs become one, without what later entries have replaced. Beyond
// manyPeople, it is cheaper to look at everybody's than to name them.
const mostPacks, manyPeople = 64, 200

func (s *shelf) tidy(ctx context.Context) error {
	if len(s.order) == 0 {
		return nil
	}
	var w sqldb.Where
	if len(s.order) <= manyPeople {
		w.AndIn("person_id", s.order)
	}
	query := `SELECT person_id FROM career_pack` + w.SQL() + ` GROUP BY person_id HAVING COUNT(*) > ` + w.Add(mostPacks)
	rows, err := s.k.QueryContext(ctx, query, w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	var full []string
	for rows.Next() {
		var person string
		if err := rows.Scan(&person); err != nil {
			return err
		}
		full = append(full, person)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	_ = rows.Close() // the transaction's one connection is needed for the next query
	for _, person := range full {
		if err := s.repack(ctx, person); err != nil {
			return err
		}
	}
	return nil
}

func (s *shelf) repack(ctx context.Context, person string) error {
	u, numbers, err := unpack(ctx, s.k, person)
	if err != nil {
		return err
	}
	for _, n := range numbers { // what another process has added meanwhile stays
		if _, err := s.k.ExecContext(ctx, `DELETE FROM career_pack WHERE person_id = $1 AND first_seq = $2 AND last_seq = $3`, person, n[0], n[1]); err != nil {
			return err
		}
	}
	return insertPacks(ctx, s.k, [][]any{packed(person, u.items)})
}

// unpack reads the packs of a person and gives their numbers beside what is in them.
func unpack(ctx context.Context, q sqldb.Querier, person string) (u *unpacking, numbers [][2]int64, err error) {
	rows, err := q.QueryContext(ctx, `SELECT first_seq, last_seq, items FROM career_pack WHERE person_id = $1 ORDER BY first_seq, last_seq`, person)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	var packs []string
	lines := 0
	for rows.Next() {
		var n [2]int64
		var items string
		if err := rows.Scan(&n[0], &n[1], &items); err != nil {
			return nil, nil, err
		}
		packs, numbers = append(packs, items), append(numbers, n)
		lines += strings.Count(items, "\n")
	}
	u = newUnpacking(lines)
	for _, p := range packs {
		u.add(p)
	}
	return u, numbers, rows.Err()
}
