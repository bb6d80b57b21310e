package cpdweb

import (
	"net/http"
	"strings"

	"cairn/internal/cpd"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

const section, home, pageTitle = "cpd", "/cpd", "CPD log"

func page(r *web.Req, title string) ui.Page {
	p := r.Page(title, section)
	if title != pageTitle {
		p.Crumbs = []ui.Crumb{{Label: pageTitle, Href: home}}
	}
	return p
}

// logView is the page of the log.
type logView struct {
	cpd.Log
	Today clock.Day
	Next  string // address of the page after this one
	First bool
}

func (w *Web) log(r *web.Req) error {
	cur, err := web.ParseCursor("cpd", r.Query("after"))
	if err != nil {
		return err
	}
	v := logView{Today: w.cpd.Today(), First: cur == nil}
	day, id := "", ""
	if cur != nil {
		day, id = cur.Key, cur.ID
	}
	if v.Log, err = w.cpd.Log(r.Context(), r.Who(), day, id); err != nil {
		return err
	}
	if v.More {
		last := v.Entries[len(v.Entries)-1]
		v.Next = "/cpd?after=" + web.Cursor{List: "cpd", Key: last.To, ID: last.ID}.String()
	}
	return r.Render(page(r, pageTitle), logPage(v))
}

func (w *Web) export(r *web.Req) error {
	f, err := w.cpd.Export(r.Context(), r.Who(), r.Query("period"), r.Query("format"))
	if err != nil {
		return err
	}
	return r.File(f.MediaType, f.Name, f.Content)
}

// entryForm is the form of one entry.
type entryForm struct {
	cpd.Entry
	Hours   string        // as they were typed
	Schemes []cpd.Scheme  // that the person keeps, and those in which the entry counts
	From    *cpd.Proposal // what the record proposes
	Today   clock.Day
	Errs    []ui.FieldError
}

func (w *Web) newEntry(r *web.Req) error {
	v := entryForm{Entry: cpd.Entry{Places: map[string]string{}}}
	if source := r.Query("proposal"); source != "" {
		p, err := w.cpd.Proposal(r.Context(), r.Who(), source)
		if err != nil {
			return err
		}
		v.From, v.Source, v.Title, v.Entry.From, v.To = &p, p.Source, p.Words, p.On, p.On
		v.Minutes = p.Minutes
		if p.Minutes > 0 {
			v.Hours = cpd.Hours(p.Minutes)
		}
	}
	return w.showEntry(r, http.StatusOK, v)
}

func (w *Web) showEntry(r *web.Req, status int, v entryForm) error {
	c, err := w.cpd.Catalogue(r.Context(), r.Who())
	if err != nil {
		return err
	}
	v.Today = w.cpd.Today()
	day := v.To
	if !clock.ValidDay(day) {
		day = v.Today
	}
	v.Schemes = c.Kept(day, v.Places)
	if v.From != nil { // where it is likely to count; the person says
		for _, s := range v.Schemes {
			v.Places[s.ID] = s.PlaceFor(v.From.Kind)
		}
	}
	return r.RenderStatus(status, page(r, entryTitle(v)), entryPage(v))
}

func entryTitle(v entryForm) string {
	if v.ID == "" {
		return "Add an entry"
	}
	return "Change the entry"
}

// readEntry reads the form; what is wrong with the hours is noted beside the rest.
func readEntry(f web.Form) (v entryForm, c errs.Check) {
	v.Entry = cpd.Entry{
		From: f.Text("from"), To: f.Text("to"), Title: f.Text("title"), Provider: f.Text("provider"), Proof: f.Text("proof"),
		Reflection: f.Text("reflection"), Source: f.Text("source"), Places: map[string]string{}, Version: f.Int("version", &c),
	}
	if v.To == "" {
		v.To = v.Entry.From
	}
	v.Hours = f.Text("hours")
	var ok bool
	if v.Minutes, ok = cpd.ReadHours(v.Hours); !ok {
		c.Add("hours", "Enter hours in quarters, such as 1.5.")
	}
	for name := range f.Values {
		if id, ok := strings.CutPrefix(name, "in_"); ok && f.Text(name) != "" {
			v.Places[id] = f.Text(name)
		}
	}
	return v, c
}

// together are the errors of the form and those of the service, one a field.
func together(c errs.Check, err error) []ui.FieldError {
	list := errs.FieldsOf(c.Err())
	for _, f := range errs.FieldsOf(err) {
		if ui.ErrorAt(list, f.Name) == "" {
			list = append(list, f)
		}
	}
	return list
}

func (w *Web) add(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v, c := readEntry(f)
	if c.Err() != nil {
		v.Minutes = -1 // nothing is kept, and what else is wrong is said too
	}
	_, err = w.cpd.Add(r.Context(), r.Who(), v.Entry)
	if errs.Is(err, errs.Invalid) {
		v.Errs = together(c, err)
		return w.showEntry(r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return r.Go(home, "Added.")
}

func (w *Web) entry(r *web.Req) error {
	e, err := w.cpd.Entry(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	return w.showEntry(r, http.StatusOK, entryForm{Entry: e, Hours: cpd.Hours(e.Minutes)})
}

func (w *Web) change(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v, c := readEntry(f)
	v.ID = r.Path("id")
	if c.Err() != nil {
		v.Minutes = -1 // nothing is kept, and what else is wrong is said too
	}
	err = w.cpd.Change(r.Context(), r.Who(), v.Entry)
	if errs.Is(err, errs.Invalid) {
		v.Errs = together(c, err)
		return w.showEntry(r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return r.Go(home, "Changed.")
}

func (w *Web) remove(r *web.Req) error {
	if err := w.cpd.Remove(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	return r.Go(home, "Deleted.")
}

func (w *Web) drop(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	if err := w.cpd.Drop(r.Context(), r.Who(), f.Text("source")); err != nil {
		return err
	}
	return r.Go(home, "Not proposed any more. Nobody else learns of it.")
}

// waits are the periods of the reader that end soon and lack something.
func (w *Web) waits(r *web.Req) (out []ui.Wait, err error) {
	list, err := w.cpd.Reminders(r.Context(), r.Who())
	for _, p := range list {
		due, why := p.To, "the period ends; only you see it"
		if p.Over {
			due, why = p.Deadline(), "the period has ended, and this is its deadline; only you see it"
		}
		out = append(out, ui.Wait{
			Cost: ui.CountsNot, Due: due, Title: "Learning record: " + p.Scheme.Name, Href: "/cpd/entries/new", Says: stateText(p),
			When: ui.Date(due, w.cpd.Today()), Why: why, Act: "Add an entry",
		})
	}
	return out, err
}
