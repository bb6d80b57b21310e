package careerweb

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"cairn/internal/career"
	"cairn/internal/career/standing"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

type pastForm struct {
	Organisation, Post, From, To, Projects, Scale, Role, Lines string
}

type pastView struct {
	career.Standing
	Form   pastForm
	Errors []ui.FieldError
	Today  string
}

func (w *Web) standing(r *web.Req) error {
	st, err := w.career.StandingOn(r.Context(), r.Who(), r.Query("on"))
	if err != nil {
		return err
	}
	p := r.Page("My standing", "career")
	switch {
	case !st.On:
		return r.Render(p, offPage(st))
	case st.Empty && st.At == w.career.Today():
		return r.Render(p, pastPage(pastView{Standing: st, Today: w.career.Today()}))
	}
	x, err := w.career.ExposureOf(r.Context(), r.Who(), st)
	if err != nil {
		return err
	}
	return r.Render(p, standingPage(st, x, w.career.Today()))
}

// competency shows a level with the evidence under it and what each level asks for.
func (w *Web) competency(r *web.Req) error {
	o, err := w.career.Competency(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	p := r.Page(o.Competency.Name, "career")
	p.Crumbs = []ui.Crumb{{Label: "My standing", Href: "/career"}}
	return r.Render(p, competencyPage(o, w.career.Today()))
}

func (w *Web) turnOn(r *web.Req) error {
	if err := w.career.TurnOn(r.Context(), r.Who()); err != nil {
		return err
	}
	return r.Go("/career", "On. Only you see what is derived from the record; turning it off deletes it.")
}

func (w *Web) turnOff(r *web.Req) error {
	if err := w.career.TurnOff(r.Context(), r.Who()); err != nil {
		return err
	}
	return r.Go("/career", "Off. Everything that was derived about you is deleted.")
}

// on reads the standing for a page that exists only while the career is on.
func (w *Web) on(r *web.Req) (career.Standing, error) {
	st, err := w.career.Standing(r.Context(), r.Who())
	if err == nil && !st.On {
		err = errs.New(errs.NotFound, "Your career is off. Turn it on under My standing.")
	}
	return st, err
}

func (w *Web) counter(r *web.Req) error {
	o, err := w.career.Counter(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	p := r.Page(o.Name, "career")
	p.Crumbs = []ui.Crumb{{Label: "My standing", Href: "/career"}}
	return r.Render(p, counterPage(o, w.career.Today()))
}

func (w *Web) past(r *web.Req) error {
	st, err := w.on(r)
	if err != nil {
		return err
	}
	return r.Render(w.pastPage(r), pastPage(pastView{Standing: st, Today: w.career.Today()}))
}

func (w *Web) pastPage(r *web.Req) ui.Page {
	p := r.Page("Before Cairn", "career")
	p.Crumbs = []ui.Crumb{{Label: "My standing", Href: "/career"}}
	return p
}

func (w *Web) statePast(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	form := pastForm{f.Text("organisation"), f.Text("post"), f.Text("from"), f.Text("to"), f.Text("projects"), f.Text("scale"), f.Text("role"), f.Text("lines")}
	var lines []career.Past
	if form.Lines != "" {
		lines = pasted(form.Lines)
	}
	if form.Organisation != "" || form.From != "" || form.Lines == "" {
		n, _ := strconv.ParseInt(form.Projects, 10, 64) // none is 0, which is refused with words
		lines = append(lines, career.Past{Organisation: form.Organisation, Post: form.Post, From: startOf(form.From), To: endOf(form.To), Projects: n, Scale: form.Scale, Role: activity.RoleInWork(form.Role)})
	}
	err = w.career.StatePast(r.Context(), r.Who(), lines)
	if errs.Is(err, errs.Invalid) {
		st, e := w.career.Standing(r.Context(), r.Who())
		if e != nil {
			return e
		}
		return r.RenderStatus(http.StatusUnprocessableEntity, w.pastPage(r), pastPage(pastView{Standing: st, Form: form, Errors: errs.FieldsOf(err), Today: w.career.Today()}))
	}
	if err != nil {
		return err
	}
	return r.Go("/career/past", ui.Count(len(lines), "line", "lines")+" added, on your own word.")
}

// pasted reads lines as a spreadsheet copies them: organisation, post, from, to,
// projects, scale, role in the work, separated by tabs or semicolons.
func pasted(text string) (out []career.Past) {
	for _, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) == 1 {
			cells = strings.Split(line, ";")
		}
		for len(cells) < 7 {
			cells = append(cells, "")
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		n, _ := strconv.ParseInt(cells[4], 10, 64) // none is 0, which is refused with words
		out = append(out, career.Past{
			Organisation: cells[0], Post: cells[1], From: startOf(cells[2]), To: endOf(cells[3]), Projects: n,
			Scale: strings.ToLower(cells[5]), Role: activity.RoleInWork(strings.ToLower(cells[6])),
		})
	}
	return out
}

// startOf and endOf widen a month to its first day and to its twenty-eighth,
// which every month has.
func startOf(s string) string {
	if len(s) == len("2019-04") {
		return s + "-01"
	}
	return s
}

func endOf(s string) string {
	if len(s) == len("2019-04") {
		return s + "-28"
	}
	return s
}

func (w *Web) removePast(r *web.Req) error {
	if err := w.career.RemovePast(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	return r.Go("/career/past", "Taken back.")
}

func (w *Web) deskPanel(r *web.Req, _ string) (templ.Component, error) {
	st, err := w.career.Standing(r.Context(), r.Who())
	if err != nil {
		return nil, err
	}
	return deskCareer(st), nil
}

func inState(st career.Standing, state string) (out []standing.Role) {
	for _, r := range st.Roles {
		if r.State == state {
			out = append(out, r)
		}
	}
	return out
}

// opening gives the options that open anything, most roles first, then fewest hours.
func opening(st career.Standing) (out []standing.Option) {
	for _, o := range st.Options {
		if len(o.Opens) > 0 {
			out = append(out, o)
		}
	}
	for i := range out {
		for j := i; j > 0 && better(out[j], out[j-1]); j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}

func better(a, b standing.Option) bool {
	if len(a.Opens) != len(b.Opens) {
		return len(a.Opens) > len(b.Opens)
	}
	return a.Hours < b.Hours
}
