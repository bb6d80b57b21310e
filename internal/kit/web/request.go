// Package web turns a feature's handlers into HTTP: who is asking, what was
// typed, and what an error looks like. Handlers return errors and never pick a
// status for one.
package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
)

// Session is what the identity of a request says.
type Session struct {
	ID    string // empty for guests
	Actor authz.Actor
	Name  string // for the corner of the page
}

// Req is a request for a page, with its answer.
type Req struct {
	W       http.ResponseWriter
	R       *http.Request
	Session Session
	server  *Server
	shared  map[string]any // what the parts of this page have read together
}

// Once reads what several parts of one page show, the first time that it is asked for.
func Once[T any](r *Req, name string, read func() (T, error)) (T, error) {
	if v, ok := r.shared[name].(T); ok {
		return v, nil
	}
	v, err := read()
	if err == nil {
		if r.shared == nil {
			r.shared = map[string]any{}
		}
		r.shared[name] = v
	}
	return v, err
}

// Context is the request's context.
func (r *Req) Context() context.Context { return r.R.Context() }

// Who is the actor.
func (r *Req) Who() authz.Actor { return r.Session.Actor }

// Path is a wildcard of the route's pattern.
func (r *Req) Path(name string) string { return r.R.PathValue(name) }

// Query is a parameter of the address, trimmed.
func (r *Req) Query(name string) string { return strings.TrimSpace(r.R.URL.Query().Get(name)) }

// maxForm bounds a form without files, in bytes.
const maxForm = 1 << 20

// Form reads a posted form. Broken UTF-8 and NUL are refused at the door.
func (r *Req) Form() (Form, error) {
	r.R.Body = http.MaxBytesReader(r.W, r.R.Body, maxForm)
	if err := r.R.ParseForm(); err != nil {
		return Form{}, errs.Because(errs.Invalid, err, "The form could not be read. It may be too large.")
	}
	return CleanForm(r.R.PostForm)
}

// HTMX reports whether a fragment is asked for instead of a page.
func (r *Req) HTMX() bool {
	return r.R.Header.Get("HX-Request") == "true" && r.R.Header.Get("HX-Boosted") == ""
}

// Page begins a page: navigation as far as this reader has it, theme, who they are.
func (r *Req) Page(title, section string) ui.Page { return r.server.page(r, title, section) }

// Render answers with a page inside the shell.
func (r *Req) Render(p ui.Page, body templ.Component) error {
	return r.RenderStatus(http.StatusOK, p, body)
}

// RenderStatus is Render with a status: 422 for a form that comes back with its errors.
func (r *Req) RenderStatus(status int, p ui.Page, body templ.Component) error {
	shell := ui.Shell(p)
	if p.Who == nil || p.Sheet {
		shell = ui.Bare(p)
	}
	return r.write(status, shell, body)
}

// Fragment answers with a part of a page.
func (r *Req) Fragment(body templ.Component) error { return r.write(http.StatusOK, body, nil) }

// Go sends the reader on after a change, with a word about what happened.
func (r *Req) Go(to, toast string) error {
	if toast != "" {
		http.SetCookie(r.W, &http.Cookie{
			Name: "toast", Value: url.QueryEscape(toast), Path: "/", MaxAge: 60,
			HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.server.secure,
		})
	}
	http.Redirect(r.W, r.R, to, http.StatusSeeOther)
	return nil
}

// Panels are what other features show on a page of this one.
func (r *Req) Panels(slot, subject string) (templ.Component, error) {
	return r.server.panels(r, slot, subject)
}

// Form is what a person typed.
type Form struct{ url.Values }

// CleanForm trims the values and refuses what neither database can keep.
func CleanForm(v url.Values) (Form, error) {
	for name, list := range v {
		for i, s := range list {
			if strings.ContainsRune(s, 0) || strings.ToValidUTF8(s, "") != s {
				return Form{}, errs.OnField(name, "This contains bytes that are no text. Please type it again.")
			}
			list[i] = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
		}
	}
	return Form{v}, nil
}

// Text is a field's value.
func (f Form) Text(name string) string { return f.Get(name) }

// Yes reports whether a box is ticked.
func (f Form) Yes(name string) bool { return f.Get(name) != "" }

// Int reads a whole number; what is none is noted at the field.
func (f Form) Int(name string, c *errs.Check) int64 {
	s := f.Get(name)
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		c.Add(name, "Enter a whole number.")
	}
	return n
}
