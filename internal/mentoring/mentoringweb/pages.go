package mentoringweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/mentoring"
)

// reading is what the words of a page need to know.
type reading struct {
	names map[string]string // of competencies
	gaps  map[string]string // of the reader, by competency
	me    string
}

func (w *Web) reading(r *web.Req) (v reading, err error) {
	topics, err := w.mentoring.Topics(r.Context())
	if err != nil {
		return v, err
	}
	v.names, v.me = map[string]string{}, r.Who().Person
	for _, t := range topics {
		v.names[t.ID] = t.Name
	}
	v.gaps, err = w.matching.Gaps(r.Context(), r.Who())
	return v, err
}

// forMe says which topics of an offer are gaps of the reader, and for what.
func (v reading) forMe(o mentoring.Offer) (out []string) {
	for _, id := range o.Topics {
		if why := v.gaps[id]; why != "" {
			out = append(out, v.name(id)+": "+why)
		}
	}
	return out
}

func (v reading) name(id string) string {
	if n := v.names[id]; n != "" {
		return n
	}
	return id // of an earlier framework
}

type listView struct {
	mentoring.Sheet
	reading
	Next string
}

func (w *Web) list(r *web.Req) error {
	var v listView
	cur, err := web.ParseCursor("mentoring", r.Query("after"))
	if err != nil {
		return err
	}
	if cur == nil {
		cur = &web.Cursor{}
	}
	if v.Sheet, err = w.mentoring.Offers(r.Context(), r.Who(), cur.Key, cur.ID); err != nil {
		return err
	}
	if v.reading, err = w.reading(r); err != nil {
		return err
	}
	if v.NextID != "" {
		v.Next = "/mentoring?after=" + url.QueryEscape(web.Cursor{List: "mentoring", Key: v.NextKey, ID: v.NextID}.String())
	}
	return r.Render(r.Page("Mentoring", "mentoring"), listPage(v))
}

// offerForm is what was typed about an offer.
type offerForm struct {
	Topics                             []string
	Words, Weeks, Places, Until, There string // There is the version of the offer that is changed
}

func (f offerForm) read() mentoring.Offer {
	return mentoring.Offer{Topics: f.Topics, Words: f.Words, Weeks: number(f.Weeks), Places: number(f.Places), Until: f.Until}
}

// number reads a small whole number; what is none is 0, which is refused with words.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// version reads which version a form was made for; what is none conflicts.
func version(f web.Form) int64 {
	n, err := strconv.ParseInt(f.Text("version"), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

type offerView struct {
	Topics []mentoring.Topic
	Form   offerForm
	Errors []ui.FieldError
}

func (w *Web) crumbed(r *web.Req, title string) ui.Page {
	p := r.Page(title, "mentoring")
	p.Crumbs = []ui.Crumb{{Label: "Mentoring", Href: "/mentoring"}}
	return p
}

func (w *Web) ownOffer(r *web.Req) error {
	sh, err := w.mentoring.Offers(r.Context(), r.Who(), "", "")
	if err != nil {
		return err
	}
	v := offerView{Form: offerForm{Weeks: "4", Places: "1"}}
	if o := sh.Own; o != nil {
		v.Form = offerForm{o.Topics, o.Words, strconv.Itoa(o.Weeks), strconv.Itoa(o.Places), o.Until, strconv.FormatInt(o.Version, 10)}
	}
	return w.showOwnOffer(r, http.StatusOK, v)
}

func (w *Web) showOwnOffer(r *web.Req, status int, v offerView) (err error) {
	if v.Topics, err = w.mentoring.Topics(r.Context()); err != nil {
		return err
	}
	return r.RenderStatus(status, w.crumbed(r, "Offer to mentor"), offerPage(v))
}

func (w *Web) saveOffer(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v := offerView{Form: offerForm{f.Values["topics"], f.Text("words"), f.Text("weeks"), f.Text("places"), f.Text("until"), f.Text("version")}}
	_, err = w.mentoring.SaveOffer(r.Context(), r.Who(), version(f), v.Form.read())
	if refused(err) {
		v.Errors = problems(err)
		return w.showOwnOffer(r, web.StatusOf(errs.KindOf(err)), v)
	}
	if err != nil {
		return err
	}
	return r.Go("/mentoring", "Offered. Everybody with an account sees it, all alike.")
}

func refused(err error) bool { return errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) }

func problems(err error) []ui.FieldError {
	if list := errs.FieldsOf(err); len(list) > 0 {
		return list
	}
	return []ui.FieldError{{Name: "main", Message: web.MessageOf(err)}}
}

func (w *Web) withdrawOffer(r *web.Req) error {
	if err := w.mentoring.WithdrawOffer(r.Context(), r.Who()); err != nil {
		return err
	}
	return r.Go("/mentoring", "Taken back. Pairs that agreed go on.")
}

type askView struct {
	mentoring.Offer
	reading
	Today, Weeks, Asked string
	May                 bool
	Errors              []ui.FieldError
}

func (w *Web) offer(r *web.Req) error { return w.showOffer(r, http.StatusOK, askView{}) }

func (w *Web) showOffer(r *web.Req, status int, v askView) (err error) {
	if v.Offer, err = w.mentoring.Offer(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	if v.reading, err = w.reading(r); err != nil {
		return err
	}
	v.Today = w.mentoring.Today()
	if v.May = v.Offer.Open(v.Today) && v.Offer.Person != v.me; v.Weeks == "" {
		v.Weeks = strconv.Itoa(v.Offer.Weeks)
	}
	return r.RenderStatus(status, w.crumbed(r, v.Offer.Name+" offers to mentor"), askPage(v))
}

func (w *Web) ask(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v := askView{Asked: f.Text("words"), Weeks: f.Text("weeks")}
	p, err := w.mentoring.Ask(r.Context(), r.Who(), r.Path("id"), number(v.Weeks), v.Asked)
	if refused(err) {
		v.Errors = problems(err)
		return w.showOffer(r, web.StatusOf(errs.KindOf(err)), v)
	}
	if err != nil {
		return err
	}
	return r.Go("/mentoring/pairs/"+p.ID, "Asked. Only "+p.MentorName+" knows; if they say no, nothing of it is kept.")
}

// onDesk is what the desk shows of the reader's pairs, read once.
func (w *Web) onDesk(r *web.Req) ([]mentoring.Pair, error) {
	return web.Once(r, "mentoring", func() ([]mentoring.Pair, error) { return w.mentoring.Waiting(r.Context(), r.Who()) })
}

// waits are the pairs that wait for the reader's answer.
func (w *Web) waits(r *web.Req) (out []ui.Wait, err error) {
	list, err := w.onDesk(r)
	me := r.Who().Person
	for _, p := range list {
		if p.Waits(me) {
			out = append(out, ui.Wait{
				Cost: ui.HoldsUp, Title: "Mentoring: " + p.Other(me) + " asks you", Href: "/mentoring/pairs/" + p.ID, Says: p.Words,
				When: "No date", Why: "they wait; only the two of you know", Act: "Answer",
			})
		}
	}
	return out, err
}

// deskPanel shows the pairs that meet.
func (w *Web) deskPanel(r *web.Req, _ string) (templ.Component, error) {
	all, err := w.onDesk(r)
	list := slices.DeleteFunc(slices.Clone(all), func(p mentoring.Pair) bool { return p.Waits(r.Who().Person) })
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return deskPanel(list, r.Who().Person, w.mentoring.Today()), nil
}
