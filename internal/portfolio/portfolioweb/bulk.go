package portfolioweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"cairn/internal/kit/directory"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/reading"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/portfolio"
)

// bulkView is the page on which many projects are changed: what to change, and
// below it what that would do.
type bulkView struct {
	Edit      portfolio.Bulk
	Typed     string // the value as typed
	Info      portfolio.FieldInfo
	Plan      *portfolio.BulkPlan
	Fields    []portfolio.FieldInfo
	Tree      portfolio.Tree
	Directory []directory.Person
	Today     string
	Changed   string // why nothing was applied, when projects had changed meanwhile
	Errors    []ui.FieldError
}

// readBulk reads the selection: ticked projects, or all of a list by its address.
func (w *Web) readBulk(r *web.Req, f web.Form) (v bulkView, err error) {
	v = bulkView{Today: w.register.Today(), Typed: f.Text("value")}
	all, err := w.register.AllFields(r.Context(), r.Who())
	if err != nil {
		return v, err
	}
	v.Fields = portfolio.BulkFields(all, r.Who().SeesConfidential())
	v.Edit = portfolio.Bulk{Projects: f.Values["project"], Field: portfolio.Field(f.Text("field")), Value: f.Text("value"), AsAt: or(f.Text("as_at"), v.Today)}
	if f.Yes("all") {
		q, err := url.ParseQuery(f.Text("list"))
		if err != nil {
			return v, errs.OnField("projects", "The list could not be read from its address. Choose its projects again.")
		}
		q.Del("after")
		filter, err := w.filter(q)
		if err != nil {
			return v, err
		}
		if v.Edit.Projects, err = w.register.Chosen(r.Context(), r.Who(), filter); err != nil {
			return v, err
		}
		if len(v.Edit.Projects) > portfolio.MaxBulk {
			return v, errs.OnField("projects", "This list has more than %s projects. At most that many are changed in one go: narrow the list and do it in parts.", ui.Grouped(portfolio.MaxBulk))
		}
	}
	for _, i := range v.Fields {
		if i.Field == v.Edit.Field {
			v.Info = i
		}
	}
	return v, nil
}

// readValue turns what was typed into what is kept: money into minor units, a
// name into a person.
func (w *Web) readValue(r *web.Req, v *bulkView) (err error) {
	switch {
	case w.names(*v):
		v.Edit.Value, err = w.register.PersonNamed(r.Context(), r.Who(), "value", v.Typed)
	case v.Info.Type == portfolio.Money && v.Typed != "":
		amount, e := reading.Money(v.Typed, reading.Point, reading.Ones)
		if e != nil {
			return errs.OnField("value", "Enter an amount such as 1,250,000.")
		}
		v.Edit.Value = strconv.FormatInt(amount.Minor, 10)
	}
	return err
}

// names reports whether the value is a person.
func (w *Web) names(v bulkView) bool {
	return portfolio.IsPerson(v.Edit.Field) || v.Info.Type == portfolio.PersonRef
}

func (w *Web) showBulk(r *web.Req, status int, v bulkView) (err error) {
	if v.Info.Type == portfolio.Node {
		if v.Tree, err = w.register.Tree(r.Context(), r.Who()); err != nil {
			return err
		}
	}
	if w.names(v) {
		if v.Directory, err = w.register.Directory(r.Context(), r.Who()); err != nil {
			return err
		}
	}
	p := r.Page("Change "+ui.Count(len(v.Edit.Projects), "project", "projects"), "register")
	p.Crumbs = []ui.Crumb{{Label: "Register", Href: "/projects"}}
	return r.RenderStatus(status, p, bulkPage(v))
}

// bulkForm asks what to change and, once that is said, shows what it would do.
// It comes by POST since a selection is too long for an address; it changes nothing.
func (w *Web) bulkForm(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v, err := w.readBulk(r, f)
	if err == nil && f.Yes("preview") {
		if err = w.readValue(r, &v); err == nil {
			var p portfolio.BulkPlan
			p, err = w.register.PlanBulk(r.Context(), r.Who(), v.Edit)
			v.Plan = &p
		}
	} else if err == nil && len(v.Edit.Projects) == 0 {
		err = errs.OnField("projects", "Choose at least one project in the register.")
	}
	if errs.Is(err, errs.Invalid) {
		v.Errors, v.Plan = errs.FieldsOf(err), nil
		return w.showBulk(r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return w.showBulk(r, http.StatusOK, v)
}

func (w *Web) bulkApply(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v, err := w.readBulk(r, f)
	if err == nil {
		err = w.readValue(r, &v)
	}
	id := ""
	if err == nil {
		v.Edit.Seen = map[string]string{}
		for _, s := range f.Values["seen"] {
			project, state, _ := strings.Cut(s, " ")
			v.Edit.Seen[project] = state
		}
		id, err = w.register.ApplyBulk(r.Context(), r.Who(), v.Edit)
	}
	switch {
	case errs.Is(err, errs.Invalid):
		v.Errors = errs.FieldsOf(err)
		return w.showBulk(r, http.StatusUnprocessableEntity, v)
	case errs.Is(err, errs.Conflict):
		v.Changed = err.Error()
		p, e := w.register.PlanBulk(r.Context(), r.Who(), v.Edit)
		if e != nil {
			return e
		}
		v.Plan = &p
		return w.showBulk(r, http.StatusPreconditionFailed, v)
	case err != nil:
		return err
	}
	return r.Go("/bulk-edits/"+id, "Changed. It can be undone for "+ui.Days(portfolio.UndoDays)+".")
}

type bulkListView struct {
	Edits []portfolio.BulkEdit
	Next  string
}

// bulkPerPage is how many bulk edits a page lists.
const bulkPerPage = 50

func (w *Web) bulkList(r *web.Req) error {
	before, err := web.ParsePlace("before", r.Query("before"))
	if err != nil {
		return err
	}
	list, err := w.register.BulkEdits(r.Context(), r.Who(), before, bulkPerPage+1)
	if err != nil {
		return err
	}
	v := bulkListView{Edits: list}
	if len(list) > bulkPerPage {
		v.Edits = list[:bulkPerPage]
		v.Next = "/bulk-edits?before=" + v.Edits[bulkPerPage-1].ID
	}
	p := r.Page("Bulk edits", "register")
	p.Crumbs = []ui.Crumb{{Label: "Register", Href: "/projects"}}
	return r.Render(p, bulkEditsPage(v))
}

func (w *Web) bulkEdit(r *web.Req) error {
	after, err := web.ParsePlace("after", r.Query("after"))
	if err != nil {
		return err
	}
	e, err := w.register.BulkEdit(r.Context(), r.Who(), r.Path("id"), after)
	if err != nil {
		return err
	}
	p := r.Page(bulkTitle(e), "register")
	p.Crumbs = []ui.Crumb{{Label: "Register", Href: "/projects"}, {Label: "Bulk edits", Href: "/bulk-edits"}}
	return r.Render(p, bulkEditPage(e))
}

func (w *Web) bulkUndoPage(r *web.Req) error {
	after, err := web.ParsePlace("after", r.Query("after"))
	if err != nil {
		return err
	}
	e, err := w.register.UndoBulkPreview(r.Context(), r.Who(), r.Path("id"), after)
	if err != nil {
		return err
	}
	p := r.Page("Undo "+bulkTitle(e), "register")
	p.Crumbs = []ui.Crumb{{Label: "Register", Href: "/projects"}, {Label: "Bulk edits", Href: "/bulk-edits"}, {Label: bulkTitle(e), Href: "/bulk-edits/" + e.ID}}
	return r.Render(p, bulkUndoPage(e))
}

func (w *Web) bulkUndo(r *web.Req) error {
	u, err := w.register.UndoBulk(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	return r.Go("/bulk-edits/"+r.Path("id")+"/undo", "Undone: "+undoneCounts(u)+".")
}

func bulkTitle(e portfolio.BulkEdit) string {
	return e.Label + " of " + ui.Count(e.Changed, "project", "projects")
}

func undoneCounts(u portfolio.Undone) string {
	var parts []string
	if u.Restored > 0 || u.Assignments == 0 {
		parts = append(parts, ui.Count(u.Restored, "value", "values")+" put back")
	}
	if u.Assignments > 0 {
		parts = append(parts, ui.Count(u.Assignments, "assignment", "assignments")+" taken back")
	}
	if u.Kept > 0 {
		parts = append(parts, ui.Count(u.Kept, "thing", "things")+" left, since somebody changed it later")
	}
	return strings.Join(parts, ", ")
}

func bulkLead(ctx context.Context, e portfolio.BulkEdit) string {
	s := or(e.By, "The operator") + ", " + stamp(ctx, e.At) + ", since " + ui.DateFull(e.AsAt) + ". " + strconv.Itoa(e.Changed) + " changed, " + strconv.Itoa(e.Unchanged) + " unchanged"
	if e.Refused > 0 {
		s += ", " + strconv.Itoa(e.Refused) + " left, since they may not be changed by " + or(e.By, "the operator")
	}
	return s + "."
}

func bulkUndoLead(ctx context.Context, e portfolio.BulkEdit) string {
	if e.Undo.At != 0 {
		return "Undone by " + or(e.Undo.By, "the operator") + " on " + stamp(ctx, e.Undo.At) + ": " + undoneCounts(e.Undo) + "."
	}
	return "Nothing has been changed yet. Undoing would do this: " + undoneCounts(e.Undo) + "."
}

func stamp(ctx context.Context, at int64) string { return ui.Moment(ctx, time.UnixMicro(at)) }

// changeRows are the lines of a diff as the page shows them.
func changeRows(ctx context.Context, list []portfolio.Change) []ui.DiffRow {
	out := make([]ui.DiffRow, 0, len(list))
	for _, c := range list {
		r := ui.DiffRow{
			Name: c.Name, Href: "/projects/" + c.Project, Field: c.Label, Outcome: string(c.Outcome), Note: c.Note, Tone: changeTones[c.Outcome],
			Before: ui.Fact(kindOf(c.Type), c.Before.Text, c.Before.Reason, c.Currency), After: ui.Fact(kindOf(c.Type), c.After.Text, c.After.Reason, c.Currency),
		}
		if c.At != 0 {
			r.Note = c.Note + ", " + stamp(ctx, c.At)
		}
		out = append(out, r)
	}
	return out
}

var changeTones = map[portfolio.Became]string{
	portfolio.Changed: "g", portfolio.Assigned: "g", portfolio.PutBack: "g", portfolio.TakenOff: "g", portfolio.DatesBack: "g", portfolio.Kept: "a", portfolio.Refused: "r",
}

func kindOf(t portfolio.Type) string {
	switch t {
	case portfolio.Date:
		return "date"
	case portfolio.Money:
		return "money"
	case portfolio.OfRating:
		return "rating"
	case portfolio.Text, portfolio.LongText, portfolio.OfScale, portfolio.Node, portfolio.Number, portfolio.Choice, portfolio.PersonRef:
	}
	return ""
}

func planLead(p portfolio.BulkPlan) string {
	s := strconv.Itoa(p.Changed) + " would change, " + strconv.Itoa(p.Unchanged) + " say so already"
	if p.Refused > 0 {
		s += ", " + strconv.Itoa(p.Refused) + " you may not change"
	}
	if p.Hidden > 0 {
		s += ", " + strconv.Itoa(p.Hidden) + " no longer there"
	}
	return s + ". Nothing has been changed yet."
}

// seen are the states that the preview showed, for the form that applies it.
func seen(p portfolio.BulkPlan) (out []string) {
	for id, state := range p.Seen {
		out = append(out, id+" "+state)
	}
	slices.Sort(out)
	return out
}

// valueInput is the box for a value of the chosen field.
func valueInput(v bulkView) ui.Input {
	in := ui.Input{Name: "value", Label: "New " + ui.Within(v.Info.Label), Value: v.Typed, Error: ui.ErrorAt(v.Errors, "value"), Hint: "Leave it empty to say that it is not known."}
	if strings.HasPrefix(v.Info.Label, "PMO") {
		in.Label = "New " + v.Info.Label
	}
	switch v.Info.Type {
	case portfolio.Date:
		in.Type = "date"
	case portfolio.Money:
		in.InputMode = "decimal"
	case portfolio.LongText:
		in.Type = "textarea"
	case portfolio.Node:
		in.Type, in.Hint, in.Options = "select", "", append([]ui.Option{{Label: "Choose one"}}, nodeOptions(v.Tree)...)
	case portfolio.OfRating:
		in.Type, in.Options = "select", []ui.Option{{Label: "Not assessed"}}
		for _, x := range portfolio.Ratings {
			in.Options = append(in.Options, ui.Option{Value: x, Label: ui.RAGLabel(x)})
		}
	case portfolio.OfScale:
		in.Type, in.Options = "select", ui.Options("", "Not said", "3", "Three points", "5", "Five points")
	case portfolio.Number:
		in.InputMode = "decimal"
	case portfolio.Choice:
		in.Type, in.Options = "select", []ui.Option{{Label: "Not said"}}
		for _, x := range v.Info.Choices {
			in.Options = append(in.Options, ui.Option{Value: x, Label: x})
		}
	case portfolio.Text, portfolio.PersonRef:
	}
	switch {
	case portfolio.IsPerson(v.Edit.Field):
		in.Hint = "Whoever holds it until then holds it until the day before."
	case v.Edit.Field == portfolio.Confidential:
		in.Type, in.Hint, in.Options = "select", "", ui.Options("", "Choose", "yes", "Yes, only the people assigned and the head of PMO see them", "no", "No, every account sees them")
	}
	return in
}
