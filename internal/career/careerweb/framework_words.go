package careerweb

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"cairn/internal/career"
	"cairn/internal/career/framework"
	"cairn/internal/kit/ui"
)

type templComponent = templ.Component

func fieldName(i int) string { return "f" + strconv.Itoa(i) }

// keyWords are the labels of values in forms.
var keyWords = map[string]string{
	"name": "Name", "meaning": "Meaning", "matters": "Why it matters", "observable": "What can be observed", "says": "In words", "purpose": "Purpose", "why": "Why",
	"lacks": "What is usually lacking", "note": "Note", "work": "Work", "yes_from": "Who has to agree", "can_go_wrong": "What can go wrong", "not_for": "For whom it is not",
	"hours": "Hours", "elapsed_weeks": "Weeks", "max": "How often it can be taken", "place": "Where: desk, organisation or elsewhere", "months_in_field": "Months in the field before it", "count": "Pieces of work", "months": "Months",
	"projects": "Different projects", "people": "Different people", "bodies": "Different governing bodies", "quarters": "Calendar quarters", "attesters": "People who confirm it",
	"within_months": "In the last months", "at_least": "At least", "application": "Level of application", "knowledge": "Level of knowledge", "codes": "Codes of other frameworks", "first_project": "First project",
}

func fieldInput(i int, f framework.Field, bad []ui.FieldError) ui.Input {
	in := ui.Input{Name: fieldName(i), Label: keyWords[f.Key], Value: strings.TrimSpace(f.Value), Error: ui.ErrorAt(bad, fieldName(i))}
	if in.Label == "" {
		in.Label = strings.ReplaceAll(f.Key, "_", " ")
	}
	if step := f.Path[strings.LastIndexByte(f.Path, '/')+1:]; step != f.Key {
		in.Label += ", " + step // one of several
	}
	switch {
	case f.List:
		in.Type, in.Rows, in.Hint = "textarea", 3, "One a line, such as the name of a ladder and its code. Cairn ships no text of other frameworks."
	case f.Number:
		in.Type, in.Min, in.Max, in.Step = "number", "0", "100000", "1"
	case len(f.Value) > 70:
		in.Type, in.Rows = "textarea", 3
	}
	return in
}

// groupTitle says in which level, requirement or line a value stands.
func groupTitle(of string, f framework.Field) string {
	rest := strings.TrimPrefix(strings.TrimPrefix(f.Group, of), "/")
	if rest == "" {
		return "In general"
	}
	var out []string
	for step := range strings.SplitSeq(rest, "/") {
		switch step {
		case "rule", "experience", "after", "levels":
			continue
		case "any_of":
			step = "one way:"
		case "all_of":
			step = "part"
		case "requirements":
			step = "requirement"
		case "yields":
			step = "leaves behind, line"
		case "from":
			step = "people come from, line"
		}
		out = append(out, step)
	}
	return upperFirst(strings.Join(out, " "))
}

func ruleWords(f *framework.Framework, x framework.Field) string {
	if f == nil {
		return ""
	}
	if len(x.Rule.Kinds) == 0 && x.Rule.Counter == "" && x.Rule.Competency == "" {
		return ""
	}
	return f.Words(x.Rule, framework.Defaults{})
}

// needWords says whether a role asks for having managed a project.
func needWords(need string) string {
	switch need {
	case "required":
		return "a project of one's own is required"
	case "one_way":
		return "a project of one's own is one way of several"
	}
	return "a project of one's own plays no part"
}

func publishedWords(ctx context.Context, v career.FrameworkVersion) string {
	at := ui.Moment(ctx, time.UnixMicro(v.At))
	if v.ByName != "" {
		return "Published " + at + " by " + v.ByName + "."
	}
	return "Came with Cairn " + at + "."
}

func draftWords(ctx context.Context, d career.FrameworkDraft) string {
	at := "Last changed " + ui.Moment(ctx, time.UnixMicro(d.At))
	if d.ByName != "" {
		at += " by " + d.ByName
	}
	return at + "."
}

func inArea(f *framework.Framework, area string) (out []framework.Competency) {
	for _, c := range f.Competencies {
		if c.Area == area {
			out = append(out, c)
		}
	}
	return out
}

// levelRow is a level of a competency on both scales.
type levelRow struct {
	Level                  int
	Applied, Known         string // names of the level
	Application, Knowledge string // what can be observed
	Rule                   string
}

func levelRows(f *framework.Framework, c framework.Competency) (out []levelRow) {
	for _, l := range c.Application {
		row := levelRow{Level: l.Level, Applied: f.LevelName("application", l.Level), Known: f.LevelName("knowledge", l.Level), Application: l.Observable, Rule: f.Words(l.Rule, f.LevelDefaults[l.Level])}
		for _, k := range c.Knowledge {
			if k.Level == l.Level {
				row.Knowledge = k.Observable
			}
		}
		out = append(out, row)
	}
	return out
}

// optionAfter says what has to come before an option.
func optionAfter(f *framework.Framework, o framework.Option) string {
	var out []string
	for _, x := range o.After.Levels {
		out = append(out, f.Words(x, f.RoleDefaults))
	}
	if o.After.MonthsInField > 0 {
		out = append(out, ui.Count(o.After.MonthsInField, "month in the field", "months in the field"))
	}
	if len(out) == 0 {
		return "nothing"
	}
	return strings.Join(out, "; ")
}

// clauseOrder is the order in which the words of rules are explained.
var clauseOrder = []string{"kinds", "as", "count", "months", "hours", "projects", "people", "bodies", "quarters", "tier", "within_months", "grade", "attesters", "finished", "outside_office", "about"}

func lineNumbers(text string) string {
	var b strings.Builder
	for i := range strings.Split(text+"\n", "\n") {
		b.WriteString(strconv.Itoa(i + 1))
		b.WriteByte('\n')
	}
	return b.String()
}

func lineAt(text string, n int) string {
	lines := strings.Split(text, "\n")
	if n < 1 || n > len(lines) {
		return ""
	}
	line := []rune(strings.TrimSpace(lines[n-1]))
	if len(line) > 120 {
		return string(line[:120]) + "…"
	}
	return string(line)
}

func lineCount(text string) int { return strings.Count(text, "\n") + 2 }
