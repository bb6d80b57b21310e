package documentweb

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"cairn/internal/document"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// writeView is the form of a version: as a text, a file or a link.
type writeView struct {
	document.Sheet
	As     document.Form
	W      document.Writing  // what was typed
	Theirs *document.Version // what somebody wrote meanwhile
	Errors []ui.FieldError
}

// action is where the form goes.
func (v writeView) action() string {
	to := "/documents/" + v.ID + "/versions"
	if v.ID == "" {
		to = "/projects/" + v.Project + "/documents"
	}
	if v.As == document.File {
		if v.ID == "" {
			return to + "/upload"
		}
		return "/documents/" + v.ID + "/upload"
	}
	return to
}

// tab is the address of the same form for another way to keep it.
func (v writeView) tab(as document.Form) string {
	q := url.Values{"as": {string(as)}}
	if v.ID != "" {
		return "/documents/" + v.ID + "/write?" + q.Encode()
	}
	if v.Kind != "" {
		q.Set("kind", v.Kind)
	}
	return "/projects/" + v.Project + "/documents/new?" + q.Encode()
}

func formOf(name string) document.Form {
	switch f := document.Form(name); f {
	case document.File, document.Link:
		return f
	case document.Text:
	}
	return document.Text
}

// blank is the form of a document that is to begin.
func (w *Web) blank(r *web.Req) error {
	sh, err := w.docs.Blank(r.Context(), r.Who(), r.Path("id"), r.Query("kind"))
	if err != nil {
		return err
	}
	if sh.ID != "" {
		return r.Go("/documents/"+sh.ID, "")
	}
	v := writeView{Sheet: sh, As: formOf(r.Query("as"))}
	if sh.Required != nil && v.As == document.Text {
		v.W.Body = sh.Required.Template()
	}
	return w.showForm(r, http.StatusOK, v)
}

func (w *Web) showForm(r *web.Req, status int, v writeView) error {
	title := "Add a document"
	switch {
	case v.ID != "":
		title = "A new version"
	case v.Required != nil:
		title = v.Name
	}
	return r.RenderStatus(status, w.page(r, title, v.Sheet), writePage(title, v))
}

// writePage is the form of the next version, with what the newest says.
func (w *Web) writePage(r *web.Req) error {
	sh, err := w.docs.Document(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	if !sh.MayWrite {
		return errs.New(errs.Forbidden, "You may read this document, and your role does not allow writing on it.")
	}
	v := writeView{Sheet: sh, As: formOf(r.Query("as")), W: document.Writing{Base: sh.Latest}}
	last := sh.Version(sh.Latest)
	if r.Query("as") == "" {
		v.As = last.Form
	}
	if v.As == last.Form && v.As != document.File {
		v.W.Body = last.Body
	} else if v.As == document.Text && sh.Required != nil {
		v.W.Body = sh.Required.Template()
	}
	return w.showForm(r, http.StatusOK, v)
}

func readWriting(f web.Form) document.Writing {
	base, _ := strconv.Atoi(f.Text("base")) // none is 0, the first
	wr := document.Writing{Kind: f.Text("kind"), Name: f.Text("name"), Purpose: f.Text("purpose"), Base: base, Form: formOf(f.Text("form")), Body: f.Text("text")}
	if wr.Form == document.Link {
		wr.Body = f.Text("url")
	}
	return wr
}

func (w *Web) begin(r *web.Req) error { return w.take(r, true) }

func (w *Web) write(r *web.Req) error { return w.take(r, false) }

// take takes a text or a link.
func (w *Web) take(r *web.Req, begins bool) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	wr := place(r, readWriting(f), begins)
	v, err := w.docs.Write(r.Context(), r.Who(), wr)
	return w.taken(r, wr, v, err)
}

func place(r *web.Req, wr document.Writing, begins bool) document.Writing {
	if begins {
		wr.Project = r.Path("id")
	} else {
		wr.Document, wr.Kind, wr.Name, wr.Purpose = r.Path("id"), "", "", ""
	}
	return wr
}

// taken goes to the document, or shows the form again with what was typed.
func (w *Web) taken(r *web.Req, wr document.Writing, v document.Version, err error) error {
	if err == nil {
		return r.Go("/documents/"+v.Document, "Version "+strconv.Itoa(v.Number)+" is kept as a draft.")
	}
	kind := errs.KindOf(err)
	if kind != errs.Invalid && kind != errs.Conflict && kind != errs.Duplicate {
		return err
	}
	form := writeView{As: wr.Form, W: wr, Errors: errs.FieldsOf(err)}
	if len(form.Errors) == 0 {
		form.Errors = []ui.FieldError{{Name: string(wr.Form), Message: web.MessageOf(err)}}
	}
	var e error
	if wr.Document != "" {
		form.Sheet, e = w.docs.Document(r.Context(), r.Who(), wr.Document)
	} else {
		form.Sheet, e = w.docs.Blank(r.Context(), r.Who(), wr.Project, wr.Kind)
	}
	if e != nil {
		return err // what was wrong first
	}
	if kind == errs.Conflict && form.ID != "" {
		if form.Latest == 0 { // it began meanwhile
			if form.Sheet, e = w.docs.Document(r.Context(), r.Who(), form.ID); e != nil {
				return e
			}
		}
		form.Theirs, form.W.Base = form.Version(form.Latest), form.Latest
	}
	return w.showForm(r, web.StatusOf(kind), form)
}

func (w *Web) beginFile(r *web.Req) error { return w.takeFile(r, true) }

func (w *Web) upload(r *web.Req) error { return w.takeFile(r, false) }

// mostFields is how much of an upload is not the file, in bytes.
const mostFields = 1 << 16

// takeFile takes a file as it arrives; the fields of the form come before it.
func (w *Web) takeFile(r *web.Req, begins bool) error {
	r.R.Body = http.MaxBytesReader(r.W, r.R.Body, w.docs.Limit+mostFields)
	f, name, content, err := readParts(r.R)
	if err != nil {
		return err
	}
	f.Set("form", string(document.File))
	wr := place(r, readWriting(f), begins)
	if content == nil {
		return w.taken(r, wr, document.Version{}, errs.OnField("file", "Choose a file."))
	}
	v, err := w.docs.Upload(r.Context(), r.Who(), wr, name, content)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		err = errs.OnField("file", "The file has more than %d MB, which is the limit here.", w.docs.Limit>>20)
	}
	if err != nil {
		_, _ = io.Copy(io.Discard, content) // a browser shows no answer before it has sent all; what is over the limit is not read
	}
	return w.taken(r, wr, v, err)
}

// readParts reads the fields of a form up to its file. No content is no file.
func readParts(r *http.Request) (f web.Form, name string, content io.Reader, err error) {
	values := url.Values{}
	parts, err := r.MultipartReader()
	for err == nil && content == nil {
		var p *multipart.Part
		if p, err = parts.NextPart(); err != nil {
			break
		}
		if p.FormName() == "file" {
			if p.FileName() != "" {
				name, content = cleanName(p.FileName()), p
			}
			continue
		}
		var b []byte
		if b, err = io.ReadAll(io.LimitReader(p, mostFields)); err == nil {
			values.Set(p.FormName(), string(b))
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return f, "", nil, errs.Because(errs.Invalid, err, "The form could not be read.")
	}
	f, err = web.CleanForm(values)
	return f, name, content, err
}

// cleanName keeps the last part of a file's name, without what no file has.
func cleanName(s string) string {
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	s = strings.Map(func(c rune) rune {
		if c < 0x20 || c == 0x7f || c == 0xfffd || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 {
			return -1 // control characters, and those that turn the reading direction
		}
		return c
	}, s)
	if r := []rune(s); len(r) > 120 {
		s = string(r[len(r)-120:])
	}
	return s
}
