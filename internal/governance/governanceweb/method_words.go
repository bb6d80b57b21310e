package governanceweb

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/ui"
)

// roleOf lists the roles that may do an action anywhere.
func roleOf(a authz.Action) []authz.Role {
	for _, r := range slices.Concat(governance.Rules, governance.GateRules) {
		if r.Action == a {
			return r.Roles
		}
	}
	return nil
}

// sharePct is a share in whole percent.
func sharePct(n, of int) int {
	if of == 0 {
		return 0
	}
	return 100 * n / of
}

func overrideWords(v methodsView) string {
	out := "In the last quarter the dial of " + ui.Count(v.Answered, "project", "projects") + " was answered, and " + strconv.Itoa(v.Overridden) + " of their tiers were set otherwise by a person"
	if v.Answered > 0 {
		out += ": " + strconv.Itoa(sharePct(v.Overridden, v.Answered)) + " in 100"
	}
	return out + "."
}

func versionWords(v governance.Version) string {
	out := "Version " + strconv.Itoa(v.Number)
	if v.ByName != "" {
		return out + ", published by " + v.ByName
	}
	return out + ", came with Cairn"
}

// publishedWords says when a version was published, and by whom.
func publishedWords(ctx context.Context, v governance.Version) string {
	out := "Published " + ui.Moment(ctx, time.UnixMicro(v.At))
	if v.ByName != "" {
		out += " by " + v.ByName
	}
	return out + "."
}

// reasonHref opens what stands behind a change; empty where nothing can be opened.
func reasonHref(r governance.Reason) string {
	if r.Kind == "finding" {
		return "/findings?show=all#h-" + r.ID
	}
	return ""
}

var partNames = map[string]string{
	"method": "The method", "dial": "The dial", "question": "Question", "answer": "Answer", "floor": "Hard rule", "ceiling": "Ceiling", "role": "Role", "phase": "Phase",
	"gate": "Gate", "criterion": "Criterion", "decision": "Decision", "conditions": "Conditions", "authority": "Who decides", "quorum": "Quorum", "cadence": "Rhythm",
	"document": "Document", "group": "Group", "event": "Event", "control": "Control", "load": "Budget of time", "review": "Keep, change or retire",
}

func changeName(c method.Change) string {
	out := partNames[c.Part]
	if c.Name != "" && c.Name != out {
		out += ": " + c.Name
	}
	return out
}

func changeID(c method.Change) string { return strings.TrimSpace(c.Of + " " + c.ID) }

type changesOf struct {
	Kind  method.ChangeKind
	Title string
	List  []method.Change
}

// byKind groups changes: added, removed, changed.
func byKind(list []method.Change) (out []changesOf) {
	for _, k := range []changesOf{{Kind: method.Added, Title: "Added"}, {Kind: method.Removed, Title: "Removed"}, {Kind: method.Changed, Title: "Changed"}} {
		for _, c := range list {
			if c.Kind == k.Kind {
				k.List = append(k.List, c)
			}
		}
		if len(k.List) > 0 {
			out = append(out, k)
		}
	}
	return out
}

func orDash(s string) string { return or(s, "–") }

// gateForm says how a gate is held.
func gateForm(m *method.Method, f method.Form) string {
	switch f.Kind {
	case method.ByReview:
		return "review"
	case method.ByNote:
		return "one page"
	case method.FoldedIn:
		if g := m.Gate(f.At); g != nil {
			return "at " + g.Name
		}
		return "at " + f.At
	case method.NotHeld:
	}
	return "–"
}

func days(n int) string {
	if n == 0 {
		return "–"
	}
	return ui.Days(n)
}

type tierRow struct {
	What  string
	Cells [4]string
}

// rhythm is the rhythm of a method as rows.
func rhythm(m *method.Method) (out []tierRow) {
	c := &m.Cadence
	report := tierRow{What: "Report"}
	for i, t := range method.Tiers() {
		report.Cells[i] = orDash(reportWords(c.Report.At(t)))
	}
	out = append(out, report)
	for _, l := range []struct {
		what string
		of   method.PerTier[int]
	}{
		{"Facts, by Cairn, every", c.FactsLineEveryDays}, {"A line after silence of", c.SilenceLineAfterDays}, {"Governing body meets every", c.BodyMeetsEveryDays}, {"Risks are reviewed every", c.RiskReviewEveryDays},
	} {
		row := tierRow{What: l.what}
		for i, t := range method.Tiers() {
			row.Cells[i] = days(l.of.At(t))
		}
		out = append(out, row)
	}
	return out
}

// sizesOf says what each tier asks of a project that involves nothing special.
func sizesOf(m *method.Method) []tierRow {
	rows := []tierRow{{What: "Gates held"}, {What: "Controls"}, {What: "Documents"}, {What: "Pages, at most"}, {What: "Minutes a month of the project manager, by the estimates"}, {What: "of a budget of"}}
	all, err := m.Sizes()
	for i, t := range method.Tiers() {
		r := m.Require(t, nil)
		held := 0
		for _, g := range r.Gates {
			if g.Held {
				held++
			}
		}
		controls := strconv.Itoa(len(r.Controls))
		if err == nil && all.At(t).From != all.At(t).To {
			controls = all.At(t).String()
		}
		for j, s := range []string{strconv.Itoa(held), controls, strconv.Itoa(len(r.Documents)), plainNumber(r.Pages), whole(r.EstimatedMinutes), whole(r.BudgetMinutes)} {
			rows[j].Cells[i] = s
		}
	}
	return rows
}

func plainNumber(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func whole(f float64) string { return strconv.FormatFloat(f, 'f', 0, 64) }

func amountWords(a method.Authority) string {
	if a.UpTo == nil {
		return "any amount"
	}
	return "up to " + ui.Grouped(*a.UpTo)
}

func roleNames(m *method.Method, ids []string) string {
	var out []string
	for _, id := range ids {
		out = append(out, roleName(m, id))
	}
	return strings.Join(out, ", ")
}

// tierWhere lists the tiers at which a control is asked of a project that involves
// what it looks at.
func tiersOf(m *method.Method, c *method.Control) string {
	var involves, out []string
	for _, f := range m.Involved() {
		involves = append(involves, strings.TrimPrefix(f.Name, "involves."))
	}
	for _, t := range method.Tiers() {
		if m.Require(t, involves).Control(c.ID) != nil {
			out = append(out, t.String())
		}
	}
	return strings.Join(out, " ")
}

// effectWords says what a version would change for one project.
func effectWords(e governance.Effect) (out []string) {
	if e.From != e.To {
		out = append(out, "tier "+e.To.String()+" instead of "+e.From.String())
	}
	for _, l := range []struct {
		more, less string
		a, b       []string
	}{{"gains the gate", "loses the gate", e.GatesMore, e.GatesLess}, {"gains the control", "loses the control", e.ControlsMore, e.ControlsLess}, {"gains the document", "loses the document", e.DocumentsMore, e.DocumentsLess}} {
		if len(l.a) > 0 {
			out = append(out, plural(l.more, len(l.a))+" "+strings.Join(l.a, ", "))
		}
		if len(l.b) > 0 {
			out = append(out, plural(l.less, len(l.b))+" "+strings.Join(l.b, ", "))
		}
	}
	if e.Lost {
		out = append(out, "there is no such phase: it begins in the first one")
	}
	if e.Unanswered {
		out = append(out, "the dial asks something new: the tier stays until it is answered")
	}
	return out
}

func plural(s string, n int) string {
	if n > 1 {
		return s + "s"
	}
	return s
}

func minutesChange(e governance.Effect) string {
	d := e.MinutesTo - e.MinutesFrom
	switch {
	case d > 0.5:
		return "+" + strconv.FormatFloat(d, 'f', 0, 64)
	case d < -0.5:
		return "−" + strconv.FormatFloat(-d, 'f', 0, 64)
	}
	return "0"
}

// byWeight sorts effects: those with most to change first.
func byWeight(list []governance.Effect) []governance.Effect {
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b governance.Effect) int {
		return cmp.Compare(len(effectWords(b)), len(effectWords(a)))
	})
	return out
}

// lineNumbers are the numbers beside a text.
func lineNumbers(text string) string {
	var b strings.Builder
	for i := range strings.Count(text, "\n") + 1 {
		b.WriteString(strconv.Itoa(i+1) + "\n")
	}
	return b.String()
}

// lineAt is a line of a text, to show it beside what is wrong with it.
func lineAt(text string, n int) string {
	lines := strings.Split(text, "\n")
	if n < 1 || n > len(lines) {
		return ""
	}
	return strings.TrimSpace(lines[n-1])
}

// some is the beginning of a list of problems.
func some(p method.Problems) method.Problems {
	if len(p) > 50 {
		return p[:50]
	}
	return p
}

// lineNumbersOf is one entry for each line, and two for lines to come.
func lineNumbersOf(text string) []string { return append(strings.Split(text, "\n"), "", "") }
