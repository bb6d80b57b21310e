package careerweb

import (
	"net/http"
	"slices"
	"strings"

	"cairn/internal/career"
	"cairn/internal/career/paper"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// addDocuments adds the pages of what a person takes away of their career.
func (w *Web) addDocuments(m *web.Module) {
	own := func(method, pattern string, handle func(*web.Req) error) {
		m.Routes = append(m.Routes, web.Route{Method: method, Pattern: "/career/documents" + pattern, Action: career.OwnCareer, Handle: handle})
	}
	own(http.MethodGet, "", w.documents)
	own(http.MethodGet, "/{kind}", w.document)
	own(http.MethodPost, "/{kind}", w.setDocument)
	own(http.MethodPost, "/{kind}/discard", w.discardDocument)
	own(http.MethodGet, "/{kind}/pieces", w.documentPieces)
	own(http.MethodPost, "/{kind}/pieces", w.takeIn)
	own(http.MethodGet, "/{kind}/file", w.documentFile)
	own(http.MethodGet, "/{kind}/lines/new", w.documentLine)
	own(http.MethodPost, "/{kind}/lines", w.putLine)
	own(http.MethodGet, "/{kind}/lines/{id}", w.documentLine)
	own(http.MethodPost, "/{kind}/lines/{id}", w.putLine)
	own(http.MethodPost, "/{kind}/lines/{id}/remove", w.takeOut)
	m.API = append(m.API, w.documentsAPI()...)
}

var documentCrumbs = []ui.Crumb{{Label: "My evidence", Href: "/career/evidence"}, {Label: "Documents", Href: "/career/documents"}}

func (w *Web) documents(r *web.Req) error {
	begun, on, err := w.career.Papers(r.Context(), r.Who())
	if err != nil {
		return err
	}
	if !on {
		return w.off(r, "evidence")
	}
	p := r.Page("Documents of my career", "evidence")
	p.Crumbs = documentCrumbs[:1]
	return r.Render(p, documentsPage(begun))
}

// draft reads a draft; off is true when the page that says so has been shown.
func (w *Web) draft(r *web.Req) (d career.Draft, off bool, err error) {
	d, err = w.career.DraftOf(r.Context(), r.Who(), paper.Kind(r.Path("kind")))
	if err == nil && !d.On {
		return d, true, w.off(r, "evidence")
	}
	return d, false, err
}

type documentView struct {
	career.Draft
	Head    map[string]string // as typed
	Errors  []ui.FieldError
	Numbers map[string]int // of the evidence that is referred to
}

func (v *documentView) path() string { return "/career/documents/" + string(v.Spec.Kind) }

func (w *Web) document(r *web.Req) error {
	d, off, err := w.draft(r)
	switch {
	case err != nil || off:
		return err
	case d.Paper.Version == 0:
		return w.showPieces(r, http.StatusOK, d, nil)
	}
	return w.showDocument(r, http.StatusOK, documentView{Draft: d, Head: d.Paper.Values})
}

func (w *Web) showDocument(r *web.Req, status int, v documentView) error {
	_, v.Numbers = v.Leaves.Numbered()
	p := r.Page(v.Spec.Name, "evidence")
	p.Crumbs = documentCrumbs
	return r.RenderStatus(status, p, documentPage(v))
}

func (w *Web) setDocument(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	d, off, err := w.draft(r)
	if err != nil || off {
		return err
	}
	var c errs.Check
	version, values := f.Int("version", &c), map[string]string{}
	for _, field := range d.Spec.Head {
		values[field.Name] = f.Text(field.Name)
	}
	if err = c.Err(); err == nil {
		err = w.career.SetPaper(r.Context(), r.Who(), d.Spec.Kind, version, values)
	}
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		return w.showDocument(r, web.StatusOf(errs.KindOf(err)), documentView{Draft: d, Head: values, Errors: fieldsOr(err, "name")})
	}
	if err != nil {
		return err
	}
	return r.Go("/career/documents/"+r.Path("kind"), "Kept in your draft.")
}

// fieldsOr puts what concerns no field at the first one.
func fieldsOr(err error, first string) []ui.FieldError {
	if list := errs.FieldsOf(err); len(list) > 0 {
		return list
	}
	return []ui.FieldError{{Name: first, Message: web.MessageOf(err)}}
}

func (w *Web) discardDocument(r *web.Req) error {
	if err := w.career.Discard(r.Context(), r.Who(), paper.Kind(r.Path("kind"))); err != nil {
		return err
	}
	return r.Go("/career/documents", "The draft is deleted. Your evidence is as it was.")
}

func (w *Web) documentFile(r *web.Req) error {
	f, err := w.career.TakeAway(r.Context(), r.Who(), paper.Kind(r.Path("kind")), paper.Format(r.Query("format")))
	if errs.Is(err, errs.Invalid) {
		d, off, also := w.draft(r)
		if also != nil || off {
			return also
		}
		return w.showDocument(r, http.StatusUnprocessableEntity, documentView{Draft: d, Head: d.Paper.Values, Errors: errs.FieldsOf(err)})
	}
	if err != nil {
		return err
	}
	return r.File(f.MediaType, f.Name, f.Content)
}

type piecesView struct {
	career.Draft
	Errors []ui.FieldError
	Picked []string
}

func (v *piecesView) left() (kept, proposed []career.PaperPiece) {
	for _, p := range v.Pieces {
		switch {
		case v.Taken(p.Source):
		case p.Proposed:
			proposed = append(proposed, p)
		default:
			kept = append(kept, p)
		}
	}
	return kept, proposed
}

func (v *piecesView) ticked(p career.PaperPiece) bool {
	if v.Errors != nil {
		return slices.Contains(v.Picked, p.Source)
	}
	return !p.Proposed && v.Paper.Version == 0
}

func (w *Web) documentPieces(r *web.Req) error {
	d, off, err := w.draft(r)
	if err != nil || off {
		return err
	}
	return w.showPieces(r, http.StatusOK, d, nil)
}

func (w *Web) showPieces(r *web.Req, status int, d career.Draft, problems []ui.FieldError, picked ...string) error {
	p := r.Page(d.Spec.Name, "evidence")
	p.Crumbs = documentCrumbs
	if d.Paper.Version > 0 {
		p.Crumbs = append(slices.Clone(p.Crumbs), ui.Crumb{Label: d.Spec.Name, Href: "/career/documents/" + string(d.Spec.Kind)})
	}
	return r.RenderStatus(status, p, piecesPage(piecesView{Draft: d, Errors: problems, Picked: picked}))
}

func (w *Web) takeIn(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	picked := f.Values["pieces"]
	err = w.career.TakeIn(r.Context(), r.Who(), paper.Kind(r.Path("kind")), picked)
	if errs.Is(err, errs.Invalid) {
		d, off, also := w.draft(r)
		if also != nil || off {
			return also
		}
		return w.showPieces(r, http.StatusUnprocessableEntity, d, errs.FieldsOf(err), picked...)
	}
	if err != nil {
		return err
	}
	return r.Go("/career/documents/"+r.Path("kind"), "Taken in. Now word it for whoever reads it.")
}

type lineView struct {
	career.Draft
	Section paper.Section
	Line    paper.Line // as typed
	Sealed  paper.Line
	Errors  []ui.FieldError
}

func (v *lineView) path() string {
	if v.Line.ID == "" {
		return "/career/documents/" + string(v.Spec.Kind) + "/lines"
	}
	return "/career/documents/" + string(v.Spec.Kind) + "/lines/" + v.Line.ID
}

// fields are those that the person edits: what the evidence says is not among them.
func (v *lineView) fields() (out []paper.Field) {
	for _, f := range v.Section.Fields {
		if f.Typed && v.Line.Source != "" {
			continue
		}
		if by := v.Sealed.Verifier(); f.Name == "verifier" && by != "" {
			f.Hint = "Nothing typed is " + by + ", as the evidence has it."
		}
		out = append(out, f)
	}
	return out
}

// changed are the fields in which something else leaves than was typed.
func (v *lineView) changed() (out []paper.Field) {
	for _, f := range v.Section.Fields {
		if typed := v.Line.Values[f.Name]; typed != "" && v.Sealed.Values[f.Name] != typed {
			out = append(out, f)
		}
	}
	return out
}

// lineOf finds the line of the address, or begins one of the section that is asked for.
func (w *Web) lineOf(r *web.Req, section string) (v lineView, off bool, err error) {
	if v.Draft, off, err = w.draft(r); err != nil || off {
		return v, off, err
	}
	if v.Paper.Version == 0 {
		return v, false, errs.Missing("draft")
	}
	id := r.Path("id")
	if id != "" {
		l, ok := v.Paper.Line(id)
		if !ok {
			return v, false, errs.Missing("line")
		}
		v.Line, section = *l, l.Section
		sealed, _ := v.Leaves.Line(id)
		v.Sealed = *sealed
	}
	s, ok := v.Spec.Section(section)
	if !ok || id == "" && !s.Typed {
		return v, false, errs.Missing("part of this document")
	}
	if v.Section = s; id == "" {
		v.Line = paper.Line{Section: s.ID, Values: map[string]string{}}
		v.Sealed = v.Line
	}
	return v, false, nil
}

func (w *Web) documentLine(r *web.Req) error {
	v, off, err := w.lineOf(r, r.Query("section"))
	if err != nil || off {
		return err
	}
	return w.showLine(r, http.StatusOK, v)
}

func (w *Web) showLine(r *web.Req, status int, v lineView) error {
	title := "A new " + v.Section.One
	if v.Line.ID != "" {
		title = upperFirst(v.Section.One)
	}
	p := r.Page(title, "evidence")
	p.Crumbs = append(slices.Clone(documentCrumbs), ui.Crumb{Label: v.Spec.Name, Href: "/career/documents/" + string(v.Spec.Kind)})
	return r.RenderStatus(status, p, linePage(v, title))
}

func (w *Web) putLine(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v, off, err := w.lineOf(r, f.Text("section"))
	if err != nil || off {
		return err
	}
	var c errs.Check
	v.Line.Values = map[string]string{}
	for _, field := range v.fields() {
		if v.Line.Values[field.Name] = f.Text(field.Name); field.Type == paper.Refs {
			v.Line.Values[field.Name] = strings.Join(f.Values[field.Name], ",")
		}
	}
	if v.Line.ID != "" {
		v.Line.Version = f.Int("version", &c)
	}
	if err = c.Err(); err == nil {
		_, err = w.career.PutLine(r.Context(), r.Who(), v.Spec.Kind, v.Line)
	}
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		if have, ok := v.Paper.Line(v.Line.ID); ok { // the page is of the version that it shows
			v.Line.Version = have.Version
		}
		v.Errors, v.Sealed = fieldsOr(err, "title"), v.Line
		return w.showLine(r, web.StatusOf(errs.KindOf(err)), v)
	}
	if err != nil {
		return err
	}
	return r.Go("/career/documents/"+r.Path("kind"), "Kept in your draft.")
}

func (w *Web) takeOut(r *web.Req) error {
	if err := w.career.TakeOut(r.Context(), r.Who(), paper.Kind(r.Path("kind")), r.Path("id")); err != nil {
		return err
	}
	return r.Go("/career/documents/"+r.Path("kind"), "Taken out. Its evidence stays, and can be taken in again.")
}
