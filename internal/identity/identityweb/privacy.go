package identityweb

import (
	"encoding/json"
	"net/http"

	"cairn/internal/identity"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

func (w *Web) devices(r *web.Req) error {
	list, err := w.people.Devices(r.Context(), r.Who(), r.Session.ID)
	if err != nil {
		return err
	}
	p := r.Page("Your devices", "")
	p.Crumbs = []ui.Crumb{{Label: "Your account", Href: "/account"}}
	return r.Render(p, devicesPage(list))
}

func (w *Web) endDevice(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	if err := w.people.EndDevice(r.Context(), r.Who(), r.Session.ID, f.Text("id")); err != nil {
		return err
	}
	return r.Go("/account/sessions", "Ended.")
}

func (w *Web) ownData(r *web.Req) error {
	v, err := w.people.PreviewErasure(r.Context(), r.Who(), r.Who().Person, "")
	if err != nil {
		return err
	}
	p := r.Page("Your data", "")
	p.Crumbs = []ui.Crumb{{Label: "Your account", Href: "/account"}}
	return r.Render(p, dataPage(v))
}

func (w *Web) ownCopy(r *web.Req) error {
	data, err := w.people.OwnData(r.Context(), r.Who())
	if err != nil {
		return err
	}
	body, err := json.MarshalIndent(data, "", "  ")
	if err != nil {
		return err
	}
	return r.File("application/json", "my-data.json", body)
}

func (w *Web) askErasure(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	if f.Yes("withdraw") {
		if err := w.people.WithdrawErasure(r.Context(), r.Who()); err != nil {
			return err
		}
		return r.Go("/account/data", "Taken back; nothing was erased.")
	}
	if err := w.people.AskErasure(r.Context(), r.Who(), identity.Words(f.Text("words"))); err != nil {
		return err
	}
	return r.Go("/account/data", "An administrator sees your request.")
}

// eraseView is the preview of an erasure with its confirmation.
type eraseView struct {
	identity.Preview
	AskedWords identity.Words
	Typed      string
	Errors     []ui.FieldError
}

func (w *Web) erasePage(r *web.Req) error {
	return w.showErase(r, http.StatusOK, identity.Words(r.Query("words")), "", nil)
}

func (w *Web) showErase(r *web.Req, status int, words identity.Words, typed string, bad []ui.FieldError) error {
	asked, err := w.people.PreviewErasure(r.Context(), r.Who(), r.Path("id"), "")
	if err != nil {
		return err
	}
	v := eraseView{Preview: asked, AskedWords: asked.Words, Typed: typed, Errors: bad}
	if words != "" && words != asked.Words {
		if v.Preview, err = w.people.PreviewErasure(r.Context(), r.Who(), r.Path("id"), words); err != nil {
			return err
		}
	}
	p := r.Page("Erase "+v.Person.Name, "people")
	p.Crumbs = []ui.Crumb{{Label: "People", Href: "/people"}, {Label: v.Person.Name, Href: "/people/" + v.Person.ID}}
	return r.RenderStatus(status, p, erasePage(v))
}

func (w *Web) erase(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	words := identity.Words(f.Text("words"))
	err = w.people.Erase(r.Context(), r.Who(), r.Path("id"), words, f.Text("confirm"))
	if errs.Is(err, errs.Invalid) {
		return w.showErase(r, http.StatusUnprocessableEntity, words, f.Text("confirm"), errs.FieldsOf(err))
	}
	if err != nil {
		return err
	}
	return r.Go("/people/"+r.Path("id"), "Erased. The record still verifies, and says that entries were erased.")
}
