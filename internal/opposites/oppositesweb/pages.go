package oppositesweb

import (
	"net/http"
	"strconv"
	"strings"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/opposites"
)

const section, home = "opposites", "/opposites"

func page(r *web.Req, title string) ui.Page {
	p := r.Page(title, section)
	if title != pageTitle {
		p.Crumbs = []ui.Crumb{{Label: pageTitle, Href: home}}
	}
	return p
}

const pageTitle = "Paired opposites"

// profileView is the page of a person's own pairs.
type profileView struct {
	opposites.Profile
	Today clock.Day
	Note  string // as it was typed
	Errs  []ui.FieldError
}

// Now is the newest round.
func (v profileView) Now() opposites.Round { return v.Rounds[0] }

// Heard is the newest round of which something is shown, and whether there is one.
func (v profileView) Heard() (opposites.Round, bool) {
	for _, r := range v.Rounds {
		if r.State == opposites.Shown {
			return r, true
		}
	}
	return opposites.Round{}, false
}

func (w *Web) load(r *web.Req) (profileView, error) {
	p, err := w.pairs.Profile(r.Context(), r.Who())
	v := profileView{Profile: p, Today: w.pairs.Today()}
	if len(p.Rounds) > 0 {
		v.Note = p.Rounds[0].Note
	}
	return v, err
}

func (w *Web) profile(r *web.Req) error {
	v, err := w.load(r)
	if err != nil {
		return err
	}
	return r.Render(page(r, pageTitle), profilePage(v))
}

func (w *Web) talk(r *web.Req) error {
	v, err := w.load(r)
	if err != nil {
		return err
	}
	if len(v.Rounds) == 0 {
		return r.Go(home, "Mark yourself first; the questions follow from that.")
	}
	now := v.Now()
	if heard, ok := v.Heard(); ok && now.State != opposites.Shown {
		now.Others = heard.Others
	}
	return r.Render(page(r, "Questions for a talk"), talkPage(v, opposites.Talk(now)))
}

// markForm is the form of twelve marks: the person's own, or a colleague's.
type markForm struct {
	ID      string // of the round; empty for a new one
	Version int64
	Marks   map[string]string // as they were typed
	Errs    []ui.FieldError
	For     *opposites.Request // when a colleague answers
}

func typed(m opposites.Marks) map[string]string {
	out := map[string]string{}
	for end, n := range m {
		out[end] = strconv.Itoa(n)
	}
	return out
}

// readMarks reads the twelve marks; what is no number is out of the scale, which is
// refused with words.
func readMarks(f web.Form) (opposites.Marks, map[string]string) {
	marks, words := opposites.Marks{}, map[string]string{}
	for _, e := range opposites.Ends() {
		s := f.Text(e.ID)
		if s == "" {
			continue
		}
		n, err := strconv.Atoi(s)
		if err != nil {
			n = -1
		}
		marks[e.ID], words[e.ID] = n, s
	}
	return marks, words
}

func (w *Web) ratePage(r *web.Req) error {
	if _, err := w.load(r); err != nil {
		return err
	}
	return r.Render(page(r, "Mark yourself"), ratePage(markForm{}))
}

func (w *Web) rate(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	marks, words := readMarks(f)
	_, err = w.pairs.Rate(r.Context(), r.Who(), marks)
	if errs.Is(err, errs.Invalid) {
		return r.RenderStatus(http.StatusUnprocessableEntity, page(r, "Mark yourself"), ratePage(markForm{Marks: words, Errs: errs.FieldsOf(err)}))
	}
	if err != nil {
		return err
	}
	return r.Go(home, "Kept. Only you see it.")
}

// round finds one of the person's own rounds.
func (w *Web) round(r *web.Req) (profileView, opposites.Round, error) {
	v, err := w.load(r)
	if err != nil {
		return v, opposites.Round{}, err
	}
	for _, one := range v.Rounds {
		if one.ID == r.Path("id") {
			return v, one, nil
		}
	}
	return v, opposites.Round{}, errs.Missing("round")
}

func (w *Web) correctPage(r *web.Req) error {
	_, one, err := w.round(r)
	if err != nil {
		return err
	}
	if !one.MayCorrect() {
		return r.Go(home, "What colleagues say stands beside these marks; they stay.")
	}
	return r.Render(page(r, "Correct your marks"), ratePage(markForm{ID: one.ID, Version: one.Version, Marks: typed(one.Marks)}))
}

func (w *Web) correct(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	var c errs.Check
	marks, words := readMarks(f)
	version := f.Int("version", &c)
	err = w.pairs.Correct(r.Context(), r.Who(), r.Path("id"), version, marks)
	if errs.Is(err, errs.Invalid) {
		return r.RenderStatus(http.StatusUnprocessableEntity, page(r, "Correct your marks"), ratePage(markForm{ID: r.Path("id"), Version: version, Marks: words, Errs: errs.FieldsOf(err)}))
	}
	if err != nil {
		return err
	}
	return r.Go(home, "Corrected.")
}

func (w *Web) note(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	var c errs.Check
	version := f.Int("version", &c)
	err = w.pairs.Note(r.Context(), r.Who(), r.Path("id"), version, f.Text("note"))
	if errs.Is(err, errs.Invalid) {
		v, e := w.load(r)
		if e != nil {
			return e
		}
		v.Note, v.Errs = f.Text("note"), errs.FieldsOf(err)
		return r.RenderStatus(http.StatusUnprocessableEntity, page(r, pageTitle), profilePage(v))
	}
	if err != nil {
		return err
	}
	return r.Go(home, "Kept, for you alone.")
}

func (w *Web) remove(r *web.Req) error {
	if err := w.pairs.Remove(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	return r.Go(home, "Deleted, with all that came in for it.")
}

// askView is the form in which a person asks colleagues.
type askView struct {
	Round         opposites.Round
	People, Until string
	Today         clock.Day
	From          clock.Day // the first day on which asking is possible; empty: today
	Errs          []ui.FieldError
}

func (w *Web) askPage(r *web.Req) error { return w.showAsk(r, http.StatusOK, askView{}) }

func (w *Web) showAsk(r *web.Req, status int, a askView) error {
	v, one, err := w.round(r)
	if err != nil {
		return err
	}
	a.Round, a.Today = one, v.Today
	if one.State == opposites.Alone {
		a.From = v.AskFrom
	}
	if a.Until == "" && len(a.Errs) == 0 {
		if a.Until = one.Until; a.Until == "" {
			a.Until = clock.AddDays(v.Today, 21)
		}
	}
	return r.RenderStatus(status, page(r, "Ask colleagues"), askPage(a))
}

func (w *Web) ask(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	a := askView{People: f.Text("people"), Until: f.Text("until")}
	err = w.pairs.Ask(r.Context(), r.Who(), r.Path("id"), strings.Split(a.People, "\n"), a.Until)
	if errs.Is(err, errs.Invalid) {
		a.Errs = errs.FieldsOf(err)
		return w.showAsk(r, http.StatusUnprocessableEntity, a)
	}
	if err != nil {
		return err
	}
	return r.Go(home, "They find it on their desk.")
}

func (w *Web) close(r *web.Req) error {
	if err := w.pairs.Close(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	return r.Go(home, "This round is over.")
}

func (w *Web) replyPage(r *web.Req) error {
	a, err := w.pairs.Request(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	return r.Render(r.Page("How you see "+a.By.Name, ""), replyPage(markForm{For: &a}))
}

func (w *Web) reply(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	marks, words := readMarks(f)
	err = w.pairs.Reply(r.Context(), r.Who(), r.Path("id"), marks)
	if errs.Is(err, errs.Invalid) {
		a, e := w.pairs.Request(r.Context(), r.Who(), r.Path("id"))
		if e != nil {
			return e
		}
		return r.RenderStatus(http.StatusUnprocessableEntity, r.Page("How you see "+a.By.Name, ""), replyPage(markForm{For: &a, Marks: words, Errs: errs.FieldsOf(err)}))
	}
	if err != nil {
		return err
	}
	return r.Go("/", "Counted. Nobody is told that it was you.")
}

func (w *Web) decline(r *web.Req) error {
	if err := w.pairs.Decline(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	return r.Go("/", "Declined. Nobody is told.")
}

// waits are the colleagues who ask how the reader sees them. What is not answered
// goes away by itself, and nobody is told.
func (w *Web) waits(r *web.Req) (out []ui.Wait, err error) {
	list, err := w.pairs.Requests(r.Context(), r.Who())
	for _, a := range list {
		out = append(out, ui.Wait{
			Cost: ui.CountsNot, Due: a.Until, Title: a.By.Name + " asks how you see them", Href: "/opposites/requests/" + a.Round,
			Says: "Twelve short questions, five minutes. Your answer is counted and not kept; you can decline, and nobody is told.",
			When: ui.Date(a.Until, w.pairs.Today()), Why: "after that it goes away by itself", Act: "Answer or decline",
		})
	}
	return out, err
}
