package app

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cairn/internal/governance"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/work"
	"cairn/internal/portfolio"
	"cairn/internal/transfer"
)

// gateSink lets files become gate decisions that were taken elsewhere.
type gateSink struct{ gov *governance.Service }

// gateDate is what a file needs one of: a column for a gate, or the date of the
// gate that another column names.
const gateDate = "the date of a gate"

// pastFields are what a file can say about past decisions beside the dates of
// single gates.
var pastFields = []transfer.Field{
	{ID: "source_id", Label: "Project number or code", Kind: transfer.SourceID, Words: []string{"id", "project id", "project number", "project no", "project code", "number", "no", "code", "ref", "reference", "project ref", "project reference"}},
	{ID: "cairn_id", Label: "Cairn id of the project", Kind: transfer.Known},
	{ID: "name", Label: "Name of the project", Kind: transfer.Text, Words: []string{"project", "project name", "project title", "title", "name", "scheme"}},
	{ID: "model", Label: "Model", Kind: transfer.Text, Words: []string{"gate model", "gate method", "method", "ept", "delivery model", "gateway model", "lifecycle", "process", "project type", "governance model"}},
	{ID: "body", Label: "Body that decided, no person", Kind: transfer.Text, Words: []string{"approval body", "body", "board", "committee", "approved by body", "approving body", "approval authority", "decision body", "governing body", "forum"}},
	{ID: "decision", Label: "Decision", Kind: transfer.Text, Words: []string{"outcome", "result", "gate decision", "gate outcome", "decided", "verdict"}},
	{ID: "gate", Label: "Gate, where each row is one", Kind: transfer.Text, Key: true, Words: []string{"gate", "gateway", "gate name", "gate number", "gate no", "stage gate", "milestone"}},
	{ID: "on", Label: "Date of that gate", Kind: transfer.Date, Need: gateDate, Words: []string{"date", "gate date", "decision date", "date decided", "decided on", "approval date", "date approved", "approved on", "date of decision"}},
}

// knownGates are the words of other people's files for the gates of the methods
// that Cairn offers to start from.
var knownGates = map[string][]string{
	"need":     {"need", "bni", "business need", "business need identified", "business need identification", "strategic assessment", "strategic outline case", "soc", "mandate", "idea approved", "need approved"},
	"case":     {"case", "pbc", "preliminary business case", "outline business case", "obc", "options", "options approved"},
	"approval": {"approval", "bca", "business case approved", "business case approval", "full business case", "fbc", "final business case", "investment decision", "funding approved"},
	"use":      {"use", "ready for use", "ready for service", "go live", "handover", "commissioned", "operational readiness"},
}

// Fields implements transfer.Sink: a column for each gate of each method, and for
// the first, the second and so on of whichever method the project follows.
func (g gateSink) Fields(ctx context.Context, who authz.Actor) ([]transfer.Field, error) {
	methods, err := g.gov.PastMethods(ctx, who)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(pastFields)
	for i := range out {
		if out[i].ID == "model" {
			out[i].Options, out[i].Guess = modelOptions(methods), guessModel(methods)
		}
	}
	most := 0
	seen := map[string]bool{}
	var gates []transfer.Field
	for _, m := range methods {
		most = max(most, len(m.Gates))
		for i := range m.Gates {
			x := &m.Gates[i]
			if seen[x.ID] {
				continue
			}
			seen[x.ID] = true
			label := governance.GateLabel(x.ID)
			gates = append(gates, transfer.Field{
				ID: "gate:" + x.ID, Label: label + ": " + x.Name, Kind: transfer.Date, Need: gateDate,
				Words: append([]string{fold.Key(label), fold.Key(label) + " date", "date " + fold.Key(label), strings.Trim(fold.Key(x.Name), "?")}, knownGates[x.ID]...),
			})
		}
	}
	for n := 1; n <= most; n++ {
		out = append(out, transfer.Field{ID: fmt.Sprintf("nth:%d", n), Label: ordinals[min(n, len(ordinals))-1] + " gate of its method", Kind: transfer.Date, Need: gateDate, Words: nthWords(n)})
	}
	out = append(out, gates...)
	return append(out, transfer.Field{ID: "move", Kind: transfer.Switch, Label: "Put projects on the method of their model, also those that follow another", Hint: "Without it such rows are refused. Projects that follow no method yet are put on theirs in any case; who has gone through gates here stays."}), nil
}

var ordinals = []string{"First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Last"}

func nthWords(n int) []string {
	return []string{fmt.Sprintf("gate %d", n), fmt.Sprintf("gate%d", n), fmt.Sprintf("gate %d date", n), fmt.Sprintf("gateway %d", n), fmt.Sprintf("date gate %d", n), fmt.Sprintf("date of gate %d", n)}
}

func modelOptions(methods []governance.PastMethod) []transfer.Option {
	out := []transfer.Option{}
	for _, m := range methods {
		out = append(out, transfer.Option{ID: m.ID, Label: m.Name})
	}
	return out
}

var gateCount = regexp.MustCompile(`\b(\d|one|two|three|four|five|six)[ -]*gates?\b`)

var numbers = map[string]int{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}

// guessModel finds the method that is called like a model, else the one that comes
// with Cairn to start from and has as many gates as the model says.
func guessModel(methods []governance.PastMethod) func(string) string {
	return func(said string) string {
		key := fold.Key(said)
		for _, m := range methods {
			if key == m.ID || key == fold.Key(m.Name) {
				return m.ID
			}
		}
		match := gateCount.FindStringSubmatch(key)
		if match == nil {
			return ""
		}
		n := numbers[match[1]]
		if n == 0 {
			n = int(match[1][0] - '0')
		}
		found := ""
		for _, m := range methods {
			if len(m.Gates) == n && strings.HasSuffix(m.ID, "-gates") {
				if found != "" {
					return ""
				}
				found = m.ID
			}
		}
		return found
	}
}

// Put implements transfer.Sink.
func (g gateSink) Put(ctx context.Context, tx *work.Tx, source, batch string, records []transfer.Record) ([]transfer.Outcome, error) {
	rows := make([]governance.PastRow, len(records))
	for i, r := range records {
		rows[i] = pastRow(r)
	}
	puts, err := g.gov.RecordPastIn(ctx, tx, source, batch, rows)
	if err != nil {
		return nil, err
	}
	out := make([]transfer.Outcome, len(records))
	for i, p := range puts {
		moved := map[bool]int{true: 1}[p.Moved]
		out[i] = transfer.Outcome{
			ID: p.Project, Created: p.Recorded > 0, Changed: p.Changed+moved > 0, Stated: p.Recorded+p.Changed+moved > 0, Refused: p.Refused,
			Counts: map[string]int{"recorded": p.Recorded, "changed": p.Changed, "same": p.Same, "left_out": p.Left, "moved": moved},
		}
	}
	return out, nil
}

// pastRow reads a record: dates of gates by column, or the one date of the gate
// that the row names.
func pastRow(r transfer.Record) governance.PastRow {
	row := governance.PastRow{
		Place: r.Place, Known: r.Known, Number: strings.TrimSpace(r.SourceID), Method: r.Values["model"].Text, Model: r.Values["model"].Reason,
		Move: r.Values["move"].Text != "", Decision: r.Values["decision"].Text, Body: strings.Join(strings.Fields(r.Values["body"].Text), " "),
	}
	if name := strings.TrimSpace(r.Values["name"].Text); name != row.Number {
		row.Name = name
	}
	for id, v := range r.Values {
		d := governance.PastDate{Field: id, On: v.Text}
		switch kind, which, _ := strings.Cut(id, ":"); {
		case v.Text == "":
			continue
		case kind == "gate" && which != "":
			d.Gate = which
		case kind == "nth":
			_, _ = fmt.Sscan(which, &d.Nth) // it was made of a number
		case id == "on":
			d.Words = r.Values["gate"].Text
		default:
			continue
		}
		row.Dates = append(row.Dates, d)
	}
	slices.SortFunc(row.Dates, func(a, b governance.PastDate) int { return strings.Compare(a.Field, b.Field) })
	return row
}

// Finish implements transfer.Sink: a decision that a file holds no more was taken
// all the same.
func (gateSink) Finish(context.Context, *work.Tx, string, string, clock.Day, bool, map[string]bool) (vanished, moved int, err error) {
	return 0, 0, nil
}

// Changes implements transfer.Batches.
func (g gateSink) Changes(ctx context.Context, v *work.View, batch, after string) (transfer.Changes, error) {
	return toGateChanges(g.gov.PastChanges(ctx, v, v.Who, v.Today, batch, after))
}

// ChangesIn implements transfer.Batches.
func (g gateSink) ChangesIn(ctx context.Context, tx *work.Tx, batch, after string) (transfer.Changes, error) {
	return toGateChanges(g.gov.PastChanges(ctx, tx, tx.Who, tx.Today, batch, after))
}

// UndoChanges implements transfer.Batches.
func (g gateSink) UndoChanges(ctx context.Context, v *work.View, batch, after string) (transfer.Changes, error) {
	list, next, err := g.gov.PastChanges(ctx, v, v.Who, v.Today, batch, after)
	out := transfer.Changes{Next: next}
	for _, c := range list {
		if c.WhyNot != "" || c.Follows != "" {
			continue
		}
		line := gateChange(c)
		line.Before, line.After = line.After, line.Before
		if line.Outcome = "taken back"; c.Ended {
			line.Outcome, line.After, line.Note = "left as it is", line.Before, "a later file says something else"
		}
		out.Rows = append(out.Rows, line)
	}
	return out, err
}

func toGateChanges(list []governance.PastChange, next string, err error) (transfer.Changes, error) {
	out := transfer.Changes{Next: next}
	for _, c := range list {
		out.Rows = append(out.Rows, gateChange(c))
	}
	return out, err
}

func gateChange(c governance.PastChange) transfer.Change {
	line := transfer.Change{Record: c.Project, Name: c.ProjectName, Label: c.GateName, Kind: transfer.Date, Before: transfer.Value{Text: c.Was}, After: transfer.Value{Text: c.On}, Outcome: "recorded", Of: "gate"}
	notes := []string{fmt.Sprintf("row %d", c.Place)}
	switch {
	case c.Follows != "":
		line.Label, line.Kind, line.Before, line.After, line.Outcome = "Method", transfer.Text, transfer.Value{}, transfer.Value{Text: c.Follows}, "put on it"
		return line
	case c.WhyNot != "":
		line.Outcome, notes = "left out", append(notes, c.WhyNot)
	case c.Was != "":
		line.Outcome = "corrected"
	}
	if c.WhyNot == "" && c.Decision != "go" {
		notes = append(notes, strings.ReplaceAll(c.Decision, "-", " "))
	}
	if c.BodyWords != "" && c.WhyNot == "" {
		notes = append(notes, c.BodyWords)
	}
	line.Note = strings.Join(notes, ": ")
	if c.WhyNot == "" {
		line.Note = strings.Join(notes, ", ")
	}
	return line
}

// UndoIn implements transfer.Batches.
func (g gateSink) UndoIn(ctx context.Context, tx *work.Tx, batch string) (transfer.Undone, error) {
	u, err := g.gov.UndoPastIn(ctx, tx, batch)
	return undonePast(u), err
}

// Undone implements transfer.Batches.
func (g gateSink) Undone(ctx context.Context, v *work.View, batch string) (transfer.Undone, error) {
	u, err := g.gov.PastUndoneOf(ctx, v, batch)
	return undonePast(u), err
}

func undonePast(u governance.PastUndone) transfer.Undone {
	return transfer.Undone{At: u.At, By: u.By, Restored: u.Restored, Kept: u.Kept, Withdrawn: u.TakenBack, Assignments: u.Follow}
}

// UndoUntil implements transfer.Batches: as long as an import of projects.
func (gateSink) UndoUntil(applied clock.Day) clock.Day { return portfolio.LastUndo(applied) }
