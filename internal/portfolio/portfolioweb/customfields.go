package portfolioweb

import (
	"net/http"
	"strconv"
	"strings"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/portfolio"
)

type customFieldsView struct {
	Active, Retired []portfolio.Definition
	MayDefine       bool
	Typed           portfolio.Definition // what the form for a new one holds
	Errors          []ui.FieldError
}

type customFieldView struct {
	portfolio.Definition
	Errors   []ui.FieldError
	Conflict bool
}

func (w *Web) customFields(r *web.Req) error {
	return w.showCustomFields(r, http.StatusOK, portfolio.Definition{}, nil)
}

func (w *Web) showCustomFields(r *web.Req, status int, typed portfolio.Definition, bad []ui.FieldError) error {
	list, may, err := w.register.CustomFields(r.Context(), r.Who())
	if err != nil {
		return err
	}
	v := customFieldsView{MayDefine: may, Typed: typed, Errors: bad}
	for _, d := range list {
		if d.Retired {
			v.Retired = append(v.Retired, d)
		} else {
			v.Active = append(v.Active, d)
		}
	}
	return r.RenderStatus(status, r.Page("Fields of your own", "settings"), customFieldsPage(v))
}

// readDefinition reads the form of a custom field; choices stand one a line.
func readDefinition(f web.Form) portfolio.Definition {
	d := portfolio.Definition{}
	d.Label, d.Hint, d.Sortable = f.Text("label"), f.Text("hint"), f.Yes("sortable")
	d.Version, _ = strconv.ParseInt(f.Text("version"), 10, 64) // none is version 0, which conflicts
	kind, ok := portfolio.TypeNamed(f.Text("type"))
	if d.Type = kind; !ok {
		d.Type = portfolio.Node // which no custom field can be: the service refuses it by name
	}
	for line := range strings.Lines(f.Text("choices")) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			d.Choices = append(d.Choices, line)
		}
	}
	return d
}

func (w *Web) defineField(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	d := readDefinition(f)
	made, err := w.register.DefineField(r.Context(), r.Who(), d)
	if errs.Is(err, errs.Invalid) {
		return w.showCustomFields(r, http.StatusUnprocessableEntity, d, errs.FieldsOf(err))
	}
	if err != nil {
		return err
	}
	return r.Go("/settings/fields", made.Label+" is on the form of every project now.")
}

func (w *Web) customField(r *web.Req) error {
	d, may, err := w.findDefinition(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	if !may {
		return errs.New(errs.Forbidden, "The head of PMO and the administrator define fields.")
	}
	return w.showCustomField(r, http.StatusOK, customFieldView{Definition: d})
}

func (w *Web) showCustomField(r *web.Req, status int, v customFieldView) error {
	p := r.Page("Change "+v.Label, "settings")
	p.Crumbs = []ui.Crumb{{Label: "Fields of your own", Href: "/settings/fields"}}
	return r.RenderStatus(status, p, customFieldPage(v))
}

func (w *Web) changeField(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	stored, _, err := w.findDefinition(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	d := readDefinition(f)
	d.Field, d.Type, d.Retired, d.Position = stored.Field, stored.Type, stored.Retired, stored.Position
	err = w.register.ChangeField(r.Context(), r.Who(), d)
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		v := customFieldView{Definition: d, Errors: errs.FieldsOf(err), Conflict: errs.Is(err, errs.Conflict)}
		if v.Conflict {
			v.Version = stored.Version
		}
		return w.showCustomField(r, web.StatusOf(errs.KindOf(err)), v)
	}
	if err != nil {
		return err
	}
	return r.Go("/settings/fields", d.Label+" is changed.")
}

// placeField moves a field up or down, retires it or brings it back: the
// buttons of its row.
func (w *Web) placeField(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	d, _, err := w.findDefinition(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	said := d.Label + " is moved."
	switch f.Text("do") {
	case "up":
		d.Position--
	case "down":
		d.Position++
	case "retire":
		d.Retired, said = true, d.Label+" is retired. What was stated stays readable in each project's history."
	case "restore":
		d.Retired, said = false, d.Label+" is back on the forms, with what was stated before."
	default:
		return errs.OnField("do", "Choose up, down, retire or restore.")
	}
	if d.Position < 1 {
		d.Position = 1
	}
	if err := w.register.ChangeField(r.Context(), r.Who(), d); err != nil {
		return err
	}
	return r.Go("/settings/fields", said)
}
