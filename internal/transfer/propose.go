package transfer

import (
	"regexp"
	"strings"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/reading"
	"cairn/internal/transfer/sheet"
)

// sampleRows is how many rows of a file decide about its layout.
const sampleRows = 60

// Preview is a file with the plan that Cairn proposes for it.
type Preview struct {
	Plan    Plan
	Sheets  []sheet.Worksheet
	Samples [][]string // a few values of each column, in the order of Plan.Columns
	Missing []string   // labels of required fields that no column was found for
}

// mostSheets is how many worksheets are looked at for one that holds a register.
const mostSheets = 12

// Propose looks at a file: in which worksheet its table is (the one that is
// named; without a name the first that shows all that is needed, and no hidden
// one), where the header stands, whether records stand in rows or in columns,
// and what each column seems to be.
func Propose(f *sheet.File, sheetName string, fields []Field) (first Preview, err error) {
	if sheetName != "" || len(f.Sheets) < 2 {
		return proposeSheet(f, sheetName, fields)
	}
	found := false
	for i, w := range f.Sheets {
		if w.Hidden || i >= mostSheets {
			continue
		}
		p, errHere := proposeSheet(f, w.Name, fields)
		if errHere == nil && p.Missing == nil {
			return p, nil
		}
		if errHere == nil && !found {
			first, found = p, true
		} else if err == nil {
			err = errHere
		}
	}
	if !found && err == nil { // all are hidden
		return proposeSheet(f, f.Sheets[0].Name, fields)
	}
	if found {
		err = nil
	}
	return first, err
}

func proposeSheet(f *sheet.File, sheetName string, fields []Field) (p Preview, err error) {
	if sheetName == "" && len(f.Sheets) > 0 {
		sheetName = f.Sheets[0].Name
	}
	var sample []sheet.Row
	for row, err := range f.Rows(sheetName) {
		if err != nil {
			return p, err
		}
		if sample = append(sample, row); len(sample) == sampleRows {
			break
		}
	}
	if len(sample) == 0 {
		return p, errs.OnField("file", "There is no row with any text in this file.")
	}
	p.Plan = Plan{Sheet: sheetName, HeaderRow: sample[0].Number}
	best := -1
	for i := range min(len(sample), 15) {
		if s := headerScore(sample[i].Cells, fields); s > best && len(sample[i].Cells) > 1 {
			best, p.Plan.HeaderRow = s, sample[i].Number
		}
	}
	if first := firstColumn(sample); len(first) > 0 && headerScore(first, fields) > best {
		p.Plan.Transposed, p.Plan.HeaderRow = true, sample[0].Number
	}
	p.Sheets = f.Sheets
	t, err := newTable(f, p.Plan)
	if err != nil {
		return p, err
	}
	if p.Samples, err = t.sample(5); err != nil {
		return p, err
	}
	p.Plan.Columns = mapColumns(t.headers, p.Samples, fields)
	p.Missing = p.Plan.missing(fields)
	return p, nil
}

// firstColumn gives the first column with any text, if there are two more.
func firstColumn(rows []sheet.Row) (out []string) {
	lead, width := leadOf(rows), 0
	for _, r := range rows {
		width = max(width, len(r.Cells))
		if len(r.Cells) > lead {
			out = append(out, r.Cells[lead])
		}
	}
	if width < lead+3 {
		return nil
	}
	return out
}

// leadOf counts the empty columns before the first with any text.
func leadOf(rows []sheet.Row) int {
	lead := -1
	for _, r := range rows {
		for i, c := range r.Cells {
			if c != "" && (lead < 0 || i < lead) {
				lead = i
			}
		}
	}
	return max(lead, 0)
}

// headerScore counts the cells that name a field, each field once.
func headerScore(cells []string, fields []Field) (score int) {
	used := map[string]bool{}
	for _, c := range cells {
		if f, s := nearest(c, fields); s > 0 && !used[f.ID] {
			used[f.ID] = true
			score += s
		}
	}
	return score
}

var notWord = regexp.MustCompile(`[^\pL\pN]+`)

// headerKey is a header as it is compared: its first line, without units and
// signs. Published tables explain themselves in brackets and further lines.
func headerKey(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	s, _, _ = strings.Cut(s, "(")
	return strings.TrimSpace(notWord.ReplaceAllString(fold.Key(s), " "))
}

// nearest finds the field that a header names: 5 or 4 for its own label, 3 for
// one of its words, 2 if it begins with several of its words, 1 if it ends with them.
func nearest(header string, fields []Field) (best Field, score int) {
	key := headerKey(header)
	if key == "" {
		return best, 0
	}
	for _, f := range fields {
		if s := likeness(header, key, f); s > score && f.Kind != Switch {
			best, score = f, s
		}
	}
	return best, score
}

// likeness is 5 for the label letter by letter, so that two labels may differ in
// their brackets alone.
func likeness(header, key string, f Field) (score int) {
	switch {
	case header == f.Label:
		return 5
	case key == headerKey(f.Label) || key == notWord.ReplaceAllString(f.ID, " "):
		return 4
	}
	for _, w := range f.Words {
		switch {
		case key == w:
			return 3
		case strings.Contains(w, " ") && strings.HasPrefix(key, w+" "):
			score = 2
		case strings.Contains(w, " ") && strings.HasSuffix(key, " "+w):
			score = max(score, 1)
		}
	}
	return score
}

// mapColumns gives each column its field: the best header first, each field
// once, except that a rating may stand in either of two columns.
func mapColumns(headers []string, samples [][]string, fields []Field) []Column {
	out := make([]Column, len(headers))
	taken := map[string]int{}
	for want := 5; want > 0; want-- {
		for i, h := range headers {
			if out[i].Header == "" {
				out[i].Header = h
			}
			f, score := nearest(h, fields)
			if out[i].Field != "" || score != want {
				continue
			}
			if most := map[bool]int{true: 2, false: 1}[f.Kind == Rating]; taken[f.ID] >= most || !fits(f.Kind, samples[i]) {
				continue
			}
			taken[f.ID]++
			out[i].Field = f.ID
			if f.Kind == Money {
				out[i].Unit = unitOf(h)
			}
		}
	}
	return out
}

// fits refuses a column whose values plainly are something else.
func fits(k Kind, sample []string) bool {
	filled, good := 0, 0
	for _, s := range sample {
		if s == "" {
			continue
		}
		filled++
		switch k {
		case Money:
			_, err := reading.Money(s, reading.Point, reading.Ones)
			if err != nil {
				_, err = reading.Money(s, reading.Comma, reading.Ones)
			}
			if err == nil || isReason(s) {
				good++
			}
		case Number:
			_, err := reading.Number(s, reading.Point)
			if err != nil {
				_, err = reading.Number(s, reading.Comma)
			}
			if err == nil || isReason(s) {
				good++
			}
		case Date, EndDate:
			if _, err := reading.Date(s, reading.DayFirst, false); err == nil || isReason(s) {
				good++
			}
		case Rating: // a sentence about a rating is none
			if _, ok := reading.Rating(s); ok || len(s) < 60 || isExemption(s) {
				good++
			}
		case AsAt:
			if _, err := reading.AsAt(s, reading.DayFirst); err == nil {
				good++
			}
		default:
			good++
		}
	}
	return filled < 3 || good*2 >= filled // two bad cells are mistakes, not another column
}

var (
	inMillions  = regexp.MustCompile(`(?i)million|[£€$] ?m\b|\(m\)|\bm[£€$]|\bmn\b|\bmio\b`)
	inThousands = regexp.MustCompile(`(?i)thousand|[£€$] ?k\b|'000|\b000s\b|\(k\)|\bk[£€$]`)
)

func unitOf(header string) reading.Unit {
	switch {
	case inMillions.MatchString(header):
		return reading.Millions
	case inThousands.MatchString(header):
		return reading.Thousands
	}
	return reading.Ones
}

// missing lists the labels of what a plan lacks: a record is found and named by
// its name, or at least by an id; and what the sink needs one of.
func (p Plan) missing(fields []Field) (out []string) {
	has, named, needs := map[string]bool{}, false, map[string]bool{}
	for _, c := range p.Columns {
		has[c.Field] = true
	}
	for _, f := range fields {
		named = named || (f.ID == "name" || f.Kind == SourceID) && has[f.ID]
		needs[f.Need] = needs[f.Need] || has[f.ID]
	}
	if !named {
		out = []string{"Name, or the id of the source"}
	}
	for _, f := range fields {
		if f.Need != "" && !needs[f.Need] {
			out, needs[f.Need] = append(out, f.Need), true
		}
	}
	return out
}

// check refuses a plan that maps one field twice or names no field of the sink.
func (p Plan) check(fields []Field) error {
	var c errs.Check
	kinds := map[string]Field{}
	for _, f := range fields {
		kinds[f.ID] = f
	}
	count := map[string]int{}
	for _, col := range p.Columns {
		if col.Field == "" {
			continue
		}
		f, ok := kinds[col.Field]
		c.That(ok, "columns", "%q is mapped to %q, which there is not.", col.Header, col.Field)
		if count[col.Field]++; count[col.Field] == 2 && f.Kind != Rating {
			c.Add("columns", "Two columns are mapped to %s. Choose one.", f.Label)
		}
	}
	if m := p.missing(fields); m != nil {
		c.Add("columns", "No column is mapped to: %s.", strings.Join(m, ", "))
	}
	return c.Err()
}
