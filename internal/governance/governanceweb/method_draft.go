package governanceweb

import (
	"fmt"
	"net/http"

	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

type draftView struct {
	governance.Draft
	Name       string
	Base       *method.Method
	Changed    []changesOf
	Ready      bool // it can be read without a problem
	Problems   method.Problems
	Theirs     *governance.Draft // what somebody else wrote meanwhile
	Impact     *governance.Impact
	MayPublish bool
	Errors     []ui.FieldError
}

// Begun reports whether there is a draft, or only what one would begin with.
func (v draftView) Begun() bool { return v.Version > 0 }

func (v draftView) path() string { return "/methods/drafts/" + v.Method }

func (w *Web) readDraft(r *web.Req) (v draftView, err error) {
	var m *method.Method
	v.Draft, m, v.Base, v.Problems, err = w.gov.DraftOf(r.Context(), r.Who(), r.Path("method"))
	if err != nil {
		return v, err
	}
	v.compare(m)
	v.MayPublish = mayPublish(r)
	return v, nil
}

func (v *draftView) compare(m *method.Method) {
	v.Ready, v.Changed = m != nil, nil
	switch {
	case m != nil:
		v.Name = m.Name
	case v.Base != nil:
		v.Name = v.Base.Name
	default:
		v.Name = v.Method
	}
	if m != nil && v.Base != nil {
		v.Changed = byKind(method.Diff(v.Base, m))
	}
}

func (w *Web) draft(r *web.Req) error {
	v, err := w.readDraft(r)
	if err != nil {
		return err
	}
	return w.showDraft(r, http.StatusOK, v)
}

func (w *Web) showDraft(r *web.Req, status int, v draftView) error {
	return r.RenderStatus(status, methodPage(r, "Draft of the "+v.Name, methodsCrumb), draftPage(v))
}

// writeDraft keeps what was typed, wrong or right, and says what is wrong.
func (w *Web) writeDraft(r *web.Req) error {
	f, err := upload(r)
	if err != nil && len(errs.FieldsOf(err)) == 0 {
		return err
	}
	bad := errs.FieldsOf(err)
	v, err := w.readDraft(r)
	if err != nil {
		return err
	}
	if len(bad) > 0 {
		v.Errors = bad
		return w.showDraft(r, http.StatusUnprocessableEntity, v)
	}
	theirs := v.Draft
	var c errs.Check
	v.Text, v.Draft.Changes, v.Version = typedMethod(f), f.Text("changes"), f.Int("version", &c)
	v.Reasons = nil
	for _, x := range theirs.Reasons {
		if !f.Yes("without-" + x.ID) {
			v.Reasons = append(v.Reasons, x)
		}
	}
	err = c.Err()
	if err == nil {
		err = w.gov.WriteDraft(r.Context(), r.Who(), v.Draft)
	}
	if err == nil {
		return r.Go(v.path(), "Kept. Nothing is asked anew until it is published.")
	}
	if !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Conflict) {
		return err
	}
	var m *method.Method
	m, v.Problems = method.Read([]byte(v.Text))
	v.compare(m)
	v.Errors = errorsOf(err, "text")
	if errs.Is(err, errs.Conflict) {
		v.Theirs, v.Version = &theirs, theirs.Version
	}
	return w.showDraft(r, web.StatusOf(errs.KindOf(err)), v)
}

// tryDraft tells what the draft would change for the projects that run.
func (w *Web) tryDraft(r *web.Req) error {
	v, err := w.readDraft(r)
	if err != nil {
		return err
	}
	impact, err := w.gov.TryDraft(r.Context(), r.Who(), v.Method)
	if errs.Is(err, errs.Invalid) {
		return w.showDraft(r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	v.Impact = &impact
	p := methodPage(r, "Try the draft of the "+v.Name, methodsCrumb, ui.Crumb{Label: "Draft", Href: v.path()})
	return r.Render(p, tryPage(v))
}

func (w *Web) publishPage(r *web.Req) error { return w.showPublish(r, http.StatusOK, nil) }

func (w *Web) showPublish(r *web.Req, status int, bad []ui.FieldError) error {
	v, err := w.readDraft(r)
	if err != nil {
		return err
	}
	if !v.MayPublish {
		return errs.New(errs.Forbidden, "The head of PMO publishes a version of a method.")
	}
	if !v.Ready {
		return w.showDraft(r, http.StatusUnprocessableEntity, v)
	}
	impact, err := w.gov.TryDraft(r.Context(), r.Who(), v.Method)
	if err != nil {
		return err
	}
	v.Impact, v.Errors = &impact, bad
	p := methodPage(r, "Publish the draft of the "+v.Name, methodsCrumb, ui.Crumb{Label: "Draft", Href: v.path()})
	return r.RenderStatus(status, p, publishPage(v))
}

func (w *Web) publish(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	var c errs.Check
	version := f.Int("version", &c)
	if err := c.Err(); err != nil {
		return err
	}
	v, err := w.gov.Publish(r.Context(), r.Who(), r.Path("method"), version)
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		return w.showPublish(r, web.StatusOf(errs.KindOf(err)), errorsOf(err, "text"))
	}
	if err != nil {
		return err
	}
	return r.Go("/methods/versions/"+v.ID+"/move", fmt.Sprintf("Version %d is published. Projects stay where they are until you move them.", v.Number))
}

func (w *Web) dropDraft(r *web.Req) error {
	if err := w.gov.DropDraft(r.Context(), r.Who(), r.Path("method")); err != nil {
		return err
	}
	return r.Go("/methods", "The draft is thrown away.")
}
