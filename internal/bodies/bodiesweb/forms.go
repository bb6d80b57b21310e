package bodiesweb

import (
	"net/url"
	"strconv"

	"cairn/internal/bodies"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// typed is what came back of one of a page's forms, with its errors. Each box is
// named by its form and its field, so that a page can have many.
type typed struct {
	Form   string
	Values web.Form
	Errors []ui.FieldError
}

// in is a box of a form: what was typed, or else what is there.
func (t typed) in(form, name, label, there string) ui.Input {
	in := ui.Input{Name: form + "_" + name, Label: label, Value: there}
	if t.Form == form {
		in.Value, in.Error = t.Values.Text(in.Name), ui.ErrorAt(t.Errors, in.Name)
		in.Checked = t.Values.Yes(in.Name)
	}
	return in
}

// named gives a box the names of people to propose.
func named(in ui.Input) ui.Input {
	in.List, in.Autocomplete = "directory", "off"
	return in
}

func dated(in ui.Input) ui.Input {
	in.Type = "date"
	return in
}

func long(in ui.Input, rows int) ui.Input {
	in.Type, in.Rows = "textarea", rows
	return in
}

func chosen(in ui.Input, options []ui.Option) ui.Input {
	in.Type, in.Options = "select", options
	return in
}

func hinted(in ui.Input, hint string) ui.Input {
	in.Hint = hint
	return in
}

// options makes the choices of a select from words.
func options[T ~string](list []bodies.Word[T]) (out []ui.Option) {
	for _, x := range list {
		out = append(out, ui.Option{Value: string(x.Value), Label: x.Label})
	}
	return out
}

// posted is a form that was sent, read by the names of its fields.
type posted struct {
	web.Form
	name string
}

func (p posted) text(field string) string { return p.Text(p.name + "_" + field) }

func (p posted) number(field string) int {
	n, err := strconv.Atoi(p.text(field))
	if err != nil && p.text(field) != "" {
		return -1 // which is out of bounds
	}
	return n
}

// version is the version that a change is based on.
func (p posted) version() int64 {
	n, err := strconv.ParseInt(p.Text("version"), 10, 64)
	if err != nil {
		return -1 // which conflicts
	}
	return n
}

// person finds the person typed into a field.
func (w *Web) person(r *web.Req, p posted, field string) (string, error) {
	return w.bodies.PersonNamed(r.Context(), r.Who(), field, p.text(field))
}

// step reads a form, does what it asks, and goes on; a form with errors comes
// back with what was typed.
func step(r *web.Req, form string, do func(posted) (to, said string, err error), back func(status int, t typed) error) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	to, said, err := do(posted{f, form})
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		t := typed{Form: form, Values: f}
		for _, e := range errs.FieldsOf(err) {
			if f.Has(form + "_" + e.Name) {
				e.Name = form + "_" + e.Name
			}
			t.Errors = append(t.Errors, e)
		}
		if len(t.Errors) == 0 {
			t.Errors = []ui.FieldError{{Name: "main", Message: web.MessageOf(err)}}
		}
		return back(web.StatusOf(errs.KindOf(err)), t)
	}
	if err != nil {
		return err
	}
	return r.Go(to, said)
}

// address is a page with its parameters, one of them set or taken away.
func address(page string, q url.Values, name, value string) string {
	out := url.Values{}
	for k, list := range q {
		out[k] = list
	}
	if name != "" {
		out.Set(name, value)
		if value == "" {
			out.Del(name)
		}
	}
	if len(out) == 0 {
		return page
	}
	return page + "?" + out.Encode()
}

// asked are the parameters of a list's address that make it what it is.
func asked(r *web.Req, names ...string) url.Values {
	out := url.Values{}
	for _, n := range names {
		if s := r.Query(n); s != "" {
			out.Set(n, s)
		}
	}
	return out
}
