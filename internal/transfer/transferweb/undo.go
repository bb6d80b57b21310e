package transferweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/transfer"
)

// diffRows are the lines of a diff as the page shows them.
func diffRows(ctx context.Context, list []transfer.Change) []ui.DiffRow {
	out := make([]ui.DiffRow, 0, len(list))
	for _, c := range list {
		where := ""
		if c.Of == "gate" {
			where = "/gates"
		}
		r := ui.DiffRow{
			Name: c.Name, Href: "/projects/" + c.Record + where, Field: c.Label, Outcome: c.Outcome, Note: c.Note, Tone: tones[c.Outcome],
			Before: ui.Fact(string(c.Kind), c.Before.Text, c.Before.Reason, c.Currency), After: ui.Fact(string(c.Kind), c.After.Text, c.After.Reason, c.Currency),
		}
		switch {
		case c.At != 0:
			r.Note = c.Note + ", " + moment(ctx, c.At)
		case c.Outcome == "withdrawn" && c.Note != "":
			r.Note = "other work remains on it: " + c.Note
		}
		out = append(out, r)
	}
	return out
}

var tones = map[string]string{"added": "g", "assigned": "g", "put back": "g", "left as it is": "a", "flagged as gone": "a", "refused": "r", "recorded": "g", "corrected": "g", "left out": "a", "put on it": "g", "taken back": "a"}

func crumbs(s transfer.Shown, undo bool) []ui.Crumb {
	out := []ui.Crumb{{Label: "Imports", Href: "/imports"}}
	if undo {
		out = append(out, ui.Crumb{Label: s.File, Href: "/imports/done/" + s.ID})
	}
	return out
}

func (w *Web) applied(r *web.Req) error {
	after, err := web.ParsePlace("after", r.Query("after"))
	if err != nil {
		return err
	}
	s, err := w.files.Applied(r.Context(), r.Who(), r.Path("id"), after)
	if err != nil {
		return err
	}
	p := r.Page(s.File, "imports")
	p.Crumbs = crumbs(s, false)
	return r.Render(p, appliedPage(s))
}

func (w *Web) undoPage(r *web.Req) error {
	after, err := web.ParsePlace("after", r.Query("after"))
	if err != nil {
		return err
	}
	s, err := w.files.UndoPreview(r.Context(), r.Who(), r.Path("id"), after)
	if err != nil {
		return err
	}
	p := r.Page("Undo "+s.File, "imports")
	p.Crumbs = crumbs(s, true)
	return r.Render(p, undoPage(s))
}

func (w *Web) undo(r *web.Req) error {
	past, _, err := w.files.Import(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	u, err := w.files.Undo(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	return r.Go("/imports/done/"+r.Path("id")+"/undo", "Undone: "+undoneCounts(past.Kind, u)+".")
}

// notice tells on the register what came in within the last day.
func (w *Web) notice(r *web.Req, _ string) (templ.Component, error) {
	s, err := w.files.Newest(r.Context(), r.Who())
	if err != nil || s == nil {
		return nil, err
	}
	return importNotice(*s), nil
}

func undoneCounts(kind string, u transfer.Undone) string {
	if isGates(kind) {
		return gatesUndone(u)
	}
	var parts []string
	if u.Restored > 0 || u.Withdrawn == 0 {
		parts = append(parts, ui.Count(u.Restored, "value", "values")+" put back")
	}
	if u.Withdrawn > 0 {
		parts = append(parts, ui.Count(u.Withdrawn, "project", "projects")+" withdrawn")
	}
	if u.Assignments > 0 {
		parts = append(parts, ui.Count(u.Assignments, "assignment", "assignments")+" taken back")
	}
	if u.Kept > 0 {
		parts = append(parts, ui.Count(u.Kept, "thing", "things")+" left, since somebody changed it later")
	}
	return strings.Join(parts, ", ")
}

func moment(ctx context.Context, at int64) string { return ui.Moment(ctx, time.UnixMicro(at)) }

// undoing says what an undo of an import would do, as far as its counts tell.
func undoing(created, changed int) string {
	var parts []string
	if changed > 0 {
		parts = append(parts, "puts "+ui.Count(changed, "project", "projects")+" back")
	}
	if created > 0 {
		parts = append(parts, "withdraws "+ui.Count(created, "project", "projects"))
	}
	if parts == nil {
		parts = []string{"takes the file's words back"}
	}
	return "Undoing " + strings.Join(parts, " and ") + "; what somebody has edited since stays."
}

func appliedLead(ctx context.Context, s transfer.Shown) string {
	if isGates(s.Kind) {
		return by(s.By) + ", " + moment(ctx, s.At) + ". Past gate decisions: " + ui.Count(s.Created+s.Changed, "project", "projects") + " of " + ui.Count(s.Rows, "row", "rows") + ", " + strconv.Itoa(s.Refused) + " refused."
	}
	out := by(s.By) + ", " + moment(ctx, s.At) + ", as at " + ui.DateFull(s.AsAt) + ". " + summary(s.Created, s.Changed, s.Unchanged, s.Refused)
	if s.Vanished > 0 {
		out += ", " + ui.Count(s.Vanished, "project", "projects") + " flagged as gone"
	}
	return out + "."
}

func undoLead(ctx context.Context, s transfer.Shown) string {
	if s.UndoneAt != 0 {
		return "Undone by " + orOperator(s.UndoneBy) + " on " + moment(ctx, s.UndoneAt) + ": " + undoneCounts(s.Kind, s.Undo) + "."
	}
	return "Nothing has been changed yet. Undoing would do this: " + undoneCounts(s.Kind, s.Undo) + "."
}

func orOperator(name string) string {
	if name == "" {
		return "the operator"
	}
	return name
}

// undoneOn is what the list says of an import that was undone.
func undoneOn(ctx context.Context, p transfer.Past) string {
	if p.UndoneAt == 0 {
		return ""
	}
	return ", undone on " + ui.DateFull(ui.DayOf(ctx, time.UnixMicro(p.UndoneAt)))
}

// onward is the address of the next page of a diff.
func onward(path, next string) string {
	if next == "" {
		return ""
	}
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	return path + sep + "after=" + url.QueryEscape(next)
}

type importID struct {
	ID string `path:"id" maxLength:"36"`
}

type lineInput struct {
	ID    string `path:"id" maxLength:"36"`
	Undo  bool   `query:"undo" doc:"What the undo would change, or did, instead of what the import did."`
	After string `query:"after" maxLength:"36" format:"uuid" doc:"The next of the page before."`
}

type lineJSON struct {
	Project  string `json:"project"`
	Name     string `json:"name"`
	Field    string `json:"field"`
	Before   string `json:"before" doc:"Money in minor units, dates in ISO form."`
	After    string `json:"after"`
	Currency string `json:"currency,omitempty"`
	Outcome  string `json:"outcome"`
	Note     string `json:"note,omitempty" doc:"Why; or who stated another value later."`
}

type linesOutput struct {
	Body struct {
		Items []lineJSON `json:"items" nullable:"false"`
		Next  string     `json:"next,omitempty" doc:"Send it as after for the next page; absent on the last."`
	}
}

type undoneJSON struct {
	Import      string `json:"import"`
	Restored    int    `json:"restored" doc:"Values put back."`
	Kept        int    `json:"kept" doc:"Left, since somebody changed them later."`
	Withdrawn   int    `json:"withdrawn" doc:"Projects that the import had added."`
	WithWork    int    `json:"with_work" doc:"Of those, with other work on them."`
	Assignments int    `json:"assignments" doc:"Taken back."`
}

type undoneOutput struct{ Body undoneJSON }

func (w *Web) undoOperations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "listImportChanges", Method: http.MethodGet, Path: "/imports/{id}/changes", Tag: "imports", Action: transfer.Import, Summary: "List what an import changed, field by field"}, w.apiChanges),
		web.Op(web.Spec{ID: "undoImport", Method: http.MethodPost, Path: "/imports/{id}/undo", Tag: "imports", Action: transfer.Import, Summary: "Undo an import, within 30 days and once"}, w.apiUndo),
	}
}

func (w *Web) apiChanges(ctx context.Context, who authz.Actor, in *lineInput) (*linesOutput, error) {
	read := w.files.Applied
	if in.Undo {
		read = w.files.UndoPreview
	}
	s, err := read(ctx, who, in.ID, in.After)
	if err != nil {
		return nil, err
	}
	out := &linesOutput{}
	out.Body.Items, out.Body.Next = make([]lineJSON, 0, len(s.Diff.Rows)), s.Diff.Next
	for _, c := range s.Diff.Rows {
		out.Body.Items = append(out.Body.Items, lineJSON{c.Record, c.Name, c.Label, c.Before.Text, c.After.Text, c.Currency, c.Outcome, c.Note})
	}
	return out, nil
}

func (w *Web) apiUndo(ctx context.Context, who authz.Actor, in *importID) (*undoneOutput, error) {
	u, err := w.files.Undo(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &undoneOutput{undoneJSON{in.ID, u.Restored, u.Kept, u.Withdrawn, u.WithWork, u.Assignments}}, nil
}
