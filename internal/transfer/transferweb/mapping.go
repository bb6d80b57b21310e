package transferweb

import (
	"slices"
	"strconv"
	"strings"

	"cairn/internal/kit/jobs"
	"cairn/internal/kit/ui"
	"cairn/internal/transfer"
)

func mappingLead(v mappingView) string {
	s := "Header in row "
	if n := v.Plan.HeaderRows; n > 1 {
		s = "Header in rows " + strconv.Itoa(v.Plan.HeaderRow-n+1) + " to "
	}
	s += strconv.Itoa(max(1, v.Plan.HeaderRow)) + ", one project per row."
	if v.Plan.Transposed {
		s = "One project per column."
	}
	if v.Plan.Sheet != "" {
		s = "Worksheet “" + v.Plan.Sheet + "”. " + s
	}
	if isGates(v.Plan.Kind) {
		s = strings.ReplaceAll(s, "one project per row", "one project per row, or one gate of a project")
	}
	return s + " Nothing is saved until you say so, and every import can be undone for 30 days."
}

// matched says how many columns have a meaning.
func matched(v mappingView) string {
	n := 0
	for _, c := range v.Plan.Columns {
		if c.Field != "" {
			n++
		}
	}
	return ui.Grouped(int64(n)) + " of " + strconv.Itoa(len(v.Plan.Columns)) + " matched"
}

// doubled says which headers were told apart.
func doubled(p transfer.Plan) string {
	var names []string
	for _, c := range p.Columns {
		if strings.HasSuffix(c.Header, " (2)") {
			names = append(names, "“"+clip(strings.TrimSuffix(c.Header, " (2)"), 40)+"”")
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "Several columns are called " + strings.Join(names, ", ") + ". They are told apart as (2), (3) and so on, from left to right."
}

func readyRows(v mappingView) string {
	n := v.Report.Rows - v.Report.RefusedRows
	return ui.Grouped(int64(n)) + " of " + ui.Count(v.Report.Rows, "row", "rows") + plural(n, " is ready.", " are ready.")
}

// refusedRows says how many rows are refused: "1 row is refused".
func refusedRows(n int) string { return ui.Count(n, "row is refused", "rows are refused") }

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// importing is how many rows the import would bring something of: those that
// change nothing are not counted, unless all of them only repeat what is known.
func importing(rep *transfer.Report) int {
	if n := rep.Created + rep.Changed; n > 0 {
		return n
	}
	return rep.Rows - rep.RefusedRows
}

// fixable tells of a refusal whose cell can be corrected, and where it stands in
// the file: the first refusal of a cell has the input, for all of them.
func fixable(v mappingView, n int) (column int, ok bool) {
	f := v.Report.Refused[n]
	if f.Row == 0 || f.Column == "" {
		return 0, false
	}
	for _, before := range v.Report.Refused[:n] {
		if before.Row == f.Row && before.Column == f.Column {
			return 0, false
		}
	}
	column = slices.IndexFunc(v.Plan.Columns, func(c transfer.Column) bool { return c.Header == f.Column })
	return column, column >= 0
}

// cellName names the input of a cell.
func cellName(kind string, row, column int) string {
	return kind + "-" + strconv.Itoa(row) + "-" + strconv.Itoa(column)
}

// anyFixable tells whether any of the refusals that are shown can be corrected here.
func anyFixable(v mappingView) bool {
	for i := range min(len(v.Report.Refused), shownRefusals) {
		if _, ok := fixable(v, i); ok {
			return true
		}
	}
	return false
}

// shownRefusals is how many refused cells a page shows, each with its input.
const shownRefusals = 100

// progressSays is how far a job has come, in words.
func progressSays(u transfer.Upload, p jobs.Progress) string {
	verb := "Tried without saving: "
	if u.State == transfer.Applying {
		verb = "Imported: "
	}
	switch {
	case p.Tries == 0:
		return "Waiting to begin."
	case p.Total == 0:
		return "Reading the file."
	case p.Done >= p.Total:
		return verb + "all " + thousands(p.Total) + " rows. Adding up."
	}
	return verb + thousands(p.Done) + " of " + thousands(p.Total) + " rows."
}

// thousands writes a count with commas.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for at := len(s) - 3; at > 0; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

func percent(p jobs.Progress) int {
	if p.Total == 0 {
		return 0
	}
	return min(100, 100*p.Done/p.Total)
}

// stateSays is what the list says of a staged file.
func stateSays(u transfer.Upload) string {
	switch u.State {
	case transfer.Trying:
		return "is being tried without saving"
	case transfer.Applying:
		return "is being imported"
	case transfer.Failed:
		return "could not be read or imported"
	case transfer.Tried, transfer.Waiting:
		return "waits for you"
	case transfer.Arriving, transfer.Done:
	}
	return ""
}

func sheetOptions(v mappingView) (out []ui.Option) {
	for _, s := range v.Preview.Sheets {
		label := s.Name
		if s.Hidden {
			label += " (hidden)"
		}
		out = append(out, ui.Option{Value: s.Name, Label: label})
	}
	return out
}

var repeatedOptions = []ui.Option{
	{Value: string(transfer.RefuseLater), Label: "take the first, refuse the later ones"},
	{Value: string(transfer.FirstWins), Label: "take the first, leave the others out"},
	{Value: string(transfer.RefuseAll), Label: "refuse all of them"},
}

func sampleOf(v mappingView, i int) []string {
	if i < len(v.Preview.Samples) {
		return v.Preview.Samples[i]
	}
	return nil
}

func kindOf(v mappingView, field string) transfer.Kind {
	for _, f := range v.Fields {
		if f.ID == field {
			return f.Kind
		}
	}
	return ""
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// comesBack names the file of refused rows, which of very many holds the first.
func comesBack(rows int) string {
	if rows > transfer.MaxBack {
		return "The first " + ui.Grouped(transfer.MaxBack) + " of " + ui.Grouped(int64(rows)) + " refused rows"
	}
	return ui.Count(rows, "refused row", "refused rows")
}
