package transferweb

import (
	"strconv"
	"strings"

	"cairn/internal/kit/ui"
	"cairn/internal/transfer"
)

func mappingLead(v mappingView) string {
	s := "Header in row " + strconv.Itoa(max(1, v.Plan.HeaderRow)) + ", one project per row."
	if v.Plan.Transposed {
		s = "One project per column."
	}
	if v.Plan.Sheet != "" {
		s = "Worksheet “" + v.Plan.Sheet + "”. " + s
	}
	if v.Report != nil {
		s += " " + summary(v.Report.Created, v.Report.Changed, v.Report.Unchanged, v.Report.RefusedRows) + " if you apply it."
	}
	return s
}

// matched says how many columns have a meaning.
func matched(v mappingView) string {
	n := 0
	for _, c := range v.Plan.Columns {
		if c.Field != "" {
			n++
		}
	}
	return strconv.Itoa(n) + " of " + strconv.Itoa(len(v.Plan.Columns)) + " matched"
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
	return strconv.Itoa(v.Report.Rows-v.Report.RefusedRows) + " of " + ui.Count(v.Report.Rows, "row", "rows") + " can be applied."
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
