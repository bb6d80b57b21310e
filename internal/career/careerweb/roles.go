package careerweb

import (
	"net/http"

	"cairn/internal/career"
	"cairn/internal/career/standing"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

func (w *Web) role(r *web.Req) error {
	o, err := w.career.Options(r.Context(), r.Who())
	if err != nil {
		return err
	}
	if !o.On {
		return errs.New(errs.NotFound, "Your career is off. Turn it on under My standing.")
	}
	role, is := roleOf(o.Standing, r.Path("id"))
	if !is {
		return errs.Missing("role")
	}
	p := r.Page(role.Name, "career")
	p.Crumbs = []ui.Crumb{{Label: "My standing", Href: "/career"}, {Label: "Roles", Href: "/career/roles"}}
	return r.Render(p, rolePage(role, o.Standing, o.WhyNot(role.ID)))
}

func roleOf(st career.Standing, id string) (standing.Role, bool) {
	for _, r := range st.Roles {
		if r.ID == id {
			return r, true
		}
	}
	return standing.Role{}, false
}

type rolesView struct {
	career.Standing
	A, B   string
	Errors []ui.FieldError
}

// roles lists all roles; two of them are set side by side.
func (w *Web) roles(r *web.Req) error {
	st, err := w.on(r)
	if err != nil {
		return err
	}
	p := r.Page("Roles", "career")
	p.Crumbs = []ui.Crumb{{Label: "My standing", Href: "/career"}}
	v := rolesView{Standing: st, A: r.Query("a"), B: r.Query("b")}
	for name, id := range map[string]string{"a": v.A, "b": v.B} {
		if _, is := roleOf(st, id); id != "" && !is {
			v.Errors = append(v.Errors, ui.FieldError{Name: name, Message: "Choose a role of the framework in force."})
		}
	}
	if len(v.Errors) > 0 {
		return r.RenderStatus(http.StatusUnprocessableEntity, p, rolesPage(v))
	}
	return r.Render(p, rolesPage(v))
}

// choices are all roles, for a field.
func (v rolesView) choices() []ui.Option {
	out := []ui.Option{{Value: "", Label: "Choose a role"}}
	for _, r := range v.Roles {
		out = append(out, ui.Option{Value: r.ID, Label: r.Name})
	}
	return out
}

// pair is the two roles that are compared.
func (v rolesView) pair() []standing.Role {
	a, isA := roleOf(v.Standing, v.A)
	b, isB := roleOf(v.Standing, v.B)
	if !isA || !isB {
		return nil
	}
	return []standing.Role{a, b}
}

// shared tells whether the other role asks for the same.
func shared(q standing.Requirement, other standing.Role) bool {
	for _, o := range other.Requirements {
		if o.Says == q.Says {
			return true
		}
	}
	return false
}
