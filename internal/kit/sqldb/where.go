package sqldb

import (
	"strconv"
	"strings"
)

// Args numbers placeholders in order of first appearance, which both engines'
// drivers agree on.
type Args struct{ list []any }

// Add appends a value and gives its placeholder, "$1" onwards.
func (a *Args) Add(v any) string {
	a.list = append(a.list, v)
	return "$" + strconv.Itoa(len(a.list))
}

// List gives a placeholder list "$1, $2, $3" for IN; for no values it gives a
// list that matches nothing.
func (a *Args) List(vs []string) string {
	if len(vs) == 0 {
		return "NULL"
	}
	out := make([]string, len(vs))
	for i, v := range vs {
		out[i] = a.Add(v)
	}
	return strings.Join(out, ", ")
}

// Values gives the values in order.
func (a *Args) Values() []any { return a.list }

// Where gathers the conditions of a list query, ANDed.
type Where struct {
	Args
	conds []string
}

// And adds a condition in which each "?" is replaced by the next value's
// placeholder. The condition is always a constant of the code, never input.
func (w *Where) And(cond string, values ...any) {
	var b strings.Builder
	next := 0
	for i := range len(cond) {
		if cond[i] == '?' {
			b.WriteString(w.Add(values[next]))
			next++
			continue
		}
		b.WriteByte(cond[i])
	}
	w.conds = append(w.conds, b.String())
}

// SQL gives " WHERE ..." or nothing.
func (w *Where) SQL() string {
	if len(w.conds) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conds, " AND ")
}

// AndIn adds "column IN (values)".
func (w *Where) AndIn(column string, values []string) {
	w.conds = append(w.conds, column+" IN ("+w.List(values)+")")
}

// AfterKey adds keyset paging: rows that come after the key in the given order
// of (column, id). Both columns are NOT NULL sort keys.
func (w *Where) AfterKey(column, idColumn string, desc bool, key any, id string) {
	op := ">"
	if desc {
		op = "<"
	}
	w.conds = append(w.conds, "("+column+", "+idColumn+") "+op+" ("+w.Add(key)+", "+w.Add(id)+")")
}
