package portfolioweb

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"cairn/internal/kit/directory"

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
	Fields       []portfolio.FieldInfo
	Names        map[string]string  // of the people whom fields name, by id
	Directory    []directory.Person // if a field names a person
	Settled      portfolio.Settled
	Errors       []ui.FieldError
}

func (v formView) info(name portfolio.Field) portfolio.FieldInfo {
	for _, i := range v.Fields {
		if i.Field == name {
			return i
		}
	}
	return portfolio.FieldInfo{Field: name}
}

// custom lists the organisation's own fields.
func (v formView) custom() (out []portfolio.Field) {
	for _, i := range v.Fields {
		if i.Custom {
			out = append(out, i.Field)
		}
	}
	return out
}

// choiceOptions offers the choices, and what is stated now if it is no longer among them.
func choiceOptions(i portfolio.FieldInfo, now string) []ui.Option {
	out := []ui.Option{{Label: "Not said"}}
	for _, c := range i.Choices {
		out = append(out, ui.Option{Value: c, Label: c})
	}
	if now != "" && !slices.Contains(i.Choices, now) {
		out = append(out, ui.Option{Value: now, Label: now + " (no longer offered)"})
	}
	return out
}

func (w *Web) showForm(r *web.Req, status int, v formView) error {
	var err error
	if v.Tree, err = w.register.Tree(r.Context(), r.Who()); err != nil {
		return err
	}
	if v.Fields, err = w.register.AllFields(r.Context(), r.Who()); err != nil {
		return err
	}
	if slices.ContainsFunc(v.Fields, func(i portfolio.FieldInfo) bool { return i.Type == portfolio.PersonRef }) {
		if v.Directory, err = w.register.Directory(r.Context(), r.Who()); err != nil {
			return err
		}
		v.Names = maps.Clone(v.Names)
		for _, n := range v.Directory {
			if v.Names == nil {
				v.Names = map[string]string{}
			}
			v.Names[n.ID] = n.Name
		}
	}
	if v.Settled, err = w.register.Settled(r.Context(), r.Who()); err != nil {
		return err
	}
	if v.ID == "" && v.Errors == nil { // what is known is filled in
		v.Facts = v.Facts.Merge(portfolio.Facts{portfolio.Currency: {Text: v.Settled.Currency}, portfolio.RatingScale: {Text: v.Settled.RatingScale}})
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

// readFacts reads the boxes that the form has; numbers and money are typed as
// decimals, people by name. A name that stands there already means who it meant.
func (w *Web) readFacts(r *web.Req, f web.Form, now portfolio.Detail) (portfolio.Facts, []ui.FieldError, error) {
	infos, err := w.register.AllFields(r.Context(), r.Who())
	if err != nil {
		return nil, nil, err
	}
	out := portfolio.Facts{}
	var c errs.Check
	for _, info := range infos {
		name := string(info.Field)
		if !f.Has(name) {
			continue
		}
		v := portfolio.Value{Text: f.Text(name)}
		if id := now.Facts.Text(info.Field); id != "" && v.Text == now.Names[id] {
			v.Text = id
		} else if info.Type == portfolio.PersonRef && v.Text != "" {
			id, err := w.register.PersonNamed(r.Context(), r.Who(), name, v.Text)
			for _, bad := range errs.FieldsOf(err) {
				c.Add(bad.Name, "%s", bad.Message)
			}
			if err == nil {
				v.Text = id
			} else if !errs.Is(err, errs.Invalid) {
				return nil, nil, err
			}
		} else {
			v.Text = readTyped(&c, info, v.Text)
		}
		out[info.Field] = v
	}
	return out, errs.FieldsOf(c.Err()), nil
}

// readTyped reads what was typed into one box; what cannot be read is given back.
func readTyped(c *errs.Check, info portfolio.FieldInfo, typed string) string {
	name := string(info.Field)
	switch {
	case typed == "":
	case info.Type == portfolio.Money:
		amount, err := reading.Money(typed, reading.Point, reading.Ones)
		if err == nil {
			return strconv.FormatInt(amount.Minor, 10)
		}
		c.Add(name, "%s: enter an amount such as 1,250,000.", info.Label)
	case info.Type == portfolio.Number:
		number, err := reading.Number(typed, reading.Point)
		if err == nil {
			return number
		}
		c.Add(name, "%s: enter a number such as 1,250.5.", info.Label)
	}
	return typed
}

func (w *Web) add(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	facts, bad, err := w.readFacts(r, f, portfolio.Detail{})
	if err != nil {
		return err
	}
	id := ""
	if bad == nil {
		id, err = w.register.AddProject(byForm(r), r.Who(), f.Text("as_at"), facts, f.Yes("confidential"))
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
	return w.showForm(r, http.StatusOK, formView{ID: d.ID, Facts: d.Facts, Names: d.Names, Version: d.Version})
}

func (w *Web) change(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	id := r.Path("id")
	d, err := w.register.Project(r.Context(), r.Who(), id, portfolio.When{})
	if err != nil {
		return err
	}
	facts, bad, err := w.readFacts(r, f, d)
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(f.Text("version"), 10, 64) // none is version 0, which conflicts
	if bad == nil {
		err = w.changeOnly(r, d, version, f.Text("as_at"), facts)
		bad = errs.FieldsOf(err)
	}
	if bad == nil && err != nil && !errs.Is(err, errs.Conflict) {
		return err
	}
	if bad != nil || err != nil {
		v := formView{ID: id, Facts: d.Facts.Merge(facts), Names: d.Names, Version: version, AsAt: f.Text("as_at"), Errors: bad}
		status := http.StatusUnprocessableEntity
		if errs.Is(err, errs.Conflict) {
			v.Conflict, v.Theirs, v.Version, status = true, d.Facts, d.Version, http.StatusPreconditionFailed
		}
		return w.showForm(r, status, v)
	}
	return r.Go("/projects/"+id, "Saved.")
}

func byForm(r *web.Req) context.Context { return portfolio.Through(r.Context(), portfolio.ByForm) }

// changeOnly states what differs from what the register says now: a form that
// repeats a fact does not make it newer.
func (w *Web) changeOnly(r *web.Req, d portfolio.Detail, version int64, asAt string, typed portfolio.Facts) error {
	facts := portfolio.Facts{}
	for k, v := range typed {
		if d.Facts[k].Text != v.Text {
			facts[k] = v
		}
	}
	return w.register.ChangeProject(byForm(r), r.Who(), d.ID, version, asAt, facts)
}
