package governanceweb

import (
	"strconv"

	"cairn/internal/governance"
	"cairn/internal/kit/ui"
)

// heatLead is the sentence at the head of the map.
func heatLead(v heatView) string {
	c := v.All.All
	if c.Asked() == 0 {
		return "What a project needs follows from its dial; what is missing follows from the record."
	}
	out := ui.Count(c.Gap, "gap", "gaps")
	if due := c.Due(); due > 0 {
		out += " in " + ui.Grouped(int64(due)) + " controls that are due"
	}
	if v.Governed > 0 {
		out += ", on " + ui.Count(v.Governed, "project", "projects") + " with a tier"
	}
	return out + "."
}

func rowKind(v heatView) string {
	switch {
	case v.Filter.Mine:
		return "Project"
	case v.Node == "":
		return "Portfolio"
	}
	return "Programme or project"
}

func allWords(v heatView) string {
	if v.More {
		return "The first " + strconv.Itoa(len(v.Rows))
	}
	return "All " + strconv.Itoa(len(v.Rows))
}

func gapCount(c *governance.Cell) string {
	if c == nil {
		return "0"
	}
	return ui.Grouped(int64(c.Gap))
}

// unseenWords says what the map leaves out.
func unseenWords(v heatView) string {
	if n := v.All.All.Unseen; n > 0 {
		return ui.Grouped(int64(n)) + " cannot be seen yet, because Cairn does not keep what would show them; they are nobody's gap."
	}
	return ""
}

// cellHref opens a cell: of a project to its controls, of a node to what lies below.
func (v heatView) cellHref(row governance.Row, c governance.Column) string {
	if row.Kind == "project" {
		if v.Filter.Group != "" {
			return "/projects/" + row.ID + "/controls/" + c.ID
		}
		return v.down(row) + "#g-" + c.ID
	}
	if v.Filter.Group != "" {
		return v.href(row.ID, v.Filter.Group)
	}
	return v.href(row.ID, c.ID)
}

func typedAt(v waiversView, id string) string {
	if v.At == id {
		return v.Typed.Get("words-" + id)
	}
	return ""
}

func errorAt(v waiversView, id, field string) string {
	if v.At == id {
		return ui.ErrorAt(v.Errors, field)
	}
	return ""
}

func firstWords(s string) string {
	r := []rune(s)
	if len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}

func andMore(n int) string {
	if n < 2 {
		return ""
	}
	return " and " + strconv.Itoa(n-1) + " more"
}

func firstDue(v heatView) string {
	if v.Worst.Due == "" {
		return ""
	}
	return ", the first due " + ui.Date(v.Worst.Due, v.Today)
}
