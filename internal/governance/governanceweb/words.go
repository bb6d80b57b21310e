package governanceweb

import (
	"slices"
	"strconv"
	"strings"

	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/kit/ui"
)

// because says in words why a control is asked: what the project involves, or the
// tier from which on it is asked.
func because(m *method.Method, c *method.Control) string {
	rule := c.When.Text
	for _, f := range m.Involved() {
		if strings.Contains(rule, f.Name) && !strings.Contains(rule, f.Name+"_") {
			return "because " + lowerFirst(f.Means)
		}
	}
	for _, t := range method.Tiers() {
		switch {
		case strings.Contains(rule, "tier >= "+t.String()) && t == method.S, rule == "", rule == "true":
			return "every project"
		case strings.Contains(rule, "tier == "+t.String()):
			return "tier " + t.String() + " alone"
		case strings.HasSuffix(rule, "tier >= "+t.String()):
			return "tier " + t.String() + " and up"
		}
	}
	return rule
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// stateWords is a state of a control in the reader's words.
func stateWords(state string) string {
	switch state {
	case governance.Evidenced:
		return "in place"
	case governance.Waived:
		return "waived"
	case governance.NotAsked:
		return "does not apply"
	case governance.Unseen:
		return "cannot be seen yet"
	case governance.Open:
		return "to do"
	}
	return "gap"
}

// dot is the class of the mark beside a control.
func dot(c governance.Control) string {
	switch c.State {
	case governance.Evidenced:
		if c.Until != "" {
			return "rag mk g"
		}
		return "rag done"
	case governance.Gap:
		if c.Missing.Urgency == "do-now" {
			return "rag mk r"
		}
		return "rag mk a"
	}
	return "rag"
}

// dueWords says when a control has to be shown, or until when it holds.
func dueWords(v sheafView, c governance.Control) string {
	switch c.State {
	case governance.Evidenced:
		if c.Until != "" {
			return "until " + ui.Date(c.Until, v.At)
		}
		return ui.Date(c.Since, v.At)
	case governance.Waived:
		return "until " + ui.Date(c.Until, v.At)
	case governance.Open:
		if c.Until != "" {
			return "by " + ui.Date(c.Until, v.At)
		}
		return gateName(v, c.DueAt)
	case governance.Gap:
		if c.DueAt != "" {
			return gateName(v, c.DueAt)
		}
		return "since " + ui.Date(c.Since, v.At)
	}
	return ""
}

// gateName is a gate as it is called on the way: "G3".
func gateName(v sheafView, id string) string {
	if v.Method == nil || v.Method.Gate(id) == nil {
		return ""
	}
	return "Gate " + strings.TrimLeft(id, "gl")
}

// shownBy says what shows that a control is in place.
func shownBy(c governance.Control) string {
	switch c.Via {
	case "event":
		return "the record shows it"
	case "fact":
		return "the record shows it today"
	case "document":
		return "a document shows it"
	case "attestation":
		return "attested"
	case "assessment":
		return "assessed"
	case "waiver":
		return "waived"
	}
	return ""
}

// acceptWords says one line of evidence in words.
func acceptWords(v sheafView, a method.Accept) string {
	out := ""
	switch a.Kind {
	case method.AnEvent:
		out = a.Name
		for _, e := range v.Method.Events {
			if e.Name == a.Name {
				out = e.Means
			}
		}
		if g := v.Method.Gate(a.Of); g != nil {
			out += " (" + g.Name + ")"
		} else if a.Of != "" {
			out += " (" + a.Of + ")"
		}
	case method.AFact:
		out = "The record shows: " + factWords(a.When.Text)
	case method.ADocument:
		out = "A document"
		if d := v.Method.Document(a.ID); d != nil {
			out = d.Name
		}
		out += ", " + a.State
	case method.AnAttestation:
		out = roleName(v.Method, a.By) + " says: “" + a.Says + "”"
	}
	for _, more := range a.All {
		out += "; and " + lowerFirst(acceptWords(v, more))
	}
	return out
}

// factWords puts the meanings of the facts that a rule asks for beside each other.
func factWords(rule string) string {
	var out []string
	for _, f := range method.Vocabulary() {
		if strings.Contains(rule, f.Name) && strings.Contains(f.Name, ".") && !slices.Contains(out, lowerFirst(f.Means)) {
			out = append(out, lowerFirst(f.Means))
		}
	}
	if len(out) == 0 {
		return rule
	}
	return strings.Join(out, "; ")
}

func roleName(m *method.Method, id string) string {
	if r := m.Role(id); r != nil {
		return r.Name
	}
	return id
}

// wordWords says a word about a control.
func wordWords(v sheafView, c governance.Control, w governance.Word) string {
	switch w.Kind {
	case governance.Assessed:
		return "Assessed: " + lowerFirst(governance.VerdictLabel(w.Verdict))
	case governance.Attested:
		for _, a := range c.Accepts {
			if a.Kind == method.AnAttestation && a.By == w.Name {
				return "Attested: “" + a.Says + "”"
			}
		}
		return "Attested"
	}
	for _, a := range c.Accepts {
		if a.Kind == method.AnEvent && a.Name == w.Name && a.Of == w.Detail {
			return acceptWords(v, a)
		}
	}
	return "Noted"
}

// minutesWords says a load of minutes a month.
func minutesWords(n float64) string {
	return strconv.FormatFloat(n, 'f', 0, 64) + " minutes"
}

// urgencyWords says how soon what is missing should be done.
func urgencyWords(id string) string {
	for _, u := range governance.Urgencies {
		if u.ID == id {
			return u.Label
		}
	}
	return id
}

// groups parts the controls by their group, in the order of the method.
func groups(v sheafView) []groupView {
	var out []groupView
	for i := range v.Method.Groups {
		g := groupView{Group: &v.Method.Groups[i]}
		for _, c := range v.Controls {
			if c.Group == g.ID {
				g.Controls = append(g.Controls, c)
			}
		}
		if len(g.Controls) > 0 {
			out = append(out, g)
		}
	}
	return out
}

type groupView struct {
	*method.Group
	Controls []governance.Control
}
