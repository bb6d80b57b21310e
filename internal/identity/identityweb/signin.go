package identityweb

import (
	"net/http"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

func (w *Web) signInPage(r *web.Req) error {
	if r.Who().SignedIn() {
		return r.Go("/", "")
	}
	return r.Render(r.Page("Sign in", ""), signIn(signInForm{Next: r.Query("next"), Demo: w.demo}))
}

type signInForm struct {
	Email, Next, Message string
	Demo                 bool
	Errors               []ui.FieldError
}

func (w *Web) signIn(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	form := signInForm{Email: f.Text("email"), Next: f.Text("next"), Demo: w.demo}
	token, err := w.people.SignIn(r.Context(), form.Email, f.Get("password"), place(r.R))
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.TooMany) {
		form.Errors = []ui.FieldError{{Name: "email", Message: web.MessageOf(err)}}
		return r.RenderStatus(web.StatusOf(errs.KindOf(err)), r.Page("Sign in", ""), signIn(form))
	}
	if err != nil {
		return err
	}
	if err := w.begin(r, token); err != nil {
		return err
	}
	if !web.LocalPath(form.Next) {
		form.Next = "/"
	}
	return r.Go(form.Next, "")
}

func (w *Web) signOut(r *web.Req) error {
	if r.Session.ID != "" {
		if err := w.people.SignOut(r.Context(), r.Session.ID); err != nil {
			return err
		}
	}
	r.SetSession("")
	return r.Go("/", "You are signed out.")
}

func (w *Web) enter(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	token, err := w.people.EnterDemo(r.Context(), f.Text("email"))
	if err != nil {
		return err
	}
	if err := w.begin(r, token); err != nil {
		return err
	}
	return r.Go("/", "")
}

type linkForm struct {
	Token, Kind, Name, Email string
	Errors                   []ui.FieldError
}

func (w *Web) linkPage(r *web.Req) error {
	kind, err := w.people.LinkKind(r.Context(), r.Path("token"))
	if err != nil {
		return err
	}
	return r.Render(r.Page("Choose a password", ""), followLink(linkForm{Token: r.Path("token"), Kind: kind}))
}

func (w *Web) followLink(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	form := linkForm{Token: r.Path("token"), Name: f.Text("name"), Email: f.Text("email")}
	session, err := w.people.FollowLink(r.Context(), form.Token, form.Name, form.Email, f.Get("password"))
	if errs.Is(err, errs.Invalid) {
		form.Errors = errs.FieldsOf(err)
		if form.Kind, err = w.people.LinkKind(r.Context(), form.Token); err != nil {
			return err
		}
		return r.RenderStatus(http.StatusUnprocessableEntity, r.Page("Choose a password", ""), followLink(form))
	}
	if err != nil {
		return err
	}
	if err := w.begin(r, session); err != nil {
		return err
	}
	return r.Go("/", "Your password is set, and you are signed in.")
}

// begin hands a new session to the browser that asked for it.
func (w *Web) begin(r *web.Req, token string) error {
	r.SetSession(token)
	return w.people.NoteDevice(r.Context(), token, r.R.UserAgent())
}
