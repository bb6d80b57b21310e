package exchangeweb

import (
	"net/http"
	"strconv"
	"strings"

	"cairn/internal/exchange"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

type listView struct {
	exchange.Page
	Next string
	Me   string
}

func (w *Web) list(r *web.Req) error {
	cur, err := web.ParseCursor("cases", r.Query("after"))
	if err != nil {
		return err
	}
	var at int64
	var id string
	if cur != nil {
		id = cur.ID
		if at, err = strconv.ParseInt(cur.Key, 10, 64); err != nil {
			return errs.OnField("after", "This place in the list cannot be read. Begin at the first page.")
		}
	}
	v := listView{Me: r.Who().Person}
	if v.Page, err = w.cases.Cases(r.Context(), r.Who(), at, id); err != nil {
		return err
	}
	if v.NextID != "" {
		v.Next = "/cases?after=" + web.Cursor{List: "cases", Key: strconv.FormatInt(v.NextAt, 10), ID: v.NextID}.String()
	}
	return r.Render(r.Page("Cases", "cases"), casesPage(v))
}

type formView struct {
	ID                     string
	Body                   exchange.Body
	Questions              string
	For, Consent           string
	Version                int64
	MayOrganise, Published bool
	Theirs                 *exchange.Case
	Errors                 []ui.FieldError
}

func mayOrganise(r *web.Req) bool {
	return r.Who().Role == authz.PMOMember || r.Who().Role == authz.HeadOfPMO
}

func (w *Web) newPage(r *web.Req) error {
	if !r.Who().SignedIn() {
		return errs.New(errs.Unauthenticated, "Please sign in.")
	}
	return w.showForm(r, http.StatusOK, formView{})
}

func (w *Web) showForm(r *web.Req, status int, v formView) error {
	title := "Bring a case"
	if v.ID != "" {
		title = "Correct the case"
	}
	v.MayOrganise = mayOrganise(r)
	p := r.Page(title, "cases")
	p.Crumbs = []ui.Crumb{{Label: "Cases", Href: "/cases"}}
	return r.RenderStatus(status, p, caseForm(v))
}

func readBody(f web.Form) exchange.Body {
	return exchange.Body{Title: f.Text("title"), Background: f.Text("background"), Doing: f.Text("doing"), Missing: f.Text("missing"), Questions: exchange.Questions(f.Text("questions"))}
}

func (w *Web) write(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v := formView{Body: readBody(f), Questions: f.Text("questions"), For: f.Text("for"), Consent: f.Text("consent")}
	c, err := w.cases.Write(r.Context(), r.Who(), v.Body, v.For, v.Consent, f.Yes("publish"))
	if errs.Is(err, errs.Invalid) {
		v.Errors = errs.FieldsOf(err)
		return w.showForm(r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	said := "Kept as a draft; only you see it."
	switch c.State {
	case exchange.Published:
		said = "Published."
	case exchange.Asked:
		said = "It waits for the consent of " + v.For + ", who sees it now."
	case exchange.Draft, exchange.Withdrawn:
	}
	return r.Go("/cases/"+c.ID, said)
}

type caseView struct {
	exchange.Case
	Guest    bool
	Answer   exchange.Answer // what was typed
	FollowUp string
	View     string
	Summary  string
	Errors   []ui.FieldError
}

func (w *Web) read(r *web.Req) error { return w.show(r, http.StatusOK, caseView{}) }

func (w *Web) show(r *web.Req, status int, v caseView) error {
	c, err := w.cases.Case(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	v.Case, v.Guest = c, !r.Who().SignedIn()
	if v.Errors == nil {
		v.FollowUp, v.View, v.Summary = c.FollowUp, c.View, c.Summary
	}
	p := r.Page(c.Title, "cases")
	p.Crumbs = []ui.Crumb{{Label: "Cases", Href: "/cases"}}
	return r.RenderStatus(status, p, casePage(v))
}

func (w *Web) earlier(r *web.Req) error {
	list, err := w.cases.Earlier(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	p := r.Page("Earlier versions", "cases")
	p.Crumbs = []ui.Crumb{{Label: "Cases", Href: "/cases"}, {Label: "The case", Href: "/cases/" + r.Path("id")}}
	return r.Render(p, earlierPage(list))
}

func (w *Web) editPage(r *web.Req) error {
	c, err := w.cases.Case(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	if !c.MayOwn {
		return errs.New(errs.Forbidden, "Only its author changes a case.")
	}
	return w.showForm(r, http.StatusOK, formView{ID: c.ID, Body: c.Body, Questions: strings.Join(c.Questions, "\n"), Version: c.Version, Published: c.State == exchange.Published})
}

func (w *Web) correct(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(f.Text("version"), 10, 64) // none is 0, which is checked below
	v := formView{ID: r.Path("id"), Body: readBody(f), Questions: f.Text("questions"), Version: version}
	err = w.cases.Correct(r.Context(), r.Who(), v.ID, max(version, 1), v.Body)
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		v.Errors = errs.FieldsOf(err)
		if errs.Is(err, errs.Conflict) {
			c, e := w.cases.Case(r.Context(), r.Who(), v.ID)
			if e != nil {
				return e
			}
			v.Theirs, v.Version = &c, c.Version
		}
		return w.showForm(r, web.StatusOf(errs.KindOf(err)), v)
	}
	if err != nil {
		return err
	}
	return r.Go("/cases/"+v.ID, "Corrected. What it said before stays readable.")
}

// done goes back to the case, with a word, or shows the errors there.
func (w *Web) done(r *web.Req, err error, said string, typed caseView) error {
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		typed.Errors = errs.FieldsOf(err)
		if len(typed.Errors) == 0 {
			typed.Errors = []ui.FieldError{{Name: "main", Message: web.MessageOf(err)}}
		}
		return w.show(r, web.StatusOf(errs.KindOf(err)), typed)
	}
	if err != nil {
		return err
	}
	return r.Go("/cases/"+r.Path("id"), said)
}

func (w *Web) publish(r *web.Req) error {
	return w.done(r, w.cases.Publish(r.Context(), r.Who(), r.Path("id")), "Published.", caseView{})
}

func (w *Web) withdraw(r *web.Req) error {
	return w.done(r, w.cases.Withdraw(r.Context(), r.Who(), r.Path("id")), "Withdrawn. Only you see it now.", caseView{})
}

func (w *Web) open(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	said := "Only people with an account see it now."
	if f.Yes("open") {
		said = "Readers without an account see it now, with the names of those who agreed."
	}
	return w.done(r, w.cases.Open(r.Context(), r.Who(), r.Path("id"), 0, f.Yes("open")), said, caseView{})
}

func (w *Web) followUp(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(f.Text("version"), 10, 64) // none is 0: any version
	return w.done(r, w.cases.FollowUp(r.Context(), r.Who(), r.Path("id"), version, f.Text("follow_up")), "Kept.", caseView{FollowUp: f.Text("follow_up")})
}

func (w *Web) summarise(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(f.Text("version"), 10, 64) // none is 0: any version
	return w.done(r, w.cases.Summarise(r.Context(), r.Who(), r.Path("id"), version, f.Text("view"), f.Text("summary")), "Kept.", caseView{View: f.Text("view"), Summary: f.Text("summary")})
}

func readAnswer(f web.Form) exchange.Answer {
	n, _ := strconv.Atoi(f.Text("question"))                  // none is 0, the whole case
	version, _ := strconv.ParseInt(f.Text("version"), 10, 64) // none is 0, which conflicts
	return exchange.Answer{Question: n, Label: exchange.Label(f.Text("label")), Text: f.Text("text"), Named: f.Yes("named"), Version: version}
}

func (w *Web) answer(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	a := readAnswer(f)
	a.Case = r.Path("id")
	_, err = w.cases.Answer(r.Context(), r.Who(), a)
	return w.done(r, err, "Your answer is in.", caseView{Answer: a})
}

func (w *Web) correctAnswer(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	a := readAnswer(f)
	a.ID = r.Path("answer")
	if f.Yes("withdraw") {
		a.Text = ""
	} else if a.Text == "" {
		return w.done(r, errs.OnField("text", "Write your answer, or withdraw it."), "", caseView{})
	}
	return w.done(r, w.cases.CorrectAnswer(r.Context(), r.Who(), a), "Kept.", caseView{})
}

func (w *Web) mark(r *web.Req) error {
	return w.done(r, w.cases.Mark(r.Context(), r.Who(), r.Path("answer")), "", caseView{})
}
