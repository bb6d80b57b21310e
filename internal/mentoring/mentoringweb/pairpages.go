package mentoringweb

import (
	"net/http"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/mentoring"
)

// pairView is the page of a pair; the rest is what came back with an error.
type pairView struct {
	mentoring.PairSheet
	Me                string
	On, Minutes, Note string
	Weeks             string
	Typed             map[string]string // notes that came back, by meeting
	Errors            []ui.FieldError
}

func (w *Web) pair(r *web.Req) error { return w.showPair(r, http.StatusOK, pairView{}) }

func (w *Web) showPair(r *web.Req, status int, v pairView) (err error) {
	if v.PairSheet, err = w.mentoring.Pair(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	v.Me = r.Who().Person
	if v.On == "" {
		v.On = v.Today
	}
	if v.Minutes == "" {
		v.Minutes = "60"
	}
	return r.RenderStatus(status, w.crumbed(r, "Mentoring with "+v.Other(v.Me)), pairPage(v))
}

// do reads the form of a step with a pair, does it, and shows what came of it.
func (w *Web) do(r *web.Req, to, said string, step func(f web.Form) (pairView, error)) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v, err := step(f)
	if refused(err) {
		v.Errors = problems(err)
		return w.showPair(r, web.StatusOf(errs.KindOf(err)), v)
	}
	if err != nil {
		return err
	}
	return r.Go(to, said)
}

func page(r *web.Req) string { return "/mentoring/pairs/" + r.Path("id") }

func (w *Web) accept(r *web.Req) error {
	return w.do(r, page(r), "You have said yes.", func(f web.Form) (pairView, error) {
		v := pairView{Weeks: f.Text("weeks")}
		weeks := 0
		if v.Weeks != "" {
			if weeks = number(v.Weeks); weeks == 0 {
				weeks = -1 // which is refused
			}
		}
		return v, w.mentoring.Accept(r.Context(), r.Who(), r.Path("id"), version(f), weeks)
	})
}

func (w *Web) decline(r *web.Req) error {
	return w.do(r, "/mentoring", "Nothing of it is kept. Tell them yourself.", func(f web.Form) (pairView, error) {
		return pairView{}, w.mentoring.Decline(r.Context(), r.Who(), r.Path("id"), version(f))
	})
}

func (w *Web) end(r *web.Req) error {
	return w.do(r, page(r), "Ended. What you did together stays.", func(f web.Form) (pairView, error) {
		return pairView{}, w.mentoring.End(r.Context(), r.Who(), r.Path("id"), version(f))
	})
}

func (w *Web) noteMeeting(r *web.Req) error {
	return w.do(r, page(r), "Noted for both of you. Your note is yours alone.", func(f web.Form) (pairView, error) {
		v := pairView{On: f.Text("on"), Minutes: f.Text("minutes"), Note: f.Text("note")}
		_, err := w.mentoring.NoteMeeting(r.Context(), r.Who(), r.Path("id"), mentoring.Meeting{On: v.On, Minutes: number(v.Minutes), Note: v.Note})
		return v, err
	})
}

func (w *Web) changeNote(r *web.Req) error {
	return w.do(r, page(r), "Kept, for you alone.", func(f web.Form) (pairView, error) {
		words := f.Text("note")
		return pairView{Typed: map[string]string{r.Path("meeting"): words}}, w.mentoring.ChangeNote(r.Context(), r.Who(), r.Path("id"), r.Path("meeting"), words)
	})
}

func (w *Web) removeMeeting(r *web.Req) error {
	return w.do(r, page(r), "Taken off. It counts for neither of you.", func(web.Form) (pairView, error) {
		return pairView{}, w.mentoring.RemoveMeeting(r.Context(), r.Who(), r.Path("id"), r.Path("meeting"))
	})
}
