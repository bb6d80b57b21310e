package portfolio

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/reading"
	"cairn/internal/kit/sqldb"
)

// asked is what a filter means at one reading: by whom, on which day, at which moment.
type asked struct {
	fields Askables
	me     string
	day    clock.Day
	now    time.Time
}

// sql gives a filter as a condition with a "?" for each value.
func (a asked) sql(e Expr) (cond string, values []any) {
	if e.Join == "" {
		return a.condition(e.Cond)
	}
	parts := make([]string, len(e.Parts))
	for i, p := range e.Parts {
		s, vs := a.sql(p)
		parts[i], values = s, append(values, vs...)
	}
	return "(" + strings.Join(parts, " "+strings.ToUpper(string(e.Join))+" ") + ")", values
}

func (a asked) condition(c Cond) (string, []any) {
	f, _ := a.fields.find(c.Field) // checked when it was read
	switch f.Sense {
	case OfDate:
		return dates(f, c, a.day)
	case OfMoney:
		if f.words {
			return numbers(f, c, func(v string) any { return intKey(minor(v)) })
		}
		return numbers(f, c, func(v string) any { return minor(v) })
	case OfNumber:
		return numbers(f, c, func(v string) any { key, _ := numberKey(v); return key })
	case OfDays:
		return a.unchanged(c)
	case OfGrade:
		return grades(f, c)
	case OfNode:
		return nodes(c)
	case OfPerson:
		return a.people(f, c)
	case OfYes:
		return yes(c)
	case OfText:
	}
	return texts(f, c)
}

// heldAs wraps a comparison of a comparable form that lies in project_words.
func heldAs(f Askable, c Cond, compare func(key string) (string, []any)) (string, []any) {
	if !f.words {
		return compare(f.key)
	}
	const rows = "(SELECT w.project_id FROM project_words w WHERE w.field = ?"
	switch c.Op {
	case IsEmpty:
		return "v.project_id NOT IN " + rows + ")", []any{f.Name}
	case IsNotEmpty:
		return "v.project_id IN " + rows + ")", []any{f.Name}
	case IsNot:
		return "v.project_id NOT IN " + rows + " AND w.words = ?)", []any{f.Name, fold.Key(c.Values[0])}
	default: // the others follow
	}
	cond, values := compare("w.words")
	return "v.project_id IN " + rows + " AND " + cond + ")", append([]any{f.Name}, values...)
}

func texts(f Askable, c Cond) (string, []any) {
	form := fold.Sort
	if f.words {
		form = fold.Key
		if sql, values, ok := wordless(f, c); ok {
			return sql, values
		}
	}
	return heldAs(f, c, func(key string) (string, []any) {
		switch c.Op {
		case IsEmpty:
			return key + " = ''", nil
		case IsNotEmpty:
			return key + " <> ''", nil
		case IsNot:
			return key + " <> ?", []any{form(c.Values[0])}
		case Contains:
			return key + " LIKE ? ESCAPE '!'", []any{"%" + likeEscaped(fold.Key(c.Values[0])) + "%"}
		case StartsWith:
			return key + " LIKE ? ESCAPE '!'", []any{likeEscaped(fold.Key(c.Values[0])) + "%"}
		default: // the others follow
		}
		values := make([]any, len(c.Values))
		for i, v := range c.Values {
			values[i] = form(v)
		}
		return key + " IN (" + marks(len(values)) + ")", values
	})
}

// wordless answers for values in which nothing is left to compare, such as an
// accent alone: a text without words has no row in project_words.
func wordless(f Askable, c Cond) (sql string, values []any, ok bool) {
	rest := slices.DeleteFunc(slices.Clone(c.Values), func(v string) bool { return fold.Key(v) == "" })
	if len(rest) == len(c.Values) {
		return "", nil, false
	}
	switch c.Op {
	case Contains, StartsWith, IsNot: // whatever has words
		sql, values = texts(f, Cond{Field: c.Field, Op: IsNotEmpty})
		return sql, values, true
	default: // is, is any of
	}
	sql, values = texts(f, Cond{Field: c.Field, Op: IsEmpty})
	if len(rest) > 0 {
		others, more := texts(f, Cond{Field: c.Field, Op: c.Op, Values: rest})
		sql, values = "("+sql+" OR "+others+")", append(values, more...)
	}
	return sql, values, true
}

// marks gives "?, ?, ?".
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

func dates(f Askable, c Cond, day clock.Day) (string, []any) {
	return heldAs(f, c, func(key string) (string, []any) {
		n := 0
		if c.Op == InNext || c.Op == InLast {
			n, _ = strconv.Atoi(c.Values[0]) // checked when it was read
		}
		switch c.Op {
		case IsEmpty:
			return key + " = ?", []any{f.empty}
		case IsNotEmpty:
			return key + " <> ?", []any{f.empty}
		case Before:
			return "(" + key + " < ? AND " + key + " <> ?)", []any{c.Values[0], f.empty}
		case After:
			return "(" + key + " > ? AND " + key + " <> ?)", []any{c.Values[0], f.empty}
		case Between:
			return "(" + key + " >= ? AND " + key + " <= ? AND " + key + " <> ?)", []any{c.Values[0], c.Values[1], f.empty}
		case InNext:
			return "(" + key + " >= ? AND " + key + " <= ?)", []any{day, clock.AddDays(day, n)}
		case InLast:
			return "(" + key + " >= ? AND " + key + " <= ?)", []any{clock.AddDays(day, -n), day}
		default: // the others follow
		}
		return "(" + key + " = ? AND " + key + " <> ?)", []any{c.Values[0], f.empty}
	})
}

// minor reads an amount in its one form.
func minor(v string) int64 {
	m, _ := reading.Money(v, reading.Point, reading.Ones) // checked when it was read
	return m.Minor
}

func numbers(f Askable, c Cond, form func(string) any) (string, []any) {
	return heldAs(f, c, func(key string) (string, []any) {
		switch c.Op {
		case IsEmpty:
			return key + " IS NULL", nil
		case IsNotEmpty:
			return key + " IS NOT NULL", nil
		case Between:
			return "(" + key + " >= ? AND " + key + " <= ?)", []any{form(c.Values[0]), form(c.Values[1])}
		default: // the others follow
		}
		return key + " " + string(c.Op) + " ?", []any{form(c.Values[0])}
	})
}

// unchanged compares the whole days since the facts that hold now were learnt.
func (a asked) unchanged(c Cond) (string, []any) {
	// since is the latest moment that is n days ago.
	since := func(i, more int) int64 {
		n, _ := strconv.Atoi(c.Values[i]) // checked when it was read
		return sqldb.Micros(a.now.AddDate(0, 0, -n-more))
	}
	switch c.Op {
	case Less:
		return "v.known_from > ?", []any{since(0, 0)}
	case AtMost:
		return "v.known_from > ?", []any{since(0, 1)}
	case More:
		return "v.known_from <= ?", []any{since(0, 1)}
	case AtLeast:
		return "v.known_from <= ?", []any{since(0, 0)}
	case Between:
		return "(v.known_from <= ? AND v.known_from > ?)", []any{since(0, 0), since(1, 1)}
	default: // the others follow
	}
	return "(v.known_from <= ? AND v.known_from > ?)", []any{since(0, 0), since(0, 1)}
}

func grades(f Askable, c Cond) (string, []any) {
	key := "v.rating"
	if f.report != "" {
		key = "r." + f.report
	}
	cond, values := gradeIn(key, c)
	switch {
	case f.report == "":
		return cond, values
	case c.Op == IsEmpty: // no report is empty too
		return "v.project_id NOT IN (SELECT r.project_id FROM v_report r WHERE " + key + " <> '' AND " + lastReport + ")", nil
	}
	return "v.project_id IN (SELECT r.project_id FROM v_report r WHERE " + cond + " AND " + lastReport + ")", values
}

func gradeIn(key string, c Cond) (string, []any) {
	list := c.Values
	switch c.Op {
	case IsEmpty:
		return key + " = ''", nil
	case IsNotEmpty:
		return key + " <> ''", nil
	case WorseThan:
		if list = Ratings[:rank(c.Values[0])]; len(list) == 0 {
			return "1 = 0", nil
		}
	default: // the others follow
	}
	return key + " IN (" + marks(len(list)) + ")", anys(list)
}

func anys(in []string) []any {
	out := make([]any, len(in))
	for i, s := range in {
		out[i] = s
	}
	return out
}

// nodes finds by id or by name.
func nodes(c Cond) (string, []any) {
	const named = "(SELECT g.id FROM programme g WHERE g.id = ? OR g.name_key = ? UNION ALL SELECT f.id FROM portfolio f WHERE f.id = ? OR f.name_key = ?)"
	id, key := c.Values[0], fold.Sort(c.Values[0])
	values := []any{id, key, id, key}
	if c.Op == Is {
		return "v.parent_id IN " + named, values
	}
	return "v.project_id IN (SELECT n.descendant_id FROM node_closure n WHERE n.ancestor_id IN " + named + ")", values
}

// people finds by id or by name among those assigned on the day.
func (a asked) people(f Askable, c Cond) (string, []any) {
	if f.words {
		return a.named(f, c)
	}
	held := "(SELECT a.project_id FROM assignment a JOIN v_person p ON p.id = a.person_id WHERE a.from_on <= ? AND (a.to_on = '' OR a.to_on >= ?)"
	values := []any{a.day, a.day}
	if f.kind != "" {
		held += " AND a.kind = ?"
		values = append(values, string(f.kind))
	}
	if len(c.Values) > 0 {
		id, key := c.Values[0], fold.Sort(c.Values[0])
		if isMe(c.Values[0]) {
			held += " AND p.id = ?"
			values = append(values, a.me)
		} else {
			held += " AND (p.id = ? OR p.name_key = ?)"
			values = append(values, id, key)
		}
	}
	if c.Op == IsNot || c.Op == IsEmpty {
		return "v.project_id NOT IN " + held + ")", values
	}
	return "v.project_id IN " + held + ")", values
}

// named finds by id or by name whom a custom field names.
func (a asked) named(f Askable, c Cond) (string, []any) {
	if len(c.Values) == 0 {
		return heldAs(f, c, nil)
	}
	id, key := c.Values[0], fold.Sort(c.Values[0])
	if isMe(id) {
		id, key = a.me, ""
	}
	not := ""
	if c.Op == IsNot {
		not = "NOT "
	}
	return "v.project_id " + not + "IN (SELECT w.project_id FROM project_words w JOIN v_person p ON p.id = w.words WHERE w.field = ? AND (p.id = ? OR p.name_key = ?))", []any{f.Name, id, key}
}

func yes(c Cond) (string, []any) {
	rows := "(SELECT n.id FROM node n WHERE n.confidential = TRUE)"
	if c.Field == "vanished" {
		rows = "(SELECT q.id FROM project q WHERE q.vanished_from <> '')"
	}
	if c.Values[0] == "yes" {
		return "v.project_id IN " + rows, nil
	}
	return "v.project_id NOT IN " + rows, nil
}
