package transferweb

import (
	"strconv"
	"strings"

	"cairn/internal/kit/ui"
	"cairn/internal/transfer"
)

// isGates tells of what a file is brought in for.
func isGates(kind string) bool { return kind == transfer.Gates }

// kindTag is what the list of imports says of a kind.
func kindTag(kind string) string {
	if isGates(kind) {
		return "past gate decisions, "
	}
	return ""
}

// rowOutcome is what became of a row, in the words of its kind.
func rowOutcome(kind, outcome string) string {
	if !isGates(kind) {
		return outcome
	}
	switch outcome {
	case "created":
		return "recorded"
	case "changed":
		return "corrected"
	case "unchanged":
		return "nothing new"
	}
	return outcome
}

// nothingToDo is said of a file that the record knows already.
func nothingToDo(kind string) string {
	if isGates(kind) {
		return "Nothing to do: no date of this file is new."
	}
	return "There is nothing to import: the register says all of this already."
}

// columnFields are the fields that a column can be taken for.
func columnFields(v mappingView) (out []transfer.Field) {
	for _, f := range v.Fields {
		if f.Kind != transfer.Switch {
			out = append(out, f)
		}
	}
	return out
}

// switches are the ticks of a kind of file.
func switches(v mappingView) (out []transfer.Field) {
	for _, f := range v.Fields {
		if f.Kind == transfer.Switch {
			out = append(out, f)
		}
	}
	return out
}

func askedOptions(a transfer.Asked) []ui.Option {
	out := []ui.Option{{Value: "", Label: "none: refuse rows that need one"}}
	for _, o := range a.Options {
		out = append(out, ui.Option{Value: o.ID, Label: o.Label})
	}
	return out
}

func askedLabel(a transfer.Asked) string {
	what := "“" + clip(a.Value, 60) + "”"
	if a.Value == "" {
		what = "Rows that name no " + strings.ToLower(a.Label)
	}
	return what
}

// gateCounts is what a file of past decisions did, in words.
func gateCounts(rep *transfer.Report) string {
	parts := []string{ui.Count(rep.Counts["recorded"], "decision", "decisions") + " recorded"}
	if n := rep.Counts["changed"]; n > 0 {
		parts = append(parts, strconv.Itoa(n)+" corrected")
	}
	if n := rep.Counts["left_out"]; n > 0 {
		parts = append(parts, ui.Count(n, "date", "dates")+" left out")
	}
	if rep.RefusedRows > 0 {
		parts = append(parts, ui.Count(rep.RefusedRows, "row", "rows")+" refused")
	}
	return strings.Join(parts, ", ")
}

// gatesUndone is what the undo of past decisions did.
func gatesUndone(u transfer.Undone) string {
	parts := []string{ui.Count(u.Withdrawn, "decision", "decisions") + " taken back"}
	if u.Restored > 0 {
		parts = append(parts, strconv.Itoa(u.Restored)+" of an earlier file "+plural(u.Restored, "stands", "stand")+" again")
	}
	if u.Assignments > 0 {
		parts = append(parts, ui.Count(u.Assignments, "project is", "projects are")+" back on the method and phase of before")
	}
	if u.Kept > 0 {
		parts = append(parts, ui.Count(u.Kept, "thing", "things")+" left, since it was changed later")
	}
	return strings.Join(parts, ", ")
}
