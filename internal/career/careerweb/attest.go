package careerweb

import (
	"net"
	"net/http"

	"cairn/internal/career"
	"cairn/internal/career/framework"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// askView is the form that asks somebody, under a piece or an entry.
type askView struct {
	Kind, ID           string // what it is about
	Right              string // who is the right person
	Nobody             bool
	Near               []career.Nearby
	Leaves             string
	Colleague, Outside string
	Wording            string
	Errors             []ui.FieldError
	Link               string // shown this once
}

func (a *askView) about(kind, id, work, leaves string, by *framework.Framework) {
	a.Kind, a.ID, a.Leaves = kind, id, leaves
	a.Right, a.Nobody = career.RightPerson(by, work)
	if a.Wording == "" {
		a.Wording = leaves
	}
}

func (w *Web) askAboutPiece(r *web.Req) error { return w.ask(r, career.AboutGroup) }
func (w *Web) askAboutEntry(r *web.Req) error { return w.ask(r, career.AboutEntry) }

func (w *Web) ask(r *web.Req, kind string) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	a := askView{Colleague: f.Text("colleague"), Outside: f.Text("outside"), Wording: f.Text("wording")}
	q := career.Asking{AboutKind: kind, AboutID: r.Path("id"), Outside: a.Outside, Wording: a.Wording}
	token := ""
	if q.Colleague, err = w.career.Colleague(r.Context(), r.Who(), a.Colleague); err == nil {
		_, token, err = w.career.Ask(r.Context(), r.Who(), q)
	}
	show, back := func(status int) error { return w.showPiece(r, status, pieceView{Ask: a}) }, "/career/evidence/"+r.Path("id")
	if kind == career.AboutEntry {
		show, back = func(status int) error { return w.showEntry(r, status, entryView{Ask: a}) }, "/career/entries/"+r.Path("id")
	}
	if errs.Is(err, errs.Invalid) {
		if a.Errors = errs.FieldsOf(err); len(a.Errors) == 0 {
			a.Errors = []ui.FieldError{{Name: "colleague", Message: web.MessageOf(err)}}
		}
		return show(http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	if token == "" {
		return r.Go(back, "Asked.")
	}
	a = askView{Outside: a.Outside, Link: w.url + "/attest/" + token}
	return show(http.StatusOK)
}

func (w *Web) withdraw(r *web.Req) error {
	return w.after(r, w.career.Withdraw(r.Context(), r.Who(), r.Path("id")), "Taken back. Nobody can answer it any more.")
}

func (w *Web) take(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	said := "Confirmed in their words, which are yours now."
	if !f.Yes("take") {
		said = "Left. Their wording is not used, and yours is not confirmed."
	}
	return w.after(r, w.career.Take(r.Context(), r.Who(), r.Path("id"), f.Yes("take")), said)
}

// after goes back to the piece from which a button was pressed.
func (w *Web) after(r *web.Req, err error, said string) error {
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	back := f.Text("back")
	if !web.LocalPath(back) {
		back = "/career/evidence"
	}
	return r.Go(back, said)
}

type requestView struct {
	career.Attestation
	Action  string
	Typed   career.Answer
	Errors  []ui.FieldError
	Outside bool
}

func (w *Web) request(r *web.Req) error { return w.showRequest(r, http.StatusOK, requestView{}) }

func (w *Web) showRequest(r *web.Req, status int, v requestView) error {
	a, err := w.career.Request(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	v.Attestation, v.Action = a, "/attestations/"+a.ID
	return r.RenderStatus(status, r.Page("Confirm what "+a.PersonName+" did", ""), requestPage(v))
}

func answerOf(f web.Form) career.Answer {
	return career.Answer{Says: f.Text("says"), Wording: f.Text("wording"), Reason: f.Text("reason")}
}

func (w *Web) answer(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	n := answerOf(f)
	err = w.career.Answer(r.Context(), r.Who(), r.Path("id"), n)
	if errs.Is(err, errs.Invalid) {
		return w.showRequest(r, http.StatusUnprocessableEntity, requestView{Typed: n, Errors: errs.FieldsOf(err)})
	}
	if err != nil {
		return late(r, err, n)
	}
	return r.Go("/attestations/"+r.Path("id"), "Thank you. They see your answer.")
}

// tryFrom is where a try comes from, as far as the server can tell.
func tryFrom(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

func (w *Web) linked(r *web.Req) error { return w.showLinked(r, http.StatusOK, requestView{}) }

func (w *Web) showLinked(r *web.Req, status int, v requestView) error {
	a, err := w.career.RequestByLink(r.Context(), r.Who(), r.Path("token"), tryFrom(r.R))
	if err != nil {
		return err
	}
	v.Attestation, v.Action, v.Outside = a, "/attest/"+r.Path("token"), true
	return r.RenderStatus(status, r.Page("Confirm what "+a.PersonName+" did", ""), requestPage(v))
}

func (w *Web) answerLinked(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	n := answerOf(f)
	err = w.career.AnswerByLink(r.Context(), r.Who(), r.Path("token"), tryFrom(r.R), n)
	if errs.Is(err, errs.Invalid) {
		return w.showLinked(r, http.StatusUnprocessableEntity, requestView{Typed: n, Errors: errs.FieldsOf(err)})
	}
	if err != nil {
		return late(r, err, n)
	}
	return r.Go("/attest/"+r.Path("token"), "Thank you. They see your answer.")
}

// late gives back what was typed as an answer that nothing waits for any more: it was
// answered or taken back meanwhile, or its time is over.
func late(r *web.Req, err error, n career.Answer) error {
	if n.Says != career.SayAmend {
		n.Wording = ""
	}
	if n.Wording+n.Reason == "" || !errs.Is(err, errs.Duplicate) && !errs.Is(err, errs.NotFound) {
		return err
	}
	return r.RenderStatus(web.StatusOf(errs.KindOf(err)), r.Page("Not answered", ""), latePage(web.MessageOf(err), n))
}

// waits are what others ask the reader to confirm. Only the two know of it.
func (w *Web) waits(r *web.Req) (out []ui.Wait, err error) {
	list, err := w.career.Waiting(r.Context(), r.Who())
	for _, a := range list {
		out = append(out, ui.Wait{
			Cost: ui.CountsNot, Mark: ui.Stone("missing"), Title: "Confirm what " + a.PersonName + " did", Href: "/attestations/" + a.ID,
			Says: a.Wording, When: "No date", Why: "until then it is their word alone; only you and they know", Act: "Confirm, or not",
		})
	}
	return out, err
}
