package governanceweb

import (
	"io"
	"net/http"
	"slices"
	"strings"

	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// methodRoutes are the pages of methods: versions, drafts, moving.
func (w *Web) methodRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/methods", Action: governance.SeeMethods, Handle: w.methods},
		{Method: http.MethodPost, Pattern: "/methods", Action: governance.WriteMethods, Handle: w.importMethod},
		{Method: http.MethodGet, Pattern: "/methods/versions/{id}", Action: governance.SeeMethods, Handle: w.version},
		{Method: http.MethodGet, Pattern: "/methods/versions/{id}/file", Action: governance.SeeMethods, Handle: w.versionFile},
		{Method: http.MethodGet, Pattern: "/methods/versions/{id}/move", Action: governance.SeeMethods, Handle: w.moving},
		{Method: http.MethodPost, Pattern: "/methods/versions/{id}/move", Action: governance.MoveProjects, Handle: w.move},
		{Method: http.MethodGet, Pattern: "/projects/{id}/method", Action: governance.SeeGovernance, Handle: w.projectMoving},
		{Method: http.MethodPost, Pattern: "/projects/{id}/method", Action: governance.MoveProjects, Handle: w.moveProject},
		{Method: http.MethodGet, Pattern: "/methods/drafts/{method}", Action: governance.WriteMethods, Handle: w.draft},
		{Method: http.MethodPost, Pattern: "/methods/drafts/{method}", Action: governance.WriteMethods, Handle: w.writeDraft},
		{Method: http.MethodGet, Pattern: "/methods/drafts/{method}/effects", Action: governance.WriteMethods, Handle: w.tryDraft},
		{Method: http.MethodGet, Pattern: "/methods/drafts/{method}/publish", Action: governance.PublishMethods, Handle: w.publishPage},
		{Method: http.MethodPost, Pattern: "/methods/drafts/{method}/publish", Action: governance.PublishMethods, Handle: w.publish},
		{Method: http.MethodPost, Pattern: "/methods/drafts/{method}/drop", Action: governance.WriteMethods, Handle: w.dropDraft},
	}
}

// upload reads a form that may carry a file: the file's text stands under "file".
func upload(r *web.Req) (web.Form, error) {
	r.R.Body = http.MaxBytesReader(r.W, r.R.Body, 4*method.MaxSize)
	if !strings.HasPrefix(r.R.Header.Get("Content-Type"), "multipart/") {
		return r.Form()
	}
	if err := r.R.ParseMultipartForm(4 * method.MaxSize); err != nil {
		return web.Form{}, errs.Because(errs.Invalid, err, "The form could not be read. It may be too large.")
	}
	defer func() { _ = r.R.MultipartForm.RemoveAll() }()
	f, err := web.CleanForm(r.R.MultipartForm.Value)
	if err != nil {
		return f, err
	}
	list := r.R.MultipartForm.File["file"]
	if len(list) == 0 || list[0].Size == 0 {
		return f, nil
	}
	file, err := list[0].Open()
	if err != nil {
		return f, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, method.MaxSize+1))
	if err != nil {
		return f, err
	}
	one, err := web.CleanForm(map[string][]string{"file": {strings.TrimPrefix(string(content), "\ufeff")}})
	if err != nil {
		return f, errs.OnField("file", "This file is no text. Choose the YAML file of a method.")
	}
	f.Set("file", one.Text("file"))
	return f, nil
}

// typedMethod is the text of a method as it was typed or uploaded; a file ends
// with the end of its last line.
func typedMethod(f web.Form) string {
	text := f.Text("text")
	if f.Text("file") != "" {
		text = f.Text("file")
	}
	if text != "" {
		text += "\n"
	}
	return text
}

type methodView struct {
	ID, Name string
	Versions []governance.Version // newest first
	Draft    *governance.Draft
}

type methodsView struct {
	List                 []methodView
	Overridden, Answered int
	Limit                int // percent
	MayWrite             bool
	Starts               []method.ShippedMethod // that a new method can begin from
	Text                 string
	Problems             method.Problems
	Errors               []ui.FieldError
}

func (w *Web) methods(r *web.Req) error { return w.showMethods(r, http.StatusOK, methodsView{}) }

func mayWrite(r *web.Req) bool {
	return slices.Contains(roleOf(governance.WriteMethods), r.Who().Role)
}

func mayPublish(r *web.Req) bool {
	return slices.Contains(roleOf(governance.PublishMethods), r.Who().Role)
}

func (w *Web) showMethods(r *web.Req, status int, v methodsView) error {
	list, drafts, err := w.gov.Methods(r.Context(), r.Who())
	if err != nil {
		return err
	}
	v.MayWrite = mayWrite(r)
	v.Starts = slices.DeleteFunc(method.Starts(), func(s method.ShippedMethod) bool {
		_, draft := drafts[s.ID]
		return draft || slices.ContainsFunc(list, func(ver governance.Version) bool { return ver.Method == s.ID })
	})
	for _, ver := range list {
		if n := len(v.List); n == 0 || v.List[n-1].ID != ver.Method {
			v.List = append(v.List, methodView{ID: ver.Method, Name: ver.Name})
		}
		last := &v.List[len(v.List)-1]
		last.Versions = append(last.Versions, ver)
		if d, ok := drafts[ver.Method]; ok {
			last.Draft = &d
			delete(drafts, ver.Method)
		}
	}
	for id, d := range drafts { // of methods that have no version yet
		v.List = append(v.List, methodView{ID: id, Name: id, Draft: &d})
	}
	if v.Overridden, v.Answered, _, err = w.gov.Overrides(r.Context(), r.Who()); err != nil {
		return err
	}
	for _, m := range v.List {
		if len(m.Versions) == 0 || v.Limit > 0 {
			continue
		}
		_, read, _, err := w.gov.Method(r.Context(), r.Who(), m.Versions[0].ID)
		if err != nil {
			return err
		}
		if read.Dial != nil {
			v.Limit = read.Dial.Override.WarnSharePct
		}
	}
	return r.RenderStatus(status, methodPage(r, "Methods"), methodsPage(v))
}

// startLabel says what a method to start from is.
func startLabel(id string) string {
	return strings.ToUpper(id[:1]) + strings.ReplaceAll(id[1:], "-", " ")
}

func methodPage(r *web.Req, title string, crumbs ...ui.Crumb) ui.Page {
	p := r.Page(title, "governance")
	p.Crumbs = append([]ui.Crumb{{Label: "Governance", Href: "/governance"}}, crumbs...)
	return p
}

var methodsCrumb = ui.Crumb{Label: "Methods", Href: "/methods"}

func (w *Web) importMethod(r *web.Req) error {
	f, err := upload(r)
	if len(errs.FieldsOf(err)) > 0 {
		return w.showMethods(r, http.StatusUnprocessableEntity, methodsView{Errors: errs.FieldsOf(err)})
	}
	if err != nil {
		return err
	}
	v := methodsView{Text: typedMethod(f)}
	for _, s := range method.Starts() {
		if f.Text("start") == s.ID {
			v.Text = string(s.Text)
		}
	}
	if v.Text == "" {
		v.Errors = []ui.FieldError{{Name: "file", Message: "Choose the YAML file of a method, or paste its text."}}
		return w.showMethods(r, http.StatusUnprocessableEntity, v)
	}
	of, problems, err := w.gov.Import(r.Context(), r.Who(), v.Text)
	if len(problems) > 0 && err == nil {
		v.Problems = problems
		return w.showMethods(r, http.StatusUnprocessableEntity, v)
	}
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		v.Errors = errorsOf(err, "text")
		return w.showMethods(r, web.StatusOf(errs.KindOf(err)), v)
	}
	if err != nil {
		return err
	}
	return r.Go("/methods/drafts/"+of, "Imported as a draft. Nothing is asked anew until it is published.")
}

// errorsOf gives the errors of fields, or the whole error at one of them.
func errorsOf(err error, at string) []ui.FieldError {
	if list := errs.FieldsOf(err); len(list) > 0 {
		return list
	}
	return []ui.FieldError{{Name: at, Message: web.MessageOf(err)}}
}
