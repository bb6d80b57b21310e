package governanceweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

type dialView struct {
	governance.DialSheet
	Name     string
	Typed    governance.Sheet
	Errors   []ui.FieldError
	Tier     string // of an override that was refused
	Reason   string // of the same
	Opinion  string // on a lower tier, that was refused
	Result   *method.Result
	Controls int // that the result asks for; 0 if unknown
}

func (w *Web) dial(r *web.Req) error { return w.showDial(r, http.StatusOK, nil, dialView{}) }

// showDial shows the dial with what was typed and is wrong of it.
func (w *Web) showDial(r *web.Req, status int, typed *governance.Sheet, v dialView) error {
	d, err := w.gov.Dial(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	v.DialSheet, v.Typed, v.Result = d, d.Sheet, d.Result
	if v.Name, err = w.gov.NameOf(r.Context(), r.Who(), d.Project); err != nil {
		return err
	}
	if typed != nil {
		v.Typed = *typed
	}
	for i, e := range v.Errors { // the summary has to say which question
		if q := v.Method.Question(e.Name); q != nil {
			v.Errors[i].Message = shortQuestion(q) + ": " + lowerFirst(e.Message)
		}
	}
	p := r.Page("Dial, "+v.Name, "register")
	p.Crumbs = []ui.Crumb{{Label: "Register", Href: "/projects"}, {Label: v.Name, Href: "/projects/" + d.Project}}
	return r.RenderStatus(status, p, dialPage(v))
}

// readSheet reads the answers of the form.
func readSheet(f web.Form, m *method.Method) governance.Sheet {
	s := governance.Sheet{Kind: f.Text("kind"), HandsOver: f.Text("hands_over") != "no", Phase: f.Text("phase"), AtGate: f.Text("at_gate"), Answers: method.Answers{}}
	for i := range m.Dial.Questions {
		if given := f.Values[m.Dial.Questions[i].ID]; len(given) > 0 {
			s.Answers[m.Dial.Questions[i].ID] = given
		}
	}
	return s
}

func (w *Web) sheetOf(r *web.Req) (governance.Sheet, error) {
	f, err := r.Form()
	if err != nil {
		return governance.Sheet{}, err
	}
	d, err := w.gov.Dial(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return governance.Sheet{}, err
	}
	return readSheet(f, d.Method), nil
}

func (w *Web) answerDial(r *web.Req) error {
	sheet, err := w.sheetOf(r)
	if err != nil {
		return err
	}
	res, err := w.gov.Answer(r.Context(), r.Who(), r.Path("id"), sheet)
	if list := errs.FieldsOf(err); len(list) > 0 {
		return w.showDial(r, http.StatusUnprocessableEntity, &sheet, dialView{Errors: list})
	}
	if err != nil {
		return err
	}
	return r.Go("/projects/"+r.Path("id")+"/controls", "Tier "+res.Tier.String()+", with "+strconv.Itoa(res.Points)+" of "+strconv.Itoa(res.Max)+" points.")
}

// confirmDial says that nothing has changed, and goes back to where it was asked.
func (w *Web) confirmDial(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	res, err := w.gov.ConfirmDial(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	to := "/projects/" + r.Path("id") + "/gates"
	if review := f.Text("review"); review != "" {
		to = "/gates/reviews/" + url.PathEscape(review)
	}
	return r.Go(to+"#dial", "Nothing has changed: tier "+res.Tier.String()+", with "+strconv.Itoa(res.Points)+" of "+strconv.Itoa(res.Max)+" points.")
}

// tryDial shows what the answers so far lead to, while they are given.
func (w *Web) tryDial(r *web.Req) error {
	sheet, err := w.sheetOf(r)
	if err != nil {
		return err
	}
	v := dialView{Typed: sheet}
	if v.Result, v.Method, err = w.gov.Try(r.Context(), r.Who(), r.Path("id"), sheet); err != nil && len(errs.FieldsOf(err)) == 0 {
		return err
	}
	v.Errors = errs.FieldsOf(err)
	if r.HTMX() {
		return r.Fragment(dialResult(v))
	}
	return w.showDial(r, http.StatusOK, &sheet, dialView{})
}

func (w *Web) override(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	tier, err := method.ParseTier(f.Text("tier"))
	if err != nil {
		tier = method.NoTier
	}
	err = w.gov.Override(r.Context(), r.Who(), r.Path("id"), tier, f.Text("reason"))
	if list := errs.FieldsOf(err); len(list) > 0 {
		return w.showDial(r, http.StatusUnprocessableEntity, nil, dialView{Errors: list, Tier: f.Text("tier"), Reason: f.Text("reason")})
	}
	if err != nil {
		return err
	}
	return r.Go("/projects/"+r.Path("id")+"/controls", "Tier "+tier.String()+" until the next gate. It is recorded, and counted.")
}

func (w *Web) opineTier(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	err = w.gov.OpineTier(r.Context(), r.Who(), r.Path("id"), f.Text("agrees") == "yes", f.Text("words"))
	if list := errs.FieldsOf(err); len(list) > 0 {
		return w.showDial(r, http.StatusUnprocessableEntity, nil, dialView{Errors: list, Opinion: f.Text("words")})
	}
	if err != nil {
		return err
	}
	return r.Go("/projects/"+r.Path("id")+"/dial#lower", "Your opinion is noted.")
}

// chosen reports whether an answer is ticked.
func (v dialView) chosen(question, answer string) bool {
	return slices.Contains(v.Typed.Answers[question], answer)
}

// answered counts the questions that have an answer.
func (v dialView) answered() (n int) {
	for i := range v.Method.Dial.Questions {
		if len(v.Typed.Answers[v.Method.Dial.Questions[i].ID]) > 0 {
			n++
		}
	}
	return n
}

// most is the most points that a question can give.
func most(q *method.Question) (n int) {
	for _, a := range q.Answers {
		if q.Combine == "sum" {
			n += a.Points
		} else {
			n = max(n, a.Points)
		}
	}
	return n
}

// phases are the options of where a project stands.
func phases(m *method.Method) []ui.Option {
	out := make([]ui.Option, len(m.Phases))
	for i := range m.Phases {
		out[i] = ui.Option{Value: m.Phases[i].ID, Label: m.Phases[i].Name}
	}
	return out
}

// nearest are the single answers that would change the tier, at most four.
func nearest(r *method.Result) []method.WouldChange {
	if len(r.WouldChange) > 4 {
		return r.WouldChange[:4]
	}
	return r.WouldChange
}
