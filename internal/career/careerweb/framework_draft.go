package careerweb

import (
	"io"
	"net/http"
	"strconv"
	"strings"

	"cairn/internal/career"
	"cairn/internal/career/framework"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

type frameworkDraftView struct {
	career.FrameworkDraft
	Changed    []changesOf
	People     []string
	Theirs     *career.FrameworkDraft // what somebody else wrote meanwhile
	MayPublish bool
	Errors     []ui.FieldError
}

// Begun reports whether there is a draft, or only what one would begin with.
func (v frameworkDraftView) Begun() bool { return v.Version > 0 }

func (v *frameworkDraftView) compare() {
	v.Changed = nil
	if v.Framework != nil && v.Base != nil {
		v.Changed = byPart(framework.Diff(v.Base, v.Framework))
	}
}

func (w *Web) readFrameworkDraft(r *web.Req) (v frameworkDraftView, err error) {
	v.MayPublish = may(r, career.PublishFramework)
	if v.FrameworkDraft, err = w.career.FrameworkDraft(r.Context(), r.Who()); err == nil {
		v.compare()
	}
	return v, err
}

func (w *Web) frameworkDraft(r *web.Req) error {
	v, err := w.readFrameworkDraft(r)
	if err != nil {
		return err
	}
	return w.showFrameworkDraft(r, http.StatusOK, v)
}

func (w *Web) showFrameworkDraft(r *web.Req, status int, v frameworkDraftView) error {
	return r.RenderStatus(status, frameworkPage(r, "Draft of the framework", ui.Crumb{Label: "Versions", Href: "/framework/versions"}), frameworkDraftPage(v))
}

// uploaded reads a form that may carry a file: the file's text stands under "file".
func uploaded(r *web.Req) (web.Form, error) {
	const most = 4 * framework.MaxSize
	r.R.Body = http.MaxBytesReader(r.W, r.R.Body, most)
	if !strings.HasPrefix(r.R.Header.Get("Content-Type"), "multipart/") {
		return r.Form()
	}
	if err := r.R.ParseMultipartForm(most); err != nil {
		return web.Form{}, errs.Because(errs.Invalid, err, "The form could not be read. It may be too large.")
	}
	defer func() { _ = r.R.MultipartForm.RemoveAll() }()
	f, err := web.CleanForm(r.R.MultipartForm.Value)
	list := r.R.MultipartForm.File["file"]
	if err != nil || len(list) == 0 || list[0].Size == 0 && list[0].Filename == "" {
		return f, err
	}
	file, err := list[0].Open()
	if err != nil {
		return f, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, framework.MaxSize+1))
	if err != nil {
		return f, err
	}
	one, err := web.CleanForm(map[string][]string{"file": {strings.TrimPrefix(string(content), "\ufeff")}})
	if err != nil {
		return f, errs.OnField("file", "This file is no text. Choose the YAML file of a framework.")
	}
	if p := framework.NoFramework([]byte(one.Text("file"))); p != nil { // there would be nothing to put right in it
		return f, errs.OnField("file", "The draft stays as it is: %s.", p.Says)
	}
	f.Set("file", one.Text("file"))
	return f, nil
}

// writeFramework keeps what was typed, wrong or right, and says what is wrong.
func (w *Web) writeFramework(r *web.Req) error {
	f, err := uploaded(r)
	bad := errs.FieldsOf(err)
	if err != nil && len(bad) == 0 {
		return err
	}
	wrong := err
	v, err := w.readFrameworkDraft(r)
	if err != nil {
		return err
	}
	var c errs.Check
	theirs := v.FrameworkDraft
	v.Text, v.FrameworkDraft.Changes, v.Version = f.Text("text"), f.Text("changes"), f.Int("version", &c)
	if f.Text("file") != "" {
		v.Text = f.Text("file")
	}
	if v.Text != "" {
		v.Text += "\n" // a file ends with the end of its last line
	}
	if err = wrong; err == nil {
		err = c.Err()
	}
	if err == nil {
		err = w.career.WriteFramework(r.Context(), r.Who(), v.FrameworkDraft)
	}
	if err == nil {
		return r.Go("/framework/draft", "Kept. Nobody is measured by it until it is published.")
	}
	return w.refusedDraft(r, v, theirs, err)
}

// refusedDraft shows what was typed beside what is wrong, or beside what somebody
// else kept meanwhile.
func (w *Web) refusedDraft(r *web.Req, v frameworkDraftView, theirs career.FrameworkDraft, err error) error {
	if !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Conflict) {
		return err
	}
	v.Judge()
	v.compare()
	v.Errors = errorsOf(err, "text")
	if errs.Is(err, errs.Conflict) {
		v.Theirs, v.Version = &theirs, theirs.Version
	}
	return w.showFrameworkDraft(r, web.StatusOf(errs.KindOf(err)), v)
}

// draftShipped begins a draft from the text that comes with Cairn.
func (w *Web) draftShipped(r *web.Req) error {
	v, err := w.readFrameworkDraft(r)
	if err != nil {
		return err
	}
	if v.Begun() {
		return r.Go("/framework/draft", "There is a draft already. Publish it or throw it away first.")
	}
	v.Text = string(framework.DefaultFile())
	if err := w.career.WriteFramework(r.Context(), r.Who(), v.FrameworkDraft); err != nil {
		return err
	}
	return r.Go("/framework/draft", "The framework that comes with this version of Cairn is the draft now.")
}

func (w *Web) dropFramework(r *web.Req) error {
	if err := w.career.DropFramework(r.Context(), r.Who()); err != nil {
		return err
	}
	return r.Go("/framework/versions", "The draft is thrown away.")
}

func (w *Web) publishFrameworkPage(r *web.Req) error {
	return w.showFrameworkPublish(r, http.StatusOK, nil)
}

func (w *Web) showFrameworkPublish(r *web.Req, status int, bad []ui.FieldError) error {
	v, err := w.readFrameworkDraft(r)
	if err != nil {
		return err
	}
	if v.Framework == nil || !v.Begun() {
		return w.showFrameworkDraft(r, http.StatusUnprocessableEntity, v)
	}
	if _, v.People, err = w.career.FrameworkEffects(r.Context(), r.Who()); err != nil {
		return err
	}
	v.Errors = bad
	p := frameworkPage(r, "Publish the framework", ui.Crumb{Label: "Draft", Href: "/framework/draft"})
	return r.RenderStatus(status, p, frameworkPublishPage(v))
}

func (w *Web) publishFramework(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	var c errs.Check
	version := f.Int("version", &c)
	if err := c.Err(); err != nil {
		return err
	}
	v, err := w.career.PublishFramework(r.Context(), r.Who(), version)
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		return w.showFrameworkPublish(r, web.StatusOf(errs.KindOf(err)), errorsOf(err, "text"))
	}
	if err != nil {
		return err
	}
	return r.Go("/framework/versions/"+v.ID, "Version "+strconv.Itoa(v.Number)+" is in force. Standings are computed by it from now on.")
}

// partView is a part of the draft as a form.
type partView struct {
	Of      string
	Name    string
	Version int64
	Groups  []fieldGroup
	Errors  []ui.FieldError
}

type fieldGroup struct {
	Title, Rule string
	Fields      []ui.Input
}

// group gives the group of a title, and begins it if there is none.
func (v *partView) group(title string) *fieldGroup {
	for i := range v.Groups {
		if v.Groups[i].Title == title {
			return &v.Groups[i]
		}
	}
	v.Groups = append(v.Groups, fieldGroup{Title: title})
	return &v.Groups[len(v.Groups)-1]
}

func (w *Web) frameworkPart(r *web.Req) error {
	d, err := w.career.FrameworkDraft(r.Context(), r.Who())
	if err != nil {
		return err
	}
	return w.showPart(r, http.StatusOK, d, r.Query("of"), nil, nil)
}

func (w *Web) showPart(r *web.Req, status int, d career.FrameworkDraft, of string, typed map[string]string, bad []ui.FieldError) error {
	fields, err := framework.Fields([]byte(d.Text), of)
	if err != nil {
		return errs.Missing("part of the draft")
	}
	v := partView{Of: of, Version: d.Version, Errors: bad, Name: of[strings.IndexByte(of, '/')+1:]}
	for i, f := range fields {
		if f.Path == of+"/name" {
			v.Name = f.Value
		}
		if t, ok := typed[f.Path]; ok {
			f.Value = t
		}
		g := v.group(groupTitle(of, f))
		if g.Rule == "" {
			g.Rule = ruleWords(d.Base, f)
		}
		g.Fields = append(g.Fields, fieldInput(i, f, bad))
	}
	p := frameworkPage(r, v.Name, ui.Crumb{Label: "Draft", Href: "/framework/draft"})
	return r.RenderStatus(status, p, frameworkPartPage(v))
}

// writeFrameworkPart puts the values of a form into the text of the draft and leaves
// the rest of it as it is.
func (w *Web) writeFrameworkPart(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	d, err := w.career.FrameworkDraft(r.Context(), r.Who())
	if err != nil {
		return err
	}
	of := f.Text("of")
	fields, err := framework.Fields([]byte(d.Text), of)
	if err != nil {
		return errs.Missing("part of the draft")
	}
	var c errs.Check
	version := f.Int("version", &c)
	typed, values := map[string]string{}, map[string]string{}
	for i, x := range fields {
		name := fieldName(i)
		typed[x.Path] = f.Text(name)
		if strings.Join(strings.Fields(f.Text(name)), " ") == strings.Join(strings.Fields(x.Value), " ") {
			continue
		}
		values[x.Path] = f.Text(name)
		if n, err := strconv.Atoi(f.Text(name)); x.Number && (err != nil || n < 0 || n > 100_000) {
			c.Add(name, "Enter a whole number from 0.")
		}
	}
	if err := c.Err(); err != nil {
		return w.showPart(r, http.StatusUnprocessableEntity, d, of, typed, errs.FieldsOf(err))
	}
	text, err := framework.Edit([]byte(d.Text), values)
	if err != nil {
		return w.showPart(r, http.StatusUnprocessableEntity, d, of, typed, []ui.FieldError{{Name: fieldName(0), Message: "One of these values cannot be changed here, since it does not stand on one line. Change it in the text."}})
	}
	d.Text, d.Version = string(text), version
	err = w.career.WriteFramework(r.Context(), r.Who(), d)
	if errs.Is(err, errs.Conflict) || errs.Is(err, errs.Invalid) {
		return w.showPart(r, web.StatusOf(errs.KindOf(err)), d, of, typed, errorsOf(err, fieldName(0)))
	}
	if err != nil {
		return err
	}
	return r.Go("/framework/draft", "Kept in the draft. Nobody is measured by it until it is published.")
}
