package opportunityweb

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"cairn/internal/kit/directory"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/opportunity"
)

// row is an offer in a list, with what it would do for the reader.
type row struct {
	opportunity.Opportunity
	Match Match
	Kind  string // what it leaves behind, in words
}

type listView struct {
	opportunity.Page
	Rows []row
	Form opportunity.Form
	Mine bool
	Next string
}

func (w *Web) list(r *web.Req) error {
	v := listView{Form: opportunity.Form(r.Query("form")), Mine: r.Query("mine") != ""}
	f := opportunity.Filter{Form: v.Form, Mine: v.Mine, Project: r.Query("project")}
	cur, err := web.ParseCursor("opportunities", r.Query("after"))
	if err != nil {
		return err
	}
	if cur != nil {
		f.AfterTo, f.AfterID = cur.Key, cur.ID
	}
	if v.Page, err = w.opps.List(r.Context(), r.Who(), f); err != nil {
		return err
	}
	if v.Rows, err = w.rows(r, v.Items); err != nil {
		return err
	}
	if v.NextID != "" {
		q := url.Values{"after": {web.Cursor{List: "opportunities", Key: v.NextTo, ID: v.NextID}.String()}}
		for _, name := range []string{"form", "mine", "project"} {
			if s := r.Query(name); s != "" {
				q.Set(name, s)
			}
		}
		v.Next = "/opportunities?" + q.Encode()
	}
	return r.Render(r.Page("Opportunities", "opportunities"), listPage(v))
}

// rows adds to offers what each would do for the reader alone.
func (w *Web) rows(r *web.Req, items []opportunity.Opportunity) (out []row, err error) {
	pieces := make([]Piece, len(items))
	for i, o := range items {
		pieces[i] = Piece{Project: o.Project, Body: o.Body, Kind: o.Leaves().Kind, As: o.Form.Role(), From: o.From, To: o.To, Hours: o.Hours}
	}
	matches, err := w.matching.Would(r.Context(), r.Who(), pieces)
	if err != nil {
		return nil, err
	}
	for i, o := range items {
		x := row{Opportunity: o, Kind: w.kinds.KindName(r.Context(), pieces[i].Kind)}
		if i < len(matches) {
			x.Match = matches[i]
		}
		out = append(out, x)
	}
	return out, nil
}

type formView struct {
	ID                                                             string // of an offer that is changed
	Version                                                        int64
	Project, ProjectName                                           string
	Choices                                                        []opportunity.Choice
	Subject, Form, Title, Need, Authority, From, To, Hours, Places string
	Errors                                                         []ui.FieldError
}

func (w *Web) newPage(r *web.Req) error {
	return w.showForm(r, http.StatusOK, formView{Project: r.Query("project"), Places: "1", From: w.opps.Today()})
}

func (w *Web) showForm(r *web.Req, status int, v formView) (err error) {
	if v.ID == "" {
		if v.Project == "" {
			return errs.New(errs.Invalid, "Open a project: what is offered is a piece of its work.")
		}
		if v.ProjectName, v.Choices, err = w.opps.Choices(r.Context(), r.Who(), v.Project); err != nil {
			return err
		}
	}
	title := "Offer a piece of work"
	if v.ID != "" {
		title = "Change the offer"
	}
	p := r.Page(title, "opportunities")
	p.Crumbs = []ui.Crumb{{Label: "Opportunities", Href: "/opportunities"}}
	return r.RenderStatus(status, p, formPage(title, v))
}

// read takes an offer from its form.
func (v formView) read() opportunity.Opportunity {
	subject, id, _ := strings.Cut(v.Subject, "/")
	hours, err := strconv.Atoi(v.Hours)
	if err != nil {
		hours = 0 // which is refused
	}
	places, err := strconv.Atoi(v.Places)
	if err != nil {
		places = 0
	}
	return opportunity.Opportunity{
		Project: v.Project, Subject: opportunity.Subject(subject), SubjectID: id, Form: opportunity.Form(v.Form), Title: v.Title, Need: v.Need, Authority: v.Authority,
		From: v.From, To: v.To, Hours: hours, Places: places,
	}
}

func formOf(f web.Form) formView {
	return formView{
		Project: f.Text("project"), Subject: f.Text("subject"), Form: f.Text("form"), Title: f.Text("title"), Need: f.Text("need"), Authority: f.Text("authority"),
		From: f.Text("from"), To: f.Text("to"), Hours: f.Text("hours"), Places: f.Text("places"),
	}
}

func (w *Web) offer(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v := formOf(f)
	o, err := w.opps.MakeOffer(r.Context(), r.Who(), v.read())
	if errs.Is(err, errs.Invalid) {
		v.Errors = errs.FieldsOf(err)
		return w.showForm(r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return r.Go("/opportunities/"+o.ID, "Offered. Everybody who sees the project sees it.")
}

// sheetView is the page of one offer; Typed is what came back with an error.
type sheetView struct {
	opportunity.Sheet
	Match  Match
	Kind   string
	People []directory.Person
	Me     string
	Change formView
	Form   string // which form came back
	Typed  web.Form
	Errors []ui.FieldError
}

func (v sheetView) text(form, name, there string) string {
	if v.Form == form {
		return v.Typed.Text(name)
	}
	return there
}

func (v sheetView) err(form, name string) string {
	if v.Form != form {
		return ""
	}
	return ui.ErrorAt(v.Errors, name)
}

func (w *Web) opportunity(r *web.Req) error { return w.show(r, http.StatusOK, sheetView{}) }

func (w *Web) show(r *web.Req, status int, v sheetView) (err error) {
	if v.Sheet, err = w.opps.Opportunity(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	rows, err := w.rows(r, []opportunity.Opportunity{v.Opportunity})
	if err != nil {
		return err
	}
	v.Match, v.Kind, v.Me = rows[0].Match, rows[0].Kind, r.Who().Person
	if v.MayApply {
		if v.People, err = w.opps.Directory(r.Context(), r.Who()); err != nil {
			return err
		}
	}
	if v.Form != "change" {
		o := v.Opportunity
		v.Change = formView{Title: o.Title, Need: o.Need, Authority: o.Authority, From: o.From, To: o.To, Hours: strconv.Itoa(o.Hours), Places: strconv.Itoa(o.Places)}
	}
	p := r.Page(v.Title, "opportunities")
	p.Crumbs = []ui.Crumb{{Label: "Opportunities", Href: "/opportunities"}, {Label: v.ProjectName, Href: "/projects/" + v.Project}}
	return r.RenderStatus(status, p, sheetPage(v))
}

// do reads the form of a step, does it, and shows what came of it.
func (w *Web) do(r *web.Req, form, to, said string, step func(f web.Form, version int64) error) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(f.Text("version"), 10, 64)
	if err != nil {
		version = -1 // which conflicts
	}
	err = step(f, version)
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		v := sheetView{Typed: f, Form: form, Errors: errs.FieldsOf(err)}
		if form == "change" {
			v.Change = formOf(f)
		}
		if len(v.Errors) == 0 {
			v.Errors = []ui.FieldError{{Name: "main", Message: web.MessageOf(err)}}
		}
		return w.show(r, web.StatusOf(errs.KindOf(err)), v)
	}
	if err != nil {
		return err
	}
	return r.Go(to, said)
}

func (w *Web) page(r *web.Req) string { return "/opportunities/" + r.Path("id") }

func (w *Web) change(r *web.Req) error {
	return w.do(r, "change", w.page(r), "Changed.", func(f web.Form, version int64) error {
		return w.opps.Change(r.Context(), r.Who(), r.Path("id"), version, formOf(f).read())
	})
}

func (w *Web) withdraw(r *web.Req) error {
	return w.do(r, "withdraw", w.page(r), "Withdrawn. What was agreed stays agreed.", func(_ web.Form, version int64) error {
		return w.opps.Withdraw(r.Context(), r.Who(), r.Path("id"), version)
	})
}

func (w *Web) apply(r *web.Req) error {
	return w.do(r, "apply", w.page(r), "You have applied. If nothing comes of it, nothing is kept.", func(f web.Form, _ int64) error {
		line, err := w.opps.PersonNamed(r.Context(), r.Who(), "line", f.Text("line"))
		if err == nil {
			_, err = w.opps.Apply(r.Context(), r.Who(), r.Path("id"), line, f.Text("words"))
		}
		return err
	})
}

func (w *Web) give(r *web.Req) error {
	return w.do(r, "give", w.page(r), "Given. It is agreed when their line has agreed too.", func(_ web.Form, version int64) error {
		return w.opps.Give(r.Context(), r.Who(), r.Path("id"), r.Path("place"), version)
	})
}

func (w *Web) agree(r *web.Req) error {
	return w.do(r, "agree", w.page(r), "You have agreed for the line.", func(_ web.Form, version int64) error {
		return w.opps.AgreeForLine(r.Context(), r.Who(), r.Path("id"), r.Path("place"), version)
	})
}

func (w *Web) refuse(r *web.Req) error {
	return w.do(r, "refuse", w.page(r), "Nothing of the application is kept. Tell them yourself.", func(_ web.Form, version int64) error {
		return w.opps.Refuse(r.Context(), r.Who(), r.Path("id"), r.Path("place"), version)
	})
}

func (w *Web) takeBack(r *web.Req) error {
	return w.do(r, "take-back", w.page(r), "Taken back. Nothing of it is kept.", func(_ web.Form, version int64) error {
		return w.opps.TakeBack(r.Context(), r.Who(), r.Path("id"), r.Path("place"), version)
	})
}

func (w *Web) debrief(r *web.Req) error {
	return w.do(r, "debrief", w.page(r), "Written. The offering side confirms it, and it becomes evidence of yours.", func(f web.Form, version int64) error {
		hours, err := strconv.Atoi(f.Text("debrief_hours"))
		if err != nil {
			hours = 0 // which is refused
		}
		err = w.opps.WriteDebrief(r.Context(), r.Who(), r.Path("id"), r.Path("place"), version, opportunity.Debrief{Done: f.Text("done"), Learned: f.Text("learned"), Hours: hours})
		return renamed(err, "hours", "debrief_hours")
	})
}

// renamed gives the error of a field the name that the field has on a page with
// two of them.
func renamed(err error, from, to string) error {
	if err == nil || !errs.Is(err, errs.Invalid) {
		return err
	}
	var c errs.Check
	for _, f := range errs.FieldsOf(err) {
		if f.Name == from {
			f.Name = to
		}
		c.Add(f.Name, "%s", f.Message)
	}
	if c.Err() == nil {
		return err
	}
	return c.Err()
}

func (w *Web) confirm(r *web.Req) error {
	return w.do(r, "confirm", w.page(r), "Confirmed. It is evidence of who did it now.", func(_ web.Form, version int64) error {
		return w.opps.Confirm(r.Context(), r.Who(), r.Path("id"), r.Path("place"), version)
	})
}

// brief is what somebody takes along: the offer, its authority and its limits,
// what the body asked before, and what the record says about the project. It prints on
// paper.
func (w *Web) brief(r *web.Req) error {
	sh, err := w.opps.Kit(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	var before templ.Component = templ.NopComponent
	if sh.Before != "" {
		if before, err = r.Panels("brief-body", sh.Before); err != nil {
			return err
		}
	}
	panels, err := r.Panels("brief", sh.Project)
	if err != nil {
		return err
	}
	p := r.Page("Brief", "opportunities")
	p.Crumbs = []ui.Crumb{{Label: "Opportunities", Href: "/opportunities"}, {Label: sh.Title, Href: "/opportunities/" + sh.ID}}
	return r.Render(p, briefPage(sh, before, panels))
}

func (w *Web) projectPanel(r *web.Req, project string) (templ.Component, error) {
	page, err := w.opps.List(r.Context(), r.Who(), opportunity.Filter{Project: project, Limit: 5})
	if err != nil || len(page.Items) == 0 && !page.MayOffer && !page.Over {
		return nil, err
	}
	return projectPanel(page, project), nil
}
