package governanceweb

import (
	"strconv"
	"strings"

	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/kit/ui"
)

// gapsWords sums up how the controls of a project stand.
func gapsWords(v sheafView) string {
	gaps, open := v.Count(governance.Gap), v.Count(governance.Open)
	switch {
	case gaps > 0:
		return ui.Count(gaps, "gap", "gaps") + " and " + strconv.Itoa(open) + " to do."
	case open > 0:
		return "No gap, " + strconv.Itoa(open) + " to do."
	}
	return "No gap."
}

// sheafLead is the sentence at the head of a project's controls.
func sheafLead(v sheafView) string {
	if v.Governed == nil {
		return "What is asked of a project follows from its tier."
	}
	out := strconv.Itoa(len(v.Asked.Controls)) + " of " + strconv.Itoa(len(v.Method.Controls)) + " controls apply, " + strconv.Itoa(len(v.Controls)) + " of them now. " + gapsWords(v)
	if n := v.Count(governance.Waived); n > 0 {
		out += " " + strconv.Itoa(n) + " waived."
	}
	return out
}

// standsWords tells what shows a control, since when and until when.
func standsWords(v sheafView, c governance.Control) string {
	var out []string
	if by := shownBy(c); by != "" && c.State != governance.Waived {
		out = append(out, by)
	}
	if c.Waiver != nil && c.Waiver.State == governance.WaiverAsked {
		out = append(out, "a waiver is asked for")
	}
	if due := dueWords(v, c); due != "" {
		out = append(out, due)
	}
	if n := len(c.Findings); n > 0 {
		out = append(out, ui.Count(n, "finding", "findings")+" open")
	}
	return strings.Join(out, ", ")
}

// oneClick is the line of evidence that a person can give by one click: an event
// that nobody records yet, or an attestation; -1 if there is none.
func oneClick(c governance.Control) int {
	for i, a := range c.Accepts {
		if a.Kind == method.AnEvent && a.Name != "report.submitted" && a.Name != "gate.passed" && a.Name != "meeting.held" && a.Name != "project.closed" && a.Name != "case.approved" {
			return i
		}
	}
	for i, a := range c.Accepts {
		if a.Kind == method.AnAttestation {
			return i
		}
	}
	return -1
}

func clickWords(c governance.Control, line int) string {
	if c.Accepts[line].Kind == method.AnAttestation {
		return "I say so"
	}
	return "It took place today"
}

// shortQuestion is a question of the dial in a word: its id, which is one.
func shortQuestion(q *method.Question) string {
	return strings.ToUpper(q.ID[:1]) + strings.ReplaceAll(q.ID[1:], "-", " ")
}

func labelsOf(q *method.Question, given []string) string {
	var out []string
	for _, a := range q.Answers {
		for _, id := range given {
			if a.ID == id {
				out = append(out, a.Label)
			}
		}
	}
	return strings.Join(out, "; ")
}

func pointsGiven(q *method.Question, given []string) (n int) {
	for _, a := range q.Answers {
		for _, id := range given {
			if a.ID != id {
				continue
			}
			if q.Combine == "sum" {
				n += a.Points
			} else {
				n = max(n, a.Points)
			}
		}
	}
	return n
}

// ruleWords are the hard rules that held, in words.
func ruleWords(m *method.Method, ids []string) (out []string) {
	if m.Dial == nil {
		return nil
	}
	for _, id := range ids {
		for _, r := range m.Dial.Floors {
			if r.ID == id {
				out = append(out, "At least "+r.AtLeast.String()+": "+r.Because)
			}
		}
		for _, r := range m.Dial.Ceilings {
			if r.ID == id {
				out = append(out, "At most "+r.AtMost.String()+": "+r.Because)
			}
		}
	}
	return out
}

func reportWords(rhythm string) string {
	switch rhythm {
	case method.AtGates:
		return "at gates"
	case method.Monthly:
		return "monthly"
	case method.Quarterly:
		return "quarterly"
	}
	return rhythm
}

// kindLabel is a kind of assignment in words.
func kindLabel(kind string) string { return strings.ReplaceAll(kind, "_", " ") }

// personOptions are the people of a project, to choose an owner from.
func personOptions(list []governance.Person) []ui.Option {
	out := []ui.Option{{Value: "", Label: "Choose a person"}}
	for _, p := range list {
		out = append(out, ui.Option{Value: p.ID, Label: p.Name + ", " + kindLabel(p.Kind)})
	}
	return out
}

// tierPoints says how many points the tier comes from.
func tierPoints(v sheafView) string {
	if v.Last == nil {
		return "set without points"
	}
	return strconv.Itoa(v.Last.Points) + " of " + strconv.Itoa(maxPoints(v.Method)) + " points"
}
