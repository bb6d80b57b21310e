package paper

import "strconv"

// Cell is a value of a worksheet. Number tells that Text is a plain decimal.
type Cell struct {
	Text   string
	Number bool
}

// Sheet is a worksheet.
type Sheet struct {
	Title  string
	Header []string
	Rows   [][]Cell
}

// Sheets are an application's entries, and what they come to.
func (p *Paper) Sheets() []Sheet {
	entries := Sheet{Title: "Entries", Header: []string{
		"No.", "Project", "Organisation", "Post", "From", "To", "Months", "Role in the work", "Counts as led and directed", "Why not", "Approach",
		"Objective", "Your role", "What you answered for", "Outcome", "Description", "Characters", "Who can verify it", "How to reach them", "How it is known",
	}}
	for i, l := range p.In("entry") {
		counts, text := "no", Description(l.Values)
		if l.Counts() {
			counts = "yes"
		}
		entries.Rows = append(entries.Rows, []Cell{
			number(i + 1),
			{Text: l.Get("title")},
			{Text: l.Get("organisation")},
			{Text: l.Get("post")},
			{Text: l.Get("from")},
			{Text: l.Get("to")},
			number(len(l.Months(p.Today))),
			{Text: string(l.Role())},
			{Text: counts},
			{Text: l.WhyNot()},
			{Text: l.Get("methodology")},
			{Text: l.Get("objective")},
			{Text: l.Get("role")},
			{Text: l.Get("responsibilities")},
			{Text: l.Get("outcome")},
			{Text: text},
			number(Characters(text)),
			{Text: l.Get("verifier")},
			{Text: l.Get("contact")},
			{Text: l.Basis()},
		})
	}
	sum := Sheet{Title: "Months", Header: []string{"What", "Number"}, Rows: [][]Cell{
		{{Text: "Months led and directed, overlapping ones once, to " + p.Today}, number(p.MonthsLed())},
		{{Text: "Entries that count"}, number(p.count(true))},
		{{Text: "Entries of support, which do not count"}, number(p.count(false))},
		{{Text: "Characters that the receiver takes in one description"}, number(p.Limit())},
	}}
	return []Sheet{entries, sum}
}

// count counts the entries that count, or those that do not.
func (p *Paper) count(counting bool) (n int) {
	for _, l := range p.In("entry") {
		if l.Counts() == counting {
			n++
		}
	}
	return n
}

func number(n int) Cell { return Cell{strconv.Itoa(n), true} }
