package web

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// write renders into memory first, so that an error while rendering is an error
// page and never half a page.
func (r *Req) write(status int, outer, inner templ.Component) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	ctx := ui.InZone(r.Context(), r.server.cfg.Zone())
	if inner != nil {
		ctx = templ.WithChildren(ctx, inner)
	}
	if err := outer.Render(ctx, buf); err != nil {
		return fmt.Errorf("render: %w", err)
	}
	h := r.W.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "HX-Request")
	return writeCompressed(r.W, r.R, status, buf.Bytes())
}

// StatusOf is the one place where a kind becomes a status.
func StatusOf(k errs.Kind) int {
	switch k {
	case errs.Invalid:
		return http.StatusUnprocessableEntity
	case errs.NotFound:
		return http.StatusNotFound
	case errs.Forbidden:
		return http.StatusForbidden
	case errs.Unauthenticated:
		return http.StatusUnauthorized
	case errs.Conflict:
		return http.StatusPreconditionFailed
	case errs.PreconditionRequired:
		return http.StatusPreconditionRequired
	case errs.TooMany:
		return http.StatusTooManyRequests
	case errs.Duplicate:
		return http.StatusConflict
	case errs.Unavailable:
		return http.StatusServiceUnavailable
	case errs.Internal:
		return http.StatusInternalServerError
	}
	return http.StatusInternalServerError
}

var titles = map[errs.Kind]string{
	errs.Internal: "Something went wrong on our side", errs.Invalid: "This needs another look",
	errs.NotFound: "Not found", errs.Forbidden: "Not yours to do", errs.Unauthenticated: "Please sign in",
	errs.Conflict: "This cannot be done as things stand now", errs.PreconditionRequired: "Say which version you change",
	errs.TooMany: "Too many attempts", errs.Duplicate: "This is there already", errs.Unavailable: "Please try again in a moment",
}

// MessageOf gives words that are safe for the reader.
func MessageOf(err error) string {
	var e *errs.Error
	if errors.As(err, &e) && e.Kind != errs.Internal && e.Message != "" {
		return e.Message
	}
	if errs.KindOf(err) == errs.Internal {
		return "The error has been logged. Nothing was changed."
	}
	return "Nothing was changed."
}

// fail answers a request whose handler returned an error.
func (s *Server) fail(r *Req, err error) {
	kind := errs.KindOf(err)
	if kind == errs.Internal {
		s.cfg.Log.Error("request failed", "method", r.R.Method, "route", r.R.Pattern, "error", err.Error())
	}
	if kind == errs.Unauthenticated && r.R.Method == http.MethodGet && !r.HTMX() {
		http.Redirect(r.W, r.R, "/sign-in?next="+urlQuery(r.R.URL.RequestURI()), http.StatusSeeOther)
		return
	}
	p := s.page(r, titles[kind], "")
	if err := r.RenderStatus(StatusOf(kind), p, errorPage(titles[kind], MessageOf(err), errs.FieldsOf(err))); err != nil {
		http.Error(r.W, titles[errs.Internal], http.StatusInternalServerError)
	}
}

func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	req := &Req{W: w, R: r, server: s}
	if session, err := s.session(r); err == nil {
		req.Session = session
	}
	s.fail(req, errs.New(errs.NotFound, "There is no page at this address."))
}

func errorPage(title, message string, fields []errs.Field) templ.Component {
	return ui.ErrorPage(title, message, fields)
}

// headers sets what every answer carries.
func headers(next http.Handler) http.Handler {
	csp := strings.Join([]string{
		"default-src 'self'", "style-src 'self'", "style-src-attr 'unsafe-inline'", "img-src 'self' data:", "object-src 'none'",
		"base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'",
	}, "; ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		next.ServeHTTP(w, r)
	})
}

// statusWriter remembers the status for the log.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// logged writes a line per request without addresses, queries or names, counts
// it, and turns a panic into an error page.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := s.cfg.Clock.Now()
		sw := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			if v := recover(); v != nil {
				s.cfg.Log.Error("request panicked", "route", r.Pattern, "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
				if strings.HasPrefix(r.URL.Path, "/api/v1/") {
					writeProblem(sw, errs.New(errs.Internal, ""))
				} else {
					s.fail(&Req{W: sw, R: r, server: s}, fmt.Errorf("panic: %v", v))
				}
			}
			took := s.cfg.Clock.Now().Sub(began)
			observe(r.Method, r.Pattern, sw.status, took)
			s.cfg.Log.Debug("request", "method", r.Method, "route", r.Pattern, "status", sw.status, "ms", took/time.Millisecond)
		}()
		next.ServeHTTP(sw, r)
	})
}
