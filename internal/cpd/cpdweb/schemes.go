package cpdweb

import (
	"net/http"
	"strconv"

	"cairn/internal/cpd"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// schemesView is the page of all schemes.
type schemesView struct {
	List         []cpd.Series
	MayConfigure bool
	Today        string
}

// may reports whether the reader may change a scheme.
func (v schemesView) may(s cpd.Series) bool { return s.Owner != "" || v.MayConfigure }

func (w *Web) schemes(r *web.Req) error {
	c, err := w.cpd.Catalogue(r.Context(), r.Who())
	if err != nil {
		return err
	}
	v := schemesView{List: c.Series, MayConfigure: c.MayConfigure, Today: w.cpd.Today()}
	return r.Render(page(r, "Schemes"), schemesPage(v))
}

// newScheme shows the form of a scheme of one's own or of the office, empty or as a copy.
func (w *Web) newScheme(r *web.Req) error {
	v := schemeForm{Own: r.Query("for") != "office", From: w.cpd.Today()[:4] + "-01-01", May: true}
	def := cpd.Scheme{Unit: "hours", PeriodMonths: 12, RemindMonths: []int{6, 2, 1}, KeepProofMonths: 12}
	if id := r.Query("copy"); id != "" {
		s, err := w.cpd.Scheme(r.Context(), r.Who(), id)
		if err != nil {
			return err
		}
		def = s.At(w.cpd.Today())
		def.Name += ", copy"
	}
	v.fill(def)
	return w.showScheme(r, http.StatusOK, v)
}

// scheme shows one scheme and the form of the edition that holds today; "as" is the
// day of another.
func (w *Web) scheme(r *web.Req) error {
	s, err := w.cpd.Scheme(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	v := schemeForm{Series: s, From: w.cpd.Today()[:4] + "-01-01"}
	def := s.At(w.cpd.Today())
	if as := r.Query("as"); as != "" {
		def = s.At(as)
	}
	if def.Edition != "" {
		v.From = def.Edition
	}
	v.fill(def)
	return w.showScheme(r, http.StatusOK, v)
}

func (w *Web) showScheme(r *web.Req, status int, v schemeForm) error {
	c, err := w.cpd.Catalogue(r.Context(), r.Who())
	if err != nil {
		return err
	}
	v.Office = c.MayConfigure
	v.May = v.May || v.Series.Owner != "" || v.Office
	v.Own = v.Own || !v.Office && v.ID == ""
	v.roomForMore()
	p := page(r, schemeTitle(v))
	p.Crumbs = append(p.Crumbs, ui.Crumb{Label: "Schemes", Href: "/cpd/schemes"})
	return r.RenderStatus(status, p, schemePage(v))
}

func schemeTitle(v schemeForm) string {
	if v.ID == "" {
		return "A new scheme"
	}
	return v.Series.Latest().Name
}

func (w *Web) addScheme(r *web.Req) error { return w.keepScheme(r, schemeForm{May: true}) }

func (w *Web) setScheme(r *web.Req) error {
	s, err := w.cpd.Scheme(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	return w.keepScheme(r, schemeForm{Series: s})
}

func (w *Web) keepScheme(r *web.Req, v schemeForm) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	def, c := v.read(f)
	v.Version = f.Int("version", &c)
	if c.Err() != nil {
		def.Unit = "" // nothing is kept, and what else is wrong is said too
	}
	var s cpd.Series
	if v.ID == "" {
		s, err = w.cpd.AddScheme(r.Context(), r.Who(), v.Own, v.From, def)
	} else {
		s, err = w.cpd.SetScheme(r.Context(), r.Who(), v.ID, v.Version, v.From, def)
	}
	if errs.Is(err, errs.Invalid) {
		v.Errs = together(c, err)
		return w.showScheme(r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return r.Go("/cpd/schemes/"+s.ID+"?as="+v.From, "Kept. Periods that have begun keep what they began with.")
}

func (w *Web) endScheme(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	var c errs.Check
	version := f.Int("version", &c)
	if err := c.Err(); err != nil {
		return err
	}
	err = w.cpd.EndScheme(r.Context(), r.Who(), r.Path("id"), version, f.Text("on"))
	if errs.Is(err, errs.Invalid) {
		s, again := w.cpd.Scheme(r.Context(), r.Who(), r.Path("id"))
		if again != nil {
			return again
		}
		v := schemeForm{Series: s, From: s.Latest().Edition, Errs: errs.FieldsOf(err), EndOn: f.Text("on")}
		v.fill(s.Latest())
		return w.showScheme(r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	if f.Text("on") == "" {
		return r.Go("/cpd/schemes", "Periods of it can begin again.")
	}
	return r.Go("/cpd/schemes", "Ended. What runs goes on; its periods and entries stay.")
}

func (w *Web) removeScheme(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(f.Text("version"), 10, 64)
	if err != nil {
		return errs.OnField("version", "Enter a whole number.")
	}
	if err := w.cpd.RemoveScheme(r.Context(), r.Who(), r.Path("id"), version); err != nil {
		return err
	}
	return r.Go("/cpd/schemes", "Deleted. Nobody used it.")
}
