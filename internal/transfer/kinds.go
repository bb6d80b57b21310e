package transfer

import (
	"slices"
	"strings"

	"cairn/internal/kit/errs"
)

// Projects is what files are brought in for unless they say otherwise; AnyKind
// asks for all there is.
const (
	Projects = ""
	AnyKind  = "*"
	// Gates are gate decisions that were taken elsewhere.
	Gates = "gates"
)

// Also lets files be brought in for something else than projects.
func (s *Service) Also(kind string, sink Sink) { s.sinks[kind] = sink }

// sink is who takes the records of a kind of file.
func (s *Service) sink(kind string) (Sink, error) {
	if sink := s.sinks[kind]; sink != nil {
		return sink, nil
	}
	return nil, errs.OnField("kind", "There is no such kind of import.")
}

// Option is one of the things that a value of a file can stand for.
type Option struct{ ID, Label string }

// Asked is a value of a file for which somebody says what it stands for.
type Asked struct {
	Field, Label string
	Value        string // in the file; empty where it names none
	Rows         int
	Is           string // what it stands for; empty for nothing
	Guessed      bool   // by Cairn, and not said by anybody
	Options      []Option
}

// mostAsked is how many different values of a column can be asked for; a column
// with more is no list of kinds.
const mostAsked = 60

// count notes the values of a column that stand for something.
func (r *reader) tally(f Field, cell string) {
	cell = strings.TrimSpace(cell)
	if r.values[f.ID] == nil {
		r.values[f.ID] = map[string]int{}
	}
	if _, known := r.values[f.ID][cell]; known || len(r.values[f.ID]) < mostAsked {
		r.values[f.ID][cell]++
	}
}

// ask lists what is asked about values, the most frequent first. A field without
// a column is asked for once, for all rows.
func (r *reader) ask() (out []Asked) {
	for _, f := range r.fields {
		if f.Options == nil {
			continue
		}
		counts := r.values[f.ID]
		if !slices.ContainsFunc(r.plan.Columns, func(c Column) bool { return c.Field == f.ID }) {
			counts = map[string]int{"": r.rows}
		}
		var some []Asked
		for value, rows := range counts {
			is, said := r.stands(f, value)
			some = append(some, Asked{Field: f.ID, Label: f.Label, Value: value, Rows: rows, Is: is, Guessed: !said, Options: f.Options})
		}
		slices.SortFunc(some, func(a, b Asked) int {
			if a.Rows != b.Rows {
				return b.Rows - a.Rows
			}
			return strings.Compare(a.Value, b.Value)
		})
		out = append(out, some...)
	}
	return out
}

// stands gives what a value stands for: as somebody said, else as is guessed.
func (r *reader) stands(f Field, value string) (is string, said bool) {
	is, said = r.plan.Values[f.ID][value]
	if !said && f.Guess != nil && value != "" {
		is = f.Guess(value)
	}
	if !slices.ContainsFunc(f.Options, func(o Option) bool { return o.ID == is }) {
		is = ""
	}
	return is, said
}

// complete adds to a record what the plan says for all rows.
func (r *reader) complete(rec *Record) {
	for _, f := range r.fields {
		if f.Options != nil {
			if _, has := rec.Values[f.ID]; !has {
				is, _ := r.stands(f, "")
				rec.Values[f.ID] = Value{Text: is}
			}
		}
		if f.Kind == Switch && slices.Contains(r.plan.Switches, f.ID) {
			rec.Values[f.ID] = Value{Text: "yes"}
		}
	}
}
