package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/a-h/templ"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
)

// Route is one page or form: what it answers to, what it needs, who handles it.
// The same table feeds the mux and the authorisation matrix.
type Route struct {
	Method  string
	Pattern string // of net/http's ServeMux, without the method
	Action  authz.Action
	Handle  func(*Req) error
}

// Panel is a part that one feature shows on another's page.
type Panel struct {
	Slot  string // the page's name for the place, "project" or "desk"
	Order int    // lower comes first
	Show  func(r *Req, subject string) (templ.Component, error)
}

// Module is what a feature's web half gives to the server.
type Module struct {
	Routes []Route
	Nav    []ui.NavItem // an entry exists only when its feature does
	NavFor map[string]authz.Action
	Panels []Panel
	// Waits finds what waits for the reader, for their first page.
	Waits []func(*Req) ([]ui.Wait, error)
	API   []Operation
	// Settings are the feature's entries on the page of settings.
	Settings []SettingsItem
}

// SettingsItem is an entry on the page of settings, for those whose role may do
// the action.
type SettingsItem struct {
	Label, Text, Href string
	Action            authz.Action
}

// Identity tells who is asking. The identity feature implements it.
type Identity interface {
	// BySession finds the session of a cookie's token; a guest if there is none.
	BySession(ctx context.Context, token string) (Session, error)
	// ByToken finds whom an API token acts for and what it is good for;
	// Unauthenticated if there is none, TooMany if it is used too often.
	ByToken(ctx context.Context, token string) (Token, error)
}

// Config is what the server needs to know.
type Config struct {
	Org      func() string // asked at each page: it is a setting
	Zone     func() *time.Location
	Demo     bool
	Secure   bool // cookies only over TLS: the public address begins with https
	Policy   *authz.Policy
	Clock    *clock.Source
	Identity Identity
	Answers  Answers // nil: an Idempotency-Key is refused
	Log      *slog.Logger
	Version  string
	URL      string
}

// Server answers HTTP for all features.
type Server struct {
	cfg     Config
	secure  bool
	nav     []ui.NavItem
	navFor  map[string]authz.Action
	byPlace map[string][]Panel
	waits   []func(*Req) ([]ui.Wait, error)
	routes  []Route
	ops     []Operation
	items   []SettingsItem
}

// SessionCookie is the name of the cookie that holds a session's token.
const SessionCookie = "cairn_session"

// NewServer puts the modules together.
func NewServer(cfg Config, modules ...Module) *Server {
	s := &Server{cfg: cfg, secure: cfg.Secure, navFor: map[string]authz.Action{}, byPlace: map[string][]Panel{}}
	for _, m := range modules {
		s.routes = append(s.routes, m.Routes...)
		s.nav = append(s.nav, m.Nav...)
		s.ops = append(s.ops, m.API...)
		s.items = append(s.items, m.Settings...)
		s.waits = append(s.waits, m.Waits...)
		for id, a := range m.NavFor {
			s.navFor[id] = a
		}
		for _, p := range m.Panels {
			s.byPlace[p.Slot] = append(s.byPlace[p.Slot], p)
		}
	}
	for _, list := range s.byPlace {
		slices.SortStableFunc(list, func(a, b Panel) int { return a.Order - b.Order })
	}
	return s
}

// Routes lists every page route, for the authorisation matrix.
func (s *Server) Routes() []Route { return s.routes }

// Operations lists every API operation, for the authorisation matrix.
func (s *Server) Operations() []Operation { return s.ops }

// Handler is the whole of the site: pages, API, assets, with the headers and
// cross-origin protection that everything has.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Handler())
	for _, rt := range s.routes {
		mux.Handle(rt.Method+" "+rt.Pattern, s.page1(rt))
	}
	mux.HandleFunc("POST /preferences", s.preferences)
	s.mountAPI(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.notFound(w, r) })
	return s.logged(headers(http.NewCrossOriginProtection().Handler(mux)))
}

func (s *Server) page1(rt Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req := &Req{W: w, R: r, server: s, Session: Session{Actor: authz.Nobody()}}
		session, err := s.session(r)
		if err == nil {
			req.Session = session
			err = readable(r.URL)
		}
		if err == nil {
			err = rt.Handle(req)
		}
		if err != nil {
			s.fail(req, err)
		}
	})
}

// readable refuses an address with NUL or broken UTF-8 in it, which no database
// takes as text; a form is refused by CleanForm.
func readable(u *url.URL) error {
	bad := func(text string) bool { return strings.ContainsRune(text, 0) || !utf8.ValidString(text) }
	wrong := bad(u.Path)
	for name, values := range u.Query() {
		wrong = wrong || bad(name) || slices.ContainsFunc(values, bad)
	}
	if wrong {
		return errs.New(errs.Invalid, "This address holds characters that cannot be read.")
	}
	return nil
}

func (s *Server) session(r *http.Request) (Session, error) {
	c, err := r.Cookie(SessionCookie)
	if err != nil {
		return Session{Actor: authz.Nobody()}, nil //nolint:nilerr // no cookie is a guest, not a failure
	}
	return s.cfg.Identity.BySession(r.Context(), c.Value)
}

// SetSession puts a session's token into the reader's browser; an empty token takes it away.
func (r *Req) SetSession(token string) {
	c := &http.Cookie{
		Name: SessionCookie, Value: token, Path: "/", HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: r.server.secure, MaxAge: 30 * 24 * 3600,
	}
	if token == "" {
		c.MaxAge = -1
	}
	http.SetCookie(r.W, c)
}

func (s *Server) page(r *Req, title, section string) ui.Page {
	p := ui.Page{
		Title: title, Section: section, Org: s.cfg.Org(), Demo: s.cfg.Demo, Path: r.R.URL.RequestURI(),
		Theme: cookie(r.R, "theme"), Density: cookie(r.R, "density"), KeysOff: cookie(r.R, "keys") == "off",
	}
	if t := cookie(r.R, "toast"); t != "" {
		p.Toast, _ = url.QueryUnescape(t) // a broken cookie says nothing
		http.SetCookie(r.W, &http.Cookie{Name: "toast", Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.secure})
	}
	if r.Session.Actor.SignedIn() {
		p.Who = &ui.Who{Name: r.Session.Name, Role: r.Session.Actor.Role.Label(), Initials: initials(r.Session.Name)}
		p.Nav = s.navigation(r.Session.Actor)
	}
	return p
}

// navigation leaves out what the role can never do.
func (s *Server) navigation(a authz.Actor) []ui.NavItem {
	var out []ui.NavItem
	for _, item := range s.nav {
		if act, limited := s.navFor[item.ID]; limited {
			if rule, ok := s.cfg.Policy.Rule(act); !ok || (!rule.ByRole(a.Role) && !rule.Owner) {
				continue
			}
		}
		out = append(out, item)
	}
	return out
}

// Settings are the entries of the page of settings that this reader may open.
func (r *Req) Settings() (out []SettingsItem) {
	for _, item := range r.server.items {
		if rule, ok := r.server.cfg.Policy.Rule(item.Action); ok && rule.ByRole(r.Who().Role) {
			out = append(out, item)
		}
	}
	return out
}

func (s *Server) panels(r *Req, slot, subject string) (templ.Component, error) {
	var parts []templ.Component
	for _, p := range s.byPlace[slot] {
		c, err := p.Show(r, subject)
		if err != nil {
			return nil, err
		}
		if c != nil {
			parts = append(parts, c)
		}
	}
	return templ.Join(parts...), nil
}

// Waits gathers what waits for the reader, from every feature.
func (r *Req) Waits() (out []ui.Wait, err error) {
	for _, find := range r.server.waits {
		list, err := find(r)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// preferences keeps theme, density and keys as cookies, so that the server
// renders them and nothing flickers.
func (s *Server) preferences(w http.ResponseWriter, r *http.Request) {
	allowed := map[string][]string{"theme": {"light", "dark", ""}, "density": {"compact", "roomy", ""}, "keys": {"off", "on"}}
	for name, values := range allowed {
		if v := r.PostFormValue(name); r.PostForm.Has(name) && slices.Contains(values, v) {
			http.SetCookie(w, &http.Cookie{Name: name, Value: v, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.secure})
		}
	}
	to := r.PostFormValue("back")
	if !LocalPath(to) {
		to = "/"
	}
	http.Redirect(w, r, to, http.StatusSeeOther) //nolint:gosec // LocalPath has looked that it stays on this site
}

// LocalPath reports whether an address stays on this site.
func LocalPath(to string) bool {
	return strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") && !strings.Contains(to, "\\") && !strings.ContainsAny(to, "\r\n")
}

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

func initials(name string) string {
	var out []rune
	for _, w := range strings.Fields(name) {
		out = append(out, []rune(w)[0])
	}
	if len(out) > 2 {
		out = []rune{out[0], out[len(out)-1]}
	}
	return strings.ToUpper(string(out))
}
