package portfolioweb

import (
	"net/http"
	"strconv"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/reading"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/portfolio"
)

type formView struct {
	ID           string // empty for a new project
	Facts        portfolio.Facts
	Theirs       portfolio.Facts // the stored facts on a conflict
	Conflict     bool
	Version      int64
	AsAt, Today  string
	Confidential bool
	MayMark      bool
	Tree         portfolio.Tree
	Errors       []ui.FieldError
}

func (w *Web) showForm(r *web.Req, status int, v formView) error {
	var err error
	if v.Tree, err = w.register.Tree(r.Context(), r.Who()); err != nil {
		return err
	}
	v.Today = w.register.Today()
	if v.AsAt == "" {
		v.AsAt = v.Today
	}
	title := "Add a project"
	crumbs := []ui.Crumb{{Label: "Register", Href: "/projects"}}
	if v.ID != "" {
		title = "Change " + v.Facts.Text(portfolio.Name)
		crumbs = append(crumbs, ui.Crumb{Label: v.Facts.Text(portfolio.Name), Href: "/projects/" + v.ID})
	}
	p := r.Page(title, "register")
	p.Crumbs = crumbs
	return r.RenderStatus(status, p, projectForm(v))
}

func (w *Web) newPage(r *web.Req) error {
	if !mayAdd(r) {
		return errs.New(errs.Forbidden, "The PMO adds projects.")
	}
	return w.showForm(r, http.StatusOK, formView{MayMark: r.Who().SeesConfidential(), Facts: portfolio.Facts{portfolio.Status: {Text: "Live"}}})
}

// readFacts reads the boxes that the form has; money is typed as a decimal.
func readFacts(f web.Form) (portfolio.Facts, []ui.FieldError) {
	out := portfolio.Facts{}
	var c errs.Check
	for _, info := range portfolio.Fields {
		name := string(info.Field)
		if !f.Has(name) {
			continue
		}
		v := portfolio.Value{Text: f.Text(name)}
		if info.Type == portfolio.Money && v.Text != "" {
			amount, err := reading.Money(v.Text, reading.Point, reading.Ones)
			if err != nil {
				c.Add(name, "%s: enter an amount such as 1,250,000.", info.Label)
			} else {
				v.Text = strconv.FormatInt(amount.Minor, 10)
			}
		}
		out[info.Field] = v
	}
	return out, errs.FieldsOf(c.Err())
}

func (w *Web) add(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	facts, bad := readFacts(f)
	id := ""
	if bad == nil {
		id, err = w.register.AddProject(r.Context(), r.Who(), f.Text("as_at"), facts, f.Yes("confidential"))
		bad = errs.FieldsOf(err)
	}
	if bad != nil {
		return w.showForm(r, http.StatusUnprocessableEntity, formView{Facts: facts, AsAt: f.Text("as_at"), Confidential: f.Yes("confidential"), MayMark: r.Who().SeesConfidential(), Errors: bad})
	}
	if err != nil {
		return err
	}
	return r.Go("/projects/"+id, facts.Text(portfolio.Name)+" is in the register.")
}

func (w *Web) editPage(r *web.Req) error {
	d, err := w.register.Project(r.Context(), r.Who(), r.Path("id"), portfolio.When{})
	if err != nil {
		return err
	}
	if !d.MayChange {
		return errs.New(errs.Forbidden, "The PMO, the sponsor and the project manager change a project.")
	}
	return w.showForm(r, http.StatusOK, formView{ID: d.ID, Facts: d.Facts, Version: d.Version})
}

func (w *Web) change(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	id := r.Path("id")
	facts, bad := readFacts(f)
	version, _ := strconv.ParseInt(f.Text("version"), 10, 64) // none is version 0, which conflicts
	if bad == nil {
		err = w.changeOnly(r, id, version, f.Text("as_at"), facts)
		bad = errs.FieldsOf(err)
	}
	if bad == nil && err != nil && !errs.Is(err, errs.Conflict) {
		return err
	}
	if bad != nil || err != nil {
		d, e := w.register.Project(r.Context(), r.Who(), id, portfolio.When{})
		if e != nil {
			return e
		}
		v := formView{ID: id, Facts: d.Facts.Merge(facts), Version: version, AsAt: f.Text("as_at"), Errors: bad}
		status := http.StatusUnprocessableEntity
		if errs.Is(err, errs.Conflict) {
			v.Conflict, v.Theirs, v.Version, status = true, d.Facts, d.Version, http.StatusPreconditionFailed
		}
		return w.showForm(r, status, v)
	}
	return r.Go("/projects/"+id, "Saved.")
}

// changeOnly states what differs from what the register says now: a form that
// repeats a fact does not make it newer.
func (w *Web) changeOnly(r *web.Req, id string, version int64, asAt string, typed portfolio.Facts) error {
	d, err := w.register.Project(r.Context(), r.Who(), id, portfolio.When{})
	if err != nil {
		return err
	}
	facts := portfolio.Facts{}
	for k, v := range typed {
		if d.Facts[k].Text != v.Text {
			facts[k] = v
		}
	}
	return w.register.ChangeProject(r.Context(), r.Who(), id, version, asAt, facts)
}
