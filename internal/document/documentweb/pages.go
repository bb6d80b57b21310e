package documentweb

import (
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"

	"cairn/internal/document"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

type listView struct {
	document.Page
	document.Filter
	Next string
}

// readFilter reads the filter and the place in the list from an address.
func readFilter(get func(string) string) (f document.Filter, err error) {
	f = document.Filter{State: document.State(get("state")), Kind: get("kind"), Project: get("project")}
	cur, err := web.ParseCursor("documents", get("after"))
	if err != nil || cur == nil {
		return f, err
	}
	f.AfterID = cur.ID
	if f.AfterAt, err = strconv.ParseInt(cur.Key, 10, 64); err != nil {
		return f, errs.OnField("after", "This place in the list cannot be read. Begin at the first page.")
	}
	return f, nil
}

// next is the place in the list where its next page begins; empty on the last.
func next(p document.Page) string {
	if p.NextID == "" {
		return ""
	}
	return web.Cursor{List: "documents", Key: strconv.FormatInt(p.NextAt, 10), ID: p.NextID}.String()
}

func (w *Web) list(r *web.Req) error {
	f, err := readFilter(r.Query)
	if err != nil {
		return err
	}
	v := listView{Filter: f}
	if v.Page, err = w.docs.List(r.Context(), r.Who(), f); err != nil {
		return err
	}
	if after := next(v.Page); after != "" {
		q := url.Values{"state": {string(f.State)}, "kind": {f.Kind}, "project": {f.Project}, "after": {after}}
		v.Next = "/documents?" + q.Encode()
	}
	return r.Render(r.Page("Documents", "documents"), listPage(v))
}

type shelfView struct {
	document.Shelf
	Today clock.Day
}

func (w *Web) shelf(r *web.Req) error {
	sh, err := w.docs.Shelf(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	p := r.Page("Documents", "documents")
	p.Crumbs = []ui.Crumb{{Label: sh.Name, Href: "/projects/" + sh.Project}}
	return r.Render(p, shelfPage(shelfView{sh, w.docs.Today()}))
}

type documentView struct {
	document.Sheet
	Shown  document.Version
	Today  clock.Day
	Asked  string // what was chosen
	Reason string // what was typed
	Errors []ui.FieldError
}

func (w *Web) document(r *web.Req) error { return w.show(r, http.StatusOK, 0, documentView{}) }

func (w *Web) version(r *web.Req) error {
	n, err := number(r)
	if err != nil {
		return err
	}
	return w.show(r, http.StatusOK, n, documentView{})
}

// number is the version that an address names.
func number(r *web.Req) (int, error) {
	n, err := strconv.Atoi(r.Path("number"))
	if err != nil || n < 1 {
		return 0, errs.Missing("version")
	}
	return n, nil
}

// show is the page of a document with one version open: the newest unless said.
func (w *Web) show(r *web.Req, status, open int, v documentView) (err error) {
	if v.Sheet, err = w.docs.Document(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	if open == 0 {
		open = v.Latest
	}
	x := v.Version(open)
	if x == nil {
		return errs.Missing("version")
	}
	v.Shown, v.Today = *x, w.docs.Today()
	return r.RenderStatus(status, w.page(r, v.Name, v.Sheet), documentPage(v))
}

// page is a page about one document.
func (w *Web) page(r *web.Req, title string, sh document.Sheet) ui.Page {
	p := r.Page(title, "documents")
	p.Crumbs = []ui.Crumb{{Label: sh.ProjectName, Href: "/projects/" + sh.Project}, {Label: "Documents", Href: "/projects/" + sh.Project + "/documents"}}
	if sh.ID != "" && title != sh.Name {
		p.Crumbs = append(p.Crumbs, ui.Crumb{Label: sh.Name, Href: "/documents/" + sh.ID})
	}
	return p
}

// done goes back to the document with a word, or shows there what was wrong.
func (w *Web) done(r *web.Req, open int, err error, said string, typed documentView) error {
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) || errs.Is(err, errs.Duplicate) {
		if typed.Errors = errs.FieldsOf(err); len(typed.Errors) == 0 {
			typed.Errors = []ui.FieldError{{Name: "main", Message: web.MessageOf(err)}}
		}
		return w.show(r, web.StatusOf(errs.KindOf(err)), open, typed)
	}
	if err != nil {
		return err
	}
	return r.Go("/documents/"+r.Path("id"), said)
}

func (w *Web) submit(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	n, err := number(r)
	if err != nil {
		return err
	}
	asked := f.Text("asked")
	err = w.docs.Submit(r.Context(), r.Who(), r.Path("id"), n, asked)
	return w.done(r, n, err, "Version "+strconv.Itoa(n)+" is sent and waits for approval.", documentView{Asked: asked})
}

func (w *Web) approve(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	n, err := number(r)
	if err != nil {
		return err
	}
	err = w.docs.Approve(r.Context(), r.Who(), r.Path("id"), n, f.Text("sha256"))
	return w.done(r, n, err, "Version "+strconv.Itoa(n)+" is approved, with your name.", documentView{})
}

func (w *Web) sendBack(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	n, err := number(r)
	if err != nil {
		return err
	}
	reason := f.Text("reason")
	err = w.docs.SendBack(r.Context(), r.Who(), r.Path("id"), n, reason)
	return w.done(r, n, err, "Version "+strconv.Itoa(n)+" is back with its writer.", documentView{Reason: reason})
}

func (w *Web) compare(r *web.Req) error {
	from, _ := strconv.Atoi(r.Query("from")) // none is 0, which is no version
	to, _ := strconv.Atoi(r.Query("to"))
	c, err := w.docs.Compare(r.Context(), r.Who(), r.Path("id"), from, to)
	if err != nil {
		return err
	}
	return r.Render(w.page(r, "Versions compared", c.Sheet), comparePage(c))
}

// download gives a file to keep, whatever it is: it is never shown within the site.
func (w *Web) download(r *web.Req) error {
	n, err := number(r)
	if err != nil {
		return err
	}
	v, f, err := w.docs.Open(r.Context(), r.Who(), r.Path("id"), n)
	if err != nil {
		return err
	}
	h := r.W.Header()
	for name, value := range fileHeaders(v) {
		h.Set(name, value)
	}
	h.Set("Content-Length", strconv.FormatInt(v.Size, 10))
	if r.R.Method == http.MethodHead {
		return nil
	}
	if _, err = io.Copy(r.W, f.Reader()); r.Context().Err() != nil {
		err = nil // the reader went away
	}
	return err
}

// fileHeaders keep a browser from making more of a file than a file.
func fileHeaders(v document.Version) map[string]string {
	return map[string]string{
		"Content-Type":            v.MediaType,
		"Content-Disposition":     mime.FormatMediaType("attachment", map[string]string{"filename": v.FileName}),
		"Content-Security-Policy": "default-src 'none'; sandbox",
		"X-Content-Type-Options":  "nosniff",
		"Cache-Control":           "no-store",
	}
}
