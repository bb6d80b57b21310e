package transfer

import (
	"fmt"
	"iter"
	"regexp"
	"strings"

	"cairn/internal/kit/fold"
	"cairn/internal/kit/reading"
)

// sift tells records from the other rows that published tables have: totals, headings
// of sections, notes at the foot, headers that are repeated on each page, and further
// tables beneath. What is left out is named, and what would be read by the columns of
// another table is refused.
type sift struct {
	r          *reader
	names      []int // columns of the id and the name
	mapped     int
	another    int // the row in which another table begins; 0 while none does
	last       int // place of the row before
	single     bool
	out        []string // what was left out, as it is named to the person
	left       int
	hidden     int
	beyond     []int // rows of a workbook with text right of the header
	headerFits int   // how well the header names fields
}

// mostLeft is how many rows a note names.
const mostLeft = 6

// fewMapped is how many columns of a table have to mean something before a row with
// one single text is taken for a heading or a note.
const fewMapped = 4

// records are the entries of the table that are records, and what was left out when
// all were read.
func (r *reader) records(done *sift) iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		s := r.newSift()
		for e, err := range r.table.entries() {
			if err == nil && s.leavesOut(&e) {
				continue
			}
			if !yield(e, err) {
				return
			}
		}
		if done != nil {
			*done = *s
		}
	}
}

func (r *reader) newSift() *sift {
	s := &sift{r: r, headerFits: r.names.score(r.table.headers)}
	for i, c := range r.plan.Columns {
		if c.Field == "" {
			continue
		}
		s.mapped++
		if k := r.kinds[c.Field].Kind; k == SourceID || c.Field == "name" {
			s.names = append(s.names, i)
		}
	}
	return s
}

// leavesOut decides about one entry; of another table it says that in the entry.
func (s *sift) leavesOut(e *entry) bool {
	filled, first, at := 0, "", 0
	for i, c := range e.cells {
		if c == "" {
			continue
		}
		if filled++; filled == 1 {
			first, at = c, i
		}
	}
	gap := e.place > s.last+1
	after := gap || s.single
	s.last, s.single = e.place, filled == 1
	if e.hidden {
		s.hidden++
	}
	if e.beyond && e.odd == "" {
		s.beyond = append(s.beyond, e.place)
	}
	switch {
	case filled > 1 && s.r.table.isHeader(e.cells):
		s.another = 0 // the first table goes on
		return s.leave(e.place, "the header again")
	case s.isTotal(e.cells), filled == 1 && len(e.bad) == 0 && e.odd == "" && s.mapped >= fewMapped && !s.r.plan.Transposed && !s.isBare(at, first):
		return s.leave(e.place, "“"+clippedText(first)+"”")
	case after && filled > 2 && !s.r.plan.Transposed && s.begins(e.cells):
		s.another = e.place
		fallthrough
	case s.another > 0:
		e.odd = fmt.Sprintf("Another table begins in row %d, whose columns mean something else. Put it on a worksheet or into a file of its own.", s.another)
	}
	return false
}

func (s *sift) leave(place int, what string) bool {
	if s.left++; len(s.out) < mostLeft {
		s.out = append(s.out, s.r.plan.place(place)+" ("+what+")")
	}
	return true
}

// isBare tells a record that has nothing but its id, or its name in a column where no
// heading of a section would stand, from a heading or a note.
func (s *sift) isBare(column int, text string) bool {
	field := s.r.plan.Columns[column].Field
	if field == "name" {
		return column > 0
	}
	return s.r.kinds[field].Kind == SourceID && strings.ContainsAny(text, "0123456789") && !strings.ContainsAny(text, " \n")
}

var totalWords = regexp.MustCompile(`^(?:(?:grand|overall|sub|portfolio|programme|project) ?)?totals?$|^(?:sum|average|mean|count)$`)

// isTotal tells a row of sums: it is called so, and has no id or no name beside that.
func (s *sift) isTotal(cells []string) bool {
	called, others := false, 0
	for _, i := range s.names {
		switch key := notWord.ReplaceAllString(fold.Key(cells[i]), " "); {
		case totalWords.MatchString(strings.TrimSpace(key)):
			called = true
		case cells[i] != "":
			others++
		}
	}
	return called && others == 0
}

// begins tells whether cells are the header of another table.
func (s *sift) begins(cells []string) bool {
	text := 0
	for _, c := range cells {
		if c != "" && !strings.ContainsAny(c[:1], "0123456789") {
			text++
		}
	}
	return text > 2 && s.headerFits > 0 && s.r.names.score(cells)*2 >= min(s.headerFits, 18)
}

// notes say what was left out, and what else there was to see.
func (s *sift) notes(plan Plan) (out []string) {
	if s.left > 0 {
		more := ""
		if n := s.left - len(s.out); n > 0 {
			more = fmt.Sprintf(" and %d more", n)
		}
		out = append(out, "Left out, being no records: "+strings.Join(s.out, ", ")+more+".")
	}
	if s.hidden > 0 {
		out = append(out, fmt.Sprintf("%s hidden in the workbook, by a filter perhaps, and read like the others.", countOf(s.hidden, "row is", "rows are")))
	}
	if n := len(s.beyond); n > 0 {
		out = append(out, fmt.Sprintf("%s text to the right of the last header, which is not taken: the first is %s.", countOf(n, "row has", "rows have"), plan.place(s.beyond[0])))
	}
	return out
}

func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func clippedText(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) > headerRunes {
		return string(r[:headerRunes]) + "…"
	}
	return string(r)
}

// proposed says what of the plan the file decided, and what of the file is not read.
func (r *reader) proposed() (out []string) {
	taken := map[string]bool{}
	for _, c := range r.plan.Columns {
		taken[c.Field] = true
		if r.plan.UnitSays != "" && r.kinds[c.Field].Kind == Money && c.Unit > reading.Ones && unitOf(c.Header) == reading.Ones {
			taken["a unit"] = true
		}
	}
	if taken["a unit"] {
		out = append(out, "Amounts whose column says no unit are counted as the file says above its table: “"+r.plan.UnitSays+"”.")
	}
	dated := r.plan.AsAt != ""
	for _, c := range r.plan.Columns {
		dated = dated || r.kinds[c.Field].Kind == AsAt
	}
	if r.plan.DateSays != "" && !dated && r.plan.Kind == Projects {
		out = append(out, "The file says “"+r.plan.DateSays+"” above its table. Its facts are taken to hold from today on, unless you give that date.")
	}
	if n := r.plan.OtherSheets; len(n) > 0 {
		out = append(out, fmt.Sprintf("The worksheet “%s” is read. Others show a register too, and are not: %s. Import them one after the other.", r.plan.Sheet, Quoted(n)))
	}
	for i, c := range r.plan.Columns {
		if f, score := r.names.nearest(c.Header); c.Field == "" && score > 2 && !taken[f.ID] && r.filled[i] {
			out = append(out, fmt.Sprintf("The column “%s” is not taken: it is called like %s, and its values do not look like that.", clippedText(c.Header), f.Label))
		}
	}
	return out
}

// notTaken are the headers of the columns that are not read.
func (r *reader) notTaken() (out []string) {
	for i, c := range r.plan.Columns {
		if r.kinds[c.Field].ID == "" && r.filled[i] {
			out = append(out, c.Header)
		}
	}
	return out
}

// Quoted names a few texts.
func Quoted(list []string) string {
	var out []string
	for _, s := range list[:min(len(list), mostLeft)] {
		out = append(out, "“"+clippedText(s)+"”")
	}
	if n := len(list) - len(out); n > 0 {
		out = append(out, fmt.Sprintf("and %d more", n))
	}
	return strings.Join(out, ", ")
}
