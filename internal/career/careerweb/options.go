package careerweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cairn/internal/career"
	"cairn/internal/career/framework"
	"cairn/internal/career/standing"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// planForm is the planner's form as it was typed.
type planForm struct {
	Asked                               bool
	Role, Hours, HoursWeek, Weeks, From string
	Place                               string
	NoExams                             bool
	Without                             []string
}

type optionsView struct {
	career.Options
	Ticked  []string
	Mix     career.Mix
	Picture []career.Mix
	Form    planForm
	Errors  []ui.FieldError
	Planned career.Planned
	Today   string
}

// options is one page for the table, what is ticked, and the planner: all of it is in
// the address.
func (w *Web) options(r *web.Req) error {
	o, err := w.career.Options(r.Context(), r.Who())
	if err != nil {
		return err
	}
	p := r.Page("My options", "options")
	if !o.On {
		return r.Render(p, offPage(o.Standing))
	}
	asked := r.R.URL.Query()
	v := optionsView{Options: o, Form: planFormOf(asked), Today: w.career.Today()}
	do := several(asked["do"])
	for _, opt := range o.By.Options {
		if slices.Contains(do, opt.ID) {
			v.Ticked = append(v.Ticked, opt.ID)
		}
	}
	v.Mix, v.Picture = o.Mix(v.Ticked), o.Picture(v.Ticked)
	status := http.StatusOK
	if v.Form.Asked {
		v.Planned, err = o.Plan(r.Context(), v.Form.query())
		if errs.Is(err, errs.Invalid) {
			v.Errors, status = errs.FieldsOf(err), http.StatusUnprocessableEntity
		} else if err != nil {
			return err
		}
	}
	return r.RenderStatus(status, p, optionsPage(v))
}

// several reads ids that were ticked, or that are kept in one field with commas.
func several(values []string) (out []string) {
	for _, v := range values {
		for id := range strings.SplitSeq(v, ",") {
			if id != "" {
				out = append(out, id)
			}
		}
	}
	return out
}

func planFormOf(q url.Values) planForm {
	text := func(name string) string { return strings.TrimSpace(q.Get(name)) }
	return planForm{
		Asked: q.Get("plan") != "", Role: text("role"), Hours: text("hours"), HoursWeek: text("hours_week"), Weeks: text("weeks"), From: text("from"),
		Place: text("place"), NoExams: q.Get("no_exams") != "", Without: several(q["without"]),
	}
}

// query reads the form; what is no number is below zero, which is refused with words.
func (f planForm) query() career.PlanQuery {
	number := func(s string) int {
		if s == "" {
			return 0
		}
		n, err := strconv.Atoi(s)
		if err != nil || n == 0 {
			return -1
		}
		return n
	}
	q := career.PlanQuery{Role: f.Role, Hours: number(f.Hours), HoursWeek: number(f.HoursWeek), Weeks: number(f.Weeks), From: f.From, NoExams: f.NoExams, Place: f.Place, Exclude: f.Without}
	if f.Role == "most" {
		q.Role = ""
	}
	return q
}

// asAsked is the planner's part of the address, to be kept while options are ticked.
func (f planForm) asAsked() (out [][2]string) {
	if !f.Asked {
		return nil
	}
	for _, p := range [][2]string{{"plan", "yes"}, {"role", f.Role}, {"hours", f.Hours}, {"hours_week", f.HoursWeek}, {"weeks", f.Weeks}, {"from", f.From}, {"place", f.Place}} {
		if p[1] != "" {
			out = append(out, p)
		}
	}
	if f.NoExams {
		out = append(out, [2]string{"no_exams", "yes"})
	}
	if len(f.Without) > 0 {
		out = append(out, [2]string{"without", strings.Join(f.Without, ",")})
	}
	return out
}

// targets are the choices of the planner: most roles, or one that is not reached.
func (v optionsView) targets() []ui.Option {
	out := ui.Options("most", "As many roles as possible")
	for _, r := range unreached(v.Standing) {
		out = append(out, ui.Option{Value: r.ID, Label: r.Name})
	}
	return out
}

func (v optionsView) target() string {
	if v.Form.Role == "" {
		return "most"
	}
	return v.Form.Role
}

// byNeed gives the roles that answer "must I have managed a project?" in one way.
func byNeed(by *framework.Framework, need string) (out []framework.Role) {
	for _, r := range by.Roles {
		if r.ProjectManagement.Need == need {
			out = append(out, r)
		}
	}
	return out
}

// managedKind is the kind of experience of who managed a project.
const managedKind = "project.managed"

// otherWays are options that open a role without leading a project, most first.
func otherWays(st career.Standing) (out []standing.Option) {
	for _, o := range opening(st) {
		leads := slices.ContainsFunc(o.Yields, func(e framework.Evidence) bool { return e.Kind == managedKind && (e.As == "" || e.As == "led") })
		if !leads {
			out = append(out, o)
		}
	}
	return out
}

// areaWays is what an area of abilities is good for from here: the options that raise
// it, those among them that open a role alone, and how many roles ask for it.
type areaWays struct {
	Name         string
	Raise, Open  []string
	Asked, Roles int
}

func areas(st career.Standing) (out []areaWays) {
	for _, a := range st.By.Areas {
		one := areaWays{Name: a.Name, Roles: len(st.By.Roles)}
		in, named := map[string]bool{}, map[string]bool{}
		for _, c := range st.By.Competencies {
			if c.Area == a.ID {
				in[c.ID], named[c.Name] = true, true
			}
		}
		for _, r := range st.By.Roles {
			if slices.ContainsFunc(r.Requirements, func(x framework.Expr) bool { return asksOf(x, in) }) {
				one.Asked++
			}
		}
		for _, o := range st.Options {
			if !slices.ContainsFunc(o.Gains, func(g standing.Gain) bool { return named[g.Competency] }) {
				continue
			}
			if len(o.Opens) > 0 {
				one.Open = append(one.Open, o.Name)
			} else {
				one.Raise = append(one.Raise, o.Name)
			}
		}
		if len(one.Open)+len(one.Raise) > 0 || one.Asked > 0 {
			out = append(out, one)
		}
	}
	return out
}

func asksOf(x framework.Expr, in map[string]bool) bool {
	of := func(y framework.Expr) bool { return asksOf(y, in) }
	return in[x.Competency] || slices.ContainsFunc(x.AllOf, of) || slices.ContainsFunc(x.AnyOf, of)
}
