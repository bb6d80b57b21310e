package identityweb

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"cairn/internal/identity"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

type accountView struct {
	Name, Role, Secret string
	Typed              identity.NewToken
	Scopes             []web.Scope
	Tokens             []identity.Token
	Errors             []ui.FieldError
	KeysOff            bool
	Panels             templ.Component // of other features
	Density, Back      string
}

func (w *Web) showAccount(r *web.Req, status int, v accountView) error {
	tokens, err := w.people.Tokens(r.Context(), r.Who())
	if err != nil {
		return err
	}
	if v.Panels, err = r.Panels("account", ""); err != nil {
		return err
	}
	p := r.Page("Your account", "")
	v.Tokens, v.Name, v.Role = tokens, r.Session.Name, r.Who().Role.Label()
	if v.Scopes = r.Scopes(); v.Typed.Days == 0 {
		v.Typed.Days = identity.UsualTokenDays
	}
	v.KeysOff, v.Density = p.KeysOff, p.Density
	return r.RenderStatus(status, p, account(v))
}

func (w *Web) accountPage(r *web.Req) error { return w.showAccount(r, http.StatusOK, accountView{}) }

func (w *Web) changePassword(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	err = w.people.ChangePassword(r.Context(), r.Who(), r.Session.ID, f.Get("old"), f.Get("password"))
	if errs.Is(err, errs.Invalid) {
		return w.showAccount(r, http.StatusUnprocessableEntity, accountView{Errors: errs.FieldsOf(err)})
	}
	if err != nil {
		return err
	}
	return r.Go("/account", "Your password is changed; your other sessions have ended.")
}

func (w *Web) makeToken(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	days := f.Int("days", &errs.Check{}) // what is no number is 0, which is refused with words
	n := identity.NewToken{Name: f.Text("token_name"), Scopes: f.Values["scope"], Days: days}
	for _, scope := range n.Scopes {
		if !slices.Contains(r.Scopes(), web.Scope(scope)) {
			return errs.New(errs.Invalid, "There is no such scope.")
		}
	}
	secret, err := w.people.MakeToken(r.Context(), r.Who(), n)
	if errs.Is(err, errs.Invalid) {
		return w.showAccount(r, http.StatusUnprocessableEntity, accountView{Errors: errs.FieldsOf(err), Typed: n})
	}
	if err != nil {
		return err
	}
	return w.showAccount(r, http.StatusOK, accountView{Secret: secret})
}

func (w *Web) revokeToken(r *web.Req) error {
	if err := w.people.RevokeToken(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	return r.Go("/account", "The token no longer works.")
}
