package careerweb

import (
	"net/http"
	"slices"
	"strings"

	"cairn/internal/career"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// pieces is how many pieces of evidence a page shows.
const pieces = 40

type evidenceView struct {
	career.Ledger
	Show  string
	Shown []*career.Group
	Next  string
	Today string
}

// shows are the parts of the ledger, as the address names them.
var shows = []struct{ ID, Label, State string }{
	{"", "Proposed", career.Proposed},
	{"kept", "Kept", career.Accepted},
	{"own", "Own entries", ""},
	{"dropped", "Dropped", career.Dropped},
}

func (v *evidenceView) count(id, state string) int {
	if id == "own" {
		return len(v.Entries)
	}
	return len(v.In(state))
}

func (w *Web) evidence(r *web.Req) error {
	l, err := w.career.Ledger(r.Context(), r.Who())
	if err != nil {
		return err
	}
	if !l.On {
		return w.off(r, "evidence")
	}
	v := evidenceView{Ledger: l, Show: r.Query("show"), Today: w.career.Today()}
	at := slices.IndexFunc(shows, func(s struct{ ID, Label, State string }) bool { return s.ID == v.Show })
	if at < 0 {
		return errs.Missing("list")
	}
	if v.Show != "own" {
		if v.Shown, v.Next, err = page(v.In(shows[at].State), r.Query("after")); err != nil {
			return err
		}
		if v.Next != "" {
			v.Next = "/career/evidence?show=" + v.Show + "&after=" + v.Next
		}
	}
	p := r.Page("My evidence", "evidence")
	return r.Render(p, evidencePage(v))
}

// off is the page of a career that is off, under the heading that was asked for.
func (w *Web) off(r *web.Req, section string) error {
	st, err := w.career.Standing(r.Context(), r.Who())
	if err != nil {
		return err
	}
	return r.Render(r.Page("My evidence", section), offPage(st))
}

// page gives the groups that come after one, and where the next page begins.
func page(list []*career.Group, after string) (shown []*career.Group, next string, err error) {
	if after != "" {
		i := slices.IndexFunc(list, func(g *career.Group) bool { return g.ID == after })
		if i < 0 {
			return nil, "", errs.OnField("after", "This place in the list is not there. Begin at the first page.")
		}
		list = list[i+1:]
	}
	if len(list) > pieces {
		return list[:pieces], list[pieces-1].ID, nil
	}
	return list, "", nil
}

// ledger reads the ledger for a page that exists only while the career is on.
func (w *Web) ledger(r *web.Req) (career.Ledger, error) {
	l, err := w.career.Ledger(r.Context(), r.Who())
	if err == nil && !l.On {
		err = errs.New(errs.NotFound, "Your career is off. Turn it on under My standing.")
	}
	return l, err
}

type pieceView struct {
	career.Ledger
	Group  *career.Group
	Claim  career.Claim // as typed
	Ask    askView
	Errors []ui.FieldError
	Today  string
}

func (w *Web) piece(r *web.Req) error { return w.showPiece(r, http.StatusOK, pieceView{}) }

func (w *Web) showPiece(r *web.Req, status int, v pieceView) error {
	l, err := w.ledger(r)
	if err != nil {
		return err
	}
	g, ok := l.GroupOf(r.Path("id"))
	if !ok {
		return errs.Missing("piece of evidence")
	}
	if v.Ledger, v.Group, v.Today = l, g, w.career.Today(); v.Errors == nil {
		v.Claim = g.Claim
	}
	v.Ask.about(career.AboutGroup, g.ID, g.Kind, g.Leaves(l.By), l.By)
	if v.Ask.Near, err = w.career.Near(r.Context(), r.Who(), g.Project, g.Body); err != nil {
		return err
	}
	p := r.Page("A piece of evidence", "evidence")
	p.Crumbs = evidenceCrumbs
	return r.RenderStatus(status, p, piecePage(v))
}

var evidenceCrumbs = []ui.Crumb{{Label: "My evidence", Href: "/career/evidence"}}

// claim keeps a piece in the person's words, drops it, or leaves it open again.
func (w *Web) claim(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	var c errs.Check
	version := f.Int("version", &c)
	claim := career.Claim{State: pressed(f), Words: f.Text("words"), Leaves: f.Text("leaves"), Hides: hides(f)}
	if err = c.Err(); err == nil {
		err = w.career.Claim(r.Context(), r.Who(), r.Path("id"), version, claim)
	}
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		fields := errs.FieldsOf(err)
		if errs.Is(err, errs.Conflict) {
			fields = []ui.FieldError{{Name: "words", Message: web.MessageOf(err)}}
		}
		return w.showPiece(r, web.StatusOf(errs.KindOf(err)), pieceView{Claim: claim, Errors: fields})
	}
	if err != nil {
		return err
	}
	said := map[string]string{career.Accepted: "Kept. Only you see it.", career.Dropped: "Dropped. It does not count, and nobody learns of it.", career.Proposed: "Proposed again."}[claim.State]
	if back := f.Text("back"); web.LocalPath(back) {
		return r.Go(back, said)
	}
	return r.Go("/career/evidence/"+r.Path("id"), said)
}

// pressed is what a button makes of a piece.
func pressed(f web.Form) string {
	switch {
	case f.Yes("drop"):
		return career.Dropped
	case f.Yes("again"):
		return career.Proposed
	}
	return career.Accepted
}

func hides(f web.Form) (out []string) {
	for _, h := range career.Hides {
		if f.Yes("hide_" + h) {
			out = append(out, h)
		}
	}
	return out
}

type entryView struct {
	career.Ledger
	Entry  career.Entry
	Typed  entryForm
	Ask    askView
	Errors []ui.FieldError
	Today  string
}

// entryForm is an entry as it is typed.
type entryForm struct {
	From, To, Pieces, Hours, Projects, People, Bodies string
}

func (w *Web) newEntry(r *web.Req) error {
	return w.showEntry(r, http.StatusOK, entryView{Typed: entryForm{Pieces: "1"}, Entry: career.Entry{Role: activity.Led}})
}

func (w *Web) entry(r *web.Req) error { return w.showEntry(r, http.StatusOK, entryView{}) }

func (w *Web) showEntry(r *web.Req, status int, v entryView) error {
	l, err := w.ledger(r)
	if err != nil {
		return err
	}
	v.Ledger, v.Today = l, w.career.Today()
	title := "Work elsewhere"
	if id := r.Path("id"); id != "" {
		e, ok := l.EntryOf(id)
		if !ok {
			return errs.Missing("entry")
		}
		if v.Errors == nil {
			v.Entry, v.Typed = *e, typed(*e)
		}
		v.Entry.ID, v.Entry.Version, v.Entry.Asked, title = e.ID, e.Version, e.Asked, "An entry of your own"
		v.Ask.about(career.AboutEntry, e.ID, e.Kind, e.LeavesAs(), l.By)
	}
	p := r.Page(title, "evidence")
	p.Crumbs = evidenceCrumbs
	return r.RenderStatus(status, p, entryPage(v))
}

func (w *Web) enter(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	var c errs.Check
	v := entryView{Typed: entryForm{f.Text("from"), f.Text("to"), f.Text("pieces"), f.Text("hours"), f.Text("projects"), f.Text("people"), f.Text("bodies")}}
	v.Entry = career.Entry{
		ID: r.Path("id"), Kind: f.Text("kind"), Role: activity.RoleInWork(f.Text("role")), Words: f.Text("words"), From: startOf(v.Typed.From), To: endOf(v.Typed.To),
		ProjectName: f.Text("project"), Tier: f.Text("tier"), Finished: f.Yes("finished"), Outside: f.Yes("outside_office"),
		Pieces: number(f, "pieces", &c), Hours: number(f, "hours", &c), Projects: number(f, "projects", &c), People: number(f, "people", &c), Bodies: number(f, "bodies", &c),
		About: f.Values["about"], Leaves: f.Text("leaves"), Hides: hides(f),
	}
	if v.Entry.ID != "" {
		v.Entry.Version = f.Int("version", &c)
	}
	id := ""
	if err = c.Err(); err == nil {
		id, err = w.career.Enter(r.Context(), r.Who(), v.Entry)
	}
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		if v.Errors = errs.FieldsOf(err); errs.Is(err, errs.Conflict) {
			v.Errors = []ui.FieldError{{Name: "words", Message: web.MessageOf(err)}}
		}
		return w.showEntry(r, web.StatusOf(errs.KindOf(err)), v)
	}
	if err != nil {
		return err
	}
	return r.Go("/career/entries/"+id, "Kept, on your own word. Ask somebody who was there to confirm it.")
}

// number reads a field in which nothing is nought.
func number(f web.Form, name string, c *errs.Check) int64 {
	if strings.TrimSpace(f.Text(name)) == "" {
		return 0
	}
	return f.Int(name, c)
}

func (w *Web) takeBack(r *web.Req) error {
	if err := w.career.TakeBack(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	return r.Go("/career/evidence?show=own", "Taken back, with what others said to it.")
}
