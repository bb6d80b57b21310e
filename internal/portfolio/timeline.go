package portfolio

import (
	"context"
	"encoding/json"
	"slices"
	"sort"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Turn is one field that a statement changed: what was held about the
// statement's date before it, and since.
type Turn struct {
	Info      FieldInfo
	Old, New  Value
	Corrected bool // a person corrected the cell of the file before its import
}

// Stated is one statement with what it changed.
type Stated struct {
	Seq              int64     // its place in the order in which Cairn learnt it, from 1
	AsAt             clock.Day // since when it holds
	At               int64     // when Cairn learnt it, in microseconds UTC
	By, ByName       string    // who stated it; empty if that was not recorded
	Door             Door      // empty if it was not recorded
	Source           string
	Import, FileName string // for those who may import
	Turns            []Turn

	facts     Facts
	number    int64 // of the statement
	retracted int64 // when its batch was undone; 0 while it stands
	undoneBy  [2]string
}

// Timeline is how Cairn came to know a project, newest first.
type Timeline struct {
	Name     string // of the project now
	Currency string
	List     []Stated
	Fields   []FieldInfo       // those that ever changed, for the filter
	Names    map[string]string // of the people and nodes that values name, by id
	Count    int               // of the statements that changed something, over all pages
	Next     int64             // Seq before which the next page begins; 0 on the last
}

// Timeline lists the statements about a project that changed something, newest
// first, before a Seq (0 is the newest), of one field or of all.
func (s *Service) Timeline(ctx context.Context, who authz.Actor, project string, field Field, before int64, limit int) (t Timeline, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeProject, authz.On(project)); err != nil {
			return err
		}
		list, err := stated(ctx, v, project)
		if err != nil {
			return err
		}
		infos, err := infosByField(ctx, v)
		if err != nil {
			return err
		}
		if _, ok := infos[field]; !ok && field != "" && !slices.ContainsFunc(list, func(s Stated) bool { _, has := s.facts[field]; return has }) {
			return errs.OnField("field", "There is no field of this name.")
		}
		t = timeline(withUndos(list), infos, field)
		if err := t.corrected(ctx, v, project); err != nil {
			return err
		}
		if t.Name, t.Currency, err = nameNow(ctx, v, project); err != nil {
			return err
		}
		t.page(before, limit)
		if !v.Can(ctx, AddProject, authz.Instance) {
			for i := range t.List {
				t.List[i].Import, t.List[i].FileName = "", ""
			}
		}
		t.Names, err = t.names(ctx, v)
		return err
	})
	return t, err
}

// stated reads all statements about a project in the order in which they were learnt.
func stated(ctx context.Context, q sqldb.Querier, project string) (out []Stated, err error) {
	rows, err := q.QueryContext(ctx, `SELECT s.seq, s.as_at, s.known_at, s.facts, s.source, s.actor_id, COALESCE(p.name, ''), s.door, COALESCE(i.id, ''), COALESCE(i.file_name, ''),
			s.retracted_at, COALESCE(u.person_id, ''), COALESCE(w.name, '')
		FROM project_statement s LEFT JOIN v_person p ON p.id = s.actor_id
		LEFT JOIN v_batch_undone u ON u.batch = s.batch LEFT JOIN v_person w ON w.id = u.person_id
		LEFT JOIN v_import i ON i.id = s.batch OR s.batch = '' AND i.applied_at = s.known_at AND i.source = s.source AND s.door = 'import'
		WHERE s.project_id = $1 ORDER BY s.seq`, project)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s Stated
		var body string
		if err := rows.Scan(&s.number, &s.AsAt, &s.At, &body, &s.Source, &s.By, &s.ByName, &s.Door, &s.Import, &s.FileName,
			&s.retracted, &s.undoneBy[0], &s.undoneBy[1]); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(body), &s.facts); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// corrected marks what a person corrected in a file before it was imported.
func (t *Timeline) corrected(ctx context.Context, q sqldb.Querier, project string) error {
	rows, err := q.QueryContext(ctx, `SELECT import_id, field FROM v_import_fix WHERE record_id = $1`, project)
	if err != nil {
		return err
	}
	defer rows.Close()
	fixed := map[[2]string]bool{}
	for rows.Next() {
		var cell [2]string
		if err := rows.Scan(&cell[0], &cell[1]); err != nil {
			return err
		}
		fixed[cell] = true
	}
	for i := range t.List {
		for j := range t.List[i].Turns {
			turn := &t.List[i].Turns[j]
			turn.Corrected = t.List[i].Door == ByImport && fixed[[2]string{t.List[i].Import, string(turn.Info.Field)}]
		}
	}
	return rows.Err()
}

// withUndos puts beside the statements what was learnt when one of them was taken
// back, in the order of time, and numbers them.
func withUndos(list []Stated) []Stated {
	out := slices.Clone(list)
	for _, s := range list {
		if s.retracted != 0 {
			s.At, s.By, s.ByName, s.Door = s.retracted, s.undoneBy[0], s.undoneBy[1], ByUndo
			out = append(out, s)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].At < out[j].At })
	for i := range out {
		out[i].Seq = int64(i + 1)
	}
	return out
}

// timeline finds what each statement changed, newest first: of each field that
// it states, what held at its date as far as was known before it.
func timeline(list []Stated, infos map[Field]FieldInfo, only Field) (t Timeline) {
	said := map[Field][]dated{}
	ever := map[Field]bool{}
	for _, s := range list {
		for _, name := range s.facts.names() {
			old := heldAt(said[name], s.AsAt)
			now := s.facts[name]
			if s.Door == ByUndo {
				said[name] = slices.DeleteFunc(said[name], func(d dated) bool { return d.number == s.number })
				now = heldAt(said[name], s.AsAt)
			} else {
				said[name] = append(said[name], dated{s.AsAt, now, s.number})
			}
			if old == now {
				continue
			}
			ever[name] = true
			if only == "" || only == name {
				s.Turns = append(s.Turns, Turn{Info: infos[name], Old: old, New: now})
			}
		}
		if len(s.Turns) > 0 {
			t.List = append(t.List, s)
		}
	}
	slices.Reverse(t.List)
	t.Count = len(t.List)
	for _, i := range sorted(infos) {
		if ever[i.Field] {
			t.Fields = append(t.Fields, i)
		}
	}
	return t
}

// dated is a value of one field that holds since a date.
type dated struct {
	since  clock.Day
	value  Value
	number int64 // of the statement
}

// heldAt gives what held at a date: of what was said about it or before, the
// latest date wins, then the one said last. This is the rule of periods.
func heldAt(said []dated, day clock.Day) (v Value) {
	best := clock.Day("")
	for _, d := range said {
		if d.since <= day && d.since >= best {
			best, v = d.since, d.value
		}
	}
	return v
}

// page keeps the statements before a Seq, as many as a page holds.
func (t *Timeline) page(before int64, limit int) {
	if limit <= 0 || limit > maxPage {
		limit = pageSize
	}
	from := 0
	if before > 0 {
		for from < len(t.List) && t.List[from].Seq >= before {
			from++
		}
	}
	t.List = t.List[from:]
	if len(t.List) > limit {
		t.Next = t.List[limit-1].Seq
		t.List = t.List[:limit]
	}
}

func (t *Timeline) names(ctx context.Context, q sqldb.Querier) (map[string]string, error) {
	var turns []Turn
	for _, s := range t.List {
		turns = append(turns, s.Turns...)
	}
	return namesIn(ctx, q, turns)
}

// namesIn finds the names of the people and nodes that changes name, in at most
// two queries.
func namesIn(ctx context.Context, q sqldb.Querier, turns []Turn) (map[string]string, error) {
	people, nodes := map[string]string{}, map[string]string{}
	for _, turn := range turns {
		for _, id := range []string{turn.Old.Text, turn.New.Text} {
			switch {
			case id == "":
			case turn.Info.Type == PersonRef:
				people[id] = ""
			case turn.Info.Type == Node:
				nodes[id] = ""
			}
		}
	}
	if err := fillNames(ctx, q, people); err != nil || len(nodes) == 0 {
		return people, err
	}
	ids := make([]string, 0, len(nodes))
	for id := range nodes {
		ids = append(ids, id)
	}
	var w sqldb.Where
	w.AndIn("n.id", ids)
	rows, err := q.QueryContext(ctx, `SELECT n.id, n.name FROM (SELECT id, name FROM programme UNION ALL SELECT id, name FROM portfolio) n`+w.SQL(), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		people[id] = name
	}
	return people, rows.Err()
}

func infosByField(ctx context.Context, q sqldb.Querier) (map[Field]FieldInfo, error) {
	custom, err := customFields(ctx, q)
	out := make(map[Field]FieldInfo, len(Fields)+len(custom))
	for _, i := range append(slices.Clone(Fields), custom...) {
		out[i.Field] = i
	}
	return out, err
}

// sorted lists fields in the order of Fields, then the custom ones by their ids.
func sorted(infos map[Field]FieldInfo) []FieldInfo {
	all := make(Facts, len(infos))
	for name := range infos {
		all[name] = Value{}
	}
	out := make([]FieldInfo, 0, len(infos))
	for _, name := range all.names() {
		out = append(out, infos[name])
	}
	return out
}

func nameNow(ctx context.Context, q sqldb.Querier, project string) (name, currency string, err error) {
	err = q.QueryRowContext(ctx, `SELECT v.name, v.currency FROM project_version v WHERE v.project_id = $1 AND v.is_current = TRUE`, project).Scan(&name, &currency)
	return name, currency, err
}
