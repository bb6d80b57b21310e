package portfolio

import (
	"context"
	"strconv"
	"strings"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

// SpanOf reads a comparison from an address, whose parameters get gives: the last
// month unless it says otherwise. It is the address of the page and of its file.
func (s *Service) SpanOf(get func(string) string) Span {
	b := Span{From: get("from"), To: get("to"), Known: get("known"), Under: get("under"), Field: Field(get("field")), Only: Shift(get("only")), After: get("after")}
	if b.To == "" {
		b.To = s.Today()
	}
	if b.From == "" {
		b.From = clock.AddDays(b.To, -30)
	}
	return b
}

// comparedHeader names the columns of a comparison's file.
func comparedHeader(b Span) []string {
	return []string{"Cairn id", "Code", "Name", "Programme", "What became of it", "Field", "On " + b.From, "On " + b.To, "Currency"}
}

// ExportComparison gives all that differs between two dates as rows, one for each
// field of each project, in the order of the page. It refuses rather than leave
// projects out.
func (s *Service) ExportComparison(ctx context.Context, who authz.Actor, b Span) (header []string, rows [][]Cell, err error) {
	b.Whole, b.After = true, ""
	c, err := s.Compare(ctx, who, b)
	if err != nil {
		return nil, nil, err
	}
	if c.Capped {
		return nil, nil, errs.OnField("from", "More than %d projects differ, and a file would leave some out. Choose a programme, or dates that are closer.", MaxCompared)
	}
	for _, m := range c.List {
		head := []Cell{{Text: m.ID}, {Text: m.Code}, {Text: m.Name}, {Text: m.Programme}, {Text: strings.Join(m.shiftWords(), "; ")}}
		if len(m.Turns) == 0 { // it was added, or withdrawn
			rows = append(rows, append(head, Cell{}, Cell{}, Cell{}, Cell{}))
		}
		for _, t := range m.Turns {
			row := append(head[:len(head):len(head)], Cell{Text: t.Info.Label}, t.cell(t.Old, c.Names), t.cell(t.New, c.Names), Cell{})
			if t.Info.Type == Money {
				row[len(row)-1].Text = m.Currency
			}
			rows = append(rows, row)
		}
	}
	return comparedHeader(b), rows, nil
}

// shiftWords says what became of a project, with by how much.
func (m Moved) shiftWords() (out []string) {
	for _, s := range m.Shifts {
		switch s {
		case Slipped:
			out = append(out, "ends "+strconv.Itoa(m.Days)+" days later")
		case Dearer:
			out = append(out, "costs "+strconv.Itoa(m.Percent)+"% more")
		case Worse, Closed, Appeared, Withdrew:
			for _, w := range Shifts {
				if w.Shift == s {
					out = append(out, w.One)
				}
			}
		}
	}
	return out
}

// cell is one side of a change as a file holds it.
func (t Turn) cell(v Value, names map[string]string) Cell {
	switch {
	case v.Text == "":
		return Cell{Text: v.Reason}
	case t.Info.Type == Money:
		if n, ok := (Facts{t.Info.Field: v}).Money(t.Info.Field); ok {
			return Cell{Text: Decimal(n), Number: true}
		}
	case t.Info.Type == OfRating:
		return Cell{Text: ratingLabels[v.Text]}
	case t.Info.Type == Number:
		return Cell{Text: v.Text, Number: true}
	case t.Info.Type == PersonRef, t.Info.Type == Node:
		return Cell{Text: names[v.Text]}
	}
	return Cell{Text: v.Text}
}
