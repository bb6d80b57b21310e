package governanceweb

import (
	"strings"

	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/ui"
)

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// dueAtWords says at which gate a control is looked at, or that it comes round.
func dueAtWords(v sheafView, c governance.Control) string {
	if g := v.Method.Gate(c.DueAt); g != nil {
		return "looked at " + gateName(v, c.DueAt) + ": " + g.Name
	}
	return "comes round"
}

// rhythmWords says how often a project manager meets a control.
func rhythmWords(rhythm string) string {
	switch rhythm {
	case "once":
		return "once"
	case "gate":
		return "at each gate"
	case "month":
		return "each month"
	case "quarter":
		return "each quarter"
	case "event":
		return "when it happens"
	}
	return rhythm
}

// freshWords says how long evidence counts.
func freshWords(v sheafView, c governance.Control) string {
	if n := c.FreshDays.At(v.Governed.Tier); n > 0 {
		return "counts for " + ui.Days(n)
	}
	return "once is enough"
}

// speakable says whether a person may say that a line of evidence is there.
func speakable(a method.Accept) bool {
	return a.Kind == method.AnAttestation || a.Kind == method.AnEvent && a.Name != "report.submitted" && a.Name != "gate.passed"
}

func clickLabel(a method.Accept) string {
	if a.Kind == method.AnAttestation {
		return "I say so"
	}
	return "It took place"
}

// byWhom says where a line of evidence comes from when nobody can click it.
func byWhom(a method.Accept) string {
	switch a.Kind {
	case method.AFact, method.AnEvent:
		return "from the record"
	case method.ADocument:
		return "from the documents"
	case method.AnAttestation:
		return "a person's word"
	}
	return ""
}

// absentWords names the facts that the record does not hold, by their meaning.
func absentWords(names []string) string {
	var out []string
	for _, f := range method.Vocabulary() {
		for _, n := range names {
			if f.Name == n {
				out = append(out, lowerFirst(f.Means))
			}
		}
	}
	return strings.Join(out, "; ")
}

// findingWords says how urgent a finding is, whose, since when.
func findingWords(f governance.Finding, today clock.Day) string {
	out := urgencyWords(f.Urgency)
	if f.Due != "" {
		if f.Urgency != governance.DoBy {
			out += " by"
		}
		out += " " + ui.Date(f.Due, today)
		if n, ok := clock.DaysBetween(f.Due, today); ok && n > 0 && f.Open {
			out += ", " + ui.Days(n) + " over"
		}
	}
	if f.OwnerName != "" {
		out += ", " + f.OwnerName
	}
	out += ". Found by " + f.ByName + " on " + ui.Date(f.On, today) + "."
	if !f.Open {
		out += " Closed by " + f.ClosedByName + " on " + ui.Date(f.ClosedOn, today) + ": " + f.ClosedWords
	}
	return out
}

func urgencyOptions() (out []ui.Option) {
	for _, u := range governance.Urgencies {
		out = append(out, ui.Option{Value: u.ID, Label: u.Label + ": " + u.Means})
	}
	return out
}

// waiverState is a waiver in a word, as it stands on a day.
func waiverState(w governance.Waiver, today clock.Day) string {
	switch {
	case w.State == governance.WaiverAsked:
		return "waits for a decision"
	case w.State == governance.WaiverRefused:
		return "refused"
	case w.Holds(today):
		n, _ := clock.DaysBetween(today, w.Until())
		if n <= governance.WarnDays {
			return "ends in " + ui.Days(n)
		}
		return "until " + ui.Date(w.Until(), today)
	case w.State == governance.WaiverEnded:
		return "ended"
	}
	return "expired"
}

// waiverBy is the role that decides about a waiver of the project's tier.
func waiverBy(v sheafView) string {
	a, _ := v.Method.Who(method.ForWaiver, v.Governed.Tier, 0)
	return a.Who
}

func opinionOf(m *method.Method, role string) string {
	if m == nil {
		return role
	}
	return roleName(m, role)
}

func opinionWords(o governance.Opinion) string {
	out := o.Name + ": no"
	if o.Agrees {
		out = o.Name + ": yes"
	}
	if o.Words != "" {
		out += ", “" + o.Words + "”"
	}
	return out
}

func decidedWords(w governance.Waiver) string {
	if w.DecidedWords == "" {
		return w.DecidedByName
	}
	return w.DecidedByName + ": " + w.DecidedWords
}
